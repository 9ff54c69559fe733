//! Sending requests over the transport, with retries where they are safe.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Request, Response};
use jiff::Timestamp;

use super::{RetryPolicy, Transport};
use crate::error::{Error, Result};

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

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// It changes nothing: retried after any failure that is retryable.
    Safe,
    /// It changes something or proves a password: retried only if it was certainly not sent.
    IfNotSent,
}

impl Idempotency {
    fn allows_retry(self, error: &Error) -> bool {
        match self {
            Self::Safe => error.is_retryable(),
            Self::IfNotSent => {
                matches!(error, Error::Transport { source, .. } if source.is_never_sent() && source.is_retryable())
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
    pub(crate) fn send<T>(
        &self,
        endpoint: &str,
        request: &Request<Vec<u8>>,
        idempotency: Idempotency,
        check_response: impl Fn(Response<Vec<u8>>) -> Result<T>,
    ) -> Result<T> {
        self.retry.run(
            |delay| self.sleep(delay),
            |error| idempotency.allows_retry(error),
            || check_response(self.send_once(endpoint, request)?),
        )
    }

    fn send_once(&self, endpoint: &str, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>> {
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
        result.map_err(|source| Error::Transport { endpoint: endpoint.to_owned(), source })
    }
}
