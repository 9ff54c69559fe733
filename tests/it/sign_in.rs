//! Signing in with a password, challenge by challenge.

use std::sync::{Arc, Mutex};

use otf_api::auth::{ChallengeKind, ChallengeResponse, Credentials};
use otf_api::sandbox::{Fault, MFA_CODE, NOA, PAT, Sandbox};
use otf_api::{Error, MemoryStore, Otf};

use super::support::{builder, chain, client, credentials, pat, sandbox, seen};

const SIGN_IN: [&str; 3] = ["InitiateAuth", "RespondToAuthChallenge", "ConfirmDevice"];

#[test]
fn sign_in_takes_three_requests_and_confirms_the_device() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    assert_eq!(seen(&sandbox), SIGN_IN);
    assert_eq!(otf.member_uuid().as_str(), PAT.member_uuid);
    assert_eq!(otf.user().cognito_id, PAT.cognito_id);
    assert_eq!(otf.user().email.as_deref(), Some(PAT.email));
    assert!(otf.session().unwrap().device.is_some());
}

#[test]
fn sign_in_accepts_non_ascii_passwords() {
    let sandbox = sandbox();
    let otf = builder(&sandbox).credentials(credentials(&NOA)).login().unwrap();
    assert_eq!(otf.member_uuid().as_str(), NOA.member_uuid);
}

#[test]
fn wrong_password_is_sent_once() {
    let sandbox = sandbox();
    let error = builder(&sandbox).credentials(Credentials::new(PAT.email, "wrong")).login().unwrap_err();
    assert!(
        matches!(&error, Error::Authentication { code: Some(code), .. } if code == "NotAuthorizedException"),
        "{error:?}"
    );
    assert!(error.to_string().contains("Incorrect username or password."), "{error}");
    assert!(!error.is_retryable() && error.is_authentication());
    assert_eq!(seen(&sandbox), ["InitiateAuth", "RespondToAuthChallenge"]);
}

#[test]
fn pool_message_is_shown_in_one_line() {
    let sandbox = sandbox();
    let said = format!("no\n\u{1b}[31m{}", "x".repeat(10_000));
    sandbox.fault(Fault::cognito("NotAuthorizedException", &said).on_operation("InitiateAuth"));
    let shown = builder(&sandbox).login().unwrap_err().to_string();
    assert!(!shown.contains(char::is_control) && shown.len() < 400, "{shown}");
}

#[test]
fn unknown_user_is_refused() {
    let sandbox = sandbox();
    let error =
        builder(&sandbox).credentials(Credentials::new("nobody@example.com", "x")).login().unwrap_err();
    assert!(matches!(error, Error::Authentication { code: Some(_), .. }), "{error:?}");
}

#[test]
fn too_many_wrong_passwords_are_a_distinct_error() {
    let sandbox = sandbox();
    let mut last = None;
    for _ in 0..8 {
        let error = builder(&sandbox).credentials(Credentials::new(PAT.email, "wrong")).login().unwrap_err();
        last = Some(error);
    }
    let error = last.unwrap();
    assert!(matches!(error, Error::SignInThrottled { .. }), "{error:?}");
    assert!(!error.is_retryable());
}

#[test]
fn throttled_sign_in_is_not_retried() {
    for code in ["TooManyRequestsException", "LimitExceededException"] {
        for operation in ["InitiateAuth", "RespondToAuthChallenge"] {
            let sandbox = sandbox();
            sandbox.fault(Fault::cognito(code, "Rate exceeded").on_operation(operation).always());
            let error = builder(&sandbox).login().unwrap_err();
            assert!(matches!(&error, Error::SignInThrottled { code: said, .. } if said == code), "{error:?}");
            assert_eq!(sandbox.count_operation(operation), 1, "{code} at {operation}");
        }
    }
}

#[test]
fn lambda_error_is_retried_once() {
    for fault in [
        Fault::cognito("UserLambdaValidationException", "PreAuthentication failed"),
        Fault::cognito("NotAuthorizedException", "UserLambdaValidationException: try again"),
    ] {
        let sandbox = sandbox();
        sandbox.fault(fault.clone().on_operation("RespondToAuthChallenge"));
        client(&sandbox);
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 2);

        let sandbox = sandbox_failing_always(&fault);
        assert!(builder(&sandbox).login().is_err());
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 2, "and no third one");
    }
}

