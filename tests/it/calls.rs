//! One call of an endpoint: what is sent, what is tried again, and what a response means.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use otf_api::models::{Booking, OtfClass};
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{
    BookingId, BookingQuery, ClassId, ClassQuery, Endpoints, Error, Limits, MemoryStore, Otf, RetryPolicy,
    StudioUuid, TransportErrorKind,
};
use serde_json::json;

use super::fuzz_targets::harness;
use super::support::{builder, chain, client, sandbox, seen};

const LIST: &str = "/v1/bookings/me";

fn list(otf: &Otf) -> otf_api::Result<usize> {
    otf.bookings().list(&BookingQuery::new()).map(|bookings| bookings.len())
}

fn book(otf: &Otf) -> otf_api::Result<Booking> {
    otf.bookings().book(ClassId::new("some-class"))
}

/// A client whose calls have short limits. Its tokens are got without them: a sign-in is work for a busy machine.
fn hasty(sandbox: &Sandbox) -> Otf {
    let limits = Limits::default().timeout(Duration::from_millis(400)).max_body_size(1 << 20);
    let store = MemoryStore::new();
    builder(sandbox).store(store.clone()).login().unwrap();
    builder(sandbox).store(store).limits(limits).retry(RetryPolicy::never()).login().unwrap()
}

#[test]
fn request_has_the_expected_headers_only() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    seen(&sandbox);
    list(&otf).unwrap();
    let requests = sandbox.requests();
    let request = requests.first().unwrap();
    let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "authorization", "host", "user-agent"]);
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("user-agent"), Some("okhttp/4.12.0"));
    assert!(request.header("authorization").unwrap().starts_with("Bearer ey"));
    assert_eq!(request.query("include_canceled"), Some("false"));
}

#[test]
fn non_ascii_address_is_sent_unchanged() {
    let (sent, email) = (Arc::new(Mutex::new(Vec::new())), "zoë@example.com");
    let seen = Arc::clone(&sent);
    let net = harness::Net::new(move |request| {
        if harness::operation(request).is_none() {
            seen.lock().unwrap().extend(request.headers().get("koji-member-email").cloned());
            return Ok(harness::reply(200, r#"{"items": []}"#));
        }
        let expires = harness::now().as_second() + 3600;
        let claims = json!({"sub": "c0", "cognito:username": harness::MEMBER, "email": email, "token_use": "id", "exp": expires});
        let mut reply = harness::refreshed();
        reply["AuthenticationResult"]["IdToken"] = harness::token(&claims).into();
        Ok(harness::reply(200, reply.to_string()))
    });
    harness::client(&net).workouts().performance_summaries(None).unwrap();
    assert_eq!(*sent.lock().unwrap(), [email.as_bytes()]);
}

#[test]
fn connections_are_reused() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    for _ in 0..5 {
        list(&otf).unwrap();
    }
    assert_eq!(sandbox.connections(), 1);
}

#[test]
fn reads_are_retried_and_writes_are_not() {
    let faults = [
        Fault::reset_before(),
        Fault::reset_after(),
        Fault::status(500),
        Fault::status(503),
        Fault::status(429),
    ];
    for fault in faults {
        let sandbox = sandbox();
        let otf = client(&sandbox);
        sandbox.fault(fault.clone().on("GET", LIST).times(3));
        list(&otf).unwrap_or_else(|error| panic!("{fault:?}: {}", chain(&error)));
        assert_eq!(sandbox.count("GET", LIST), 4);

        sandbox.clear_faults();
        sandbox.fault(fault.clone().on("GET", LIST).always());
        assert!(list(&otf).unwrap_err().is_retryable());
        assert_eq!(sandbox.count("GET", LIST), 8, "four tries, no more");

        sandbox.clear_faults();
        sandbox.fault(fault.on("POST", LIST).always());
        book(&otf).unwrap_err();
        assert_eq!(sandbox.count("POST", LIST), 1, "a class is not booked twice");
    }
}

#[test]
fn write_that_may_have_taken_effect_is_outcome_unknown() {
    for fault in [
        Fault::reset_before(),
        Fault::reset_after(),
        Fault::truncate(10),
        Fault::garbage(),
        Fault::status(502),
        Fault::status(504),
    ] {
        let sandbox = sandbox();
        let otf = client(&sandbox);
        let class = bookable(&sandbox, &otf);
        sandbox.fault(fault.clone().on("POST", LIST));
        let error = class.book(&otf).unwrap_err();
        assert!(matches!(error, Error::OutcomeUnknown { .. }), "{fault:?}: {error:?}");
        assert!(error.to_string().contains("live_for_class"), "{error}");
        assert!(!error.is_retryable());
        assert_eq!(sandbox.count("POST", LIST), 1, "{fault:?}");
    }
}

#[test]
fn booking_with_unreadable_response_is_looked_up() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let class = bookable(&sandbox, &otf);
    sandbox.fault(Fault::garbage_body().after_handler().on("POST", LIST));
    let booking = class.book(&otf).unwrap();
    assert_eq!(Some(booking.class_id()), class.class_id.as_ref());
    assert_eq!(sandbox.count("POST", LIST), 1);
}

