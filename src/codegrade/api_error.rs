//! Refusals by the server.

use std::fmt;
use std::time::Duration;

use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use super::models::to_duration;
use super::{ApiCode, Error};
use crate::error::shorten;
use crate::net::retry_after;

/// A CodeGrade server's reason for refusing a request.
///
/// Everything but the status may be absent, e.g. if a proxy replied.
#[doc(alias = "BaseError")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The request, e.g. `GET /api/v1/login`. The id of a login is left out.
    pub endpoint: String,
    /// The HTTP status.
    pub status: u16,
    /// The server's error code.
    pub code: Option<ApiCode>,
    /// The server's message.
    pub message: Option<String>,
    /// A longer description.
    pub description: Option<String>,
    /// The server's id of the request, for a bug report to CodeGrade.
    pub request_id: Option<String>,
    /// How long to wait before the next attempt, if the server says so.
    pub retry_after: Option<Duration>,
    /// The permissions that the call needs, if it failed because some are missing.
    pub missing_permissions: Vec<String>,
    not_found_hint: Option<&'static str>,
}

impl ApiError {
    /// What to do next, if that is known.
    pub fn hint(&self) -> Option<&'static str> {
        match (self.status, &self.code) {
            (401, _) => Some("log in again: the token has expired or was revoked"),
            (404, _) => self.not_found_hint,
            (429, _) | (_, Some(ApiCode::RateLimitExceeded)) => Some("wait before the next attempt"),
            (_, Some(ApiCode::MailingFailed)) => Some("try again later: the server could not send the email"),
            (_, Some(ApiCode::DisabledSetting)) => Some("this server does not offer it: log in another way"),
            (403, Some(ApiCode::InactiveUser)) => {
                Some("ask the administrator of this server to activate the user")
            }
            (403, _) => Some("the user or the token lacks the permission for this"),
            (500.., _) => Some("try again later"),
            _ => None,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the server responded with {}", self.endpoint, self.status)?;
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        if !self.missing_permissions.is_empty() {
            write!(f, "; needed: {}", self.missing_permissions.join(", "))?;
        }
        if let Some(hint) = self.hint() {
            write!(f, "; {hint}")?;
        }
        if let Some(after) = self.retry_after {
            write!(f, " (in {} s)", after.as_secs_f64().ceil())?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, " [request {request_id}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

/// A larger body is a web page rather than an error of the server.
const LARGEST_BODY: usize = 64 * 1024;

/// The maximum number of missing permissions that are shown.
const MOST_PERMISSIONS: usize = 10;

/// The request that was refused.
pub(super) struct Refused<'a> {
    pub(super) endpoint: &'a str,
    /// What a 404 means here.
    pub(super) not_found_hint: Option<&'static str>,
    /// The parts of the request that must not appear in an error.
    pub(super) private: &'a [&'a str],
    pub(super) now: Timestamp,
}

/// The error of a response.
pub(super) fn read(response: &Response<Vec<u8>>, refused: &Refused<'_>) -> Error {
    let body: Value = match response.body().as_slice() {
        large if large.len() > LARGEST_BODY => Value::Null,
        body => serde_json::from_slice(body).unwrap_or_default(),
    };
    let text = |value: &Value| {
        let text = value.as_str().filter(|text| !text.is_empty())?;
        let private = refused.private.iter().filter(|text| !text.is_empty());
        Some(shorten(&private.fold(text.to_owned(), |text, private| text.replace(private, "…"))))
    };
    let field = |key: &str| text(body.get(key)?);
    let status = response.status();
    let permissions = body.get("missing_permissions").and_then(Value::as_array).into_iter().flatten();
    let error = Box::new(ApiError {
        endpoint: refused.endpoint.to_owned(),
        status: status.as_u16(),
        code: field("code").and_then(|code| serde_json::from_value(code.into()).ok()),
        message: field("message").or_else(|| undocumented(status).map(str::to_owned)),
        description: field("description"),
        request_id: field("request_id"),
        retry_after: body
            .get("retry_after")
            .and_then(to_duration)
            .or_else(|| retry_after(response.headers(), refused.now)),
        missing_permissions: permissions.filter_map(text).take(MOST_PERMISSIONS).collect(),
        not_found_hint: refused.not_found_hint,
    });
    match &error.code {
        Some(ApiCode::IsolatedSessionActive) => Error::IsolatedSessionActive(error),
        Some(ApiCode::RateLimitExceeded) => Error::RateLimited(error),
        _ if status == StatusCode::TOO_MANY_REQUESTS => Error::RateLimited(error),
        _ if status == StatusCode::UNAUTHORIZED => Error::NotLoggedIn(error),
        _ => Error::Api(error),
    }
}

fn undocumented(status: StatusCode) -> Option<&'static str> {
    if status.is_redirection() {
        return Some("a redirect, which is not followed; check the address of the server");
    }
    status.is_success().then_some("a status that the API does not document")
}
