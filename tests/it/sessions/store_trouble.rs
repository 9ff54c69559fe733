//! A store that fails or holds damage, without a password: no token is lost.

use std::time::Duration;

use otf_api::sandbox::{Fault, Rotation, Sandbox};
use otf_api::{Error, Store};
use serde_json::{Value, json};

use super::{list, without_credentials};
use crate::failing_store::FailingStore;
use crate::support::{builder, sandbox};

/// A store with a session whose tokens have expired but can be refreshed.
fn expired(sandbox: &Sandbox) -> FailingStore {
    let store = FailingStore::default();
    builder(sandbox).store(store.clone()).login().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    sandbox.clear_requests();
    store
}

/// Whether the session in the store still works without a password, now and after another refresh.
#[track_caller]
fn assert_alive(sandbox: &Sandbox, store: &FailingStore, what: &str) {
    for _ in 0..2 {
        let otf =
            without_credentials(sandbox, store).login().unwrap_or_else(|error| panic!("{what}: {error}"));
        list(&otf).unwrap();
        sandbox.advance(Duration::from_secs(2 * 3600));
    }
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "{what}: no password");
}

#[test]
fn session_survives_each_store_call_failing_once() {
    for rotation in [Rotation::Off, Rotation::On] {
        for planted in 1.. {
            let sandbox = sandbox();
            sandbox.rotate_refresh_tokens(rotation);
            let store = expired(&sandbox);
            store.fail(move |call, _, _| call == planted);
            let otf = without_credentials(&sandbox, &store).login();
            let calls = store.heal();
            let otf = otf.unwrap_or_else(|error| panic!("call {planted}: {error}"));
            // What could not be written is written at the next chance.
            list(&otf).unwrap();
            assert_alive(&sandbox, &store, &format!("call {planted}, {rotation:?}"));
            if planted >= calls {
                break;
            }
        }
    }
}

#[test]
fn session_survives_each_store_call_and_all_after_it_failing() {
    for planted in 1.. {
        let sandbox = sandbox();
        let store = expired(&sandbox);
        store.fail(move |call, _, _| call >= planted);
        let result = without_credentials(&sandbox, &store).login();
        let calls = store.heal();
        if let Err(error) = result {
            assert!(
                matches!(error, Error::Store { .. }) && error.is_retryable(),
                "call {planted}: {error:?}"
            );
        }
        assert_alive(&sandbox, &store, &format!("call {planted}"));
        if planted >= calls {
            break;
        }
    }
}

#[test]
fn refresh_uses_the_tokens_own_device_key_if_the_device_is_unreadable() {
    let sandbox = sandbox();
    let store = expired(&sandbox);
    store.fail(|_, _, key| key.ends_with("device.json"));
    list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
    store.heal();
    assert_alive(&sandbox, &store, "unreadable device");
}

#[test]
fn refusal_of_an_incomplete_refresh_keeps_the_tokens() {
    let sandbox = sandbox();
    let store = expired(&sandbox);
    store.fail(|_, _, key| key.ends_with("device.json"));
    sandbox.fault(
        Fault::cognito("NotAuthorizedException", "Invalid Refresh Token").on_operation("InitiateAuth"),
    );
    without_credentials(&sandbox, &store).login().unwrap_err();
    store.heal();
    assert_alive(&sandbox, &store, "incomplete refresh");
}

#[test]
fn unreadable_tokens_are_a_retryable_error_without_a_password() {
    let sandbox = sandbox();
    let store = expired(&sandbox);
    store.fail(|_, name, key| name == "read" && key.ends_with("tokens.json"));
    let error = without_credentials(&sandbox, &store).login().unwrap_err();
    assert!(matches!(error, Error::Store { .. }) && error.is_retryable(), "{error:?}");
    // With the password the member signs in nevertheless.
    list(&builder(&sandbox).store(store.clone()).login().unwrap()).unwrap();
    store.heal();
    sandbox.clear_requests();
    assert_alive(&sandbox, &store, "unreadable tokens");
}

#[test]
fn damaged_device_file_costs_no_refresh_token() {
    for damage in
        [json!({"key": "", "group_key": "", "password": ""}), json!({"key": "x"}), json!([1, 2]), json!("x")]
    {
        let sandbox = sandbox();
        let store = expired(&sandbox);
        let key = store.key("device.json").unwrap();
        let good = store.read(&key).unwrap().unwrap();
        store.write(&key, damage.to_string().as_bytes()).unwrap();
        // The device's key is in the access token as well, so the refresh works.
        list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
        // Without it the refresh is refused, and the token stays for when the device is there again.
        sandbox.advance(Duration::from_secs(2 * 3600));
        let tokens_key = store.key("tokens.json").unwrap();
        let mut tokens: Value = serde_json::from_slice(&store.read(&tokens_key).unwrap().unwrap()).unwrap();
        tokens["access_token"] = Value::Null;
        store.write(&tokens_key, tokens.to_string().as_bytes()).unwrap();
        let error = without_credentials(&sandbox, &store).login().unwrap_err();
        assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");
        store.write(&key, &good).unwrap();
        assert_alive(&sandbox, &store, "damaged device");
    }
}
