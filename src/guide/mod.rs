//! Longer documentation, one page per task.
//!
//! | page | topics |
//! |---|---|
//! | [`sign_in`] | what a sign-in does, where its tokens are stored, when a password is needed again |
//! | [`accounts`] | a program for several members, listing accounts, signing out |
//! | [`booking`] | when a class can be booked, booking it once, canceling it in time |
//! | [`history`] | loading every workout, finding what is incomplete, updating an archive |
//! | [`servers`] | machines without a terminal: systemd, cron, containers, CI |
//! | [`store`] | storing tokens outside the user's cache directory |
//! | [`transport`] | another HTTP stack, counting or recording requests |
//! | [`corporate`] | proxies, SOCKS, a company's own certificates |
//! | [`testing`] | tests of your program, offline, against the sandbox |
//! | [`errors`] | what failed, and what to do |
//! | [`time_zones`] | studio time, UTC, and whether a class has started |
//! | [`codegrade`] | logging in to a CodeGrade server, and listing what is due |
//! | [`python`] | migrating from the Python client `otf-api`: the equivalent of each of its names |
//! | [`reporting`] | reporting a response that could not be read, without personal data |
//!
//! These modules contain no code, only text and examples. Most examples run against the sandbox.

pub mod accounts;
pub mod booking;
#[cfg(feature = "codegrade")]
pub mod codegrade;
pub mod corporate;
pub mod errors;
pub mod history;
pub mod python;
pub mod reporting;
pub mod servers;
pub mod sign_in;
pub mod store;
pub mod testing;
pub mod time_zones;
pub mod transport;
