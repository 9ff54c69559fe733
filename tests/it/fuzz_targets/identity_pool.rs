//! Responses of the identity pool, and of the endpoint that takes signed requests.

use std::sync::{Arc, Mutex};

use otf_api::Host;
use otf_api::http::{HeaderValue, Method, header};
use serde_json::{Value, json};

use super::harness::{MARK, Net, check_error, client, failure, operation, reply, secret, status};
use super::script::Script;
use super::tree::body;

fn template(operation: Option<&str>) -> Value {
    match operation {
        Some("GetId") => json!({"IdentityId": "us-east-1:0000"}),
        Some("GetCredentialsForIdentity") => json!({"IdentityId": "us-east-1:0000", "Credentials": {
            "AccessKeyId": "AKIDEXAMPLE", "SecretKey": secret("aws"), "SessionToken": secret("aws-session"),
            "Expiration": 1_777_003_600.5,
        }}),
        _ => json!({"data": {}}),
    }
}

/// Signed calls end with a value or an error that shows no secret, within a few requests.
pub(crate) fn run(data: &[u8]) {
    let owned = Arc::new(Mutex::new(data.to_vec()));
    let net = Net::signed_in(move |request| {
        let mut bytes = owned.lock().unwrap();
        let mut script = Script::new(&bytes);
        let response = if script.byte() > 250 {
            Err(failure(&mut script))
        } else {
            let mut response = reply(status(&mut script, 200), Vec::new());
            if script.one_in(4)
                && let Ok(date) = HeaderValue::from_bytes(script.bytes())
            {
                response.headers_mut().insert(header::DATE, date);
            }
            *response.body_mut() = presentable(body(&template(operation(request)), &mut script));
            Ok(response)
        };
        let rest = script.rest().to_vec();
        *bytes = rest;
        response
    });
    let otf = client(&net);
    for _ in 0..2 {
        let request = otf.request(Method::GET, Host::Default, "/member/app-configurations").signed();
        assert!(!format!("{request:?}").contains(MARK));
        if let Err(error) = request.send() {
            check_error(&error);
        }
        let sent = net.take();
        assert!(sent.len() <= 24, "{sent:?}");
    }
}

/// The body, unless it has a secret as the message of an error: nobody could tell it from one.
fn presentable(body: Vec<u8>) -> Vec<u8> {
    let read: Value = serde_json::from_slice(&body).unwrap_or_default();
    let names = ["__type", "message", "Message", "code", "error", "errorMessage"];
    let is_secret =
        names.iter().any(|name| read.get(name).is_some_and(|value| value.to_string().contains(MARK)));
    if is_secret { Vec::new() } else { body }
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = vec![("all-well".to_owned(), vec![0])];
    for place in 0..3_u8 {
        for (name, bytes) in [
            ("refused", vec![0, 100, 3, 0, 0, 0]),
            ("cut", vec![0, 0, 0, 5, 0, 0, 0, 40]),
            ("mutated", vec![0, 0, 0, 0, 3, place, 1, 4]),
            ("no-connection", vec![255, place]),
        ] {
            let before = vec![0; usize::from(place) * 5];
            seeds.push((format!("{name}-{place}"), [before, bytes].concat()));
        }
    }
    seeds
}