fn sandbox_failing_always(fault: &Fault) -> Sandbox {
    let sandbox = sandbox();
    sandbox.fault(fault.clone().on_operation("RespondToAuthChallenge").always());
    sandbox
}

#[test]
fn challenge_session_is_echoed_and_optional() {
    for carried in [true, false] {
        let sandbox = sandbox();
        sandbox.session_tokens(carried);
        client(&sandbox);
        let requests = sandbox.requests();
        let response =
            requests.iter().find(|request| request.operation.as_deref() == Some("RespondToAuthChallenge"));
        assert_eq!(response.unwrap().json().get("Session").is_some(), carried);
    }
}

#[test]
fn stored_device_is_used_instead_of_registering_another() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let first = builder(&sandbox).store(store.clone()).login().unwrap();
    let key = first.session().unwrap().device.unwrap().key;
    sandbox.revoke_refresh_tokens(PAT.email);
    sandbox.expire_tokens();
    seen(&sandbox);
    first.member().unwrap();
    let requests = sandbox.requests();
    let initiated: Vec<_> =
        requests.iter().filter(|request| request.operation.as_deref() == Some("InitiateAuth")).collect();
    let last = initiated.last().unwrap().json();
    assert_eq!(last["AuthFlow"], "USER_SRP_AUTH");
    assert_eq!(last["AuthParameters"]["DEVICE_KEY"], key.as_str());
    assert_eq!(sandbox.count_operation("ConfirmDevice"), 0);
    assert_eq!(first.session().unwrap().device.unwrap().key, key, "the device outlives the tokens");
}

#[test]
fn forgotten_device_is_dropped_and_a_new_one_confirmed() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    let old = otf.session().unwrap().device.unwrap().key;
    sandbox.forget_devices(PAT.email);
    sandbox.expire_tokens();
    let again = builder(&sandbox).store(store).login().unwrap();
    again.member().unwrap();
    let new = again.session().unwrap().device.unwrap().key;
    assert_ne!(old, new);
    sandbox.expire_tokens();
    seen(&sandbox);
    again.bookings().list(&Default::default()).unwrap();
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "the new device serves a refresh");
}

#[test]
fn remembered_device_proves_itself() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.remember_devices(PAT.email);
    sandbox.revoke_refresh_tokens(PAT.email);
    sandbox.expire_tokens();
    seen(&sandbox);
    let otf = builder(&sandbox).store(store).login().unwrap();
    otf.member().unwrap();
    let names: Vec<String> = sandbox
        .requests()
        .iter()
        .filter_map(|request| Some(request.json()["ChallengeName"].as_str()?.to_owned()))
        .collect();
    assert_eq!(names, ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]);
}

#[test]
fn challenges_go_to_the_challenge_handler() {
    for (name, kind, reply) in [
        ("SMS_MFA", ChallengeKind::SmsMfa, MFA_CODE),
        ("SOFTWARE_TOKEN_MFA", ChallengeKind::SoftwareTokenMfa, MFA_CODE),
        ("NEW_PASSWORD_REQUIRED", ChallengeKind::NewPasswordRequired, "Another-Password-1"),
    ] {
        let sandbox = sandbox();
        sandbox.require_challenge(PAT.email, name);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        builder(&sandbox)
            .on_challenge(move |challenge| {
                seen.lock().unwrap().push(challenge.kind);
                Ok(ChallengeResponse::new(reply))
            })
            .login()
            .unwrap_or_else(|error| panic!("{name}: {}", chain(&error)));
        assert_eq!(*asked.lock().unwrap(), [kind]);
    }
}

#[test]
fn new_password_is_used_from_then_on() {
    let sandbox = sandbox();
    sandbox.require_challenge(PAT.email, "NEW_PASSWORD_REQUIRED");
    builder(&sandbox).on_challenge(|_| Ok(ChallengeResponse::new("Another-1"))).login().unwrap();
    builder(&sandbox).credentials(Credentials::new(PAT.email, "Another-1")).login().unwrap();
    assert!(builder(&sandbox).credentials(pat()).login().is_err());
}