#[test]
fn outcome_unknown_keeps_retry_after() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    sandbox.fault(Fault::status(503).header("Retry-After", "7").on("POST", LIST));
    let error = book(&otf).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[test]
fn live_for_class_finds_a_booking_of_unknown_outcome() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let class = bookable(&sandbox, &otf);
    let live = || otf.bookings().live_for_class(&class).unwrap();
    assert_eq!(live(), None);
    sandbox.fault(Fault::reset_before().on("POST", LIST));
    assert!(matches!(class.book(&otf), Err(Error::OutcomeUnknown { .. })));
    assert_eq!(live(), None, "it did not");
    sandbox.fault(Fault::reset_after().on("POST", LIST));
    assert!(matches!(class.book(&otf), Err(Error::OutcomeUnknown { .. })));
    let booking = live().expect("it took");
    assert_eq!(class.booking(&otf).unwrap(), booking);
    // A booking of before says nothing.
    booking.cancel(&otf).unwrap();
    assert_eq!(live(), None);
    assert!(class.booking(&otf).unwrap().is_canceled());
}

pub(crate) fn bookable(sandbox: &Sandbox, otf: &Otf) -> OtfClass {
    let classes = otf.bookings().classes(&ClassQuery::new().available().with_booked()).unwrap();
    let now = sandbox.now();
    let free = |class: &&OtfClass| class.is_booked == Some(false) && !class.start.has_passed(now);
    classes.iter().find(free).unwrap().clone()
}

#[test]
fn token_failure_is_not_outcome_unknown() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let expire: [fn(&Sandbox); 2] =
        [|sandbox| sandbox.advance(Duration::from_secs(2 * 3600)), Sandbox::expire_tokens];
    for (expire, sent) in expire.into_iter().zip([0, 1]) {
        for fault in [Fault::reset_before(), Fault::status(504), Fault::status(200).body("no JSON")] {
            seen(&sandbox);
            expire(&sandbox);
            sandbox.fault(fault.on_operation("InitiateAuth").always());
            let error = book(&otf).unwrap_err();
            assert!(!matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
            assert_eq!(sandbox.count("POST", LIST), sent);
            sandbox.clear_faults();
            list(&otf).unwrap();
        }
    }
}

#[test]
fn unreachable_service_is_a_transport_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Otf::builder()
        .endpoints(Endpoints::at(&url).unwrap())
        .store(otf_api::MemoryStore::new())
        .credentials(super::support::pat())
        .sleep(|_| {})
        .login()
        .unwrap_err();
    let Error::Transport { source, .. } = &error else { panic!("{error:?}") };
    assert_eq!(source.kind(), TransportErrorKind::NotSent);
    assert!(error.is_retryable());
}

#[test]
fn retry_after_is_honored_within_bounds() {
    for (status, header, waits) in [
        (429, "3", Some(Duration::from_secs(3))),
        (503, "3", Some(Duration::from_secs(3))),
        (429, "20", Some(Duration::from_secs(20))),
        (429, "21", None),
        (503, "21", None),
        (429, "99999999999999999999", Some(Duration::ZERO)),
        (429, "-5", Some(Duration::ZERO)),
        (503, "soon", Some(Duration::ZERO)),
    ] {
        let sandbox = sandbox();
        let waited = Arc::new(Mutex::new(Vec::new()));
        let slept = Arc::clone(&waited);
        // A base of nothing makes the pauses of the client's own choice nothing.
        let retry = RetryPolicy::default().initial_delay(Duration::ZERO);
        let sleep = move |pause| slept.lock().unwrap().push(pause);
        let otf = builder(&sandbox).retry(retry).sleep(sleep).login().unwrap();
        sandbox.fault(Fault::status(status).header("Retry-After", header).on("GET", LIST));
        let result = list(&otf);
        match waits {
            Some(pause) => {
                result.unwrap_or_else(|error| panic!("{status} {header}: {error}"));
                assert_eq!(*waited.lock().unwrap(), [pause], "{status} {header}");
            }
            None => {
                let error = result.unwrap_err();
                assert_eq!(error.retry_after(), Some(Duration::from_secs(21)), "{error:?}");
                assert_eq!(matches!(error, Error::RateLimited { .. }), status == 429, "{error:?}");
                assert!(waited.lock().unwrap().is_empty());
            }
        }
    }
}

