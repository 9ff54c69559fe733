//! The lifetime of the tokens: cached, refreshed, refused, shared, exported.

mod accounts;
mod imports;
mod password;
mod pool_errors;
mod store_trouble;

use std::sync::Arc;
use std::time::Duration;

use otf_api::auth::{Credentials, Device, Session};
use otf_api::http::Method;
use otf_api::jiff::SignedDuration;
use otf_api::sandbox::{Fault, IssuedTokens, NOA, PAT, Rotation, Sandbox};
use otf_api::{BookingQuery, Endpoints, Error, FileStore, Host, MemoryStore, Otf, OtfBuilder, Secret, Store};

use crate::support::{builder, client, credentials, pat, sandbox, seen};

const LIST: &str = "GET /v1/bookings/me";

/// A call that costs one request and is never kept.
fn list(otf: &Otf) -> otf_api::Result<usize> {
    otf.bookings().list(&BookingQuery::new()).map(|bookings| bookings.len())
}

fn device_of(issued: &IssuedTokens) -> Device {
    Device {
        key: issued.device_key.clone(),
        group_key: issued.device_group_key.clone(),
        password: issued.device_password.clone(),
    }
}

#[test]
fn valid_tokens_are_used_without_a_request() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    builder(&sandbox).store(store.clone()).login().unwrap();
    seen(&sandbox);
    // With direct credentials, with a password that is never looked at, and with nothing: the last account.
    builder(&sandbox).store(store.clone()).credentials(pat()).login().unwrap();
    builder(&sandbox).store(store.clone()).credentials(Credentials::new(PAT.email, "")).login().unwrap();
    let last = without_credentials(&sandbox, &store).login().unwrap();
    assert_eq!(last.user().email.as_deref(), Some(PAT.email));
    assert_eq!(seen(&sandbox), [""; 0]);
    list(&last).unwrap();
    assert_eq!(seen(&sandbox), [LIST]);
}

/// A client that has no credentials, only the store.
fn without_credentials(sandbox: &Sandbox, store: &(impl Store + Clone + 'static)) -> OtfBuilder {
    Otf::builder()
        .endpoints(Endpoints::at(&sandbox.url()).unwrap())
        .clock(sandbox.clock())
        .sleep(|_| {})
        .store(store.clone())
        .environment(false)
        .prompt(false)
}

#[test]
fn expired_tokens_are_refreshed_with_the_device_key() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    seen(&sandbox);
    list(&otf).unwrap();
    assert_eq!(seen(&sandbox), ["InitiateAuth", LIST]);
    // Another run finds what this one has refreshed.
    without_credentials(&sandbox, &store).login().unwrap();
    assert_eq!(seen(&sandbox), [""; 0]);
}

#[test]
fn tokens_count_as_expired_a_minute_early() {
    let sandbox = sandbox();
    sandbox.set_token_lifetime(Duration::from_secs(200));
    let otf = client(&sandbox);
    sandbox.advance(Duration::from_secs(100));
    seen(&sandbox);
    list(&otf).unwrap();
    assert_eq!(seen(&sandbox), [LIST]);
    sandbox.advance(Duration::from_secs(45));
    list(&otf).unwrap();
    assert_eq!(seen(&sandbox), ["InitiateAuth", LIST]);
}

#[test]
fn rejected_token_is_refreshed_and_the_request_repeated_once() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    sandbox.expire_tokens();
    seen(&sandbox);
    list(&otf).unwrap();
    assert_eq!(seen(&sandbox), [LIST, "InitiateAuth", LIST]);

    sandbox.fault(Fault::status(401).on("GET", "/v1/bookings/me").always());
    let error = list(&otf).unwrap_err();
    assert!(matches!(error, Error::Http { status: 401, .. }), "{error:?}");
    assert!(error.is_authentication());
    assert_eq!(seen(&sandbox), [LIST, "InitiateAuth", LIST], "once, not in a circle");
}

#[test]
fn refused_refresh_drops_the_tokens_but_not_the_device() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    builder(&sandbox).store(store.clone()).credentials(credentials(&NOA)).login().unwrap();
    let device = otf.session().unwrap().device.unwrap().key;
    let before = store.keys("accounts/").unwrap().len();
    sandbox.revoke_refresh_tokens(PAT.email);
    sandbox.advance(Duration::from_secs(2 * 3600));
    // Without a password at hand there is nothing left to try.
    store.write("last-account.json", format!("{{\"email\":\"{}\"}}", PAT.email).as_bytes()).unwrap();
    let error = without_credentials(&sandbox, &store).login().unwrap_err();
    assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");
    let after = store.keys("accounts/").unwrap();
    assert_eq!(after.len(), before - 1, "only this account's tokens are dropped: {after:?}");
    // With it, the same device signs in anew.
    let again = builder(&sandbox).store(store).login().unwrap();
    assert_eq!(again.session().unwrap().device.unwrap().key, device);
}

