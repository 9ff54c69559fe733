//! The way past the models.

use std::fmt;

use http::Method;
use serde::Serialize;
use serde_json::Value;

use crate::client::{Call, Client};
use crate::endpoints::Host;
use crate::error::{Error, Result};

/// A request of any endpoint; see [`Otf::request`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone)]
pub struct RawRequest<'a> {
    client: &'a Client,
    call: Result<Call, String>,
}

impl<'a> RawRequest<'a> {
    pub(crate) fn new(client: &'a Client, method: Method, host: Host, path: &str) -> Self {
        let call = match check_path(path) {
            Ok(()) => Ok(Call::new(method, host, path)),
            Err(reason) => Err(reason.to_owned()),
        };
        Self { client, call }
    }

    /// Adds a query parameter; it is percent-encoded.
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
        self.call = self.call.and_then(|call| call.json(body).map_err(|error| error.to_string()));
        self
    }

    /// Signs the request with temporary AWS credentials, as `/member/app-configurations` wants it.
    pub fn signed(mut self) -> Self {
        if let Ok(call) = &mut self.call {
            call.signed = true;
        }
        self
    }

    /// Sends it and gives the answer's JSON; `Null` where a write was answered without a body.
    ///
    /// # Errors
    ///
    /// As for any call; [`Error::InvalidInput`] for a path that is none, [`Error::Decode`] for an answer that is
    /// not JSON, and for a write that may have taken [`Error::OutcomeUnknown`].
    pub fn send(self) -> Result<Value> {
        let call = self.call.map_err(|reason| Error::invalid("request", reason))?;
        self.client.json(&call)
    }
}

/// Without query, headers and body, which can hold personal data.
impl fmt::Debug for RawRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawRequest").field(&self.call.as_ref().map(Call::endpoint)).finish()
    }
}

fn check_path(path: &str) -> Result<(), &'static str> {
    if !path.starts_with('/') {
        return Err("the path has to start with /");
    }
    if path.contains(['?', '#']) {
        return Err("the path has to be without a query: use `query`");
    }
    if path.split('/').any(|segment| segment == "." || segment == "..") {
        return Err("the path has to be plain, without . and ..");
    }
    let plain = |byte: u8| byte.is_ascii_graphic();
    if !path.bytes().all(plain) {
        return Err("the path has to be percent-encoded");
    }
    Ok(())
}
