//! The proof of work: a counter whose hash, together with the server's nonce, begins with enough zero bits.
//!
//! Pure: it asks nobody for the time and draws no random numbers.
//!
//! ```
//! use std::ops::ControlFlow;
//! use otf_api::codegrade::pow::{self, Challenge, Limits};
//!
//! let challenge = Challenge::new("a1b2c3", 12);
//! let solution = pow::solve(&challenge, &Limits::default(), |_| ControlFlow::Continue(()))?;
//! assert!(pow::verify(&solution.nonce, 12, &solution.solution));
//! # Ok::<(), pow::PowError>(())
//! ```

mod search;

use std::fmt;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use search::{LAST_DIGITS, Prefix, Tail};

/// What the server asks for: SHA-256(`nonce` ‖ `:` ‖ decimal digits) with at least `difficulty` leading zero
/// bits.
#[doc(alias = "PowChallengeResponse")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Challenge {
    /// The text in front of the colon; it serves once.
    pub nonce: String,
    /// How many leading bits of the hash have to be zero.
    pub difficulty: u32,
}

impl Challenge {
    /// A challenge that came some other way than from [`CodeGrade::pow`](crate::codegrade::CodeGrade::pow).
    pub fn new(nonce: impl Into<String>, difficulty: u32) -> Self {
        Self { nonce: nonce.into(), difficulty }
    }
}

/// A solved [`Challenge`], as the server takes it.
#[doc(alias = "PowSolution")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Solution {
    /// The challenge's nonce.
    pub nonce: String,
    /// The counter's decimal digits.
    pub solution: String,
}

impl Solution {
    /// A solution found some other way than by [`solve`].
    pub fn new(nonce: impl Into<String>, solution: impl Into<String>) -> Self {
        Self { nonce: nonce.into(), solution: solution.into() }
    }
}

/// What [`solve`] takes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    max_difficulty: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_difficulty: 28 }
    }
}

impl Limits {
    /// The highest difficulty to take on, in bits. Default: 28, which takes 2²⁸ hashes on average: some ten
    /// seconds on a core with SHA extensions. Each bit more doubles that.
    #[must_use]
    pub fn max_difficulty(mut self, bits: u32) -> Self {
        self.max_difficulty = bits;
        self
    }
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Hashes computed so far.
    pub hashes: u64,
    /// The challenge's difficulty: about 2 to this power hashes are needed, now and then several times that.
    pub difficulty: u32,
}

/// Why a challenge was not solved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PowError {
    /// The server asks for more than [`Limits::max_difficulty`]; nothing was computed.
    TooDifficult {
        /// What the server asks for, in bits.
        difficulty: u32,
        /// What was to be taken on at most, in bits.
        limit: u32,
    },
    /// The progress callback said to stop.
    Cancelled {
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
                "the server asks for a proof of work of {difficulty} bits, more than the {limit} that are \
                 taken on; allow more only if waiting that long is worth it"
            ),
            Self::Cancelled { hashes } => write!(f, "the proof of work was cancelled after {hashes} hashes"),
        }
    }
}

impl std::error::Error for PowError {}

/// Finds a counter that solves the challenge.
///
/// `progress` is called about every 65,000 hashes and stops the search by returning [`ControlFlow::Break`].
///
/// A long nonce costs nothing beyond hashing it once, so its length is not bounded. Counters are tried in
/// order, except that past 999,999 those lengths are skipped where each would cost two blocks.
///
/// # Errors
///
/// [`PowError::TooDifficult`] at once when the challenge asks for more than the limits allow, or for more
/// bits than a hash has; [`PowError::Cancelled`] when `progress` said so.
pub fn solve(
    challenge: &Challenge,
    limits: &Limits,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, PowError> {
    let Challenge { nonce, difficulty } = challenge;
    if *difficulty > limits.max_difficulty.min(HASH_BITS) {
        return Err(PowError::TooDifficult { difficulty: *difficulty, limit: limits.max_difficulty });
    }

    let mask = leading_bits(*difficulty);
    let prefix = Prefix::new(nonce);
    let mut tail = Tail::new(&prefix, b"");
    let mut hashes = 0_u64;
    loop {
        for _ in 0..BATCH {
            for (last, block) in LAST_DIGITS.into_iter().zip(&tail.blocks()) {
                if starts_with_zeros(&tail.hash(block), &mask) {
                    return Ok(Solution::new(nonce, tail.counter(last)));
                }
            }
            if !tail.advance() {
                tail = Tail::new(&prefix, &prefix.longer_tens(tail.digits()));
            }
        }
        hashes = hashes.saturating_add(BATCH * 10);
        if progress(Progress { hashes, difficulty: *difficulty }).is_break() {
            return Err(PowError::Cancelled { hashes });
        }
    }
}

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

/// Tens of hashes between two calls of the progress callback.
const BATCH: u64 = 6_500;

/// Bits in a SHA-256 hash.
const HASH_BITS: u32 = 256;

/// A hash with its first `count` bits set.
fn leading_bits(count: u32) -> [u32; 8] {
    let mut left = count;
    [0; 8].map(|_: u32| {
        let here = left.min(u32::BITS);
        left -= here;
        !u32::MAX.checked_shr(here).unwrap_or(0)
    })
}

fn starts_with_zeros(hash: &[u32; 8], mask: &[u32; 8]) -> bool {
    hash.iter().zip(mask).all(|(word, mask)| word & mask == 0)
}

#[cfg(test)]
mod tests;
