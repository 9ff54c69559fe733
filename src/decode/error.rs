//! Decoding errors with their JSON paths.

use std::fmt;

use super::json_path::{self, Step};
use crate::error::{redact, shorten};

/// A response that does not match its type.
///
/// It contains no value of the response, since an unexpected value may be private.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The JSON path from the response's root, such as `data.studios[3].studioUUId`; empty for the whole response.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for DecodeError {}

impl DecodeError {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }

    /// The crate's error for a response of `endpoint`.
    pub(crate) fn at(self, endpoint: &str) -> crate::Error {
        let path = if self.path.is_empty() { ".".to_owned() } else { shorten(&self.path) };
        crate::Error::Decode { endpoint: endpoint.to_owned(), path, reason: redact(&self.reason) }
    }

    /// The same error, with a path that starts above `keys`.
    pub(super) fn below(self, keys: &[&str]) -> Self {
        let outer = keys.join(".");
        let path = match (outer.as_str(), self.path.as_str()) {
            ("", _) => self.path,
            (_, "") => outer,
            (_, inner) if inner.starts_with('[') => outer + inner,
            (_, inner) => outer + "." + inner,
        };
        Self { path, reason: self.reason }
    }
}

/// An error of serde_json with the path to its line and column.
#[derive(Clone, Debug)]
pub(super) struct Misfit {
    pub(super) path: Vec<Step>,
    pub(super) reason: String,
}

impl Misfit {
    pub(super) fn new(error: &serde_json::Error, json: &str) -> Self {
        let mut reason = error.to_string();
        let mut path = Vec::new();
        if error.line() > 0 {
            let position = format!(" at line {} column {}", error.line(), error.column());
            reason.truncate(reason.strip_suffix(&position).unwrap_or(&reason).len());
            let lines = json.split_inclusive('\n');
            let before: usize = lines.take(error.line() - 1).map(str::len).sum();
            path = json_path::path_at(json, before.saturating_add(error.column()));
        }
        if !error.is_data() {
            reason = format!("not JSON: {reason}");
        }
        Self { path, reason: without_value(reason) }
    }

    pub(super) fn into_error(self) -> DecodeError {
        DecodeError { path: json_path::display(&self.path), reason: self.reason }
    }
}

/// Removes the value from serde's message: `invalid type: string "…", expected a map`.
fn without_value(reason: String) -> String {
    for kind in ["invalid type", "invalid value", "unknown variant"] {
        let Some(found) = reason.strip_prefix(kind) else { continue };
        let (found, expected) = found.rsplit_once(", expected ").unwrap_or((found, "something else"));
        // The value's kind is followed by the value in quotes or backticks.
        let found = found.split(['"', '`']).next().unwrap_or_default().trim_end();
        return format!("{kind}{found}, expected {expected}");
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_never_contains_value() {
        for (reason, expected) in [
            (r#"invalid type: string "a, expected b", expected i64"#, "invalid type: string, expected i64"),
            ("invalid value: integer `5`, expected a date", "invalid value: integer, expected a date"),
            ("unknown variant `x`, expected `a` or `b`", "unknown variant, expected `a` or `b`"),
            ("invalid type: map, expected i64", "invalid type: map, expected i64"),
            ("missing field `id`", "missing field `id`"),
        ] {
            assert_eq!(without_value(reason.to_owned()), expected);
        }
    }
}
