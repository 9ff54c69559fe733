//! What an answer means: the service's table of errors, in one place.

use std::time::Duration;

use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use super::request::Call;
use crate::error::redact;
use crate::error::{Error, Result, with_code};
use crate::net::retry_after;

/// The body of an answer that says "done", or the error that it stands for.
pub(crate) fn accept(call: &Call, answer: Response<Vec<u8>>, now: Timestamp) -> Result<Vec<u8>> {
    let status = answer.status();
    if !status.is_success() {
        return Err(refusal(call, &answer, now));
    }
    match hidden_failure(answer.body()) {
        Some(said) if said.status == Some(404) => {
            Err(Error::NotFound { endpoint: call.endpoint(), message: said.text() })
        }
        Some(said) => Err(http_error(call, said.status.unwrap_or(status.as_u16()), said, None)),
        None => Ok(answer.into_body()),
    }
}

fn refusal(call: &Call, answer: &Response<Vec<u8>>, now: Timestamp) -> Error {
    let endpoint = call.endpoint();
    let said = Said::read(answer.body());
    let retry_after = retry_after(answer.headers(), now);
    match answer.status() {
        StatusCode::NOT_FOUND => Error::NotFound { endpoint, message: said.text() },
        StatusCode::TOO_MANY_REQUESTS => Error::RateLimited { endpoint, message: said.text(), retry_after },
        // Whatever else it says: with another token it may say something else.
        status @ StatusCode::UNAUTHORIZED => http_error(call, status.as_u16(), said, retry_after),
        status if status.is_redirection() => {
            let message = Some("a redirect, which is not followed".to_owned());
            http_error(call, status.as_u16(), Said { message, ..said }, retry_after)
        }
        status => booking_error(call, &said)
            .or_else(|| rating_error(call, status, &said))
            .unwrap_or_else(|| http_error(call, status.as_u16(), said, retry_after)),
    }
}

fn http_error(call: &Call, status: u16, said: Said, retry_after: Option<Duration>) -> Error {
    Error::Http { endpoint: call.endpoint(), status, code: said.code, message: said.message, retry_after }
}

fn booking_error(call: &Call, said: &Said) -> Option<Error> {
    let endpoint = call.endpoint();
    let code = said.code.as_deref().unwrap_or_default();
    let text = said.message.as_deref().unwrap_or_default();
    let message = said.text();
    let newer = call.path.starts_with("/v1/bookings/me");
    let older = call.path.starts_with("/member/members/") && call.path.contains("/bookings");
    match (code, said.inner_code.as_deref()) {
        ("BOOKING_CANCELED", _) if newer => Some(Error::BookingAlreadyCancelled { endpoint, message }),
        ("BOOKING_ALREADY_BOOKED", _) if newer => Some(Error::AlreadyBooked { endpoint, message }),
        _ if newer && code.contains("SCHEDULING_WINDOW") => {
            Some(Error::OutsideSchedulingWindow { endpoint, message })
        }
        ("NOT_AUTHORIZED", _) if older && text.starts_with("This class booking has been cancelled") => {
            Some(Error::BookingAlreadyCancelled { endpoint, message })
        }
        (_, Some("603")) if older => Some(Error::AlreadyBooked { endpoint, message }),
        (_, Some("602")) if older => Some(Error::OutsideSchedulingWindow { endpoint, message }),
        // What the service calls a full class is not known; this is what it can hardly avoid to say. Whether the
        // waitlist is open is for those to say who know the class.
        _ if (newer || older) && call.is_write() && says_full(code, text) => {
            Some(Error::ClassFull { endpoint, waitlist_available: true, message })
        }
        _ => None,
    }
}

fn says_full(code: &str, message: &str) -> bool {
    code.split('_').any(|word| word == "FULL") || message.to_ascii_lowercase().contains("class is full")
}

fn rating_error(call: &Call, status: StatusCode, said: &Said) -> Option<Error> {
    let is_rating = call.path == "/mobile/v1/members/classes/ratings";
    (is_rating && status == StatusCode::FORBIDDEN)
        .then(|| Error::AlreadyRated { endpoint: call.endpoint(), message: said.text() })
}

