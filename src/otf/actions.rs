//! API methods, callable on the models they concern.

use crate::api::{BookingOptions, Cancellation, EnsuredBooking, Feedback};
use crate::error::Result;
use crate::models::{
    Booking, BookingClass, LegacyBooking, Listing, MemberDetail, OtfClass, StudioDetail, StudioService,
    Workout,
};
use crate::otf::Otf;

/// Shortcuts for the API methods.
impl OtfClass {
    /// Books this class: [`BookingApi::book`](crate::BookingApi::book).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`](crate::BookingApi::book).
    #[doc(alias = "book_class")]
    pub fn book(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().book(self)
    }

    /// Books this class unless it is already booked: [`BookingApi::ensure_booked`](crate::BookingApi::ensure_booked).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::ensure_booked`](crate::BookingApi::ensure_booked).
    pub fn ensure_booked(&self, otf: &Otf, options: &BookingOptions) -> Result<EnsuredBooking> {
        otf.bookings().ensure_booked(self, options)
    }

    /// Books a spot on this class's waitlist: [`BookingApi::book_waitlist`](crate::BookingApi::book_waitlist).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`](crate::BookingApi::book).
    pub fn book_waitlist(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().book_waitlist(self)
    }

    /// Books this class, or a spot on its waitlist:
    /// [`BookingApi::book_or_waitlist`](crate::BookingApi::book_or_waitlist).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::book`](crate::BookingApi::book).
    pub fn book_or_waitlist(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().book_or_waitlist(self)
    }

    /// The booking of this class: [`BookingApi::for_class`](crate::BookingApi::for_class).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::for_class`](crate::BookingApi::for_class).
    #[doc(alias = "get_booking")]
    pub fn booking(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().for_class(self)
    }

    /// Cancels the booking of this class: two requests.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::for_class`](crate::BookingApi::for_class) and
    /// [`BookingApi::cancel`](crate::BookingApi::cancel).
    pub fn cancel_booking(&self, otf: &Otf) -> Result<Cancellation> {
        self.booking(otf)?.cancel(otf)
    }
}

/// Shortcuts for the API methods.
impl BookingClass {
    /// The booking of this class: [`BookingApi::for_class`](crate::BookingApi::for_class).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::for_class`](crate::BookingApi::for_class).
    #[doc(alias = "get_booking")]
    pub fn booking(&self, otf: &Otf) -> Result<Booking> {
        otf.bookings().for_class(self)
    }

    /// Cancels the booking of this class: two requests.
    ///
    /// # Errors
    ///
    /// As [`BookingApi::for_class`](crate::BookingApi::for_class) and
    /// [`BookingApi::cancel`](crate::BookingApi::cancel).
    pub fn cancel_booking(&self, otf: &Otf) -> Result<Cancellation> {
        self.booking(otf)?.cancel(otf)
    }
}

/// Shortcuts for the API methods.
impl Booking {
    /// Cancels this booking: [`BookingApi::cancel`](crate::BookingApi::cancel).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::cancel`](crate::BookingApi::cancel).
    pub fn cancel(&self, otf: &Otf) -> Result<Cancellation> {
        otf.bookings().cancel(self)
    }

    /// The class of this booking: [`BookingApi::class_of`](crate::BookingApi::class_of).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::class_of`](crate::BookingApi::class_of).
    pub fn class(&self, otf: &Otf) -> Result<OtfClass> {
        otf.bookings().class_of(self)
    }

    /// Rates the class and the coach of this booking: [`BookingApi::rate`](crate::BookingApi::rate).
    ///
    /// # Errors
    ///
    /// As [`BookingApi::rate`](crate::BookingApi::rate).
    pub fn rate(&self, otf: &Otf, feedback: Feedback) -> Result<()> {
        otf.bookings().rate(self, self, feedback)
    }
}

/// Shortcuts for the API methods.
impl LegacyBooking {
    /// Cancels this booking: [`LegacyBookingApi::cancel`](crate::LegacyBookingApi::cancel).
    ///
    /// # Errors
    ///
    /// As [`LegacyBookingApi::cancel`](crate::LegacyBookingApi::cancel).
    pub fn cancel(&self, otf: &Otf) -> Result<()> {
        otf.bookings().legacy().cancel(self)
    }

    /// The class of this booking: [`LegacyBookingApi::class_of`](crate::LegacyBookingApi::class_of).
    ///
    /// # Errors
    ///
    /// As [`LegacyBookingApi::class_of`](crate::LegacyBookingApi::class_of).
    pub fn class(&self, otf: &Otf) -> Result<OtfClass> {
        otf.bookings().legacy().class_of(self)
    }
}

/// Shortcuts for the API methods.
impl MemberDetail {
    /// Changes the name that the studio's screens show:
    /// [`MemberApi::update_display_name`](crate::MemberApi::update_display_name).
    ///
    /// # Errors
    ///
    /// As [`MemberApi::update_display_name`](crate::MemberApi::update_display_name).
    pub fn update_display_name(&self, otf: &Otf, name: &str) -> Result<MemberDetail> {
        otf.members().update_display_name(name)
    }

    /// Changes the member's name: [`MemberApi::update_name`](crate::MemberApi::update_name).
    ///
    /// # Errors
    ///
    /// As [`MemberApi::update_name`](crate::MemberApi::update_name).
    pub fn update_name<'n>(
        &self,
        otf: &Otf,
        first_name: impl Into<Option<&'n str>>,
        last_name: impl Into<Option<&'n str>>,
    ) -> Result<Self> {
        otf.members().update_name(first_name, last_name)
    }
}

/// Shortcuts for the API methods.
impl StudioDetail {
    /// Adds this studio to the favorites: [`StudioApi::add_favorites`](crate::StudioApi::add_favorites).
    ///
    /// # Errors
    ///
    /// As [`StudioApi::add_favorites`](crate::StudioApi::add_favorites).
    pub fn add_to_favorites(&self, otf: &Otf) -> Result<Listing<Self>> {
        otf.studios().add_favorites([self])
    }

    /// Removes this studio from the favorites: [`StudioApi::remove_favorites`](crate::StudioApi::remove_favorites).
    ///
    /// # Errors
    ///
    /// As [`StudioApi::remove_favorites`](crate::StudioApi::remove_favorites).
    pub fn remove_from_favorites(&self, otf: &Otf) -> Result<()> {
        otf.studios().remove_favorites([self])
    }

    /// What this studio sells: [`StudioApi::services`](crate::StudioApi::services).
    ///
    /// # Errors
    ///
    /// As [`StudioApi::services`](crate::StudioApi::services).
    #[doc(alias = "get_studio_services")]
    pub fn services(&self, otf: &Otf) -> Result<Listing<StudioService>> {
        otf.studios().services(self)
    }
}

/// Shortcuts for the API methods.
impl Workout {
    /// Rates this workout's class and coach: [`WorkoutApi::rate`](crate::WorkoutApi::rate).
    ///
    /// # Errors
    ///
    /// As [`WorkoutApi::rate`](crate::WorkoutApi::rate).
    pub fn rate(&self, otf: &Otf, feedback: Feedback) -> Result<Self> {
        otf.workouts().rate(self, feedback)
    }
}
