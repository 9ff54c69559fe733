//! Requests to endpoints without a method of their own.

use otf_api::http::Method;
use otf_api::sandbox::{Fault, PAT};
use otf_api::{Error, Host};
use serde_json::Value;

use super::support::{chain, client, sandbox, seen};

#[test]
fn raw_request_has_sign_in_retries_and_errors() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    sandbox.expire_tokens();
    sandbox.fault(Fault::status(503).on("GET", "/v1/classes"));
    let studio = otf.home_studio_uuid().unwrap().clone();
    let json = otf
        .request(Method::GET, Host::Io, "/v1/classes")
        .query("studio_ids", studio.as_str())
        .send()
        .unwrap();
    assert!(!json["items"].as_array().unwrap().is_empty());
    for (body, value) in [("null", Value::Null), ("\"\"", "".into()), ("[null]", vec![Value::Null].into())] {
        for method in [Method::GET, Method::PUT] {
            sandbox.fault(Fault::status(200).body(body).on(method.as_str(), "/v1/classes"));
            assert_eq!(otf.request(method, Host::Io, "/v1/classes").send().unwrap(), value);
        }
    }
    let missing = otf.request(Method::GET, Host::Default, "/mobile/v1/studios/none").send().unwrap_err();
    assert!(missing.is_not_found());
    for path in ["v1", "/v1?x=1", "/v1/../x", "/v 1", "/v1#x"] {
        let error = otf.request(Method::GET, Host::Io, path).send().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { .. }), "{path}: {error:?}");
    }
}

#[test]
fn errors_contain_no_query_string() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    sandbox.fault(Fault::status(500).on("GET", "/otfmailing/v2/preferences").always());
    let error = otf
        .request(Method::GET, Host::Default, "/otfmailing/v2/preferences")
        .query("email", PAT.email)
        .send()
        .unwrap_err();
    assert!(!chain(&error).contains("pat") && !format!("{error:?}").contains("pat"), "{error:?}");
}

#[test]
fn raw_request_refuses_invalid_input_before_sending() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    seen(&sandbox);
    for method in ["CONNECT", "TRACE", "BOOK", "post"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let error = otf.request(method.clone(), Host::Io, "/v1/classes").send().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "method", .. }), "{method}: {error:?}");
    }
    let post = || otf.request(Method::POST, Host::Io, "/v1/bookings/me");
    for request in [post().header("a b", "c"), post().header("x", "line\nbreak")] {
        let error = request.send().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "header", .. }), "{error:?}");
    }
    assert_eq!(seen(&sandbox), [""; 0]);
}

#[test]
fn empty_response_is_not_found() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    for fault in [Fault::no_content(), Fault::status(200).body("")] {
        sandbox.fault(fault.on("GET", "/mobile/v1/studios/*"));
        let error = otf.request(Method::GET, Host::Default, "/mobile/v1/studios/x").send().unwrap_err();
        assert!(error.is_not_found() && error.status() == Some(404), "{error:?}");
    }
}
