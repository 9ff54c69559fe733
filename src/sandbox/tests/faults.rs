//! What goes wrong on order goes wrong as ordered.

use std::io::{ErrorKind, Read as _};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Client;
use super::sign_in::{begin, sign_in};
use crate::sandbox::{Fault, Outage, PAT, Sandbox};

const KEYS: &str = "/.well-known/jwks.json";

/// All that comes back until the end of the connection, and how it ended.
fn raw(sandbox: &Sandbox) -> (Vec<u8>, Option<ErrorKind>) {
    let mut client = Client::new(sandbox);
    client.send(&format!("GET {KEYS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    let mut bytes = Vec::new();
    let end = client.0.read_to_end(&mut bytes).err().map(|error| error.kind());
    (bytes, end)
}

fn body(response: &[u8]) -> &[u8] {
    let start = response.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    &response[start + 4..]
}

#[test]
fn status_faults_match_method_path_and_count() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let mut get = |path: &str| client.request("GET", path, &[], "").unwrap();
    sandbox.fault(Fault::status(503).header("Retry-After", "7").on("GET", KEYS).skip(1).times(2));
    assert_eq!(get(KEYS).status, 200);
    assert_eq!(get("/us-east-1_dYDxUeyL1/.well-known/jwks.json").status, 200);
    for _ in 0..2 {
        let response = get(KEYS);
        assert_eq!((response.status, response.header("retry-after")), (503, Some("7")));
    }
    assert_eq!(get(KEYS).status, 200);

    sandbox.fault(Fault::status(418).body("<p>").header("Content-Type", "text/html").always());
    for _ in 0..3 {
        let response = get("/anything");
        assert_eq!((response.status, response.body.as_slice()), (418, b"<p>".as_slice()));
    }
    sandbox.clear_faults();
    assert_eq!(get(KEYS).status, 200);
    let statuses: Vec<_> = sandbox.requests().iter().map(|request| request.status.unwrap()).collect();
    assert_eq!(statuses, [200, 200, 503, 503, 200, 418, 418, 418, 200]);
}

#[test]
fn cognito_faults_match_an_operation() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    sandbox.fault(
        Fault::cognito("TooManyRequestsException", "Slow down").on_operation("RespondToAuthChallenge"),
    );
    let refused = sign_in(&mut client, PAT.email, PAT.password, None).unwrap_err();
    assert_eq!(refused, ("TooManyRequestsException".to_owned(), "Slow down".to_owned()));
    sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
}