#[test]
fn whole_call_has_a_time_limit() {
    for fault in [
        Fault::stall(),
        Fault::stall_body(),
        Fault::drip(1, Duration::from_millis(20)),
        Fault::drip_body(1, Duration::from_millis(20)),
    ] {
        let sandbox = sandbox();
        let otf = hasty(&sandbox);
        sandbox.fault(fault.clone().on("GET", LIST));
        let started = Instant::now();
        let error = list(&otf).unwrap_err();
        assert!(
            matches!(&error, Error::Transport { source, .. } if source.kind() == TransportErrorKind::TimedOut),
            "{fault:?}: {error:?}"
        );
        assert!(started.elapsed() < Duration::from_secs(3), "{fault:?}");
    }
}

#[test]
fn response_beyond_the_size_limit_is_an_error() {
    let sandbox = sandbox();
    let otf = hasty(&sandbox);
    sandbox.fault(Fault::huge(1 << 30).on("GET", LIST));
    let error = list(&otf).unwrap_err();
    assert!(
        matches!(&error, Error::Transport { source, .. } if source.kind() == TransportErrorKind::TooLarge),
        "{error:?}"
    );
    assert!(!error.is_retryable());
}

#[test]
fn truncated_response_is_an_error() {
    let sandbox = sandbox();
    let otf = hasty(&sandbox);
    for fault in [Fault::truncate(40), Fault::content_length(1_000_000), Fault::garbage()] {
        sandbox.fault(fault.clone().on("GET", LIST));
        let error = list(&otf).unwrap_err();
        assert!(matches!(error, Error::Transport { .. }), "{fault:?}: {error:?}");
    }
}

#[test]
fn redirects_are_not_followed() {
    let (sandbox, other) = (sandbox(), sandbox());
    let otf = client(&sandbox);
    sandbox.fault(Fault::redirect(&format!("{}{LIST}", other.url())).on("GET", LIST));
    let error = list(&otf).unwrap_err();
    assert!(matches!(error, Error::Http { status: 300..=399, .. }), "{error:?}");
    assert!(other.requests().is_empty(), "no token went elsewhere");
}

#[test]
fn response_that_is_not_a_json_object_is_a_typed_error() {
    let bodies: [(&str, &str); 6] = [
        ("<html>down</html>", "."),
        ("\"text\"", "."),
        ("null", "."),
        ("{}", "."),
        ("{\"items\":null}", "items"),
        ("{\"items\":\"none\"}", "items"),
    ];
    let sandbox = sandbox();
    let otf = client(&sandbox);
    for (body, place) in bodies {
        sandbox.fault(Fault::status(200).body(body).on("GET", LIST));
        let error = list(&otf).unwrap_err();
        assert!(
            matches!(&error, Error::Decode { endpoint, path, .. } if endpoint == "GET /v1/bookings/me" && path == place),
            "{body}: {error:?}"
        );
    }
    let deep = "[".repeat(100_000);
    sandbox.fault(Fault::status(200).body(deep).on("GET", LIST));
    assert!(matches!(list(&otf), Err(Error::Decode { .. })));
}

#[test]
fn invalid_item_is_rejected_and_the_others_are_read() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let whole = list(&otf).unwrap();
    sandbox
        .fault(Fault::edit(|reply| reply["items"][0]["class"]["id"] = [7].as_slice().into()).on("GET", LIST));
    let bookings = otf.bookings().list(&BookingQuery::new()).unwrap();
    assert_eq!(bookings.len(), whole - 1);
    let rejected = bookings.rejected().first().unwrap();
    assert_eq!((bookings.rejected().len(), rejected.index), (1, 0));
    assert_eq!(rejected.path, "class.id");
    assert_eq!(rejected.raw["class"]["id"][0], 7);
}

/// A test of an error, and whether it is the expected one.
type Expected = fn(&Error) -> bool;

