//! HTTP: the transport, its errors, and sending with retries.

mod http_client;
pub(crate) mod redact;
mod retry;
mod transport;

pub(crate) use http_client::{Clock, HttpClient, Idempotency};
pub use retry::RetryPolicy;
pub(crate) use transport::check_base_url;
pub use transport::{Limits, Transport, TransportError, TransportErrorKind, UreqTransport};
