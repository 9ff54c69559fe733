//! Sessions that the program gives.

use std::time::Duration;

use otf_api::auth::Session;
use otf_api::sandbox::{NOA, PAT, Rotation, Sandbox};
use otf_api::{Error, MemoryStore, Otf, Secret, Store};
use serde_json::Value;

use super::{device_of, list, without_credentials};
use crate::support::{client, pat, sandbox, seen};

const KEY_SET: &str = "/us-east-1_dYDxUeyL1/.well-known/jwks.json";

#[test]
fn exported_session_started_twice_keeps_the_rotated_token() {
    let sandbox = sandbox();
    sandbox.rotate_refresh_tokens(Rotation::On);
    let exported = client(&sandbox).session().unwrap();
    let store = MemoryStore::new();
    for _ in 0..4 {
        sandbox.advance(Duration::from_secs(2 * 3600));
        list(&without_credentials(&sandbox, &store).session(exported.clone()).login().unwrap()).unwrap();
    }
    // Also while its own tokens are valid.
    let otf = without_credentials(&sandbox, &store).login().unwrap();
    let newer = otf.session().unwrap();
    without_credentials(&sandbox, &store).session(exported).login().unwrap();
    let kept = without_credentials(&sandbox, &store).login().unwrap().session().unwrap();
    assert_eq!(kept.refresh_token.unwrap().expose(), newer.refresh_token.unwrap().expose());
}

#[test]
fn importing_an_older_session_replaces_neither_refresh_token_nor_device() {
    let sandbox = sandbox();
    let older = client(&sandbox).session().unwrap();
    sandbox.advance(Duration::from_secs(60));
    let store = MemoryStore::new();
    let newer = crate::support::builder(&sandbox).store(store.clone()).login().unwrap().session().unwrap();
    without_credentials(&sandbox, &store).session(older.clone()).login().unwrap();
    let kept = without_credentials(&sandbox, &store).login().unwrap().session().unwrap();
    assert_eq!(kept.refresh_token.unwrap().expose(), newer.refresh_token.unwrap().expose());
    assert_eq!(kept.device.unwrap().key, newer.device.unwrap().key);
    // If the newer one ends, the older one is used.
    let key = store.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with("tokens.json")).unwrap();
    store.remove(&key).unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    let otf = without_credentials(&sandbox, &store).session(older.clone()).login().unwrap();
    assert_eq!(otf.session().unwrap().device.unwrap().key, older.device.unwrap().key);
}

#[test]
fn importing_takes_the_lock() {
    let sandbox = sandbox();
    let session = client(&sandbox).session().unwrap();
    let store = crate::failing_store::FailingStore::default();
    let (sender, locks) = std::sync::mpsc::channel();
    store.fail(move |_, name, key| {
        if name == "lock" || key.ends_with("tokens.json") {
            sender.send(name.to_owned()).unwrap();
        }
        false
    });
    without_credentials(&sandbox, &store).session(session).login().unwrap();
    assert_eq!(locks.try_iter().take(3).collect::<Vec<_>>(), ["lock", "read", "write"]);
}

#[test]
fn tokens_of_two_members_are_refused() {
    let sandbox = sandbox();
    let (pat, noa) = (sandbox.issue_tokens(PAT.email), sandbox.issue_tokens(NOA.email));
    let mixed = Session::from_tokens(pat.id_token, noa.access_token);
    let error = without_credentials(&sandbox, &MemoryStore::new()).session(mixed).login().unwrap_err();
    assert!(error.to_string().contains("of different users"), "{error}");
    assert_eq!(seen(&sandbox), [""; 0]);
}

#[test]
fn tokens_that_cannot_be_sent_are_refused_before_they_are_stored() {
    let sandbox = sandbox();
    let issued = sandbox.issue_tokens(PAT.email);
    let id_token = Secret::new(format!("{}\n", issued.id_token.expose()));
    let store = MemoryStore::new();
    let session = Session::from_tokens(id_token, issued.access_token);
    let error = without_credentials(&sandbox, &store).session(session).login().unwrap_err();
    assert!(matches!(error, Error::InvalidInput { argument: "session", .. }), "{error:?}");
    assert_eq!(seen(&sandbox), [""; 0]);
    assert!(store.keys("").unwrap().is_empty());
}

