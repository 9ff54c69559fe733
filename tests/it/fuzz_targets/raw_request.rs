//! Raw requests: method, path, query and headers.

use std::sync::{Arc, Mutex};

use otf_api::http::Method;
use otf_api::{Endpoints, Error, Host, Otf};

use super::harness::{MARK, Net, builder, check_error, reply, secret};
use super::script::Script;
use super::seeds::text;
use otf_api::auth::Session;

/// A request reaches exactly the path that was asked for, on the host that was asked for, or is refused before anything
/// is sent.
pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    let (method, path) = (script.text(), script.text());
    let pairs: Vec<_> = (0..script.below(4)).map(|_| (script.text(), script.text())).collect();
    let header = script.text();
    let Ok(method) = Method::from_bytes(method.as_bytes()) else { return };

    let seen = Arc::new(Mutex::new(Vec::new()));
    let net = Net::signed_in({
        let seen = Arc::clone(&seen);
        move |request| {
            seen.lock().unwrap().push(request.uri().clone());
            Ok(reply(200, "{}"))
        }
    });
    let otf = client(&net);
    let mut request = otf.request(method.clone(), Host::Default, &path).header("koji-member-id", header);
    for (name, value) in &pairs {
        request = request.query(name, value);
    }
    assert!(!format!("{request:?}").contains(MARK));
    match request.send() {
        Err(error @ Error::InvalidInput { .. }) => {
            check_error(&error);
            assert_eq!(net.take(), [""; 0], "sent in spite of {error}");
        }
        Err(error) => check_error(&error),
        Ok(_) => {}
    }
    for uri in seen.lock().unwrap().iter() {
        assert_eq!(uri.host(), Some("127.0.0.1"), "{uri}");
        assert_eq!(uri.path(), path, "{uri}");
        let query = uri.query().unwrap_or_default();
        assert_eq!(query.split('&').filter(|pair| !pair.is_empty()).count(), pairs.len(), "{uri}");
        for ((name, value), sent) in pairs.iter().zip(query.split('&')) {
            let (sent_name, sent_value) = sent.split_once('=').unwrap();
            assert_eq!((decoded(sent_name), decoded(sent_value)), (name.clone(), value.clone()), "{uri}");
        }
    }
}

fn client(net: &Net) -> Otf {
    let endpoints = Endpoints::at("http://127.0.0.1:9").unwrap();
    let session = Session::from_refresh_token(secret("refresh"), None);
    let otf = builder(net).endpoints(endpoints).session(session).login().unwrap();
    net.take();
    otf
}

/// Percent-encoding (RFC 3986, section 2.1), undone by another program than the crate's.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        let (byte, left) = if *first == b'%' { (hex.unwrap(), &after[2..]) } else { (*first, after) };
        bytes.push(byte);
        rest = left;
    }
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (index, (method, path)) in [
        ("GET", "/member/app-configurations"),
        ("POST", "/v1/bookings/me"),
        ("get", "/v1//x"),
        ("PATCH", "/a/../b"),
        ("GET", "/a/%2e%2e/b"),
        ("GET", "//evil.example/x"),
        ("GET", "/@evil.example/"),
        ("GET", "x"),
        ("GET", "/x?y"),
        ("GET", "/x#y"),
        ("GET", "/x y"),
        ("TRACE", "/ü"),
        ("CONNECT", "/\\x"),
    ]
    .into_iter()
    .enumerate()
    {
        let pairs = [vec![2], text("a b"), text("&=%?"), text("ü"), text("")].concat();
        seeds.push((format!("request-{index}"), [text(method), text(path), pairs, text("m0")].concat()));
    }
    seeds
}
