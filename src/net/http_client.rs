//! Sending requests over the transport, with retries where they are safe.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Request, Response};
use jiff::Timestamp;

use super::{RetryPolicy, Transport};
use crate::error::{Error, TransportError};

/// Returns the current time.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Waits for a time.
pub(crate) type Sleep = Arc<dyn Fn(Duration) + Send + Sync>;

/// A transport, how its failures are retried, and how to wait in between.
#[derive(Clone)]
pub(crate) struct HttpClient {
    transport: Arc<dyn Transport>,
    retry: RetryPolicy,
    sleep: Sleep,
}

/// What sending and retrying need of an error. Each product has an error type of its own.
pub(crate) trait RequestError: fmt::Display {
    /// The error of a request without a response.
    fn from_transport(endpoint: &str, source: TransportError) -> Self;

    /// The transport's error, if this is one.
    fn as_transport(&self) -> Option<&TransportError>;

    /// Whether the same request can succeed later.
    fn is_retryable(&self) -> bool;

    /// The `Retry-After` delay, if the service sent one.
    fn retry_after(&self) -> Option<Duration>;
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
            check_response(response.map_err(|source| E::from_transport(endpoint, source))?)
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
