//! The same answers through the client: every one is a value or an error that names the endpoint.

use otf_api::http::Method;
use otf_api::models::Booking;
use otf_api::{BookingId, BookingQuery, ClassId, ClassQuery, Error, Host, Otf, Result};
use serde_json::Value;

use super::rig::{Net, answer, check_error, client};

pub(crate) struct Call {
    /// What errors name.
    endpoint: &'static str,
    /// Makes the call; the number of items that were left out as not fitting.
    call: fn(&Otf) -> Result<usize>,
}

const MEMBER: &str = "GET /member/members/0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e";

pub(crate) const BOOKINGS: &[Call] = &[
    Call {
        endpoint: "GET /v1/classes",
        call: |otf| {
            let classes = otf.bookings().classes(&ClassQuery::new().studio("s0").cancelled())?;
            Ok(classes.rejected().len())
        },
    },
    Call {
        endpoint: "GET /v1/bookings/me",
        call: |otf| {
            let bookings =
                otf.bookings().list(&BookingQuery::new().from(jiff_date(2000)).cancelled().duplicates())?;
            let starts: Vec<_> = bookings.iter().map(|booking| booking.otf_class.starts_at).collect();
            assert!(starts.is_sorted());
            Ok(bookings.rejected().len())
        },
    },
    Call {
        endpoint: "GET /v1/bookings/me",
        call: |otf| {
            let bookings = otf.bookings().by_start(&BookingQuery::new().from(jiff_date(2000)))?;
            assert!(
                bookings
                    .iter()
                    .all(|(start, of)| of.iter().all(|booking| booking.otf_class.starts_at == *start))
            );
            Ok(bookings.rejected().len())
        },
    },
    Call { endpoint: "GET /v1/bookings/me", call: |otf| found(otf.bookings().for_class(ClassId::new("c0"))) },
    Call { endpoint: "POST /v1/bookings/me", call: |otf| otf.bookings().book(ClassId::new("c0")).map(|_| 0) },
    Call {
        endpoint: "DELETE /v1/bookings/me/b0",
        call: |otf| otf.bookings().cancel(BookingId::new("b0")).map(|()| 0),
    },
];

pub(crate) const MEMBERS: &[Call] = &[
    Call { endpoint: "", call: |otf| otf.members().detail().map(|_| 0) },
    Call {
        endpoint: MEMBER,
        call: |otf| {
            otf.home_studio_uuid()
                .map(|_| 0)
                .or_else(|error| if error.is_not_found() { Ok(0) } else { Err(error) })
        },
    },
];

pub(crate) const STUDIOS: &[Call] = &[Call {
    endpoint: "GET /mobile/v1/studios/s0",
    call: |otf| otf.studios().detail(otf_api::StudioUuid::new("s0")).map(|_| 0),
}];

pub(crate) const WORKOUTS: &[Call] = &[Call {
    endpoint: "GET /v1/performance-summaries/p0",
    call: |otf| otf.request(Method::GET, Host::Io, "/v1/performance-summaries/p0").send().map(|_| 0),
}];

fn jiff_date(year: i16) -> otf_api::jiff::civil::Date {
    otf_api::jiff::civil::date(year, 1, 1)
}

fn found(booking: Result<Booking>) -> Result<usize> {
    match booking {
        Err(Error::NotFound { .. }) => Ok(0),
        booking => booking.map(|_| 0),
    }
}

/// Makes a call that is answered 200 with this body.
pub(crate) fn check(call: &Call, body: &[u8]) {
    let served = body.to_vec();
    let net = Net::signed_in(move |_| Ok(answer(200, served.clone())));
    let otf = client(&net);
    let result = (call.call)(&otf);
    let asked = net.take();
    assert!(asked.len() <= 4, "{asked:?}");
    let is_write = !call.endpoint.starts_with("GET") && !call.endpoint.is_empty();
    assert!(!is_write || asked.len() <= 1, "a write was sent twice: {asked:?}");
    match result {
        Ok(rejected) => {
            let whole: Option<Value> = serde_json::from_slice(body).ok();
            let items = whole.as_ref().and_then(|whole| whole.get("items")?.as_array()).map_or(0, Vec::len);
            assert!(rejected <= items || items == 0, "more is rejected than there is");
        }
        Err(error) => {
            check_error(&error);
            // An id that the service sent can be none that can be asked for.
            if !matches!(error, Error::InvalidInput { .. }) {
                assert!(error.to_string().contains(call.endpoint), "{} is not named: {error}", call.endpoint);
            }
            let unknown = matches!(error, Error::OutcomeUnknown { .. });
            assert!(!unknown || is_write, "{error}");
        }
    }
}
