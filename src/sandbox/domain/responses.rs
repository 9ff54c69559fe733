//! The service's envelopes and errors.

use serde_json::{Value, json};

use crate::sandbox::http::Response;

/// `{"code": "SUCCESS", "data": …}`, the envelope of the default host.
pub(super) fn success(data: &Value) -> Response {
    Response::json(200, &json!({ "code": "SUCCESS", "data": data }))
}

/// `{"Status": 200, "Message": "Success", "Dto": …}`, the envelope of the challenges.
pub(super) fn dto(data: &Value) -> Response {
    Response::json(200, &json!({ "Status": 200, "Message": "Success", "Dto": data }))
}

/// An error with a code of the service.
pub(super) fn error(status: u16, code: &str, message: &str) -> Response {
    Response::json(status, &json!({ "code": code, "message": message }))
}

/// An error of the older booking endpoints, with a number inside `data`.
pub(super) fn numbered_error(number: &str, message: &str) -> Response {
    let body = json!({
        "code": "BAD_REQUEST",
        "message": message,
        "data": { "errorCode": number, "message": message },
    });
    Response::json(400, &body)
}

pub(super) fn not_found(what: &str) -> Response {
    error(404, "NOT_FOUND", &format!("{what} was not found"))
}

pub(super) fn forbidden() -> Response {
    error(403, "FORBIDDEN", "You may not see this member")
}

pub(super) fn bad_request(message: &str) -> Response {
    error(400, "BAD_REQUEST", message)
}

/// Nulls some fields of an object and removes others, as the service does for accounts that it knows little
/// about.
pub(super) fn thin(object: &mut Value, nulled: &[&str], absent: &[&str]) {
    let Some(fields) = object.as_object_mut() else { return };
    for name in nulled {
        fields.insert((*name).to_owned(), Value::Null);
    }
    for name in absent {
        fields.remove(*name);
    }
}

/// Adds the fields of a second object. (A `json!` of more than some fifty fields is too deep for the
/// compiler.)
pub(super) fn add(object: &mut Value, more: Value) {
    if let (Value::Object(fields), Value::Object(more)) = (object, more) {
        fields.extend(more);
    }
}

/// The service sends whole numbers without a fraction.
pub(super) fn whole(sum: f64) -> Value {
    if sum.fract() == 0.0 { json!(sum as i64) } else { json!(sum) }
}
