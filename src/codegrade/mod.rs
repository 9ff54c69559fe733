//! The one-time-password login of a CodeGrade server.

mod models;
pub mod pow;

pub use models::*;
