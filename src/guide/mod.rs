//! How to do things with this crate, one page for each.
//!
//! | page | when it helps |
//! |---|---|
//! | [`sign_in`] | what a sign-in does, where its tokens are, when it is asked for again |
//! | [`accounts`] | a program for several members, listing accounts, signing out |
//! | [`servers`] | machines without a terminal: systemd, cron, containers, CI |
//! | [`store`] | tokens somewhere else than in the user's cache directory |
//! | [`transport`] | another HTTP stack, counting or recording requests |
//! | [`corporate`] | proxies, SOCKS, certificates of a company |
//! | [`testing`] | tests of your program, offline, against the sandbox |
//! | [`errors`] | what failed, and whether to try again |
//! | [`time_zones`] | studio time, UTC, and when a class has begun |
//! | [`codegrade`] | logging in to a CodeGrade server |
//! | [`python`] | coming from the Python client `otf-api`: the counterpart of each of its names |
//! | [`reporting`] | sending in an answer that could not be read, without what is personal |
//!
//! The pages hold text and examples only; the examples run against the sandbox where they can.

pub mod accounts;
#[cfg(feature = "codegrade")]
pub mod codegrade;
pub mod corporate;
pub mod errors;
pub mod python;
pub mod reporting;
pub mod servers;
pub mod sign_in;
pub mod store;
pub mod testing;
pub mod time_zones;
pub mod transport;
