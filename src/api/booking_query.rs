//! A query of bookings.

use std::collections::{BTreeMap, btree_map};
use std::ops::Deref;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Serialize;

use super::class_filter::{Filters, conditions};
use super::class_view::ClassView;
use super::date_range::{DateRange, period};
use crate::error::Result;
use crate::models::{Booking, Rejected, StudioUuid};

/// How many days ahead bookings are listed by default.
const AHEAD: i32 = 45;

/// A query of bookings. The default: live bookings from today to 45 days ahead.
///
/// It takes the same conditions on classes as a [`ClassQuery`](crate::ClassQuery).
///
/// ```
/// use otf_api::jiff::civil::{Weekday, date};
/// use otf_api::BookingQuery;
///
/// let april = BookingQuery::new().from(date(2026, 4, 1)).until(date(2026, 4, 30)).canceled();
/// let saturdays = BookingQuery::new().weekday(Weekday::Saturday);
/// # let _ = (april, saturdays);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BookingQuery {
    period: DateRange,
    pub(super) canceled: bool,
    pub(super) duplicates: bool,
    filters: Filters,
}

impl Default for BookingQuery {
    fn default() -> Self {
        Self::of(DateRange::days(0, AHEAD))
    }
}

impl BookingQuery {
    /// From today to 45 days ahead, without canceled ones.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bookings of a period.
    pub(super) fn of(period: DateRange) -> Self {
        Self { period, canceled: false, duplicates: false, filters: Filters::default() }
    }

    period! {
        /// Classes that start then or later.
        from;
        /// Classes that start then or earlier; a day is included as a whole.
        until;
    }

    /// Includes canceled bookings.
    #[doc(alias = "exclude_cancelled")]
    #[must_use]
    pub fn canceled(mut self) -> Self {
        self.canceled = true;
        self
    }

    /// Includes every booking of a class. A class has several if it was canceled and booked again, or if its format
    /// changed. By default only one is listed; see [`Booking::one_per_class`].
    #[doc(alias = "remove_duplicates")]
    #[must_use]
    pub fn duplicates(mut self) -> Self {
        self.duplicates = true;
        self
    }

    conditions! {
        /// At this studio. May be called repeatedly; any of the studios matches.
        studio(studio: impl Into<StudioUuid>);
    }

    pub(super) fn check(&self, now: Timestamp) -> Result<()> {
        self.filters.check()?;
        self.period.check_on(now)
    }

    /// A span that contains every class of the query, in whatever zone its studio is.
    pub(super) fn span(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        self.period.span(now)
    }

    /// Whether a booking matches. Days and clock times are its studio's.
    pub(super) fn matches(&self, booking: &Booking, now: Timestamp) -> bool {
        let class = &ClassView::from(&booking.otf_class);
        self.period.includes(class, now)
            && self.filters.hold_for(class)
            && (self.canceled || !booking.is_canceled())
    }
}

/// Bookings by the local start of their class, canceled ones included. Derefs to the map.
///
/// Serializes as the map alone: `{"2026-04-21T10:00:00": [...]}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct BookingsByStart {
    pub(super) bookings: BTreeMap<DateTime, Vec<Booking>>,
    #[serde(skip)]
    pub(super) rejected: Vec<Rejected>,
}

impl BookingsByStart {
    /// What could not be read; see [`Listing::rejected`](crate::models::Listing::rejected).
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

impl IntoIterator for BookingsByStart {
    type Item = (DateTime, Vec<Booking>);
    type IntoIter = btree_map::IntoIter<DateTime, Vec<Booking>>;

    fn into_iter(self) -> Self::IntoIter {
        self.bookings.into_iter()
    }
}

impl<'a> IntoIterator for &'a BookingsByStart {
    type Item = (&'a DateTime, &'a Vec<Booking>);
    type IntoIter = btree_map::Iter<'a, DateTime, Vec<Booking>>;

    fn into_iter(self) -> Self::IntoIter {
        self.bookings.iter()
    }
}
