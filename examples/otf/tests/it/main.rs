//! What `otf` promises, tested by running it.

mod booking;
mod help_examples;
#[cfg(feature = "redis")]
mod redis_server;
#[cfg(feature = "redis")]
mod redis_store;
mod support;
mod sync;
mod usage;
