//! The domain APIs: each method is a query, a call of the client, and a few lines of shaping.

mod booking_query;
mod bookings;
mod class_query;
mod has_id;
mod members;
mod studios;

pub use booking_query::{BookingQuery, BookingsByStart, When};
pub use bookings::BookingApi;
pub use class_query::{ClassFilter, ClassQuery};
pub use has_id::HasId;
pub use members::MemberApi;
pub use studios::StudioApi;
