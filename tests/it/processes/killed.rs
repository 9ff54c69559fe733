//! Processes that are killed or stopped in the middle of their work.

use std::time::{Duration, Instant};

use otf_api::sandbox::PAT;
use otf_api::{FileStore, Store};
use serde_json::{Value, json};

use super::{expire, list, sign_in_long_ago, without_password};
use crate::children::{self, Job, at, command, wait_until};
use crate::support::sandbox;

const KEYS: [&str; 3] = ["accounts/a/tokens.json", "accounts/a/device.json", "last-account.json"];

/// Writes values of all sizes, each of which can be told to be whole.
pub(super) fn write_without_end() {
    let store = children::store();
    let start: u64 = children::given("OTF_TEST_FROM").parse().unwrap();
    children::say("ready");
    for number in start.. {
        let fill = "x".repeat((number as usize * 997) % 20_000);
        let value = json!({"number": number, "length": fill.len(), "fill": fill});
        for key in KEYS {
            store.write(key, value.to_string().as_bytes()).unwrap();
        }
        if number == start + 9 {
            children::say("under way");
        }
    }
}

/// Refreshes at each turn, because its tokens expire when they arrive.
pub(super) fn refresh_without_end() {
    children::say("ready");
    loop {
        children::builder().login().unwrap();
    }
}

#[test]
fn store_is_intact_after_each_kill() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    let mut last = 0;
    let mut writes = 0;
    for round in 0..12 {
        let mut command = command("processes write");
        command.env("OTF_TEST_STORE", directory.path()).env("OTF_TEST_FROM", (last + 1).to_string());
        let mut job = Job::start(&mut command);
        job.wait_until_ready();
        assert_eq!(job.next().as_deref(), Some("under way"));
        std::thread::sleep(Duration::from_millis(round * 3 % 17));
        job.kill();
        let numbers = KEYS.map(|key| {
            let bytes = store.read(key).unwrap().expect("a value");
            let value: Value = serde_json::from_slice(&bytes).expect("whole");
            let fill = value["fill"].as_str().unwrap();
            assert_eq!(fill.len() as u64, value["length"].as_u64().unwrap());
            value["number"].as_u64().unwrap()
        });
        assert!(numbers[0] > last && numbers.iter().all(|number| numbers[0] - number <= 1), "{numbers:?}");
        writes += (numbers[0] - last) * 3;
        last = numbers[0];
    }
    assert!(writes > 200, "only {writes} writes");
    // At most one half-written file was left each time, none counts as a value, and they can be cleared.
    assert_eq!(store.keys("").unwrap().len(), KEYS.len());
    store.clear().unwrap();
    let left = walk(directory.path());
    assert!(left.is_empty(), "{left:?}");
}

fn walk(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn session_survives_each_kill() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    sign_in_long_ago(&sandbox, &store, &PAT);
    sandbox.set_token_lifetime(Duration::ZERO);
    for round in 0..8 {
        let mut job = Job::start(at(&mut command("processes refresh"), &sandbox, directory.path()));
        job.wait_until_ready();
        let before = sandbox.count_operation("InitiateAuth");
        wait_until("a refresh", || sandbox.count_operation("InitiateAuth") > before + 1);
        std::thread::sleep(Duration::from_millis(round * 5 % 23));
        job.kill();
        // The lock of the dead is free, and its tokens are whole.
        let started = Instant::now();
        sandbox.set_token_lifetime(Duration::from_secs(3600));
        let otf = without_password(&sandbox, &store).login().unwrap();
        list(&otf).unwrap();
        assert!(started.elapsed() < Duration::from_secs(5));
        expire(&sandbox, &otf);
    }
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "no password was needed");
}

#[cfg(unix)]
#[test]
fn stopped_lock_holder_delays_others_by_lock_wait_at_most() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    sign_in_long_ago(&sandbox, &store, &PAT);
    // It is stopped while it has the lock and waits for a response that does not come.
    sandbox.fault(otf_api::sandbox::Fault::stall().on_operation("InitiateAuth"));
    let mut job = Job::start(at(&mut command("processes refresh"), &sandbox, directory.path()));
    job.wait_until_ready();
    wait_until("the refresh", || sandbox.count_operation("InitiateAuth") == 1);
    signal("STOP", &job);

    let wait = Duration::from_millis(150);
    let started = Instant::now();
    let otf = without_password(&sandbox, &store).lock_wait(wait).login().unwrap();
    let took = started.elapsed();
    assert!(took >= wait && took < Duration::from_secs(5), "{took:?}");
    list(&otf).unwrap();
    assert_eq!(otf.member_uuid().as_str(), PAT.member_uuid);
    job.kill();
}

#[cfg(unix)]
fn signal(name: &str, job: &Job) {
    let id = job.id().to_string();
    let status = std::process::Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap();
    assert!(status.success());
}
