//! When a failed request is sent again.

use std::time::{Duration, Instant};

use super::http_client::RequestError;
use crate::random;

/// How requests that may be repeated are retried: exponential backoff with full jitter, limited in number and in total
/// time.
///
/// GETs, and sign-in requests without a password proof, are retried after connection failures, 429 and 5xx. A write is
/// retried only if it was certainly not sent.
///
/// ```
/// use std::time::Duration;
/// use otf_api::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(10).timeout(Duration::from_secs(600));
/// ```
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    attempts: u32,
    initial_delay: Duration,
    max_delay: Duration,
    timeout: Duration,
}

impl RetryPolicy {
    /// Sends each request once.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// The maximum number of attempts, the first included. Default: 4.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The maximum delay before the second attempt. It doubles with each attempt; the actual delay is random, between
    /// zero and this maximum. Default: 0.5 s.
    #[must_use]
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// The maximum delay before any attempt. If the service's `Retry-After` is longer, the request fails without
    /// another attempt. Default: 20 s.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// No attempt starts later than this after the first. Default: 60 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Calls `attempt` until it succeeds, its error may not be retried, or the limits are reached.
    pub(crate) fn run<T, E: RequestError>(
        &self,
        sleep: impl Fn(Duration),
        may_retry: impl Fn(&E) -> bool,
        mut attempt: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        let started = Instant::now();
        let mut attempts = 0_u32;
        loop {
            let error = match attempt() {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            attempts = attempts.saturating_add(1);
            if attempts >= self.attempts || !may_retry(&error) {
                return Err(error);
            }
            let delay = self.delay(attempts, error.retry_after(), random::fraction());
            match delay.filter(|delay| started.elapsed().saturating_add(*delay) <= self.timeout) {
                Some(delay) => {
                    log::debug!("attempt {attempts} failed, next in {} ms: {error}", delay.as_millis());
                    sleep(delay);
                }
                None => return Err(error),
            }
        }
    }

    /// The delay after so many failed attempts; `None` if the service asks for more than `max_delay`. `fraction` is a
    /// random number in 0..1.
    fn delay(&self, attempts: u32, retry_after: Option<Duration>, fraction: f64) -> Option<Duration> {
        if let Some(retry_after) = retry_after {
            return (retry_after <= self.max_delay).then_some(retry_after);
        }
        let doubled = self.initial_delay.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
        Some(doubled.min(self.max_delay).mul_f64(fraction.clamp(0.0, 1.0)))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            initial_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(20),
            timeout: Duration::from_secs(60),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::error::{Error, Result};

    fn rate_limited(retry_after: Option<Duration>) -> Error {
        Error::RateLimited { endpoint: "GET /x".to_owned(), message: None, retry_after }
    }

    /// How many attempts and sleeps a policy makes with an operation that always fails with this error.
    fn attempts_and_sleeps(policy: &RetryPolicy, error: impl Fn() -> Error) -> (u32, u32) {
        let (attempts, sleeps) = (Cell::new(0), Cell::new(0));
        let result: Result<()> = policy.run(
            |_| sleeps.set(sleeps.get() + 1),
            Error::is_retryable,
            || {
                attempts.set(attempts.get() + 1);
                Err(error())
            },
        );
        assert!(result.is_err());
        (attempts.get(), sleeps.get())
    }

    #[test]
    fn delays_double_up_to_the_maximum() {
        let policy =
            RetryPolicy::default().initial_delay(Duration::from_secs(1)).max_delay(Duration::from_secs(5));
        let delays: Vec<_> =
            (1..=5).map(|attempts| policy.delay(attempts, None, 1.0).map(|delay| delay.as_secs())).collect();
        assert_eq!(delays, [Some(1), Some(2), Some(4), Some(5), Some(5)]);
        assert_eq!(policy.delay(3, None, 0.25), Some(Duration::from_secs(1)));
        assert_eq!(policy.delay(u32::MAX, None, 0.5), Some(Duration::from_millis(2500)));
    }

    #[test]
    fn huge_delays_do_not_overflow() {
        let policy = RetryPolicy::default()
            .initial_delay(Duration::MAX)
            .max_delay(Duration::MAX)
            .timeout(Duration::MAX)
            .attempts(u32::MAX);
        for fraction in [0.0, 0.5, 0.999] {
            assert!(policy.delay(u32::MAX, None, fraction).is_some());
        }
        assert!(policy.delay(1, Some(Duration::MAX), 1.0).is_some());
    }

    #[test]
    fn retry_after_is_honored_up_to_the_maximum() {
        let policy = RetryPolicy::default().max_delay(Duration::from_secs(5));
        let delay = |seconds| policy.delay(1, Some(Duration::from_secs(seconds)), 0.0);
        assert_eq!(delay(5), Some(Duration::from_secs(5)));
        assert_eq!(delay(6), None);
        assert_eq!(delay(u64::MAX), None);
    }

    #[test]
    fn attempts_are_limited() {
        let policy = RetryPolicy::default().attempts(3);
        assert_eq!(attempts_and_sleeps(&policy, || rate_limited(None)), (3, 2));
    }

    #[test]
    fn no_attempt_starts_after_the_timeout() {
        let policy = RetryPolicy::default().attempts(100).timeout(Duration::from_secs(7));
        assert_eq!(attempts_and_sleeps(&policy, || rate_limited(Some(Duration::from_secs(8)))), (1, 0));
    }

    #[test]
    fn permanent_errors_are_not_retried() {
        let permanent = || Error::invalid("x", "y");
        assert_eq!(attempts_and_sleeps(&RetryPolicy::default(), permanent), (1, 0));
    }
}
