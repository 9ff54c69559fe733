//! Any model that carries an id can be passed where the id is expected.

use super::class_view::ClassView;
use crate::client::segment;
use crate::error::{Error, Result};
use crate::models::{
    Booking, BookingClass, BookingId, BookingStudio, BookingUuid, BookingWorkout, ClassId, ClassStudio,
    ClassUuid, LegacyBooking, LegacyBookingClass, OtfClass, PerformanceSummary, PerformanceSummaryId,
    StudioDetail, StudioUuid, Telemetry, Workout,
};

/// Has an id of type `I`: the id itself, or a model that contains it.
///
/// So `book(&class)` and `book(&class.class_id)` do the same, and `book(&class.class_uuid)` does not compile. Passing a
/// model can save a request, since it contains more than the id: a class has its start, a booking its workout.
///
/// | id | models that have it |
/// |---|---|
/// | [`ClassId`] | [`OtfClass`], [`BookingClass`], [`Booking`] |
/// | [`ClassUuid`] | [`OtfClass`], [`BookingClass`], [`Booking`], [`LegacyBookingClass`], [`LegacyBooking`], [`Workout`] |
/// | [`BookingId`] | [`Booking`], [`Workout`] |
/// | [`BookingUuid`] | [`LegacyBooking`] |
/// | [`PerformanceSummaryId`] | [`PerformanceSummary`], [`Telemetry`], [`Workout`], [`BookingWorkout`], [`Booking`] |
/// | [`StudioUuid`] | [`StudioDetail`], [`ClassStudio`], [`BookingStudio`], [`OtfClass`], [`BookingClass`], [`Booking`], [`LegacyBooking`] |
///
/// References and `Option`s of these have the id as well. The trait is sealed.
pub trait HasId<I>: sealed::Carries<I> {
    /// The id; `None` if the service left it out.
    fn id(&self) -> Option<&I> {
        self.carried_id(Internal)
    }
}

impl<I, T: sealed::Carries<I> + ?Sized> HasId<I> for T {}

/// Makes a method of a public trait private to this crate: other crates cannot name this type.
#[derive(Clone, Copy, Debug)]
pub struct Internal;

mod sealed {
    use super::{Booking, ClassView, Internal};

    #[diagnostic::on_unimplemented(
        message = "`{Self}` has no `{I}`",
        note = "pass the id itself or a model that carries it; see `otf_api::HasId`"
    )]
    pub trait Carries<I> {
        fn carried_id(&self, _: Internal) -> Option<&I>;

        /// The class, if the argument is a model that knows more of it than the id.
        fn class(&self, _: Internal) -> Option<ClassView<'_>> {
            None
        }

        /// The booking, if the argument is one.
        fn booking(&self, _: Internal) -> Option<&Booking> {
            None
        }
    }

    impl<I, T: Carries<I> + ?Sized> Carries<I> for &T {
        fn carried_id(&self, internal: Internal) -> Option<&I> {
            (**self).carried_id(internal)
        }

        fn class(&self, internal: Internal) -> Option<ClassView<'_>> {
            (**self).class(internal)
        }

        fn booking(&self, internal: Internal) -> Option<&Booking> {
            (**self).booking(internal)
        }
    }

    impl<I, T: Carries<I>> Carries<I> for Option<T> {
        fn carried_id(&self, internal: Internal) -> Option<&I> {
            self.as_ref().and_then(|item| item.carried_id(internal))
        }

        fn class(&self, internal: Internal) -> Option<ClassView<'_>> {
            self.as_ref().and_then(|item| item.class(internal))
        }

        fn booking(&self, internal: Internal) -> Option<&Booking> {
            self.as_ref().and_then(|item| item.booking(internal))
        }
    }
}

