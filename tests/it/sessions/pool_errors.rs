//! What each error of the user pool does, call by call. Status and request id are in the error.

use std::time::Duration;

use otf_api::sandbox::{Fault, PAT, Sandbox};
use otf_api::{Error, MemoryStore, Store};

use super::{list, without_credentials};
use crate::support::{builder, pat, sandbox};

/// What an error of a refresh does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Refresh {
    /// The tokens are dropped, and the password is tried if there is one.
    Dropped,
    /// The tokens stay, and the password is tried if there is one.
    Kept,
    /// The tokens stay, and the error is a throttled sign-in.
    Throttled,
    /// Retried like a server error; if it happens each time, the tokens stay.
    Retried,
}

const REFRESH: [(&str, &str, Refresh); 16] = [
    ("NotAuthorizedException", "Refresh Token has expired", Refresh::Dropped),
    ("NotAuthorizedException", "Invalid Refresh Token.", Refresh::Dropped),
    ("RefreshTokenReuseException", "used", Refresh::Dropped),
    ("TokenRevokedException", "revoked", Refresh::Dropped),
    ("UserNotFoundException", "no user", Refresh::Dropped),
    ("UserNotConfirmedException", "not confirmed", Refresh::Dropped),
    ("PasswordResetRequiredException", "reset", Refresh::Dropped),
    ("ResourceNotFoundException", "Device does not exist.", Refresh::Dropped),
    ("ResourceNotFoundException", "User pool client x does not exist.", Refresh::Kept),
    ("InvalidParameterException", "bad", Refresh::Kept),
    ("TooManyRequestsException", "slow down", Refresh::Throttled),
    ("LimitExceededException", "slow down", Refresh::Throttled),
    ("TooManyFailedAttemptsException", "slow down", Refresh::Throttled),
    ("NotAuthorizedException", "Password attempts exceeded", Refresh::Throttled),
    ("UserLambdaValidationException", "PreTokenGeneration failed", Refresh::Retried),
    ("NotAuthorizedException", "UserLambdaValidationException: failed", Refresh::Retried),
];

fn expired(sandbox: &Sandbox) -> MemoryStore {
    let store = MemoryStore::new();
    builder(sandbox).store(store.clone()).login().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    sandbox.clear_requests();
    store
}

fn has_tokens(store: &MemoryStore) -> bool {
    store.keys("accounts/").unwrap().iter().any(|key| key.ends_with("tokens.json"))
}

#[test]
fn refresh_errors_without_a_password() {
    for (code, message, expected) in REFRESH {
        let sandbox = sandbox();
        let store = expired(&sandbox);
        sandbox.fault(Fault::cognito(code, message).on_operation("InitiateAuth").always());
        let error = without_credentials(&sandbox, &store).login().unwrap_err();
        let row = format!("{code} {message}: {error:?}");
        assert_eq!(has_tokens(&store), expected != Refresh::Dropped, "{row}");
        match expected {
            Refresh::Dropped => assert!(matches!(error, Error::NoCredentials { .. }), "{row}"),
            Refresh::Kept => assert!(
                matches!(error, Error::Authentication { code: Some(_), status: Some(400), .. }),
                "{row}"
            ),
            Refresh::Throttled => {
                assert!(matches!(error, Error::SignInThrottled { status: Some(400), .. }), "{row}");
            }
            Refresh::Retried => {
                assert!(error.is_retryable() && !error.is_authentication(), "{row}");
                assert_eq!(sandbox.count_operation("InitiateAuth"), 4, "{row}");
            }
        }
        // What was kept still works.
        sandbox.clear_faults();
        assert_eq!(
            without_credentials(&sandbox, &store).login().is_ok(),
            expected != Refresh::Dropped,
            "{row}"
        );
    }
}

#[test]
fn refresh_errors_with_a_password() {
    for (code, message, expected) in REFRESH {
        let sandbox = sandbox();
        let store = expired(&sandbox);
        sandbox.fault(Fault::cognito(code, message).on_operation("InitiateAuth"));
        let result = builder(&sandbox).store(store.clone()).credentials(pat()).login();
        let proofs = sandbox.count_operation("RespondToAuthChallenge");
        let row = format!("{code} {message}: {:?}", result.as_ref().err());
        match expected {
            Refresh::Dropped | Refresh::Kept => {
                list(&result.unwrap()).unwrap();
                assert_eq!(proofs, 1, "{row}");
            }
            Refresh::Retried => {
                list(&result.unwrap()).unwrap();
                assert_eq!(proofs, 0, "{row}");
            }
            Refresh::Throttled => {
                assert!(result.is_err(), "{row}");
                assert_eq!(proofs, 0, "{row}");
            }
        }
    }
}

/// How many attempts a sign-in makes, and whether the password counts as refused afterwards.
const PROOF: [(&str, &str, usize, bool); 12] = [
    ("NotAuthorizedException", "Incorrect username or password.", 1, true),
    ("UserNotFoundException", "User does not exist.", 1, true),
    ("UserNotConfirmedException", "not confirmed", 1, true),
    ("PasswordResetRequiredException", "reset", 1, true),
    ("ResourceNotFoundException", "User pool client x does not exist.", 1, false),
    ("InvalidParameterException", "bad", 1, false),
    ("TooManyRequestsException", "slow down", 1, false),
    ("TooManyFailedAttemptsException", "slow down", 1, false),
    ("NotAuthorizedException", "Password attempts exceeded", 1, false),
    ("UserLambdaValidationException", "PreAuthentication failed", 2, false),
    ("UnexpectedLambdaException", "failed", 2, false),
    ("SomethingNewException", "new", 1, false),
];

#[test]
fn password_proof_errors() {
    for (code, message, attempts, is_refused) in PROOF {
        let sandbox = sandbox();
        let otf = builder(&sandbox).login().unwrap();
        sandbox.revoke_refresh_tokens(PAT.email);
        sandbox.advance(Duration::from_secs(2 * 3600));
        sandbox.clear_requests();
        sandbox.fault(Fault::cognito(code, message).on_operation("RespondToAuthChallenge").always());
        let error = list(&otf).unwrap_err();
        let row = format!("{code} {message}: {error:?}");
        assert!(!error.is_retryable(), "{row}");
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), attempts, "{row}");
        sandbox.clear_faults();
        assert_eq!(list(&otf).is_err(), is_refused, "{row}");
    }
}

#[test]
fn status_and_request_id_are_in_the_error() {
    let sandbox = sandbox();
    let fault = Fault::cognito("NotAuthorizedException", "no").header("x-amzn-RequestId", "0b5c1f2e-6a41");
    sandbox.fault(fault.on_operation("InitiateAuth"));
    let error = builder(&sandbox).login().unwrap_err();
    assert!(
        matches!(&error, Error::Authentication { status: Some(400), request_id: Some(id), .. } if id == "0b5c1f2e-6a41"),
        "{error:?}"
    );
}
