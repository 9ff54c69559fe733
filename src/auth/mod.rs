//! Signing in.

pub mod device;
mod hash;
pub mod jwt;
pub mod sigv4;
pub mod srp;
