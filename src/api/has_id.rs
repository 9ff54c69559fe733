//! Anything that has an id can be given where the id is asked for.

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
pub trait HasId<I> {
    /// The id; `None` where the service left it out.
    fn id(&self) -> Option<&I>;

    /// What is known of the class, where it is a class that comes with more than its id.
    #[doc(hidden)]
    fn class_facts(&self) -> Option<ClassFacts<'_>> {
        None
    }
}

impl<I, T: HasId<I> + ?Sized> HasId<I> for &T {
    fn id(&self) -> Option<&I> {
        (**self).id()
    }

    fn class_facts(&self) -> Option<ClassFacts<'_>> {
        (**self).class_facts()
    }
}

impl<I, T: HasId<I>> HasId<I> for Option<T> {
    fn id(&self) -> Option<&I> {
        self.as_ref().and_then(HasId::id)
    }

    fn class_facts(&self) -> Option<ClassFacts<'_>> {
        self.as_ref().and_then(HasId::class_facts)
    }
}

/// `facts` gives what is known of the class besides its id.
macro_rules! has_id {
    ($($id:ident: $argument:literal { $($model:ty => |$this:ident| $get:expr $(, facts $class:expr)?;)* })*) => {$(
        impl HasId<$id> for $id {
            fn id(&self) -> Option<&$id> {
                Some(self)
            }
        }

        impl Id for $id {
            const ARGUMENT: &'static str = $argument;

            fn text(&self) -> &str {
                self.as_str()
            }
        }

        $(impl HasId<$id> for $model {
            fn id(&self) -> Option<&$id> {
                let $this = self;
                $get
            }

            $(fn class_facts(&self) -> Option<ClassFacts<'_>> {
                let $this = self;
                Some(ClassFacts::from($class))
            })?
        })*
    )*};
}

has_id! {
    ClassId: "class id" {
        OtfClass => |class| class.class_id.as_ref(), facts class;
        BookingClass => |class| Some(&class.class_id), facts class;
        Booking => |booking| Some(&booking.otf_class.class_id), facts &booking.otf_class;
    }
    ClassUuid: "class uuid" {
        OtfClass => |class| class.class_uuid.as_ref(), facts class;
        BookingClass => |class| class.class_uuid.as_ref(), facts class;
        Booking => |booking| booking.otf_class.class_uuid.as_ref(), facts &booking.otf_class;
        LegacyBookingClass => |class| class.class_uuid.as_ref(), facts class;
        LegacyBooking => |booking| booking.class_uuid(), facts &booking.otf_class;
        Workout => |workout| workout.class_uuid();
    }
    BookingId: "booking id" {
        Booking => |booking| Some(&booking.booking_id);
        Workout => |workout| Some(&workout.booking.booking_id);
    }
    BookingUuid: "booking uuid" {
        LegacyBooking => |booking| Some(&booking.booking_uuid);
    }
    PerformanceSummaryId: "performance summary id" {
        BookingWorkout => |workout| Some(&workout.performance_summary_id);
        PerformanceSummary => |summary| Some(&summary.performance_summary_id);
        Telemetry => |telemetry| Some(&telemetry.performance_summary_id);
        Workout => |workout| workout.performance_summary_id();
        Booking => |booking| booking.workout.as_ref().map(|workout| &workout.performance_summary_id);
    }
    StudioUuid: "studio uuid" {
        StudioDetail => |studio| Some(&studio.studio_uuid);
        ClassStudio => |studio| studio.studio_uuid.as_ref();
        BookingStudio => |studio| studio.studio_uuid.as_ref();
        OtfClass => |class| class.studio_uuid();
        BookingClass => |class| class.studio_uuid();
        Booking => |booking| booking.studio_uuid();
        LegacyBooking => |booking| booking.studio_uuid();
    }
}

/// An id as calls need it: its text, and how to name it when something is wrong with it.
pub(crate) trait Id {
    const ARGUMENT: &'static str;

    fn text(&self) -> &str;
}

/// The id, or an error that names what is missing.
pub(crate) fn required<I: Id>(has_id: &impl HasId<I>) -> Result<&I> {
    let id =
        has_id.id().ok_or_else(|| Error::invalid(I::ARGUMENT, "the service sent none with this item"))?;
    path_segment(id).map(|_| id)
}

/// Whether an id can be asked for. One that the service sent and that can't be is nobody's bad input.
pub(crate) fn is_usable<I: Id>(id: &I) -> bool {
    path_segment(id).is_ok()
}

/// The id as a path segment.
pub(crate) fn path_segment<I: Id>(id: &I) -> Result<String> {
    segment(I::ARGUMENT, id.text())
}
