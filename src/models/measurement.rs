//! Results, as numbers or as times.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::decode::Scalar;
use crate::decode::scalar::deserialize_scalar;
use crate::error::printable;

/// A figure that the service sends as a number (`2323.0`) or as a text (`"00:33.50"`, `"11:17"`, `"0"`). It preserves
/// the form, and converts to a number or to seconds.
#[doc(alias = "ChallengeResult")]
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Measurement {
    /// A number, in the unit of the field next to it.
    Number(f64),
    /// A text: most often a time.
    Text(String),
}

impl Measurement {
    /// The number, also from a text that is a JSON number; `None` for times and other texts.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => f64::from_text(text),
        }
    }

    /// The seconds of a time (`minutes:seconds` or `hours:minutes:seconds`, with or without fractions); `None` for
    /// numbers and other texts.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        let Self::Text(text) = self else { return None };
        let (first, rest) = text.trim().split_once(':')?;
        rest.split(':').try_fold(whole(first)?, |sum, part| {
            let (integer, fraction) = part.split_once('.').unwrap_or((part, "0"));
            whole(integer)?;
            whole(fraction)?;
            Some(sum * 60.0 + part.parse::<f64>().ok()?)
        })
    }

    /// The text; `None` for numbers.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Number(_) => None,
            Self::Text(text) => Some(text),
        }
    }
}

/// Digits and nothing else.
fn whole(digits: &str) -> Option<f64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::Text(text) => f.pad(&printable(text)),
        }
    }
}

impl Serialize for Measurement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl Scalar for Measurement {
    const EXPECTED: &'static str = "a number or a text";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self::Text(text.to_owned()))
    }

    fn from_integer(integer: i128) -> Option<Self> {
        f64::from_integer(integer).map(Self::Number)
    }

    fn from_float(float: f64) -> Option<Self> {
        f64::from_float(float).map(Self::Number)
    }
}

deserialize_scalar!(Measurement);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_number_or_a_time() {
        let figure = |json: &str| serde_json::from_str::<Measurement>(json).unwrap();
        let both = |json: &str| (figure(json).number(), figure(json).seconds());
        assert_eq!(both("2323.0"), (Some(2323.0), None));
        assert_eq!(both("2323"), (Some(2323.0), None));
        assert_eq!(both(r#""00:33.50""#), (None, Some(33.5)));
        assert_eq!(both(r#""11:17""#), (None, Some(677.0)));
        assert_eq!(both(r#""00:11:17.00""#), (None, Some(677.0)));
        assert_eq!(both(r#""1:00:00""#), (None, Some(3600.0)));
        assert_eq!(both(r#""0""#), (Some(0.0), None));
        for text in ["__MASKED__", ":", "1:", "-1:00", "1:-1", "1:1e3", "a:10", "1:2.3.4", "1: 5"] {
            assert_eq!(both(&format!("{text:?}")).1.filter(|_| text != ":" && text != "1:"), None, "{text}");
        }
        assert_eq!(serde_json::to_string(&figure("2323.0")).unwrap(), "2323.0");
        assert_eq!(serde_json::to_string(&figure(r#""0""#)).unwrap(), r#""0""#);
        assert_eq!(figure(r#""11:17""#).to_string(), "11:17");
        assert!(serde_json::from_str::<Measurement>("true").is_err());
    }
}
