//! `GET /virtual-class/in-studio-workouts`: the history that the former web site for home workouts read.
//!
//! Two clients agree on the fields; whether the real endpoint is still there is unknown.

use serde_json::{Value, json};

use super::heart::MAX_HR;
use super::responses::{forbidden, success};
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

impl Domain {
    /// The whole history in one response, the latest class first.
    pub(super) fn in_studio_workouts(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let mut found: Vec<_> = self.worked_out(call).collect();
        found.sort_by_key(|(_, class, _)| std::cmp::Reverse(class.start));
        let items = found.into_iter().map(|(_, class, workout)| {
            let totals = workout.totals();
            let [black, blue, green, orange, red] = totals.zones;
            // At times the list is not one.
            let rates = if workout.has_telemetry {
                format!("{:?}", workout.minute_rates())
            } else {
                "none".to_owned()
            };
            let percent = |rate: u64| rate.saturating_mul(100) / MAX_HR;
            let mut item = json!({
                "classHistoryUuId": workout.id,
                "classDate": times::millis(class.start),
                "dateCreated": times::millis(class.end()),
                "dateUpdated": times::millis(class.end()),
                "classType": class.name,
                "classId": class.number("older", 2_200_000_000, 2_700_000_000).to_string(),
                "isIntro": false,
                "isLeader": false,
                "source": "OTBEAT",
                "version": "1",
                "workoutType": { "id": 1, "displayName": "In Studio", "icon": "studio" },
                "activeTime": totals.active_seconds(),
                "stepCount": totals.steps,
                "totalCalories": totals.calories,
                "totalSplatPoints": totals.splats(),
                "avgHr": totals.average_hr,
                "maxHr": totals.peak_hr,
                "avgPercentHr": percent(totals.average_hr),
                "maxPercentHr": percent(totals.peak_hr),
            });
            let rest = json!({
                "blackZoneTimeSecond": black,
                "blueZoneTimeSecond": blue,
                "greenZoneTimeSecond": green,
                "orangeZoneTimeSecond": orange,
                "redZoneTimeSecond": red,
                "minuteByMinuteHr": rates,
                "coach": class.coach,
                "studioName": class.studio.name,
                "studioNumber": class.studio.number,
                "studioAccountUuId": class.studio.uuid(),
                "memberUuId": member.account.member_uuid,
                "memberName": format!("{} {}", member.first_name, member.last_name),
                "memberPerformanceId": ids::uuid(&format!("performance/{}", workout.id)),
                "memberEmail": null,
            });
            super::responses::add(&mut item, rest);
            item
        });
        success(&items.collect::<Value>())
    }
}