/// What an error body says, as far as it says something.
#[derive(Debug, Default)]
struct Said {
    code: Option<String>,
    message: Option<String>,
    /// `data.errorCode`
    inner_code: Option<String>,
    /// `Status` or `status`, where it is a number outside 200..=299
    status: Option<u16>,
}

/// The largest body that is looked through for what it says.
const LARGEST_REFUSAL: usize = 64 * 1024;

impl Said {
    /// The message and its code; of the codes, the one that tells more.
    fn text(&self) -> Option<String> {
        with_code(self.message.as_deref(), self.inner_code.as_deref().or(self.code.as_deref()))
    }

    fn read(body: &[u8]) -> Self {
        if body.len() > LARGEST_REFUSAL {
            return Self::default();
        }
        serde_json::from_slice(body).map_or_else(|_| Self::default(), |body: Value| Self::of(&body))
    }

    fn of(body: &Value) -> Self {
        let text = |value: Option<&Value>| match value? {
            Value::String(text) if !text.is_empty() => Some(redact(text)),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let error = body.get("error");
        let message = ["message", "Message", "errorMessage"].iter().find_map(|key| text(body.get(key)));
        Self {
            code: text(body.get("code")).or_else(|| text(error.and_then(|error| error.get("code")))),
            message: message
                .or_else(|| text(error))
                .or_else(|| text(error.and_then(|error| error.get("message")))),
            inner_code: text(body.get("data").and_then(|data| data.get("errorCode"))),
            status: ["Status", "status"]
                .iter()
                .find_map(|key| body.get(key)?.as_u64())
                .filter(|status| !(200..300).contains(status))
                .map(|status| u16::try_from(status).unwrap_or(u16::MAX)),
        }
    }
}

/// A failure that came with a 2xx: `code: "ERROR"`, an `error` key, or a `Status` that says so.
fn hidden_failure(body: &[u8]) -> Option<Said> {
    // Only an object has keys; from a list, the marks would be read by position.
    if !body.trim_ascii_start().starts_with(b"{") || !may_hide_failure(body) {
        return None;
    }
    let marks: Marks = serde_json::from_slice(body).ok()?;
    if !marks.failed() {
        return None;
    }
    Some(Said::read(body))
}

/// Whether the marks of a failure stand anywhere in a body. Looking for them takes a fraction of the time that
/// parsing a long list would. An escape may spell a key, so it counts as a mark.
fn may_hide_failure(body: &[u8]) -> bool {
    const MARKS: [&str; 5] = ["\"error\"", "\"ERROR\"", "\"Status\"", "\"status\"", "\\u"];
    str::from_utf8(body).map_or(true, |body| MARKS.iter().any(|mark| body.contains(mark)))
}

/// The keys of an answer that can hide a failure; everything else is skipped unread.
#[derive(serde::Deserialize)]
struct Marks<'a> {
    #[serde(default, borrow)]
    code: Option<&'a serde_json::value::RawValue>,
    #[serde(default, borrow)]
    error: Option<&'a serde_json::value::RawValue>,
    #[serde(default, borrow, rename = "Status")]
    upper_status: Option<&'a serde_json::value::RawValue>,
    #[serde(default, borrow)]
    status: Option<&'a serde_json::value::RawValue>,
}

