//! What a response means: the service's errors in one table.

use std::time::Duration;

use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use super::failure_marks::{Failure, hidden_failure};
use super::request::Call;
use crate::error::{Error, Result, redact, with_code};
use crate::net::retry_after;

/// The body of a successful response, or the error that the response reports.
pub(crate) fn check_response(call: &Call, response: Response<Vec<u8>>, now: Timestamp) -> Result<Vec<u8>> {
    let status = response.status();
    if !status.is_success() {
        return Err(with_open_outcome(call, error_response(call, &response, now)));
    }
    let Some(failure) = hidden_failure(response.body()) else { return Ok(response.into_body()) };
    let message = ErrorBody::read(response.body());
    Err(match failure {
        Failure::Status(404) => Error::NotFound { endpoint: call.endpoint(), message: message.text() },
        Failure::Status(status) => {
            let error = booking_error(call, &message);
            with_open_outcome(call, error.unwrap_or_else(|| http_error(call, status, message, None)))
        }
        Failure::Reported => {
            let error = booking_error(call, &message);
            error.unwrap_or_else(|| http_error(call, status.as_u16(), message, None))
        }
        Failure::Unclear => {
            let error = http_error(call, status.as_u16(), message, None);
            if call.is_write() { error.into_outcome_unknown(&call.endpoint(), call.hint) } else { error }
        }
    })
}

/// The error, or [`Error::OutcomeUnknown`] if it leaves open whether a write took effect.
fn with_open_outcome(call: &Call, error: Error) -> Error {
    if call.is_write() { error.of_write(&call.endpoint(), call.hint, leaves_open) } else { error }
}

/// Whether a write may have taken effect although the response has this status. Only a 4xx says that it did not; 408
/// and nginx's 499 come from a server that stopped waiting.
fn leaves_open(status: u16) -> bool {
    !(400..500).contains(&status) || matches!(status, 408 | 499)
}

fn error_response(call: &Call, response: &Response<Vec<u8>>, now: Timestamp) -> Error {
    let endpoint = call.endpoint();
    let body = ErrorBody::read(response.body());
    let retry_after = retry_after(response.headers(), now);
    match response.status() {
        StatusCode::NOT_FOUND => Error::NotFound { endpoint, message: body.text() },
        StatusCode::TOO_MANY_REQUESTS => Error::RateLimited { endpoint, message: body.text(), retry_after },
        // Whatever the body says: with another token it may say something else.
        status @ StatusCode::UNAUTHORIZED => http_error(call, status.as_u16(), body, retry_after),
        status if status.is_redirection() => {
            let message = Some("redirects are not followed".to_owned());
            http_error(call, status.as_u16(), ErrorBody { message, ..body }, retry_after)
        }
        status if status.is_client_error() => booking_error(call, &body)
            .or_else(|| rating_error(call, status, &body))
            .unwrap_or_else(|| http_error(call, status.as_u16(), body, retry_after)),
        status => http_error(call, status.as_u16(), body, retry_after),
    }
}

fn http_error(call: &Call, status: u16, body: ErrorBody, retry_after: Option<Duration>) -> Error {
    let ErrorBody { code, message, .. } = body;
    Error::Http { endpoint: call.endpoint(), status, code, message, retry_after }
}

/// The service's codes for bookings.
///
/// `BOOKING_CANCELED`, `BOOKING_ALREADY_BOOKED`, 602 and 603 come from one client's code (and its forks). The codes for
/// a full, started or canceled class and for the scheduling window are not known: these are the words that such a code
/// probably contains. Unknown codes stay in [`Error::Http`].
fn booking_error(call: &Call, body: &ErrorBody) -> Option<Error> {
    let endpoint = call.endpoint();
    let code = body.code.as_deref().unwrap_or_default();
    let text = body.message.as_deref().unwrap_or_default();
    let (message, booking_id) = (body.text(), body.booking_id.clone());
    let newer = call.path.starts_with("/v1/bookings/me");
    let older = call.path.starts_with("/member/members/") && call.path.contains("/bookings");
    if !newer && !older {
        return None;
    }
    let has = |word: &str| code.split('_').any(|part| part == word);
    let class_canceled = has("CLASS") && (has("CANCELED") || has("CANCELLED"));
    Some(match (code, body.inner_code.as_deref()) {
        ("BOOKING_CANCELED", _) if newer => Error::BookingAlreadyCanceled { endpoint, message },
        ("NOT_AUTHORIZED", _) if older && text.starts_with("This class booking has been cancelled") => {
            Error::BookingAlreadyCanceled { endpoint, message }
        }
        ("BOOKING_ALREADY_BOOKED", _) if newer => Error::AlreadyBooked { endpoint, booking_id, message },
        (_, Some("603")) if older => Error::AlreadyBooked { endpoint, booking_id, message },
        (_, Some("602")) if older => {
            Error::OutsideSchedulingWindow { endpoint, bookable_from: None, message }
        }
        _ if newer && (code.contains("SCHEDULING_WINDOW") || code.contains("OUTSIDE_WINDOW")) => {
            Error::OutsideSchedulingWindow { endpoint, bookable_from: None, message }
        }
        _ if !call.is_write() => return None,
        _ if has("FULL") || text.to_ascii_lowercase().contains("class is full") => {
            Error::ClassFull { endpoint, waitlist_available: None, message }
        }
        _ if has("STARTED") => Error::ClassStarted { endpoint, message },
        _ if class_canceled => Error::ClassCanceled { endpoint, message },
        _ if has("OVERLAPS") || has("OVERLAP") => Error::ConflictingBooking { endpoint, booking_id, message },
        _ => return None,
    })
}

