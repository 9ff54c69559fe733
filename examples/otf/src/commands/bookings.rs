//! `otf bookings`

use clap::Args;
use otf_api::BookingQuery;
use otf_api::jiff::SignedDuration;
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;
use crate::shapes;

/// List upcoming bookings and waitlist spots.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf bookings
  otf bookings --days 7 --json")]
pub struct Bookings {
    /// How many days ahead
    #[arg(long, default_value_t = 45, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Include canceled bookings
    #[arg(long)]
    canceled: bool,
}

impl Bookings {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let until = service.now().checked_add(SignedDuration::from_hours(24 * i64::from(self.days)))?;
        let mut query = BookingQuery::new().until(until);
        if self.canceled {
            query = query.canceled();
        }
        let bookings = service.otf.bookings().list(&query)?;
        if global.json {
            let list: Vec<_> = bookings.iter().map(shapes::booking).collect();
            return output::json(&json!({ "bookings": list, "unreadable": bookings.rejected().len() }));
        }
        output::warn_of_unreadable(bookings.rejected().len());
        for booking in &bookings {
            println!("{booking}");
        }
        if bookings.is_empty() {
            println!("nothing is booked");
        }
        Ok(())
    }
}
