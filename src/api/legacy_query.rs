//! Which bookings of the older endpoints are asked for.

use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::models::{BookingStatus, LegacyBooking};

/// A query of the older endpoints' bookings. The default: those that lie ahead, without canceled ones and those
/// that are checked in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegacyBookingQuery {
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
    pub(super) statuses: Vec<BookingStatus>,
    canceled: bool,
    checked_in: bool,
    pub(super) with_studios: bool,
}

impl LegacyBookingQuery {
    /// What lies ahead.
    pub fn new() -> Self {
        Self::default()
    }

    /// Classes on this day or later.
    #[doc(alias = "start_date")]
    #[must_use]
    pub fn from(mut self, date: Date) -> Self {
        self.from = Some(date);
        self
    }

    /// Classes on this day or earlier: the day itself is included.
    #[doc(alias = "end_date")]
    #[must_use]
    pub fn until(mut self, date: Date) -> Self {
        self.until = Some(date);
        self
    }

    /// Bookings with this status, or another one named so. `Canceled` and `CheckedIn` need not be allowed
    /// besides. A status that the service does not know gives an empty list.
    #[must_use]
    pub fn status(mut self, status: BookingStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Also gives bookings with the status `Canceled`; those with `LateCanceled` are always given.
    #[doc(alias = "exclude_cancelled")]
    #[must_use]
    pub fn canceled(mut self) -> Self {
        self.canceled = true;
        self
    }

    /// Also gives bookings that are checked in, for which the service wants both days.
    #[doc(alias = "exclude_checkedin")]
    #[must_use]
    pub fn checked_in(mut self) -> Self {
        self.checked_in = true;
        self
    }

    /// Also loads each studio in full: one request a studio more.
    #[must_use]
    pub fn with_studios(mut self) -> Self {
        self.with_studios = true;
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        let without_dates = |argument| {
            let reason = "the service answers bookings that are checked in only for given days";
            Err(Error::invalid(argument, reason))
        };
        match (self.from, self.until) {
            (Some(from), Some(until)) if until < from => {
                Err(Error::invalid("until", format!("{until} is before {from}")))
            }
            (None, _) if self.allows(&BookingStatus::CheckedIn) => without_dates("from"),
            (_, None) if self.allows(&BookingStatus::CheckedIn) => without_dates("until"),
            _ => Ok(()),
        }
    }

    /// Whether a booking is not left out; the rest of the query is the service's to answer.
    pub(super) fn keeps(&self, booking: &LegacyBooking) -> bool {
        self.allows(&booking.status)
    }

    fn allows(&self, status: &BookingStatus) -> bool {
        let left_out = match status {
            BookingStatus::Canceled => !self.canceled,
            BookingStatus::CheckedIn => !self.checked_in,
            _ => false,
        };
        !left_out || self.statuses.contains(status)
    }
}
