//! What `otf` promises, tested by running it.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers may unwrap as tests do.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod booking;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod help_examples;
#[cfg(test)]
mod json;
#[cfg(test)]
mod mcp;
#[cfg(test)]
#[cfg(feature = "redis")]
mod redis_server;
#[cfg(test)]
#[cfg(feature = "redis")]
mod redis_store;
#[cfg(test)]
mod scenario;
#[cfg(test)]
mod server;
#[cfg(test)]
mod support;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod usage;
