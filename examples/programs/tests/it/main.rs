//! The programs, run against the sandbox.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers may unwrap as tests do.

#[cfg(test)]
mod redis_server;
#[cfg(test)]
mod redis_store;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod shared_store;
