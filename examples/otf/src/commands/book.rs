//! `otf book`

use std::time::Duration;

use clap::Args;
use otf_api::jiff::SignedDuration;
use otf_api::{BookingOptions, EnsuredBooking, Error};

use crate::class_choice::ClassChoice;
use crate::cli::Global;
use crate::failure::{Code, Failure, Result};
use crate::output;
use crate::service::Service;
use crate::shapes;

/// How long and how often to keep trying after booking has opened: clocks differ, and the exact moment is not known.
const KEEP_TRYING: SignedDuration = SignedDuration::from_mins(5);
const RETRY_EVERY: SignedDuration = SignedDuration::from_secs(5);

/// Book a class, once, no matter how often the command is run.
///
/// With --wait it waits until booking opens, if that is soon: at midnight at the studio, as far as is known 28 days
/// before the class.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf book --date 2026-04-18 --time 9:45
  otf book --weekday sun --time 16:30 --type orange_90 --waitlist
  otf book --weekday sun --time 16:30 --wait 900

In a crontab, which runs on the machine's clock (here the studio's zone), for the class that opens at midnight:
  55 23 * * *  otf book --yes --weekday sat --time 9:45 --wait 15")]
pub struct Book {
    #[command(flatten)]
    class: ClassChoice,
    /// Take a spot on the waitlist if the class is full
    #[arg(long)]
    waitlist: bool,
    /// Refuse if another booking overlaps
    #[arg(long)]
    no_overlap: bool,
    /// Wait for booking to open, for at most this many minutes; with --weekday, for the last class that opens by then
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u16).range(1..=1440))]
    wait: Option<u16>,
    /// How many days before a class its booking opens
    #[arg(long, value_name = "DAYS", default_value_t = 28, value_parser = clap::value_parser!(u16).range(1..=60))]
    opens: u16,
}

impl Book {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect_with(global, |builder| builder.booking_days(self.opens))?;
        let zone = service.zone()?;
        let now = service.now();
        let day = match self.wait {
            Some(minutes) => {
                let then = now.checked_add(SignedDuration::from_mins(minutes.into()))?;
                self.class.latest_bookable_day(then, &zone, self.opens)?
            }
            None => self.class.day(now, &zone)?,
        };
        let class = self.class.require(&service, day)?;
        let opens = service.otf.bookings().bookable_from(&class);
        if opens > now {
            let local = opens.to_zoned_datetime(zone).strftime("%a %Y-%m-%d %H:%M %Z");
            let wait = SignedDuration::from_mins(self.wait.unwrap_or(0).into());
            if opens.duration_since(now) > wait {
                return Err(Failure::new(Code::TryLater, format!("{class}: booking opens on {local}")));
            }
            output::confirm(&format!("Wait until {local} and book {class}"), global.yes)?;
            service.wait_until(opens);
        } else {
            output::confirm(&format!("Book {class}"), global.yes)?;
        }

        let mut options = BookingOptions::new().timeout(Duration::from_secs(120));
        if self.waitlist {
            options = options.waitlist();
        }
        if self.no_overlap {
            options = options.refuse_overlap();
        }
        let give_up =
            opens.max(now).checked_add(if opens > now { KEEP_TRYING } else { SignedDuration::ZERO })?;
        let ensured = loop {
            match service.otf.bookings().ensure_booked(&class, &options) {
                Err(Error::OutsideSchedulingWindow { .. }) if service.now() < give_up => {
                    service.wait_until(service.now().checked_add(RETRY_EVERY)?);
                }
                result => break result?,
            }
        };
        if global.json {
            return output::json(&shapes::ensured(&ensured));
        }
        let text = match &ensured {
            EnsuredBooking::AlreadyBooked(_) => "already booked",
            EnsuredBooking::Waitlisted(_) => "on the waitlist",
            _ => "booked",
        };
        println!("{text}: {}", ensured.booking());
        Ok(())
    }
}
