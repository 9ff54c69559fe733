//! Requests to endpoints without a method.

use std::fmt;
use std::sync::Arc;

use http::{Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::Call;
use super::client::{CodeGrade, decode};
use super::error::{Error, Result};
use super::paged::Paged;
use super::stored::Grant;

/// A request to any endpoint; see [`Session::request`](super::Session::request).
///
/// Any 2xx is a success. A GET is retried; any other request is sent again only if it never left this machine, and is
/// an [`Error::OutcomeUnknown`] if it may have taken effect.
///
/// ```no_run
/// # fn example(session: otf_api::codegrade::Session) -> otf_api::codegrade::Result<()> {
/// use std::collections::BTreeMap;
/// use otf_api::http::Method;
///
/// let permissions: BTreeMap<String, bool> =
///     session.request(Method::GET, "/api/v1/permissions/").query("type", "global").decode()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before `send`, `decode` or `pages`"]
pub struct ApiRequest {
    server: CodeGrade,
    call: Result<Call>,
}

impl ApiRequest {
    pub(super) fn new(server: &CodeGrade, grant: &Arc<Grant>, method: Method, path: String) -> Self {
        let call = match check_path(&path) {
            Ok(()) => {
                let mut call = Call::new(method, path).grant(grant);
                call.any_success = true;
                Ok(call)
            }
            Err(reason) => Err(Error::invalid("path", reason)),
        };
        Self { server: server.clone(), call }
    }

    /// Adds a query parameter. It is percent-encoded.
    pub fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.call = self.call.map(|call| call.query(name, value.as_ref()));
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.call = self.call.and_then(|call| call.json(body));
        self
    }

    /// Sets the body of an HTML form.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.call = self.call.map(|call| call.form(fields));
        self
    }

    /// Sends it and returns the response, whose body need not be JSON.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn send(self) -> Result<Response<Vec<u8>>> {
        self.server.send(&self.call?, |response| Ok(response.clone()))
    }

    /// Sends it and decodes the JSON of the response.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn decode<T: DeserializeOwned>(self) -> Result<T> {
        self.server.send(&self.call?, |response| decode(response.body()))
    }

    /// The items of a list that comes page by page. Nothing is sent yet.
    pub fn pages<T>(self) -> Paged<T> {
        let call = self.call;
        Paged::new(&self.server, move || call, 100)
    }
}

fn check_path(path: &str) -> Result<(), &'static str> {
    if !path.starts_with('/') {
        return Err("it must start with /");
    }
    if path.contains(['?', '#']) {
        return Err("it must not have a query or fragment; use `query`");
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("it must not have the segments . and ..");
    }
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("it must be percent-encoded");
    }
    Ok(())
}

impl fmt::Debug for ApiRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ApiRequest").field(&self.call).finish()
    }
}
