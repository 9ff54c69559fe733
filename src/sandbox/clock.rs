//! The sandbox's clock, and the signal that it is to stop.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// How far the time of a sign-in or a signature may be from the clock: AWS allows five minutes.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The real time and an offset.
#[derive(Debug)]
pub(crate) struct Clock {
    offset: Mutex<SignedDuration>,
    strict: bool,
}

/// One instant by both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireDateTime {
    /// By the sandbox's clock, which is the one that counts.
    pub(crate) now: Timestamp,
    /// By the machine's clock, which is usually the client's.
    wall: Timestamp,
    strict: bool,
}

impl Clock {
    pub(crate) fn new(offset: SignedDuration, strict: bool) -> Self {
        Self { offset: Mutex::new(offset), strict }
    }

    pub(crate) fn moment(&self) -> WireDateTime {
        let wall = Timestamp::now();
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        WireDateTime { now: after(wall, offset), wall, strict: self.strict }
    }

    /// The time as a `Date` header has it (RFC 9110, section 5.6.7).
    pub(crate) fn http_date(&self) -> String {
        self.moment().now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        *offset = offset.saturating_add(by);
    }
}

impl WireDateTime {
    /// One instant by which both clocks agree.
    pub(crate) fn at(now: Timestamp) -> Self {
        Self { now, wall: now, strict: true }
    }

    /// Whether a client that signs with this time has a clock that is near enough.
    ///
    /// Moving the sandbox's clock must not lock out a client that cannot move its own, so the machine's clock
    /// does as well unless the sandbox is strict.
    pub(crate) fn is_near(self, time: Timestamp) -> bool {
        let near = |clock: Timestamp| clock.duration_since(time).abs() <= TOLERANCE;
        near(self.now) || (!self.strict && near(self.wall))
    }

    /// The instant so much later, or the last one there is.
    pub(crate) fn plus(self, by: Duration) -> Timestamp {
        after(self.now, SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX))
    }
}

fn after(time: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    time.checked_add(by).unwrap_or(end)
}

/// Set once, when the sandbox is dropped; whoever waits in the meantime is woken.
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

    /// Waits; whether it has been stopped.
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
