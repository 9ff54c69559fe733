//! The domain APIs: each method builds a request, has the client send it, and shapes the response.

mod best_effort;
mod booking_query;
mod booking_rules;
mod booking_writes;
mod bookings;
mod class_filter;
mod class_query;
mod class_view;
mod classes;
mod date_range;
mod ensure_booked;
mod feedback;
mod geo_query;
mod has_id;
mod legacy;
mod legacy_query;
mod members;
mod notification_update;
mod studio_directory;
mod studios;
mod trends;
mod workouts;

pub use booking_query::{BookingQuery, BookingsByStart};
pub use booking_rules::Cancellation;
pub(crate) use booking_rules::{BOOKING_DAYS, LATE_CANCEL_WINDOW};
pub use bookings::BookingApi;
pub use class_filter::ClassFilter;
pub use class_query::ClassQuery;
pub use date_range::DateBound;
pub use ensure_booked::{BookingOptions, EnsuredBooking};
pub use feedback::{Feedback, Score};
pub use geo_query::GeoQuery;
pub use has_id::HasId;
pub use legacy::LegacyBookingApi;
pub use legacy_query::LegacyBookingQuery;
pub use members::{MemberApi, ServiceScope};
pub use notification_update::NotificationUpdate;
pub use studio_directory::StudioDirectory;
pub use studios::StudioApi;
pub use trends::{TrendApi, TrendRange};
pub use workouts::{
    BenchmarkQuery, HistoryCheck, HistoryIter, HistoryMonth, HistoryProgress, HistorySource,
    HistorySourceKind, Trust, WorkoutApi, WorkoutHistory, WorkoutQuery, Workouts,
};
