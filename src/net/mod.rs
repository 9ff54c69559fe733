//! HTTP: the transport, and sending with retries.

mod connector;
mod http_client;
mod limits;
mod proxy;
mod retry;
mod retry_after;
mod transport;
mod ureq_error;
mod ureq_transport;

#[cfg(feature = "codegrade")]
pub(crate) use http_client::RequestError;
pub(crate) use http_client::{Clock, HttpClient, Idempotency, Sleep};
pub use limits::Limits;
pub use retry::RetryPolicy;
pub(crate) use retry_after::retry_after;
pub use transport::Transport;
pub use ureq_transport::{UreqTransport, UreqTransportBuilder};
