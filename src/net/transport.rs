//! The interface to the network.

use http::{Request, Response};

use crate::error::TransportError;

/// Sends one request and returns the response, whatever its status: no retries, no redirects, no authentication.
///
/// [`UreqTransport`](crate::UreqTransport) is the default. Implement the trait to record, to replay, or to use another
/// HTTP stack. Requests carry tokens: keep their headers out of logs.
pub trait Transport: Send + Sync {
    /// Sends a request and reads the complete response.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] if there is no complete response. Its kind decides whether a write may be sent again, so
    /// return [`NotSent`](crate::TransportErrorKind::NotSent) only if no byte of the request can have reached the
    /// server.
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError>;
}
