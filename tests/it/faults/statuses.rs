//! Responses that are odd but whole: their status, their `Retry-After`, and what comes behind them.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use otf_api::http::Method;
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{BookingQuery, ClassId, Endpoints, Error, Host, MemoryStore, Otf, RetryPolicy};

use super::hostile::Hostile;
use crate::support::{builder, client, pat, sandbox};

const LIST: &str = "/v1/bookings/me";

fn list(otf: &Otf) -> otf_api::Result<usize> {
    otf.bookings().list(&BookingQuery::new()).map(|bookings| bookings.len())
}

#[test]
fn each_status_has_its_typed_error() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    // 401 has a test of its own: it renews the token.
    let statuses: Vec<u16> =
        (200..1000).step_by(8).chain([303, 408, 418, 429, 499, 502, 504, 511, 599, 999]).collect();
    assert!(statuses.len() > 100, "{}", statuses.len());
    for status in statuses {
        sandbox.clear_requests();
        sandbox.fault(Fault::status(status).on("GET", LIST).always());
        let error = list(&otf).unwrap_err();
        let may_pass = status == 429 || status >= 500;
        assert_eq!(error.is_retryable(), may_pass, "{status}: {error:?}");
        assert_eq!(sandbox.count("GET", LIST), if may_pass { 4 } else { 1 }, "{status}");
        assert_eq!(error.is_not_found(), status == 404, "{status}");
        match (&error, status) {
            (Error::Decode { .. }, 200..300) | (Error::RateLimited { .. }, 429) => {}
            (Error::NotFound { .. }, 404) => {}
            (Error::Http { status: said, .. }, _) => assert_eq!(*said, status),
            _ => panic!("{status}: {error:?}"),
        }

        sandbox.fault(Fault::status(status).on("POST", LIST).always());
        let error = otf.bookings().book(ClassId::new("some-class")).unwrap_err();
        assert_eq!(sandbox.count("POST", LIST), 1, "{status}: a class is not booked twice");
        // What is no refusal, and two that mean that somebody stopped waiting.
        let in_doubt = !(400..500).contains(&status) || matches!(status, 408 | 499);
        assert_eq!(matches!(error, Error::OutcomeUnknown { .. }), in_doubt, "{status}: {error:?}");
        // A refusal may be tried again by the caller; what is in doubt may not.
        assert_eq!(error.is_retryable(), status == 429, "{status}: {error:?}");
        sandbox.clear_faults();
    }
    list(&otf).unwrap();
}

#[test]
fn each_status_of_the_user_pool_has_its_typed_error() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    for status in (300..1000).step_by(7) {
        sandbox.clear_requests();
        sandbox.fault(Fault::status(status).on_operation("InitiateAuth").always());
        let error = list(&otf).unwrap_err();
        let may_pass = status == 429 || status >= 500;
        assert_eq!(error.is_retryable(), may_pass, "{status}: {error:?}");
        assert_eq!(sandbox.count_operation("InitiateAuth"), if may_pass { 4 } else { 1 }, "{status}");
        sandbox.clear_faults();
    }
    list(&otf).unwrap();
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "the refresh token is still there");
}

