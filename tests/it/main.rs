//! The promises of the crate, one module for each.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers may unwrap as tests do.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod children;
#[cfg(test)]
mod codegrade;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod log_lines;
#[cfg(test)]
mod models_captured;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod support;
#[cfg(test)]
mod time;
#[cfg(test)]
mod vectors;
