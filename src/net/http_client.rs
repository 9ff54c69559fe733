//! One send_checked over the transport: sent, tried again where that is safe, judged.

use std::sync::Arc;
use std::time::Instant;

use http::{Request, Response};
use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::net::RetryPolicy;
use crate::net::Transport;

/// What the time is, for whoever must know; tests set their own.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A transport and how its failures are tried again.
#[derive(Clone)]
pub(crate) struct HttpClient {
    transport: Arc<dyn Transport>,
    retry: RetryPolicy,
}

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// It changes nothing: after any failure that can pass.
    Safe,
    /// It writes: only where no connection was made.
    IfNeverSent,
}

impl Idempotency {
    fn allows(self, error: &Error) -> bool {
        match self {
            Self::Safe => error.is_retryable(),
            Self::IfNeverSent => {
                matches!(error, Error::Transport { source, .. } if source.is_never_sent() && source.is_retryable())
            }
        }
    }
}

impl HttpClient {
    pub(crate) fn new(transport: Arc<dyn Transport>, retry: RetryPolicy) -> Self {
        Self { transport, retry }
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    /// Sends a request until `check_response` accepts an answer. `endpoint` names it in errors and the log.
    pub(crate) fn send_checked<T>(
        &self,
        endpoint: &str,
        request: &Request<Vec<u8>>,
        repeat: Idempotency,
        check_response: impl Fn(Response<Vec<u8>>) -> Result<T>,
    ) -> Result<T> {
        self.retry.run(|error| repeat.allows(error), || check_response(self.send(endpoint, request)?))
    }

    fn send(&self, endpoint: &str, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>> {
        let started = Instant::now();
        let sent = self.transport.send(request);
        let took = started.elapsed().as_millis();
        match &sent {
            Ok(answer) => {
                log::debug!("{endpoint}: {} in {took} ms, {} bytes", answer.status(), answer.body().len());
            }
            Err(error) => log::debug!("{endpoint}: {error} after {took} ms"),
        }
        sent.map_err(|source| Error::Transport { endpoint: endpoint.to_owned(), source })
    }
}
