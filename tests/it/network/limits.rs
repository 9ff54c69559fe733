//! Limits at their extremes.

use std::time::Duration;

use otf_api::http::Request;
use otf_api::{Limits, Transport, TransportErrorKind};

use super::transport;
use crate::support::sandbox;

#[test]
fn longest_time_limits_do_not_panic() {
    let sandbox = sandbox();
    for time in [Duration::MAX, Duration::from_secs(u64::MAX), Duration::from_secs(u64::MAX / 4)] {
        let limits = Limits::default().timeout(time).connect_timeout(time).max_body_size(u64::MAX);
        let transport = transport().limits(limits).build().unwrap();
        for url in [sandbox.url(), sandbox.url().replace("127.0.0.1", "localhost")] {
            let request = Request::get(format!("{url}/x")).body(Vec::new()).unwrap();
            transport.send(&request).unwrap_or_else(|error| panic!("{time:?}: {error}"));
        }
    }
}

#[test]
fn zero_time_limit_is_a_timeout() {
    let server = crate::servers::Server::start(|mut socket| crate::servers::hang(&mut socket));
    let limits = Limits::default().timeout(Duration::ZERO).connect_timeout(Duration::ZERO);
    let transport = transport().limits(limits).build().unwrap();
    let request = Request::get(format!("http://{}/", server.address())).body(Vec::new()).unwrap();
    let kind = transport.send(&request).unwrap_err().kind();
    assert!(matches!(kind, TransportErrorKind::NotSent | TransportErrorKind::TimedOut), "{kind:?}");
}
