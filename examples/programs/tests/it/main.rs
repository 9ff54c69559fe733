//! The programs, run against the sandbox.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers may unwrap as tests do.

#[cfg(test)]
mod runs;
