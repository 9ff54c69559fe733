//! Best effort: a result is returned even if additional details could not be loaded, and says which are missing.

use crate::error::Error;

/// Whether this error makes a detail missing instead of failing the call. A failed sign-in always fails the call.
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
