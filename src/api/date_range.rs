//! The range of dates of a query.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan, ZonedDateTime};

use super::class_view::{ClassView, later};
use crate::error::{Error, Result};
use crate::models::as_utc;

/// More than any zone's offset plus the longest class.
const ANY_ZONE: SignedDuration = SignedDuration::from_hours(26);

/// Where a query starts or ends: a day, a time on the studio's clock, or an instant.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DateBound {
    /// A day in the studio's zone. As an end, the whole day is included.
    Date(Date),
    /// A time on the studio's clock.
    Local(DateTime),
    /// An instant.
    Instant(Timestamp),
}

impl From<Date> for DateBound {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<DateTime> for DateBound {
    fn from(local: DateTime) -> Self {
        Self::Local(local)
    }
}

impl From<Timestamp> for DateBound {
    fn from(instant: Timestamp) -> Self {
        Self::Instant(instant)
    }
}

impl From<&ZonedDateTime> for DateBound {
    fn from(zoned: &ZonedDateTime) -> Self {
        Self::Instant(zoned.timestamp())
    }
}

impl From<ZonedDateTime> for DateBound {
    fn from(zoned: ZonedDateTime) -> Self {
        Self::Instant(zoned.timestamp())
    }
}

impl DateBound {
    /// The bound as if the studio were on UTC.
    fn earliest(&self) -> Timestamp {
        match self {
            Self::Date(date) => as_utc(date.to_datetime(Time::MIN)),
            Self::Local(local) => as_utc(*local),
            Self::Instant(instant) => *instant,
        }
    }

    fn latest(&self) -> Timestamp {
        match self {
            Self::Date(date) => as_utc(date.to_datetime(Time::MAX)),
            _ => self.earliest(),
        }
    }
}

/// The dates of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DateRange {
    pub(super) from: Option<DateBound>,
    pub(super) until: Option<DateBound>,
    /// The default bounds, in days from the studio's today.
    days: (i32, i32),
}

impl DateRange {
    /// A default range, in days from today.
    pub(super) const fn days(from: i32, until: i32) -> Self {
        Self { from: None, until: None, days: (from, until) }
    }

    /// Refuses an end before the start, where both are given.
    pub(super) fn check(&self) -> Result<()> {
        if let (Some(from), Some(until)) = (&self.from, &self.until) {
            // A studio's clock and an instant can be compared only roughly, before the studio is known.
            let mixed = matches!(from, DateBound::Instant(_)) != matches!(until, DateBound::Instant(_));
            let slack = if mixed { ANY_ZONE } else { SignedDuration::ZERO };
            if later(until.latest(), slack) < from.earliest() {
                return Err(Error::invalid("until", "it is before the start"));
            }
        }
        Ok(())
    }

    /// Refuses an end before the start, also if one of the two is a default: the list would always be empty.
    pub(super) fn check_on(&self, now: Timestamp) -> Result<()> {
        self.check()?;
        let (from, until) = self.bounds(now);
        // If one of the two is a day counted from today, an exact check needs the studio's today.
        if later(until, ANY_ZONE) < from {
            return Err(match self.until {
                Some(_) => Error::invalid("until", "it is before the default start"),
                None => Error::invalid("from", "it is after the default end"),
            });
        }
        Ok(())
    }

    /// A span that contains every class of the query, in whatever zone its studio is.
    pub(super) fn span(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let (from, until) = self.bounds(now);
        (later(from, -ANY_ZONE), later(until, ANY_ZONE))
    }

    /// The two ends, as if every studio were on UTC.
    fn bounds(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let day = |days: i32| later(now, SignedDuration::from_hours(24).saturating_mul(days));
        let from = self.from.as_ref().map_or_else(|| day(self.days.0), DateBound::earliest);
        let until = self.until.as_ref().map_or_else(|| day(self.days.1), DateBound::latest);
        (from, until)
    }

    /// Whether a class starts within it. Days and clock times are its studio's.
    pub(super) fn includes(&self, class: &ClassView<'_>, now: Timestamp) -> bool {
        let date = class.start.date();
        let day = |days: i32| class.start.date_at(now).saturating_add(days.days());
        let after_from = match &self.from {
            None => day(self.days.0) <= date,
            Some(DateBound::Date(from)) => *from <= date,
            Some(DateBound::Local(from)) => *from <= class.start.local,
            Some(DateBound::Instant(from)) => *from <= class.start.timestamp_or_as_utc(),
        };
        let before_until = match &self.until {
            None => date <= day(self.days.1),
            Some(DateBound::Date(until)) => date <= *until,
            Some(DateBound::Local(until)) => class.start.local <= *until,
            Some(DateBound::Instant(until)) => class.start.timestamp_or_as_utc() <= *until,
        };
        after_from && before_until
    }
}

/// The setters of a query's `period`.
macro_rules! period {
    ($(#[$from:meta])* from; $(#[$until:meta])* until;) => {
        $(#[$from])*
        #[doc(alias = "start_date")]
        #[must_use]
        pub fn from(mut self, from: impl Into<crate::DateBound>) -> Self {
            self.period.from = Some(from.into());
            self
        }

        $(#[$until])*
        #[doc(alias = "end_date")]
        #[must_use]
        pub fn until(mut self, until: impl Into<crate::DateBound>) -> Self {
            self.period.until = Some(until.into());
            self
        }
    };
}

pub(super) use period;
