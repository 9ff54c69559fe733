//! The JSON protocol that the user pool and the identity pool speak (AWS JSON 1.1).

use serde_json::{Value, json};

use super::http::{Request, Response};

/// The prefix of the user pool's operations in `X-Amz-Target`.
pub(super) const USER_POOL_TARGET: &str = "AWSCognitoIdentityProviderService.";
/// The prefix of the identity pool's operations in `X-Amz-Target`.
pub(super) const IDENTITY_POOL_TARGET: &str = "AWSCognitoIdentityService.";
pub(super) const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// An error in AWS's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AwsError {
    pub(crate) kind: String,
    pub(crate) message: String,
}

impl AwsError {
    pub(crate) fn new(kind: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind: kind.into(), message: message.into() }
    }

    pub(crate) fn not_authorized(message: impl Into<String>) -> Self {
        Self::new("NotAuthorizedException", message)
    }

    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::invalid_parameter(format!("Missing required parameter {parameter}"))
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    pub(super) fn response(&self) -> Response {
        let mut response = reply(400, &json!({"__type": self.kind, "message": self.message}));
        response.headers.push(("x-amzn-ErrorType".to_owned(), format!("{}:", self.kind)));
        response.headers.push(("x-amzn-ErrorMessage".to_owned(), ascii(&self.message)));
        response
    }
}

/// The result of an operation.
pub(crate) type AwsResult = Result<Value, AwsError>;

/// The response to an operation.
pub(super) fn response(result: &AwsResult) -> Response {
    match result {
        Ok(value) => reply(200, value),
        Err(error) => error.response(),
    }
}

/// The parameters of an operation: a JSON object, with the protocol's own content type.
pub(super) fn parameters(request: &Request) -> AwsResult {
    let content_type = request.header("content-type").unwrap_or_default();
    if content_type.split(';').next().map(str::trim) != Some(CONTENT_TYPE) {
        return Err(AwsError::new("SerializationException", format!("content type {content_type:?}")));
    }
    match request.json() {
        body @ Value::Object(_) => Ok(body),
        _ => Err(AwsError::new("SerializationException", "the body is not a JSON object")),
    }
}

/// A required string of a request.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, AwsError> {
    optional_text(value, name)?.filter(|text| !text.is_empty()).ok_or_else(|| AwsError::missing(name))
}

/// An optional string of a request. Another type is an error.
pub(crate) fn optional_text<'a>(value: &'a Value, name: &str) -> Result<Option<&'a str>, AwsError> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(AwsError::new("SerializationException", format!("{name} is not a string"))),
    }
}

/// Sets a member of an object.
pub(crate) fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
}

fn reply(status: u16, body: &Value) -> Response {
    let mut response = Response::json(status, body);
    response.headers = vec![("content-type".to_owned(), CONTENT_TYPE.to_owned())];
    response
}

fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' }).collect()
}
