//! Sending requests over the transport, with retries where they are safe.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Request, Response, StatusCode, header};
use jiff::Timestamp;

use super::{RetryPolicy, Transport};
use crate::error::{Error, TransportError};

/// Returns the current time.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Waits for a time.
pub(crate) type Sleep = Arc<dyn Fn(Duration) + Send + Sync>;

/// A transport, with a retry policy and a way to wait between attempts.
#[derive(Clone)]
pub(crate) struct HttpClient {
    transport: Arc<dyn Transport>,
    retry: RetryPolicy,
    sleep: Sleep,
}

/// What sending and retrying need to know about an error. OrangeTheory and CodeGrade have different error types.
pub(crate) trait RequestError: fmt::Display + Sized {
    /// The error of a request without a response.
    fn from_transport(endpoint: &str, source: TransportError) -> Self;

    /// The transport's error, if this is one.
    fn as_transport(&self) -> Option<&TransportError>;

    /// Whether the same request can succeed later.
    fn is_retryable(&self) -> bool;

    /// The `Retry-After` delay, if the service sent one.
    fn retry_after(&self) -> Option<Duration>;

    /// The error for a successful response that is HTML instead of JSON, unless the caller looks for that itself.
    fn from_html(_endpoint: &str, _status: StatusCode) -> Option<Self> {
        None
    }

    /// The same error, which names the likely sender of an HTML page if it says nothing better.
    fn name_html(self, _status: StatusCode) -> Self {
        self
    }
}

impl RequestError for Error {
    fn from_transport(endpoint: &str, source: TransportError) -> Self {
        Self::Transport { endpoint: endpoint.to_owned(), source }
    }

    fn as_transport(&self) -> Option<&TransportError> {
        match self {
            Self::Transport { source, .. } => Some(source),
            _ => None,
        }
    }

    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after()
    }

    fn from_html(endpoint: &str, status: StatusCode) -> Option<Self> {
        let (endpoint, path) = (endpoint.to_owned(), ".".to_owned());
        status.is_success().then(|| Self::Decode { endpoint, path, reason: html_reason(status) })
    }

    fn name_html(self, html: StatusCode) -> Self {
        match self {
            Self::Http { endpoint, status, code, message: None, retry_after } => {
                Self::Http { endpoint, status, code, message: Some(html_reason(html)), retry_after }
            }
            error => error,
        }
    }
}

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// It changes nothing: retried after any failure that is retryable.
    Safe,
    /// It changes something or proves a password: retried only if it was certainly not sent.
    IfNotSent,
}

impl Idempotency {
    fn allows_retry(self, error: &impl RequestError) -> bool {
        match self {
            Self::Safe => error.is_retryable(),
            Self::IfNotSent => {
                error.as_transport().is_some_and(|error| error.is_never_sent() && error.is_retryable())
            }
        }
    }
}

impl HttpClient {
    pub(crate) fn new(transport: Arc<dyn Transport>, retry: RetryPolicy, sleep: Sleep) -> Self {
        Self { transport, retry, sleep }
    }

    /// Waits, as between retries.
    pub(crate) fn sleep(&self, delay: Duration) {
        (self.sleep)(delay);
    }

    /// Sends a request until `check_response` accepts the response or no retry is left. `endpoint` names the request in
    /// errors and the log.
    pub(crate) fn send<T, E: RequestError>(
        &self,
        endpoint: &str,
        request: &Request<Vec<u8>>,
        idempotency: Idempotency,
        check_response: impl Fn(Response<Vec<u8>>) -> Result<T, E>,
    ) -> Result<T, E> {
        let attempt = || {
            let response = self.send_once(endpoint, request);
            let response = response.map_err(|source| E::from_transport(endpoint, source))?;
            let html = html_from(&response);
            if let Some(error) = html.and_then(|status| E::from_html(endpoint, status)) {
                return Err(error);
            }
            check_response(response).map_err(|error| match html {
                Some(status) => error.name_html(status),
                None => error,
            })
        };
        self.retry.run(|delay| self.sleep(delay), |error| idempotency.allows_retry(error), attempt)
    }

    fn send_once(
        &self,
        endpoint: &str,
        request: &Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let started = Instant::now();
        let result = self.transport.send(request);
        let elapsed = started.elapsed().as_millis();
        match &result {
            Ok(response) => {
                log::debug!(
                    "{endpoint}: {} in {elapsed} ms, {} bytes",
                    response.status(),
                    response.body().len()
                );
            }
            Err(error) => log::debug!("{endpoint}: {error} after {elapsed} ms"),
        }
        result
    }
}

/// The status of a response whose body is HTML. The services themselves send JSON only.
fn html_from(response: &Response<Vec<u8>>) -> Option<StatusCode> {
    let is_html = |start: &[u8]| {
        [&b"<!doctype html"[..], b"<html"]
            .iter()
            .any(|tag| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)))
    };
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let says_html = content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let body = response.body().trim_ascii_start();
    (is_html(body) || (says_html && body.starts_with(b"<"))).then_some(response.status())
}

/// Names the likely sender of an HTML page.
fn html_reason(status: StatusCode) -> String {
    format!(
        "HTML instead of JSON (status {}); a proxy, firewall or captive portal probably replied",
        status.as_u16()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_recognized_by_its_start() {
        let status = |content_type: &str, body: &str| {
            let response = Response::builder().header("content-type", content_type).body(body.into());
            html_from(&response.unwrap()).map(|status| status.as_u16())
        };
        for body in ["<!DOCTYPE html><html>", "\r\n <HTML lang=en>", "<!doctype HTML>"] {
            assert_eq!(status("", body), Some(200), "{body}");
        }
        assert_eq!(status("text/html; charset=utf-8", "<head>"), Some(200));
        for (content_type, body) in [
            ("text/html", "{}"),
            ("text/html", ""),
            ("application/json", "\"<html>\""),
            ("application/xml", "<Error/>"),
            ("", "<"),
        ] {
            assert_eq!(status(content_type, body), None, "{content_type} {body}");
        }
    }
}
