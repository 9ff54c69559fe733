//! The drift report of an ordinary run.

use otf_api::record::{DriftKind, DriftMonitor, DriftReport, Recorder};
use otf_api::sandbox::{Fault, PlantedDrift};
use otf_api::{BookingQuery, ClassQuery, UreqTransport};
use serde_json::json;

use super::walkthrough::visit_every_endpoint;
use crate::support::{builder, sandbox};

#[test]
fn sandbox_does_not_drift() {
    let sandbox = sandbox();
    let monitor = DriftMonitor::new();
    let otf = builder(&sandbox).drift(&monitor).cache_responses(false).login().unwrap();
    visit_every_endpoint(&sandbox, &otf);
    let report = monitor.report();
    assert!(report.is_empty(), "{report}");
    assert!(report.compared() > 40, "{report}");
}

#[test]
fn planted_changes_are_reported_by_monitor_and_from_recording() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    sandbox.fault(
        Fault::edit(|json| {
            for class in json["items"].as_array_mut().unwrap() {
                class["intensity"] = json!(3);
                class["type"] = json!("ORANGE_45");
                class["max_capacity"] = json!("36");
                class.as_object_mut().unwrap().remove("ends_at");
            }
        })
        .on("GET", "/v1/classes"),
    );
    let monitor = DriftMonitor::new();
    let recorder = Recorder::create(folder.path(), UreqTransport::default()).unwrap();
    let otf = builder(&sandbox).drift(&monitor).transport(recorder.clone()).login().unwrap();
    otf.bookings().classes(&ClassQuery::new()).unwrap();

    let report = monitor.report();
    let found: Vec<_> = report
        .drifts()
        .iter()
        .map(|drift| (drift.kind, drift.place.as_str(), drift.detail.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (DriftKind::TypeChanged, "items[].max_capacity", "was number, is text"),
            (DriftKind::MissingField, "items[].ends_at", ""),
            (DriftKind::UnknownValue, "items[].type", "\"ORANGE_45\""),
            (DriftKind::UnknownField, "items[].intensity", "(number)"),
        ]
    );
    assert_eq!(DriftReport::of_recording(folder.path()).unwrap().drifts(), report.drifts());
    assert_eq!(recorder.check().unwrap(), []);
}

/// A place as the report spells it: `/items/*/coach` is `items[].coach`.
fn spelled(pointer: &str) -> String {
    let mut place = String::new();
    for step in pointer.split('/').skip(1) {
        if step == "*" || step.parse::<u32>().is_ok() {
            place.push_str("[]");
        } else {
            let dot = if place.is_empty() { "" } else { "." };
            place.push_str(&format!("{dot}{step}"));
        }
    }
    place
}

#[test]
fn every_change_planted_in_sandbox_is_found() {
    let sandbox = sandbox();
    // Some captured bookings have no `service_name`, so one response without it means nothing.
    let planted = PlantedDrift::samples().into_iter().filter(|drift| !drift.place.ends_with("/service_name"));
    planted.for_each(|drift| sandbox.plant_drift(drift));
    let monitor = DriftMonitor::new();
    // Some of the changes break the models; the call fails then, and is reported all the same.
    let otf = builder(&sandbox).drift(&monitor).cache_responses(false).login().unwrap();
    let (bookings, workouts) = (otf.bookings(), otf.workouts());
    drop((bookings.classes(&ClassQuery::new()), bookings.list(&BookingQuery::new()), otf.home_studio()));
    drop((bookings.legacy().history(), workouts.lifetime(), workouts.heart_rate_history()));
    let report = monitor.report();
    let changes = sandbox.planted_drift();
    assert!(changes.len() > 10);
    for change in changes {
        assert!(change.seen > 0, "{change:?} changed nothing");
        let kind = match change.kind {
            otf_api::sandbox::PlantedDriftKind::UnknownField => DriftKind::UnknownField,
            otf_api::sandbox::PlantedDriftKind::UnknownValue => DriftKind::UnknownValue,
            otf_api::sandbox::PlantedDriftKind::ChangedType => DriftKind::TypeChanged,
            otf_api::sandbox::PlantedDriftKind::MissingField => DriftKind::MissingField,
            _ => DriftKind::UnknownStatus,
        };
        let place = spelled(&change.place);
        let is_found = report.drifts().iter().any(|drift| drift.kind == kind && drift.place == place);
        assert!(is_found, "{change:?} is not in\n{report}");
    }
}
