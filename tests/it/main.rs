//! The promises of the crate, one module for each.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers may unwrap as tests do.

#[cfg(test)]
mod fan_out;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod models_captured;
#[cfg(test)]
mod trends;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod workouts;
#[cfg(test)]
mod workouts_signed_in;
