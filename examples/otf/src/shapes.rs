//! What `--json` prints of classes, bookings and workouts. README.md documents these shapes, and a test compares them:
//! a key is never renamed or removed, whatever the library's models become.

use otf_api::models::{Booking, OtfClass, PerformanceMetric, Workout};
use otf_api::{Cancellation, EnsuredBooking};
use serde_json::{Value, json};

/// A class of the schedule.
pub fn class(class: &OtfClass) -> Value {
    json!({
        "id": class.class_id,
        "name": class.name,
        "type": class.class_type,
        "start": class.start.timestamp(),
        "end": class.end.timestamp(),
        "local": class.start.local,
        "coach": class.coach_name(),
        "studio": class.studio_name(),
        "full": class.full,
        "waitlist_open": class.waitlist_available,
        "waitlist_size": class.waitlist_size,
        "canceled": class.is_canceled,
    })
}

/// A booking or a spot on a waitlist.
pub fn booking(booking: &Booking) -> Value {
    let class = &booking.otf_class;
    json!({
        "id": booking.booking_id,
        "status": booking.status(),
        "waitlist_position": booking.waitlist_position,
        "canceled": booking.is_canceled(),
        "checked_in": booking.checked_in,
        "class": {
            "id": class.class_id,
            "name": class.name,
            "type": class.class_type,
            "start": class.start.timestamp(),
            "end": class.end.timestamp(),
            "local": class.start.local,
            "coach": booking.coach_name(),
            "studio": class.studio.as_ref().and_then(|studio| studio.name.as_deref()),
        },
    })
}

/// How booking a class ended: `booked`, `already_booked` or `waitlisted`.
fn outcome(ensured: &EnsuredBooking) -> &'static str {
    match ensured {
        EnsuredBooking::AlreadyBooked(_) => "already_booked",
        EnsuredBooking::Waitlisted(_) => "waitlisted",
        _ => "booked",
    }
}

/// A booked class, with how booking it ended.
pub fn ensured(ensured: &EnsuredBooking) -> Value {
    json!({ "outcome": outcome(ensured), "booking": booking(ensured.booking()) })
}

/// A canceled booking.
pub fn canceled(booking: &Booking, cancellation: &Cancellation) -> Value {
    json!({ "canceled": booking.booking_id, "late": cancellation.late })
}

/// A workout's figures.
pub fn workout(workout: &Workout) -> Value {
    let class = workout.otf_class();
    let heart = workout.heart_rate();
    let treadmill = workout.treadmill_data().and_then(|treadmill| treadmill.total_distance.as_ref());
    let rower = workout.rower_data().and_then(|rower| rower.total_distance.as_ref());
    json!({
        "booking_id": workout.booking_id(),
        "performance_summary_id": workout.performance_summary_id(),
        "name": class.name,
        "type": class.class_type,
        "start": class.start.timestamp(),
        "local": class.start.local,
        "coach": workout.coach_name(),
        "studio": workout.studio().and_then(|studio| studio.name.as_deref()),
        "calories": workout.calories_burned(),
        "splat_points": workout.splat_points(),
        "steps": workout.step_count(),
        "active_seconds": workout.active_time_seconds(),
        "zone_minutes": workout.zone_time_minutes().map(|zones| json!({
            "gray": zones.gray,
            "blue": zones.blue,
            "green": zones.green,
            "orange": zones.orange,
            "red": zones.red,
        })),
        "average_heart_rate": heart.and_then(|heart| heart.avg_hr),
        "peak_heart_rate": heart.and_then(|heart| heart.peak_hr),
        "max_heart_rate": workout.max_hr(),
        "treadmill": treadmill.map(distance),
        "rower": rower.map(distance),
        "incomplete": workout.incomplete_reasons(),
    })
}

fn distance(metric: &PerformanceMetric) -> Value {
    let value = metric.display_value.as_ref().and_then(|value| value.to_string().parse::<f64>().ok());
    json!({ "distance": value, "unit": metric.display_unit })
}