#[test]
fn error_codes_become_typed_errors() {
    let unknown: Expected = |error| matches!(error, Error::OutcomeUnknown { .. });
    let table: [(u16, &str, Expected); 22] = [
        (404, "{}", Error::is_not_found),
        (429, "{}", |error| matches!(error, Error::RateLimited { retry_after: None, .. })),
        (409, r#"{"code":"BOOKING_ALREADY_BOOKED"}"#, |error| matches!(error, Error::AlreadyBooked { .. })),
        (400, r#"{"code":"BOOKING_CANCELED"}"#, |error| {
            matches!(error, Error::BookingAlreadyCanceled { .. })
        }),
        (
            200,
            r#"{"code":"ERROR","message":"no"}"#,
            |error| matches!(error, Error::Http { code: Some(code), message: Some(said), .. } if code == "ERROR" && said == "no"),
        ),
        (
            200,
            r#"{"error":{"message":"no"}}"#,
            |error| matches!(error, Error::Http { message: Some(said), .. } if said == "no"),
        ),
        (200, r#"{"Status":422,"Message":"no"}"#, |error| matches!(error, Error::Http { status: 422, .. })),
        (400, r#"{"code":"BOOKING_CLASS_STARTED"}"#, |error| matches!(error, Error::ClassStarted { .. })),
        (400, r#"{"code":"BOOKING_CLASS_CANCELED"}"#, |error| matches!(error, Error::ClassCanceled { .. })),
        (
            409,
            r#"{"code":"BOOKING_ALREADY_BOOKED","data":{"id":"b7"}}"#,
            |error| matches!(error, Error::AlreadyBooked { booking_id: Some(id), .. } if id == "b7"),
        ),
        (
            418,
            r#"{"code":"NEVER_SEEN","message":"no"}"#,
            |error| matches!(error, Error::Http { status: 418, code: Some(code), .. } if code == "NEVER_SEEN"),
        ),
        // As with any other 5xx.
        (200, r#"{"Status":500,"Message":"no"}"#, unknown),
        (200, r#"{"Status":200,"Status":404}"#, unknown),
        (200, r#"{"status":-1}"#, unknown),
        (201, r#"{"success":false}"#, |error| matches!(error, Error::Http { status: 201, .. })),
        (303, "{}", unknown),
        (302, "{}", unknown),
        (408, "{}", unknown),
        (499, "{}", unknown),
        (600, "{}", unknown),
        (200, r#"{"status":404}"#, Error::is_not_found),
        (403, "no", |error| matches!(error, Error::Http { status: 403, code: None, message: None, .. })),
    ];
    let sandbox = sandbox();
    let otf = client(&sandbox);
    for (status, body, is_expected) in table {
        sandbox.fault(Fault::status(status).body(body).on("POST", LIST));
        let error = book(&otf).unwrap_err();
        assert!(is_expected(&error), "{status} {body}: {error:?}");
    }
}

#[test]
fn ids_cannot_change_the_path() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    seen(&sandbox);
    for id in ["", ".", "..", "a\nb", &"x".repeat(300)] {
        let error = otf.bookings().cancel(BookingId::new(id)).unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "booking", .. }), "{id:?}: {error:?}");
        assert!(matches!(otf.studios().detail(StudioUuid::new(id)), Err(Error::InvalidInput { .. })));
    }
    assert!(seen(&sandbox).is_empty());
    let _ = otf.bookings().cancel(BookingId::new("../../v2/ä?x=1#y"));
    assert_eq!(seen(&sandbox), ["DELETE /v1/bookings/me/..%2F..%2Fv2%2F%C3%A4%3Fx%3D1%23y"]);
}

#[test]
fn plain_http_is_allowed_for_loopback_only() {
    for url in ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "https://example.com"] {
        Endpoints::at(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    }
    for url in [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "127.0.0.1",
        "",
        "https://user@example.com",
        "https://example.com/?x",
        "https://example.com/#x",
        "https://example.com:99999",
    ] {
        assert!(matches!(Endpoints::at(url), Err(Error::InvalidInput { .. })), "{url}");
    }
}

/// In a process of its own, whose environment names a proxy that nobody serves.
#[test]
fn loopback_bypasses_the_proxy() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"] {
        let test = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "calls::connections_are_reused"])
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env(name, &proxy)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&test.stdout);
        assert!(test.status.success() && said.contains("1 passed"), "{name}: {said}");
    }
}
