//! Workout trends: one measure over time, and a preview of all of them.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::responses::{bad_request, not_found, thin};
use super::schedule::Class;
use super::workouts::{Totals, Workout};
use super::{Call, Domain, times};
use crate::sandbox::http::Response;

const DEFAULT_DAYS: i64 = 90;
const DEFAULT_COUNT: usize = 10;

/// A measure with a trend.
struct Trend {
    key: &'static str,
    unit: &'static str,
    value_type: &'static str,
    value: fn(&Totals) -> Option<f64>,
}

const TRENDS: [Trend; 6] = [
    Trend {
        key: "splat_points",
        unit: "points",
        value_type: "integer",
        value: |workout| Some(workout.splats() as f64),
    },
    Trend {
        key: "average_hr",
        unit: "bpm",
        value_type: "integer",
        value: |workout| Some(workout.average_hr as f64),
    },
    Trend {
        key: "peak_hr",
        unit: "bpm",
        value_type: "integer",
        value: |workout| Some(workout.peak_hr as f64),
    },
    Trend {
        key: "tread_top_speed",
        unit: "mph",
        value_type: "decimal",
        value: |workout| workout.treadmill.as_ref().map(|used| used.top_speed as f64 / 10.0),
    },
    Trend {
        key: "rower_500m_split_time",
        unit: "seconds",
        value_type: "duration",
        value: |workout| {
            workout.rower.as_ref().map(|used| used.moving as f64 * 500.0 / used.distance.max(1) as f64)
        },
    },
    Trend {
        key: "rower_top_power",
        unit: "watts",
        value_type: "integer",
        value: |workout| workout.rower.as_ref().map(|used| used.top_power as f64),
    },
];

impl Domain {
    /// `GET /consumer-mobile/v1/users/me/workout-stats/{trend}?start=…&end=…`
    pub(super) fn trend(&self, call: &Call<'_>, key: &str) -> Response {
        let Some(trend) = TRENDS.iter().find(|trend| trend.key == key) else { return not_found("The trend") };
        let time = |name: &str| call.request.query(name).map(str::parse::<Timestamp>).transpose();
        let (Ok(start), Ok(end)) = (time("start"), time("end")) else {
            return bad_request("start and end must be times with an offset");
        };
        let end = end.unwrap_or(call.now);
        let start = start.unwrap_or_else(|| times::plus_minutes(end, -DEFAULT_DAYS * 24 * 60));
        let mut found = self.dated_workouts(call);
        found.retain(|(class, _)| start <= class.start && class.start <= end);
        let mut body = self.trend_json(call, trend, &found);
        if let Some(fields) = body.as_object_mut() {
            fields.insert("start".to_owned(), json!(times::seconds(start)));
            fields.insert("end".to_owned(), json!(times::seconds(end)));
        }
        Response::json(200, &body)
    }

    /// `GET /consumer-mobile/v1/users/me/workout-stats/preview?workoutCount=…`
    pub(super) fn trends_preview(&self, call: &Call<'_>) -> Response {
        let count = call.request.query("workoutCount").map_or(Ok(DEFAULT_COUNT), str::parse::<usize>);
        let Ok(count) = count else { return bad_request("workoutCount must be a number") };
        let found = self.dated_workouts(call);
        let latest = found.get(found.len().saturating_sub(count)..).unwrap_or_default();
        let stats: Vec<Value> = TRENDS.iter().map(|trend| self.trend_json(call, trend, latest)).collect();
        let edge = |found: Option<&(&Class, &Workout)>| found.map(|(class, _)| times::seconds(class.start));
        Response::json(
            200,
            &json!({
                "start": edge(latest.first()),
                "end": edge(latest.last()),
                "requested_workout_count": count,
                "stats": stats,
            }),
        )
    }

    fn dated_workouts(&self, call: &Call<'_>) -> Vec<(&Class, &Workout)> {
        let mut found: Vec<_> = self.worked_out(call).map(|(_, class, workout)| (class, workout)).collect();
        found.sort_by_key(|(class, _)| class.start);
        found
    }

    fn trend_json(&self, call: &Call<'_>, trend: &Trend, found: &[(&Class, &Workout)]) -> Value {
        let point = |(class, workout): &(&Class, &Workout)| {
            let value = (trend.value)(workout.totals())?;
            Some(json!({
                "date": times::seconds(class.start),
                "value": value,
                "workout_id": workout.id,
                "class_type": class.kind,
                "class_name": class.name,
            }))
        };
        let mut points: Vec<Value> = found.iter().filter_map(point).collect();
        let sparse = self.member(call.caller).is_some_and(super::Member::is_sparse);
        if let (true, Some(first)) = (sparse, points.first_mut()) {
            thin(first, &["value", "class_type"], &["class_name"]);
        }
        let mut json = json!({
            "stat_key": trend.key,
            "unit": trend.unit,
            "value_type": trend.value_type,
            "points": points,
        });
        if sparse {
            thin(&mut json, &["unit"], &["value_type"]);
        }
        json
    }
}