#[test]
fn refresh_keeps_tokens_after_network_errors() {
    type Expected = fn(&Error) -> bool;
    let faults: [(Fault, Expected); 5] = [
        (Fault::reset_before(), Error::is_retryable),
        (Fault::reset_after(), Error::is_retryable),
        (Fault::status(503), Error::is_retryable),
        (Fault::garbage(), Error::is_retryable),
        (Fault::cognito("TooManyRequestsException", "Rate exceeded"), |error| {
            matches!(error, Error::SignInThrottled { .. })
        }),
    ];
    for (fault, is_expected) in faults {
        let sandbox = sandbox();
        let store = MemoryStore::new();
        let otf = builder(&sandbox).store(store.clone()).login().unwrap();
        sandbox.advance(Duration::from_secs(2 * 3600));
        sandbox.fault(fault.on_operation("InitiateAuth").always());
        let error = list(&otf).unwrap_err();
        assert!(is_expected(&error), "{error:?}");
        sandbox.clear_faults();
        seen(&sandbox);
        list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
        assert_eq!(seen(&sandbox), ["InitiateAuth", LIST], "the refresh token is still there");
    }
}

#[test]
fn rotated_refresh_token_replaces_the_old_one() {
    for rotation in [Rotation::On, Rotation::NewOperationOnly] {
        let sandbox = sandbox();
        sandbox.rotate_refresh_tokens(rotation);
        let store = MemoryStore::new();
        let otf = builder(&sandbox).store(store.clone()).login().unwrap();
        let first = otf.session().unwrap().refresh_token.unwrap();
        for _ in 0..3 {
            sandbox.advance(Duration::from_secs(2 * 3600));
            list(&otf).unwrap();
        }
        let last = otf.session().unwrap().refresh_token.unwrap();
        assert_ne!(first.expose(), last.expose());
        sandbox.advance(Duration::from_secs(2 * 3600));
        list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1, "the password was needed once");
    }
}

#[test]
fn many_threads_make_one_refresh() {
    for rotation in [Rotation::Off, Rotation::On] {
        let sandbox = sandbox();
        sandbox.rotate_refresh_tokens(rotation);
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::at(directory.path());
        let shared = builder(&sandbox).store(store.clone()).login().unwrap();
        sandbox.advance(Duration::from_secs(2 * 3600));
        seen(&sandbox);
        std::thread::scope(|scope| {
            for index in 0..8 {
                let (sandbox, store, shared) = (&sandbox, &store, &shared);
                scope.spawn(move || {
                    // Half of them share a client, the others are as good as processes of their own.
                    match index % 2 {
                        0 => list(shared).unwrap(),
                        _ => list(&without_credentials(sandbox, store).login().unwrap()).unwrap(),
                    }
                });
            }
        });
        assert_eq!(sandbox.count_operation("InitiateAuth"), 1);
        assert_eq!(sandbox.count("GET", "/v1/bookings/me"), 8);
    }
}

#[test]
fn many_threads_without_tokens_make_one_sign_in() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| builder(&sandbox).store(store.clone()).login().unwrap());
        }
    });
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1);
}

#[test]
fn refusal_is_ignored_if_the_store_has_newer_tokens() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    // What another process, one that does not take the lock, has left meanwhile.
    let other = sandbox.issue_tokens(PAT.email);
    let key = store.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with("tokens.json")).unwrap();
    let before: serde_json::Value = serde_json::from_slice(&store.read(&key).unwrap().unwrap()).unwrap();
    let tokens = serde_json::json!({
        "account": before["account"], "id_token": other.id_token, "access_token": other.access_token, "refresh_token": other.refresh_token,
    });
    let rival = store.clone();
    let written = serde_json::to_vec(&tokens).unwrap();
    sandbox.fault(Fault::edit(move |_| rival.write(&key, &written).unwrap()).on_operation("InitiateAuth"));
    sandbox.revoke_refresh_tokens(PAT.email);
    seen(&sandbox);
    list(&otf).unwrap();
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "no password was needed");
}

#[test]
fn accounts_are_kept_apart() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let pat = builder(&sandbox).store(store.clone()).login().unwrap();
    let noa = builder(&sandbox).store(store.clone()).credentials(credentials(&NOA)).login().unwrap();
    assert_eq!(pat.member_uuid().as_str(), PAT.member_uuid);
    assert_eq!(noa.member_uuid().as_str(), NOA.member_uuid);
    seen(&sandbox);
    let again = builder(&sandbox).store(store.clone()).login().unwrap();
    assert_eq!(again.member_uuid().as_str(), PAT.member_uuid);
    let last = without_credentials(&sandbox, &store).login().unwrap();
    assert_eq!(last.member_uuid().as_str(), PAT.member_uuid, "the one that was used last");
    assert_eq!(seen(&sandbox), [""; 0]);
    assert_ne!(pat.member().unwrap().email, noa.member().unwrap().email);
}