fn rating_error(call: &Call, status: StatusCode, body: &ErrorBody) -> Option<Error> {
    let is_rating = call.path == "/mobile/v1/members/classes/ratings";
    (is_rating && status == StatusCode::FORBIDDEN)
        .then(|| Error::AlreadyRated { endpoint: call.endpoint(), message: body.text() })
}

/// The readable parts of an error body.
#[derive(Debug, Default)]
struct ErrorBody {
    code: Option<String>,
    message: Option<String>,
    /// `data.errorCode`.
    inner_code: Option<String>,
    /// The id of the booking that the error is about.
    booking_id: Option<String>,
}

/// The largest error body that is read.
const MAX_ERROR_BODY: usize = 64 * 1024;

impl ErrorBody {
    /// The message and the more specific of its codes.
    fn text(&self) -> Option<String> {
        with_code(self.message.as_deref(), self.inner_code.as_deref().or(self.code.as_deref()))
    }

    fn read(body: &[u8]) -> Self {
        if body.len() > MAX_ERROR_BODY {
            return Self::default();
        }
        serde_json::from_slice(body).map_or_else(|_| Self::default(), |body: Value| Self::from_json(&body))
    }

    fn from_json(body: &Value) -> Self {
        let text = |value: Option<&Value>| match value? {
            Value::String(text) if !text.is_empty() => Some(redact(text)),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let error = body.get("error");
        let data = body.get("data");
        let message = ["message", "Message", "errorMessage"].iter().find_map(|key| text(body.get(key)));
        let id = |key: &str| data?.get(key)?.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
        Self {
            code: text(body.get("code")).or_else(|| text(error.and_then(|error| error.get("code")))),
            message: message
                .or_else(|| text(error))
                .or_else(|| text(error.and_then(|error| error.get("message")))),
            inner_code: text(data.and_then(|data| data.get("errorCode"))),
            booking_id: id("id").or_else(|| id("classBookingUUId")),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use super::*;
    use crate::endpoints::Host;

    fn response(status: u16, body: &Value) -> Response<Vec<u8>> {
        let body = body.to_string().into_bytes();
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response
    }

    fn error_of(method: Method, path: &str, status: u16, body: &Value) -> Error {
        let call = Call::new(method, Host::Default, path);
        check_response(&call, response(status, body), Timestamp::UNIX_EPOCH).unwrap_err()
    }

    #[test]
    fn older_bookings_have_codes_of_their_own() {
        let path = "/member/members/m/bookings";
        let inner = |code: &str| json!({"code": "ERROR", "data": {"errorCode": code}});
        assert!(matches!(error_of(Method::PUT, path, 400, &inner("603")), Error::AlreadyBooked { .. }));
        assert!(matches!(
            error_of(Method::PUT, path, 400, &inner("602")),
            Error::OutsideSchedulingWindow { .. }
        ));
        assert!(matches!(error_of(Method::PUT, path, 400, &inner("601")), Error::Http { status: 400, .. }));
        let canceled = json!({"code": "NOT_AUTHORIZED", "message": "This class booking has been cancelled."});
        let error = error_of(Method::DELETE, "/member/members/m/bookings/b", 403, &canceled);
        assert!(matches!(error, Error::BookingAlreadyCanceled { .. }));
        let elsewhere = error_of(Method::DELETE, "/member/members/m", 403, &canceled);
        assert!(matches!(elsewhere, Error::Http { .. }));
    }

    #[test]
    fn a_refused_token_is_nothing_else() {
        let error =
            error_of(Method::POST, "/v1/bookings/me", 401, &json!({"code": "BOOKING_ALREADY_BOOKED"}));
        assert!(error.is_authentication(), "{error:?}");
    }

    #[test]
    fn a_second_rating_is_forbidden() {
        let error = error_of(Method::POST, "/mobile/v1/members/classes/ratings", 403, &json!({}));
        assert!(matches!(error, Error::AlreadyRated { .. }));
    }

    #[test]
    fn what_the_service_said_stays_with_the_error() {
        let shown = |path: &str, status, body| error_of(Method::POST, path, status, &body).to_string();
        let body = json!({"code": "BOOKING_CLASS_FULL", "message": "No place left."});
        assert_eq!(
            shown("/v1/bookings/me", 409, body),
            "POST /v1/bookings/me: the class is full: No place left. (BOOKING_CLASS_FULL); its waitlist may be available"
        );
        let body = json!({"code": "ERROR", "message": "Too early.", "data": {"errorCode": "602"}});
        assert_eq!(
            shown("/member/members/m/bookings", 400, body),
            "POST /member/members/m/bookings: the class is outside the scheduling window: Too early. (602)"
        );
        let ratings = "/mobile/v1/members/classes/ratings";
        assert_eq!(shown(ratings, 403, json!({})), format!("POST {ratings}: the class is already rated"));
        assert_eq!(
            shown("/x", 429, json!({"message": "Slow down."})),
            "POST /x: too many requests: Slow down.; retry later"
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
            check_response(&call, response(200, &body), Timestamp::UNIX_EPOCH).unwrap();
        }
    }

    #[test]
    fn a_page_is_no_message() {
        let error = error_of(Method::GET, "/x", 500, &json!({"message": "x".repeat(10_000)}));
        assert!(error.to_string().len() < 400);
    }

    #[test]
    fn a_message_is_one_line_and_moves_no_cursor() {
        let body = json!({"code": "A\u{7}B", "message": "gone\r\n\u{1b}[2Jok"});
        let shown = error_of(Method::GET, "/x", 500, &body).to_string();
        assert_eq!(shown, "GET /x: HTTP status 500: gone   [2Jok (A B)");
    }
}
