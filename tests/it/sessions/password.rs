//! The password: proved as seldom as possible, never repeated after a refusal, replaced when it changes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use otf_api::auth::{ChallengeResponse, Credentials};
use otf_api::jiff::SignedDuration;
use otf_api::sandbox::{Fault, PAT, Sandbox};
use otf_api::{Error, MemoryStore, Otf, Store};
use serde_json::Value;

use super::list;
use crate::support::{builder, client, pat, sandbox, seen};

/// Leaves nothing but the password to sign in with.
fn end_of_tokens(sandbox: &Sandbox) {
    sandbox.revoke_refresh_tokens(PAT.email);
    sandbox.advance(Duration::from_secs(2 * 3600));
    sandbox.clear_requests();
}

fn proofs(sandbox: &Sandbox) -> usize {
    sandbox.count_operation("RespondToAuthChallenge")
}

#[test]
fn refused_password_is_sent_once_per_client() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    sandbox.set_password(PAT.email, "Changed-elsewhere-1");
    end_of_tokens(&sandbox);
    let errors: Vec<Error> = (0..7).map(|_| list(&otf).unwrap_err()).collect();
    for error in &errors {
        assert!(
            matches!(error, Error::Authentication { code: Some(code), status: Some(400), .. }
                if code == "NotAuthorizedException"),
            "{error:?}"
        );
        assert_eq!(error.to_string(), errors[0].to_string());
    }
    assert_eq!(proofs(&sandbox), 1);
    assert_eq!(sandbox.count_operation("InitiateAuth"), 2, "one refresh, one sign-in");
}

#[test]
fn password_refused_by_this_client_does_not_stop_tokens_of_another() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.set_password(PAT.email, "Changed-elsewhere-1");
    end_of_tokens(&sandbox);
    list(&otf).unwrap_err();
    let new = Credentials::new(PAT.email, "Changed-elsewhere-1");
    builder(&sandbox).store(store).credentials(new).login().unwrap();
    list(&otf).unwrap();
}

#[test]
fn new_password_is_adopted() {
    let sandbox = sandbox();
    sandbox.require_challenge(PAT.email, "NEW_PASSWORD_REQUIRED");
    let otf =
        builder(&sandbox).on_challenge(|_| Ok(ChallengeResponse::new("Another-Password-1"))).login().unwrap();
    for _ in 0..2 {
        end_of_tokens(&sandbox);
        list(&otf).unwrap();
        assert_eq!(proofs(&sandbox), 1);
    }
}

#[test]
fn repeated_challenges_get_one_proof_per_attempt() {
    let sandbox = sandbox();
    let challenge = Arc::new(Mutex::new(Value::Null));
    let first = Arc::clone(&challenge);
    sandbox.fault(
        Fault::edit(move |body| *first.lock().unwrap() = body.clone()).on_operation("InitiateAuth").always(),
    );
    sandbox.fault(
        Fault::edit(move |body| *body = challenge.lock().unwrap().clone())
            .on_operation("RespondToAuthChallenge")
            .always(),
    );
    let error = builder(&sandbox).login().unwrap_err();
    assert!(matches!(error, Error::Authentication { code: None, .. }), "{error:?}");
    assert_eq!(proofs(&sandbox), 1);
}

#[test]
fn sign_in_sends_at_most_two_proofs() {
    // The trigger fails, then the device is unknown: the second cause does not get a third proof.
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store).login().unwrap();
    end_of_tokens(&sandbox);
    let respond = "RespondToAuthChallenge";
    sandbox.fault(Fault::cognito("UserLambdaValidationException", "no").on_operation(respond));
    sandbox
        .fault(Fault::cognito("ResourceNotFoundException", "Device does not exist.").on_operation(respond));
    list(&otf).unwrap_err();
    assert_eq!(proofs(&sandbox), 2);
    // The device is dropped all the same, so the next call signs in.
    list(&otf).unwrap();
    assert_eq!(proofs(&sandbox), 3);
}

