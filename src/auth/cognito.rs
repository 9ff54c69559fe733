//! Calls to the Cognito user pool: one function an operation, and what its errors mean.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html>

use std::collections::BTreeMap;

use http::response::Parts;
use http::{Request, Response};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use zeroize::{Zeroize, Zeroizing};

use super::device::DeviceVerifier;
use super::json::{Json, Object, Pairs};
use crate::endpoints::{Endpoints, UserPool};
use crate::error::redact;
use crate::error::{Error, Result};
use crate::models::DecodeError;
use crate::net::{HttpClient, Idempotency};
use crate::secret::Secret;

/// The user pool's service in `X-Amz-Target`.
const USER_POOL: &str = "AWSCognitoIdentityProviderService";

/// The user pool, over a http.
pub(crate) struct Cognito<'a> {
    http: &'a HttpClient,
    endpoints: &'a Endpoints,
}

/// What `InitiateAuth` and `RespondToAuthChallenge` answer: tokens, or one more challenge.
pub(crate) struct AuthAnswer {
    pub(crate) authentication_result: Option<AuthenticationResult>,
    pub(crate) challenge_name: Option<String>,
    pub(crate) challenge_parameters: BTreeMap<String, String>,
    pub(crate) session: Option<Secret>,
    /// What time it was at the user pool.
    pub(crate) date: Option<Timestamp>,
}

impl AuthAnswer {
    fn read(answer: &Answer<'_>) -> Result<Self> {
        answer.read(|object| {
            let result = object.object("AuthenticationResult")?;
            let parameters = object.object("ChallengeParameters")?;
            Ok(Self {
                authentication_result: result.as_ref().map(AuthenticationResult::read).transpose()?,
                challenge_name: object.text("ChallengeName")?,
                challenge_parameters: parameters.as_ref().map(Object::texts).transpose()?.unwrap_or_default(),
                session: object.secret("Session")?,
                date: answer.date,
            })
        })
    }
}

/// The tokens of a sign-in or a refresh.
pub(crate) struct AuthenticationResult {
    pub(crate) access_token: Secret,
    pub(crate) id_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) new_device_metadata: Option<NewDevice>,
}

impl AuthenticationResult {
    fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        let new_device = object.object("NewDeviceMetadata")?;
        Ok(Self {
            access_token: object.needed("AccessToken", Object::secret)?,
            id_token: object.needed("IdToken", Object::secret)?,
            refresh_token: object.secret("RefreshToken")?,
            new_device_metadata: new_device.as_ref().map(NewDevice::read).transpose()?,
        })
    }
}

/// A device that the pool has registered and wants confirmed.
pub(crate) struct NewDevice {
    pub(crate) device_key: String,
    pub(crate) device_group_key: String,
}

impl NewDevice {
    fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            device_key: object.needed("DeviceKey", Object::text)?,
            device_group_key: object.needed("DeviceGroupKey", Object::text)?,
        })
    }
}

impl<'a> Cognito<'a> {
    pub(crate) fn new(http: &'a HttpClient, endpoints: &'a Endpoints) -> Self {
        Self { http, endpoints }
    }

    pub(crate) fn pool(&self) -> &'a UserPool {
        self.endpoints.user_pool_settings()
    }

    /// `InitiateAuth`. It checks no password, so it may be repeated.
    pub(super) fn initiate_auth(&self, flow: &str, parameters: &Pairs<'_>) -> Result<AuthAnswer> {
        let request = [
            ("AuthFlow", Json::Text(flow)),
            ("ClientId", self.client_id()),
            ("AuthParameters", Json::Object(parameters)),
        ];
        self.auth_call("InitiateAuth", &request, Idempotency::Safe)
    }

    /// `RespondToAuthChallenge`. An answer counts as an attempt, so it is sent once.
    pub(super) fn respond(
        &self,
        challenge: &str,
        session: Option<&Secret>,
        responses: &Pairs<'_>,
    ) -> Result<AuthAnswer> {
        let mut request = vec![
            ("ChallengeName", Json::Text(challenge)),
            ("ClientId", self.client_id()),
            ("ChallengeResponses", Json::Object(responses)),
        ];
        request.extend(session.map(|session| ("Session", Json::Text(session.expose()))));
        self.auth_call("RespondToAuthChallenge", &request, Idempotency::IfNotSent)
    }

    /// `ConfirmDevice`. The same verifier twice is the same device, so it may be repeated.
    pub(crate) fn confirm_device(
        &self,
        access_token: &Secret,
        device_key: &str,
        device_name: &str,
        verifier: &DeviceVerifier,
    ) -> Result<()> {
        let config = [
            ("PasswordVerifier", Json::Text(verifier.verifier_b64())),
            ("Salt", Json::Text(verifier.salt_b64())),
        ];
        let request = [
            ("AccessToken", Json::Text(access_token.expose())),
            ("DeviceKey", Json::Text(device_key)),
            ("DeviceName", Json::Text(device_name)),
            ("DeviceSecretVerifierConfig", Json::Object(&config)),
        ];
        self.call("ConfirmDevice", &request, Idempotency::Safe)?.read(|_| Ok(()))
    }

    /// New tokens for a refresh token: `REFRESH_TOKEN_AUTH`, or `GetTokensFromRefreshToken` where the pool
    /// rotates refresh tokens and says that it wants that.
    pub(crate) fn refresh(
        &self,
        refresh_token: &Secret,
        device_key: Option<&str>,
    ) -> Result<AuthenticationResult> {
        let mut parameters = vec![("REFRESH_TOKEN", Json::Text(refresh_token.expose()))];
        parameters.extend(device_key.map(|key| ("DEVICE_KEY", Json::Text(key))));
        let answer = match self.initiate_auth("REFRESH_TOKEN_AUTH", &parameters) {
            Err(error) if wants_rotation(&error) => self.rotate(refresh_token, device_key)?,
            answer => answer?,
        };
        answer
            .authentication_result
            .ok_or_else(|| Error::authentication("a refresh was answered without tokens"))
    }

    fn rotate(&self, refresh_token: &Secret, device_key: Option<&str>) -> Result<AuthAnswer> {
        let mut request =
            vec![("ClientId", self.client_id()), ("RefreshToken", Json::Text(refresh_token.expose()))];
        request.extend(device_key.map(|key| ("DeviceKey", Json::Text(key))));
        // A rotated token serves once: a second try could be refused although the first one took.
        self.auth_call("GetTokensFromRefreshToken", &request, Idempotency::IfNotSent)
    }

    fn client_id(&self) -> Json<'a> {
        Json::Text(self.pool().client_id())
    }

    fn auth_call(&self, operation: &str, request: &Pairs<'_>, repeat: Idempotency) -> Result<AuthAnswer> {
        AuthAnswer::read(&self.call(operation, request, repeat)?)
    }

    fn call<'o>(&self, operation: &'o str, request: &Pairs<'_>, repeat: Idempotency) -> Result<Answer<'o>> {
        call(self.http, self.endpoints.user_pool_base(), USER_POOL, operation, request, repeat)
    }
}

