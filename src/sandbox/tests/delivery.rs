//! Compressed and throttled responses.

use std::io::Read as _;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;

use super::client::Client;
use crate::sandbox::{Fault, Sandbox};

const KEYS: &str = "/.well-known/jwks.json";
const GZIP: (&str, &str) = ("Accept-Encoding", "deflate, gzip;q=0.5");

fn decoded(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    GzDecoder::new(body).read_to_end(&mut decoded)?;
    Ok(decoded)
}

#[test]
fn responses_are_compressed_for_clients_that_accept_it() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let plain = client.request("GET", KEYS, &[], "").unwrap();
    assert_eq!(plain.header("content-encoding"), None);
    let compressed = client.request("GET", KEYS, &[GZIP], "").unwrap();
    assert_eq!(compressed.header("content-encoding"), Some("gzip"));
    assert!(compressed.body.len() < plain.body.len());
    assert_eq!(decoded(&compressed.body).unwrap(), plain.body);
    let refused = client.request("GET", KEYS, &[("Accept-Encoding", "gzip;q=0")], "").unwrap();
    assert_eq!(refused.body, plain.body);
    let short = client.request("GET", "/v1/classes", &[GZIP], "").unwrap();
    assert_eq!(short.header("content-encoding"), None, "not worth it");
    sandbox.set_compression(false);
    assert_eq!(client.request("GET", KEYS, &[GZIP], "").unwrap().body, plain.body);
}

#[test]
fn bad_gzip_comes_on_request() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let mut get = || client.request("GET", KEYS, &[], "").unwrap();
    sandbox.fault(Fault::truncate_gzip(40));
    let cut = get();
    assert_eq!((cut.body.len(), cut.header("content-encoding")), (40, Some("gzip")));
    assert!(decoded(&cut.body).is_err());
    sandbox.fault(Fault::corrupt_gzip());
    assert!(decoded(&get().body).is_err());
    sandbox.fault(Fault::gzip_bomb(3 << 20));
    let bomb = get();
    assert!(bomb.body.len() < 20_000);
    assert_eq!(decoded(&bomb.body).unwrap().len(), (3 << 20) + 2);
}

#[test]
fn bandwidth_limits_every_response_until_it_is_lifted() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.set_bandwidth(4_000);
    let mut client = Client::new(&sandbox);
    let timed = |client: &mut Client| {
        let begun = Instant::now();
        let body = client.request("GET", KEYS, &[], "").unwrap().body.len();
        (begun.elapsed(), body)
    };
    let (slow, length) = timed(&mut client);
    assert!(slow >= Duration::from_secs_f64(length as f64 / 4_000.0), "{length} bytes in {slow:?}");
    sandbox.set_bandwidth(None);
    assert!(timed(&mut client).0 < slow);
}
