//! `otf calendar`

use std::path::PathBuf;

use clap::Args;
use icalendar::{Calendar as ICalendar, Component, Event, EventLike as _, EventStatus, Property};
use otf_api::BookingQuery;
use otf_api::jiff::civil::DateTime;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{Booking, BookingStudio};
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::output;
use crate::service::Service;

/// Write the bookings as an iCalendar file to import or subscribe to.
///
/// The UID of a class stays the same while it is booked, so importing the file again updates events and never
/// duplicates them.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf calendar --out bookings.ics
  otf calendar --past 30 --canceled")]
pub struct Calendar {
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many days ahead
    #[arg(long, default_value_t = 45, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Include the classes of this many past days
    #[arg(long, value_name = "DAYS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=3660))]
    past: u16,
    /// Include canceled bookings, marked as canceled
    #[arg(long)]
    canceled: bool,
    /// How often calendar programs should fetch the file again, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u16).range(5..=10_080))]
    refresh: u16,
}

impl Calendar {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let now = service.now();
        let days = |days: u16| SignedDuration::from_hours(24 * i64::from(days));
        let mut query = BookingQuery::new().until(now.checked_add(days(self.days))?);
        if self.past > 0 {
            query = query.from(now.checked_sub(days(self.past))?);
        }
        if self.canceled {
            query = query.canceled();
        }
        let bookings = service.otf.bookings().list(&query)?;
        for rejected in bookings.rejected() {
            eprintln!("otf: a booking that could not be read was left out: {}", rejected.reason);
        }
        let text = self.calendar(&bookings, now).to_string();
        match &self.out {
            Some(out) => {
                output::save(out, &text)?;
                if global.json {
                    return output::json(&json!({ "bookings": bookings.len(), "file": out }));
                }
                println!("{} bookings in {}", bookings.len(), out.display());
            }
            None if global.json => {
                return Err(Failure::usage("--json needs --out: the calendar itself is printed without"));
            }
            None => print!("{text}"),
        }
        Ok(())
    }

    fn calendar(&self, bookings: &[Booking], now: Timestamp) -> ICalendar {
        let mut calendar = ICalendar::new();
        calendar.name("Orangetheory");
        calendar.append_property(Property::new("METHOD", "PUBLISH"));
        let refresh = format!("PT{}M", self.refresh);
        // RFC 7986, section 5.7, and the older property that Outlook and Google read.
        calendar.append_property(Property::new("REFRESH-INTERVAL;VALUE=DURATION", &refresh));
        calendar.append_property(Property::new("X-PUBLISHED-TTL", &refresh));
        for booking in bookings {
            calendar.push(event(booking, now));
        }
        calendar
    }
}

fn event(booking: &Booking, now: Timestamp) -> Event {
    let class = &booking.otf_class;
    let changed = booking.updated_at.or(booking.created_at).unwrap_or(now);
    // The class's id rather than the booking's: canceling and booking again changes one event.
    let mut event = Event::with_uid(&format!("{}@otf-api", class.class_id));
    event.add_property("DTSTAMP", utc(changed));
    event.add_property("LAST-MODIFIED", utc(changed));
    // It must grow with each revision (RFC 5546, section 2.1.4): minutes do.
    event.add_property("SEQUENCE", (changed.as_second() / 60).to_string());
    let (start, end) = match class.start.timestamp().zip(class.end.timestamp()) {
        Some((start, end)) => (utc(start), utc(end)),
        // The zone is unknown: a floating time, on the reader's clock.
        None => (floating(class.start.local), floating(class.end.local)),
    };
    event.add_property("DTSTART", start);
    event.add_property("DTEND", end);
    let (status, transparency, mark) = match booking.waitlist_position {
        _ if booking.is_canceled() => (EventStatus::Cancelled, "TRANSPARENT", " (canceled)".to_owned()),
        Some(position) if booking.is_waitlisted() => {
            (EventStatus::Tentative, "TRANSPARENT", format!(" (waitlist, position {position})"))
        }
        _ => (EventStatus::Confirmed, "OPAQUE", String::new()),
    };
    event.status(status);
    event.add_property("TRANSP", transparency);
    event.summary(&format!("{}{mark}", class.name));
    event.description(&description(booking));
    if let Some(studio) = &class.studio {
        place(&mut event, studio);
    }
    event.done()
}

fn description(booking: &Booking) -> String {
    let coach = booking.coach_name().map(|coach| format!("Coach: {coach}"));
    let lines = [coach, Some(format!("Status: {}", booking.status()))];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn place(event: &mut Event, studio: &BookingStudio) {
    let address = studio.address.as_ref();
    let parts = [
        studio.name.as_deref(),
        address.and_then(|address| address.address_line1.as_deref()),
        address.and_then(|address| address.city.as_deref()),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if !parts.is_empty() {
        event.location(&parts.join(", "));
    }
    if let Some((latitude, longitude)) = studio.latitude.zip(studio.longitude) {
        event.add_property("GEO", format!("{latitude};{longitude}"));
    }
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn floating(time: DateTime) -> String {
    time.strftime("%Y%m%dT%H%M%S").to_string()
}
