//! One request, before it is sent.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use zeroize::Zeroizing;

use super::error::{Error, Result};
use super::stored::Grant;
use crate::secret::Secret;

/// All but the unreserved characters (RFC 3986, section 2.3) are encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest id that is sent.
const LONGEST_ID: usize = 256;

/// A request of an endpoint.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Percent-encoded.
    path: String,
    /// How errors and the log name it.
    pub(super) name: String,
    /// Percent-encoded, without the question mark.
    query: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    /// Whose token it carries.
    pub(super) grant: Option<Arc<Grant>>,
    /// Whether any 2xx is a success: the documented calls respond with exactly 200.
    pub(super) any_success: bool,
    pub(super) not_found_hint: Option<&'static str>,
    /// For a write: what to do if its outcome is unknown.
    pub(super) unknown_hint: &'static str,
    /// What must not appear in an error.
    pub(super) private: Vec<Secret>,
}

impl Call {
    pub(super) fn new(method: Method, path: impl Into<String>) -> Self {
        let path = path.into();
        Self {
            name: format!("{method} {path}"),
            method,
            path,
            query: String::new(),
            headers: HeaderMap::new(),
            body: None,
            grant: None,
            any_success: false,
            not_found_hint: None,
            unknown_hint: "look it up before sending it again",
            private: Vec::new(),
        }
    }

    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// Sets the name for errors, since the path contains something private.
    pub(super) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend(utf8_percent_encode(name, RESERVED));
        self.query.push('=');
        self.query.extend(utf8_percent_encode(value, RESERVED));
        self
    }

    /// Adds a header whose value is not shown. `argument` names what it holds.
    pub(super) fn header(mut self, argument: &'static str, name: HeaderName, value: &str) -> Result<Self> {
        let mut value =
            HeaderValue::from_str(value).map_err(|_| Error::invalid(argument, "not a valid header value"))?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    pub(super) fn json(self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(|error| Error::invalid("body", error.to_string()))?;
        Ok(self.body("application/json", body))
    }

    /// The body of an HTML form.
    pub(super) fn form(self, fields: &[(&str, &str)]) -> Self {
        let encode = |text| utf8_percent_encode(text, RESERVED);
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.body("application/x-www-form-urlencoded", fields.join("&").into_bytes())
    }

    fn body(mut self, content_type: &'static str, body: Vec<u8>) -> Self {
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = Some(body);
        self
    }

    pub(super) fn grant(mut self, grant: &Arc<Grant>) -> Self {
        self.grant = Some(Arc::clone(grant));
        self.private.push(grant.token.clone());
        self
    }

    pub(super) fn private(mut self, text: impl Into<Secret>) -> Self {
        self.private.push(text.into());
        self
    }

    pub(super) fn not_found(mut self, hint: &'static str) -> Self {
        self.not_found_hint = Some(hint);
        self
    }

    pub(super) fn unknown(mut self, hint: &'static str) -> Self {
        self.unknown_hint = hint;
        self
    }

    /// Whether it can be repeated because it changes nothing.
    pub(super) fn is_read(&self) -> bool {
        self.method.is_safe()
    }

    /// The request to the server at `base`.
    pub(super) fn request(&self, base: &str) -> Result<Request<Vec<u8>>> {
        let question_mark = if self.query.is_empty() { "" } else { "?" };
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(format!("{base}{}{question_mark}{}", self.path, self.query))
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, concat!("otf-api/", env!("CARGO_PKG_VERSION")))
            .body(self.body.clone().unwrap_or_default())
            .map_err(|_| Error::invalid("path", "not valid in a URL"))?;
        request.headers_mut().extend(self.headers.clone());
        if let Some(grant) = &self.grant {
            let bearer = Zeroizing::new(format!("Bearer {}", grant.token.expose()));
            let mut bearer = HeaderValue::from_str(&bearer)
                .map_err(|_| Error::invalid("token", "not a valid header value"))?;
            bearer.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        Ok(request)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// An id as a path segment. An id that would lead to another path is refused.
pub(super) fn segment(argument: &'static str, id: &str) -> Result<String> {
    let reason = if id.is_empty() {
        "it is empty"
    } else if id.len() > LONGEST_ID {
        "it is too long for an id"
    } else if id == "." || id == ".." || id.chars().any(char::is_control) {
        "not a valid id"
    } else {
        return Ok(utf8_percent_encode(id, RESERVED).to_string());
    };
    Err(Error::invalid(argument, reason))
}