/// `class` gives what a model knows of the class besides its id, `booking` the booking itself.
macro_rules! has_id {
    ($($id:ident: $argument:literal, $name:literal {
        $($model:ty => |$this:ident| $get:expr $(, class $class:expr)? $(, booking $booking:expr)?;)*
    })*) => {$(
        impl sealed::Carries<$id> for $id {
            fn carried_id(&self, _: Internal) -> Option<&$id> {
                Some(self)
            }
        }

        impl Id for $id {
            const ARGUMENT: &'static str = $argument;
            const NAME: &'static str = $name;

            fn text(&self) -> &str {
                self.as_str()
            }
        }

        $(impl sealed::Carries<$id> for $model {
            fn carried_id(&self, _: Internal) -> Option<&$id> {
                let $this = self;
                $get
            }

            $(fn class(&self, _: Internal) -> Option<ClassView<'_>> {
                let $this = self;
                Some(ClassView::from($class))
            })?

            $(fn booking(&self, _: Internal) -> Option<&Booking> {
                let $this = self;
                Some($booking)
            })?
        })*
    )*};
}

has_id! {
    ClassId: "class", "class id" {
        OtfClass => |class| class.class_id.as_ref(), class class;
        BookingClass => |class| Some(&class.class_id), class class;
        Booking => |booking| Some(&booking.otf_class.class_id), class &booking.otf_class;
    }
    ClassUuid: "class", "class uuid" {
        OtfClass => |class| class.class_uuid.as_ref(), class class;
        BookingClass => |class| class.class_uuid.as_ref(), class class;
        Booking => |booking| booking.otf_class.class_uuid.as_ref(), class &booking.otf_class, booking booking;
        LegacyBookingClass => |class| class.class_uuid.as_ref(), class class;
        LegacyBooking => |booking| booking.class_uuid(), class &booking.otf_class;
        Workout => |workout| workout.class_uuid();
    }
    BookingId: "booking", "booking id" {
        Booking => |booking| Some(&booking.booking_id), booking booking;
        Workout => |workout| Some(&workout.booking.booking_id), booking &workout.booking;
    }
    BookingUuid: "booking", "booking uuid" {
        LegacyBooking => |booking| Some(&booking.booking_uuid);
    }
    PerformanceSummaryId: "performance_summary", "performance summary id" {
        BookingWorkout => |workout| Some(&workout.performance_summary_id);
        PerformanceSummary => |summary| Some(&summary.performance_summary_id);
        Telemetry => |telemetry| Some(&telemetry.performance_summary_id);
        Workout => |workout| workout.performance_summary_id();
        Booking => |booking| booking.workout.as_ref().map(|workout| &workout.performance_summary_id);
    }
    StudioUuid: "studio", "studio uuid" {
        StudioDetail => |studio| Some(&studio.studio_uuid);
        ClassStudio => |studio| studio.studio_uuid.as_ref();
        BookingStudio => |studio| studio.studio_uuid.as_ref();
        OtfClass => |class| class.studio_uuid();
        BookingClass => |class| class.studio_uuid();
        Booking => |booking| booking.studio_uuid();
        LegacyBooking => |booking| booking.studio_uuid();
    }
}

/// An id as calls need it.
pub(crate) trait Id {
    /// The name that the argument has in the API's methods.
    const ARGUMENT: &'static str;

    /// What the id is called in sentences.
    const NAME: &'static str;

    fn text(&self) -> &str;
}

/// The id, or an error that names the argument without one.
pub(crate) fn required<I: Id>(has_id: &impl HasId<I>) -> Result<&I> {
    let id = has_id
        .id()
        .ok_or_else(|| Error::invalid(I::ARGUMENT, format!("the service sent it without a {}", I::NAME)))?;
    path_segment(id).map(|_| id)
}

/// Whether an id can be put into a request. A bad id that the service sent is not the caller's bad input.
pub(crate) fn is_usable<I: Id>(id: &I) -> bool {
    path_segment(id).is_ok()
}

/// The id as a path segment.
pub(crate) fn path_segment<I: Id>(id: &I) -> Result<String> {
    segment(I::ARGUMENT, id.text())
}
