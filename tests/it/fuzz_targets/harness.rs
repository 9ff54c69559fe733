//! A client whose network is a function.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use otf_api::auth::Session;
use otf_api::http::{Request, Response, StatusCode};
use otf_api::jiff::Timestamp;
use otf_api::{
    Endpoints, Error, MemoryStore, Otf, OtfBuilder, RetryPolicy, Transport, TransportError,
    TransportErrorKind,
};
use serde_json::{Value, json};

use super::script::Script;

/// What the time is here.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_777_000_000).unwrap()
}

pub(crate) const EMAIL: &str = "robin@example.com";
pub(crate) const MEMBER: &str = "0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e";

/// Each secret here has this in it, so that it is known where it turns up.
pub(crate) const MARK: &str = "S3cr3t";

pub(crate) fn secret(name: &str) -> String {
    format!("{name}-{MARK}-{name}")
}

/// An ID and an access token that say who is signed in until `expires`.
pub(crate) fn tokens(expires: i64) -> (String, String) {
    let id =
        json!({"sub": "c0", "cognito:username": MEMBER, "email": EMAIL, "token_use": "id", "exp": expires});
    let access = json!({"sub": "c0", "username": MEMBER, "token_use": "access", "exp": expires});
    (token(&id), token(&access))
}

pub(crate) fn token(claims: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    // The signature that says the mark.
    format!("{}.{}.{MARK}", part(&json!({"alg": "RS256", "kid": "k"})), part(claims))
}

/// The reply to a refresh.
pub(crate) fn refreshed() -> Value {
    let (id, access) = tokens(now().as_second() + 3600);
    json!({"AuthenticationResult": {"IdToken": id, "AccessToken": access, "ExpiresIn": 3600, "TokenType": "Bearer"},
        "ChallengeParameters": {}})
}

pub(crate) type Reply = Result<Response<Vec<u8>>, TransportError>;

type Replies = dyn FnMut(&Request<Vec<u8>>) -> Reply + Send;

/// The network, and how often it was asked for what.
#[derive(Clone)]
pub(crate) struct Net {
    replies: Arc<Mutex<Box<Replies>>>,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Net {
    pub(crate) fn new(replies: impl FnMut(&Request<Vec<u8>>) -> Reply + Send + 'static) -> Self {
        Self { replies: Arc::new(Mutex::new(Box::new(replies))), asked: Arc::default() }
    }

    /// Refreshes succeed, all else gets these responses.
    pub(crate) fn signed_in(mut replies: impl FnMut(&Request<Vec<u8>>) -> Reply + Send + 'static) -> Self {
        Self::new(move |request| match operation(request) {
            Some("InitiateAuth") => Ok(reply(200, refreshed().to_string())),
            _ => replies(request),
        })
    }

    /// The operations and the endpoints that were asked for since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Transport for Net {
    fn send(&self, request: &Request<Vec<u8>>) -> Reply {
        let asked = match operation(request) {
            Some(operation) => operation.to_owned(),
            None => format!("{} {}", request.method(), request.uri().path()),
        };
        self.asked.lock().unwrap().push(asked);
        (self.replies.lock().unwrap())(request)
    }
}

/// Cognito's name of what is asked for.
pub(crate) fn operation(request: &Request<Vec<u8>>) -> Option<&str> {
    request.headers().get("x-amz-target")?.to_str().ok()?.rsplit('.').next()
}

pub(crate) fn reply(status: u16, body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = StatusCode::from_u16(status).unwrap();
    reply
}

/// A status: most often the first one.
pub(crate) fn status(script: &mut Script<'_>, usual: u16) -> u16 {
    match script.byte() {
        0..=99 => usual,
        100..=199 => *script.pick(&[200, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504]),
        other => 100 + u16::from(other - 200) * 16 + u16::from(script.byte() % 16),
    }
}

/// No response, for one of the reasons there are.
pub(crate) fn failure(script: &mut Script<'_>) -> TransportError {
    use TransportErrorKind::{
        Broken, InvalidRequest, InvalidResponse, Misconfigured, NotSent, TimedOut, TooLarge,
        UntrustedCertificate,
    };
    let kind = *script.pick(&[
        NotSent,
        UntrustedCertificate,
        Misconfigured,
        InvalidRequest,
        TimedOut,
        Broken,
        InvalidResponse,
        TooLarge,
    ]);
    TransportError::new(kind, "the fuzzer's doing")
}

/// How often a request is tried here.
pub(crate) const TRIES: u32 = 2;

/// A client that waits for nothing, asks nobody and keeps nothing.
pub(crate) fn builder(net: &Net) -> OtfBuilder {
    Otf::builder()
        .transport(net.clone())
        .store(MemoryStore::new())
        .retry(RetryPolicy::default().attempts(TRIES).initial_delay(Duration::ZERO))
        .sleep(|_| {})
        .lambda_retry_delay(Duration::ZERO)
        .lock_wait(Duration::ZERO)
        .clock(now)
        .cache_responses(false)
        .environment(false)
        .prompt(false)
}

/// One that is signed in.
pub(crate) fn client(net: &Net) -> Otf {
    client_at(net, Endpoints::default())
}

/// One that is signed in to the service at these addresses.
pub(crate) fn client_at(net: &Net, endpoints: Endpoints) -> Otf {
    let session = Session::from_refresh_token(secret("refresh"), None);
    let otf = builder(net).endpoints(endpoints).session(session).login().unwrap();
    assert_eq!(net.take(), ["InitiateAuth"]);
    otf
}

/// All that an error shows.
pub(crate) fn shown(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error}\n{error:?}");
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}\n{error}\n{error:?}");
        source = error.source();
    }
    text
}

/// What holds of any error: it is one line, short enough to be read, and no secret is in it or below it.
pub(crate) fn check_error(error: &Error) {
    check_shown(error);
    assert!(!(error.is_retryable() && error.is_not_found()), "{error:?}");
}

/// What holds of any error of any product.
pub(crate) fn check_shown(error: &dyn std::error::Error) {
    let shown = shown(error);
    assert!(!shown.contains(MARK), "a secret is shown: {shown}");
    let line = error.to_string();
    assert!(!line.contains(char::is_control), "more than one line: {line:?}");
    assert!(line.len() < 5_000, "{} bytes: {line}", line.len());
}
