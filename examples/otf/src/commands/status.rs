//! `otf status`

use clap::Args;
use otf_api::BookingQuery;
use otf_api::jiff::civil::DateTime;
use otf_api::jiff::{SignedDuration, Timestamp, Unit};
use otf_api::models::{Booking, MemberMembership};
use serde_json::{Value, json};

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;

/// Print one JSON object for home automation: next class, membership, last workout.
///
/// It sends two requests, and needs no sign-in while the cached tokens are valid. Unknown values are null.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf status
  otf status --back 14")]
pub struct Status {
    /// How many days back to look for the last workout
    #[arg(long, value_name = "DAYS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=3660))]
    back: u16,
}

impl Status {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let now = service.now();
        let back = SignedDuration::from_hours(24 * i64::from(self.back));
        // One request reaches from the last workout to the next class.
        let bookings = service.otf.bookings().list(&BookingQuery::new().from(now.checked_sub(back)?))?;
        let membership = service.otf.members().membership()?;

        let ahead: Vec<&Booking> =
            bookings.iter().filter(|booking| !booking.start().has_passed(now)).collect();
        let waitlisted = ahead.iter().filter(|booking| booking.is_waitlisted()).count();
        let next = ahead.iter().find(|booking| !booking.is_waitlisted());
        let last =
            bookings.iter().rfind(|booking| booking.start().has_passed(now) && booking.workout.is_some());
        output::json(&json!({
            "updated": now.round(Unit::Second)?,
            "next_class": next.map(|booking| class(booking, now)),
            "booked": ahead.len() - waitlisted,
            "waitlisted": waitlisted,
            "membership": cycle(&membership),
            "last_workout": last.map(workout),
            "unreadable": bookings.rejected().len(),
        }))
    }
}

fn class(booking: &Booking, now: Timestamp) -> Value {
    let start = booking.start().timestamp();
    let studio = booking.otf_class.studio.as_ref().and_then(|studio| studio.name.as_deref());
    json!({
        "name": booking.otf_class.name,
        "type": booking.otf_class.class_type,
        "start": start,
        "local": booking.start().local,
        "minutes_until": start.map(|start| start.duration_since(now).as_secs() / 60),
        "coach": booking.coach_name(),
        "studio": studio,
        "status": booking.status(),
    })
}

fn cycle(membership: &MemberMembership) -> Value {
    let unlimited = membership.is_unlimited();
    let day = |date: Option<DateTime>| date.map(|date| date.date());
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
        "start": booking.start().timestamp(),
        "local": booking.start().local,
        "splat_points": workout.and_then(|workout| workout.splat_points),
        "calories": workout.and_then(|workout| workout.calories_burned),
        "active_minutes": workout.and_then(|workout| workout.active_time_seconds).map(|seconds| seconds / 60),
        "zone_minutes": workout.and_then(|workout| workout.zone_time_minutes),
    })
}