#[test]
fn device_with_failed_proof_is_dropped_and_the_sign_in_repeated() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.remember_devices(PAT.email);
    let key = store.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with("device.json")).unwrap();
    let mut device: Value = serde_json::from_slice(&store.read(&key).unwrap().unwrap()).unwrap();
    let old = device["key"].clone();
    device["password"] = "bm90IHRoZSBwYXNzd29yZA==".into();
    store.write(&key, device.to_string().as_bytes()).unwrap();
    end_of_tokens(&sandbox);
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    assert_ne!(otf.session().unwrap().device.unwrap().key, old.as_str().unwrap());
    assert_eq!(proofs(&sandbox), 4, "password, device start, device proof, password");
    end_of_tokens(&sandbox);
    list(&otf).unwrap();
}

#[test]
fn empty_device_values_are_not_sent() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    builder(&sandbox).store(store.clone()).login().unwrap();
    let key = store.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with("device.json")).unwrap();
    store.write(&key, br#"{"key": "", "group_key": "", "password": ""}"#).unwrap();
    end_of_tokens(&sandbox);
    builder(&sandbox).store(store).login().unwrap();
    for request in sandbox.requests() {
        assert_ne!(request.json()["AuthParameters"]["DEVICE_KEY"], "");
        assert_ne!(request.json()["ChallengeResponses"]["DEVICE_KEY"], "");
    }
}

#[test]
fn empty_credentials_are_refused_before_any_request() {
    for (email, password, named) in [("", "x", "email"), (PAT.email, "", "password"), ("a\nb", "x", "email")]
    {
        let sandbox = sandbox();
        let error = builder(&sandbox).credentials(Credentials::new(email, password)).login().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument, .. } if argument == named), "{error:?}");
        assert_eq!(seen(&sandbox), [""; 0]);
    }
}

#[test]
fn wrong_clock_is_corrected_by_the_servers() {
    for hours in [-2, 2] {
        let sandbox = sandbox();
        let right = sandbox.clock();
        let otf = builder(&sandbox)
            .clock(move || right().checked_add(SignedDuration::from_hours(hours)).unwrap())
            .login()
            .unwrap();
        assert_eq!(proofs(&sandbox), 1);
        let offset = otf.session_info().unwrap().clock_offset.unwrap();
        assert_eq!(offset.round(otf_api::jiff::Unit::Hour).unwrap(), SignedDuration::from_hours(-hours));
    }
}

#[test]
fn wrong_password_with_a_wrong_clock_says_how_far_the_clock_is_off() {
    let sandbox = sandbox();
    let right = sandbox.clock();
    let error = builder(&sandbox)
        .clock(move || right().checked_add(SignedDuration::from_mins(121)).unwrap())
        .credentials(Credentials::new(PAT.email, "wrong"))
        .login()
        .unwrap_err();
    assert!(error.to_string().contains("this machine's clock is 12"), "{error}");
    assert!(error.to_string().contains("minutes ahead of the server's"), "{error}");
}

#[test]
fn email_address_in_another_case_gets_a_hint() {
    let sandbox = sandbox();
    let error = builder(&sandbox)
        .credentials(Credentials::new(PAT.email.to_uppercase(), PAT.password))
        .login()
        .unwrap_err();
    assert!(error.to_string().contains("upper and lower case matter in the email address"), "{error}");
    sandbox.ignore_email_case(true);
    builder(&sandbox).credentials(Credentials::new(PAT.email.to_uppercase(), PAT.password)).login().unwrap();
}

#[test]
fn verify_credentials_finds_a_wrong_password_behind_valid_tokens() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let login = |credentials: Credentials| -> Otf {
        builder(&sandbox).store(store.clone()).credentials(credentials).login().unwrap()
    };
    login(pat()).verify_credentials().unwrap();
    let wrong = login(Credentials::new(PAT.email, "wrong"));
    sandbox.clear_requests();
    for _ in 0..2 {
        assert!(matches!(wrong.verify_credentials(), Err(Error::Authentication { .. })));
    }
    assert_eq!(proofs(&sandbox), 1);
    list(&wrong).unwrap();
    let headless = super::without_credentials(&sandbox, &store).login().unwrap();
    assert!(matches!(headless.verify_credentials(), Err(Error::NoCredentials { .. })));
}