#[test]
fn missing_part_of_a_session_is_named() {
    let sandbox = sandbox();
    let issued = sandbox.issue_tokens(PAT.email);
    let named = |session: Session| {
        let error = without_credentials(&sandbox, &MemoryStore::new())
            .session(session)
            .login()
            .unwrap_err()
            .to_string();
        assert!(!error.contains("OTF_EMAIL"), "{error}");
        error
    };
    let without_device = Session::from_refresh_token(issued.refresh_token.clone(), None);
    assert!(named(without_device).contains("has no device"));
    let tokens = Session::from_tokens(issued.id_token.clone(), issued.access_token.clone());
    let half = Session { access_token: None, ..tokens.clone() };
    assert!(named(half).contains("neither an access token"));
    sandbox.advance(Duration::from_secs(2 * 3600));
    assert!(named(tokens).contains("have expired by this machine's clock, and it has no refresh token"));
}

#[test]
fn session_in_a_sandbox_gets_no_default_password() {
    let sandbox = sandbox();
    let issued = sandbox.issue_tokens(PAT.email);
    let session = Session::from_refresh_token(issued.refresh_token.clone(), Some(device_of(&issued)));
    sandbox.revoke_refresh_tokens(PAT.email);
    let headless = || Otf::builder().environment(false).prompt(false);
    for builder in [
        headless().sandbox(&sandbox).session(session.clone()),
        headless().session(session.clone()).sandbox(&sandbox),
    ] {
        let error = builder.login().unwrap_err();
        assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");
    }
    headless().sandbox(&sandbox).session(session).credentials(pat()).login().unwrap();
}

/// The stored key set, and its key in the store.
fn stored_key_set(store: &MemoryStore) -> (String, Value) {
    let key = store.keys("keys/").unwrap().remove(0);
    let json = serde_json::from_slice(&store.read(&key).unwrap().unwrap()).unwrap();
    (key, json)
}

fn import(sandbox: &Sandbox, store: &MemoryStore) -> otf_api::Result<()> {
    let issued = sandbox.issue_tokens(PAT.email);
    without_credentials(sandbox, store)
        .session(Session::from_tokens(issued.id_token, issued.access_token))
        .login()
        .map(drop)
}

#[test]
fn key_set_is_fetched_again_after_a_day() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    for (hours, fetched) in [(0, 1), (23, 1), (2, 2)] {
        sandbox.advance(Duration::from_secs(hours * 3600));
        import(&sandbox, &store).unwrap();
        assert_eq!(sandbox.count("GET", KEY_SET), fetched, "{hours}");
    }
}

#[test]
fn damaged_key_set_is_fetched_again_once() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    import(&sandbox, &store).unwrap();
    let (key, mut json) = stored_key_set(&store);
    let n = json["key_set"]["keys"][0]["n"].as_str().unwrap();
    let flipped = if n.starts_with('A') { n.replacen('A', "B", 1) } else { format!("A{}", &n[1..]) };
    json["key_set"]["keys"][0]["n"] = flipped.into();
    store.write(&key, json.to_string().as_bytes()).unwrap();
    import(&sandbox, &store).unwrap();
    assert_eq!(sandbox.count("GET", KEY_SET), 2);
    import(&sandbox, &store).unwrap();
    assert_eq!(sandbox.count("GET", KEY_SET), 2, "the good one was cached");
}

#[test]
fn forged_tokens_cost_one_fetch_each() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    import(&sandbox, &store).unwrap();
    let issued = sandbox.issue_tokens(PAT.email);
    let other = sandbox.issue_tokens(PAT.email);
    let signed = |token: &str| token.rsplit_once('.').unwrap().0.to_owned();
    let signature = |token: &str| token.rsplit_once('.').unwrap().1.to_owned();
    let forged = format!("{}.{}", signed(issued.id_token.expose()), signature(other.id_token.expose()));
    let session = Session::from_tokens(forged, issued.access_token);
    let error = without_credentials(&sandbox, &store).session(session).login().unwrap_err();
    assert!(matches!(error, Error::Authentication { .. }), "{error:?}");
    assert_eq!(sandbox.count("GET", KEY_SET), 2);
}
