//! Best effort: a result is returned even if additional details could not be loaded, and says which are missing.

use crate::error::Error;

/// Whether this error makes a detail missing instead of failing the call. A failed sign-in always fails the call.
pub(super) fn may_be_missing(error: &Error) -> bool {
    is_about_one(error) || matches!(error, Error::Transport { .. } | Error::RateLimited { .. })
}

/// Whether an error concerns one request, so that others may succeed.
pub(super) fn is_about_one(error: &Error) -> bool {
    match error {
        Error::NotFound { .. } | Error::Decode { .. } => true,
        Error::Http { status, .. } => *status != 401,
        _ => false,
    }
}
