//! Plain data, one file per family.

#[macro_use]
mod macros;

mod address;
mod booking;
mod class;
mod decode;
mod ids;
mod lenient;
mod listing;
mod member;
mod moment;
mod studio;
mod summary;

pub use address::{Address, Country, StudioLocation};
pub use booking::{Booking, BookingClass, BookingStatus, BookingStudio, BookingWorkout, Rating, Ratings};
pub use class::{ClassStudio, ClassType, Coach, OtfClass};
pub use decode::{DecodeError, decode, decode_at, decode_listing};
pub use ids::*;
pub use listing::{Listing, Rejected};
pub use member::{MemberClassSummary, MemberDetail, MemberProfile};
pub use moment::Moment;
pub use studio::{StudioDetail, StudioProfiles, StudioService, StudioStatus};
pub use summary::ZoneTimeMinutes;
