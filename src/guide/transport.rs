//! Replacing or wrapping the HTTP stack.
//!
//! [`Transport`](crate::Transport) is one method: it takes a request and returns a response or a
//! [`TransportError`](crate::TransportError). Retries, tokens and the meaning of a response are handled above it, so a
//! transport only sends. This one counts requests and leaves the rest to the default:
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
//! It knows whether any of a failed request was sent. Resolving the name, connecting, the proxy and the TLS handshake
//! come first, so when they fail, even a booking is retried, and never ends as
//! [`OutcomeUnknown`](crate::Error::OutcomeUnknown).
//!
//! A program that has a `ureq::Agent` of its own can pass it to
//! [`UreqTransport::from_agent`](crate::UreqTransport::from_agent). Such an agent does not say whether a failed request
//! was sent, and does not keep the time limit of a call against every proxy.
//!
//! # Another HTTP stack
//!
//! - Send the request as it is. Its headers are complete, and a signature depends on the order of query parameters.
//! - Return every response, including 4xx and 5xx. Follow no redirects: the headers contain tokens.
//! - Read the whole body, up to a size limit, within a time limit.
//! - Choose the [kind](crate::TransportErrorKind) of an error with care.
//!   [`NotSent`](crate::TransportErrorKind::NotSent) lets a booking be sent again. In doubt, return
//!   [`Broken`](crate::TransportErrorKind::Broken).
//! - Keep headers and bodies out of logs.
