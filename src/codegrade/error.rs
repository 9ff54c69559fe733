//! What an error answer says.

use std::fmt;
use std::time::Duration;

use http::{Response, StatusCode};
use jiff::{Span, SpanRelativeTo, Timestamp};
use serde_json::Value;

use super::ApiCode;
use super::endpoint::Endpoint;
use crate::client::{LARGEST_REFUSAL, retry_after};
use crate::error::shorten;
use crate::error::{Error, with_code};

/// What a CodeGrade server said when it refused a request, as far as it said something: the answer may have
/// been a page of HTML, or empty.
#[doc(alias = "BaseError")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The request, e.g. `POST /api/v1/otp_logins/{id}/confirm`.
    pub endpoint: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The server's name for what went wrong.
    pub code: Option<ApiCode>,
    /// The same for people.
    pub message: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// The server's name for the request, for reporting a bug to CodeGrade.
    pub request_id: Option<String>,
    /// How long the server wants to be left alone.
    pub retry_after: Option<Duration>,
    not_found_means: Option<&'static str>,
}

impl ApiError {
    /// What a 404 can mean here, which the server leaves open on purpose.
    pub fn meaning(&self) -> Option<&'static str> {
        self.not_found_means.filter(|_| self.status == StatusCode::NOT_FOUND.as_u16())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the server answered {}", self.endpoint, self.status)?;
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        if let Some(meaning) = self.meaning() {
            write!(f, "; {meaning}")?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, " [request {request_id}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

/// The longest wait that a server can ask for and be taken at its word, about 136 years.
const LONGEST_WAIT: Duration = Duration::from_secs(u32::MAX as u64);

/// The error that an answer stands for. `private` are the texts of the request that must not come back in it.
pub(super) fn refusal(
    endpoint: &'static Endpoint,
    answer: &Response<Vec<u8>>,
    private: &[&str],
    now: Timestamp,
) -> Error {
    let body: Value = match answer.body().as_slice() {
        large if large.len() > LARGEST_REFUSAL => Value::Null,
        body => serde_json::from_slice(body).unwrap_or_default(),
    };
    let text = |key: &str| {
        let text = body.get(key)?.as_str().filter(|text| !text.is_empty())?;
        let text = private
            .iter()
            .filter(|text| !text.is_empty())
            .fold(text.to_owned(), |text, private| text.replace(private, "…"));
        Some(shorten(&text))
    };
    let status = answer.status();
    let redirect = || status.is_redirection().then(|| "a redirect, which is not followed".to_owned());
    let from_header = || retry_after(answer.headers(), now);
    let error = ApiError {
        endpoint: endpoint.name,
        status: status.as_u16(),
        code: text("code").map(|code| ApiCode::from(code.as_str())),
        message: text("message").or_else(redirect),
        description: text("description"),
        request_id: text("request_id"),
        retry_after: body.get("retry_after").and_then(duration).or_else(from_header),
        not_found_means: endpoint.not_found_means,
    };
    match &error.code {
        Some(ApiCode::IsolatedSessionActive) => Error::IsolatedSessionActive(Box::new(error)),
        code if status == StatusCode::TOO_MANY_REQUESTS || *code == Some(ApiCode::RateLimitExceeded) => {
            Error::RateLimited {
                endpoint: endpoint.name.to_owned(),
                message: with_code(error.message.as_deref(), code.as_ref().map(ApiCode::as_str)),
                retry_after: error.retry_after,
            }
        }
        _ => Error::CodeGrade(Box::new(error)),
    }
}

/// Seconds, or an ISO 8601 duration; what is negative or neither is as good as not there.
fn duration(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match text.parse::<f64>() {
            Ok(seconds) => seconds,
            Err(_) => {
                let span: Span = text.parse().ok()?;
                span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.as_secs_f64()
            }
        },
        _ => return None,
    };
    (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}
