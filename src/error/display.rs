//! Errors as one line.

use std::fmt::{self, Write};

use super::{Error, Printable, with_code};

/// A service's message after a colon, if there is one.
struct AfterColon<'a>(&'a Option<String>);

impl fmt::Display for AfterColon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |message| write!(f, ": {message}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut Printable(f);
        match self {
            Self::NoCredentials { reason } => write!(f, "not signed in: {reason}"),
            Self::Authentication { code: Some(code), message, .. } => {
                write!(f, "sign-in failed: {message} ({code})")
            }
            Self::Authentication { message, .. } => write!(f, "sign-in failed: {message}"),
            Self::SignInThrottled { code, message, .. } => {
                write!(f, "sign-in throttled: {message} ({code}); wait a few minutes before the next attempt")
            }
            Self::Challenge { name, reason } => write!(f, "sign-in stopped at challenge {name}: {reason}"),
            Self::Transport { endpoint, source } => write!(f, "{endpoint}: {source}"),
            Self::Http { endpoint, status, code, message, .. } => {
                let message = with_code(message.as_deref(), code.as_deref());
                match status {
                    200..300 => write!(f, "{endpoint}: failed{}", AfterColon(&message)),
                    _ => write!(f, "{endpoint}: HTTP status {status}{}", AfterColon(&message)),
                }
            }
            Self::NotFound { endpoint, message } => write!(f, "{endpoint}: not found{}", AfterColon(message)),
            Self::AlreadyBooked { endpoint, message, .. } => {
                write!(f, "{endpoint}: the class is already booked{}", AfterColon(message))
            }
            Self::ConflictingBooking { endpoint, booking_id, message } => {
                write!(f, "{endpoint}: another booking is at the same time{}", AfterColon(message))?;
                match booking_id {
                    Some(id) => write!(f, "; cancel booking {id} first"),
                    None => f.write_str("; cancel it first"),
                }
            }
            Self::ClassFull { endpoint, waitlist_available, message } => {
                write!(f, "{endpoint}: the class is full{}", AfterColon(message))?;
                f.write_str(match waitlist_available {
                    Some(true) => "; book its waitlist instead",
                    Some(false) => ", and its waitlist is not available",
                    None => "; its waitlist may be available",
                })
            }
            Self::ClassStarted { endpoint, message } => {
                write!(f, "{endpoint}: the class has started{}", AfterColon(message))
            }
            Self::ClassCanceled { endpoint, message } => {
                write!(f, "{endpoint}: the studio has canceled the class{}", AfterColon(message))
            }
            Self::BookingAlreadyCanceled { endpoint, message } => {
                write!(f, "{endpoint}: the booking is already canceled{}", AfterColon(message))
            }
            Self::LateCancellation { endpoint, late_from } => {
                write!(f, "{endpoint}: not sent, because canceling is late since {late_from}")
            }
            Self::OutsideSchedulingWindow { endpoint, bookable_from, message } => {
                write!(f, "{endpoint}: the class is outside the scheduling window{}", AfterColon(message))?;
                bookable_from.map_or(Ok(()), |time| write!(f, "; booking should open at {time}"))
            }
            Self::AlreadyRated { endpoint, message } => {
                write!(f, "{endpoint}: the class is already rated{}", AfterColon(message))
            }
            Self::NotRatable { reason } => write!(f, "the class can't be rated: {reason}"),
            Self::Decode { endpoint, path, reason } => {
                write!(f, "{endpoint}: unexpected response at {path}: {reason}")
            }
            Self::InvalidInput { argument, reason } => write!(f, "invalid {argument}: {reason}"),
            Self::Store { action, .. } => write!(f, "the store failed: {action}"),
            Self::RateLimited { endpoint, message, retry_after } => {
                write!(f, "{endpoint}: too many requests{}; retry ", AfterColon(message))?;
                match retry_after {
                    Some(delay) => write!(f, "in {} s", delay.as_secs()),
                    None => f.write_str("later"),
                }
            }
            Self::OutcomeUnknown { endpoint, hint, .. } => {
                write!(
                    f,
                    "{endpoint}: it is unknown whether this took effect; {hint} before sending it again"
                )
            }
        }
    }
}