#[test]
fn retry_after_is_always_bounded() {
    let date = |sandbox: &Sandbox, seconds: i64| {
        let time = sandbox.now() + otf_api::jiff::SignedDuration::from_secs(seconds);
        time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let sandbox = sandbox();
    let waited = Arc::new(Mutex::new(Vec::new()));
    let slept = Arc::clone(&waited);
    let retry = RetryPolicy::default().initial_delay(Duration::ZERO);
    let sleep = move |pause| slept.lock().unwrap().push(pause);
    let otf = builder(&sandbox).retry(retry).sleep(sleep).login().unwrap();
    let cases = [
        ("5".to_owned(), Some(4..=5)),
        (date(&sandbox, 15), Some(1..=15)),
        (date(&sandbox, -3600), Some(0..=0)),
        (date(&sandbox, 3600), None),
        ("18446744073709551615".to_owned(), None),
        ("-1".to_owned(), Some(0..=0)),
        ("1e3".to_owned(), Some(0..=0)),
        ("Wed, 31 Dec 9000 23:59:59 GMT".to_owned(), None),
        ("Mon, 99 Foo 2026 99:99:99 GMT".to_owned(), Some(0..=0)),
        ("5, 6".to_owned(), Some(0..=0)),
        ("a".repeat(10_000), Some(0..=0)),
    ];
    for (header, expected) in cases {
        sandbox.fault(Fault::status(429).header("Retry-After", &header).on("GET", LIST));
        let result = list(&otf);
        let waited = std::mem::take(&mut *waited.lock().unwrap());
        match expected {
            Some(seconds) => {
                result.unwrap_or_else(|error| panic!("{header:.40}: {error}"));
                assert_eq!(waited.len(), 1, "{header:.40}");
                assert!(seconds.contains(&waited[0].as_secs()), "{header:.40}: {waited:?}");
            }
            None => {
                assert!(matches!(result, Err(Error::RateLimited { .. })), "{header:.40}: {result:?}");
                assert!(waited.is_empty(), "{header:.40}: {waited:?}");
            }
        }
    }
}

/// What a server sends behind its response must not be taken for the response to the next request.
#[test]
fn surplus_response_is_not_used_for_the_next_request() {
    let server = Hostile::start(|socket| {
        let forged = "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"answer\":\"false\"}";
        write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{{\"answer\":\"true\" }}{forged}")?;
        super::hostile::stall(socket)
    });
    let sandbox = sandbox();
    let session = client(&sandbox).session().unwrap();
    let store = MemoryStore::new();
    // Signed in at the sandbox; only the endpoints are the other server's.
    let otf = Otf::builder()
        .endpoints(Endpoints::at(&sandbox.url()).unwrap().host(Host::Io, &server.url()).unwrap())
        .clock(sandbox.clock())
        .store(store)
        .sleep(|_| {})
        .session(session)
        .login()
        .unwrap();
    for _ in 0..3 {
        let reply = otf.request(Method::GET, Host::Io, "/x").send().unwrap();
        assert_eq!(reply["answer"], "true");
    }
    assert!(server.connections() >= 2, "a connection with something left on it is not used again");
}

/// A length that is too short leaves the rest of the body on the connection.
#[test]
fn rest_of_a_body_is_not_used_for_the_next_request() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let bookings = list(&otf).unwrap();
    sandbox.fault(Fault::content_length(9).on("GET", LIST));
    let error = list(&otf).unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(list(&otf).unwrap(), bookings);
}

/// Neither the bearer token nor anything else goes where a redirect points.
#[test]
fn no_call_follows_redirects() {
    let (sandbox, elsewhere) = (sandbox(), sandbox());
    let otf = client(&sandbox);
    for status in [301, 302, 303, 307, 308] {
        let to = |path: &str| format!("{}{path}", elsewhere.url());
        let redirect = |path: &str| Fault::status(status).header("Location", &to(path)).always();
        sandbox.fault(redirect(LIST).on("*", LIST));
        sandbox.fault(redirect("/").on("POST", "/"));
        sandbox.fault(redirect("/member/app-configurations").on("GET", "/member/app-configurations"));
        assert!(matches!(list(&otf), Err(Error::Http { .. })));
        let booked = otf.bookings().book(ClassId::new("some-class"));
        assert!(matches!(booked, Err(Error::OutcomeUnknown { .. })), "{booked:?}");
        let config = otf.request(Method::GET, Host::Default, "/member/app-configurations").signed();
        assert!(config.send().is_err());
        assert!(builder(&sandbox).credentials(pat()).login().is_err());
        sandbox.clear_faults();
    }
    assert_eq!(elsewhere.connections(), 0, "something went elsewhere");
}
