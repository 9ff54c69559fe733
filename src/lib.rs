// The README's links lead to docs.rs; here the same names lead to this very documentation.
//! [`ClassId`]: ClassId
//! [`ClassUuid`]: ClassUuid
//! [`Error`]: Error
//! [`Limits`]: Limits
//! [`Listing`]: models::Listing
//! [`Otf`]: Otf
//! [`RetryPolicy`]: RetryPolicy
//! [`Store`]: Store
//! [`Transport`]: Transport
//! [`codegrade`]: codegrade
//! [`guide`]: guide
//! [`models`]: models
//!
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api;
pub mod auth;
mod client;
#[cfg(feature = "codegrade")]
pub mod codegrade;
mod decode;
mod endpoints;
mod error;
pub mod guide;
mod ids;
pub mod models;
mod net;
mod otf;
mod random;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod secret;
mod store;

pub use http;
pub use jiff;
pub use serde_json;

pub use api::{
    BenchmarkQuery, BookingApi, BookingOptions, BookingQuery, BookingsByStart, Cancellation, ClassFilter,
    ClassQuery, DateBound, EnsuredBooking, Feedback, GeoQuery, HasId, HistoryCheck, HistoryIter,
    HistoryMonth, HistoryProgress, HistorySource, HistorySourceKind, LegacyBookingApi, LegacyBookingQuery,
    MemberApi, NotificationUpdate, Score, ServiceScope, StudioApi, StudioDirectory, TrendApi, TrendRange,
    Trust, WorkoutApi, WorkoutHistory, WorkoutQuery, Workouts,
};
pub use endpoints::{Endpoints, Host, UserPool};
pub use error::{Error, Result, TransportError, TransportErrorKind};
pub use ids::{BookingId, BookingUuid, ClassId, ClassUuid, MemberUuid, PerformanceSummaryId, StudioUuid};
pub use models::class::ClassType;
pub use net::{Limits, RetryPolicy, Transport, UreqTransport, UreqTransportBuilder};
pub use otf::{Otf, OtfBuilder, RawRequest};
pub use secret::Secret;
pub use store::{FileStore, MemoryStore, Store, StoreLock, clear_cache};
