//! Workouts of which the service sends only a part, during an outage and after it.

use std::collections::BTreeMap;

use otf_api::models::{PartStatus, Workout};
use otf_api::sandbox::{Fault, Outage, PAT, Sandbox};
use otf_api::{Error, Otf, PerformanceSummaryId, WorkoutQuery};

use crate::support::{builder, client_of, sandbox, seen};
use crate::workouts::statuses;

const SUMMARY: &str = "/v1/performance-summaries/*";
const TELEMETRY: &str = "/v1/performance/summary";

fn lifetime() -> WorkoutQuery {
    WorkoutQuery::new().lifetime()
}

/// A client that caches nothing of what earlier tests of the same sandbox have loaded.
fn uncached(sandbox: &Sandbox) -> Otf {
    builder(sandbox).cache_responses(false).login().unwrap()
}

#[test]
fn outage_of_a_host_fails_the_list() {
    let sandbox = sandbox();
    for concurrency in [1, 4] {
        let otf = builder(&sandbox).cache_responses(false).concurrency(concurrency).login().unwrap();
        for (outage, host) in
            [(Outage::Telemetry, TELEMETRY), (Outage::Summaries, "/v1/performance-summaries/")]
        {
            for status in [503, 403] {
                sandbox.set_outage(outage, status);
                let error = otf.workouts().list(&WorkoutQuery::new()).unwrap_err();
                assert!(
                    matches!(&error, Error::Http { status: found, endpoint, .. }
                        if *found == status && endpoint.starts_with(&format!("GET {host}"))),
                    "{error:?}"
                );
            }
            sandbox.set_outage(outage, None);
        }
    }
}

#[test]
fn list_without_requests_to_the_failing_host_succeeds() {
    let sandbox = sandbox();
    let otf = uncached(&sandbox);
    sandbox.set_outage(Outage::Telemetry, 503);
    let workouts = otf.workouts().list(&WorkoutQuery::new().without_telemetry()).unwrap();
    assert!(workouts.iter().all(|workout| !workout.is_incomplete()));
    let future = WorkoutQuery::new().from(sandbox.now()).until(sandbox.now());
    assert!(otf.workouts().list(&future).unwrap().is_empty());
}

#[test]
fn iterator_and_single_workouts_survive_an_outage() {
    let sandbox = sandbox();
    let otf = uncached(&sandbox);
    sandbox.set_outage(Outage::Telemetry, 503);
    let workouts: Vec<Workout> =
        otf.workouts().iter(&WorkoutQuery::new()).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(workouts.len(), 4);
    for workout in &workouts {
        assert_eq!(workout.summary_status, PartStatus::Present);
        assert!(workout.is_incomplete() && workout.has_failed_part());
        let reasons = workout.incomplete_reasons();
        assert!(reasons[0].starts_with("telemetry: "), "{reasons:?}");
        assert!(reasons[0].contains("GET /v1/performance/summary: HTTP status 503"), "{reasons:?}");
        assert_eq!(reasons.len(), 1);
    }
    let again = otf.workouts().for_booking(&workouts[0].booking).unwrap();
    assert_eq!(statuses(&again), statuses(&workouts[0]));
}

#[test]
fn one_success_of_a_host_keeps_the_list() {
    let sandbox = sandbox();
    let otf = uncached(&sandbox);
    sandbox.fault(Fault::status(403).on("GET", TELEMETRY).skip(1).always());
    let workouts = otf.workouts().list(&WorkoutQuery::new()).unwrap();
    assert_eq!(workouts.iter().filter(|workout| workout.has_failed_part()).count(), 3);
}

#[test]
fn empty_parts_are_requested_once_more() {
    let sandbox = sandbox();
    let whole = uncached(&sandbox).workouts().list(&lifetime()).unwrap();
    for fault in
        [Fault::null, Fault::no_content, || Fault::status(200).body(""), || Fault::status(200).body("{}")]
    {
        for path in [SUMMARY, TELEMETRY] {
            let otf = builder(&sandbox).login().unwrap();
            otf.clear_response_cache().unwrap();
            sandbox.fault(fault().on("GET", path).per_path());
            assert_eq!(otf.workouts().list(&lifetime()).unwrap(), whole);
            sandbox.clear_faults();
        }
    }
}

