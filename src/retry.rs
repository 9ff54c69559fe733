//! What is tried again, and after how long.

use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fmt, thread};

use crate::error::{Error, Result};
use crate::random;

/// How requests that may be repeated are tried again: full-jitter exponential backoff, bounded in count and in
/// total time.
///
/// GETs, and the sign-in calls that check no password, are repeated after a broken connection, a 429 or a 5xx.
/// A write is repeated only where no connection was made.
#[derive(Clone)]
pub struct Retry {
    attempts: u32,
    base: Duration,
    longest: Duration,
    total: Duration,
    sleep: Arc<dyn Fn(Duration) + Send + Sync>,
}

impl Retry {
    /// No second try.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How many tries there are in all, the first one included. Default: 4.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The longest pause before the second try; it doubles with each try, and the real pause is a random part
    /// of it. Default: 0.5 s.
    #[must_use]
    pub fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// The longest pause of all, and the longest `Retry-After` that is waited for. Default: 20 s.
    #[must_use]
    pub fn longest(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// How long the tries may take together: none starts after it. Default: 60 s.
    #[must_use]
    pub fn total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Waits by this instead of [`std::thread::sleep`], for tests.
    #[must_use]
    pub fn sleep(mut self, sleep: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.sleep = Arc::new(sleep);
        self
    }

    /// Calls `attempt` until it succeeds, fails for good, or the bounds are reached.
    pub(crate) fn run<T>(
        &self,
        may_repeat: impl Fn(&Error) -> bool,
        mut attempt: impl FnMut() -> Result<T>,
    ) -> Result<T> {
        let started = Instant::now();
        let mut tries = 0_u32;
        loop {
            let error = match attempt() {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            tries = tries.saturating_add(1);
            if tries >= self.attempts || !may_repeat(&error) {
                return Err(error);
            }
            let Some(pause) = self.pause(tries, retry_after(&error), random::fraction()) else {
                return Err(error);
            };
            if started.elapsed().saturating_add(pause) > self.total {
                return Err(error);
            }
            log::debug!("try {tries} failed, next in {} ms: {error}", pause.as_millis());
            self.wait(pause);
        }
    }

    pub(crate) fn wait(&self, pause: Duration) {
        (self.sleep)(pause);
    }

    /// The pause after `tries` failed tries; `None` where the service asks for more than is waited for.
    /// `fraction` is a random number in 0..1.
    fn pause(&self, tries: u32, asked: Option<Duration>, fraction: f64) -> Option<Duration> {
        if let Some(asked) = asked {
            return (asked <= self.longest).then_some(asked);
        }
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        Some(doubled.min(self.longest).mul_f64(fraction.clamp(0.0, 1.0)))
    }
}

fn retry_after(error: &Error) -> Option<Duration> {
    match error {
        Error::RateLimited { retry_after, .. } => *retry_after,
        _ => None,
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(500),
            longest: Duration::from_secs(20),
            total: Duration::from_secs(60),
            sleep: Arc::new(thread::sleep),
        }
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("base", &self.base)
            .field("longest", &self.longest)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}
