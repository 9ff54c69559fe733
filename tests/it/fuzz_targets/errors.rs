//! Responses that say no: any status, any header, any body, on each kind of call.

use std::sync::{Arc, Mutex};

use otf_api::http::{HeaderName, HeaderValue, Method, Response};
use otf_api::{BookingId, BookingQuery, ClassId, Error, Host, Otf};
use serde_json::{Value, json};

use super::harness::{Net, TRIES, check_error, client, failure, reply, status};
use super::script::Script;
use super::tree::body;

struct Call {
    endpoint: &'static str,
    is_write: bool,
    call: fn(&Otf) -> otf_api::Result<()>,
}

const OLDER: &str = "/member/members/m0/bookings";
const RATINGS: &str = "/mobile/v1/members/classes/ratings";

const CALLS: &[Call] = &[
    Call {
        endpoint: "GET /v1/bookings/me",
        is_write: false,
        call: |otf| otf.bookings().list(&BookingQuery::new()).map(drop),
    },
    Call {
        endpoint: "POST /v1/bookings/me",
        is_write: true,
        call: |otf| otf.bookings().book(ClassId::new("c0")).map(drop),
    },
    Call {
        endpoint: "DELETE /v1/bookings/me/b0",
        is_write: true,
        call: |otf| otf.bookings().cancel(BookingId::new("b0")).map(drop),
    },
    Call {
        endpoint: "PUT /member/members/m0/bookings",
        is_write: true,
        call: |otf| otf.request(Method::PUT, Host::Default, OLDER).json(&json!({})).send().map(drop),
    },
    Call {
        endpoint: "POST /mobile/v1/members/classes/ratings",
        is_write: true,
        call: |otf| otf.request(Method::POST, Host::Default, RATINGS).json(&json!({})).send().map(drop),
    },
    Call {
        endpoint: "GET /member/members/m0/memberships",
        is_write: false,
        call: |otf| {
            otf.request(Method::GET, Host::Default, "/member/members/m0/memberships").send().map(drop)
        },
    },
];

fn templates() -> [Value; 10] {
    [
        json!({"code": "BOOKING_ALREADY_BOOKED", "message": "already"}),
        json!({"code": "BOOKING_CANCELED"}),
        json!({"code": "ERROR", "data": {"errorCode": "603"}, "message": "no"}),
        json!({"code": "ERROR", "data": {"errorCode": 602}}),
        json!({"code": "NOT_AUTHORIZED", "message": "This class booking has been cancelled."}),
        json!({"error": {"message": "no", "code": 7}}),
        json!({"error": "no"}),
        json!({"Status": 500, "Message": "no"}),
        json!({"status": 404}),
        json!({"message": "x".repeat(1000), "errorMessage": "y"}),
    ]
}

const HEADERS: &[&str] =
    &["retry-after", "content-type", "location", "content-length", "x-amzn-errortype", "date"];

const WAITS: &[&str] =
    &["0", "120", "-5", "1e9", "99999999999999999999", "Sat, 25 Apr 2026 07:06:09 GMT", "soon"];

fn respond(script: &mut Script<'_>) -> super::harness::Reply {
    if script.byte() > 240 {
        return Err(failure(script));
    }
    let template = script.pick(&templates()).clone();
    let mut reply: Response<Vec<u8>> = reply(status(script, 400), Vec::new());
    for _ in 0..script.below(4) {
        let name = HeaderName::from_static(HEADERS[script.below(HEADERS.len())]);
        let value = match script.below(WAITS.len() + 3) {
            known if known < WAITS.len() => HeaderValue::from_static(WAITS[known]),
            _ => HeaderValue::from_bytes(script.bytes()).unwrap_or(HeaderValue::from_static("")),
        };
        reply.headers_mut().append(name, value);
    }
    *reply.body_mut() = body(&template, script);
    Ok(reply)
}

/// One byte for the call, then a response for each time that it is sent: the last one again and again.
pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    let call = script.pick(CALLS);
    let owned = Arc::new(Mutex::new(script.rest().to_vec()));
    let statuses = Arc::new(Mutex::new(Vec::new()));
    let net = Net::signed_in({
        let statuses = Arc::clone(&statuses);
        move |_| {
            let mut bytes = owned.lock().unwrap();
            let mut script = Script::new(&bytes);
            let replied = respond(&mut script);
            let rest = script.rest().to_vec();
            if !rest.is_empty() {
                *bytes = rest;
            }
            let status = match &replied {
                Ok(reply) => Ok(reply.status().as_u16()),
                Err(error) => Err(error.is_never_sent()),
            };
            statuses.lock().unwrap().push(status);
            replied
        }
    });
    let otf = client(&net);
    let result = (call.call)(&otf);
    let asked = net.take();
    let statuses = statuses.lock().unwrap();
    check_repeats(call, &asked, &statuses);
    let last = statuses.last().copied().unwrap();
    match result {
        Ok(()) => {
            assert!(last.is_ok_and(|status| (200..300).contains(&status)), "{last:?} was taken for done")
        }
        Err(error) => check(call, &error, last),
    }
}

/// A write is never sent after it may have reached the service, but for a 401.
fn check_repeats(call: &Call, asked: &[String], statuses: &[Result<u16, bool>]) {
    assert!(asked.iter().filter(|asked| *asked == "InitiateAuth").count() <= 1, "{asked:?}");
    // A booking whose response can't be read is looked up four times.
    let calls = if call.endpoint == "POST /v1/bookings/me" { 5 } else { 1 };
    assert!(statuses.len() <= 2 * TRIES as usize * calls, "{statuses:?}");
    if call.is_write {
        // Looking up afterwards what became of the write is no repetition.
        let sent = asked.iter().filter(|asked| *asked != "InitiateAuth").zip(statuses);
        let writes: Vec<_> = sent.filter(|(asked, _)| !asked.starts_with("GET ")).collect();
        for (_, status) in &writes[..writes.len() - 1] {
            assert!(matches!(status, Err(true) | Ok(401)), "a write was sent again after {status:?}");
        }
    }
}

fn check(call: &Call, error: &Error, last: Result<u16, bool>) {
    check_error(error);
    assert!(error.to_string().contains(call.endpoint), "{} is not named: {error}", call.endpoint);
    assert!(call.is_write || !matches!(error, Error::OutcomeUnknown { .. }), "{error}");
    match last {
        Ok(404) => assert!(error.is_not_found(), "{error:?}"),
        Ok(429) => assert!(matches!(error, Error::RateLimited { .. }), "{error:?}"),
        Ok(401) => assert!(error.is_authentication(), "{error:?}"),
        // Where it says more than that, it is known what became of it.
        Ok(502 | 504) if call.is_write => assert!(!matches!(error, Error::Http { .. }), "{error:?}"),
        Err(false) if call.is_write => assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}"),
        Err(_) => assert!(matches!(error, Error::Transport { .. }), "{error:?}"),
        Ok(_) => {}
    }
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for call in 0..CALLS.len() {
        for template in 0..templates().len() {
            let (call, template) = (u8::try_from(call).unwrap(), u8::try_from(template).unwrap());
            seeds.push((format!("call-{call}-{template}"), vec![call, 0, template, 0, 0, 0, 0]));
        }
    }
    // Each wait, with a 429.
    for wait in 0..WAITS.len() {
        let wait = u8::try_from(wait).unwrap();
        seeds.push((format!("wait-{wait}"), vec![0, 0, 0, 100 + 9, 9, 1, 0, wait, 0, 0]));
    }
    seeds
}
