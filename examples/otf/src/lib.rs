//! What the subcommands of `otf` share: options, the signed-in client, exit codes, values and output.

pub mod cli;
pub mod commands;
pub mod failure;
pub mod output;
pub mod service;
pub mod values;
