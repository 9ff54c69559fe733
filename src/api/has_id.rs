//! Any model that carries an id can be passed where the id is expected.

use super::class_time::ClassFacts;
use crate::client::segment;
use crate::error::{Error, Result};
use crate::models::{
    Booking, BookingClass, BookingId, BookingStudio, BookingUuid, BookingWorkout, ClassId, ClassStudio,
    ClassUuid, LegacyBooking, LegacyBookingClass, OtfClass, PerformanceSummary, PerformanceSummaryId,
    StudioDetail, StudioUuid, Telemetry, Workout,
};

/// Has an id of type `I`: the id itself, or a model that carries it.
///
/// So `book(&class)` and `book(&class.class_id)` are the same, and `book(&class.class_uuid)` does not compile.
///
/// A model also brings what it knows besides the id, which can save a request: a class its start, a booking its
/// workout. The trait is sealed.
pub trait HasId<I>: sealed::Sealed {
    /// The id; `None` if the service left it out.
    fn id(&self) -> Option<&I>;
}

/// What only this crate can ask of an argument: nobody else can name this type.
#[derive(Clone, Copy, Debug)]
pub struct Internal;

mod sealed {
    use super::{Booking, ClassFacts, Internal};

    pub trait Sealed {
        /// The class, if the argument is a model that knows more of it than the id.
        fn class(&self, _: Internal) -> Option<ClassFacts<'_>> {
            None
        }

        /// The booking, if the argument is one.
        fn booking(&self, _: Internal) -> Option<&Booking> {
            None
        }
    }

    impl<T: Sealed + ?Sized> Sealed for &T {
        fn class(&self, internal: Internal) -> Option<ClassFacts<'_>> {
            (**self).class(internal)
        }

        fn booking(&self, internal: Internal) -> Option<&Booking> {
            (**self).booking(internal)
        }
    }

    impl<T: Sealed> Sealed for Option<T> {
        fn class(&self, internal: Internal) -> Option<ClassFacts<'_>> {
            self.as_ref().and_then(|item| item.class(internal))
        }

        fn booking(&self, internal: Internal) -> Option<&Booking> {
            self.as_ref().and_then(|item| item.booking(internal))
        }
    }
}

impl<I, T: HasId<I> + ?Sized> HasId<I> for &T {
    fn id(&self) -> Option<&I> {
        (**self).id()
    }
}

impl<I, T: HasId<I>> HasId<I> for Option<T> {
    fn id(&self) -> Option<&I> {
        self.as_ref().and_then(HasId::id)
    }
}

macro_rules! has_id {
    ($($id:ident: $argument:literal, $name:literal { $($model:ty => |$this:ident| $get:expr;)* })*) => {$(
        impl sealed::Sealed for $id {}

        impl HasId<$id> for $id {
            fn id(&self) -> Option<&$id> {
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

        $(impl HasId<$id> for $model {
            fn id(&self) -> Option<&$id> {
                let $this = self;
                $get
            }
        })*
    )*};
}

macro_rules! sealed {
    ($($model:ty $(, class |$this:ident| $class:expr)? $(, booking |$that:ident| $booking:expr)?;)*) => {$(
        impl sealed::Sealed for $model {
            $(fn class(&self, _: Internal) -> Option<ClassFacts<'_>> {
                let $this = self;
                Some(ClassFacts::from($class))
            })?

            $(fn booking(&self, _: Internal) -> Option<&Booking> {
                let $that = self;
                Some($booking)
            })?
        }
    )*};
}

sealed! {
    OtfClass, class |class| class;
    BookingClass, class |class| class;
    LegacyBookingClass, class |class| class;
    Booking, class |booking| &booking.otf_class, booking |booking| booking;
    LegacyBooking, class |booking| &booking.otf_class;
    Workout, class |workout| &workout.booking.otf_class, booking |workout| &workout.booking;
    BookingWorkout;
    PerformanceSummary;
    Telemetry;
    StudioDetail;
    ClassStudio;
    BookingStudio;
}

has_id! {
    ClassId: "class", "class id" {
        OtfClass => |class| class.class_id.as_ref();
        BookingClass => |class| Some(&class.class_id);
        Booking => |booking| Some(&booking.otf_class.class_id);
    }
    ClassUuid: "class", "class uuid" {
        OtfClass => |class| class.class_uuid.as_ref();
        BookingClass => |class| class.class_uuid.as_ref();
        Booking => |booking| booking.otf_class.class_uuid.as_ref();
        LegacyBookingClass => |class| class.class_uuid.as_ref();
        LegacyBooking => |booking| booking.class_uuid();
        Workout => |workout| workout.class_uuid();
    }
    BookingId: "booking", "booking id" {
        Booking => |booking| Some(&booking.booking_id);
        Workout => |workout| Some(&workout.booking.booking_id);
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
