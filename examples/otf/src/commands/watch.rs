//! `otf watch`

use clap::Args;
use otf_api::jiff::civil::Date;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::OtfClass;
use otf_api::{BookingOptions, ClassQuery, EnsuredBooking, Error};
use serde_json::json;

use crate::class_choice::ClassChoice;
use crate::cli::Global;
use crate::failure::{Code, Failure, Result};
use crate::output;
use crate::service::Service;
use crate::shapes;

/// Watch a full class, and book a spot when one becomes free.
///
/// If you are on its waitlist, the studio moves you up, and this command only reports when. It stops before the
/// late-cancel window begins, and never cancels anything.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf watch --date 2026-04-11 --time 7:15
  otf watch --date 2026-04-11 --time 7:15 --every 300")]
pub struct Watch {
    #[command(flatten)]
    class: ClassChoice,
    /// Take a spot on the waitlist meanwhile
    #[arg(long)]
    waitlist: bool,
    /// How often to check, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(10..=86_400))]
    every: u32,
    /// Stop this many hours before the class
    #[arg(long, value_name = "HOURS", default_value_t = 8, value_parser = clap::value_parser!(u16).range(0..=168))]
    stop: u16,
}

impl Watch {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let day = self.class.day(service.now(), &service.zone()?)?;
        let mut class = self.class.require(&service, day)?;
        let start =
            class.start.timestamp().ok_or_else(|| Failure::failed("the class's start is not known"))?;
        let stop = start.checked_sub(SignedDuration::from_hours(self.stop.into()))?;
        output::confirm(&format!("Book {class} when a spot becomes free"), global.yes)?;

        let mut options = BookingOptions::new();
        if self.waitlist {
            options = options.waitlist();
        }
        let mut told = None;
        let mut unknown = None;
        for look in 1_u32.. {
            if service.now() >= stop {
                let none = || Failure::new(Code::TryLater, format!("{class}: no spot became free in time"));
                return Err(unknown.map_or_else(none, Failure::from));
            }
            if look > 1 {
                refresh(&service, &mut class, day)?;
            }
            match service.otf.bookings().ensure_booked(&class, &options) {
                Ok(EnsuredBooking::Waitlisted(booking)) => {
                    unknown = None;
                    if told != booking.waitlist_position {
                        eprintln!("{}: {booking}", clock(service.now()));
                        told = booking.waitlist_position;
                    }
                }
                Ok(ensured) => {
                    if global.json {
                        return output::json(
                            &json!({ "outcome": "booked", "booking": shapes::booking(ensured.booking()) }),
                        );
                    }
                    println!("booked: {}", ensured.booking());
                    return Ok(());
                }
                Err(Error::ClassFull { .. }) => unknown = None,
                Err(error @ Error::OutcomeUnknown { .. }) => {
                    eprintln!("{}: {error}", clock(service.now()));
                    unknown = Some(error);
                }
                Err(error) if error.is_retryable() => eprintln!("{}: {error}", clock(service.now())),
                Err(error) => return Err(error.into()),
            }
            // So that there is something to see in the mock service.
            if let (3, Some(sandbox), Some(id)) = (look, &service.sandbox, &class.class_id) {
                sandbox.set_spots_left(id.as_str(), 1);
            }
            let next = service.now().checked_add(SignedDuration::from_secs(self.every.into()))?;
            service.wait_until(next.min(stop));
        }
        Ok(())
    }
}

/// Takes over what the list now says about this class, which explains a refusal. Another class that fits must not be
/// booked in its place.
fn refresh(service: &Service, class: &mut OtfClass, day: Date) -> Result {
    let query = ClassQuery::new().on(day).canceled().not_yet_bookable();
    match service.otf.bookings().classes(&query) {
        Ok(classes) => {
            if let Some(listed) = classes.into_iter().find(|listed| listed.class_id == class.class_id) {
                *class = listed;
            }
        }
        Err(error) if error.is_retryable() => eprintln!("{}: {error}", clock(service.now())),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn clock(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