impl Marks<'_> {
    fn failed(&self) -> bool {
        let bad_status = |status: Option<&serde_json::value::RawValue>| {
            status
                .and_then(|raw| raw.get().parse::<u64>().ok())
                .is_some_and(|status| !(200..300).contains(&status))
        };
        self.code.is_some_and(|code| code.get() == "\"ERROR\"")
            || self.error.is_some()
            || bad_status(self.upper_status)
            || bad_status(self.status)
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use super::*;
    use crate::endpoints::Host;

    fn answer(status: u16, body: &Value) -> Response<Vec<u8>> {
        let body = body.to_string().into_bytes();
        let mut answer = Response::new(body);
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        answer
    }

    fn judged(method: Method, path: &str, status: u16, body: &Value) -> Error {
        let call = Call::new(method, Host::Default, path);
        accept(&call, answer(status, body), Timestamp::UNIX_EPOCH).unwrap_err()
    }

    #[test]
    fn older_bookings_have_codes_of_their_own() {
        let path = "/member/members/m/bookings";
        let inner = |code: &str| json!({"code": "ERROR", "data": {"errorCode": code}});
        assert!(matches!(judged(Method::PUT, path, 400, &inner("603")), Error::AlreadyBooked { .. }));
        assert!(matches!(
            judged(Method::PUT, path, 400, &inner("602")),
            Error::OutsideSchedulingWindow { .. }
        ));
        assert!(matches!(judged(Method::PUT, path, 400, &inner("601")), Error::Http { status: 400, .. }));
        let cancelled =
            json!({"code": "NOT_AUTHORIZED", "message": "This class booking has been cancelled."});
        let error = judged(Method::DELETE, "/member/members/m/bookings/b", 403, &cancelled);
        assert!(matches!(error, Error::BookingAlreadyCancelled { .. }));
        let elsewhere = judged(Method::DELETE, "/member/members/m", 403, &cancelled);
        assert!(matches!(elsewhere, Error::Http { .. }));
    }

    #[test]
    fn a_refused_token_is_nothing_else() {
        let error = judged(Method::POST, "/v1/bookings/me", 401, &json!({"code": "BOOKING_ALREADY_BOOKED"}));
        assert!(error.is_authentication(), "{error:?}");
    }

    #[test]
    fn a_second_rating_is_forbidden() {
        let error = judged(Method::POST, "/mobile/v1/members/classes/ratings", 403, &json!({}));
        assert!(matches!(error, Error::AlreadyRated { .. }));
    }

    #[test]
    fn what_the_service_said_stays_with_the_error() {
        let said = |path: &str, status, body| judged(Method::POST, path, status, &body).to_string();
        let body = json!({"code": "BOOKING_CLASS_FULL", "message": "No place left."});
        assert_eq!(
            said("/v1/bookings/me", 409, body),
            "POST /v1/bookings/me: the class is full: No place left. (BOOKING_CLASS_FULL); book its waitlist instead"
        );
        let body = json!({"code": "ERROR", "message": "Too early.", "data": {"errorCode": "602"}});
        assert_eq!(
            said("/member/members/m/bookings", 400, body),
            "POST /member/members/m/bookings: the class is outside the scheduling window: Too early. (602)"
        );
        let ratings = "/mobile/v1/members/classes/ratings";
        assert_eq!(said(ratings, 403, json!({})), format!("POST {ratings}: the class is already rated"));
        assert_eq!(
            said("/x", 429, json!({"message": "Slow down."})),
            "POST /x: too many requests: Slow down.; try again later"
        );
    }

    #[test]
    fn a_success_that_looks_odd_is_still_one() {
        for body in [
            json!({"code": "SUCCESS"}),
            json!({"error": null}),
            json!({"Status": 200}),
            json!({"status": "Active"}),
            json!({"items": [{"code": "ERROR"}]}),
            json!([]),
            json!([{"a": 1}, {"b": 2}]),
            json!(["ERROR", null, 500, 500]),
        ] {
            let call = Call::get(Host::Default, "/x");
            accept(&call, answer(200, &body), Timestamp::UNIX_EPOCH).unwrap();
        }
    }

    #[test]
    fn a_page_is_no_message() {
        let error = judged(Method::GET, "/x", 500, &json!({"message": "x".repeat(10_000)}));
        assert!(error.to_string().len() < 400);
    }

    #[test]
    fn a_message_is_one_line_and_moves_no_cursor() {
        let body = json!({"code": "A\u{7}B", "message": "gone\r\n\u{1b}[2Jok"});
        let shown = judged(Method::GET, "/x", 500, &body).to_string();
        assert_eq!(shown, "GET /x: the service answered 500: gone   [2Jok (A B)");
    }
}
