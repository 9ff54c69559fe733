//! Which bookings are asked for.

use std::collections::BTreeMap;
use std::ops::Deref;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use crate::error::{Error, Result};
use crate::models::{Booking, Rejected};

/// How far ahead bookings are asked for where nothing else is said, in days.
const AHEAD: i64 = 45;

/// A query of the bookings. The default: those that are not cancelled, from today to 45 days ahead.
///
/// ```
/// use jiff::civil::date;
/// use otf_api::BookingQuery;
///
/// let april = BookingQuery::new().from(date(2026, 4, 1)).until(date(2026, 4, 30)).cancelled();
/// # let _ = april;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BookingQuery {
    from: Option<When>,
    until: Option<When>,
    pub(super) cancelled: bool,
    pub(super) duplicates: bool,
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
    #[must_use]
    pub fn from(mut self, from: impl Into<When>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Classes that start then or earlier; a day is included as a whole.
    #[must_use]
    pub fn until(mut self, until: impl Into<When>) -> Self {
        self.until = Some(until.into());
        self
    }

    /// Also gives cancelled bookings.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.cancelled = true;
        self
    }

    /// Gives every booking of a class. Cancelling and booking again, or a class that changes its format, leaves
    /// several for one class; without this, the one that counts is given.
    #[must_use]
    pub fn duplicates(mut self) -> Self {
        self.duplicates = true;
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        if let (Some(from), Some(until)) = (&self.from, &self.until)
            && until.latest() < from.earliest()
        {
            return Err(Error::invalid("until", "it is before the start"));
        }
        Ok(())
    }

    /// A span of time that holds every class asked for, in whatever zone its studio is.
    pub(super) fn span(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let from = self.from.as_ref().map_or(now, When::earliest);
        let ahead = SignedDuration::from_hours(24 * AHEAD);
        let until = self.until.as_ref().map_or_else(|| later(now, ahead), When::latest);
        let slack = SignedDuration::from_hours(26);
        (later(from, -slack), later(until, slack))
    }

    /// Whether a booking's class starts in the time asked for; days and clock times are its studio's.
    pub(super) fn matches(&self, booking: &Booking, now: Timestamp) -> bool {
        let today = now.to_zoned(zone(booking.otf_class.time_zone())).date();
        let from = self.from.clone().unwrap_or(When::Date(today));
        let until = self.until.clone().unwrap_or_else(|| When::Date(today.saturating_add(AHEAD.days())));
        let local = booking.otf_class.starts_at;
        let after_from = match from {
            When::Date(date) => date <= local.date(),
            When::Local(start) => start <= local,
            When::Instant(instant) => instant <= starts_at_instant(booking),
        };
        let before_until = match until {
            When::Date(date) => local.date() <= date,
            When::Local(end) => local <= end,
            When::Instant(instant) => starts_at_instant(booking) <= instant,
        };
        after_from && before_until
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

/// When the class starts, by its UTC time, else by its studio's clock.
fn starts_at_instant(booking: &Booking) -> Timestamp {
    let class = &booking.otf_class;
    class.starts_at_utc.unwrap_or_else(|| {
        class.starts_at_zoned().map_or_else(|| as_utc(class.starts_at), |zoned| zoned.timestamp())
    })
}

/// A studio's zone by its IANA name; UTC where it is not known.
pub(super) fn zone(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

fn as_utc(local: DateTime) -> Timestamp {
    local.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// A time moved by a duration, no further than time goes.
fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
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
