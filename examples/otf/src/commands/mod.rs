//! One file per subcommand.

pub mod bookings;
pub mod classes;