#[test]
fn same_address_at_another_service_is_another_account() {
    let (one, other) = (sandbox(), sandbox());
    let store = MemoryStore::new();
    builder(&one).store(store.clone()).login().unwrap();
    builder(&other).store(store).login().unwrap();
    assert_eq!(other.count_operation("RespondToAuthChallenge"), 1, "tokens never go to another service");
}

#[test]
fn session_can_be_exported_and_imported() {
    let sandbox = sandbox();
    let exported = client(&sandbox).session().unwrap();
    let json = serde_json::to_string(&exported).unwrap();
    let imported: Session = serde_json::from_str(&json).unwrap();
    seen(&sandbox);
    let otf = builder(&sandbox).session(imported).login().unwrap();
    list(&otf).unwrap();
    assert_eq!(seen(&sandbox), ["GET /us-east-1_dYDxUeyL1/.well-known/jwks.json", LIST]);
    sandbox.advance(Duration::from_secs(2 * 3600));
    list(&otf).unwrap();
    assert_eq!(seen(&sandbox), ["InitiateAuth", LIST]);
}

#[test]
fn imported_session_becomes_the_last_account() {
    let sandbox = sandbox();
    let exported = client(&sandbox).session().unwrap();
    let store = MemoryStore::new();
    without_credentials(&sandbox, &store).session(exported).login().unwrap();
    let again = without_credentials(&sandbox, &store).login().unwrap();
    assert_eq!(again.member_uuid().as_str(), PAT.member_uuid);
}

#[test]
fn refresh_token_and_device_are_enough() {
    let sandbox = sandbox();
    let issued = sandbox.issue_tokens(PAT.email);
    let session = Session::from_refresh_token(issued.refresh_token.clone(), Some(device_of(&issued)));
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store.clone()).session(session.clone()).login().unwrap();
    list(&otf).unwrap();
    assert_eq!(seen(&sandbox), ["InitiateAuth", LIST]);
    // The next run starts from the same value and finds the tokens in the store.
    list(&builder(&sandbox).store(store).session(session).login().unwrap()).unwrap();
    assert_eq!(seen(&sandbox), [LIST]);
    // Without the device the pool refuses.
    let bare = Session::from_refresh_token(issued.refresh_token, None);
    let error = without_credentials(&sandbox, &MemoryStore::new()).session(bare).login().unwrap_err();
    assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");
}

#[test]
fn imported_refresh_token_uses_its_own_device() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    builder(&sandbox).store(store.clone()).login().unwrap();
    // What is left after a refused refresh: the device of an earlier sign-in.
    let key = store.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with("tokens.json")).unwrap();
    store.remove(&key).unwrap();
    let elsewhere = client(&sandbox).session().unwrap();
    let device = elsewhere.device.clone().unwrap().key;
    sandbox.advance(Duration::from_secs(2 * 3600));
    let otf = without_credentials(&sandbox, &store).session(elsewhere).login().unwrap();
    assert_eq!(otf.session().unwrap().device.unwrap().key, device);
    sandbox.advance(Duration::from_secs(2 * 3600));
    list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
}

#[test]
fn new_device_replaces_an_imported_one() {
    let sandbox = sandbox();
    let imported = client(&sandbox).session().unwrap();
    let otf = builder(&sandbox).credentials(pat()).session(imported).login().unwrap();
    sandbox.forget_devices(PAT.email);
    sandbox.revoke_refresh_tokens(PAT.email);
    seen(&sandbox);
    for _ in 0..4 {
        sandbox.advance(Duration::from_secs(2 * 3600));
        list(&otf).unwrap();
    }
    assert_eq!(sandbox.count_operation("ConfirmDevice"), 1);
}

#[test]
fn session_never_becomes_another_members() {
    for named in [true, false] {
        let sandbox = sandbox();
        let mut session = client(&sandbox).session().unwrap();
        session.email = session.email.filter(|_| named);
        let otf = without_credentials(&sandbox, &MemoryStore::new())
            .session(session)
            .credentials(credentials(&NOA))
            .login()
            .unwrap();
        sandbox.revoke_refresh_tokens(PAT.email);
        sandbox.advance(Duration::from_secs(2 * 3600));
        for _ in 0..2 {
            let error = list(&otf).unwrap_err();
            assert!(error.is_authentication(), "{error:?}");
        }
    }
}

#[test]
fn imported_tokens_keep_the_stored_refresh_token() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let session = builder(&sandbox).store(store.clone()).login().unwrap().session().unwrap();
    let tokens = Session { refresh_token: None, device: None, ..session };
    without_credentials(&sandbox, &store).session(tokens).login().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
}

