//! At trace level ureq would write tokens to the log.

use std::process::Stdio;

use otf_api::http::Request;
use otf_api::{Transport, UreqTransport};

use crate::children::{command, say};
use crate::support::{builder, sandbox};

/// ureq logs 16 bytes a line, so the word is often in one.
const TOKEN: &str = "Bearer t0k3n-t0k3n-t0k3n-t0k3n-t0k3n-t0k3n";

/// The job: requests with a token, by a program whose log is set by the environment.
pub(super) fn log_everything() {
    env_logger::init();
    let sandbox = sandbox();
    let request = || {
        let url = format!("{}/x", sandbox.url());
        Request::get(url).header("authorization", TOKEN).body(Vec::new()).unwrap()
    };
    match UreqTransport::default().send(&request()) {
        Ok(response) => say(format!("sent: {}", response.status())),
        Err(error) => say(format!("{:?}: {error}", error.kind())),
    }
    let login = builder(&sandbox).login().map(drop);
    say(login.map_or_else(|error| error.to_string(), |()| "signed in".to_owned()));
    say(format!("{} requests", sandbox.requests().len()));
    if std::env::var_os("OTF_TEST_ALLOW").is_some() {
        let allowed = UreqTransport::builder().allow_trace_logging(true).build().unwrap();
        say(format!("allowed: {}", allowed.send(&request()).is_ok()));
        let login = builder(&sandbox).allow_trace_logging(true).login();
        say(format!("allowed login: {}", login.is_ok()));
    }
}

/// What a process with this `RUST_LOG` says, and its log.
fn run(rust_log: &str, allow: bool) -> (String, String) {
    let mut command = command("network trace");
    command.env("RUST_LOG", rust_log).stdin(Stdio::null());
    if allow {
        command.env("OTF_TEST_ALLOW", "1");
    }
    let output = command.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
    (stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn nothing_is_sent_while_the_log_would_show_tokens() {
    for rust_log in ["trace", "ureq=trace", "ureq_proto=trace", "ureq_proto::util=trace"] {
        let (said, log) = run(rust_log, false);
        assert!(said.contains("@Misconfigured: nothing was sent"), "{rust_log}: {said}");
        assert!(said.contains("RUST_LOG=trace,ureq=debug,ureq_proto=debug"), "{rust_log}: {said}");
        assert!(said.contains("@0 requests"), "{rust_log}: {said}");
        assert!(!log.contains("t0k3n"), "{rust_log}");
    }
}

#[test]
fn log_settings_in_the_error_work() {
    for rust_log in ["trace,ureq=debug,ureq_proto=debug", "debug", "otf_api=trace", "off"] {
        let (said, log) = run(rust_log, false);
        assert!(said.contains("@sent: ") && said.contains("@signed in"), "{rust_log}: {said}");
        assert!(!log.contains("t0k3n"), "{rust_log}: {log}");
    }
}

#[test]
fn trace_logging_can_be_allowed() {
    let (said, log) = run("trace", true);
    assert!(said.contains("@allowed: true") && said.contains("@allowed login: true"), "{said}");
    // The reason for the rule.
    assert!(log.contains("t0k3n"), "ureq logs no tokens any more");
}
