//! When a class can be booked, and when canceling is late.

use std::time::Duration;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;

use super::bookings::{BookingApi, POST_ENDPOINT};
use super::class_view::{ClassView, later};
use super::has_id::{HasId, Internal, required};
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, OtfClass};

/// How many days before the class booking opens by default.
pub(crate) const BOOKING_DAYS: u16 = 28;

/// How long before the class a cancellation becomes late by default.
pub(crate) const LATE_CANCEL_WINDOW: Duration = Duration::from_secs(8 * 60 * 60);

/// The result of a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cancellation {
    /// Whether the cancellation was late, according to the client's clock and its
    /// [late-cancel window](crate::OtfBuilder::late_cancel_window); `None` if only the booking's id was given. What the
    /// service decided is in [`Booking::late_canceled`].
    pub late: Option<bool>,
}

impl OtfClass {
    /// When booking opens: midnight at the studio, 28 days before the date of the class.
    ///
    /// Recorded bookings show 28; another client assumes 29. So a program that waits for this time should keep trying
    /// for a few minutes, or start a day earlier. [`BookingApi::bookable_from`] uses the
    /// [days that the client is set to](crate::OtfBuilder::booking_days).
    #[must_use]
    pub fn bookable_from(&self) -> Timestamp {
        bookable_from(&self.into(), BOOKING_DAYS)
    }
}

impl Booking {
    /// When a cancellation becomes late, so that the studio may charge for it: 8 hours before the class.
    ///
    /// The window is a policy of the studios, some of which use 12 or 24 hours: [`BookingApi::late_cancel_from`] uses
    /// the [window that the client is set to](crate::OtfBuilder::late_cancel_window). The service does not refuse a
    /// late cancellation.
    #[must_use]
    pub fn late_cancel_from(&self) -> Timestamp {
        late_cancel_from(self, LATE_CANCEL_WINDOW)
    }

    /// Whether this is a placeholder for a class that somebody else, such as an employer, paid for. Its id starts with
    /// `no-booking-id` and belongs to no booking, so it can't be canceled or rated. Its workout is real.
    ///
    /// Known from one client's users.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        is_placeholder(&self.booking_id)
    }
}

impl BookingApi<'_> {
    /// When booking a class opens: [`OtfClass::bookable_from`] with the
    /// [days that the client is set to](crate::OtfBuilder::booking_days).
    pub fn bookable_from(&self, class: &OtfClass) -> Timestamp {
        bookable_from(&class.into(), self.client.settings().booking_days)
    }

    /// When a cancellation becomes late: [`Booking::late_cancel_from`] with the
    /// [window that the client is set to](crate::OtfBuilder::late_cancel_window).
    pub fn late_cancel_from(&self, booking: &Booking) -> Timestamp {
        late_cancel_from(booking, self.client.settings().late_cancel_window)
    }

    /// Cancels a booking unless that would be [late](BookingApi::late_cancel_from). If only the booking's id is given,
    /// it is looked up first.
    ///
    /// # Errors
    ///
    /// [`Error::LateCancellation`], before anything is sent; otherwise as [`BookingApi::cancel`].
    pub fn cancel_in_time(&self, booking: impl HasId<BookingId>) -> Result<Cancellation> {
        check_real(required(&booking)?)?;
        let looked_up;
        let known = match booking.booking(Internal) {
            Some(booking) => booking,
            None => {
                looked_up = self.get(&booking)?;
                &looked_up
            }
        };
        let late_from = self.late_cancel_from(known);
        if late_from <= self.client.now() {
            let endpoint = format!("DELETE /v1/bookings/me/{}", known.booking_id);
            return Err(Error::LateCancellation { endpoint, late_from });
        }
        self.cancel(known)
    }

    /// Refuses a class that is known to have started or to be canceled.
    pub(super) fn check_bookable(&self, class: Option<&ClassView<'_>>) -> Result<()> {
        let Some(class) = class else { return Ok(()) };
        if class.canceled == Some(true) {
            return Err(Error::ClassCanceled { endpoint: POST_ENDPOINT.to_owned(), message: None });
        }
        self.check_not_started(class)
    }

    /// Refuses a class that is known to have started.
    pub(super) fn check_not_started(&self, class: &ClassView<'_>) -> Result<()> {
        if class.start.has_passed(self.client.now()) {
            return Err(Error::ClassStarted { endpoint: POST_ENDPOINT.to_owned(), message: None });
        }
        Ok(())
    }
}

/// Refuses the id of a [placeholder](Booking::is_placeholder).
pub(super) fn check_real(id: &BookingId) -> Result<()> {
    if is_placeholder(id) {
        return Err(Error::invalid(
            "booking",
            "a placeholder for a class that somebody else paid for; there is no booking to cancel or rate",
        ));
    }
    Ok(())
}

fn is_placeholder(id: &BookingId) -> bool {
    id.as_str().starts_with("no-booking-id")
}

pub(super) fn bookable_from(class: &ClassView<'_>, days: u16) -> Timestamp {
    let date = class.start.date().saturating_sub(i64::from(days).days());
    let midnight = class.start.time_zone().to_zoned_datetime(date.to_datetime(Time::MIN));
    midnight.map_or(Timestamp::MIN, |midnight| midnight.timestamp())
}

fn late_cancel_from(booking: &Booking, window: Duration) -> Timestamp {
    let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
    later(booking.start().timestamp_or_as_utc(), -window)
}