#[test]
fn slow_clock_does_not_refuse_an_import() {
    let sandbox = sandbox();
    let session = client(&sandbox).session().unwrap();
    let right = sandbox.clock();
    let behind = move || right().checked_sub(SignedDuration::from_mins(10)).unwrap();
    list(&without_credentials(&sandbox, &MemoryStore::new()).clock(behind).session(session).login().unwrap())
        .unwrap();
}

#[test]
fn valid_stored_tokens_do_not_wait_for_the_lock() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    builder(&sandbox).store(store.clone()).login().unwrap();
    let key = store.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with("tokens.json")).unwrap();
    let _held = store.lock(&key.replace("tokens.json", "session"), Duration::ZERO).unwrap();
    let started = std::time::Instant::now();
    without_credentials(&sandbox, &store).lock_wait(Duration::from_secs(20)).login().unwrap();
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn imported_tokens_are_checked_with_the_key_set() {
    let sandbox = sandbox();
    let issued = sandbox.issue_tokens(PAT.email);
    let good = Session::from_tokens(issued.id_token.clone(), issued.access_token.clone());
    without_credentials(&sandbox, &MemoryStore::new()).session(good).login().unwrap();

    let tampered = Secret::new(issued.id_token.expose().replace('.', "A."));
    let forged = Session::from_tokens(tampered, issued.access_token.clone());
    let error = without_credentials(&sandbox, &MemoryStore::new()).session(forged).login().unwrap_err();
    assert!(matches!(error, Error::Authentication { .. }), "{error:?}");

    let swapped = Session::from_tokens(issued.access_token, issued.id_token);
    let error = without_credentials(&sandbox, &MemoryStore::new()).session(swapped).login().unwrap_err();
    assert!(matches!(error, Error::Authentication { .. }), "{error:?}");
}

#[test]
fn key_set_is_cached_and_fetched_again_for_an_unknown_key() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let import = || {
        let issued = sandbox.issue_tokens(PAT.email);
        let session = Session::from_tokens(issued.id_token, issued.access_token);
        without_credentials(&sandbox, &store).session(session).login().unwrap();
        sandbox.count("GET", "/us-east-1_dYDxUeyL1/.well-known/jwks.json")
    };
    assert_eq!(import(), 1);
    assert_eq!(import(), 1);
    sandbox.rotate_keys();
    assert_eq!(import(), 2);
}

#[test]
fn empty_session_is_refused_before_any_request() {
    let sandbox = sandbox();
    let error = builder(&sandbox).session(Session::default()).login().unwrap_err();
    assert!(matches!(error, Error::InvalidInput { argument: "session", .. }), "{error:?}");
    assert_eq!(seen(&sandbox), [""; 0]);
}

#[test]
fn wrong_clock_neither_stops_a_sign_in_nor_refreshes_per_request() {
    for hours in [-1, 1, 3] {
        let sandbox = sandbox();
        let right = sandbox.clock();
        let otf = builder(&sandbox)
            .clock(move || right().checked_add(SignedDuration::from_hours(hours)).unwrap())
            .login()
            .unwrap();
        otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send().unwrap();
        seen(&sandbox);
        for _ in 0..3 {
            list(&otf).unwrap();
        }
        assert_eq!(seen(&sandbox), [LIST; 3], "{hours} h");
    }
}

#[test]
fn client_can_be_shared_among_threads() {
    fn is_shareable<T: Send + Sync + Clone + 'static>() {}
    is_shareable::<Otf>();
    is_shareable::<Arc<dyn Store>>();
}

#[test]
fn account_added_to_the_sandbox_can_sign_in() {
    let sandbox = sandbox();
    let account = sandbox.add_account("added@example.com", "Pass-word-1");
    let otf = builder(&sandbox).credentials(credentials(&account)).login().unwrap();
    assert_eq!(otf.member().unwrap().member_uuid.as_str(), account.member_uuid);
    assert_eq!(list(&otf).unwrap(), 0);
}

#[test]
fn tokens_stored_under_another_account_are_not_used() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    builder(&sandbox).store(store.clone()).login().unwrap();
    let tokens_of = |known: &[String]| {
        let mut keys = store.keys("accounts/").unwrap();
        keys.retain(|key| key.ends_with("tokens.json") && !known.contains(key));
        keys
    };
    let pats = tokens_of(&[]);
    builder(&sandbox).store(store.clone()).credentials(credentials(&NOA)).login().unwrap();
    let noas = tokens_of(&pats);
    let foreign = store.read(&pats[0]).unwrap().unwrap();
    store.write(&noas[0], &foreign).unwrap();
    let otf = builder(&sandbox).store(store.clone()).credentials(credentials(&NOA)).login().unwrap();
    assert_eq!(otf.member_uuid().as_str(), NOA.member_uuid);
}
