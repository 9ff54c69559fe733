//! One file per subcommand.

pub mod accounts;
pub mod book;
pub mod bookings;
pub mod calendar;
pub mod cancel;
pub mod chart;
pub mod classes;
pub mod codegrade;
pub mod dashboard;
pub mod doctor;
pub mod drift;
pub mod login;
pub mod logout;
pub mod mcp;
pub mod sandbox;
pub mod session;
pub mod status;
pub mod sync;
pub mod tcx;
pub mod watch;
pub mod workouts;
