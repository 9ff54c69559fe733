//! The archive: incremental, and repaired after an outage.

use std::fs;
use std::path::Path;

use otf_api::sandbox::{Outage, Sandbox};

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
