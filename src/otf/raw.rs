//! Requests to endpoints without a method.

use std::fmt;

use http::Method;
use serde::Serialize;
use serde_json::Value;

use crate::client::{Call, Client};
use crate::endpoints::Host;
use crate::error::{Error, Result};

/// A request to any endpoint; see [`Otf::request`](crate::Otf::request).
#[must_use = "nothing is sent before `send`"]
pub struct RawRequest<'a> {
    client: &'a Client,
    call: Result<Call>,
}

impl<'a> RawRequest<'a> {
    pub(super) fn new(client: &'a Client, method: Method, host: Host, path: &str) -> Self {
        let call =
            check_method(&method).and_then(|()| check_path(path)).map(|()| Call::new(method, host, path));
        Self { client, call }
    }

    /// Adds a query parameter. Name and value are percent-encoded.
    pub fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.call = self.call.map(|call| call.query(name, value));
        self
    }

    /// Adds a header, e.g. `koji-member-id`.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.call = self.call.map(|call| call.header(name, value));
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.call = self.call.and_then(|call| call.json(body));
        self
    }

    /// Signs the request with temporary AWS credentials, as `/member/app-configurations` requires.
    pub fn signed(mut self) -> Self {
        if let Ok(call) = &mut self.call {
            call.signed = true;
        }
        self
    }

    /// Sends the request and returns the response's JSON; `Null` if the response to a write has no body.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an invalid method, path, header or body; [`Error::Decode`] if the response is not
    /// JSON; [`Error::OutcomeUnknown`] if a write may have taken effect; and those of [any call](Error#any-call).
    pub fn send(self) -> Result<Value> {
        self.client.json(&self.call?)
    }
}

/// Omits query, headers and body, which can contain personal data.
impl fmt::Debug for RawRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawRequest").field(&self.call.as_ref().map(Call::endpoint)).finish()
    }
}

/// Refuses methods that do not act on a resource or that HTTP does not define: ureq would refuse them later, when a
/// write already counts as sent.
fn check_method(method: &Method) -> Result<()> {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    if known.contains(method) {
        return Ok(());
    }
    Err(Error::invalid("method", "must be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE"))
}

fn check_path(path: &str) -> Result<()> {
    let reason = if !path.starts_with('/') {
        "must start with /"
    } else if path.contains(['?', '#']) {
        "must not contain a query or fragment; use `query`"
    } else if path.split('/').any(|segment| segment == "." || segment == "..") {
        "must not contain . or .. segments"
    } else if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        "must be percent-encoded"
    } else {
        return Ok(());
    };
    Err(Error::invalid("path", reason))
}
