//! The archive: incremental, and repaired after an outage.

use std::fs;
use std::path::Path;

use otf_api::sandbox::{Fault, Outage, Sandbox};

use super::support::{otf, texts};

fn sync(directory: &Path, sandbox: &Sandbox) -> (i32, String) {
    let output = otf(directory).args(["sync", "--days", "40", "--server", &sandbox.url()]).output().unwrap();
    let (out, err) = texts(&output);
    (output.status.code().unwrap_or(-1), out + &err)
}

fn files(directory: &Path) -> (String, String) {
    let read = |name: &str| fs::read_to_string(directory.join(name)).unwrap();
    (read("workouts.csv"), read("workouts.jsonl"))
}

#[test]
fn a_second_run_adds_nothing_and_changes_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let (code, text) = sync(directory.path(), &sandbox);
    assert_eq!(code, 0, "{text}");
    let first = files(directory.path());
    assert!(first.0.lines().count() > 3, "{}", first.0);
    let (code, text) = sync(directory.path(), &sandbox);
    assert!(code == 0 && text.contains(" 0 added"), "{text}");
    assert_eq!(files(directory.path()), first);
}

#[test]
fn an_archive_after_an_outage_equals_one_without() {
    let sandbox = Sandbox::start().unwrap();
    let healthy = tempfile::tempdir().unwrap();
    assert_eq!(sync(healthy.path(), &sandbox).0, 0);
    for outage in [Outage::Telemetry, Outage::Summaries, Outage::Bookings] {
        let directory = tempfile::tempdir().unwrap();
        sandbox.set_outage(outage, Some(400));
        let (code, text) = sync(directory.path(), &sandbox);
        assert!([1, 4].contains(&code), "{outage:?}: {code} {text}");
        sandbox.set_outage(outage, None);
        let (code, text) = sync(directory.path(), &sandbox);
        assert_eq!(code, 0, "{outage:?}: {text}");
        assert_eq!(files(directory.path()), files(healthy.path()), "{outage:?}");
    }
}

#[test]
fn a_byte_order_mark_is_written_on_request_only() {
    let directory = tempfile::tempdir().unwrap();
    for (option, expected) in [("--quiet", false), ("--bom", true)] {
        let arguments = ["sync", "--sandbox", "--days", "20", option];
        assert!(otf(directory.path()).args(arguments).output().unwrap().status.success());
        let csv = fs::read(directory.path().join("workouts.csv")).unwrap();
        assert_eq!(csv.starts_with(b"\xef\xbb\xbf"), expected, "{option}");
    }
}

#[test]
fn an_interrupted_run_is_continued() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let all = |directory: &Path| {
        let output = otf(directory).args(["sync", "--json", "--server", &sandbox.url()]).output().unwrap();
        (output.status.code(), texts(&output).0)
    };
    // The second piece of the history can't be loaded.
    sandbox.fault(Fault::status(400).on("GET", "/v1/bookings/me").skip(1));
    let (code, _) = all(directory.path());
    assert_eq!(code, Some(1));
    let first = files(directory.path()).1.lines().count();
    assert!(first > 0);
    let (code, text) = all(directory.path());
    assert_eq!(code, Some(0), "{text}");
    let whole = files(directory.path()).1.lines().count();
    assert!(whole > first);
    assert!(text.contains(&format!("\"added\":{}", whole - first)), "{text}");
}

#[test]
fn the_check_names_what_the_lists_lack() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let check = || {
        let arguments = ["sync", "--check", "--json", "--server", &sandbox.url()];
        let output = otf(directory.path()).args(arguments).output().unwrap();
        let (out, err) = texts(&output);
        let printed: serde_json::Value = serde_json::from_str(&out).unwrap();
        (output.status.code(), printed["check"].clone(), err)
    };
    let (code, report, err) = check();
    assert_eq!((code, &report["complete"]), (Some(0), &true.into()), "{report} {err}");
    sandbox.limit_booking_list(3);
    let (code, report, err) = check();
    assert_eq!((code, &report["complete"]), (Some(1), &false.into()), "{report}");
    assert!(report["months"][0]["missing"].as_array().is_some_and(|missing| !missing.is_empty()), "{report}");
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn an_outage_is_reported_and_repaired_by_the_next_run() {
    let sandbox = Sandbox::start().unwrap();
    let healthy = tempfile::tempdir().unwrap();
    assert_eq!(sync(healthy.path(), &sandbox).0, 0);

    let directory = tempfile::tempdir().unwrap();
    sandbox.set_outage(Outage::Telemetry, Some(503));
    let (code, text) = sync(directory.path(), &sandbox);
    assert_eq!(code, 4, "{text}");
    sandbox.set_outage(Outage::Telemetry, None);
    let (code, text) = sync(directory.path(), &sandbox);
    assert_eq!(code, 0, "{text}");
    assert_eq!(files(directory.path()), files(healthy.path()));
}

#[test]
fn a_later_outage_costs_nothing_that_was_loaded_before() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let summaries = || {
        let lines = files(directory.path()).1;
        lines.lines().filter(|line| line.contains(r#""summary":{"#)).count()
    };
    sandbox.set_outage(Outage::Telemetry, Some(503));
    sync(directory.path(), &sandbox);
    let loaded = summaries();
    assert!(loaded > 0);
    sandbox.set_outage(Outage::Summaries, Some(503));
    let (code, text) = sync(directory.path(), &sandbox);
    assert_eq!((code, summaries()), (4, loaded), "{text}");
}
