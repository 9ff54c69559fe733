//! Another way to the network.
//!
//! [`Transport`](crate::Transport) is one method: a request in, an answer or a
//! [`TransportError`](crate::TransportError) out. Retries, tokens and errors are above it, so a transport does
//! nothing but send. This one counts, and lets the default do the work:
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
//! For another HTTP stack:
//!
//! - Send the request as it is: its headers are complete, and its order of query parameters matters to a signature.
//! - Return every answer, also a 4xx or 5xx. Follow no redirects: the headers hold tokens.
//! - Read the whole body, up to a limit, within a time limit.
//! - Choose the [kind](crate::TransportErrorKind) of an error with care.
//!   [`NotSent`](crate::TransportErrorKind::NotSent) says that the server has seen nothing, and lets a
//!   booking be sent again. In doubt it is [`Broken`](crate::TransportErrorKind::Broken).
//! - Keep headers and bodies out of logs.
//!
//! The default honours `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, and [`Limits`](crate::Limits) sets its times and
//! the largest body, so a proxy or a longer time-out needs no transport of your own.
