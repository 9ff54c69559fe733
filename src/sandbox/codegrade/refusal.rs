//! Errors, as the server words them.

use serde_json::{Value, json};

use crate::sandbox::http::Response;

/// A response that is an error.
pub(super) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    /// A member that this kind of error has.
    pub(super) more: Option<(&'static str, Value)>,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), more: None }
    }

    pub(super) fn response(self, request_id: &str) -> Response {
        let mut body = json!({
            "message": self.message,
            "description": "The sandbox refused the request.",
            "code": self.code,
            "request_id": request_id,
        });
        if let (Some((name, value)), Some(body)) = (self.more, body.as_object_mut()) {
            body.insert(name.to_owned(), value);
        }
        Response::json(self.status, &body)
    }
}

pub(super) fn not_found() -> Refusal {
    Refusal::new(404, "OBJECT_NOT_FOUND", "The requested object was not found.")
}

/// The caller lacks a permission.
pub(super) fn forbidden(permission: &str) -> Refusal {
    let mut refusal = Refusal::new(403, "INCORRECT_PERMISSION", "You do not have permission to do this.");
    refusal.more = Some(("missing_permissions", json!([permission])));
    refusal
}

pub(super) fn missing(name: &str) -> Refusal {
    Refusal::new(400, "MISSING_REQUIRED_PARAM", format!("{name} is missing or of the wrong type."))
}

pub(super) fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "INVALID_PARAM", message)
}
