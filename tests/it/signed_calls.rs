//! Calls that are signed with AWS credentials.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use otf_api::http::Method;
use otf_api::jiff::SignedDuration;
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{Error, Host};

use super::support::{builder, chain, client, sandbox, seen};

#[test]
fn signed_endpoint_gets_credentials_once() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    seen(&sandbox);
    let config = || otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send();
    config().unwrap();
    config().unwrap();
    assert_eq!(
        seen(&sandbox),
        [
            "GetId",
            "GetCredentialsForIdentity",
            "GET /member/app-configurations",
            "GET /member/app-configurations"
        ]
    );
}

#[test]
fn signed_call_recovers_when_the_clock_is_corrected() {
    let sandbox = Sandbox::builder().strict_clock(true).start().unwrap();
    let ahead = Arc::new(AtomicI64::new(20));
    let (right, minutes) = (sandbox.clock(), Arc::clone(&ahead));
    let clock =
        move || right().checked_add(SignedDuration::from_mins(minutes.load(Ordering::Relaxed))).unwrap();
    let otf = builder(&sandbox).clock(clock).login().unwrap();
    let config = || otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send();
    for minutes in [20, 0, -20, 20, 0] {
        ahead.store(minutes, Ordering::Relaxed);
        config().unwrap_or_else(|error| panic!("{minutes}: {}", chain(&error)));
    }
}

#[test]
fn signed_call_gets_new_credentials_once_if_they_are_rejected() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let config = || otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send();
    config().unwrap();
    let rejected = Fault::status(403).body(r#"{"message": "The security token is expired"}"#);
    sandbox.fault(rejected.clone().on("GET", "/member/app-configurations"));
    seen(&sandbox);
    config().unwrap();
    let app = "GET /member/app-configurations";
    assert_eq!(seen(&sandbox), [app, "GetId", "GetCredentialsForIdentity", app]);
    sandbox.fault(rejected.on("GET", "/member/app-configurations").always());
    assert!(matches!(config(), Err(Error::Http { status: 403, .. })));
    assert_eq!(seen(&sandbox).len(), 4, "no more than once");
}

#[test]
fn signed_call_renews_a_rejected_id_token() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let expired = Fault::cognito("NotAuthorizedException", "Invalid login token. Token expired.");
    sandbox.fault(expired.on_operation("GetId"));
    seen(&sandbox);
    otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send().unwrap();
    let expected =
        ["GetId", "InitiateAuth", "GetId", "GetCredentialsForIdentity", "GET /member/app-configurations"];
    assert_eq!(seen(&sandbox), expected);
}
