//! Plain data, one file per family.
//!
//! Each type is what the service sends, under names of this crate: a wire name is read as well, and so is what
//! was serialized from here. Unknown fields are ignored, unknown values of an enumeration are kept, and what the
//! service may drop or null is an `Option`. Numbers may come as texts and texts as numbers, dates in any of the
//! service's spellings; an empty text is as good as absent.

#[macro_use]
mod macros;

mod address;
mod body;
mod booking;
mod booking_status;
mod challenge;
mod class;
mod decode;
mod figure;
mod ids;
mod json_path;
mod legacy;
mod lenient;
mod listing;
mod member;
mod membership;
mod moment;
mod notifications;
mod out_of_studio;
mod pass;
mod purchase;
mod scalar;
mod stats;
mod studio;
mod summary;
mod telemetry;
mod trend;
mod workout;

pub use address::*;
pub use body::*;
pub use booking::*;
pub use booking_status::BookingStatus;
pub use challenge::*;
pub use class::*;
pub(crate) use decode::read_at;
pub use decode::{DecodeError, decode, decode_at, decode_listing};
pub use figure::Figure;
pub use ids::*;
pub use legacy::*;
pub(crate) use lenient::Wire;
pub use listing::{Listing, Rejected};
pub use member::*;
pub use membership::MemberMembership;
pub use moment::Moment;
pub(crate) use moment::{time_zone, weekday_name};
pub use notifications::*;
pub use out_of_studio::*;
pub use purchase::MemberPurchase;
pub use stats::*;
pub use studio::*;
pub use summary::*;
pub use telemetry::*;
pub use trend::*;
pub use workout::Workout;
