//! One request to an endpoint, before it gets a host and a token.

use std::fmt;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::endpoints::Host;
use crate::error::{Error, Result};

/// Everything but RFC 3986's unreserved characters (section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request as the API methods describe it.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) host: Host,
    /// Percent-encoded.
    pub(crate) path: String,
    /// Percent-encoded, without the `?`; empty for none.
    pub(crate) query: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    /// For a write: what to look up if it is unknown whether it took effect.
    pub(crate) hint: &'static str,
    /// How long its response may be cached.
    pub(crate) cache_for: Option<Duration>,
    /// How long a 404 may be cached.
    pub(crate) cache_not_found_for: Option<Duration>,
    /// Whether an empty response is requested once more, and then decoded instead of being `NotFound`.
    pub(crate) may_be_empty: bool,
    /// Whether it carries an AWS signature instead of the token.
    pub(crate) signed: bool,
}

impl Call {
    pub(crate) fn get(host: Host, path: impl Into<String>) -> Self {
        Self::new(Method::GET, host, path)
    }

    pub(crate) fn post(host: Host, path: impl Into<String>) -> Self {
        Self::new(Method::POST, host, path)
    }

    pub(crate) fn delete(host: Host, path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, host, path)
    }

    pub(crate) fn new(method: Method, host: Host, path: impl Into<String>) -> Self {
        Self {
            method,
            host,
            path: path.into(),
            query: String::new(),
            headers: Vec::new(),
            body: None,
            hint: "look up whether it did",
            cache_for: None,
            cache_not_found_for: None,
            may_be_empty: false,
            signed: false,
        }
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        percent_encode(name, &mut self.query);
        self.query.push('=');
        percent_encode(value.as_ref(), &mut self.query);
        self
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets a JSON body.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(|error| Error::invalid("body", error.to_string()))?;
        self.body = Some(body);
        Ok(self)
    }

    /// Sets what to look up if it is unknown whether this write took effect.
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// Lets the response be cached.
    pub(crate) fn cache_for(mut self, lifetime: Duration) -> Self {
        self.cache_for = Some(lifetime);
        self
    }

    /// Lets a 404 be cached too.
    pub(crate) fn cache_not_found_for(mut self, lifetime: Duration) -> Self {
        self.cache_not_found_for = Some(lifetime);
        self
    }

    /// For what the service may not have yet: an empty response ([`is_empty`](super::is_empty)) is requested once
    /// more, and then left to the decoder.
    pub(crate) fn may_be_empty(mut self) -> Self {
        self.may_be_empty = true;
        self
    }

    /// How errors and the log name it: method and path, without the query.
    pub(crate) fn endpoint(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The request to a host, without a token.
    pub(super) fn to_request(&self, base: &str, user_agent: &HeaderValue) -> Result<Request<Vec<u8>>> {
        let mut uri = format!("{base}{}", self.path);
        if !self.query.is_empty() {
            uri.push('?');
            uri.push_str(&self.query);
        }
        let mut request = Request::new(self.body.clone().unwrap_or_default());
        request.method_mut().clone_from(&self.method);
        *request.uri_mut() = Uri::try_from(uri).map_err(|_| Error::invalid("path", "not valid in a URL"))?;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, user_agent.clone());
        if self.body.is_some() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Error::invalid("header", "not a valid header name"))?;
            let value = HeaderValue::from_str(value)
                .map_err(|_| Error::invalid("header", format!("not a valid value for {name}")))?;
            headers.try_append(name, value).map_err(|_| Error::invalid("header", "too many headers"))?;
        }
        Ok(request)
    }

    pub(crate) fn is_write(&self) -> bool {
        !self.method.is_safe()
    }
}

/// Without query, headers and body, which contain personal data.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// An id as a percent-encoded path segment; an error if it is not valid, so that no id reaches another path.
pub(crate) fn segment(argument: &'static str, id: &str) -> Result<String> {
    if id.trim().is_empty() {
        return Err(Error::invalid(argument, "empty id"));
    }
    if id.len() > 256 {
        return Err(Error::invalid(argument, "longer than 256 bytes"));
    }
    if id == "." || id == ".." || id.chars().any(char::is_control) {
        return Err(Error::invalid(argument, "not a valid id"));
    }
    Ok(utf8_percent_encode(id, RESERVED).collect())
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub(crate) fn percent_encode(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded_and_keep_their_order() {
        let call = Call::get(Host::Io, "/x").query("studio_ids", "a&b").query("studio_ids", "ü=+ %");
        assert_eq!(call.query, "studio_ids=a%26b&studio_ids=%C3%BC%3D%2B%20%25");
    }

    #[test]
    fn an_id_stays_one_segment() {
        assert_eq!(segment("id", "a/b").unwrap(), "a%2Fb");
        assert_eq!(segment("id", "...").unwrap(), "...");
        assert_eq!(segment("id", "%2e%2e").unwrap(), "%252e%252e");
        for bad in ["", ".", "..", "a\0", "\u{7f}"] {
            assert!(segment("id", bad).is_err(), "{bad:?}");
        }
    }
}
