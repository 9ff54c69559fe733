//! HTTP: the transport, and sending with retries.

mod http_client;
mod retry;
mod transport;
mod ureq_transport;

pub(crate) use http_client::{Clock, HttpClient, Idempotency, Sleep};
pub use retry::RetryPolicy;
pub use transport::Transport;
pub use ureq_transport::{Limits, UreqTransport};
