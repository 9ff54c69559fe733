//! What `otf` promises, tested by running it.

mod help_examples;
mod support;
mod usage;
