//! The program `shared_store` with a real Redis.

use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use otf_api::sandbox::{Fault, Rotation, Sandbox};
use redis::cmd;

use crate::redis_server::Redis;
use crate::runs::until;

fn command(redis: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shared_store"));
    command.env("REDIS_URL", redis).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn at(redis: &str, sandbox: &Sandbox) -> Command {
    let mut command = command(redis);
    command.arg(format!("--sandbox={}", sandbox.url()));
    command
}

/// What it printed, and its warnings.
fn succeeded(output: Output) -> (String, String) {
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{out}{err}");
    (out, err)
}

fn failed(output: Output) -> String {
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), err.lines().count()), (Some(1), 1), "{err}");
    err
}

#[test]
fn processes_share_one_refresh() {
    let Some(server) = Redis::start() else { return };
    let (out, err) = succeeded(command(&server.url()).arg("--sandbox").output().unwrap());
    for line in
        ["stay good: 16 processes, ", "rotate: 16 processes, ", "killed in its refresh: 16 processes, "]
    {
        assert!(out.contains(line), "{out}");
    }
    assert_eq!((out.matches(" 1 refresh").count(), err.as_str()), (3, ""));
    assert_eq!(server.ask::<usize>(&mut cmd("DBSIZE")), 0, "nothing is left");
}

#[test]
fn the_next_machine_needs_no_sign_in() {
    let Some(server) = Redis::start() else { return };
    let sandbox = Sandbox::start().unwrap();
    let (first, _) = succeeded(at(&server.url(), &sandbox).output().unwrap());
    assert!(first.contains("Orange"), "{first}");
    sandbox.clear_requests();
    let (second, warnings) = succeeded(at(&server.url(), &sandbox).output().unwrap());
    assert_eq!((second, warnings.as_str()), (first, ""));
    assert_eq!(sandbox.requests().len(), 1, "the bookings alone");
}

#[test]
fn a_server_that_is_down_costs_a_warning_and_a_sign_in() {
    let Some(mut server) = Redis::start() else { return };
    server.kill();
    let sandbox = Sandbox::start().unwrap();
    let (out, warnings) = succeeded(at(&server.url_with("swordfish"), &sandbox).output().unwrap());
    assert!(out.contains("Orange"), "{out}");
    assert!(warnings.contains("tokens.json can't be written to the store: Redis: "), "{warnings}");
    assert!(!warnings.contains("swordfish"), "{warnings}");
    // The proof can't do without.
    assert!(failed(command(&server.url()).arg("--sandbox").output().unwrap()).contains("Redis: "));
}

#[test]
fn a_server_that_goes_down_in_the_middle_of_a_refresh_costs_warnings() {
    let Some(mut server) = Redis::start() else { return };
    let sandbox = Sandbox::start().unwrap();
    succeeded(at(&server.url(), &sandbox).output().unwrap());
    sandbox.expire_tokens();
    sandbox.clear_requests();
    sandbox.fault(Fault::delay(Duration::from_millis(500)).on_operation("InitiateAuth"));
    let run = at(&server.url(), &sandbox).spawn().unwrap();
    until(|| sandbox.count_operation("InitiateAuth") == 1);
    server.kill();
    let (out, warnings) = succeeded(run.wait_with_output().unwrap());
    assert!(out.contains("Orange"), "{out}");
    assert!(warnings.contains("tokens.json can't be written to the store: Redis: "), "{warnings}");
    assert!(warnings.contains("the lock can't be released and has to expire: Redis: "), "{warnings}");
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "it was refreshed");
}

/// What no lease can rule out, at its worst: the token is spent, and there is no other one yet.
#[cfg(unix)]
#[test]
fn a_holder_that_is_stopped_past_its_lease_costs_a_sign_in_at_worst() {
    let Some(server) = Redis::start() else { return };
    let sandbox = Sandbox::start().unwrap();
    sandbox.rotate_refresh_tokens(Rotation::On);
    succeeded(at(&server.url(), &sandbox).output().unwrap());
    sandbox.expire_tokens();
    sandbox.clear_requests();
    sandbox.fault(Fault::drip(400, Duration::from_millis(300)).on_operation("InitiateAuth"));
    let holder = at(&server.url(), &sandbox).args(["--lease", "1"]).spawn().unwrap();
    until(|| sandbox.count_operation("InitiateAuth") == 1);
    let stopped = Stopped::new(holder.id());
    succeeded(at(&server.url(), &sandbox).output().unwrap());
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1);

    drop(stopped);
    let (_, warnings) = succeeded(holder.wait_with_output().unwrap());
    assert!(warnings.contains("the lock had expired before it was released"), "{warnings}");
    // What it has left last serves the next one.
    sandbox.expire_tokens();
    sandbox.clear_requests();
    succeeded(at(&server.url(), &sandbox).output().unwrap());
    assert_eq!(sandbox.count_operation("InitiateAuth"), 1, "a refresh");
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0);
}

/// A process that stands still until this is dropped.
#[cfg(unix)]
struct Stopped(u32);

#[cfg(unix)]
impl Stopped {
    fn new(id: u32) -> Self {
        Self::signal("-STOP", id);
        Self(id)
    }

    fn signal(name: &str, id: u32) {
        let status = Command::new("kill").args([name, &id.to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()) || thread::panicking());
    }
}

#[cfg(unix)]
impl Drop for Stopped {
    fn drop(&mut self) {
        Self::signal("-CONT", self.0);
    }
}

#[test]
fn a_url_in_the_wrong_place_is_not_repeated() {
    const URL: &str = "redis://:swordfish@127.0.0.1:1/";
    let output = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shared_store"));
        command.env_remove("REDIS_URL").args(arguments).output().unwrap()
    };
    for arguments in [
        &[URL][..],
        &["--name", "x", URL],
        &["--lease", URL],
        &["--processes", URL],
        &["--redis", "http://:swordfish@127.0.0.1/"],
        &["--redis", URL, "--sandbox"],
        &["--redis", URL, URL],
        &["--redis", URL, &format!("--no-such={URL}")],
        &["--sandbox", URL],
    ] {
        let err = failed(output(arguments));
        assert!(!err.contains("swordfish"), "{arguments:?}: {err}");
    }
    assert!(failed(output(&[])).contains("--redis is missing"));
}
