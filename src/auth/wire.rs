//! JSON of the sign-in: requests, responses, tokens and stored files.
//!
//! Its size is bounded, its UTF-8 is validated once, and errors never show a value, which may be a token.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use zeroize::Zeroizing;

/// More than three tokens of maximum length.
const MAX_SIZE: usize = 1024 * 1024;

/// Where written JSON starts: a buffer that grows leaves unwiped copies behind.
const BUFFER_SIZE: usize = 16 * 1024;

/// Why JSON could not be read or written, without any of its values.
#[derive(Debug)]
pub(super) struct WireError(String);

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WireError {}

/// Reads a JSON object into a struct.
pub(super) fn from_json<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, WireError> {
    if json.len() > MAX_SIZE {
        return Err(WireError("larger than any JSON of the sign-in".to_owned()));
    }
    let text = str::from_utf8(json).map_err(|_| WireError("not UTF-8".to_owned()))?;
    // Derived structs would read a list by position.
    if !text.trim_start().starts_with('{') {
        return Err(WireError("not a JSON object".to_owned()));
    }
    serde_json::from_str(text).map_err(|error| WireError(without_values(&error)))
}

/// Writes a struct as JSON that is wiped when it is dropped.
pub(super) fn to_json(value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, WireError> {
    let mut json = Zeroizing::new(Vec::with_capacity(BUFFER_SIZE));
    serde_json::to_writer(&mut *json, value).map_err(|error| WireError(without_values(&error)))?;
    Ok(json)
}

/// The message of an error. Messages about data quote the value, unless they are about the field as a whole.
fn without_values(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let names_field = ["missing field `", "duplicate field `"].iter().any(|start| message.starts_with(start));
    if error.classify() != Category::Data || names_field {
        return message;
    }
    format!("unexpected value at line {} column {}", error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[derive(Deserialize, Serialize, Debug)]
    struct Example {
        token: Secret,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    }

    fn error(json: &[u8]) -> String {
        from_json::<Example>(json).unwrap_err().to_string()
    }

    #[test]
    fn unknown_fields_are_skipped_whatever_they_hold() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        let json = format!(
            r#" {{"huge": 1e400, "deep": {deep}, "x": 1, "x": 2, "token": "a\u00e9", "name": null}} "#
        );
        let example: Example = from_json(json.as_bytes()).unwrap();
        assert_eq!((example.token.expose(), example.name), ("aé", None));
    }

    #[test]
    fn errors_show_no_value() {
        for json in [
            r#"{"token": ["secret"]}"#,
            r#"{"token": {"secret": 1}}"#,
            r#"{"token": "a", "name": 123456}"#,
            r#"{"name": "secret"}"#,
            r#"{"token": "secret", "token": "secret"}"#,
            r#"{"token": "secret"#,
            r#"{"token": secret}"#,
            r#"{"token": "a"} secret"#,
            r#"["secret", "secret"]"#,
            r#""secret""#,
            "{\"token\": \"secret\u{1}\"}",
        ] {
            let error = error(json.as_bytes());
            assert!(!error.contains("secret") && !error.contains("123456"), "{json}: {error}");
        }
        assert_eq!(error(br#"{"token": "a", "token": "b"}"#), "duplicate field `token` at line 1 column 22");
        assert_eq!(error(br#"{"token": 5}"#), "unexpected value at line 1 column 11");
    }

    #[test]
    fn anything_but_an_object_in_utf8_is_refused() {
        for json in
            [&b""[..], b"null", b"5", b"[]", b"\xef\xbb\xbf{}", b"{\"token\": \"\xff\"}", b"{", b"{}{}"]
        {
            assert!(from_json::<Example>(json).is_err(), "{json:?}");
        }
    }

    #[test]
    fn size_is_bounded() {
        let padded = |length: usize| format!("{{\"token\":\"\"}}{}", " ".repeat(length - 12));
        assert!(from_json::<Example>(padded(MAX_SIZE).as_bytes()).is_ok());
        assert!(error(padded(MAX_SIZE + 1).as_bytes()).starts_with("larger than"));
    }

    #[test]
    fn secrets_are_written_in_full() {
        let json = to_json(&Example { token: "a\"b".into(), name: None }).unwrap();
        assert_eq!(&**json, br#"{"token":"a\"b"}"#);
    }
}
