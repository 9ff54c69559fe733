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

/// How many dates before the class booking opens, unless set otherwise.
pub(crate) const BOOKING_DAYS: u16 = 28;

/// How long before the class canceling becomes late, unless set otherwise.
pub(crate) const LATE_CANCEL_WINDOW: Duration = Duration::from_secs(8 * 60 * 60);

/// How a booking was canceled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cancellation {
    /// Whether it was late, by the client's clock and its
    /// [late-cancel window](crate::OtfBuilder::late_cancel_window); `None` if only the booking's id was given. What the
    /// service makes of it is in [`Booking::late_canceled`].
    pub late: Option<bool>,
}

impl OtfClass {
    /// When booking opens: the studio's midnight 28 dates before the class.
    ///
    /// That is what recorded bookings show. Another client assumes 29 dates, so a program that waits for this time
    /// should keep trying for a few minutes, and may want to begin a day earlier. [`BookingApi::bookable_from`] uses the
    /// [days that the client is set to](crate::OtfBuilder::booking_days).
    #[must_use]
    pub fn bookable_from(&self) -> Timestamp {
        bookable_from(&self.into(), BOOKING_DAYS)
    }
}

impl Booking {
    /// When canceling becomes late, for which studios charge: 8 hours before the class. From that moment on, it is.
    ///
    /// The window is a policy of the studios, some of which use 12 or 24 hours: [`BookingApi::late_cancel_from`] uses the
    /// [window that the client is set to](crate::OtfBuilder::late_cancel_window). The service does not refuse a late
    /// cancellation.
    #[must_use]
    pub fn late_cancel_from(&self) -> Timestamp {
        late_cancel_from(self, LATE_CANCEL_WINDOW)
    }

    /// Whether this item of the list stands for a class that somebody else paid for, such as an employer. Its id, which
    /// starts with `no-booking-id`, is not that of a booking: it can't be canceled or rated. Its workout is real.
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

    /// When canceling a booking becomes late: [`Booking::late_cancel_from`] with the
    /// [window that the client is set to](crate::OtfBuilder::late_cancel_window).
    pub fn late_cancel_from(&self, booking: &Booking) -> Timestamp {
        late_cancel_from(booking, self.client.settings().late_cancel_window)
    }

    /// Cancels a booking unless that would be [late](BookingApi::late_cancel_from). If only the booking's id is given, it
    /// is looked up first.
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
            "it stands for a class that somebody else paid for, and has no booking to cancel or rate",
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
