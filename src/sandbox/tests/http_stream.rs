//! HTTP as it comes from all kinds of clients.

use std::io::Read as _;

use serde_json::json;

use super::client::Client;
use crate::sandbox::{PAT, Sandbox};

const KEYS: &str = "/.well-known/jwks.json";

#[test]
fn requests_are_recorded_as_received() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let target = "/v1/classes%2F1?studio_ids=a&studio_ids=b%20c+d&empty&x=%C3%A9";
    client.request("PUT", target, &[("X-Test", " two  words ")], r#"{"a":1}"#).unwrap();
    let [request] = sandbox.requests().try_into().unwrap();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("PUT", "/v1/classes%2F1"));
    let query: Vec<(&str, &str)> = request.query.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(query, [("studio_ids", "a"), ("studio_ids", "b c d"), ("empty", ""), ("x", "é")]);
    assert_eq!(request.query("x"), Some("é"));
    assert_eq!(request.header("x-test"), Some("two  words"));
    assert_eq!(request.json(), json!({"a": 1}));
    assert_eq!((request.status, request.connection), (Some(401), 1));
    assert!(!format!("{request:?}").contains("words"));
    sandbox.clear_requests();
    assert!(sandbox.requests().is_empty());
}

#[test]
fn bodies_come_with_a_length_or_in_chunks() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    client.send("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n1\r\n \r\n");
    client.send("5\r\nworld\r\n0\r\nTrailer: x\r\n\r\n");
    assert_eq!(client.read().unwrap().status, 401);
    client.send("POST /y HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assert_eq!(client.read().unwrap().status, 100);
    client.send("abc");
    assert_eq!(client.read().unwrap().status, 401);
    let bodies: Vec<_> = sandbox.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, [b"hello world".to_vec(), b"abc".to_vec()]);
}

#[test]
fn requests_may_be_pipelined_or_have_absolute_targets() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    client.send(&format!("GET {KEYS} HTTP/1.1\r\n\r\nGET http://example.com{KEYS} HTTP/1.1\r\n\r\n"));
    assert_eq!(client.read().unwrap().body, client.read().unwrap().body);
    assert_eq!(sandbox.count("GET", KEYS), 2);
}

#[test]
fn head_responses_have_no_body_and_http_1_0_connections_close() {
    let sandbox = Sandbox::start().unwrap();
    for (request, ends_with_head) in [
        (format!("HEAD {KEYS} HTTP/1.1\r\nConnection: close\r\n\r\n"), true),
        (format!("GET {KEYS} HTTP/1.0\r\n\r\n"), false),
    ] {
        let mut client = Client::new(&sandbox);
        client.send(&request);
        let mut response = String::new();
        client.0.read_to_string(&mut response).unwrap();
        assert_eq!(response.ends_with("\r\n\r\n"), ends_with_head, "{response}");
    }
}

#[test]
fn malformed_requests_are_refused() {
    let sandbox = Sandbox::start().unwrap();
    let many = "x: y\r\n".repeat(200);
    let long = "x".repeat(70_000);
    for (request, status) in [
        ("hello\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n".to_owned(), 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_owned(), 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n".to_owned(), 413),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n".to_owned(), 413),
        (format!("GET / HTTP/1.1\r\n{many}\r\n"), 431),
        (format!("GET / HTTP/1.1\r\nx: {long}\r\n\r\n"), 431),
    ] {
        let mut client = Client::new(&sandbox);
        client.send(&request);
        assert_eq!(client.read().unwrap().status, status, "{}", &request[..request.len().min(80)]);
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn unknown_operations_and_content_types_are_refused() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let (kind, message) = client.idp("AdminDeleteEverything", &json!({})).unwrap_err();
    assert_eq!(kind, "UnknownOperationException");
    assert!(message.contains("AdminDeleteEverything"), "{message}");
    assert_eq!(sandbox.unknown_routes().len(), 1);
    let headers = [("X-Amz-Target", "AWSCognitoIdentityProviderService.GetUser")];
    assert_eq!(
        client.request("POST", "/", &headers, "{}").unwrap().json()["__type"],
        "SerializationException"
    );
}

#[test]
#[should_panic(expected = "GET /nowhere")]
fn assert_no_unknown_routes_panics_on_one() {
    let sandbox = Sandbox::start().unwrap();
    let token = sandbox.issue_tokens(PAT.email).id_token;
    Client::new(&sandbox).get("/nowhere", token.expose());
    sandbox.assert_no_unknown_routes();
}

#[test]
#[should_panic(expected = "no account nobody@example.com")]
fn control_methods_panic_on_unknown_accounts() {
    Sandbox::start().unwrap().unlock("nobody@example.com");
}

#[test]
fn the_same_seed_repeats_a_run() {
    let run = || {
        let sandbox = Sandbox::builder().seed([7; 32]).start().unwrap();
        let tokens = sandbox.issue_tokens(PAT.email);
        let added = sandbox.add_account("added@example.com", "Password-1");
        (tokens.device_key, tokens.refresh_token.expose().to_owned(), added.member_uuid)
    };
    assert_eq!(run(), run());
}
