//! What can go wrong, in terms a caller acts on.

use std::fmt;

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An argument that the service would refuse or that makes no sense; nothing was sent.
    InvalidInput {
        /// The argument's name.
        argument: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidInput { argument, reason } => write!(f, "invalid {argument}: {reason}"),
        }
    }
}

impl std::error::Error for Error {}
