//! Planted changes show in the responses, and in the list of them.

use super::client::Client;
use crate::sandbox::{PAT, PlantedDrift, Sandbox};

#[test]
fn every_sample_of_drift_is_seen() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let token = sandbox.issue_tokens(PAT.email).id_token;
    let bearer = format!("Bearer {}", token.expose());
    let member = PAT.member_uuid;
    let headers =
        [("Authorization", bearer.as_str()), ("koji-member-id", member), ("koji-member-email", PAT.email)];
    let mut get = |target: &str| client.request("GET", target, &headers, "").unwrap();
    let home = get(&format!("/member/members/{member}")).json()["data"]["homeStudio"]["studioUUId"].clone();
    let home = home.as_str().unwrap();
    let summaries = get("/v1/performance-summaries").json();
    let summary = summaries["items"][0]["id"].as_str().unwrap().to_owned();
    let plain = get("/v1/bookings/me").json();

    PlantedDrift::samples().into_iter().for_each(|drift| sandbox.plant_drift(drift));
    let heart = format!("/v1/physVars/maxHr/history?memberUuid={member}");
    assert_eq!(get(&heart).status, 203);
    assert_eq!(get(&format!("/v1/classes?studio_ids={home}")).json()["items"][0]["type"], "YOGA_75");
    for target in [
        "/v1/bookings/me?expand=true".to_owned(),
        format!("/mobile/v1/studios/{home}"),
        format!("/v1/performance-summaries/{summary}"),
        format!("/v1/performance/summary?classHistoryUuid={summary}"),
        format!("/member/members/{member}/bookings"),
    ] {
        assert_eq!(get(&target).status, 200, "{target}");
    }
    for drift in sandbox.planted_drift() {
        assert_eq!(drift.seen, 1, "{drift:?}");
    }
    sandbox.clear_drift();
    assert_eq!((get("/v1/bookings/me").json(), get(&heart).status), (plain, 200));
    assert!(sandbox.planted_drift().is_empty());
}
