//! Plain data, one file per family.

mod ids;
mod listing;

pub use ids::*;
pub use listing::{Listing, Rejected};
