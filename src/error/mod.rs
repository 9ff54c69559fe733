//! What can go wrong, in terms a caller acts on.

mod text;
mod transport;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

// `Display` of models uses these.
#[allow(unused_imports)]
pub(crate) use text::{printable, printable_char};
pub(crate) use text::{redact, shorten};
pub use transport::{TransportError, TransportErrorKind};

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A lower error that is shown by [`source()`](StdError::source).
pub(crate) type Source = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// `Display` is one line that says what failed, on what, and what to do; the layer below, where there is one,
/// is [`source()`](StdError::source). Neither shows a secret or a query string. `endpoint` is the request's
/// method and path, e.g. `GET /v1/classes`; `message` is what the service said, where it said something.
///
/// The variants that tell of an answer can grow fields, so a pattern of one ends in `..`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Nobody is signed in and there is nothing to sign in with.
    NoCredentials {
        /// What was looked for and not found, and what to set.
        reason: String,
    },
    /// The user pool refused the sign-in, or its response can't be trusted.
    #[non_exhaustive]
    Authentication {
        /// Cognito's name of the error, e.g. `NotAuthorizedException`, where it sent one.
        code: Option<String>,
        /// What it said, or what is wrong with its response.
        message: String,
        /// The HTTP status of its response, if it sent one.
        status: Option<u16>,
        /// AWS's id of the request, for a report to the service.
        request_id: Option<String>,
        /// The layer below, where there is one.
        source: Option<Source>,
    },
    /// Too many sign-ins: the user pool wants a pause. Trying again at once makes it longer.
    #[non_exhaustive]
    SignInThrottled {
        /// Cognito's name of the error, e.g. `TooManyRequestsException`.
        code: String,
        /// What it said.
        message: String,
        /// The HTTP status of its response.
        status: Option<u16>,
        /// AWS's id of the request, for a report to the service.
        request_id: Option<String>,
    },
    /// The user pool asked for something that the program gave no answer to
    /// (see [`OtfBuilder::on_challenge`](crate::OtfBuilder::on_challenge)).
    Challenge {
        /// Cognito's name of the challenge, e.g. `SMS_MFA`.
        name: String,
        /// What is missing.
        reason: String,
    },
    /// The request did not get an answer.
    Transport {
        /// The request.
        endpoint: String,
        /// What happened on the wire.
        source: TransportError,
    },
    /// The service answered that the request failed.
    #[non_exhaustive]
    Http {
        /// The request.
        endpoint: String,
        /// The HTTP status.
        status: u16,
        /// The service's code, e.g. `ERROR`, where it sent one.
        code: Option<String>,
        /// What the service said, where it said something.
        message: Option<String>,
        /// How long the service wants to be left alone, where it said so, as a 503 may.
        retry_after: Option<Duration>,
    },
    /// What was asked for does not exist.
    #[non_exhaustive]
    NotFound {
        /// The request.
        endpoint: String,
        /// What the service said, with its code.
        message: Option<String>,
    },
    /// The member has already booked this class.
    #[non_exhaustive]
    AlreadyBooked {
        /// The request.
        endpoint: String,
        /// What the service said, with its code.
        message: Option<String>,
    },
    /// The member has another booking at the same time.
    ConflictingBooking {
        /// The other booking, as a person would name it.
        booking: String,
    },
    /// The class is full, and its waitlist was not asked for.
    #[non_exhaustive]
    ClassFull {
        /// The request.
        endpoint: String,
        /// Whether [`book_waitlist`](crate::BookingApi::book_waitlist) can help.
        waitlist_available: bool,
        /// What the service said, with its code.
        message: Option<String>,
    },
    /// The booking has been cancelled before.
    #[non_exhaustive]
    BookingAlreadyCancelled {
        /// The request.
        endpoint: String,
        /// What the service said, with its code.
        message: Option<String>,
    },
    /// The class can't be booked yet, or not any more.
    #[non_exhaustive]
    OutsideSchedulingWindow {
        /// The request.
        endpoint: String,
        /// What the service said, with its code.
        message: Option<String>,
    },
    /// The class has been rated before.
    #[non_exhaustive]
    AlreadyRated {
        /// The request.
        endpoint: String,
        /// What the service said, with its code.
        message: Option<String>,
    },
    /// The class can't be rated: it was not attended, or too long ago.
    NotRatable {
        /// Why not.
        reason: String,
    },
    /// An answer that does not have the expected form.
    Decode {
        /// The request.
        endpoint: String,
        /// Where in the answer, as a JSON path such as `items[3].class.starts_at`; `.` is the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// An argument that the service would refuse or that makes no sense; nothing was sent.
    InvalidInput {
        /// The argument's name.
        argument: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The store of tokens and responses failed where the call can't do without it.
    Store {
        /// What was tried.
        action: String,
        /// What happened.
        source: std::io::Error,
    },
    /// The service wants fewer requests (429).
    #[non_exhaustive]
    RateLimited {
        /// The request.
        endpoint: String,
        /// What the service said, with its code.
        message: Option<String>,
        /// How long the service wants to be left alone, where it said so.
        retry_after: Option<Duration>,
    },
    /// A write may have reached the service, or not: look before it is sent again.
    OutcomeUnknown {
        /// The request.
        endpoint: String,
        /// What to look up to know.
        hint: String,
        /// Why nothing more is known.
        source: Box<Error>,
    },
}

impl Error {
    /// Whether the same call can succeed when it is made again a little later.
    ///
    /// Never true for a write that may have taken ([`Error::OutcomeUnknown`]), nor for a throttled sign-in.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport { source, .. } => source.is_retryable(),
            Self::RateLimited { .. } => true,
            // A trigger of the user pool that failed, rather than a refusal.
            Self::Http { code: Some(code), .. } if code == "UserLambdaValidationException" => true,
            Self::Store { source, .. } => {
                !matches!(source.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::InvalidInput)
            }
            other => other.status().is_some_and(server_failed),
        }
    }

    /// How long the service wants to be left alone, where it said so: with a 429, or with the 503 of a service that is
    /// down for a while. Also of a write whose outcome is unknown: it can be looked up after that time.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Http { retry_after, .. } => *retry_after,
            Self::OutcomeUnknown { source, .. } => source.retry_after(),
            _ => None,
        }
    }

    /// Whether what was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::NotFound { .. } => true,
            _ => false,
        }
    }

    /// Whether signing in (again, or with other credentials) is what can help.
    pub fn is_authentication(&self) -> bool {
        match self {
            Self::NoCredentials { .. } | Self::Authentication { .. } | Self::Challenge { .. } => true,
            other => other.status() == Some(401),
        }
    }

    /// The status of an answer that has no variant of its own.
    fn status(&self) -> Option<u16> {
        match self {
            Self::Http { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The same for a write: unless this shows that it did not take effect, nobody knows. `leaves_open` tells the
    /// statuses that do not show it: [`server_failed`], unless the service says more by them.
    pub(crate) fn of_write(self, endpoint: &str, hint: &str, leaves_open: fn(u16) -> bool) -> Self {
        let may_have_taken = match &self {
            Self::Transport { source, .. } => !source.is_never_sent(),
            Self::Decode { .. } => true,
            other => other.status().is_some_and(leaves_open),
        };
        if may_have_taken { self.with_unknown_outcome(endpoint, hint) } else { self }
    }

    /// What is known of a write whose answer is this error: nothing.
    pub(crate) fn with_unknown_outcome(self, endpoint: &str, hint: &str) -> Self {
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

    /// Something of the sign-in that an honest service would not send.
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

/// Whether a status is that of a server that failed, which may have been after it had written. What is beyond 599
/// counts as 5xx (RFC 9110, section 15).
pub(crate) fn server_failed(status: u16) -> bool {
    status >= 500
}

/// What a service said and the code that it gave it, as one text.
pub(crate) fn with_code(message: Option<&str>, code: Option<&str>) -> Option<String> {
    match (message, code) {
        (Some(message), Some(code)) => Some(format!("{message} ({code})")),
        (text, None) | (None, text) => text.map(str::to_owned),
    }
}

/// What a service said, behind a colon, where it said something.
struct AfterColon<'a>(&'a Option<String>);

impl fmt::Display for AfterColon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |message| write!(f, ": {message}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredentials { reason } => write!(f, "not signed in: {reason}"),
            Self::Authentication { code: Some(code), message, .. } => {
                write!(f, "sign-in failed: {message} ({code})")
            }
            Self::Authentication { message, .. } => write!(f, "sign-in failed: {message}"),
            Self::SignInThrottled { code, message, .. } => {
                write!(f, "sign-in throttled: {message} ({code}); wait some minutes before the next try")
            }
            Self::Challenge { name, reason } => write!(f, "sign-in stopped at challenge {name}: {reason}"),
            Self::Transport { endpoint, source } => write!(f, "{endpoint}: {source}"),
            Self::Http { endpoint, status, code, message, .. } => {
                let said = with_code(message.as_deref(), code.as_deref());
                write!(f, "{endpoint}: the service answered {status}{}", AfterColon(&said))
            }
            Self::NotFound { endpoint, message } => write!(f, "{endpoint}: not found{}", AfterColon(message)),
            Self::AlreadyBooked { endpoint, message } => {
                write!(f, "{endpoint}: the class is already booked{}", AfterColon(message))
            }
            Self::ConflictingBooking { booking } => {
                write!(f, "another booking is at the same time: {booking}; cancel it first")
            }
            Self::ClassFull { endpoint, waitlist_available: true, message } => {
                write!(f, "{endpoint}: the class is full{}; book its waitlist instead", AfterColon(message))
            }
            Self::ClassFull { endpoint, message, .. } => {
                write!(f, "{endpoint}: the class is full and has no waitlist{}", AfterColon(message))
            }
            Self::BookingAlreadyCancelled { endpoint, message } => {
                write!(f, "{endpoint}: the booking is already cancelled{}", AfterColon(message))
            }
            Self::OutsideSchedulingWindow { endpoint, message } => {
                write!(f, "{endpoint}: the class is outside the scheduling window{}", AfterColon(message))
            }
            Self::AlreadyRated { endpoint, message } => {
                write!(f, "{endpoint}: the class is already rated{}", AfterColon(message))
            }
            Self::NotRatable { reason } => write!(f, "the class can't be rated: {reason}"),
            Self::Decode { endpoint, path, reason } => {
                write!(f, "{endpoint}: the answer does not fit at {path}: {reason}")
            }
            Self::InvalidInput { argument, reason } => write!(f, "invalid {argument}: {reason}"),
            Self::Store { action, .. } => write!(f, "the token store failed: {action}"),
            Self::RateLimited { endpoint, message, retry_after } => {
                write!(f, "{endpoint}: too many requests{}; try again ", AfterColon(message))?;
                match retry_after {
                    Some(after) => write!(f, "in {} s", after.as_secs()),
                    None => f.write_str("later"),
                }
            }
            Self::OutcomeUnknown { endpoint, hint, .. } => {
                write!(f, "{endpoint}: it is not known whether this took effect; {hint} before trying again")
            }
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Authentication { source: Some(source), .. } => Some(source.as_ref()),
            // Its own line already says what the transport said; the layer below that is next.
            Self::Transport { source, .. } => source.source(),
            Self::Store { source, .. } => Some(source),
            Self::OutcomeUnknown { source, .. } => Some(source),
            _ => None,
        }
    }
}
