//! Signing in.

pub mod device;
pub mod jwt;
pub mod sigv4;
pub mod srp;
