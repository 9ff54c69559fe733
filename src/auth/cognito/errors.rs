//! What the errors of the user pool mean, in one table.

use http::response::Parts;
use serde_json::Value;

use super::messages::ErrorBody;
use crate::auth::wire::from_json;
use crate::error::Error;
use crate::error::redact;

/// The operations for which the same error means different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `InitiateAuth` with `USER_SRP_AUTH`, which proves nothing yet.
    Start,
    /// `RespondToAuthChallenge` to `PASSWORD_VERIFIER`.
    ProvePassword,
    /// `RespondToAuthChallenge` to `DEVICE_SRP_AUTH` or `DEVICE_PASSWORD_VERIFIER`.
    ProveDevice,
    /// `InitiateAuth` with `REFRESH_TOKEN_AUTH`, or `GetTokensFromRefreshToken`.
    Refresh,
    /// Everything else.
    Other,
}

/// What an error means for tokens, password and device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Too many attempts: nothing is dropped, nothing is retried.
    Throttled,
    /// The service's own trigger failed: retried once, after a delay.
    LambdaFailed,
    /// The refresh token or the password is not, or no longer, valid: not sent again.
    Refused,
    /// The device is unknown or its proof was not accepted: dropped, and the sign-in repeated once without it.
    DeviceRefused,
    /// Says nothing about tokens, password or device.
    Inconclusive,
}

/// A row applies if the operation, the code and a part of the message match; the first match counts.
struct Row(&'static [Step], &'static str, &'static str, Effect);

const ANY: &[Step] = &[Step::Start, Step::ProvePassword, Step::ProveDevice, Step::Refresh, Step::Other];
const SIGN_IN: &[Step] = &[Step::Start, Step::ProvePassword];
const REFRESH: &[Step] = &[Step::Refresh];

const TABLE: &[Row] = &[
    Row(ANY, "TooManyRequestsException", "", Effect::Throttled),
    Row(ANY, "LimitExceededException", "", Effect::Throttled),
    Row(ANY, "ThrottlingException", "", Effect::Throttled),
    Row(ANY, "TooManyFailedAttemptsException", "", Effect::Throttled),
    Row(ANY, "NotAuthorizedException", "Password attempts exceeded", Effect::Throttled),
    Row(ANY, "UserLambdaValidationException", "", Effect::LambdaFailed),
    Row(ANY, "UnexpectedLambdaException", "", Effect::LambdaFailed),
    Row(ANY, "InvalidLambdaResponseException", "", Effect::LambdaFailed),
    Row(ANY, "", "UserLambdaValidationException", Effect::LambdaFailed),
    Row(REFRESH, "NotAuthorizedException", "", Effect::Refused),
    Row(REFRESH, "RefreshTokenReuseException", "", Effect::Refused),
    Row(REFRESH, "TokenRevokedException", "", Effect::Refused),
    Row(REFRESH, "UserNotFoundException", "", Effect::Refused),
    Row(REFRESH, "UserNotConfirmedException", "", Effect::Refused),
    Row(REFRESH, "PasswordResetRequiredException", "", Effect::Refused),
    // Without "Device" it is about the app client.
    Row(REFRESH, "ResourceNotFoundException", "Device", Effect::Refused),
    Row(SIGN_IN, "ResourceNotFoundException", "Device", Effect::DeviceRefused),
    Row(SIGN_IN, "InvalidParameterException", "device key", Effect::DeviceRefused),
    Row(&[Step::ProveDevice], "NotAuthorizedException", "", Effect::DeviceRefused),
    Row(&[Step::ProveDevice], "ResourceNotFoundException", "", Effect::DeviceRefused),
    Row(&[Step::ProveDevice], "InvalidParameterException", "", Effect::DeviceRefused),
    Row(&[Step::ProvePassword], "NotAuthorizedException", "", Effect::Refused),
    Row(SIGN_IN, "UserNotFoundException", "", Effect::Refused),
    Row(SIGN_IN, "UserNotConfirmedException", "", Effect::Refused),
    Row(SIGN_IN, "PasswordResetRequiredException", "", Effect::Refused),
];

/// What an error of this call means.
pub(crate) fn effect(step: Step, error: &Error) -> Effect {
    match error {
        Error::Authentication { code: Some(code), message, .. } => look_up(step, code, message),
        Error::SignInThrottled { .. } => Effect::Throttled,
        Error::Http { code: Some(code), .. } if code.contains("Lambda") => Effect::LambdaFailed,
        _ => Effect::Inconclusive,
    }
}

fn look_up(step: Step, code: &str, message: &str) -> Effect {
    let applies = |Row(steps, row_code, text, _): &&Row| {
        steps.contains(&step) && (row_code.is_empty() || *row_code == code) && message.contains(text)
    };
    TABLE.iter().find(applies).map_or(Effect::Inconclusive, |Row(_, _, _, effect)| *effect)
}

/// Whether the pool rotates refresh tokens and requires `GetTokensFromRefreshToken` instead.
pub(super) fn wants_rotation(error: &Error) -> bool {
    matches!(error, Error::Authentication { code: Some(code), message, .. }
        if message.contains("GetTokensFromRefreshToken")
            || (code != "NotAuthorizedException" && message.to_ascii_lowercase().contains("rotation")))
}

/// An error response: `{"__type": "prefix#Name", "message": …}`, or the name in `x-amzn-ErrorType`.
pub(super) fn refusal(operation: &str, step: Step, head: &Parts, body: &[u8]) -> Error {
    let body: ErrorBody = from_json(body).unwrap_or_default();
    let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
    let code = body.kind.as_str().or_else(|| header("x-amzn-errortype")).map(|name| {
        let name = name.rsplit('#').next().unwrap_or(name);
        redact(name.split(':').next().unwrap_or(name))
    });
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(redact);
    let message = text(&body.message).or_else(|| text(&body.upper_message));
    let request_id = header("x-amzn-requestid").map(redact);
    let status = head.status.as_u16();
    let endpoint = operation.to_owned();
    let Some(code) = code.filter(|_| status < 500) else {
        if status == 429 {
            return Error::RateLimited { endpoint, message, retry_after: None };
        }
        return Error::Http {
            endpoint,
            status,
            code: body.kind.as_str().map(redact),
            message: with_request_id(message, request_id),
            retry_after: None,
        };
    };
    let message = message.unwrap_or_else(|| "the user pool gave no reason".to_owned());
    match look_up(step, &code, &message) {
        Effect::Throttled => Error::SignInThrottled { code, message, status: Some(status), request_id },
        // Trouble of the service's own, which says nothing about the session.
        Effect::LambdaFailed if step == Step::Refresh => Error::Http {
            endpoint,
            status,
            code: Some("UserLambdaValidationException".to_owned()),
            message: with_request_id(Some(message), request_id),
            retry_after: None,
        },
        _ => Error::Authentication {
            code: Some(code),
            message,
            status: Some(status),
            request_id,
            source: None,
        },
    }
}

fn with_request_id(message: Option<String>, request_id: Option<String>) -> Option<String> {
    match (message, request_id) {
        (Some(message), Some(id)) => Some(format!("{message} [request {id}]")),
        (message, id) => message.or(id.map(|id| format!("[request {id}]"))),
    }
}
