//! The work for one account does not grow with what else is in the store.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{MemoryStore, Store};

use crate::failing_store::FailingStore;
use crate::support::{builder, pat, sandbox};

/// A store with the tokens and responses of one account, and copies of them as those of so many others.
fn filled(sandbox: &Sandbox, others: usize) -> FailingStore {
    let store = FailingStore::default();
    let otf = builder(sandbox).store(store.clone()).credentials(pat()).login().unwrap();
    otf.member().unwrap();
    otf.home_studio().unwrap();
    let own = store.inner.keys("").unwrap();
    assert!(own.iter().any(|key| key.starts_with("responses/")), "{own:?}");
    for other in 0..others {
        for key in own.iter().filter(|key| key.matches('/').count() > 1) {
            let (family, rest) = key.split_once('/').unwrap();
            let (_, rest) = rest.split_once('/').unwrap();
            let value = store.inner.read(key).unwrap().unwrap();
            store.inner.write(&format!("{family}/{other:032x}/{rest}"), &value).unwrap();
        }
    }
    store
}

/// The names of the store's calls within some work, and how many keys they returned.
fn calls(sandbox: &Sandbox, store: &FailingStore, work: impl FnOnce(otf_api::OtfBuilder)) -> Vec<String> {
    let calls = Arc::<Mutex<Vec<String>>>::default();
    let (seen, inner): (_, MemoryStore) = (Arc::clone(&calls), store.inner.clone());
    store.fail(move |_, name, key| {
        let returned = if name == "keys" { inner.keys(key).unwrap().len() } else { 0 };
        seen.lock().unwrap().push(format!("{name} {returned}"));
        false
    });
    work(builder(sandbox).store(store.clone()).credentials(pat()));
    store.heal();
    let calls = calls.lock().unwrap().clone();
    assert!(!calls.is_empty());
    calls
}

#[test]
fn work_for_one_account_does_not_depend_on_the_others() {
    let all = [0, 40].map(|others| {
        let sandbox = sandbox();
        let store = filled(&sandbox, others);
        let cached = calls(&sandbox, &store, |builder| {
            builder.login().unwrap().member().unwrap();
        });
        sandbox.advance(Duration::from_secs(2 * 3600));
        let refreshed = calls(&sandbox, &store, |builder| {
            builder.login().unwrap();
        });
        let cleared = calls(&sandbox, &store, |builder| {
            let otf = builder.login().unwrap();
            otf.clear_response_cache().unwrap();
            otf.sign_out().unwrap();
        });
        let left = store.inner.keys("accounts/").unwrap().len();
        assert_eq!(left == 0, others == 0, "the others' tokens are still there");
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1, "{}", PAT.email);
        [cached, refreshed, cleared]
    });
    assert_eq!(all[0], all[1]);
}
