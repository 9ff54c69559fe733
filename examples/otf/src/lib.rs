//! What the subcommands of `otf` share: options, the signed-in client, exit codes, values and output.

pub mod class_choice;
pub mod cli;
pub mod commands;
pub mod failure;
pub mod mcp_tools;
pub mod output;
#[cfg(feature = "redis")]
pub mod redis_store;
pub mod scenario;
pub mod service;
pub mod shapes;
pub mod store;
pub mod values;
pub mod workout_choice;
