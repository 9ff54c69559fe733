//! The promises of the crate, one module for each.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers may unwrap as tests do.

#[cfg(test)]
mod models;
#[cfg(test)]
mod vectors;