/// What a call was answered, which is wiped when it is dropped.
pub(super) struct Answer<'o> {
    operation: &'o str,
    body: Zeroizing<Vec<u8>>,
    /// What time it was where it came from.
    pub(super) date: Option<Timestamp>,
}

impl Answer<'_> {
    pub(super) fn read<T>(&self, read: impl FnOnce(&Object<'_>) -> Result<T, DecodeError>) -> Result<T> {
        Object::read(&self.body).and_then(|object| read(&object)).map_err(|error| error.at(self.operation))
    }
}

/// One call of the Cognito JSON protocol.
pub(super) fn call<'o>(
    http: &HttpClient,
    base: &str,
    service: &str,
    operation: &'o str,
    request: &Pairs<'_>,
    repeat: Idempotency,
) -> Result<Answer<'o>> {
    let mut body =
        Json::Object(request).to_bytes().map_err(|error| Error::authentication(error.to_string()))?;
    let mut request = Request::post(format!("{base}/"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("{service}.{operation}"))
        .body(std::mem::take(&mut *body))
        .map_err(|error| Error::authentication(error.to_string()))?;
    let result = http.send(operation, &request, repeat, |answer| check_response(operation, answer));
    request.body_mut().zeroize();
    result
}

fn check_response(operation: &str, answer: Response<Vec<u8>>) -> Result<Answer<'_>> {
    let (head, body) = answer.into_parts();
    let body = Zeroizing::new(body);
    if !head.status.is_success() {
        return Err(refusal(operation, &head, &body));
    }
    let date = head.headers.get(http::header::DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| rfc2822::parse(date).ok()).map(|date| date.timestamp());
    Ok(Answer { operation, body, date })
}

/// An error answer: `{"__type": "prefix#Name", "message": …}`, or the name in `x-amzn-ErrorType`.
fn refusal(operation: &str, head: &Parts, body: &[u8]) -> Error {
    let body = Object::read(body).ok();
    let text = |name| body.as_ref()?.text(name).ok()?;
    let kind = text("__type");
    let header = head.headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok());
    let code = kind.as_deref().or(header).map(|name| {
        let name = name.rsplit('#').next().unwrap_or(name);
        redact(name.split(':').next().unwrap_or(name))
    });
    let status = head.status.as_u16();
    let message = text("message").or_else(|| text("Message"));
    let message = message.filter(|message| !message.is_empty()).map(|message| redact(&message));
    match code {
        Some(code) if status < 500 => named_refusal(code, message),
        code => {
            if status == 429 {
                return Error::RateLimited { endpoint: operation.to_owned(), message, retry_after: None };
            }
            Error::Http { endpoint: operation.to_owned(), status, code, message, retry_after: None }
        }
    }
}

fn named_refusal(code: String, message: Option<String>) -> Error {
    let message = message.unwrap_or_else(|| "the user pool gave no reason".to_owned());
    let throttled = matches!(
        code.as_str(),
        "TooManyRequestsException" | "LimitExceededException" | "ThrottlingException"
    ) || (code == "NotAuthorizedException"
        && message.starts_with("Password attempts exceeded"));
    if throttled {
        return Error::SignInThrottled { code, message };
    }
    Error::Authentication { code: Some(code), message, source: None }
}

/// Whether an error has this code and, where `text` is not empty, this text in its message.
pub(super) fn says(error: &Error, wanted: &str, text: &str) -> bool {
    matches!(error, Error::Authentication { code: Some(code), message, .. }
        if code == wanted && message.contains(text))
}

/// A pool with rotation answers the old flow with an error that names the new operation.
fn wants_rotation(error: &Error) -> bool {
    matches!(error, Error::Authentication { code: Some(code), message, .. }
        if message.contains("GetTokensFromRefreshToken")
            || (code != "NotAuthorizedException" && message.to_ascii_lowercase().contains("rotation")))
}
