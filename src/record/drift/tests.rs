use std::path::PathBuf;

use serde_json::json;

use super::*;
use crate::auth::Credentials;
use crate::models::{ChallengeCategory, StatsTime, TrendType};
use crate::record::Recorder;
use crate::sandbox::{ACCOUNTS, Sandbox};
use crate::{
    BenchmarkQuery, BookingQuery, ClassQuery, GeoQuery, LegacyBookingQuery, NotificationUpdate, Otf,
    ServiceScope, TrendRange, UreqTransport,
};

fn captured() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captured")
}

/// The captured responses of one endpoint.
fn bodies(wanted: &str) -> Vec<Value> {
    let entries = Manifest::read(&captured()).unwrap().files;
    let of_endpoint = entries.iter().filter(|entry| endpoint(&entry.method, &entry.template) == wanted);
    let read = |entry: &super::super::manifest::Entry| fs::read(entry.place(&captured()).unwrap()).unwrap();
    of_endpoint.map(|entry| serde_json::from_slice(&read(entry)).unwrap()).collect()
}

/// The shapes of the captured responses.
fn bodies_by_endpoint() -> BTreeMap<String, Shape> {
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    for entry in Manifest::read(&captured()).unwrap().files {
        let endpoint = endpoint(&entry.method, &entry.template);
        let body = fs::read(entry.place(&captured()).unwrap()).unwrap();
        shapes.entry(endpoint.clone()).or_default().learn(&endpoint, &serde_json::from_slice(&body).unwrap());
    }
    shapes
}

fn drifts(endpoint: &str, bodies: &[Value]) -> Vec<Drift> {
    let mut responses = Responses::default();
    bodies.iter().for_each(|body| responses.shape.learn(endpoint, body));
    let mut observed = Observed::default();
    observed.endpoints.insert(endpoint.to_owned(), responses);
    observed.report().drifts
}

#[test]
fn captured_responses_do_not_drift() {
    let report = DriftReport::of_recording(captured()).unwrap();
    assert_eq!(report.drifts(), []);
    assert!(report.compared() > 30 && report.unknown.is_empty(), "{report}");
    // Nor does each alone.
    for entry in Manifest::read(&captured()).unwrap().files {
        let body = fs::read(entry.place(&captured()).unwrap()).unwrap();
        let found =
            drifts(&endpoint(&entry.method, &entry.template), &[serde_json::from_slice(&body).unwrap()]);
        assert_eq!(found, [], "{}", entry.file);
    }
}

type Fields = serde_json::Map<String, Value>;

/// Applies a change to each object at a path, and returns in how many it changed something.
fn at(value: &mut Value, path: &[String], change: &dyn Fn(&mut Fields) -> bool) -> usize {
    match (value, path.split_first()) {
        (Value::Object(object), None) => usize::from(change(object)),
        (Value::Array(items), Some((key, rest))) if key == ITEM => {
            items.iter_mut().map(|item| at(item, rest, change)).sum()
        }
        (Value::Object(object), Some((key, rest))) => {
            object.get_mut(key).map_or(0, |value| at(value, rest, change))
        }
        _ => 0,
    }
}

/// Changes each field of the captured responses in turn: each change is found, and nothing else.
#[test]
fn each_planted_change_is_found() {
    let (mut planted, mut extended) = (0, BTreeSet::new());
    for (endpoint, known) in baseline().iter().filter(|(_, known)| known.is_captured) {
        let bodies = bodies(endpoint);
        let mut plant = |parent: &[String], place: &[String], kind, change: &dyn Fn(&mut Fields) -> bool| {
            let mut bodies = bodies.clone();
            let changed: usize = bodies.iter_mut().map(|body| at(body, parent, change)).sum();
            if changed > 0 {
                planted += 1;
                let found = drifts(endpoint, &bodies).into_iter().map(|drift| (drift.kind, drift.place));
                assert_eq!(found.collect::<Vec<_>>(), [(kind, spelled(place))], "{endpoint}");
            }
        };
        for (path, before) in known.shape.places.iter().filter(|(path, _)| !path.is_empty()) {
            let (key, parent) = path.split_last().unwrap();
            if [ITEM, ANY_KEY].contains(&key.as_str()) {
                continue;
            }
            if before.count >= known.shape.get(parent).unwrap().objects {
                plant(parent, path, DriftKind::MissingField, &|object| object.remove(key).is_some());
            }
            if !before.kinds.solid().is_empty() {
                let other = if before.kinds.has(Kinds::of(&json!(true))) { json!(1.5) } else { json!(true) };
                plant(parent, path, DriftKind::TypeChanged, &|object| {
                    object.get_mut(key).map(|value| other.clone_into(value)).is_some()
                });
            }
            let new = [parent, &["brandNew".to_owned()]].concat();
            if !extended.insert((endpoint, parent)) {
                continue;
            }
            plant(parent, &new, DriftKind::UnknownField, &|object| {
                object.insert("brandNew".to_owned(), json!({"deep": [1]})).is_none()
            });
        }
    }
    assert!(planted > 1_000, "{planted}");
}

