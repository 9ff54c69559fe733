//! Replacing or wrapping the HTTP stack.
//!
//! [`Transport`](crate::Transport) is one method: it takes a request and returns a response or a
//! [`TransportError`](crate::TransportError). The layers above it handle retries, tokens and the meaning of responses.
//! This transport counts requests and leaves the rest to the default one:
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicUsize, Ordering};
//!
//! use otf_api::http::{Request, Response};
//! use otf_api::{Transport, TransportError, UreqTransport};
//!
//! struct Counted {
//!     inner: UreqTransport,
//!     count: Arc<AtomicUsize>,
//! }
//!
//! impl Transport for Counted {
//!     fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
//!         self.count.fetch_add(1, Ordering::Relaxed);
//!         self.inner.send(request)
//!     }
//! }
//!
//! # #[cfg(feature = "sandbox")] {
//! let sandbox = otf_api::sandbox::Sandbox::start()?;
//! let count = Arc::new(AtomicUsize::new(0));
//! let transport = Counted { inner: UreqTransport::default(), count: Arc::clone(&count) };
//! otf_api::Otf::builder().sandbox(&sandbox).transport(transport).login()?;
//! assert_eq!(count.load(Ordering::Relaxed), 3, "two steps of the sign-in, and the device");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The default
//!
//! [`UreqTransport`](crate::UreqTransport) is ureq with rustls. [`Limits`](crate::Limits) sets its time limits and the
//! maximum size of a response; [`UreqTransport::builder`](crate::UreqTransport::builder) also sets a proxy and root
//! certificates (see [corporate networks](super::corporate)). With the feature `gzip`, which is on by default, it
//! requests compressed responses.
//!
//! It knows whether any part of a failed request was sent. Name resolution, connecting, proxy negotiation and the TLS
//! handshake come first; if one of them fails, even a booking is retried, and the result is never
//! [`OutcomeUnknown`](crate::Error::OutcomeUnknown).
//!
//! A program that has its own `ureq::Agent` can pass it to
//! [`UreqTransport::from_agent`](crate::UreqTransport::from_agent). Such an agent does not say whether a failed request
//! was sent, and some proxies can delay a call beyond its time limit.
//!
//! # Another HTTP stack
//!
//! - Send the request as it is. Its headers are complete, and a signature depends on the order of query parameters.
//! - Return every response, including 4xx and 5xx. Follow no redirects: the headers contain tokens.
//! - Read the whole body, up to a size limit, within a time limit.
//! - Choose the [kind](crate::TransportErrorKind) of an error carefully: after
//!   [`NotSent`](crate::TransportErrorKind::NotSent), a booking is sent again. When in doubt, return
//!   [`Broken`](crate::TransportErrorKind::Broken).
//! - Keep headers and bodies out of logs.
