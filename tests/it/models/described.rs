//! Endpoints that were never recorded: their fixtures are written from what other clients read.

use otf_api::models::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{again, fixture};

fn list<T: DeserializeOwned>(file: &str, keys: &[&str]) -> Listing<T> {
    let listing = decode::<T>(&fixture(&format!("described/{file}")), keys).unwrap();
    assert_eq!(listing.rejected(), [], "{file}");
    listing
}

#[test]
fn class_filters_are_read() {
    let filters = list::<ClassFilterOption>("class_filters.json", &["items"]);
    again(&filters);
    let filter = &filters[0];
    assert_eq!((filter.name.as_deref(), filter.class_field.as_deref()), (Some("class_type"), Some("type")));
    assert!(filter.is_class_type());
    let [tread, yoga] = &filter.values[..] else { panic!("{filter:?}") };
    assert_eq!(
        (tread.class_type(), tread.to_string().as_str()),
        (Some(otf_api::ClassType::Tread50), "Tread 50")
    );
    assert_eq!(tread.icon_url.as_deref(), Some("https://images.example/tread.png"));
    assert_eq!((yoga.to_string().as_str(), yoga.icon_url.as_ref()), ("YOGA_30", None));
}

#[test]
fn class_counters_are_read() {
    let counters = &list::<ClassCounters>("class_counters.json", &["data"])[0];
    again(counters);
    assert_eq!(
        (counters.in_studio_classes_attended, counters.ot_live_classes_attended),
        (Some(120), Some(3))
    );
}

#[test]
fn in_studio_history_is_read() {
    let workouts = list::<InStudioWorkout>("in_studio_workouts.json", &["data"]);
    again(&workouts);
    let workout = &workouts[0];
    assert_eq!(
        workout.performance_summary_id.as_ref().unwrap().as_str(),
        "5f0c7a52-0000-4000-8000-000000000001"
    );
    assert_eq!(workout.to_string(), "2024-02-03T15:30:00Z Orange 60 Min 2G: 512 kcal");
    let zones = [
        workout.black_zone_seconds,
        workout.blue_zone_seconds,
        workout.green_zone_seconds,
        workout.orange_zone_seconds,
        workout.red_zone_seconds,
    ];
    assert_eq!(zones.map(Option::unwrap).iter().sum::<i64>(), workout.active_time_seconds.unwrap());
    assert_eq!(workout.minute_by_minute_hr, [101.0, 117.0, 130.0]);
    assert_eq!(workout.workout_type.as_ref().unwrap().display_name.as_deref(), Some("In Studio"));
    assert!(workouts[1].minute_by_minute_hr.is_empty() && workouts[1].class_date.is_none());
}

#[test]
fn heart_rates_that_are_no_list_are_empty() {
    for value in
        [json!("none"), json!(""), json!(null), json!(7), json!({}), json!("[1, \"x\"]"), json!("[[1]]")]
    {
        let body = json!([{ "minuteByMinuteHr": value }]).to_string();
        let workouts = decode::<InStudioWorkout>(body.as_bytes(), &[]).unwrap();
        assert_eq!((workouts.rejected(), workouts[0].minute_by_minute_hr.len()), (&[][..], 0), "{value}");
    }
    let workouts = decode::<InStudioWorkout>(br#"[{"minuteByMinuteHr": [99, "100.5"]}]"#, &[]).unwrap();
    assert_eq!(workouts[0].minute_by_minute_hr, [99.0, 100.5]);
}

#[test]
fn partner_studios_are_read() {
    let whole: Value = serde_json::from_slice(&fixture("described/partner_studios.json")).unwrap();
    let read =
        |index: usize| -> PartnerStudio { serde_json::from_value(whole["data"][index][0].clone()).unwrap() };
    let (studio, junk) = (read(0), read(1));
    again(&studio);
    assert_eq!((studio.studio_id, studio.to_string().as_str()), (Some(1234), "Springfield, IL"));
    assert_eq!(studio.coordinates(), Some((39.78, -89.65)));
    assert_eq!(studio.location.address_line1.as_deref(), Some("12 Main  Street"));
    assert!(!studio.is_junk());
    assert_eq!((junk.studio_id, junk.coordinates(), junk.is_junk()), (Some(1235), None, true));
}

#[test]
fn junk_is_recognized_by_each_of_its_marks() {
    let studio = |change: &dyn Fn(&mut Value)| -> PartnerStudio {
        let whole: Value = serde_json::from_slice(&fixture("described/partner_studios.json")).unwrap();
        let mut studio = whole["data"][0][0].clone();
        change(&mut studio);
        serde_json::from_value(studio).unwrap()
    };
    for (field, junk) in [("studioName", "LatLong"), ("studioName", "Orangetheory Live"), ("studioName", "")]
    {
        assert!(studio(&|studio| studio[field] = json!(junk)).is_junk(), "{junk}");
    }
    for (field, junk) in [
        ("physicalAddress", "*"),
        ("physicalAddress", " a "),
        ("longitude", "1.00000000"),
        ("longitude", "0.00000000"),
        ("longitude", "-181.0"),
        ("latitude", "-55.5"),
        ("latitude", "91"),
    ] {
        assert!(studio(&|studio| studio["studioLocation"][field] = json!(junk)).is_junk(), "{field} {junk}");
    }
    let without = studio(&|studio| studio["studioLocation"] = Value::Null);
    assert!(!without.is_junk() && without.coordinates().is_none());
}

#[test]
fn lists_are_read_in_every_envelope() {
    let items = json!([{ "display_name": "One" }, { "display_name": "Two" }]);
    for body in [items.clone(), json!({ "items": items }), json!({ "data": items })] {
        let listing = decode::<ClassFilterOption>(body.to_string().as_bytes(), &["items"]).unwrap();
        assert_eq!(listing.iter().map(ToString::to_string).collect::<Vec<_>>(), ["One", "Two"], "{body}");
    }
}
