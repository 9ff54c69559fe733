//! A blocking client for OrangeTheory Fitness.

pub mod auth;
pub mod codegrade;
mod error;
pub mod models;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod secret;

pub use error::{Error, Result};
pub use secret::Secret;
