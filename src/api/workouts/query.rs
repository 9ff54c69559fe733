//! Queries of workouts.

use jiff::Timestamp;

use crate::api::date_range::{DateRange, period};
use crate::api::{BookingQuery, DateBound};
use crate::error::{Error, Result};
use crate::models::Booking;

/// How many days back workouts are listed by default.
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

    /// All workouts.
    #[must_use]
    pub fn lifetime(mut self) -> Self {
        self.period.from = Some(DateBound::Instant(Timestamp::UNIX_EPOCH));
        self.period.until = None;
        self
    }

    /// How many points of telemetry to load per workout at most. Default: 150, like the official app.
    #[must_use]
    pub fn max_data_points(mut self, points: u32) -> Self {
        self.max_data_points = points;
        self
    }

    /// Leaves out the telemetry: one request less per workout. The maximum heart rate is then unknown.
    #[must_use]
    pub fn without_telemetry(mut self) -> Self {
        self.telemetry = false;
        self
    }

    /// Leaves out the performance summaries: one request less per workout. The figures then come from the bookings.
    #[must_use]
    pub fn without_summaries(mut self) -> Self {
        self.summaries = false;
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        at_least_one("max_data_points", self.max_data_points)
    }

    /// The bookings of the workouts, and possibly some more; see [`had_workout`].
    pub(super) fn bookings(&self) -> BookingQuery {
        BookingQuery::of(self.period.clone())
    }
}

/// Whether a booking stands for a workout: its class has started, and the member had a spot.
pub(super) fn had_workout(booking: &Booking, now: Timestamp) -> bool {
    (booking.workout.is_some() || !booking.is_waitlisted()) && booking.start().has_passed(now)
}

/// Refuses a count of 0.
pub(in crate::api) fn at_least_one(argument: &'static str, count: u32) -> Result<()> {
    if count == 0 {
        return Err(Error::invalid(argument, "must not be 0"));
    }
    Ok(())
}
