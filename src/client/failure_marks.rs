//! Failures that a 2xx response reports in its body.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// How a body reports a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// By an HTTP status in `status` or `Status`.
    Status(u16),
    /// By `code: "ERROR"`, an `error`, or `success: false`.
    Reported,
    /// By contradictory marks, or an invalid status.
    Unclear,
}

/// The failure that a body with status 2xx reports, if any. Only an object can.
pub(super) fn hidden_failure(body: &[u8]) -> Option<Failure> {
    if !body.trim_ascii_start().starts_with(b"{") || !may_hide_failure(body) {
        return None;
    }
    // A body that is not JSON is a decoding error later.
    serde_json::from_slice::<Marks>(body).ok()?.failure()
}

/// Whether a mark occurs anywhere in the body. This takes a fraction of the time that parsing a long list would. An
/// escape may spell a key, so it counts as a mark.
fn may_hide_failure(body: &[u8]) -> bool {
    const MARKS: [&str; 8] = [
        "\"error\"",
        "\"Error\"",
        "\"ERROR\"",
        "\"Status\"",
        "\"status\"",
        "\"success\"",
        "\"Success\"",
        "\\u",
    ];
    str::from_utf8(body).map_or(true, |body| MARKS.iter().any(|mark| body.contains(mark)))
}

/// What each top-level mark of a body says: no failure, or which one.
#[derive(Default)]
struct Marks(Vec<(&'static str, Option<Failure>)>);

impl Marks {
    fn failure(&self) -> Option<Failure> {
        let twice_and_different = self.0.iter().enumerate().any(|(index, (key, meaning))| {
            self.0.iter().skip(index.saturating_add(1)).any(|(other, says)| other == key && says != meaning)
        });
        if twice_and_different {
            return Some(Failure::Unclear);
        }
        let failures = || self.0.iter().filter_map(|(_, failure)| *failure);
        // A clear mark says more than an unclear one beside it, and a status more than other marks.
        let status = failures().find(|failure| matches!(failure, Failure::Status(_)));
        status
            .or_else(|| failures().find(|failure| *failure == Failure::Reported))
            .or_else(|| failures().next())
    }

    fn read(key: &str, value: &Value) -> Option<(&'static str, Option<Failure>)> {
        let reported = |failed: bool| failed.then_some(Failure::Reported);
        Some(match key {
            "code" => {
                ("code", reported(value.as_str().is_some_and(|code| code.eq_ignore_ascii_case("ERROR"))))
            }
            "error" | "Error" => ("error", reported(!matches!(value, Value::Null | Value::Bool(false)))),
            "success" | "Success" => ("success", success(value)),
            "status" | "Status" => ("status", status(value)),
            _ => return None,
        })
    }
}

fn success(value: &Value) -> Option<Failure> {
    match value {
        Value::Bool(true) | Value::Null => None,
        Value::Bool(false) => Some(Failure::Reported),
        Value::String(text) if text.eq_ignore_ascii_case("true") => None,
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(Failure::Reported),
        Value::Number(number) if number.as_f64() == Some(1.0) => None,
        _ => Some(Failure::Unclear),
    }
}

/// A number, or text that is one, is an HTTP status. Other text is data, such as `Active`.
fn status(value: &Value) -> Option<Failure> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        Value::Bool(false) => return Some(Failure::Unclear),
        _ => return None,
    };
    match status_code(number) {
        Some(200..=299) => None,
        Some(status) => Some(Failure::Status(status)),
        None => Some(Failure::Unclear),
    }
}

fn status_code(number: f64) -> Option<u16> {
    (100_u16..1000).find(|status| f64::from(*status) == number)
}

impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Top;

        impl<'de> Visitor<'de> for Top {
            type Value = Marks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Marks, A::Error> {
                let mut marks = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if matches!(
                        key.as_str(),
                        "code" | "error" | "Error" | "success" | "Success" | "status" | "Status"
                    ) {
                        marks.extend(Marks::read(&key, &map.next_value()?));
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Marks(marks))
            }
        }

        deserializer.deserialize_map(Top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_marks_are_failures() {
        for (body, failure) in [
            (r#"{"code": "ERROR"}"#, Failure::Reported),
            (r#"{"error": {"code": 7}}"#, Failure::Reported),
            (r#"{"success": false}"#, Failure::Reported),
            (r#"{"success": "False"}"#, Failure::Reported),
            (r#"{"Status": 404}"#, Failure::Status(404)),
            (r#"{"Status": "404"}"#, Failure::Status(404)),
            (r#"{"Status": 404.0}"#, Failure::Status(404)),
            (r#"{"status": 500, "code": "ERROR"}"#, Failure::Status(500)),
            (r#"{"status": 404, "Status": 404}"#, Failure::Status(404)),
            (r#"{"st\u0061tus": 404}"#, Failure::Status(404)),
        ] {
            assert_eq!(hidden_failure(body.as_bytes()), Some(failure), "{body}");
        }
    }

    #[test]
    fn unclear_marks_are_failures() {
        for body in [
            r#"{"status": 200, "status": 404}"#,
            r#"{"status": 404, "status": 200}"#,
            r#"{"code": "ERROR", "code": "SUCCESS"}"#,
            r#"{"status": 200, "Status": 500}"#,
            r#"{"status": -1}"#,
            r#"{"status": 0}"#,
            r#"{"status": "-404"}"#,
            r#"{"status": 404.5}"#,
            r#"{"status": 4040404040404040404040}"#,
            r#"{"status": false}"#,
            r#"{"success": 0}"#,
            r#"{"success": "no"}"#,
        ] {
            assert_eq!(hidden_failure(body.as_bytes()), Some(Failure::Unclear), "{body}");
        }
    }

    #[test]
    fn a_success_that_looks_odd_is_still_one() {
        for body in [
            r#"{"code": "SUCCESS", "code": "SUCCESS"}"#,
            r#"{"error": null}"#,
            r#"{"error": false, "success": true}"#,
            r#"{"Status": 200}"#,
            r#"{"Status": "201", "success": 1}"#,
            r#"{"status": "Active"}"#,
            r#"{"status": null}"#,
            r#"{"items": [{"code": "ERROR", "status": 404}]}"#,
            "[]",
            r#"[{"status": 404}]"#,
            r#"["ERROR", null, 500, 500]"#,
            "",
            "{",
        ] {
            assert_eq!(hidden_failure(body.as_bytes()), None, "{body}");
        }
    }
}