#[test]
fn wrong_code_is_refused() {
    let sandbox = sandbox();
    sandbox.require_challenge(PAT.email, "SMS_MFA");
    let error = builder(&sandbox).on_challenge(|_| Ok(ChallengeResponse::new("000000"))).login().unwrap_err();
    assert!(
        matches!(&error, Error::Authentication { code: Some(code), .. } if code == "CodeMismatchException"),
        "{error:?}"
    );
}

#[test]
fn unhandled_challenge_is_named() {
    for name in ["SMS_MFA", "CUSTOM_CHALLENGE"] {
        let sandbox = sandbox();
        sandbox.require_challenge(PAT.email, name);
        let error = builder(&sandbox).login().unwrap_err();
        assert!(matches!(&error, Error::Challenge { name: said, .. } if said == name), "{error:?}");
    }
}

#[test]
fn challenge_handler_error_ends_the_sign_in() {
    let sandbox = sandbox();
    sandbox.require_challenge(PAT.email, "SMS_MFA");
    let error = builder(&sandbox)
        .on_challenge(|challenge| {
            Err(Error::Challenge {
                name: challenge.kind.name().to_owned(),
                reason: "no phone here".to_owned(),
            })
        })
        .login()
        .unwrap_err();
    assert!(error.to_string().contains("no phone here"), "{error}");
}

#[test]
fn hostile_challenge_is_refused_before_any_response() {
    let beyond_n = "f".repeat(768);
    let cases: [(&str, &str); 9] = [
        ("SRP_B", "0"),
        ("SRP_B", &beyond_n),
        ("SRP_B", "-1"),
        ("SRP_B", "0x12"),
        ("SRP_B", ""),
        ("SRP_B", "zz"),
        ("SALT", "not hex"),
        ("SECRET_BLOCK", "***"),
        ("SECRET_BLOCK", ""),
    ];
    for (parameter, value) in cases {
        let sandbox = sandbox();
        let (name, forged) = (parameter.to_owned(), value.to_owned());
        sandbox.fault(
            Fault::edit(move |reply| reply["ChallengeParameters"][name.as_str()] = forged.as_str().into())
                .on_operation("InitiateAuth"),
        );
        let error = builder(&sandbox).login().unwrap_err();
        assert!(matches!(error, Error::Authentication { code: None, .. }), "{parameter}={value}: {error:?}");
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "{parameter}={value}");
    }
    let sandbox = sandbox();
    sandbox.fault(
        Fault::edit(|reply| reply["ChallengeParameters"]["SRP_B"] = "f".repeat(1_000_000).into())
            .on_operation("InitiateAuth"),
    );
    assert!(matches!(builder(&sandbox).login(), Err(Error::Authentication { .. })));
}

#[test]
fn unconfirmed_device_does_not_fail_the_sign_in() {
    let sandbox = sandbox();
    sandbox.fault(Fault::cognito("InternalErrorException", "no").on_operation("ConfirmDevice").always());
    let otf = client(&sandbox);
    otf.member().unwrap();
    assert!(otf.session().unwrap().device.is_none());
}

#[test]
fn broken_connection_is_retried_unless_the_password_was_sent() {
    let sandbox = sandbox();
    sandbox.fault(Fault::reset_before().on_operation("InitiateAuth").times(2));
    sandbox.fault(Fault::status(503).on_operation("ConfirmDevice"));
    client(&sandbox);
    assert_eq!(
        seen(&sandbox),
        [
            "InitiateAuth",
            "InitiateAuth",
            "InitiateAuth",
            "RespondToAuthChallenge",
            "ConfirmDevice",
            "ConfirmDevice"
        ]
    );
}

#[test]
fn password_proof_is_never_sent_twice() {
    for fault in [Fault::reset_before(), Fault::reset_after(), Fault::status(500), Fault::status(503)] {
        let sandbox = sandbox();
        sandbox.fault(fault.on_operation("RespondToAuthChallenge").always());
        let error = builder(&sandbox).login().unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1, "{error}");
    }
}

#[test]
fn missing_credentials_error_says_what_to_set() {
    let error =
        Otf::builder().store(MemoryStore::new()).environment(false).prompt(false).login().unwrap_err();
    assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("OTF_EMAIL") && said.contains("OTF_PASSWORD"), "{said}");
}
