//! Pausing requests to a host that keeps failing.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::error::Error;

/// After this many failures in a row, requests to a host are paused: each failure takes as long as all its retries.
const MOST_FAILURES: u32 = 3;

/// For how long.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// The hosts of a workout's parts. A history shares them among its pieces.
#[derive(Default)]
pub(super) struct Hosts {
    pub(super) summaries: HostState,
    pub(super) telemetry: HostState,
}

/// Whether a host responds.
#[derive(Default)]
pub(super) struct HostState(Mutex<Failures>);

#[derive(Default)]
struct Failures {
    in_a_row: u32,
    last: Option<(Timestamp, String)>,
}

impl HostState {
    /// Why the host is left alone now, if it is.
    pub(super) fn reason_to_wait(&self, now: Timestamp) -> Option<String> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, error) = failures.last.as_ref()?;
        let is_waiting = failures.in_a_row >= MOST_FAILURES && now.duration_since(*at).abs() < PAUSE;
        is_waiting
            .then(|| format!("not requested after {MOST_FAILURES} failures in a row, the last: {error}"))
    }

    /// Takes in a request's outcome. Only failures that were retried count: they are the host's, and take long.
    pub(super) fn observe(&self, error: Option<&Error>, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match error.filter(|error| error.is_retryable()) {
            Some(error) => {
                failures.in_a_row = failures.in_a_row.saturating_add(1);
                failures.last = Some((now, error.to_string()));
            }
            None => *failures = Failures::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: u16) -> Error {
        Error::Http { endpoint: "GET /x".to_owned(), status, code: None, message: None, retry_after: None }
    }

    #[test]
    fn host_is_left_alone_for_a_minute_after_three_failures() {
        let host = HostState::default();
        let now = Timestamp::UNIX_EPOCH;
        let later = |seconds| now + SignedDuration::from_secs(seconds);
        for _ in 0..2 {
            host.observe(Some(&failed(503)), now);
            assert_eq!(host.reason_to_wait(now), None);
        }
        host.observe(Some(&failed(503)), now);
        let reason = host.reason_to_wait(later(59)).unwrap();
        assert!(reason.starts_with("not requested after 3 failures in a row, the last: GET /x"), "{reason}");
        assert_eq!(host.reason_to_wait(later(60)), None);
        assert_eq!(host.reason_to_wait(later(-3600)), None, "the clock was set back");
        host.observe(Some(&failed(503)), later(60));
        assert!(host.reason_to_wait(later(61)).is_some(), "one more failure is enough");
        host.observe(None, later(130));
        assert_eq!(host.reason_to_wait(later(131)), None);
    }

    #[test]
    fn refusals_of_single_workouts_do_not_count() {
        let host = HostState::default();
        for _ in 0..9 {
            host.observe(Some(&failed(403)), Timestamp::UNIX_EPOCH);
        }
        assert_eq!(host.reason_to_wait(Timestamp::UNIX_EPOCH), None);
    }
}
