//! The newer booking endpoints: booking, canceling, rating.

use serde::Serialize;

use super::booking_rules::{Cancellation, bookable_from, check_real};
use super::bookings::{BOOKINGS, BookingApi};
use super::class_view::{ClassView, refusal};
use super::feedback::{Feedback, rate};
use super::has_id::{HasId, Internal, path_segment, required};
use crate::client::Call;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, ClassId, ClassUuid, PerformanceSummaryId};

impl BookingApi<'_> {
    /// Books a class: one POST, never repeated. Programs that book unattended use
    /// [`ensure_booked`](BookingApi::ensure_booked).
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyBooked`]; [`Error::ClassFull`], which says whether [the waitlist](BookingApi::book_waitlist) can
    /// help; [`Error::ClassStarted`], before anything is sent if the class is known to have started;
    /// [`Error::ClassCanceled`]; [`Error::OutsideSchedulingWindow`]; [`Error::OutcomeUnknown`] if the class may be
    /// booked: check with [`BookingApi::live_for_class`]; [`Error::InvalidInput`] if the class has no id; and those of
    /// [any call](Error#any-call).
    #[doc(alias = "book_class_new")]
    pub fn book(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        self.book_once(&class, false)
    }

    /// Books a spot on the waitlist of a full class; a spot in the class if one has become free.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`].
    pub fn book_waitlist(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        self.book_once(&class, true)
    }

    /// Books a class, or a spot on its waitlist if it is full, which takes two requests.
    /// [`Booking::is_waitlisted`] tells which.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`].
    pub fn book_or_waitlist(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        match self.book(&class) {
            Err(Error::ClassFull { waitlist_available, .. }) if waitlist_available != Some(false) => {
                self.book_waitlist(&class)
            }
            booked => booked,
        }
    }

    /// Cancels a booking, even if it is late: the service does not refuse that, but the studio may charge for it. See
    /// [`cancel_in_time`](BookingApi::cancel_in_time).
    ///
    /// # Errors
    ///
    /// [`Error::BookingAlreadyCanceled`]; [`Error::NotFound`]; [`Error::OutcomeUnknown`] if the booking may be
    /// canceled: check with [`BookingApi::get`]; [`Error::InvalidInput`] for an empty id and for a
    /// [placeholder](Booking::is_placeholder); and those of [any call](Error#any-call).
    #[doc(alias = "cancel_booking_new")]
    pub fn cancel(&self, booking: impl HasId<BookingId>) -> Result<Cancellation> {
        let id = required(&booking)?;
        check_real(id)?;
        let known = booking.booking(Internal);
        let late = known.map(|known| self.late_cancel_from(known) <= self.client.now());
        let call = Call::delete(Host::Io, format!("{BOOKINGS}/{}", path_segment(id)?))
            .hint("look up the booking with bookings().get()");
        self.noting_cancellation(id, known.map(Booking::class_id), || self.client.send(&call))?;
        Ok(Cancellation { late })
    }

    /// Rates a class and its coach. A class can be rated once; rating neither, which dismisses the app's question,
    /// counts.
    ///
    /// Both ids must be those of the same workout. A [`Booking`] has them while it can be rated.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if an id is missing; [`Error::AlreadyRated`];
    /// [`Error::NotFound`] if there is no such workout; [`Error::OutcomeUnknown`] if the rating may have taken effect;
    /// and those of [any call](Error#any-call).
    #[doc(alias = "rate_class")]
    pub fn rate(
        &self,
        class: impl HasId<ClassUuid>,
        performance_summary: impl HasId<PerformanceSummaryId>,
        feedback: Feedback,
    ) -> Result<()> {
        if let Some(booking) = class.booking(Internal) {
            check_real(&booking.booking_id)?;
        }
        let (class, summary) = (required(&class)?, required(&performance_summary)?);
        rate(self.client, class, summary, feedback)
    }

    fn book_once(&self, class: &impl HasId<ClassId>, waitlist: bool) -> Result<Booking> {
        let id = required(class)?;
        let class = class.class(Internal);
        class.as_ref().map_or(Ok(()), |class| self.check_not_started(class))?;
        let result = self.noting_booking(id, || self.post_booking(id, class.as_ref(), waitlist));
        match &result {
            // The service accepted the booking, but its response is not one.
            Err(Error::OutcomeUnknown { source, .. }) if matches!(**source, Error::Decode { .. }) => {
                match self.look_again(id, class.as_ref()) {
                    Ok(Some(booking)) => Ok(booking),
                    _ => result,
                }
            }
            _ => result,
        }
    }

    /// Sends the request and interprets a refusal.
    pub(super) fn post_booking(
        &self,
        id: &ClassId,
        class: Option<&ClassView<'_>>,
        waitlist: bool,
    ) -> Result<Booking> {
        #[derive(Serialize)]
        struct NewBooking<'a> {
            class_id: &'a str,
            confirmed: bool,
            waitlist: bool,
        }

        let call = Call::post(Host::Io, BOOKINGS)
            .json(&NewBooking { class_id: id.as_str(), confirmed: false, waitlist })?
            .hint("look up the class's booking with bookings().live_for_class()");
        let result = self.client.get(&call);
        if matches!(result, Ok(_) | Err(Error::AlreadyBooked { .. } | Error::OutcomeUnknown { .. })) {
            self.client.profile().set_booked(id, self.client.now());
        }
        result.map_err(|error| match refusal(error, class, waitlist, self.client.now()) {
            Error::OutsideSchedulingWindow { endpoint, message, .. } => {
                let days = self.client.settings().booking_days;
                let bookable_from = class.map(|class| bookable_from(class, days));
                Error::OutsideSchedulingWindow { endpoint, bookable_from, message }
            }
            error => error,
        })
    }
}
