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
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    longest: Duration,
    total: Duration,
    sleep: Arc<dyn Fn(Duration) + Send + Sync>,
}

impl RetryPolicy {
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
            match attempt() {
                Ok(value) => return Ok(value),
                Err(error) => {
                    tries = tries.saturating_add(1);
                    let may_repeat = may_repeat(&error);
                    self.before_next(tries, started, may_repeat, error)?;
                }
            }
        }
    }

    /// Waits after `tries` failed tries, the first of which was `started` then, or gives the error back where there is
    /// to be no other. Apart from [`RetryPolicy::run`], which is compiled for each type of answer.
    fn before_next(&self, tries: u32, started: Instant, may_repeat: bool, error: Error) -> Result<()> {
        if tries >= self.attempts || !may_repeat {
            return Err(error);
        }
        let Some(pause) = self.pause(tries, error.retry_after(), random::fraction()) else {
            return Err(error);
        };
        if started.elapsed().saturating_add(pause) > self.total {
            return Err(error);
        }
        log::debug!("try {tries} failed, next in {} ms: {error}", pause.as_millis());
        self.wait(pause);
        Ok(())
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

impl Default for RetryPolicy {
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

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("base", &self.base)
            .field("longest", &self.longest)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn limited(retry_after: Option<Duration>) -> Error {
        Error::RateLimited { endpoint: "GET /x".to_owned(), message: None, retry_after }
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retry = RetryPolicy::default().base(Duration::from_secs(1)).longest(Duration::from_secs(5));
        let pauses: Vec<_> =
            (1..=5).map(|tries| retry.pause(tries, None, 1.0).map(|pause| pause.as_secs())).collect();
        assert_eq!(pauses, [Some(1), Some(2), Some(4), Some(5), Some(5)]);
        assert_eq!(retry.pause(3, None, 0.25), Some(Duration::from_secs(1)));
        assert_eq!(retry.pause(u32::MAX, None, f64::NAN.max(0.5)), Some(Duration::from_millis(2500)));
    }

    #[test]
    fn what_the_service_asks_for_is_waited_for_or_given_up() {
        let retry = RetryPolicy::default().longest(Duration::from_secs(5));
        let asked = |seconds| retry.pause(1, Some(Duration::from_secs(seconds)), 0.0);
        assert_eq!(asked(5), Some(Duration::from_secs(5)));
        assert_eq!(asked(6), None);
        assert_eq!(asked(u64::MAX), None);
    }

    #[test]
    fn the_number_of_tries_is_bounded() {
        let slept = Arc::new(Mutex::new(0));
        let sleeps = Arc::clone(&slept);
        let retry = RetryPolicy::default().attempts(3).sleep(move |_| *sleeps.lock().unwrap() += 1);
        let mut tries = 0;
        let result: Result<()> = retry.run(Error::is_retryable, || {
            tries += 1;
            Err(limited(None))
        });
        assert!(result.is_err());
        assert_eq!((tries, *slept.lock().unwrap()), (3, 2));
    }

    #[test]
    fn no_try_starts_after_the_total() {
        let retry = RetryPolicy::default().attempts(100).total(Duration::from_secs(7)).sleep(|_| {});
        let mut tries = 0;
        let result: Result<()> = retry.run(Error::is_retryable, || {
            tries += 1;
            Err(limited(Some(Duration::from_secs(8))))
        });
        assert!(result.is_err());
        assert_eq!(tries, 1);
    }

    #[test]
    fn what_can_not_be_helped_is_not_tried_again() {
        let mut tries = 0;
        let result: Result<()> = RetryPolicy::default().run(Error::is_retryable, || {
            tries += 1;
            Err(Error::invalid("x", "y"))
        });
        assert!(result.is_err());
        assert_eq!(tries, 1);
    }
}
