//! Workouts outside the studios.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::members::Member;
use super::responses::{forbidden, success, thin, whole};
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

/// A run, a walk or a ride.
pub(super) struct Outing {
    pub(super) start: Timestamp,
    /// `1` outdoor run, `2` indoor run, `3` outdoor walk, `4` outdoor ride.
    pub(super) kind: u64,
    pub(super) seconds: f64,
    pub(super) metres: f64,
    pub(super) calories: u64,
    pub(super) splats: u64,
    pub(super) steps: u64,
    /// Seconds in the zones gray, blue, green, orange and red.
    pub(super) zones: [f64; 5],
}

impl Domain {
    /// `GET /member/members/{member}/out-of-studio-workout`, the oldest first.
    pub(super) fn out_of_studio(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let items = outings(member, call.now).into_iter().map(|outing| {
            let mut item = outing.json(member);
            if member.is_sparse() {
                let nulled = ["endTime", "totalDistance", "workoutType", "redZoneSeconds", "hasDetailedData"];
                thin(&mut item, &nulled, &["avgHeartrate", "maxHeartrate", "splatPoints", "durationUnit"]);
            }
            item
        });
        success(&items.collect())
    }
}

/// A member's workouts outside the studios.
pub(super) fn outings(member: &Member, now: Timestamp) -> Vec<Outing> {
    let ago = |days: i64| times::plus_minutes(now, -days * 24 * 60 - 125);
    let short = |start, kind, seconds, metres, calories| Outing {
        start,
        kind,
        seconds,
        metres,
        calories,
        splats: 0,
        steps: 0,
        zones: [0.0; 5],
    };
    if member.is_new() {
        return Vec::new();
    }
    let run = Outing {
        start: ago(9),
        kind: 2,
        seconds: 1_840.032_958_984_375,
        metres: 3_697.340_087_890_625,
        calories: 254,
        splats: 3,
        steps: 4_381,
        zones: [
            81.581_001_281_738_28,
            445.972_991_943_359_4,
            1_100.943_969_726_562_5,
            193.229_003_906_25,
            0.0,
        ],
    };
    if member.is_sparse() {
        return vec![short(ago(20), 3, 1_200.0, 1_400.0, 61)];
    }
    vec![
        short(ago(290), 1, 13.468_999_862_670_898, 0.867_580_473_423_004_2, 0),
        short(ago(120), 4, 2_460.5, 14_020.75, 310),
        short(ago(45), 1, 691.046_020_507_812_5, 1_560.097_534_179_687_5, 45),
        run,
    ]
}

impl Outing {
    pub(super) fn is_kind(&self, kinds: &[u64]) -> bool {
        kinds.contains(&self.kind)
    }

    fn json(&self, member: &Member) -> Value {
        let [gray, blue, green, orange, red] = self.zones;
        let name = match self.kind {
            1 => "Outdoor Run",
            2 => "Indoor Run",
            3 => "Outdoor Walk",
            _ => "Outdoor Ride",
        };
        let seconds = self.seconds as i64;
        json!({
            "workoutDate": times::seven_digits(self.start),
            "startTime": times::seven_digits(self.start),
            "endTime": times::seven_digits(times::plus_seconds(self.start, seconds)),
            "durationUnit": "second",
            "duration": self.seconds,
            "totalCalories": self.calories,
            "hrPercentMax": if self.calories > 0 { 74 } else { 0 },
            "distanceUnit": "meters",
            "totalDistance": self.metres,
            "splatPoints": self.splats,
            "targetHeartRate": 0,
            "redZoneSeconds": whole(red),
            "orangeZoneSeconds": whole(orange),
            "greenZoneSeconds": whole(green),
            "blueZoneSeconds": whole(blue),
            "greyZoneSeconds": whole(gray),
            "totalSteps": self.steps,
            "hasDetailedData": self.steps == 0,
            "workoutType": {
                "id": self.kind,
                "displayName": name,
                "icon": format!("https://example.com/icons/{}.png", self.kind),
            },
            "memberUUId": member.account.member_uuid,
            "workoutUUId": ids::uuid(&format!("outing/{}/{seconds}", member.account.member_uuid)),
            "avgHeartrate": if self.calories > 0 { 142 } else { 0 },
            "maxHeartrate": if self.calories > 0 { 169 } else { 0 },
        })
    }
}
