//! Best effort: what was requested is returned. A detail that adds to it may be missing, and the result says so.

use crate::error::Error;

/// Whether a detail may be missing because of this error. A failed sign-in is an error everywhere.
pub(super) fn may_be_missing(error: &Error) -> bool {
    match error {
        Error::NotFound { .. }
        | Error::Decode { .. }
        | Error::Transport { .. }
        | Error::RateLimited { .. } => true,
        Error::Http { status, .. } => *status != 401,
        _ => false,
    }
}
