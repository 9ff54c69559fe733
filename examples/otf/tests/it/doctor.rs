//! The diagnosis: each problem is named, with what to do about it.

use std::path::Path;

use otf_api::jiff::SignedDuration;
use otf_api::sandbox::Sandbox;
use serde_json::Value;

use super::support::{otf, texts};

/// The exit code, and each check with whether it is fine and what it says.
fn doctor(
    directory: &Path,
    arguments: &[&str],
    proxy: Option<&str>,
) -> (Option<i32>, Vec<(String, bool, String)>) {
    let mut command = otf(directory);
    command.args(["doctor", "--json"]).args(arguments);
    if let Some(proxy) = proxy {
        command.env("HTTPS_PROXY", proxy);
    }
    let output = command.output().unwrap();
    let (out, err) = texts(&output);
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    let check = |check: &Value| {
        let text = |name: &str| check[name].as_str().unwrap().to_owned();
        (text("check"), check["ok"].as_bool().unwrap(), text("text"))
    };
    (output.status.code(), report["checks"].as_array().unwrap().iter().map(check).collect())
}

fn problems(checks: &[(String, bool, String)]) -> Vec<&str> {
    checks.iter().filter(|(_, ok, _)| !ok).map(|(name, ..)| name.as_str()).collect()
}

fn text<'a>(checks: &'a [(String, bool, String)], name: &str) -> &'a str {
    &checks.iter().find(|(check, ..)| check == name).unwrap().2
}

#[test]
fn a_healthy_machine_has_no_problems() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["--server", &sandbox.url(), "--store", "tokens"];
    let (code, checks) = doctor(directory.path(), &arguments, None);
    assert_eq!((code, problems(&checks)), (Some(0), Vec::new()), "{checks:?}");
    let names: Vec<&str> = checks.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "store",
            "time zones",
            "proxy",
            "name resolution",
            "connection",
            "clock",
            "sign-in",
            "service",
            "tokens",
            "device"
        ]
    );
    if cfg!(unix) {
        assert!(text(&checks, "store").ends_with("mode 700"), "{checks:?}");
    }
}

#[test]
fn a_wrong_clock_is_named_with_the_seconds() {
    let sandbox = Sandbox::builder().clock_offset(SignedDuration::from_hours(1)).start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let (code, checks) = doctor(directory.path(), &["--server", &sandbox.url()], None);
    assert_eq!((code, problems(&checks)), (Some(1), vec!["clock"]), "{checks:?}");
    let text = text(&checks, "clock");
    let seconds: i64 = text.split(' ').next().unwrap().parse().unwrap();
    assert!((3590..=3610).contains(&seconds) && text.contains("behind"), "{text}");
}

#[test]
fn an_unreachable_service_and_a_missing_account_come_with_advice() {
    let directory = tempfile::tempdir().unwrap();
    let (code, checks) = doctor(directory.path(), &["--server", "http://127.0.0.1:1"], None);
    assert_eq!((code, problems(&checks)), (Some(1), vec!["connection", "sign-in"]), "{checks:?}");
    assert!(text(&checks, "connection").contains("firewall"), "{checks:?}");

    // Port 1 of this machine is no proxy, so nothing reaches the real service.
    let proxy = "http://127.0.0.1:1";
    let (code, checks) = doctor(directory.path(), &[], Some(proxy));
    assert_eq!((code, problems(&checks)), (Some(1), vec!["connection", "sign-in"]), "{checks:?}");
    assert_eq!(text(&checks, "proxy"), "set by HTTPS_PROXY");
    assert!(text(&checks, "connection").contains("127.0.0.1"), "{checks:?}");
    assert!(text(&checks, "sign-in").contains("otf login"), "{checks:?}");
}

#[test]
fn a_store_that_is_no_directory_is_named() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("tokens"), "").unwrap();
    let arguments = ["--server", &sandbox.url(), "--store", "tokens"];
    let (code, checks) = doctor(directory.path(), &arguments, None);
    assert_eq!((code, problems(&checks)), (Some(1), vec!["store"]), "{checks:?}");
    assert!(text(&checks, "store").contains("--store"), "{checks:?}");
}
