//! The drift report of an ordinary run.

use otf_api::record::{DriftKind, DriftMonitor, DriftReport, Recorder};
use otf_api::sandbox::Fault;
use otf_api::{ClassQuery, UreqTransport};
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
