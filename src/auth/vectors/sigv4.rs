//! `sigv4.json`: signed requests.

use std::collections::BTreeMap;

use crate::Secret;
use crate::auth::sigv4::{AwsCredentials, Scope, SigV4Error, Signed};
use serde::Deserialize;

use super::{Arbitrary, bytes, read};

#[derive(Deserialize)]
struct File {
    vectors: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    tags: Vec<String>,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body_hex: String,
    access_key: String,
    secret_key: Secret,
    token: Option<Secret>,
    region: String,
    service: String,
    amz_date: String,
    canonical_request: String,
    string_to_sign: String,
    authorization: String,
    signed_headers_present: Vec<String>,
}

impl Case {
    fn sign(&self) -> Result<Signed, SigV4Error> {
        let mut request = http::Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let credentials = AwsCredentials {
            access_key_id: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            session_token: self.token.clone(),
        };
        let scope = Scope { region: &self.region, service: &self.service };
        let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", &self.amz_date).unwrap();
        let time = time.to_zoned_datetime(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        Signed::new(&request.body(bytes(&self.body_hex)).unwrap(), &credentials, &scope, time)
    }
}

#[test]
fn every_request() {
    let file: File = read("sigv4.json");
    let (mut signed, mut refused) = (0, 0);
    for case in &file.vectors {
        let name = format!("{} {:?}", case.id, case.tags);
        match (case.sign(), refusal(case)) {
            (Ok(result), None) => {
                check(&name, case, &result);
                signed += 1;
            }
            (Err(error), Some(reason)) => {
                assert_eq!(error, reason, "{name}");
                refused += 1;
            }
            (result, _) => panic!("{name}: {result:?}"),
        }
    }
    assert_eq!((signed, refused), (29, 3));
}

fn check(name: &str, case: &Case, signed: &Signed) {
    assert_eq!(signed.canonical_request.expose(), case.canonical_request, "{name}: canonical request");
    assert_eq!(signed.string_to_sign, case.string_to_sign, "{name}: string to sign");
    let signature = case.authorization.rsplit_once("Signature=").unwrap().1;
    assert_eq!(signed.signature, signature, "{name}: signature");

    let header = |name: &str| signed.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("authorization"), Some(case.authorization.as_str()), "{name}: authorization");
    assert_eq!(header("x-amz-date"), Some(case.amz_date.as_str()), "{name}: x-amz-date");
    assert_eq!(header("x-amz-security-token"), case.token.as_ref().map(Secret::expose), "{name}: token");
    for present in &case.signed_headers_present {
        let sent = signed.headers.contains_key(present)
            || case.headers.keys().any(|name| name.eq_ignore_ascii_case(present));
        assert!(sent, "{name}: {present}");
    }
}

/// The requests that botocore signs by one of several readings.
fn refusal(case: &Case) -> Option<SigV4Error> {
    match case.tags.last().unwrap().as_str() {
        "plus literal on the wire" => Some(SigV4Error::Query),
        "dot segments" => Some(SigV4Error::Path),
        "upper case host" => Some(SigV4Error::Host),
        _ => None,
    }
}

#[test]
fn arbitrary_requests_never_panic_and_keep_their_shape() {
    let file: File = read("sigv4.json");
    let mut arbitrary = Arbitrary(0x5167);
    for round in 0..4_000 {
        let case = &file.vectors[round % file.vectors.len()];
        let url = arbitrary.mangled(&case.url);
        let (region, header) = (arbitrary.mangled(&case.region), arbitrary.text(20));
        let Ok(request) = http::Request::get(&url).header("x-note", &header).body([]) else { continue };
        let credentials = AwsCredentials {
            access_key_id: arbitrary.mangled(&case.access_key),
            secret_key: case.secret_key.clone(),
            session_token: Some(arbitrary.text(20).into()),
        };
        let scope = Scope { region: &region, service: &case.service };
        if let Ok(signed) = Signed::new(&request, &credentials, &scope, jiff::Timestamp::UNIX_EPOCH) {
            // Method, path, query, four headers, the empty line, their names, the hash.
            assert_eq!(signed.canonical_request.expose().split('\n').count(), 10, "{signed:?}");
            assert_eq!(signed.string_to_sign.split('\n').count(), 4, "{signed:?}");
        }
    }
}
