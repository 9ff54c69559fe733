//! One file per subcommand.

pub mod bookings;
pub mod calendar;
pub mod chart;
pub mod classes;
pub mod dashboard;
pub mod sandbox;
pub mod status;
pub mod workouts;
