//! Queries of the older endpoints' bookings.

use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::models::{BookingStatus, LegacyBooking};

/// A query of the older endpoints' bookings. The default: upcoming bookings, without those that are canceled or checked
/// in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegacyBookingQuery {
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
    pub(super) statuses: Vec<BookingStatus>,
    canceled: bool,
    checked_in: bool,
}

impl LegacyBookingQuery {
    /// The upcoming bookings.
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

    /// Classes on this day or earlier.
    #[doc(alias = "end_date")]
    #[must_use]
    pub fn until(mut self, date: Date) -> Self {
        self.until = Some(date);
        self
    }

    /// Bookings with this status. May be called repeatedly; any of the statuses matches. `Canceled` and `CheckedIn`
    /// need no other setter. With a status that the service does not know, the list is empty.
    #[must_use]
    pub fn status(mut self, status: BookingStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Includes bookings with the status `Canceled`. Those with `LateCanceled` are always included.
    #[doc(alias = "exclude_cancelled")]
    #[must_use]
    pub fn canceled(mut self) -> Self {
        self.canceled = true;
        self
    }

    /// Includes bookings that are checked in. For these, the service requires both `from` and `until`.
    #[doc(alias = "exclude_checkedin")]
    #[must_use]
    pub fn checked_in(mut self) -> Self {
        self.checked_in = true;
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        let without_dates = |argument| {
            let reason = "the service lists checked-in bookings only with both days";
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

    /// Whether a booking is not left out; the service applies the rest of the query.
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
