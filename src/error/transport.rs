//! Why a request got no response.

use std::error::Error as StdError;
use std::fmt::{self, Write};

use super::{Printable, Source};

/// Why a request got no response. [`kind`](Self::kind) decides whether it may be sent again.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    source: Option<Source>,
}

/// The kinds of [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No byte of the request was sent: resolving the name, connecting, the proxy or the TLS handshake failed.
    NotSent,
    /// The server's certificate is not trusted, so nothing was sent.
    UntrustedCertificate,
    /// The transport is misconfigured and can't send anything, e.g. because of an invalid proxy address.
    Misconfigured,
    /// The request can't be sent by HTTP, so nothing was sent.
    InvalidRequest,
    /// The time limit passed after the request was sent, at least in part.
    TimedOut,
    /// The connection broke after the request was sent, at least in part, or the response was cut short.
    Broken,
    /// The response is not valid HTTP, or its content encoding is invalid.
    InvalidResponse,
    /// The response exceeds the size limit.
    TooLarge,
}

impl TransportError {
    /// Creates an error; `message` must not contain secrets.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Adds the error of the layer below.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind of failure.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server cannot have seen any of the request, so that a write may be sent again.
    pub fn is_never_sent(&self) -> bool {
        use TransportErrorKind::{InvalidRequest, Misconfigured, NotSent, UntrustedCertificate};
        matches!(self.kind, NotSent | UntrustedCertificate | Misconfigured | InvalidRequest)
    }

    /// Whether the same request can succeed when it is sent again.
    pub fn is_retryable(&self) -> bool {
        use TransportErrorKind::{Broken, InvalidResponse, NotSent, TimedOut};
        matches!(self.kind, NotSent | TimedOut | Broken | InvalidResponse)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printable(f).write_str(&self.message)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}
