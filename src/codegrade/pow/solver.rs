//! The search, on one thread or several.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::search::{Prefix, Step, Tail};
use super::{HASH_BITS, PowChallenge, PowError, PowSolution};

/// Tens of counters that a thread tries at a time, and between two calls of the progress callback.
const BATCH: u64 = 6_500;

/// Solves a [`PowChallenge`], within limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solver {
    max_difficulty: u32,
    threads: usize,
}

/// The progress of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Hashes computed so far, by all threads.
    pub hashes: u64,
    /// The challenge's difficulty: about 2 to this power hashes are needed, now and then several times that.
    pub difficulty: u32,
}

impl Solver {
    /// At most 28 bits, on one thread.
    pub fn new() -> Self {
        Self { max_difficulty: 28, threads: 1 }
    }

    /// The highest difficulty to take on, in bits. Default: 28, which takes 2²⁸ hashes on average: some ten seconds on
    /// a core with SHA extensions. Each further bit doubles that.
    #[must_use]
    pub fn max_difficulty(mut self, bits: u32) -> Self {
        self.max_difficulty = bits;
        self
    }

    /// How many threads search, the calling one included. Default: 1; 0 counts as 1. The solution does not depend on
    /// it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Finds a counter that solves the challenge: the first one in the order of the search, whatever the number of
    /// threads.
    ///
    /// `progress` is called on this thread, about every 65,000 hashes of its own, and cancels the search on all threads
    /// by returning [`ControlFlow::Break`].
    ///
    /// A long nonce only has to be hashed once, so its length is not limited. Counters are tried in order, except that
    /// beyond 99,999, lengths whose counters would take two blocks each are skipped.
    ///
    /// # Errors
    ///
    /// [`PowError::TooDifficult`] at once if the challenge asks for more than the limit, or for more bits than a hash
    /// has; [`PowError::Canceled`] if `progress` breaks.
    pub fn solve(
        &self,
        challenge: &PowChallenge,
        progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<PowSolution, PowError> {
        let PowChallenge { nonce, difficulty } = challenge;
        if *difficulty > self.max_difficulty.min(HASH_BITS) {
            return Err(PowError::TooDifficult { difficulty: *difficulty, limit: self.max_difficulty });
        }
        let search = Search::new(nonce, *difficulty);
        thread::scope(|scope| {
            let _stop = StopOnDrop(&search);
            for _ in 1..self.threads {
                // Where no thread can be started, the others search.
                let helper = || search.run(|_| ControlFlow::Continue(()));
                if thread::Builder::new().spawn_scoped(scope, helper).is_err() {
                    break;
                }
            }
            search.run(progress);
        });
        let hashes = search.hashes.into_inner();
        let found = search.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.map(|found| PowSolution::new(nonce, found.counter)).ok_or(PowError::Canceled { hashes })
    }
}

impl Default for Solver {
    fn default() -> Self {
        Self::new()
    }
}

/// What the threads of a search share.
struct Search {
    prefix: Prefix,
    mask: [u32; 8],
    difficulty: u32,
    cursor: Mutex<Cursor>,
    found: Mutex<Option<Found>>,
    /// No further batch is begun: there is a solution, or the search was canceled.
    is_over: AtomicBool,
    hashes: AtomicU64,
}

/// A solution, and the batch that it is from.
struct Found {
    batch: u64,
    counter: String,
}

/// Counters to try, one after the other.
struct Batch {
    /// Its place in the order of the search.
    index: u64,
    /// The tens that it begins with.
    tens: Vec<u8>,
}

impl Search {
    fn new(nonce: &str, difficulty: u32) -> Self {
        Self {
            prefix: Prefix::new(nonce),
            mask: leading_bits(difficulty),
            difficulty,
            cursor: Mutex::new(Cursor { index: 0, digits: 1, tens: 0 }),
            found: Mutex::new(None),
            is_over: AtomicBool::new(false),
            hashes: AtomicU64::new(0),
        }
    }

    /// Searches batch by batch until the search is over.
    ///
    /// Batches are handed out in order and each is finished unless it holds a solution, so that all batches before the
    /// first one with a solution are searched to their end.
    fn run(&self, mut progress: impl FnMut(Progress) -> ControlFlow<()>) {
        while !self.is_over.load(Ordering::Relaxed) {
            let Some(batch) = hold(&self.cursor).next(&self.prefix) else { return };
            if let Some(counter) = self.search(&batch) {
                self.is_over.store(true, Ordering::Relaxed);
                let mut found = hold(&self.found);
                if found.as_ref().is_none_or(|found| batch.index < found.batch) {
                    *found = Some(Found { batch: batch.index, counter });
                }
                return;
            }
            let hashes = self.hashes.fetch_add(BATCH * 10, Ordering::Relaxed).saturating_add(BATCH * 10);
            if progress(Progress { hashes, difficulty: self.difficulty }).is_break() {
                self.is_over.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The first solution in a batch.
    fn search(&self, batch: &Batch) -> Option<String> {
        let mut tail = Tail::new(&self.prefix, &batch.tens);
        for _ in 0..BATCH {
            match tail.next_ten(|hash| starts_with_zeros(hash, &self.mask)) {
                Step::Found(digit) => return Some(tail.counter(digit)),
                Step::Next => {}
                Step::Longer => tail = Tail::new(&self.prefix, &self.prefix.longer_tens(tail.digits())),
            }
        }
        None
    }
}

/// Where the next batch begins.
struct Cursor {
    index: u64,
    /// Digits of the counter.
    digits: usize,
    /// The counter without its last digit; 0 for counters of one digit.
    tens: u64,
}

impl Cursor {
    /// The next batch; `None` when counters have become too long, which takes thousands of years.
    fn next(&mut self, prefix: &Prefix) -> Option<Batch> {
        let tens = if self.digits == 1 { Vec::new() } else { self.tens.to_string().into_bytes() };
        let batch = Batch { index: self.index, tens };
        self.index = self.index.checked_add(1)?;
        let mut left = BATCH;
        loop {
            let end = power_of_ten(self.digits.checked_sub(1)?)?;
            let here = end.saturating_sub(self.tens);
            if left < here {
                self.tens = self.tens.checked_add(left)?;
                return Some(batch);
            }
            left = left.saturating_sub(here);
            self.digits = prefix.longer_digits(self.digits);
            self.tens = power_of_ten(self.digits.checked_sub(2)?)?;
        }
    }
}

fn power_of_ten(exponent: usize) -> Option<u64> {
    10_u64.checked_pow(u32::try_from(exponent).ok()?)
}

/// Ends the search on the other threads, also when the progress callback panics.
struct StopOnDrop<'a>(&'a Search);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Relaxed);
    }
}

/// A hash with its first `count` bits set.
pub(super) fn leading_bits(count: u32) -> [u32; 8] {
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

/// A thread that panicked left whole values behind.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