#[test]
fn reset_faults_reset_before_or_after_the_handler() {
    let sandbox = Sandbox::start().unwrap();
    for (fault, ran) in [(Fault::reset_before(), false), (Fault::reset_after(), true)] {
        let device = sandbox.issue_tokens(PAT.email);
        sandbox.fault(fault.on_operation("ForgetDevice"));
        let headers = [
            ("Content-Type", "application/x-amz-json-1.1"),
            ("X-Amz-Target", "AWSCognitoIdentityProviderService.ForgetDevice"),
        ];
        let forget = json!({"AccessToken": device.access_token.expose(), "DeviceKey": device.device_key});
        let error = Client::new(&sandbox).request("POST", "/", &headers, &forget.to_string()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert_eq!(sandbox.requests().last().unwrap().status, None);
        assert_eq!(Client::new(&sandbox).idp("ForgetDevice", &forget).is_err(), ran);
    }
}

#[test]
fn close_faults_do_not_reset() {
    let sandbox = Sandbox::start().unwrap();
    for fault in [Fault::close_before(), Fault::close_after()] {
        sandbox.fault(fault);
        assert_eq!(raw(&sandbox), (Vec::new(), None));
    }
}

#[test]
fn body_faults_truncate_edit_and_replace_responses() {
    let sandbox = Sandbox::start().unwrap();
    let (good, _) = raw(&sandbox);
    let whole = body(&good).to_vec();

    sandbox.fault(Fault::truncate(10));
    assert_eq!(body(&raw(&sandbox).0), &whole[..10]);
    sandbox.fault(Fault::content_length(5));
    let (response, _) = raw(&sandbox);
    assert!(String::from_utf8_lossy(&response).contains("content-length: 5\r\n"));
    assert_eq!(body(&response), whole);
    sandbox.fault(Fault::empty());
    assert_eq!(body(&raw(&sandbox).0), b"");
    sandbox.fault(Fault::garbage());
    assert!(raw(&sandbox).0.starts_with(b"\x16\x03\x01"));
    sandbox.fault(Fault::garbage_body());
    assert!(serde_json::from_slice::<Value>(body(&raw(&sandbox).0)).is_err());
    sandbox.fault(Fault::huge(3_000_000));
    let (response, _) = raw(&sandbox);
    assert_eq!(body(&response).len(), 3_000_000);
    assert!(serde_json::from_slice::<Value>(body(&response)).unwrap()["data"].is_string());
    sandbox.fault(Fault::huge_headers(100_000));
    assert!(raw(&sandbox).0.len() > 100_000);
    sandbox.fault(Fault::nested(1000));
    assert_eq!(body(&raw(&sandbox).0).len(), 2000);
    sandbox.fault(Fault::redirect("http://example.invalid/"));
    let (response, _) = raw(&sandbox);
    assert!(response.starts_with(b"HTTP/1.1 302 Found\r\n"));
    assert!(String::from_utf8_lossy(&response).contains("Location: http://example.invalid/\r\n"));
    sandbox.fault(Fault::edit(|json| json["keys"] = Value::Null));
    assert_eq!(body(&raw(&sandbox).0), br#"{"keys":null}"#);
}

#[test]
fn delay_and_drip_faults_slow_responses_down() {
    let sandbox = Sandbox::start().unwrap();
    let (good, _) = raw(&sandbox);
    let timed = || {
        let begun = Instant::now();
        (raw(&sandbox).0, begun.elapsed())
    };
    let wait = Duration::from_millis(30);
    sandbox.fault(Fault::delay(wait));
    let (response, took) = timed();
    assert_same(&response, &good);
    assert!(took >= wait);
    sandbox.set_latency(wait);
    assert!(timed().1 >= wait);
    sandbox.set_latency(Duration::ZERO);

    let step = Duration::from_millis(5);
    for fault in [Fault::drip(good.len() / 5, step), Fault::drip_body(body(&good).len() / 5, step)] {
        sandbox.fault(fault);
        let (response, took) = timed();
        assert_same(&response, &good);
        assert!(took >= step * 5, "{took:?}");
    }
}

/// The same response, be its date the next second's.
fn assert_same(response: &[u8], good: &[u8]) {
    assert_eq!((response.len(), body(response)), (good.len(), body(good)));
}

#[test]
fn stall_faults_last_until_either_side_closes() {
    let sandbox = Sandbox::start().unwrap();
    let (good, _) = raw(&sandbox);
    sandbox.fault(Fault::stall());
    sandbox.fault(Fault::stall_body());
    for expected in [0, good.len() - body(&good).len().div_ceil(2)] {
        let mut client = Client::new(&sandbox);
        client.send(&format!("GET {KEYS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        let mut bytes = vec![0; expected];
        client.0.read_exact(&mut bytes).unwrap();
        if expected > 0 {
            assert!(body(&good).starts_with(body(&bytes)));
        }
        client.0.set_read_timeout(Some(Duration::from_millis(40))).unwrap();
        let silence = client.0.read(&mut [0]).unwrap_err().kind();
        assert!(matches!(silence, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{silence}");
    }
}

#[test]
fn dropping_the_sandbox_ends_every_connection_at_once() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.fault(Fault::stall().on("GET", "/stall"));
    sandbox.fault(Fault::delay(Duration::from_secs(600)).on("GET", "/delay"));
    sandbox.fault(Fault::drip(1, Duration::from_secs(600)).on("GET", "/drip"));
    sandbox.fault(Fault::huge(1 << 40).on("GET", "/huge"));
    let mut idle = Client::new(&sandbox);
    begin(&mut idle, PAT.email, None).unwrap();
    let _busy: Vec<_> = ["/stall", "/delay", "/drip", "/huge"]
        .map(|path| {
            let mut client = Client::new(&sandbox);
            client.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            client
        })
        .into();
    let mut half = Client::new(&sandbox);
    half.send("GET / HT");
    while sandbox.requests().len() < 5 {
        std::thread::yield_now();
    }
    let begun = Instant::now();
    drop(sandbox);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(idle.0.read(&mut [0]).unwrap_or(0), 0);
}

#[test]
fn faults_can_count_each_path_by_itself() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let mut get = |path: &str| client.request("GET", path, &[], "").unwrap().status;
    sandbox.fault(Fault::no_content().on("GET", "/v1/*").per_path());
    let seen = ["/v1/a", "/v1/b", "/v1/a", "/v1/b", "/v1/c"].map(&mut get);
    assert_eq!(seen, [204, 204, 401, 401, 204]);
    sandbox.clear_faults();
    sandbox.fault(Fault::null().on("GET", "/v1/*").per_path().skip(1).times(2));
    let seen = ["/v1/a", "/v1/a", "/v1/a", "/v1/a", "/v1/b", "/v1/b"].map(&mut get);
    assert_eq!(seen, [401, 200, 200, 401, 401, 200]);
}

#[test]
fn outages_last_until_they_are_cleared() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let mut get = |path: &str| client.request("GET", path, &[], "").unwrap().status;
    sandbox.set_outage(Outage::Telemetry, 503);
    sandbox.set_outage(Outage::Summaries, 403);
    let paths = [
        "/v1/performance/summary",
        "/v1/physVars/maxHr/history",
        "/v1/performance-summaries/x",
        "/v1/classes",
    ];
    assert_eq!(paths.map(&mut get), [503, 503, 403, 401]);
    sandbox.set_outage(Outage::Telemetry, None);
    assert_eq!(paths.map(&mut get), [401, 401, 403, 401]);
}
