//! The newer booking endpoints: booking, cancelling, rating.

use serde::Serialize;

use super::bookings::{BOOKINGS, BookingApi};
use super::class_view::refusal;
use super::feedback::{Feedback, rate};
use super::has_id::{HasId, Internal, path_segment, required};
use crate::client::Call;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{Booking, BookingId, ClassId, ClassUuid, PerformanceSummaryId};

impl BookingApi<'_> {
    /// Books a class. The answer is the booking, without a look at the list, which may lag.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyBooked`]; [`Error::ClassFull`], which says whether
    /// [the waitlist](BookingApi::book_waitlist) can help; [`Error::OutsideSchedulingWindow`];
    /// [`Error::OutcomeUnknown`] where the service may have booked: look with [`BookingApi::live_for_class`];
    /// [`Error::InvalidInput`] where the class has no id.
    #[doc(alias = "book_class_new")]
    pub fn book(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        self.post_booking(&class, false)
    }

    /// Books a place on the waitlist of a class that is full; a place in the class where one is free after all.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`].
    pub fn book_waitlist(&self, class: impl HasId<ClassId>) -> Result<Booking> {
        self.post_booking(&class, true)
    }

    /// Books a class, or a place on its waitlist where it is full: [`Booking::is_waitlisted`] tells which. Where the
    /// class is full, that takes two requests.
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

    /// Cancels a booking.
    ///
    /// # Errors
    ///
    /// [`Error::BookingAlreadyCancelled`]; [`Error::NotFound`]; [`Error::OutcomeUnknown`] where the service may
    /// have cancelled: look with [`BookingApi::get`]; [`Error::InvalidInput`] for an empty id.
    #[doc(alias = "cancel_booking_new")]
    pub fn cancel(&self, booking: impl HasId<BookingId>) -> Result<()> {
        let id = path_segment(required(&booking)?)?;
        let call = Call::delete(Host::Io, format!("{BOOKINGS}/{id}"))
            .hint("look up the booking with bookings().get()");
        self.client.send(&call)
    }

    /// Rates a class and its coach. A class can be rated once, and dismissing the question counts.
    ///
    /// The two ids are those of one workout: a [`Booking`] has both while it can be rated.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if an id is missing; [`Error::AlreadyRated`];
    /// [`Error::NotFound`] where there was no such workout; [`Error::OutcomeUnknown`] where the rating may have
    /// been taken.
    #[doc(alias = "rate_class")]
    pub fn rate(
        &self,
        class: impl HasId<ClassUuid>,
        performance_summary: impl HasId<PerformanceSummaryId>,
        feedback: Feedback,
    ) -> Result<()> {
        let (class, summary) = (required(&class)?, required(&performance_summary)?);
        rate(self.client, class, summary, feedback)
    }

    fn post_booking(&self, class: &impl HasId<ClassId>, waitlist: bool) -> Result<Booking> {
        #[derive(Serialize)]
        struct NewBooking<'a> {
            class_id: &'a str,
            confirmed: bool,
            waitlist: bool,
        }

        let class_id = required(class)?.as_str();
        let call = Call::post(Host::Io, BOOKINGS)
            .json(&NewBooking { class_id, confirmed: false, waitlist })?
            .hint("look up the class's booking with bookings().live_for_class()");
        let client = self.client;
        client
            .get(&call)
            .map_err(|error| refusal(error, class.class(Internal).as_ref(), waitlist, client.now()))
    }
}