#[test]
fn parts_that_stay_empty_are_not_yet_available() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let whole = uncached(&sandbox).workouts().list(&lifetime()).unwrap();
    for fault in [Fault::null, Fault::no_content] {
        sandbox.fault(fault().on("GET", SUMMARY).always());
        for workout in &otf.workouts().list(&lifetime()).unwrap() {
            assert_eq!((&workout.summary, &workout.summary_status), (&None, &PartStatus::NotYetAvailable));
            assert!(workout.is_incomplete() && !workout.has_failed_part());
        }
        let id = whole[0].performance_summary_id().unwrap();
        assert!(otf.workouts().performance_summary(id).unwrap_err().is_not_found());
        sandbox.clear_faults();
        assert_eq!(otf.workouts().list(&lifetime()).unwrap(), whole, "nothing empty was cached");
        otf.clear_response_cache().unwrap();
    }
}

#[test]
fn not_found_is_final_and_not_requested_again() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    sandbox.fault(Fault::status(404).on("GET", SUMMARY).always());
    let workouts = otf.workouts().list(&lifetime()).unwrap();
    assert!(workouts.iter().all(|workout| workout.summary_status == PartStatus::Absent));
    assert!(workouts.iter().all(|workout| !workout.is_incomplete()));
    seen(&sandbox);
    assert!(otf.workouts().performance_summary(PerformanceSummaryId::new("x")).unwrap_err().is_not_found());
    assert_eq!(seen(&sandbox).len(), 1);
}

/// What a program stores, loaded twice: what was incomplete is loaded again.
fn export(otf: &Otf, rows: &mut BTreeMap<String, Workout>) {
    let mut workouts = otf.workouts().iter(&lifetime()).unwrap();
    workouts.retain(|booking| rows.get(booking.booking_id.as_str()).is_none_or(Workout::is_incomplete));
    for workout in workouts.flatten() {
        rows.insert(workout.booking_id().to_string(), workout);
    }
}

#[test]
fn export_after_an_outage_equals_one_without() {
    let sandbox = sandbox();
    let mut whole = BTreeMap::new();
    export(&uncached(&sandbox), &mut whole);
    for (outage, status) in [(Outage::Telemetry, 503), (Outage::Summaries, 403), (Outage::Telemetry, 500)] {
        let otf = builder(&sandbox).login().unwrap();
        otf.clear_response_cache().unwrap();
        let mut rows = BTreeMap::new();
        sandbox.set_outage(outage, status);
        export(&otf, &mut rows);
        assert_eq!(rows.len(), whole.len());
        assert!(rows.values().all(Workout::has_failed_part));
        let stored = serde_json::to_string(&rows).unwrap();
        let mut rows: BTreeMap<String, Workout> = serde_json::from_str(&stored).unwrap();
        sandbox.set_outage(outage, None);
        sandbox.fault(Fault::null().on("GET", SUMMARY).per_path());
        export(&otf, &mut rows);
        sandbox.clear_faults();
        assert_eq!(rows, whole);
    }
}

#[test]
fn part_status_round_trips() {
    let failed = PartStatus::Failed { reason: "why".to_owned() };
    for (status, json) in [
        (PartStatus::NotRequested, r#"{"status":"not_requested"}"#),
        (PartStatus::Present, r#"{"status":"present"}"#),
        (PartStatus::Absent, r#"{"status":"absent"}"#),
        (PartStatus::NotYetAvailable, r#"{"status":"not_yet_available"}"#),
        (failed, r#"{"status":"failed","reason":"why"}"#),
    ] {
        assert_eq!(serde_json::to_string(&status).unwrap(), json);
        assert_eq!(serde_json::from_str::<PartStatus>(json).unwrap(), status);
    }
}
