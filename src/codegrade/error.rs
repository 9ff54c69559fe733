//! Errors of CodeGrade calls.

use std::error::Error as StdError;
use std::fmt::{self, Write};
use std::io;
use std::time::Duration;

use super::ApiError;
use super::pow::PowError;
use crate::error::{Printable, TransportError, redact, shorten};
use crate::models::DecodeError;
use crate::net::RequestError;

/// `Result` with CodeGrade's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call to a CodeGrade server failed.
///
/// `Display` is one line that says what failed and what to do next; [`source()`](StdError::source) is the layer
/// below. Neither shows a token, a code, an email address or a query string. `endpoint` is the method and path of the
/// request, e.g. `GET /api/v1/login`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An argument is invalid; nothing was sent.
    InvalidInput {
        /// The name of the argument.
        argument: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// There was no response.
    Transport {
        /// The request.
        endpoint: String,
        /// What happened on the network.
        source: TransportError,
    },
    /// The server refused the request.
    Api(Box<ApiError>),
    /// The token has expired or was revoked (401): log in again.
    NotLoggedIn(Box<ApiError>),
    /// Too many requests (429). [`ApiError::retry_after`] says how long to wait.
    RateLimited(Box<ApiError>),
    /// Logging in, or revoking a token, would end an isolated session, as exams use. To do that, log in with
    /// [`confirm_session_termination`](super::ConfirmOtpLoginData::confirm_session_termination) (the code is still
    /// good), or call [`Session::end_all_sessions`](super::Session::end_all_sessions).
    IsolatedSessionActive(Box<ApiError>),
    /// The response does not have the expected form.
    Decode {
        /// The request.
        endpoint: String,
        /// Where in the response, and what is wrong there.
        source: DecodeError,
    },
    /// The server's proof of work was not found.
    ProofOfWork(PowError),
    /// The token store failed.
    Store {
        /// What was attempted.
        action: String,
        /// What happened.
        source: io::Error,
    },
    /// A write may have taken effect or not. It is never sent again automatically.
    OutcomeUnknown {
        /// The request.
        endpoint: String,
        /// What to do next.
        hint: String,
        /// Why the outcome is unknown.
        source: Box<Error>,
    },
}

impl Error {
    /// The server's reason, if it refused the request.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error)
            | Self::NotLoggedIn(error)
            | Self::RateLimited(error)
            | Self::IsolatedSessionActive(error) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        self.api().map(|error| error.status)
    }

    /// Whether the same call can succeed a little later. Never true for [`Error::OutcomeUnknown`].
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport { source, .. } => source.is_retryable(),
            Self::RateLimited(_) => true,
            Self::Api(error) => error.status >= 500,
            _ => false,
        }
    }

    /// How long to wait before the next attempt, if the server says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::OutcomeUnknown { source, .. } => source.retry_after(),
            error => error.api()?.retry_after,
        }
    }

    /// Whether the server responded with 404: there is no such object or, during a login, the code is wrong.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Api(error) if error.status == 404)
    }

    pub(super) fn invalid(argument: &'static str, reason: impl Into<String>) -> Self {
        Self::InvalidInput { argument, reason: reason.into() }
    }

    pub(super) fn decode(endpoint: &str, source: DecodeError) -> Self {
        let source = DecodeError { path: shorten(&source.path), reason: redact(&source.reason) };
        Self::Decode { endpoint: endpoint.to_owned(), source }
    }

    /// The error of a write: [`Error::OutcomeUnknown`] unless it shows that the write did not take effect.
    pub(super) fn into_outcome_unknown(self, endpoint: &str, hint: &str) -> Self {
        let is_open = match &self {
            Self::Transport { source, .. } => !source.is_never_sent(),
            Self::Decode { .. } => true,
            Self::Api(error) => leaves_open(error.status),
            _ => false,
        };
        if !is_open {
            return self;
        }
        Self::OutcomeUnknown { endpoint: endpoint.to_owned(), hint: hint.to_owned(), source: Box::new(self) }
    }
}

/// Whether a write with this status may have taken effect: an undocumented success, a redirect to the result, a server
/// that gave up waiting for the request, or one that failed on the way.
fn leaves_open(status: u16) -> bool {
    matches!(status, 200..=299 | 303 | 408) || status >= 500
}

impl RequestError for Error {
    fn from_transport(endpoint: &str, source: TransportError) -> Self {
        Self::Transport { endpoint: endpoint.to_owned(), source }
    }

    fn as_transport(&self) -> Option<&TransportError> {
        match self {
            Self::Transport { source, .. } => Some(source),
            _ => None,
        }
    }

    fn is_retryable(&self) -> bool {
        self.is_retryable()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut Printable(f);
        match self {
            Self::InvalidInput { argument, reason } => write!(f, "invalid {argument}: {reason}"),
            Self::Transport { endpoint, source } => write!(f, "{endpoint}: {source}"),
            Self::Api(error) | Self::NotLoggedIn(error) | Self::RateLimited(error) => write!(f, "{error}"),
            Self::IsolatedSessionActive(error) => write!(
                f,
                "{}: this would end an isolated session, such as an exam; to do that, log in with \
                 confirm_session_termination(true) or call end_all_sessions()",
                error.endpoint
            ),
            Self::Decode { endpoint, source } => write!(
                f,
                "{endpoint}: unexpected response: {source}; check that the address is that of a CodeGrade server"
            ),
            Self::ProofOfWork(error) => write!(f, "{error}"),
            Self::Store { action, .. } => write!(f, "the token store failed: {action}"),
            Self::OutcomeUnknown { endpoint, hint, .. } => {
                write!(f, "{endpoint}: it is unknown whether this took effect; {hint}")
            }
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            // The line above already shows the transport's own message.
            Self::Transport { source, .. } => source.source(),
            Self::Store { source, .. } => Some(source),
            Self::OutcomeUnknown { source, .. } => Some(source),
            _ => None,
        }
    }
}