#[test]
fn unknown_values_of_enumerations_are_found() {
    let mut classes = bodies("GET /v1/classes");
    classes[0]["items"][0]["type"] = json!("ORANGE_45");
    let found = drifts("GET /v1/classes", &classes);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].to_string(),
        "GET /v1/classes: unknown value items[].type \"ORANGE_45\", read as OtfClass.class_type, once"
    );
}

#[test]
fn fields_that_a_model_knows_are_no_drift() {
    // The captured list is empty, and the sandbox sends ids and names only.
    let studio = json!({"studioUUId": "s", "studioName": "x", "timeZone": "America/Chicago", "studioStatus": "Active"});
    let found =
        drifts("GET /member/members/{id}/favorite-studios", &[json!({"code": "SUCCESS", "data": [studio]})]);
    let found: Vec<_> = found.iter().map(|drift| (drift.kind, drift.field.as_deref())).collect();
    assert_eq!(found, []);
    let filters = json!({"items": [{"name": "x", "class_field_name": "type", "values": []}]});
    assert_eq!(drifts("GET /v1/classes/filters", &[filters]), []);
    // Nothing is known to be always there that was never captured.
    assert_eq!(drifts("GET /virtual-class/in-studio-workouts", &[json!({"data": [{"classId": "1"}]})]), []);
}

#[test]
fn drift_names_the_field_of_the_model() {
    let mut classes = bodies("GET /v1/classes");
    for item in classes[0]["items"].as_array_mut().unwrap() {
        item["max_capacity"] = json!("36");
        item["brand_new"] = json!(1);
        item.as_object_mut().unwrap().remove("ends_at");
    }
    let found = drifts("GET /v1/classes", &classes[..1]);
    let fields: Vec<_> = found.iter().map(|drift| (drift.kind, drift.field.as_deref())).collect();
    assert_eq!(
        fields,
        [
            (DriftKind::TypeChanged, Some("OtfClass.max_capacity")),
            (DriftKind::MissingField, Some("OtfClass.ends_at")),
            (DriftKind::UnknownField, None),
        ]
    );
}

#[test]
fn unknown_statuses_and_other_bodies_are_found() {
    let mut observed = Observed::default();
    observed.response("GET /v1/classes", 418, b"");
    observed.response("GET /v1/classes", 200, b"<html>");
    observed.response("GET /v1/bookings/me", 200, br#"{"code": "X", "message": "no"}"#);
    observed.response("GET /v9/nothing/{id}", 200, b"{}");
    let report = observed.report();
    let found: Vec<_> = report.drifts().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "GET /v1/bookings/me: other body with code, message, once",
            "GET /v1/classes: unknown status 418, once",
            "GET /v1/classes: not JSON, once",
        ]
    );
    assert!(report.to_string().contains("nothing is known of them: GET /v9/nothing/{id}"), "{report}");
}

#[test]
fn nothing_personal_is_in_a_report() {
    let monitor = DriftMonitor::new();
    monitor.hide("Pat Quimby");
    {
        let mut observed = monitor.hold();
        let mut classes = bodies("GET /v1/classes");
        for (key, value) in
            [("pat@club.example", "x"), ("quimby", "x"), ("phone3125550100", "x"), ("type", "Quimby")]
        {
            classes[0]["items"][0][key] = json!(value);
        }
        classes[0]["items"][1]["type"] = json!("call 312-555-0100");
        for body in &classes {
            observed.response("GET /v1/classes", 200, body.to_string().as_bytes());
        }
        observed.response("GET /x/Quimby/pat@club.example", 200, b"{}");
    }
    let report = monitor.report();
    assert!(report.drifts().len() >= 3, "{report}");
    let (text, debug) = (report.to_string().to_lowercase(), format!("{:?}", report.drifts()).to_lowercase());
    for personal in ["quimby", "club.example", "555"] {
        assert!(!text.contains(personal) && !debug.contains(personal), "{personal} in {text}");
    }
}

