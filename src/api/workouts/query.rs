//! Which workouts are asked for, and how much of each.

use jiff::Timestamp;

use crate::api::date_range::{DateRange, period};
use crate::api::{BookingQuery, DateBound};
use crate::error::{Error, Result};
use crate::models::Booking;

/// How far back workouts are asked for where nothing else is said, in days.
const BACK: i32 = 30;

/// A query of the workouts. The default: those of the last 30 days, in full.
///
/// ```
/// use otf_api::jiff::civil::date;
/// use otf_api::WorkoutQuery;
///
/// let april = WorkoutQuery::new().from(date(2026, 4, 1)).until(date(2026, 4, 30));
/// let all_but_brief = WorkoutQuery::new().lifetime().without_telemetry().without_summaries();
/// # let _ = (april, all_but_brief);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WorkoutQuery {
    period: DateRange,
    pub(super) max_data_points: u32,
    pub(super) telemetry: bool,
    pub(super) summaries: bool,
}

impl Default for WorkoutQuery {
    fn default() -> Self {
        Self { period: DateRange::days(-BACK, 0), max_data_points: 150, telemetry: true, summaries: true }
    }
}

impl WorkoutQuery {
    /// The last 30 days, in full.
    pub fn new() -> Self {
        Self::default()
    }

    period! {
        /// Classes that started then or later. Default: 30 days ago, as the studio counts days.
        from;
        /// Classes that started then or earlier; a day is included as a whole. Default: today.
        until;
    }

    /// All there ever were.
    #[must_use]
    pub fn lifetime(mut self) -> Self {
        self.period.from = Some(DateBound::Instant(Timestamp::UNIX_EPOCH));
        self.period.until = None;
        self
    }

    /// How many points of telemetry to have of each workout at most. Default: 150, as the official app.
    #[must_use]
    pub fn max_data_points(mut self, points: u32) -> Self {
        self.max_data_points = points;
        self
    }

    /// Leaves the telemetry out: one request a workout less. The maximum heart rate is not known then.
    #[must_use]
    pub fn without_telemetry(mut self) -> Self {
        self.telemetry = false;
        self
    }

    /// Leaves the performance summaries out: one request a workout less. The figures are then those that the
    /// bookings tell.
    #[must_use]
    pub fn without_summaries(mut self) -> Self {
        self.summaries = false;
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        at_least_one("max_data_points", self.max_data_points)
    }

    /// The bookings of the workouts, and maybe some more; see [`had_workout`].
    pub(super) fn bookings(&self) -> BookingQuery {
        BookingQuery::of(self.period.clone())
    }
}

/// Whether a booking is one of a workout: of a class that has started, and in which there was a place.
pub(super) fn had_workout(booking: &Booking, now: Timestamp) -> bool {
    (booking.workout.is_some() || !booking.is_waitlisted()) && booking.start().has_passed(now)
}

/// Refuses a count of 0.
pub(in crate::api) fn at_least_one(argument: &'static str, count: u32) -> Result<()> {
    if count == 0 {
        return Err(Error::invalid(argument, "it is 0"));
    }
    Ok(())
}
