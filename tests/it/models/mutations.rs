//! Whatever happens to one field: no panic, no neighbor lost, and the reason names the place.

use std::fmt::Debug;

use otf_api::models::*;
use serde_json::{Value, json};

use super::{CAPTURED, Model, captured, from_json, with_rejected};

/// A place in a tree, as keys and indices.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// All places in a tree but its root; of long lists the first and the last.
pub(crate) fn places(value: &Value) -> Vec<Vec<Step>> {
    let steps: Vec<Step> = match value {
        Value::Object(object) => object.keys().cloned().map(Step::Key).collect(),
        Value::Array(items) if items.len() > 2 => vec![Step::Index(0), Step::Index(items.len() - 1)],
        Value::Array(items) => (0..items.len()).map(Step::Index).collect(),
        _ => Vec::new(),
    };
    let mut places = Vec::new();
    for step in steps {
        let inner = match &step {
            Step::Key(key) => &value[key],
            Step::Index(index) => &value[*index],
        };
        places.push(vec![step.clone()]);
        places.extend(self::places(inner).into_iter().map(|rest| [vec![step.clone()], rest].concat()));
    }
    places
}

fn at<'v>(value: &'v mut Value, place: &[Step]) -> &'v mut Value {
    place.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Index(index) => &mut value[*index],
    })
}

pub(crate) fn path(place: &[Step]) -> String {
    let mut path = String::new();
    for step in place {
        match step {
            Step::Key(key) if path.is_empty() => path.push_str(key),
            Step::Key(key) => path = path + "." + key,
            Step::Index(index) => path = format!("{path}[{index}]"),
        }
    }
    path
}

/// What a field is replaced by; `None` takes it away.
pub(crate) fn replacements() -> Vec<Option<Value>> {
    let deep = (0..40).fold(json!("x"), |inner, _| json!([{ "x": inner }]));
    let values = [
        json!(null),
        json!(""),
        json!("  "),
        json!("mutated"),
        json!("9".repeat(400)),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(-0.5),
        json!(true),
        json!([]),
        json!([null, 1, "x"]),
        json!({}),
        json!({"otf_api::models::Listing::by_item": 3}),
        json!({"id": {"id": null}}),
        deep,
    ];
    std::iter::once(None).chain(values.into_iter().map(Some)).collect()
}

/// An item with one place replaced or taken away; `None` where that can't be done.
pub(crate) fn mutated(item: &Value, place: &[Step], replacement: Option<&Value>) -> Option<Value> {
    let mut mutated = item.clone();
    match (replacement, place.split_last()?) {
        (Some(value), _) => *at(&mut mutated, place) = value.clone(),
        (None, (Step::Key(key), parent)) => drop(at(&mut mutated, parent).as_object_mut()?.remove(key)),
        (None, (Step::Index(_), _)) => return None,
    }
    Some(mutated)
}

/// The item with each of its fields replaced by each replacement in turn, between two neighbors.
fn sweep<T: Model>(item: &Value) -> usize {
    let whole: T = from_json(item).unwrap();
    let replacements = replacements();
    let mut count = 0;
    let places = places(item);
    // Large responses repeat themselves: there, each field gets some of the replacements, and all get all of them.
    let step = (places.len() / 10).clamp(1, replacements.len());
    for (index, place) in places.into_iter().enumerate() {
        for replacement in replacements.iter().skip(index % step).step_by(step) {
            let Some(mutated) = mutated(item, &place, replacement.as_ref()) else { continue };
            count += 1;
            let body = serde_json::to_vec(&json!({ "data": [item, mutated, item] })).unwrap();
            let listing = decode::<T>(&body, &["data"]).unwrap();
            let path = path(&place);
            assert_eq!(listing.first(), Some(&whole), "{path} {replacement:?}");
            assert_eq!(listing.last(), Some(&whole), "{path} {replacement:?}");
            let rejected_count = listing.rejected().len();
            for rejected in listing.rejected() {
                let what = format!("{path} {replacement:?}: {rejected}");
                assert_eq!(rejected.index, 1, "{what}");
                let parent = self::path(&place[..place.len() - 1]);
                let is_missing =
                    rejected.reason.contains("missing field") && parent.starts_with(&rejected.path);
                assert!(rejected.path.starts_with(&path) || is_missing, "{what}");
                if !rejected.item_kept {
                    assert_eq!((rejected.raw == mutated, rejected_count), (true, 1), "{what}");
                }
            }
            if listing.has_lost_items() {
                assert_eq!(listing.len(), 2, "{path} {replacement:?}");
            } else {
                assert_eq!(listing.len(), 3, "{path} {replacement:?}");
                let json = serde_json::to_value(&listing[1]).unwrap();
                let again = serde_json::to_value(from_json::<T>(&json).unwrap()).unwrap();
                assert_eq!(again, json, "{path} {replacement:?}");
            }
        }
    }
    count
}

