//! The whole service on loopback, for demos and tests.
#![allow(dead_code)]

mod accounts;
pub mod codegrade;
mod domain;
mod http;

pub use accounts::{ACCOUNTS, Account, NEW, NOA, PAT};
