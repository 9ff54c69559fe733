use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::{NOA, PAT};

#[test]
fn a_rename_sticks_and_answers_without_the_home_studio() {
    let mut bench = Bench::new(PAT);
    let name = json!({ "firstName": "Patricia", "lastName": "Sample" });
    let (status, answer) = bench.call("PUT", "/member/members/{member}", name);
    assert_eq!(status, 200);
    assert_eq!(answer["data"]["homeStudio"].as_object().unwrap().len(), 2);
    let detail = bench.get("/member/members/{member}?include=memberAddresses,memberClassSummary");
    assert_eq!(detail["data"]["firstName"], "Patricia");
    assert_eq!(detail["data"]["homeStudio"]["timeZone"], "America/Chicago");
    assert!(detail["data"]["addresses"].is_array());
    assert_eq!(bench.call("PUT", "/member/members/{member}", json!({ "firstName": " " })).0, 400);
}

#[test]
fn other_members_are_out_of_reach() {
    let mut bench = Bench::new(PAT);
    let other = format!("/member/members/{}", NOA.member_uuid);
    assert_eq!(bench.call("GET", &other, Value::Null).0, 403);
}

#[test]
fn extras_come_only_where_asked_for() {
    let mut bench = Bench::new(PAT);
    let detail = bench.get("/member/members/{member}");
    assert_eq!(detail["data"].get("addresses"), None);
    assert_eq!(detail["data"].get("memberClassSummary"), None);
}
