//! One JSON object for home automation, from two requests: made to be called every few minutes.

use std::process::ExitCode;

use otf_api::BookingQuery;
use otf_api::jiff::{SignedDuration, Timestamp, Unit};
use otf_api::models::{Booking, MemberMembership};
use otf_api_programs::{Result, Which, finish};
use serde_json::{Value, json};

const HELP: &str = "\
Prints what home automation wants to know, as one JSON object.

Usage: sensors [--days N] [--pretty] [--sandbox]

  --days N       how many days back the last workout is looked for [default: 60]
  --pretty       on several lines
  --sandbox      against the service on loopback that comes with the crate
                 (--sandbox=URL: against one that runs already)

It takes two requests, and no sign-in while the stored tokens are good.
What is not known is null.
";

#[derive(Default)]
struct Options {
    days: Option<i32>,
    pretty: bool,
    service: Which,
}

fn main() -> ExitCode {
    finish("sensors", run())
}

fn run() -> Result {
    let Some(options) = options()? else { return Ok(()) };
    let service = options.service.connect()?;
    let now = service.now();
    let back = SignedDuration::from_hours(24).saturating_mul(options.days.unwrap_or(60));
    // From the last workout to the next class, in one request; the default only begins today.
    let query = BookingQuery::new().from(now.checked_sub(back)?);
    let bookings = service.otf.bookings().list(&query)?;
    let membership = service.otf.members().membership()?;

    let next = bookings.iter().find(|booking| !booking.has_started(now) && !booking.is_waitlisted());
    let waiting =
        bookings.iter().filter(|booking| !booking.has_started(now) && booking.is_waitlisted()).count();
    let booked = bookings.iter().filter(|booking| !booking.has_started(now)).count() - waiting;
    let last = bookings.iter().rfind(|booking| booking.has_started(now) && booking.workout.is_some());
    let sensors = json!({
        "updated": now.round(Unit::Second)?,
        "next_class": next.map(|booking| class(booking, now)),
        "booked": booked,
        "waitlisted": waiting,
        "membership": cycle(&membership),
        "last_workout": last.map(workout),
        "unreadable": bookings.rejected().len(),
    });
    println!("{}", if options.pretty { format!("{sensors:#}") } else { sensors.to_string() });
    Ok(())
}

fn options() -> Result<Option<Options>> {
    let mut options = Options::default();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        use lexopt::prelude::*;
        match argument {
            Long("days") => options.days = Some(arguments.value()?.parse()?),
            Long("pretty") => options.pretty = true,
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

fn class(booking: &Booking, now: Timestamp) -> Value {
    let start = booking.starts_at_instant();
    let studio = booking.otf_class.studio.as_ref().and_then(|studio| studio.name.as_deref());
    json!({
        "name": booking.otf_class.name,
        "type": booking.otf_class.class_type,
        "start": start,
        "local": booking.starts_at(),
        "minutes_until": start.map(|start| start.duration_since(now).as_secs() / 60),
        "coach": booking.coach_name(),
        "studio": studio,
        "status": booking.status(),
    })
}

fn cycle(membership: &MemberMembership) -> Value {
    let unlimited = membership.is_unlimited();
    let day = |date: Option<otf_api::jiff::civil::DateTime>| date.map(|date| date.date());
    json!({
        "name": membership.name,
        "current": membership.current,
        "unlimited": unlimited,
        "classes": membership.count.filter(|_| unlimited != Some(true)),
        "classes_left": membership.classes_left(),
        "cycle_start": day(membership.active_date),
        "cycle_end": day(membership.expiration_date),
    })
}

fn workout(booking: &Booking) -> Value {
    let workout = booking.workout.as_ref();
    json!({
        "name": booking.otf_class.name,
        "start": booking.starts_at_instant(),
        "local": booking.starts_at(),
        "splat_points": workout.and_then(|workout| workout.splat_points),
        "calories": workout.and_then(|workout| workout.calories_burned),
        "active_minutes": workout.and_then(|workout| workout.active_time_seconds).map(|seconds| seconds / 60),
        "zone_minutes": workout.and_then(|workout| workout.zone_time_minutes),
    })
}
