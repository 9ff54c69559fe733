//! Performance summaries: the list, and one with its heart rate and machines.

use serde_json::{Value, json};

use super::bookings::Booking;
use super::heart::MAX_HR;
use super::responses::{bad_request, forbidden, not_found, thin};
use super::schedule::Class;
use super::workouts::{Rower, Treadmill, Workout};
use super::{Call, Domain, times};
use crate::sandbox::http::Response;

/// For this many days the list gives every class the same wrong name (recorded).
const MISNAMED_DAYS: i64 = 60;
/// For this many days the list carries the class UUID.
const BASE_UUID_DAYS: i64 = 90;

impl Domain {
    /// `GET /v1/performance-summaries`, the latest first.
    pub(super) fn summaries(&self, call: &Call<'_>) -> Response {
        if !names_caller(call) {
            return forbidden();
        }
        let limit = call.request.query("limit").map(str::parse::<usize>).transpose();
        let Ok(limit) = limit else { return bad_request("limit must be a number") };
        let mut found: Vec<_> = self.worked_out(call).collect();
        found.sort_by_key(|(_, class, _)| std::cmp::Reverse(class.start));
        let items: Vec<Value> = found
            .into_iter()
            .take(limit.unwrap_or(usize::MAX))
            .map(|(booking, class, workout)| listed(booking, class, workout, call))
            .collect();
        Response::json(200, &json!({ "items": items }))
    }

    /// `GET /v1/performance-summaries/{id}`
    pub(super) fn summary(&self, call: &Call<'_>, id: &str) -> Response {
        if !names_caller(call) {
            return forbidden();
        }
        let found = self.worked_out(call).find(|(_, _, workout)| workout.id == id && workout.has_summary);
        let Some((_, class, workout)) = found else { return not_found("The performance summary") };
        let totals = workout.totals();
        let mut summary = json!({
            "id": workout.id,
            "details": {
                "calories_burned": totals.calories,
                "splat_points": totals.splats(),
                "step_count": totals.steps,
                "active_time_seconds": 0,
                "zone_time_minutes": totals.zone_minutes(),
                "heart_rate": {
                    "max_hr": 0,
                    "peak_hr": totals.peak_hr,
                    "peak_hr_percent": percent(totals.peak_hr),
                    "avg_hr": totals.average_hr,
                    "avg_hr_percent": percent(totals.average_hr),
                },
                "equipment_data": {
                    "treadmill": treadmill(totals.treadmill.as_ref()),
                    "rower": rower(totals.rower.as_ref()),
                },
            },
            "ratable": false,
            "class": {
                "starts_at_local": times::naive(class.local_start()),
                "name": class.name,
                "type": class.kind,
            },
        });
        if self.member(call.caller).is_some_and(super::Member::is_sparse) {
            thin(&mut summary, &["ratable"], &["class"]);
            if let Some(details) = summary.get_mut("details") {
                thin(details, &["step_count", "zone_time_minutes"], &["active_time_seconds"]);
            }
            if let Some(machines) = summary.pointer_mut("/details/equipment_data") {
                thin(machines, &["rower"], &[]);
            }
        }
        Response::json(200, &summary)
    }

    /// The caller's bookings that have a workout.
    pub(super) fn worked_out(&self, call: &Call<'_>) -> impl Iterator<Item = (&Booking, &Class, &Workout)> {
        self.mine(call).filter_map(|(booking, class)| Some((booking, class, booking.workout.as_ref()?)))
    }
}

/// Whether the headers name the caller, which these endpoints require in addition to the token.
fn names_caller(call: &Call<'_>) -> bool {
    call.request.header("koji-member-id") == Some(call.caller.member_uuid)
        && call
            .request
            .header("koji-member-email")
            .is_some_and(|email| email.eq_ignore_ascii_case(call.caller.email))
}