#[test]
fn a_report_fits_on_a_page() {
    let mut observed = Observed::default();
    let body: serde_json::Map<String, Value> = (0..500).map(|n| (format!("k{n}"), json!(n))).collect();
    let mut classes = bodies("GET /v1/classes");
    classes[0]["items"][0].as_object_mut().unwrap().extend(body);
    observed.response("GET /v1/classes", 200, classes[0].to_string().as_bytes());
    let text = observed.report().to_string();
    assert!(text.lines().count() <= 60 && text.contains("and 455 more"), "{text}");
}

/// Makes the baseline anew.
#[test]
#[ignore = "it changes a file of the project"]
fn write_drift_baseline() {
    let mut endpoints: BTreeMap<String, Known> = BTreeMap::new();
    let folder = tempfile::tempdir().unwrap();
    record_sandbox(&folder.path().join("sandbox")).unwrap();
    for (directory, is_captured) in [(captured(), true), (folder.path().join("sandbox"), false)] {
        for entry in Manifest::read(&directory).unwrap().files {
            let endpoint = endpoint(&entry.method, &entry.template);
            let body = fs::read(entry.place(&directory).unwrap()).unwrap();
            if !(200..300).contains(&entry.status) {
                continue;
            }
            let known = endpoints.entry(endpoint.clone()).or_default();
            known.is_captured |= is_captured;
            if let Ok(body) = serde_json::from_slice(&body) {
                known.shape.learn(&endpoint, &body);
            }
        }
    }
    let captured = bodies_by_endpoint();
    for (endpoint, known) in &mut endpoints {
        let shape = captured.get(endpoint);
        for (path, seen) in &mut known.shape.places {
            if shape.is_none_or(|shape| shape.get(path).is_none()) {
                seen.count = 0;
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/record/drift/baseline.txt");
    fs::write(path, baseline::write(&endpoints)).unwrap();
}

/// Records what the sandbox sends to each account.
fn record_sandbox(directory: &Path) -> io::Result<()> {
    let sandbox = Sandbox::start()?;
    let recorder = Recorder::create(directory, UreqTransport::default())?;
    for account in &ACCOUNTS {
        let builder =
            Otf::builder().sandbox(&sandbox).cache_responses(false).environment(false).prompt(false);
        let credentials = Credentials::new(account.email, account.password);
        let otf = builder.credentials(credentials).transport(recorder.clone()).login().unwrap();
        let (members, studios, bookings, workouts) =
            (otf.members(), otf.studios(), otf.bookings(), otf.workouts());
        let home = otf.home_studio_uuid().unwrap().clone();
        drop((otf.member(), otf.home_studio(), members.membership(), members.purchases_with_studios()));
        drop((
            members.services(ServiceScope::Active),
            members.services(ServiceScope::All),
            members.app_config(),
        ));
        drop((members.sms_notifications(), members.email_notifications()));
        drop(members.update_sms_notifications(&NotificationUpdate::new().promotional(false)));
        drop(members.update_email_notifications(&NotificationUpdate::new().promotional(false)));
        drop((studios.all(), studios.search(&GeoQuery::around(41.94, -87.65)), studios.services(&home)));
        drop((studios.add_favorites([&home]), studios.favorites(), studios.remove_favorites([&home])));
        drop(bookings.list(&BookingQuery::new().canceled().duplicates()));
        let legacy = bookings.legacy();
        drop((legacy.list(&LegacyBookingQuery::new().canceled()), legacy.history()));
        for class in bookings.classes(&ClassQuery::new().with_booked().with_studios()).unwrap().iter().rev() {
            if let Ok(booking) = bookings.book(class) {
                drop((bookings.get(&booking), bookings.cancel(&booking)));
                if let Ok(booking) = legacy.book(class) {
                    drop((legacy.get(&booking), legacy.cancel(&booking)));
                }
                break;
            }
        }
        drop((workouts.lifetime(), workouts.performance_summaries(Some(5))));
        drop((workouts.heart_rate_history(), workouts.out_of_studio_history(), workouts.body_composition()));
        drop((bookings.class_filters(), members.class_counters(), workouts.in_studio_history()));
        drop((members.update_display_name("Sandbox"), members.update_name("First", "Last")));
        drop(workouts.lifetime_stats_in_studio(StatsTime::AllTime));
        drop((
            workouts.challenge_tracker(),
            workouts.benchmarks(&BenchmarkQuery::new()),
            workouts.aspire(None, None),
        ));
        drop(workouts.challenge_detail(ChallengeCategory::DriTri));
        for trend in TrendType::KNOWN {
            drop(otf.trends().stats(trend.clone(), &TrendRange::new()));
        }
        drop(otf.trends().preview(10));
    }
    let directory = Otf::builder().sandbox(&sandbox).transport(recorder.clone()).studio_directory().unwrap();
    drop(directory.in_country("United States"));
    Ok(())
}