/// Sweeps over the first item of each captured file of a kind.
fn sweep_captured<T: Model>(section: &str) {
    let mut count = 0;
    let files = CAPTURED.iter().filter(|(of, file, ..)| *of == section && !file.contains("empty"));
    for (_, file, keys, _) in files.take(2) {
        let whole: Value = serde_json::from_slice(&captured(file)).unwrap();
        let inner = keys.iter().fold(&whole, |value, key| &value[*key]);
        let item = if inner.is_array() { &inner[0] } else { inner };
        count += sweep::<T>(item);
    }
    assert!(count > 20, "{section}: {count}");
}

macro_rules! sweeps {
    ($($test:ident: $model:ty = $section:literal;)*) => {
        $(#[test]
        fn $test() {
            sweep_captured::<$model>($section);
        })*
    };
}

sweeps! {
    classes: OtfClass = "OtfClass";
    bookings: Booking = "BookingV2";
    legacy_bookings: LegacyBooking = "Booking";
    members: MemberDetail = "MemberDetail";
    memberships: MemberMembership = "MemberMembership";
    purchases: MemberPurchase = "MemberPurchase";
    emails: EmailNotificationSettings = "EmailNotificationSettings";
    messages: SmsNotificationSettings = "SmsNotificationSettings";
    studios: StudioDetail = "StudioDetail";
    services: StudioService = "StudioService";
    summaries: PerformanceSummary = "PerformanceSummary";
    telemetry: Telemetry = "Telemetry";
    heart_rates: TelemetryHistoryItem = "TelemetryHistoryItem";
    scans: BodyCompositionData = "BodyCompositionData";
    trackers: ChallengeTracker = "ChallengeTracker";
    benchmarks: FitnessBenchmark = "FitnessBenchmark";
    statistics: StatsResponse = "StatsResponse";
    out_of_studio: OutOfStudioWorkoutHistory = "OutOfStudioWorkoutHistory";
}

#[test]
fn trends() {
    let point = json!({"date": "2026-03-01T10:00:00Z", "value": 1.5, "workout_id": "w", "class_type": "X"});
    sweep::<WorkoutStatsResponse>(&json!({"start": "2026-03-01", "stat_key": "peak_hr", "points": [point]}));
    sweep::<WorkoutStatsPreviewResponse>(&json!({"stats": [{"stat_key": "peak_hr", "points": [point]}]}));
}

#[test]
fn invalid_value_loses_neither_its_item_nor_others() {
    let file = "api.yuzu.orangetheory.com/v1_performance_summary.tread50.json";
    let mut body: Value = serde_json::from_slice(&captured(file)).unwrap();
    let points = body["telemetry"].as_array().unwrap().len();
    body["telemetry"][2]["hr"] = json!("fast");
    body["telemetry"][3]["relativeTimestamp"] = json!("soon");
    body["telemetry"][4]["treadData"]["treadSpeed"] = json!({});
    let telemetry: Telemetry = from_json(&body).unwrap();
    assert_eq!(telemetry.telemetry.len(), points - 1);
    let rejected: Vec<_> = telemetry.telemetry.rejected().iter().map(ToString::to_string).collect();
    assert_eq!(
        rejected,
        [
            "item 2 at hr: invalid value: string, expected a whole number",
            "item 3 at relativeTimestamp: invalid value: string, expected a whole number",
            "item 4 at treadData.treadSpeed: invalid type: map, expected a number",
        ]
    );
    let kept: Vec<_> = telemetry.telemetry.rejected().iter().map(|rejected| rejected.item_kept).collect();
    assert_eq!(kept, [true, false, true]);
    assert_eq!((telemetry.telemetry[2].hr, telemetry.telemetry[2].timestamp.is_some()), (None, true));
}

#[test]
fn two_names_of_one_field_are_joined() {
    let (studio, rejected) = with_rejected::<StudioDetail>(&json!({
        "studioUUId": "s", "acceptsAch": null, "acceptsACH": true, "studioStatus": "Active",
    }));
    assert_eq!(studio.unwrap().studio_uuid.as_str(), "s");
    let [rejected] = &rejected[..] else { panic!("{rejected:?}") };
    assert_eq!(rejected.reason, "duplicate field `accepts_ach`");
    let twice = br#"{"studioUUId": "s", "studioName": "Ames", "studioName": "Other"}"#;
    let studio = decode::<StudioDetail>(twice, &[]).unwrap();
    assert!(studio[0].name.is_some() && studio.rejected()[0].reason.starts_with("duplicate field"));
}

#[test]
fn scan_is_read_from_its_own_serialization_and_from_the_wire() {
    for body in
        [json!({"lean_body_mass_details": {"left_arm": 5}, "lbmOfLeftArm": null}), json!({"lbmOfLeftArm": 5})]
    {
        let scan: BodyCompositionData = from_json(&body).unwrap();
        assert_eq!(scan.lean_body_mass_details.left_arm, Some(5.0), "{body}");
    }
}

#[test]
fn null_is_kept_where_any_json_is_allowed() {
    let history: BenchmarkHistory = from_json(&json!({"LinkedChallenges": [null, 1, ""]})).unwrap();
    assert_eq!(
        (history.linked_challenges.to_vec(), history.linked_challenges.rejected()),
        (vec![json!(null), json!(1), json!("")], &[][..])
    );
}
