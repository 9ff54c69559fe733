//! Telemetry: heart rate and machine data during a class.

use serde_json::{Value, json};

use super::heart::{self, MAX_HR};
use super::program::Activity;
use super::responses::{add, bad_request, not_found, thin};
use super::schedule::Class;
use super::simulation::Second;
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
        let mut body = if workout.has_telemetry {
            measured(call.caller.member_uuid, class, workout, points)
        } else {
            json!({ "memberUuid": call.caller.member_uuid, "classHistoryUuid": workout.id, "telemetry": [] })
        };
        if workout.has_telemetry && self.member(call.caller).is_some_and(super::Member::is_sparse) {
            thin(&mut body, &["classStartTime", "zones"], &["windowSize"]);
            if let Some(point) = body.pointer_mut("/telemetry/0") {
                thin(point, &["hr", "treadData", "rowData"], &[]);
            }
        }
        Response::json(200, &body)
    }
}

fn measured(member: &str, class: &Class, workout: &Workout, points: u64) -> Value {
    let seconds = workout.seconds();
    let window = (seconds.len() as u64).div_ceil(points).max(1);
    let size = usize::try_from(window).unwrap_or(usize::MAX);
    let mut before = (0.0, 0.0);
    let items: Vec<Value> = (0..)
        .step_by(size)
        .zip(seconds.chunks(size))
        .map(|(at, seconds): (u64, _)| {
            let item = point(at, seconds, before);
            before = seconds.last().map_or(before, |last| (last.treadmill, last.rower));
            item
        })
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

/// One point: means over a window, and sums at its end. `before` are the metres on both machines so far.
/// Machine data is absent, not null, if the machine was not in use.
fn point(at: u64, seconds: &[Second], before: (f64, f64)) -> Value {
    let Some(last) = seconds.last() else { return Value::Null };
    let count = seconds.len() as f64;
    let beats = seconds.iter().map(|second| second.heart_rate).sum::<u64>();
    let mut point = json!({
        "relativeTimestamp": at,
        "hr": (beats as f64 / count).round() as u64,
        "aggSplats": last.in_upper_zones / 60,
        "aggCalories": last.calories as u64,
    });
    let hundredths = |speed: f64| (speed * 100.0).round() / 100.0;
    let mut inclines = seconds.iter().filter_map(|second| match second.activity {
        Activity::Treadmill { incline, .. } => Some(incline as f64),
        _ => None,
    });
    if let Some(incline) = inclines.next_back() {
        let tread = json!({
            "treadSpeed": hundredths((last.treadmill - before.0) / count),
            "treadIncline": incline,
            "aggTreadDistance": last.treadmill as u64,
        });
        add(&mut point, json!({ "treadData": tread }));
    }
    let mut cadences = seconds.iter().filter_map(|second| match second.activity {
        Activity::Rower { cadence, .. } => Some(cadence as f64),
        _ => None,
    });
    if let Some(cadence) = cadences.next_back() {
        let speed = (last.rower - before.1) / count;
        let row = json!({
            "rowSpeed": hundredths(speed),
            "rowPps": 0.0,
            "rowSpm": cadence,
            "aggRowDistance": last.rower as u64,
            "rowPace": (500.0 / speed).round() as u64,
        });
        add(&mut point, json!({ "rowData": row }));
    }
    point
}