fn listed(booking: &Booking, class: &Class, workout: &Workout, call: &Call<'_>) -> Value {
    let within = |days: i64| times::plus_minutes(class.start, days * 24 * 60) > call.now;
    let recent = within(MISNAMED_DAYS);
    let mut coach = json!({ "first_name": class.coach });
    if let (true, Some(image), Some(fields)) = (recent, class.coach_image(), coach.as_object_mut()) {
        fields.insert("image_url".to_owned(), json!(image));
    }
    let mut taken = json!({
        "starts_at_local": times::naive(class.local_start()),
        "name": if recent { "STRENGTH_50" } else { class.name },
        "type": if recent { "OTHER" } else { class.kind },
        "coach": coach,
        "studio": {
            "id": class.studio.uuid(),
            "license_number": class.studio.number,
            "name": class.studio.name,
        },
    });
    if let (true, Some(fields)) = (within(BASE_UUID_DAYS), taken.as_object_mut()) {
        fields.insert("ot_base_class_uuid".to_owned(), json!(class.base_uuid));
    }
    let totals = workout.totals();
    json!({
        "id": workout.id,
        "details": {
            "calories_burned": totals.calories,
            "splat_points": totals.splats(),
            "step_count": 0,
            "active_time_seconds": if recent { 0 } else { totals.active_seconds() },
            "zone_time_minutes": totals.zone_minutes(),
        },
        "ratable": booking.ratable,
        "class": taken,
    })
}

fn percent(beats: u64) -> u64 {
    beats.saturating_mul(100) / MAX_HR
}

fn treadmill(used: Option<&Treadmill>) -> Value {
    let unused =
        Treadmill { distance: 0, moving: 0, top_speed: 0, climb: 0.0, average_incline: 0.0, top_incline: 0 };
    let used = used.unwrap_or(&unused);
    let miles = hundredths(used.distance as f64 / 1_609.344);
    let hours = used.moving as f64 / 3_600.0;
    let speed = if used.moving == 0 { 0.0 } else { tenths(miles / hours) };
    let top = used.top_speed as f64 / 10.0;
    let pace = |speed: f64| if speed > 0.0 { (3_600.0 / speed) as u64 } else { 0 };
    json!({
        "avg_speed": number(speed, "mph"),
        "max_speed": number(top, "mph"),
        "avg_incline": number(tenths(used.average_incline), "%"),
        "max_incline": number(used.top_incline as f64, "%"),
        "avg_pace": duration(pace(speed), "min/mile"),
        "max_pace": duration(pace(top), "min/mile"),
        "total_distance": number(miles, "miles"),
        "moving_time": duration(used.moving, "Duration"),
        "elevation_gained": number((used.climb / 0.3048 * 1_000.0).round() / 1_000.0, "feet"),
    })
}

fn rower(used: Option<&Rower>) -> Value {
    let unused = Rower {
        distance: 0,
        moving: 0,
        power: 0,
        top_power: 0,
        cadence: 0,
        top_cadence: 0,
        fastest_split: 0,
    };
    let used = used.unwrap_or(&unused);
    let split = used.moving.saturating_mul(500).checked_div(used.distance).unwrap_or_default();
    let speed = |split: u64| if split == 0 { 0.0 } else { tenths(1_800.0 / split as f64) };
    json!({
        "avg_power": number(used.power as f64, "watt"),
        "max_power": number(used.top_power as f64, "watt"),
        "avg_speed": number(speed(split), "km/h"),
        "max_speed": number(speed(used.fastest_split), "km/h"),
        "avg_pace": duration(split, "min/500m"),
        "max_pace": duration(used.fastest_split, "min/500m"),
        "avg_cadence": number(used.cadence as f64, ""),
        "max_cadence": number(used.top_cadence as f64, ""),
        "total_distance": number(used.distance as f64, "m"),
        "moving_time": duration(used.moving, "Duration"),
    })
}

fn number(value: f64, unit: &str) -> Value {
    json!({ "display_value": value, "display_unit": unit, "metric_value": value })
}

/// A time: text for display, and a number in a string.
fn duration(seconds: u64, unit: &str) -> Value {
    json!({
        "display_value": format!("{:02}:{:02}", seconds / 60, seconds % 60),
        "display_unit": unit,
        "metric_value": seconds.to_string(),
    })
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
