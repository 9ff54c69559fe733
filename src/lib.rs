// The README's links lead to docs.rs; here the same names lead to this very documentation.
//! [`ClassId`]: ClassId
//! [`ClassUuid`]: ClassUuid
//! [`Error`]: Error
//! [`Limits`]: Limits
//! [`Listing`]: models::Listing
//! [`Otf`]: Otf
//! [`Retry`]: Retry
//! [`Session`]: auth::Session
//! [`Store`]: Store
//! [`Transport`]: Transport
//! [`clear_cache`]: clear_cache
//! [`codegrade`]: codegrade
//! [`guide`]: guide
//! [`models`]: models
//!
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api;
pub mod auth;
mod builder;
mod cache;
mod client;
pub mod codegrade;
mod endpoints;
mod error;
pub mod guide;
pub mod models;
mod order;
mod otf;
mod random;
mod raw;
#[cfg(feature = "record")]
pub mod record;
mod retry;
mod said;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod secret;
mod transport;
mod wire;

pub use http;
pub use jiff;

pub use api::{
    BenchmarkQuery, BookingApi, BookingQuery, BookingRef, BookingsByStart, ClassFilter, ClassQuery, GeoQuery,
    HasId, LegacyBookingApi, LegacyBookingQuery, MemberApi, NotificationUpdate, StudioApi, TrendApi,
    TrendRange, When, WorkoutApi, WorkoutQuery, Workouts,
};
pub use builder::OtfBuilder;
pub use cache::{FileStore, MemoryStore, Store, StoreLock, clear_cache};
pub use endpoints::{Endpoints, Host, UserPool};
pub use error::{Error, Result};
pub use models::{
    BookingId, BookingUuid, ClassId, ClassType, ClassUuid, MemberUuid, PerformanceSummaryId, StudioUuid,
};
pub use otf::Otf;
pub use raw::RawRequest;
pub use retry::Retry;
pub use secret::Secret;
pub use transport::{Limits, Transport, TransportError, TransportErrorKind, UreqTransport};
