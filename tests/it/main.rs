//! The promises of the crate, one module for each.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers may unwrap as tests do.

#[cfg(test)]
mod booking_rules;
#[cfg(test)]
mod booking_simulation;
#[cfg(test)]
mod bookings;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod children;
#[cfg(test)]
mod classes;
#[cfg(test)]
mod codegrade;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod corpora;
#[cfg(test)]
mod failing_store;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fuzz_targets;
#[cfg(test)]
mod history;
#[cfg(test)]
mod legacy;
#[cfg(test)]
mod log_lines;
#[cfg(test)]
mod members;
#[cfg(test)]
mod models;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod network;
#[cfg(test)]
mod newcomers;
#[cfg(test)]
mod partial_workouts;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod ratings;
#[cfg(test)]
mod raw_requests;
#[cfg(test)]
mod record;
#[cfg(test)]
mod request_counts;
#[cfg(test)]
mod response_cache;
#[cfg(test)]
mod safe_booking;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod signed_calls;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod studio_directory;
#[cfg(test)]
mod studios;
#[cfg(test)]
mod support;
#[cfg(test)]
mod time;
#[cfg(test)]
mod trends;
#[cfg(test)]
mod workouts;
#[cfg(test)]
mod writes;
