//! The proof of work: a counter whose hash, together with the server's nonce, begins with enough zero bits.
//!
//! Pure: it reads no clock and draws no random numbers.
//!
//! ```
//! use std::ops::ControlFlow;
//! use otf_api::codegrade::pow::{self, PowChallenge, Solver};
//!
//! let challenge = PowChallenge::new("a1b2c3", 12);
//! let solution = Solver::new().solve(&challenge, |_| ControlFlow::Continue(()))?;
//! assert!(pow::verify(&solution.nonce, 12, &solution.solution));
//! # Ok::<(), pow::PowError>(())
//! ```

mod search;
mod solver;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use solver::{Progress, Solver};

/// The server's challenge: digits for which SHA-256(`nonce` ‖ `:` ‖ digits) has at least `difficulty` leading zero
/// bits.
#[doc(alias = "PowChallengeResponse")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PowChallenge {
    /// The text before the colon. It can be used once.
    pub nonce: String,
    /// How many leading bits of the hash have to be zero.
    pub difficulty: u32,
}

impl PowChallenge {
    /// A challenge that did not come from [`CodeGrade::pow`](crate::codegrade::CodeGrade::pow).
    pub fn new(nonce: impl Into<String>, difficulty: u32) -> Self {
        Self { nonce: nonce.into(), difficulty }
    }
}

/// A solved [`PowChallenge`], as the server takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PowSolution {
    /// The nonce of the challenge.
    pub nonce: String,
    /// The decimal digits of the counter.
    pub solution: String,
}

impl PowSolution {
    /// A solution that another solver found.
    pub fn new(nonce: impl Into<String>, solution: impl Into<String>) -> Self {
        Self { nonce: nonce.into(), solution: solution.into() }
    }
}

/// Why a challenge was not solved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PowError {
    /// The server asks for more than [`Solver::max_difficulty`]. Nothing was computed.
    TooDifficult {
        /// What the server asks for, in bits.
        difficulty: u32,
        /// The limit, in bits.
        limit: u32,
    },
    /// The progress callback canceled the search.
    Canceled {
        /// Hashes computed until then.
        hashes: u64,
    },
}

impl fmt::Display for PowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDifficult { difficulty, .. } if *difficulty > HASH_BITS => {
                write!(f, "the server asks for a proof of work of {difficulty} bits, which no hash can have")
            }
            Self::TooDifficult { difficulty, limit } => write!(
                f,
                "the server asks for a proof of work of {difficulty} bits, more than the limit of {limit}; raise \
                 `Solver::max_difficulty` if the wait is worth it: each bit doubles it"
            ),
            Self::Canceled { hashes } => write!(f, "the proof of work was canceled after {hashes} hashes"),
        }
    }
}

impl std::error::Error for PowError {}

/// Whether `solution` is a counter that solves the challenge of this nonce and difficulty.
///
/// A counter is written in decimal digits without leading zeros.
#[must_use]
pub fn verify(nonce: &str, difficulty: u32, solution: &str) -> bool {
    let canonical = solution == "0" || !solution.starts_with('0');
    let digits = !solution.is_empty() && solution.bytes().all(|byte| byte.is_ascii_digit());
    let hash = Sha256::new().chain_update(nonce).chain_update(":").chain_update(solution).finalize();
    let mut zeros = 0;
    for byte in hash {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    canonical && digits && zeros >= difficulty
}

/// Bits in a SHA-256 hash.
const HASH_BITS: u32 = 256;

#[cfg(test)]
mod tests;
