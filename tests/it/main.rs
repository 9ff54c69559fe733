//! The promises of the crate, one module for each.

mod vectors;
