//! Body composition scans.

use serde_json::{Map, Value, json};

use super::members::Member;
use super::responses::{add, forbidden, success};
use super::{Call, Domain, ids, times};
use crate::sandbox::http::Response;

impl Domain {
    /// `GET /member/members/{cognito}/body-composition`, the latest first.
    pub(super) fn body_composition(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        let taken = |days_ago: i64| {
            times::naive(member.home.local(times::plus_minutes(call.now, -days_ago * 24 * 60)))
        };
        let scans = match member {
            _ if member.is_new() => Vec::new(),
            _ if member.is_sparse() => {
                let mut scan = scan(member, 1.0, &taken(60));
                // Numbers as strings and strings as numbers, opposite to Pat's.
                add(&mut scan, json!({ "memberId": member.id().to_string(), "age": 33, "gender": "M" }));
                vec![scan]
            }
            _ => vec![scan(member, 1.0, &taken(48)), scan(member, 1.08, &taken(330))],
        };
        success(&scans.into())
    }
}

/// A scan. `scale` makes several of them differ.
fn scan(member: &Member, scale: f64, taken: &str) -> Value {
    let measure = |value: f64| json!((value * scale * 10_000.0).round() / 10_000.0);
    let mut scan = json!({
        "memberUUId": member.account.member_uuid,
        "memberId": member.id(),
        "scanResultUUId": ids::uuid(&format!("scan/{}/{scale}", member.account.member_uuid)),
        "id": member.account.email,
        "email": member.account.email,
        "height": "68",
        "gender": "F",
        "age": "42",
        "testDatetime": taken,
        "weight": measure(160.0),
        "tbw": measure(86.689_3),
        "icw": 0,
        "ecw": 0,
        "dlm": measure(32.238_4),
        "bfm": measure(41.1),
        "lbm": measure(118.927_7),
        "smm": measure(67.242_5),
        "bmi": measure(24.459_7),
        "pbf": measure(25.7),
        "ecwOverTBW": 0,
        "bfmControl": -15.9895,
        "lbmControl": 0,
        "bmr": measure(1_782.878),
        "vfl": 0,
        "vfa": 0,
        "bcm": 0,
        "tbwOverLBM": 0,
        "inBodyType": "INBODY270",
        "wtGraphScale": "55;70;85;100;115;130;145;160;175;190;205",
        "smmGraphScale": "70;80;90;100;110;120;130;140;150;160;170",
        "bfmGraphScale": "40;60;80;100;160;220;280;340;400;460;520",
        "pwt": measure(113.828_3),
        "psmm": measure(104.839_6),
        "pfatnew": measure(143.577_3),
    });
    let parts = [
        ("RightArm", 6.482_2, 107.778_2),
        ("LeftArm", 6.568_7, 108.728_9),
        ("Trunk", 52.203_7, 96.196_6),
        ("RightLeg", 19.014_6, 99.999_5),
        ("LeftLeg", 18.496, 97.493),
    ];
    let mut limbs = Map::new();
    for (part, mass, percent) in parts {
        limbs.insert(format!("lbmOf{part}"), measure(mass));
        limbs.insert(format!("lbmPercentOf{part}"), measure(percent));
        // This scanner measures no more.
        limbs.insert(format!("bfmPercentOf{part}"), json!(0));
        for unmeasured in ["tbw", "icw", "ecw", "ecwOverTBW", "bfm"] {
            limbs.insert(format!("{unmeasured}Of{part}"), json!(0.0));
        }
    }
    add(&mut scan, limbs.into());
    scan
}
