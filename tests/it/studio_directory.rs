//! Studios without an account.

use otf_api::models::{PartnerStudio, StudioStatus};
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{Error, Otf, StudioDirectory};
use serde_json::{Value, json};

use crate::support::{assert_invalid, client, sandbox, seen};

const PATH: &str = "/partners/studios/v2";

fn setup() -> (Sandbox, StudioDirectory) {
    let sandbox = sandbox();
    let directory = Otf::builder().sandbox(&sandbox).sleep(|_| {}).studio_directory().unwrap();
    (sandbox, directory)
}

#[test]
fn studios_of_a_country_need_no_account() {
    let (sandbox, directory) = setup();
    let studios = directory.in_country(" New Zealand ").unwrap();
    let request = &sandbox.requests()[0];
    assert_eq!((request.query("country"), request.header("authorization")), (Some("New Zealand"), None));
    assert_eq!(seen(&sandbox), [format!("GET {PATH}")]);
    assert!(!studios.is_empty() && studios.rejected().is_empty());
    assert!(studios.iter().all(|studio| studio.location.country.as_deref() == Some("New Zealand")));
}

#[test]
fn listed_studios_agree_with_their_details() {
    let (sandbox, directory) = setup();
    let listed = directory.without_junk().in_country("United States").unwrap();
    let otf = client(&sandbox);
    let all = otf.studios().all().unwrap();
    for studio in &listed {
        let detail = all.iter().find(|detail| detail.studio_id == studio.studio_id).unwrap();
        assert_eq!((&studio.name, &studio.status), (&detail.name, &detail.status));
        assert_eq!(studio.coordinates(), detail.latitude().zip(detail.longitude()));
        let street = studio.location.address_line1.as_deref().unwrap();
        assert_eq!(street.trim(), street);
    }
    assert!(listed.len() > 3);
}

#[test]
fn junk_is_marked_or_left_out() {
    let (_sandbox, directory) = setup();
    let all = directory.in_country("United States").unwrap();
    let (junk, studios): (Vec<_>, Vec<_>) = all.iter().partition(|studio| studio.is_junk());
    assert_eq!(junk.len(), 7);
    assert_eq!(junk.iter().filter(|studio| studio.coordinates().is_none()).count(), 3);
    let left = directory.without_junk().in_country("United States").unwrap();
    assert!(left.iter().eq(studios));
}

#[test]
fn studio_is_found_by_its_number() {
    let (sandbox, directory) = setup();
    let studio = directory.in_country("United States").unwrap()[0].clone();
    seen(&sandbox);
    assert_eq!(directory.by_number(studio.studio_id.unwrap()).unwrap(), studio);
    assert_eq!(sandbox.requests()[0].query("studioId"), Some(studio.studio_id.unwrap().to_string().as_str()));
    assert!(directory.by_number(1).unwrap_err().is_not_found());
}

#[test]
fn bad_input_is_refused_before_any_request() {
    let (sandbox, directory) = setup();
    for country in ["", "  ", "United\nStates"] {
        assert_invalid(&sandbox, directory.in_country(country), "country");
    }
    for number in [0, -1] {
        assert_invalid(&sandbox, directory.by_number(number), "studio_id");
    }
}

#[test]
fn unreadable_entry_costs_no_other() {
    let (sandbox, directory) = setup();
    let whole = directory.in_country("United States").unwrap();
    let spoil = |json: &mut Value| {
        json["data"][0] = json!([]);
        json["data"][1][0]["studioStatus"] = json!({});
        json["data"][2] = json["data"][2][0].clone();
    };
    sandbox.fault(Fault::edit(spoil).on("GET", PATH));
    let studios = directory.in_country("United States").unwrap();
    let places: Vec<_> =
        studios.rejected().iter().map(|item| (item.index, item.path.as_str(), item.item_kept)).collect();
    assert_eq!(places, [(0, "", false), (1, "[0].studioStatus", true)]);
    assert_eq!(studios[1..], whole[2..], "a studio that is not in a list is read too");
    sandbox.fault(Fault::edit(|json| json["data"] = json!([[7]])).on("GET", PATH));
    assert!(matches!(directory.by_number(3), Err(Error::Decode { .. })));
}

#[test]
fn failures_are_retried_and_reported() {
    let (sandbox, directory) = setup();
    sandbox.fault(Fault::status(503).on("GET", PATH).times(2));
    directory.in_country("Chile").unwrap();
    assert_eq!(seen(&sandbox).len(), 3);
    sandbox.fault(Fault::status(403).on("GET", PATH));
    assert!(matches!(directory.in_country("Chile"), Err(Error::Http { status: 403, .. })));
}

#[test]
fn studio_with_unknown_status_and_without_coordinates_is_read() {
    let body =
        json!({"data": [[{"studioId": "12", "studioName": "Springfield, IL", "studioStatus": "Moving"}]]});
    let (sandbox, directory) = setup();
    sandbox.fault(Fault::status(200).body(body.to_string()).on("GET", PATH));
    let studios = directory.in_country("Peru").unwrap();
    let studio: &PartnerStudio = &studios[0];
    assert_eq!((studio.studio_id, studio.coordinates(), studio.is_junk()), (Some(12), None, false));
    assert_eq!(studio.status, Some(StudioStatus::Other("Moving".to_owned())));
    assert_eq!(studio.to_string(), "Springfield, IL (Moving)");
}
