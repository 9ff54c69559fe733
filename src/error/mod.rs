//! Errors, by what a caller can do about them.

mod display;
mod text;
mod transport;

use std::error::Error as StdError;
use std::time::Duration;

use jiff::Timestamp;

pub(crate) use text::{Printable, printable, redact, shorten};
pub use transport::{TransportError, TransportErrorKind};

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A lower error that is shown by [`source()`](StdError::source).
pub(crate) type Source = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// `Display` is one line that says what failed, on what, and what to do; the underlying error, if there is one, is
/// [`source()`](StdError::source). Neither shows a secret or a query string. `endpoint` is the request's method and
/// path, e.g. `GET /v1/classes`; `message` is the service's own, with its code.
///
/// Variants that describe a response may gain fields, so match them with `..`.
///
/// # Any call
///
/// Every call that sends a request can fail with
/// [`Transport`](Self::Transport), [`Http`](Self::Http), [`RateLimited`](Self::RateLimited),
/// [`NotFound`](Self::NotFound) or [`Decode`](Self::Decode); if the tokens have to be renewed first, with
/// [`NoCredentials`](Self::NoCredentials), [`Authentication`](Self::Authentication),
/// [`SignInThrottled`](Self::SignInThrottled) or [`Challenge`](Self::Challenge); and a write with
/// [`OutcomeUnknown`](Self::OutcomeUnknown). The `# Errors` of a method list only what it adds or what needs
/// explaining.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// No valid tokens and no credentials are available.
    NoCredentials {
        /// What was looked for and not found, and what to set.
        reason: String,
    },
    /// The user pool rejected the sign-in, or its response can't be trusted.
    #[non_exhaustive]
    Authentication {
        /// Cognito's name of the error, e.g. `NotAuthorizedException`, if it sent one.
        code: Option<String>,
        /// Cognito's message, or what is wrong with its response.
        message: String,
        /// The HTTP status of its response, if it sent one.
        status: Option<u16>,
        /// AWS's id of the request, for a report to the service.
        request_id: Option<String>,
        /// The layer below, if there is one.
        source: Option<Source>,
    },
    /// Too many sign-ins: wait a few minutes. Trying again at once makes the wait longer.
    #[non_exhaustive]
    SignInThrottled {
        /// Cognito's name of the error, e.g. `TooManyRequestsException`.
        code: String,
        /// Cognito's message.
        message: String,
        /// The HTTP status of its response.
        status: Option<u16>,
        /// AWS's id of the request, for a report to the service.
        request_id: Option<String>,
    },
    /// The user pool sent a challenge that the program does not handle: see `OtfBuilder::on_challenge`.
    Challenge {
        /// Cognito's name of the challenge, e.g. `SMS_MFA`.
        name: String,
        /// What is missing.
        reason: String,
    },
    /// There was no response.
    Transport {
        /// The request.
        endpoint: String,
        /// What happened on the network.
        source: TransportError,
    },
    /// The service reported that the request failed.
    #[non_exhaustive]
    Http {
        /// The request.
        endpoint: String,
        /// The HTTP status. With a 2xx, the body reports the failure.
        status: u16,
        /// The service's code, e.g. `ERROR`, if it sent one.
        code: Option<String>,
        /// The service's message, if it sent one.
        message: Option<String>,
        /// The `Retry-After` delay, if the service sent one, as with a 503.
        retry_after: Option<Duration>,
    },
    /// The requested item does not exist.
    #[non_exhaustive]
    NotFound {
        /// The request.
        endpoint: String,
        /// The service's message, or what was not in its response.
        message: Option<String>,
    },
    /// The member has already booked this class.
    #[non_exhaustive]
    AlreadyBooked {
        /// The request.
        endpoint: String,
        /// The booking's id, if the service sent it. That it ever does is not confirmed.
        booking_id: Option<String>,
        /// The service's message.
        message: Option<String>,
    },
    /// The member has another booking at the same time.
    #[non_exhaustive]
    ConflictingBooking {
        /// The request, which was not sent if the client found the conflict.
        endpoint: String,
        /// The other booking's id, if it is known.
        booking_id: Option<String>,
        /// The other booking as text, or the service's message.
        message: Option<String>,
    },
    /// The class is full.
    #[non_exhaustive]
    ClassFull {
        /// The request.
        endpoint: String,
        /// Whether the waitlist is open; `None` if neither the service nor the listed class says.
        waitlist_available: Option<bool>,
        /// The service's message.
        message: Option<String>,
    },
    /// The class has started, so it can't be booked. Found by the client before anything is sent, if it knows the
    /// start.
    #[non_exhaustive]
    ClassStarted {
        /// The request.
        endpoint: String,
        /// The service's message.
        message: Option<String>,
    },
    /// The studio has canceled the class.
    #[non_exhaustive]
    ClassCanceled {
        /// The request.
        endpoint: String,
        /// The service's message.
        message: Option<String>,
    },
    /// The booking is already canceled.
    #[non_exhaustive]
    BookingAlreadyCanceled {
        /// The request.
        endpoint: String,
        /// The service's message.
        message: Option<String>,
    },
    /// Canceling now would be a late cancellation, for which studios charge. Nothing was sent.
    #[non_exhaustive]
    LateCancellation {
        /// The request.
        endpoint: String,
        /// Since when it is late.
        late_from: Timestamp,
    },
    /// The class can't be booked yet, or no longer.
    #[non_exhaustive]
    OutsideSchedulingWindow {
        /// The request.
        endpoint: String,
        /// When booking opens, as far as the client can tell: see `OtfClass::bookable_from`.
        bookable_from: Option<Timestamp>,
        /// The service's message.
        message: Option<String>,
    },
    /// The class is already rated.
    #[non_exhaustive]
    AlreadyRated {
        /// The request.
        endpoint: String,
        /// The service's message.
        message: Option<String>,
    },
    /// The class can't be rated: it was not attended, or too long ago.
    NotRatable {
        /// Why not.
        reason: String,
    },
    /// A response that does not have the expected form.
    Decode {
        /// The request.
        endpoint: String,
        /// Where in the response, as a JSON path such as `items[3].class.starts_at`; `.` is the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// An argument is invalid; nothing was sent.
    InvalidInput {
        /// The argument's name.
        argument: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The store of tokens and responses failed, and the call needs it.
    Store {
        /// What was tried.
        action: String,
        /// What happened.
        source: std::io::Error,
    },
    /// Too many requests (429).
    #[non_exhaustive]
    RateLimited {
        /// The request.
        endpoint: String,
        /// The service's message.
        message: Option<String>,
        /// The `Retry-After` delay, if the service sent one.
        retry_after: Option<Duration>,
    },
    /// A write may or may not have taken effect: check before sending it again.
    OutcomeUnknown {
        /// The request.
        endpoint: String,
        /// What to look up.
        hint: String,
        /// Why the outcome is unknown.
        source: Box<Error>,
    },
}

impl Error {
    /// Whether the same call can succeed a little later.
    ///
    /// Never true for a write that may have taken effect ([`Error::OutcomeUnknown`]), nor for a throttled sign-in.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport { source, .. } => source.is_retryable(),
            Self::RateLimited { .. } => true,
            // A trigger of the user pool that failed, rather than a refusal.
            Self::Http { code: Some(code), .. } if code == "UserLambdaValidationException" => true,
            Self::Store { source, .. } => {
                !matches!(source.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::InvalidInput)
            }
            Self::OutcomeUnknown { .. } | Self::Authentication { .. } | Self::SignInThrottled { .. } => false,
            other => other.status().is_some_and(is_server_error),
        }
    }

    /// The `Retry-After` delay, if the service sent one with a 429 or a 503. If the outcome of a write is unknown, look
    /// it up after that time.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Http { retry_after, .. } => *retry_after,
            Self::OutcomeUnknown { source, .. } => source.retry_after(),
            _ => None,
        }
    }

    /// Whether the requested item does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Whether signing in again, or with other credentials, can help.
    pub fn is_authentication(&self) -> bool {
        match self {
            Self::NoCredentials { .. } | Self::Authentication { .. } | Self::Challenge { .. } => true,
            Self::OutcomeUnknown { .. } => false,
            other => other.status() == Some(401),
        }
    }

    /// The HTTP status behind the error, if the variant has one: that of [`Http`](Self::Http), 404 for
    /// [`NotFound`](Self::NotFound), 429 for [`RateLimited`](Self::RateLimited), Cognito's for a failed sign-in, and
    /// that of the source of [`OutcomeUnknown`](Self::OutcomeUnknown). `None` for errors about classes and bookings,
    /// whose statuses differ between endpoints.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Http { status, .. } => Some(*status),
            Self::NotFound { .. } => Some(404),
            Self::RateLimited { .. } => Some(429),
            Self::Authentication { status, .. } | Self::SignInThrottled { status, .. } => *status,
            Self::OutcomeUnknown { source, .. } => source.status(),
            _ => None,
        }
    }

    /// The error of a write: [`Error::OutcomeUnknown`] unless this error shows that the write did not take effect.
    /// `leaves_open` names the statuses that do not show it.
    pub(crate) fn of_write(self, endpoint: &str, hint: &str, leaves_open: fn(u16) -> bool) -> Self {
        let may_have_taken = match &self {
            Self::Transport { source, .. } => !source.is_never_sent(),
            Self::Decode { .. } => true,
            Self::OutcomeUnknown { .. } => false,
            other => other.status().is_some_and(leaves_open),
        };
        if may_have_taken { self.into_outcome_unknown(endpoint, hint) } else { self }
    }

    /// The error of a write about which this error says nothing.
    pub(crate) fn into_outcome_unknown(self, endpoint: &str, hint: &str) -> Self {
        let (endpoint, hint) = (endpoint.to_owned(), hint.to_owned());
        Self::OutcomeUnknown { endpoint, hint, source: Box::new(self) }
    }

    pub(crate) fn authentication(message: impl Into<String>) -> Self {
        Self::Authentication {
            code: None,
            message: message.into(),
            status: None,
            request_id: None,
            source: None,
        }
    }

    /// Something in the sign-in that an honest service would not send.
    pub(crate) fn untrusted(message: impl Into<String>, source: impl Into<Source>) -> Self {
        Self::Authentication {
            code: None,
            message: message.into(),
            status: None,
            request_id: None,
            source: Some(source.into()),
        }
    }

    pub(crate) fn invalid(argument: &'static str, reason: impl Into<String>) -> Self {
        Self::InvalidInput { argument, reason: reason.into() }
    }
}

/// Whether a status reports a failure of the server, which may have come after the write. Statuses beyond 599 count as
/// 5xx (RFC 9110, section 15).
pub(crate) fn is_server_error(status: u16) -> bool {
    status >= 500
}

/// A service's message and code as one text.
pub(crate) fn with_code(message: Option<&str>, code: Option<&str>) -> Option<String> {
    match (message, code) {
        (Some(message), Some(code)) => Some(format!("{message} ({code})")),
        (text, None) | (None, text) => text.map(str::to_owned),
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Authentication { source: Some(source), .. } => Some(source.as_ref()),
            // `Display` already shows the transport's own message.
            Self::Transport { source, .. } => source.source(),
            Self::Store { source, .. } => Some(source),
            Self::OutcomeUnknown { source, .. } => Some(source),
            _ => None,
        }
    }
}
