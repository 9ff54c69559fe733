//! `otf cancel`

use clap::Args;
use otf_api::BookingQuery;
use otf_api::models::Booking;
use serde_json::json;

use crate::class_choice::ClassChoice;
use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::output;
use crate::service::Service;

/// Cancel a booking or leave a waitlist.
///
/// Inside the late-cancel window, for which studios charge, it refuses without --late.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf cancel --date 2026-04-16 --time 10:00
  otf cancel --weekday thu --time 10:00 --late")]
pub struct Cancel {
    #[command(flatten)]
    class: ClassChoice,
    /// Cancel also inside the late-cancel window
    #[arg(long)]
    late: bool,
    /// How many hours before the class canceling is late, by the studio's policy
    #[arg(long, value_name = "HOURS", default_value_t = 8, value_parser = clap::value_parser!(u16).range(0..=1000))]
    window: u16,
}

impl Cancel {
    pub fn run(&self, global: &Global) -> Result {
        let window = std::time::Duration::from_secs(u64::from(self.window) * 3600);
        let service = Service::connect_with(global, |builder| builder.late_cancel_window(window))?;
        let booking = self.find(&service)?;
        output::confirm(&format!("Cancel {booking}"), global.yes)?;
        let bookings = service.otf.bookings();
        let canceled =
            if self.late { bookings.cancel(&booking)? } else { bookings.cancel_in_time(&booking)? };
        if global.json {
            return output::json(&json!({ "canceled": booking.booking_id, "late": canceled.late }));
        }
        let late = if canceled.late == Some(true) { ", late" } else { "" };
        println!("canceled{late}: {booking}");
        Ok(())
    }

    fn find(&self, service: &Service) -> Result<Booking> {
        let day = self.class.day(service.now(), &service.zone()?)?;
        let bookings = service.otf.bookings().list(&BookingQuery::new().from(day).until(day))?;
        let fits = |booking: &&Booking| {
            let class = &booking.otf_class;
            let coach =
                |name: &String| class.coach_name().is_some_and(|coach| coach.eq_ignore_ascii_case(name));
            class.start.local.time() == self.class.time
                && self.class.class_type.as_ref().is_none_or(|class_type| *class_type == class.class_type)
                && self.class.coach.as_ref().is_none_or(coach)
        };
        let none = || {
            Failure::failed(format!("nothing is booked on {day} at {}", self.class.time.strftime("%H:%M")))
        };
        bookings.iter().find(fits).cloned().ok_or_else(none)
    }
}
