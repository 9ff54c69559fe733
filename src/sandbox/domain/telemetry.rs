//! What the heart rate monitor and the machines sent during a class.

use serde_json::{Value, json};

use super::answers::{bad_request, not_found, thin};
use super::heart::{self, MAX_HR};
use super::schedule::Class;
use super::workouts::Workout;
use super::{Call, Domain, times};
use crate::sandbox::http::Response;

const DEFAULT_POINTS: u64 = 150;

impl Domain {
    /// `GET /v1/performance/summary?classHistoryUuid=…&maxDataPoints=…`
    pub(super) fn telemetry(&self, call: &Call<'_>) -> Response {
        let points = call.request.query("maxDataPoints").map(str::parse::<u64>).transpose();
        let (Ok(points), Some(id)) = (points, call.request.query("classHistoryUuid")) else {
            return bad_request("classHistoryUuid and maxDataPoints are required");
        };
        let points = points.unwrap_or(DEFAULT_POINTS);
        if points == 0 {
            return bad_request("maxDataPoints must be above 0");
        }
        let found = self.worked_out(call).find(|(_, _, workout)| workout.id == id);
        let Some((_, class, workout)) = found else { return not_found("The telemetry") };
        let mut answer = if workout.has_telemetry {
            measured(call.caller.member_uuid, class, workout, points)
        } else {
            json!({ "memberUuid": call.caller.member_uuid, "classHistoryUuid": workout.id, "telemetry": [] })
        };
        if workout.has_telemetry && self.member(call.caller).is_some_and(super::Member::is_sparse) {
            thin(&mut answer, &["classStartTime", "zones"], &["windowSize"]);
            if let Some(point) = answer.pointer_mut("/telemetry/0") {
                thin(point, &["hr", "treadData", "rowData"], &[]);
            }
        }
        Response::json(200, &answer)
    }
}

fn measured(member: &str, class: &Class, workout: &Workout, points: u64) -> Value {
    let length = workout.active_seconds().max(1);
    let window = length.div_ceil(points).max(1);
    let items: Vec<Value> = (0..length.div_ceil(window))
        .map(|index| point(class, workout, index.saturating_mul(window), length, index))
        .collect();
    json!({
        "memberUuid": member,
        "classHistoryUuid": workout.id,
        "classStartTime": times::seconds(times::plus_seconds(class.start, 8)),
        "maxHr": MAX_HR,
        "zones": heart::zones(MAX_HR),
        "windowSize": window,
        "telemetry": items,
    })
}

/// One point. Machine data is absent, not null, where the machine was not in use.
fn point(class: &Class, workout: &Workout, at: u64, length: u64, index: u64) -> Value {
    let so_far = |total: u64| total.saturating_mul(at) / length;
    let mut point = json!({
        "relativeTimestamp": at,
        "hr": heart_rate(workout, at),
        "aggSplats": so_far(workout.splats()),
        "aggCalories": so_far(workout.calories),
    });
    let Some(fields) = point.as_object_mut() else { return point };
    // Two machines share a class by halves.
    let half = length / 2;
    let row_first = class.id.as_bytes().first().is_some_and(|byte| byte % 2 == 0);
    let rowing = workout.rower.is_some() && (at < half) == row_first;
    match (&workout.treadmill, &workout.rower) {
        (_, Some(rower)) if rowing => {
            let speed = rower.distance as f64 / rower.moving.max(1) as f64;
            fields.insert(
                "rowData".to_owned(),
                json!({
                    "rowSpeed": (speed * 100.0).round() / 100.0,
                    "rowPps": 0.0,
                    "rowSpm": rower.cadence as f64,
                    "aggRowDistance": so_far(rower.distance),
                    "rowPace": rower.moving.saturating_mul(500).checked_div(rower.distance).unwrap_or_default(),
                }),
            );
        }
        (Some(treadmill), _) if index % 5 != 2 => {
            let speed = [0.89, 1.34, 2.01, 2.68].into_iter().cycle().nth((at / 90 % 4) as usize);
            let incline = [1.0, 2.0, 6.0].into_iter().cycle().nth((at / 240 % 3) as usize);
            fields.insert(
                "treadData".to_owned(),
                json!({
                    "treadSpeed": speed,
                    "treadIncline": incline,
                    "aggTreadDistance": so_far(treadmill.distance),
                }),
            );
        }
        _ => {}
    }
    point
}

/// Intervals of five minutes between a resting and the peak heart rate.
fn heart_rate(workout: &Workout, at: u64) -> u64 {
    let phase = at % 300;
    let climb = if phase < 150 { phase } else { 300_u64.saturating_sub(phase) };
    let low = workout.average_hr.saturating_sub(20);
    low.saturating_add(workout.peak_hr.saturating_sub(low).saturating_mul(climb) / 150)
}
