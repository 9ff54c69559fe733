//! The sandbox's clock, and its signal to stop.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// How far the time of a sign-in or a signature may be from the clock: AWS allows five minutes.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The machine's clock with an offset.
#[derive(Debug)]
pub(crate) struct Clock {
    offset: Mutex<SignedDuration>,
    strict: bool,
}

/// One instant by the sandbox's clock and by the machine's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClockReading {
    /// By the sandbox's clock, which counts.
    pub(crate) now: Timestamp,
    /// By the machine's clock, which is usually the client's.
    wall: Timestamp,
    strict: bool,
}

impl Clock {
    pub(crate) fn new(offset: SignedDuration, strict: bool) -> Self {
        Self { offset: Mutex::new(offset), strict }
    }

    pub(crate) fn moment(&self) -> ClockReading {
        let wall = Timestamp::now();
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        ClockReading { now: after(wall, offset), wall, strict: self.strict }
    }

    /// The time in the form of a `Date` header (RFC 9110, section 5.6.7).
    pub(crate) fn http_date(&self) -> String {
        self.moment().now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        *offset = offset.saturating_add(by);
    }
}

impl ClockReading {
    /// An instant on which both clocks agree.
    pub(crate) fn at(now: Timestamp) -> Self {
        Self { now, wall: now, strict: true }
    }

    /// Whether a time that a client sent is near enough. Unless the sandbox is strict, the machine's clock
    /// counts as well, for clients that cannot follow the sandbox's.
    pub(crate) fn is_near(self, time: Timestamp) -> bool {
        let near = |clock: Timestamp| clock.duration_since(time).abs() <= TOLERANCE;
        near(self.now) || (!self.strict && near(self.wall))
    }

    /// The instant this much later, or the last one that can be represented.
    pub(crate) fn plus(self, by: Duration) -> Timestamp {
        after(self.now, SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX))
    }
}

fn after(time: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    time.checked_add(by).unwrap_or(end)
}

/// Set once, when the sandbox is dropped. It wakes all threads that wait.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    pub(crate) fn stop(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for this long. Returns whether the sandbox was stopped.
    pub(crate) fn wait(&self, duration: Duration) -> bool {
        let begun = Instant::now();
        let mut stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        while !*stopped {
            let Some(left) = duration.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) else {
                break;
            };
            let woken = self.changed.wait_timeout(stopped, left).unwrap_or_else(PoisonError::into_inner);
            stopped = woken.0;
        }
        *stopped
    }
}
