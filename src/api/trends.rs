//! Trends over workouts.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ZonedDateTime};

use super::DateBound;
use super::date_range::{DateRange, period};
use super::members::MemberApi;
use super::workouts::at_least_one;
use crate::client::{Call, Client, segment};
use crate::decode::time_zone;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{TrendType, WorkoutStatsPreviewResponse, WorkoutStatsResponse};

const STATS: &str = "/consumer-mobile/v1/users/me/workout-stats";

/// How many days a trend covers by default.
const BACK: i32 = 90;

/// Trends over workouts: [`Otf::trends`](crate::Otf::trends).
///
/// Paths and values come from one client's code and were never recorded. According to its documentation, trends reach
/// back about three years; whether the service refuses an earlier start or omits the points is not known.
#[derive(Clone, Copy, Debug)]
pub struct TrendApi<'a> {
    client: &'a Client,
}

/// The time that a trend covers. The default: the last 90 days.
///
/// Days and times without a zone are local to the home studio.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendRange {
    period: DateRange,
}

impl Default for TrendRange {
    fn default() -> Self {
        Self { period: DateRange::days(-BACK, 0) }
    }
}

impl TrendRange {
    /// The last 90 days.
    pub fn new() -> Self {
        Self::default()
    }

    period! {
        /// The start. Default: 90 days before the end.
        from;
        /// The end; a day is included as a whole. Default: now.
        until;
    }
}

impl<'a> TrendApi<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// One trend, with a point for each workout. Takes one request; for a range of days or of times without a zone, two
    /// more unless the home studio's zone is known.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before the start or an empty trend; and those of [any call](Error#any-call).
    #[doc(alias = "get_workout_stats")]
    pub fn stats(&self, trend: impl Into<TrendType>, range: &TrendRange) -> Result<WorkoutStatsResponse> {
        let trend = segment("trend", trend.into().as_str())?;
        let (start, end) = self.bounds(range)?;
        let iso =
            |time: &ZonedDateTime| format!("{:.0}", time.timestamp().display_with_offset(time.offset()));
        let call = Call::get(Host::Gateway, format!("{STATS}/{trend}"))
            .query("start", iso(&start))
            .query("end", iso(&end));
        self.client.get(&call)
    }

    /// All trends over the latest workouts, this many of them. The official app requests 10.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a count of 0; and those of [any call](Error#any-call).
    #[doc(alias = "get_workout_stats_preview")]
    pub fn preview(&self, workout_count: u32) -> Result<WorkoutStatsPreviewResponse> {
        at_least_one("workout_count", workout_count)?;
        let call = Call::get(Host::Gateway, format!("{STATS}/preview"))
            .query("workoutCount", workout_count.to_string());
        self.client.get(&call)
    }

    /// The start and the end of a range.
    fn bounds(&self, range: &TrendRange) -> Result<(ZonedDateTime, ZonedDateTime)> {
        range.period.check()?;
        let DateRange { from, until, .. } = &range.period;
        let on_a_clock =
            |when: &Option<DateBound>| matches!(when, Some(DateBound::Date(_) | DateBound::Local(_)));
        let zone = if on_a_clock(from) || on_a_clock(until) {
            MemberApi::new(self.client)
                .home_studio()?
                .time_zone
                .and_then(|name| time_zone(&name))
                .unwrap_or(TimeZone::UTC)
        } else {
            TimeZone::UTC
        };
        let end = match until {
            Some(until) => moment("until", until, Time::MAX, &zone)?,
            None => self.client.now().to_zoned_datetime(zone.clone()),
        };
        let start = match from {
            Some(from) => moment("from", from, Time::MIN, &zone)?,
            None => end.saturating_sub(SignedDuration::from_hours(24) * BACK),
        };
        if end < start {
            return Err(Error::invalid("from", "it is after the end of the range"));
        }
        Ok((start, end))
    }
}

/// A bound of a range as a time with a zone; of a day, at the time `of_day`.
fn moment(argument: &'static str, when: &DateBound, of_day: Time, zone: &TimeZone) -> Result<ZonedDateTime> {
    let local = match when {
        DateBound::Date(date) => date.to_datetime(of_day),
        DateBound::Local(local) => *local,
        DateBound::Instant(instant) => return Ok(instant.to_zoned_datetime(TimeZone::UTC)),
    };
    zone.to_zoned_datetime(local).map_err(|_| Error::invalid(argument, "out of range"))
}
