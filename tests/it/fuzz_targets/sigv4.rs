//! Signed requests: what is signed is accepted, and what was altered since is not.

use otf_api::Secret;
use otf_api::auth::sigv4::{self, AwsCredentials, Scope};
use otf_api::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use otf_api::jiff::Timestamp;

use super::harness::{MARK, now, secret};
use super::script::Script;
use super::seeds::{text, vectors};

const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::DELETE];

pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    let method = script.pick(&METHODS).clone();
    let url = script.text();
    let body = script.bytes().to_vec();
    let mut builder = Request::builder().method(method).uri(url);
    for _ in 0..script.below(5) {
        let (name, value) = (script.bytes(), script.bytes());
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) else {
            continue;
        };
        builder = builder.header(name, value);
    }
    let Ok(mut request) = builder.body(body) else { return };
    let session_token =
        script.one_in(2).then(|| Secret::new(script.text())).or_else(|| Some(secret("token").into()));
    let secret_key = Secret::new(secret(&script.text()));
    let access_key_id = if script.one_in(8) { script.text() } else { "AKIDEXAMPLE".to_owned() };
    let credentials = AwsCredentials { access_key_id, secret_key, session_token };
    let time = now()
        .checked_add(otf_api::jiff::SignedDuration::from_secs(i64::from(script.byte()) * 4_000))
        .unwrap();
    let Ok(headers) = sign(&request, &credentials, time) else { return };

    assert!(!format!("{headers:?} {credentials:?}").contains(MARK), "{headers:?}");
    let authorization = headers["authorization"].to_str().unwrap();
    assert_eq!(authorization.rsplit_once("Signature=").unwrap().1.len(), 64);
    assert_eq!(sign(&request, &credentials, time).unwrap(), headers);

    // A client replaces headers of the same name, so signing twice is as good as once.
    request.headers_mut().extend(headers.clone());
    assert_eq!(sign(&request, &credentials, time).unwrap(), headers);
    let verdict = verify(&request, &credentials, time);
    assert_eq!(verdict, Ok(()), "{request:?}");

    request.body_mut().push(b'x');
    assert!(verify(&request, &credentials, time).is_err(), "another body");
    request.body_mut().pop();
    let other = AwsCredentials { secret_key: Secret::new("another"), ..credentials.clone() };
    assert!(verify(&request, &other, time).is_err(), "another key");
    *request.method_mut() = Method::PATCH;
    assert!(verify(&request, &credentials, time).is_err(), "another method");
}

fn verify(
    request: &Request<Vec<u8>>,
    credentials: &AwsCredentials,
    time: otf_api::jiff::Timestamp,
) -> Result<(), String> {
    let AwsCredentials { access_key_id, secret_key, session_token, .. } = credentials;
    otf_api::sandbox::verify_signature(request, access_key_id, secret_key, session_token.as_ref(), time)
}

fn sign(
    request: &Request<Vec<u8>>,
    credentials: &AwsCredentials,
    time: Timestamp,
) -> Result<HeaderMap, sigv4::SigV4Error> {
    sigv4::sign(request, credentials, &Scope { region: "us-east-1", service: "execute-api" }, time)
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let vectors = vectors(include_str!("../../fixtures/vectors/sigv4.json"), "vectors");
    let seed = |vector: &serde_json::Value| {
        let field = |name: &str| vector[name].as_str().unwrap_or_default();
        let method = METHODS.iter().position(|method| method == field("method")).unwrap_or_default();
        let headers = vector["headers"].as_object().unwrap();
        let mut bytes =
            [&[u8::try_from(method).unwrap()], text(field("url")).as_slice(), &text(field("body"))].concat();
        bytes.push(u8::try_from(headers.len().min(4)).unwrap());
        for (name, value) in headers.iter().take(4) {
            bytes.extend([text(name), text(value.as_str().unwrap())].concat());
        }
        (field("id").to_owned(), bytes)
    };
    vectors
        .iter()
        .filter(|vector| vector["body"].as_str().is_none_or(|body| body.len() < 256))
        .map(seed)
        .collect()
}
