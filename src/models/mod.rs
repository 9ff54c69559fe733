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
mod date_time;
mod decode;
mod json_path;
mod legacy;
pub(crate) mod lenient;
mod listing;
mod measurement;
mod member;
mod membership;
mod notifications;
mod out_of_studio;
mod pass;
mod purchase;
pub(crate) mod scalar;
mod stats;
mod studio;
mod summary;
mod telemetry;
mod trend;
mod workout;

pub use crate::ids::*;
pub use address::*;
pub use body::*;
pub use booking::*;
pub use booking_status::BookingStatus;
pub use challenge::*;
pub use class::*;
pub use date_time::WireDateTime;
pub(crate) use date_time::{time_zone, weekday_name};
pub(crate) use decode::read_at;
pub use decode::{DecodeError, decode, decode_at, decode_listing};
pub use legacy::*;
pub(crate) use lenient::Wire;
pub use listing::{Listing, Rejected};
pub use measurement::Measurement;
pub use member::*;
pub use membership::MemberMembership;
pub use notifications::*;
pub use out_of_studio::*;
pub use purchase::MemberPurchase;
pub use stats::*;
pub use studio::*;
pub use summary::*;
pub use telemetry::*;
pub use trend::*;
pub use workout::Workout;
