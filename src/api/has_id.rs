//! Anything that has an id can be given where the id is asked for.

use crate::client::segment;
use crate::error::{Error, Result};
use crate::models::{
    Booking, BookingClass, BookingId, BookingStudio, ClassId, ClassStudio, ClassUuid, OtfClass, StudioDetail,
    StudioUuid,
};

/// Has an id of type `I`: the id itself, or a model that carries it.
///
/// So `book(&class)` and `book(&class.class_id)` are the same, and `book(&class.class_uuid)` does not compile.
pub trait HasId<I> {
    /// The id; `None` where the service left it out.
    fn id(&self) -> Option<&I>;
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
    ($($id:ident: $argument:literal, $($model:ty => |$this:ident| $get:expr),*;)*) => {$(
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
        })*
    )*};
}

has_id! {
    ClassId: "class id",
        OtfClass => |class| class.class_id.as_ref(),
        BookingClass => |class| Some(&class.class_id),
        Booking => |booking| Some(&booking.otf_class.class_id);
    ClassUuid: "class uuid",
        OtfClass => |class| class.class_uuid.as_ref(),
        BookingClass => |class| class.class_uuid.as_ref(),
        Booking => |booking| booking.otf_class.class_uuid.as_ref();
    BookingId: "booking id",
        Booking => |booking| Some(&booking.booking_id);
    StudioUuid: "studio uuid",
        StudioDetail => |studio| Some(&studio.studio_uuid),
        ClassStudio => |studio| studio.studio_uuid.as_ref(),
        BookingStudio => |studio| studio.studio_uuid.as_ref();
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

/// The id as a path segment.
pub(crate) fn path_segment<I: Id>(id: &I) -> Result<String> {
    segment(I::ARGUMENT, id.text())
}
