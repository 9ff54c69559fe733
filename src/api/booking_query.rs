//! Which bookings are asked for.

use std::collections::BTreeMap;
use std::ops::Deref;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use super::class_facts::{ClassFacts, as_utc, later};
use super::class_filter::{Filters, conditions};
use crate::error::{Error, Result};
use crate::models::{Booking, Rejected, StudioUuid};

/// How far ahead bookings are asked for where nothing else is said, in days.
const AHEAD: i64 = 45;

/// More than any zone is away from UTC, and the longest class on top.
const ANY_ZONE: SignedDuration = SignedDuration::from_hours(26);

/// A query of the bookings. The default: those that are not cancelled, from today to 45 days ahead.
///
/// Conditions on the class narrow it further, as those of a [`ClassQuery`](crate::ClassQuery) do.
///
/// ```
/// use jiff::civil::{Weekday, date};
/// use otf_api::BookingQuery;
///
/// let april = BookingQuery::new().from(date(2026, 4, 1)).until(date(2026, 4, 30)).cancelled();
/// let saturdays = BookingQuery::new().weekday(Weekday::Saturday);
/// # let _ = (april, saturdays);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BookingQuery {
    from: Option<When>,
    until: Option<When>,
    pub(super) cancelled: bool,
    pub(super) duplicates: bool,
    filters: Filters,
}

/// A day, a time of the studio's clock, or an instant: whatever says when.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum When {
    /// A day as the studio counts days. As an end it is included as a whole.
    Date(Date),
    /// A time on the studio's clock.
    Local(DateTime),
    /// An instant.
    Instant(Timestamp),
}

impl From<Date> for When {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<DateTime> for When {
    fn from(local: DateTime) -> Self {
        Self::Local(local)
    }
}

impl From<Timestamp> for When {
    fn from(instant: Timestamp) -> Self {
        Self::Instant(instant)
    }
}

impl From<&Zoned> for When {
    fn from(zoned: &Zoned) -> Self {
        Self::Instant(zoned.timestamp())
    }
}

impl From<Zoned> for When {
    fn from(zoned: Zoned) -> Self {
        Self::Instant(zoned.timestamp())
    }
}

impl BookingQuery {
    /// From today to 45 days ahead, without cancelled ones.
    pub fn new() -> Self {
        Self::default()
    }

    /// Classes that start then or later.
    #[doc(alias = "start_date")]
    #[must_use]
    pub fn from(mut self, from: impl Into<When>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Classes that start then or earlier; a day is included as a whole.
    #[doc(alias = "end_date")]
    #[must_use]
    pub fn until(mut self, until: impl Into<When>) -> Self {
        self.until = Some(until.into());
        self
    }

    /// Also gives cancelled bookings.
    #[doc(alias = "exclude_cancelled")]
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.cancelled = true;
        self
    }

    /// Gives every booking of a class. Cancelling and booking again, or a class that changes its format, leaves
    /// several for one class; without this, the one that counts is given.
    #[doc(alias = "remove_duplicates")]
    #[must_use]
    pub fn duplicates(mut self) -> Self {
        self.duplicates = true;
        self
    }

    conditions! {
        /// At this studio, or another one named so.
        studio(studio: impl Into<StudioUuid>);
    }

    pub(super) fn check(&self) -> Result<()> {
        self.filters.check()?;
        if let (Some(from), Some(until)) = (&self.from, &self.until) {
            // A studio's clock and an instant can be compared only roughly, before the studio is known.
            let mixed = matches!(from, When::Instant(_)) != matches!(until, When::Instant(_));
            let slack = if mixed { ANY_ZONE } else { SignedDuration::ZERO };
            if later(until.latest(), slack) < from.earliest() {
                return Err(Error::invalid("until", "it is before the start"));
            }
        }
        Ok(())
    }

    /// A span of time that holds every class asked for, in whatever zone its studio is.
    pub(super) fn span(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let from = self.from.as_ref().map_or(now, When::earliest);
        let ahead = SignedDuration::from_hours(24 * AHEAD);
        let until = self.until.as_ref().map_or_else(|| later(now, ahead), When::latest);
        (later(from, -ANY_ZONE), later(until, ANY_ZONE))
    }

    /// Whether a booking is asked for; days and clock times are its studio's.
    pub(super) fn matches(&self, booking: &Booking, now: Timestamp) -> bool {
        let class = &ClassFacts::from(&booking.otf_class);
        let after_from = match &self.from {
            None => class.today(now) <= class.starts_at.date(),
            Some(When::Date(date)) => *date <= class.starts_at.date(),
            Some(When::Local(start)) => *start <= class.starts_at,
            Some(When::Instant(instant)) => *instant <= class.start,
        };
        let before_until = match &self.until {
            None => class.starts_at.date() <= class.today(now).saturating_add(AHEAD.days()),
            Some(When::Date(date)) => class.starts_at.date() <= *date,
            Some(When::Local(end)) => class.starts_at <= *end,
            Some(When::Instant(instant)) => class.start <= *instant,
        };
        after_from
            && before_until
            && self.filters.hold_for(class)
            && (self.cancelled || !booking.is_cancelled())
    }
}

impl When {
    /// The first instant that it can mean, in UTC's terms; a zone is at most 14 hours off.
    fn earliest(&self) -> Timestamp {
        match self {
            Self::Date(date) => as_utc(date.to_datetime(jiff::civil::Time::MIN)),
            Self::Local(local) => as_utc(*local),
            Self::Instant(instant) => *instant,
        }
    }

    fn latest(&self) -> Timestamp {
        match self {
            Self::Date(date) => as_utc(date.to_datetime(jiff::civil::Time::MAX)),
            _ => self.earliest(),
        }
    }
}

/// Bookings by the local start of their class, cancelled ones included. Derefs to the map.
#[derive(Clone, Debug, PartialEq)]
pub struct BookingsByStart {
    pub(super) bookings: BTreeMap<DateTime, Vec<Booking>>,
    pub(super) rejected: Vec<Rejected>,
}

impl BookingsByStart {
    /// The bookings that did not fit their type.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }
}

impl Deref for BookingsByStart {
    type Target = BTreeMap<DateTime, Vec<Booking>>;

    fn deref(&self) -> &Self::Target {
        &self.bookings
    }
}
