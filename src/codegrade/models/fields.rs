//! How single fields are read.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp, civil};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::secret::Secret;

/// The longest plausible duration, about 136 years.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

/// A value, or the default in place of anything else.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// A list, without the items that are of another type.
pub(super) fn lenient_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let items: Vec<Value> = lenient(deserializer)?;
    Ok(items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect())
}

/// A number, or a text of one.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(to_number(&Value::deserialize(deserializer)?))
}

/// A whole number, or a text of one.
pub(super) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// ISO 8601; without an offset it is UTC.
pub(super) fn timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text: String = lenient(deserializer)?;
    let without_offset =
        |_| text.parse::<civil::DateTime>()?.to_zoned_datetime(TimeZone::UTC).map(|zoned| zoned.timestamp());
    Ok(text.parse().or_else(without_offset).ok())
}

/// As [`to_duration`] reads it.
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    Ok(to_duration(&Value::deserialize(deserializer)?))
}

/// Seconds or an ISO 8601 duration, days counting as 24 hours. A negative one counts as absent.
pub(in crate::codegrade) fn to_duration(value: &Value) -> Option<Duration> {
    let seconds = match (to_number(value), value) {
        (Some(seconds), _) => seconds,
        (None, Value::String(text)) => {
            let span: Span = text.parse().ok()?;
            span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.as_secs_f64()
        }
        _ => return None,
    };
    (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST))
}

/// In seconds, as [`duration`] reads it.
pub(super) fn serialize_duration<S: serde::Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match duration {
        Some(duration) => serializer.serialize_some(&duration.as_secs_f64()),
        None => serializer.serialize_none(),
    }
}

/// Permissions by name; values other than `true` and `false` are left out.
pub(super) fn permissions<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, bool>, D::Error> {
    let all: BTreeMap<String, Value> = lenient(deserializer)?;
    Ok(all.into_iter().filter_map(|(name, value)| Some((name, value.as_bool()?))).collect())
}

/// A text. An error does not show the value found instead, which may be a secret too.
pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) if !text.is_empty() => Ok(Secret::new(text)),
        _ => Err(D::Error::custom("invalid token, expected a string")),
    }
}

fn to_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}
