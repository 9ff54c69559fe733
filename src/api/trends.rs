//! Trends over workouts.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};

use super::workouts::at_least_one;
use super::{BookingQuery, When};
use crate::client::{Call, segment};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{TrendType, WorkoutStatsPreviewResponse, WorkoutStatsResponse};
use crate::otf::Otf;

const STATS: &str = "/consumer-mobile/v1/users/me/workout-stats";

/// How far back a trend goes where nothing else is said.
const BACK: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Trends over workouts: [`Otf::trends`].
#[derive(Clone, Copy, Debug)]
pub struct TrendApi<'a> {
    otf: &'a Otf,
}

/// The time that a trend covers. The default: the last 90 days.
///
/// Days and clock times are those of the home studio.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrendRange {
    from: Option<When>,
    until: Option<When>,
}

impl TrendRange {
    /// The last 90 days.
    pub fn new() -> Self {
        Self::default()
    }

    /// From then on. Default: 90 days before the end.
    #[doc(alias = "start_date")]
    #[must_use]
    pub fn from(mut self, from: impl Into<When>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Until then; a day is included as a whole. Default: now.
    #[doc(alias = "end_date")]
    #[must_use]
    pub fn until(mut self, until: impl Into<When>) -> Self {
        self.until = Some(until.into());
        self
    }
}

impl<'a> TrendApi<'a> {
    pub(crate) fn new(otf: &'a Otf) -> Self {
        Self { otf }
    }

    /// How one figure went, a point for each workout. One request; for a range of days or clock times two more,
    /// unless the home studio's zone is known.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before the start or an empty trend; otherwise as for any call.
    #[doc(alias = "get_workout_stats")]
    pub fn stats(&self, trend: impl Into<TrendType>, range: &TrendRange) -> Result<WorkoutStatsResponse> {
        let trend = segment("trend", trend.into().as_str())?;
        let (start, end) = self.bounds(range)?;
        let iso = |time: &Zoned| time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let call = Call::get(Host::Gateway, format!("{STATS}/{trend}"))
            .query("start", iso(&start))
            .query("end", iso(&end));
        self.otf.client().get(&call)
    }

    /// All figures of so many workouts, the latest ones. The official app asks for 10.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a count of 0; otherwise as for any call.
    #[doc(alias = "get_workout_stats_preview")]
    pub fn preview(&self, workout_count: u32) -> Result<WorkoutStatsPreviewResponse> {
        at_least_one("workout_count", workout_count)?;
        let call = Call::get(Host::Gateway, format!("{STATS}/preview"))
            .query("workoutCount", workout_count.to_string());
        self.otf.client().get(&call)
    }

    /// The first and the last moment of a range.
    fn bounds(&self, range: &TrendRange) -> Result<(Zoned, Zoned)> {
        if let (Some(from), Some(until)) = (&range.from, &range.until) {
            BookingQuery::new().from(from.clone()).until(until.clone()).check()?;
        }
        let on_a_clock = |when: &Option<When>| matches!(when, Some(When::Date(_) | When::Local(_)));
        let zone = if on_a_clock(&range.from) || on_a_clock(&range.until) {
            self.otf
                .home_studio()?
                .time_zone
                .and_then(|name| TimeZone::get(&name).ok())
                .unwrap_or(TimeZone::UTC)
        } else {
            TimeZone::UTC
        };
        let end = match &range.until {
            Some(until) => moment("until", until, Time::MAX, &zone)?,
            None => self.otf.client().now().to_zoned(zone.clone()),
        };
        let start = match &range.from {
            Some(from) => moment("from", from, Time::MIN, &zone)?,
            None => end.saturating_sub(BACK),
        };
        Ok((start, end))
    }
}

/// The moment that is meant; of a day, the one at that time.
fn moment(argument: &'static str, when: &When, of_day: Time, zone: &TimeZone) -> Result<Zoned> {
    let local = match when {
        When::Date(date) => date.to_datetime(of_day),
        When::Local(local) => *local,
        When::Instant(instant) => return Ok(instant.to_zoned(TimeZone::UTC)),
    };
    zone.to_zoned(local)
        .map_err(|_| Error::invalid(argument, "it is beyond the years that can be reckoned with"))
}
