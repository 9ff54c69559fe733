//! Writes the bookings as an iCalendar file (RFC 5545), for a calendar to subscribe to or to import.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;
use otf_api::BookingQuery;
use otf_api::jiff::civil::DateTime;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{Booking, BookingStudio};
use otf_api_programs::{Result, Which, finish};

const HELP: &str = "\
Writes your bookings as an iCalendar file.

Usage: calendar [--out FILE] [--days N] [--sandbox]

  --out FILE     where to write it; standard output unless given
  --days N       how many days ahead [default: 45]
  --sandbox      against the service on loopback that comes with the crate
                 (--sandbox=URL: against one that runs already)

A class keeps its UID for as long as it is booked, so that importing the file
again changes events and doubles none. Cancelled bookings are in it, marked so.
";

#[derive(Default)]
struct Options {
    out: Option<PathBuf>,
    days: Option<i32>,
    service: Which,
}

fn main() -> ExitCode {
    finish("calendar", run())
}

fn run() -> Result {
    let Some(options) = options()? else { return Ok(()) };
    let service = options.service.connect()?;
    let now = service.now();
    let until = now.checked_add(SignedDuration::from_hours(24).saturating_mul(options.days.unwrap_or(45)))?;
    let query = BookingQuery::new().until(until).cancelled();
    let bookings = service.otf.bookings().list(&query)?;
    for rejected in bookings.rejected() {
        eprintln!("calendar: left out a booking that can't be read: {}", rejected.reason);
    }

    let calendar = calendar(&bookings, now);
    match options.out {
        // Beside the file first, so that a calendar which reads it meanwhile sees a whole one.
        Some(out) => {
            let new = out.with_extension("ics.new");
            fs::write(&new, calendar)?;
            fs::rename(&new, &out)?;
            println!("{} bookings are in {}", bookings.len(), out.display());
        }
        None => print!("{calendar}"),
    }
    Ok(())
}

fn options() -> Result<Option<Options>> {
    let mut options = Options::default();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("out") => options.out = Some(arguments.value()?.into()),
            Long("days") => options.days = Some(arguments.value()?.parse()?),
            Long("sandbox") => options.service = Which::sandbox(&mut arguments)?,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(options))
}

fn calendar(bookings: &[Booking], now: Timestamp) -> String {
    let mut lines = Lines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//otf-api//calendar//EN");
    lines.add("CALSCALE", "GREGORIAN");
    lines.add("METHOD", "PUBLISH");
    lines.add("X-WR-CALNAME", "Orangetheory");
    let zone = bookings.iter().find_map(|booking| booking.otf_class.time_zone());
    if let Some(zone) = zone {
        lines.add("X-WR-TIMEZONE", zone);
    }
    for booking in bookings {
        event(&mut lines, booking, now);
    }
    lines.add("END", "VCALENDAR");
    lines.text
}

fn event(lines: &mut Lines, booking: &Booking, now: Timestamp) {
    let class = &booking.otf_class;
    let changed = booking.updated_at.or(booking.created_at).unwrap_or(now);
    lines.add("BEGIN", "VEVENT");
    // The class's id rather than the booking's: who cancels and books again has one event.
    lines.add("UID", &format!("{}@otf-api", class.class_id));
    lines.add("DTSTAMP", &utc(changed));
    lines.add("LAST-MODIFIED", &utc(changed));
    // It has to grow with each change (RFC 5546, section 2.1.4): minutes do.
    lines.add("SEQUENCE", &(changed.as_second() / 60).to_string());
    let (start, end) = match booking.starts_at_instant().zip(booking.ends_at_instant()) {
        Some((start, end)) => (utc(start), utc(end)),
        // Nobody knows the zone: a time on whatever clock the reader has.
        None => (floating(booking.starts_at()), floating(booking.ends_at())),
    };
    lines.add("DTSTART", &start);
    lines.add("DTEND", &end);
    let (status, busy, mark) = match booking.waitlist_position {
        _ if booking.is_cancelled() => ("CANCELLED", "TRANSPARENT", Some("cancelled".to_owned())),
        Some(position) if booking.is_waitlisted() => {
            ("TENTATIVE", "TRANSPARENT", Some(format!("waitlist, position {position}")))
        }
        _ => ("CONFIRMED", "OPAQUE", None),
    };
    let mark = mark.map(|mark| format!(" ({mark})")).unwrap_or_default();
    lines.add("SUMMARY", &text(&format!("{}{mark}", class.name)));
    lines.add("STATUS", status);
    lines.add("TRANSP", busy);
    lines.add("DESCRIPTION", &text(&description(booking)));
    if let Some(studio) = &class.studio {
        lines.add("LOCATION", &text(&place(studio)));
        if let (Some(latitude), Some(longitude)) = (studio.latitude, studio.longitude) {
            lines.add("GEO", &format!("{latitude:.6};{longitude:.6}"));
        }
    }
    lines.add("END", "VEVENT");
}

fn description(booking: &Booking) -> String {
    let clock = booking.starts_at().strftime("%A, %-d %B, %H:%M");
    let zone = booking.otf_class.time_zone().unwrap_or("an unknown zone");
    let mut description = format!("At the studio: {clock} ({zone})");
    if let Some(coach) = booking.coach_name() {
        description.push_str(&format!("\nCoach: {coach}"));
    }
    description
}

fn place(studio: &BookingStudio) -> String {
    let address = studio.address.as_ref();
    let parts = [
        studio.name.as_deref(),
        address.and_then(|address| address.address_line1.as_deref()),
        address.and_then(|address| address.city.as_deref()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn floating(local: DateTime) -> String {
    local.strftime("%Y%m%dT%H%M%S").to_string()
}

/// A text as a value (RFC 5545, section 3.3.11).
fn text(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\\n")
        .replace('\n', "\\n")
}

/// Content lines, folded (RFC 5545, section 3.1).
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    /// Octets of a line, without its end.
    const LENGTH: usize = 75;

    fn add(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for character in
            name.chars().chain([':']).chain(value.chars()).filter(|character| !character.is_control())
        {
            if length + character.len_utf8() > Self::LENGTH {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(character);
            length += character.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}
