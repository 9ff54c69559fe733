use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::{NOA, PAT};

#[test]
fn a_rename_persists_and_returns_no_full_home_studio() {
    let mut bench = Bench::new(PAT);
    let name = json!({ "firstName": "Patricia", "lastName": "Sample" });
    let (status, response) = bench.call("PUT", "/member/members/{member}", name);
    assert_eq!(status, 200);
    assert_eq!(response["data"]["homeStudio"].as_object().unwrap().len(), 2);
    let detail = bench.get("/member/members/{member}?include=memberAddresses,memberClassSummary");
    assert_eq!(detail["data"]["firstName"], "Patricia");
    assert_eq!(detail["data"]["homeStudio"]["timeZone"], "America/Chicago");
    assert!(detail["data"]["addresses"].is_array());
    assert_eq!(bench.call("PUT", "/member/members/{member}", json!({ "firstName": " " })).0, 400);
}

#[test]
fn other_members_are_forbidden() {
    let mut bench = Bench::new(PAT);
    let other = format!("/member/members/{}", NOA.member_uuid);
    assert_eq!(bench.call("GET", &other, Value::Null).0, 403);
}

#[test]
fn extras_come_only_if_included() {
    let mut bench = Bench::new(PAT);
    let detail = bench.get("/member/members/{member}");
    assert_eq!(detail["data"].get("addresses"), None);
    assert_eq!(detail["data"].get("memberClassSummary"), None);
}

#[test]
fn a_screen_name_has_at_most_eighteen_characters() {
    for account in [PAT, NOA] {
        let mut bench = Bench::new(account);
        let mut put = |name: &str| bench.call("PUT", "/member/members/{member}", json!({ "userName": name }));
        for refused in ["", "  ", "Nineteen characters"] {
            assert_eq!(put(refused).0, 400, "{refused:?}");
        }
        let (status, body) = put("Eighteen letters 1");
        assert_eq!((status, &body["code"]), (200, &json!("SUCCESS")));
        assert_eq!(body["data"]["userName"], "Eighteen letters 1");
        assert_eq!(bench.get("/member/members/{member}")["data"]["userName"], "Eighteen letters 1");
    }
}

#[test]
fn counters_agree_until_they_stand_still() {
    let mut bench = Bench::new(PAT);
    let record = "/member/members/{member}?include=memberClassSummary";
    let counts = |bench: &mut Bench| {
        let short = bench.get("/mobile/v1/members/classes/summary")["data"].clone();
        let long = bench.get(record)["data"]["memberClassSummary"].clone();
        (short["totalInStudioClassesAttended"].clone(), long["totalClassesAttended"].clone())
    };
    assert_eq!(counts(&mut bench), (json!(40), json!(40)));
    let month_ago = bench.now - jiff::SignedDuration::from_hours(30 * 24);
    bench.domain.behaviors_mut().counters_until = Some(month_ago);
    assert_eq!(counts(&mut bench), (json!(36), json!(36)));
}
