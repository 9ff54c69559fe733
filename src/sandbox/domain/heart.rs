//! The maximum heart rate over the years, and the zones that follow from it.

use serde_json::{Value, json};

use super::responses::{forbidden, thin};
use super::{Call, Domain, times};
use crate::sandbox::http::Response;

/// The maximum heart rate of every account, in beats per minute.
pub(super) const MAX_HR: u64 = 190;

impl Domain {
    /// `GET /v1/physVars/maxHr/history?memberUuid=…`, the latest first.
    pub(super) fn heart_history(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        if call.request.query("memberUuid") != Some(call.caller.member_uuid) {
            return forbidden();
        }
        let changes: [(u64, i64, &str, i64); 3] = [
            (MAX_HR, 2, "LITTLE_TO_NO_CHANGE", 40),
            (188, 5, "MODERATE_CHANGE", 160),
            (183, 0, "LITTLE_TO_NO_CHANGE", 330),
        ];
        let mut history: Vec<Value> = changes
            .into_iter()
            .map(|(max, change, bucket, days_ago)| {
                json!({
                    "maxHr": { "type": "SESSION_ADJUSTED", "value": max },
                    "zones": zones(max),
                    "changeFromPrevious": change,
                    "changeBucket": bucket,
                    "assignedAt": times::seconds(times::plus_minutes(call.now, -days_ago * 24 * 60)),
                })
            })
            .collect();
        if member.is_new() {
            history.clear();
        }
        if member.is_sparse() {
            history.truncate(2);
            for item in &mut history {
                thin(item, &["zones", "changeBucket"], &["changeFromPrevious"]);
            }
        }
        Response::json(200, &json!({ "memberUuid": call.caller.member_uuid, "history": history }))
    }
}

/// Where the zones blue, green, orange and red begin, in percent of the maximum.
const ZONE_STARTS: [u64; 4] = [61, 71, 84, 92];

/// The zone of a heart rate: gray, blue, green, orange and red are 0 to 4.
pub(super) fn zone_of(heart_rate: u64) -> usize {
    ZONE_STARTS.into_iter().filter(|percent| heart_rate >= MAX_HR.saturating_mul(*percent) / 100).count()
}

/// The zones of a maximum heart rate; each begins where the one below ends.
pub(super) fn zones(max: u64) -> Value {
    let [blue, green, orange, red] = ZONE_STARTS.map(|percent| max.saturating_mul(percent) / 100);
    let zone = |from: u64, to: u64| json!({ "startBpm": from, "endBpm": to });
    json!({
        "gray": zone(0, blue),
        "blue": zone(blue, green),
        "green": zone(green, orange),
        "orange": zone(orange, red),
        "red": zone(red, max),
    })
}
