//! The service's data as plain structs.
//!
//! Fields have this crate's names; they are read under the service's names as well as under the names that they are
//! serialized with. Unknown fields are ignored, unknown values of an enumeration are preserved, and fields that the
//! service may omit are `Option`s. Numbers may come as strings and strings as numbers, and dates in any of the
//! service's formats; an empty string is an absent value.
//!
//! # Sources
//!
//! The service has no public documentation. Most fields come from recorded responses. These have weaker sources:
//!
//! | what | source |
//! |---|---|
//! | the error codes `BOOKING_ALREADY_BOOKED` and `BOOKING_CANCELED`, and 602 and 603 of the older endpoints | one client's code and its forks |
//! | the codes of a full, started or canceled class, of overlapping bookings and of the newer scheduling window | not known; recognized by words that such a code is likely to contain |
//! | 403 for a class that is already rated | one client |
//! | the trends: paths, [`TrendType`], [`WorkoutStatsResponse`], [`WorkoutStatsPreviewResponse`] | one client |
//! | [`BookingStatus`], except `Booked` and `Canceled` | one client |
//! | [`StudioStatus`], except `Active` (and `Coming Soon`, which two clients know) | one client |
//! | [`ClassType`], except `ORANGE_60`, `STRENGTH_50`, `TREAD_50` and `OTHER` | one client |
//! | [`ClassFilterOption`], [`ClassCounters`], changing the display name | one client |
//! | [`InStudioWorkout`], [`PartnerStudio`] | two independent clients |
//! | favorite studios: the fields of an item besides the studio's id | not known |
//! | bookings whose id starts with `no-booking-id` ([`Booking::is_placeholder`]) | one client's users |

#[macro_use]
mod macros;

mod address;
mod body;
mod booking;
mod booking_status;
mod challenge;
pub(crate) mod class;
mod class_filters;
mod class_time;
mod counters;
mod in_studio;
#[cfg(feature = "record")]
mod known;
mod legacy;
mod measurement;
mod member;
mod membership;
mod notifications;
mod out_of_studio;
mod part_status;
mod partner;
mod purchase;
mod stats;
mod studio;
mod summary;
mod telemetry;
mod trend;
mod workout;

pub use crate::decode::{DecodeError, Listing, Rejected, WireDateTime, decode};
pub(crate) use crate::ids::*;
pub use address::*;
pub use body::*;
pub use booking::*;
pub use booking_status::BookingStatus;
pub use challenge::*;
pub(crate) use class::ClassType;
pub use class::{ClassStudio, Coach, OtfClass};
pub use class_filters::{ClassFilterOption, ClassFilterValue};
pub use class_time::ClassTime;
pub(crate) use class_time::as_utc;
pub use counters::ClassCounters;
pub use in_studio::{InStudioWorkout, InStudioWorkoutType};
#[cfg(feature = "record")]
pub(crate) use known::{EnumInfo, FieldInfo, ModelInfo, known_fields, known_values};
pub use legacy::*;
pub use measurement::Measurement;
pub use member::*;
pub use membership::MemberMembership;
pub use notifications::*;
pub use out_of_studio::*;
pub use part_status::PartStatus;
pub(crate) use partner::PartnerEntry;
pub use partner::{PartnerLocation, PartnerStudio};
pub use purchase::MemberPurchase;
pub use stats::*;
pub use studio::*;
pub use summary::*;
pub use telemetry::*;
pub use trend::*;
pub use workout::Workout;
