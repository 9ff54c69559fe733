//! One call of an endpoint, before it has a host and a token.

use std::fmt::{self, Write};
use std::time::Duration;

use http::Method;
use serde::Serialize;

use crate::endpoints::Host;
use crate::error::{Error, Result};

/// A call as a domain method writes it down.
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
    /// For a write: what to look up when it is not known whether it took effect.
    pub(crate) hint: &'static str,
    /// How long its answer may be kept and used again.
    pub(crate) keep: Option<Duration>,
    /// Whether it wants an AWS signature in place of the token.
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
            keep: None,
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

    /// Says what to look up when it is not known whether this write took effect.
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// Lets the answer be kept and used again for a while.
    pub(crate) fn keep(mut self, keep: Duration) -> Self {
        self.keep = Some(keep);
        self
    }

    /// How errors and the log name it: method and path, without the query.
    pub(crate) fn endpoint(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(crate) fn is_write(&self) -> bool {
        !self.method.is_safe()
    }
}

/// Without query, headers and body: addresses and numbers of people are in them.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// An id as a path segment, percent-encoded; refused where it is none, so that no id reaches another path.
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
    let mut encoded = String::with_capacity(id.len());
    percent_encode(id, &mut encoded);
    Ok(encoded)
}

/// Encodes all but RFC 3986's unreserved characters (section 2.3).
pub(crate) fn percent_encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
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
