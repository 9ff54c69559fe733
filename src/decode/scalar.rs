//! Texts, numbers, booleans and dates, each in any of the ways in which the service writes them.

use std::fmt;
use std::marker::PhantomData;

use jiff::{Timestamp, civil};
use serde::de::{Deserializer, Error, Unexpected, Visitor};

use super::date_time::WireDateTime;
use super::field::absent;
use crate::ids::{BookingId, BookingUuid, ClassId, ClassUuid, MemberUuid, PerformanceSummaryId, StudioUuid};

/// A value that is one JSON string, number or boolean.
pub(crate) trait Scalar: Sized {
    /// What is expected, for messages.
    const EXPECTED: &'static str;

    /// From a string that is not empty.
    fn from_text(text: &str) -> Option<Self>;

    fn from_integer(_integer: i128) -> Option<Self> {
        None
    }

    fn from_float(_float: f64) -> Option<Self> {
        None
    }

    fn from_bool(_bool: bool) -> Option<Self> {
        None
    }
}

/// Reads any scalar, for [`Lenient::read`](super::Lenient::read).
pub(super) struct ScalarVisitor<T> {
    is_required: bool,
    scalar: PhantomData<T>,
}

impl<T: Scalar> ScalarVisitor<T> {
    pub(super) fn new(is_required: bool) -> Self {
        Self { is_required, scalar: PhantomData }
    }

    fn found<E: Error>(self, value: Option<T>, found: Unexpected<'_>) -> Result<Option<T>, E> {
        if value.is_some() { Ok(value) } else { Err(E::invalid_value(found, &self)) }
    }
}

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        let value = if text.is_empty() { None } else { T::from_text(text) };
        if value.is_none() && text.trim().is_empty() {
            return absent(self.is_required);
        }
        self.found(value, Unexpected::Str(text))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Option<T>, E> {
        self.found(T::from_integer(integer.into()), Unexpected::Signed(integer))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Option<T>, E> {
        self.found(T::from_integer(integer.into()), Unexpected::Unsigned(integer))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Option<T>, E> {
        self.found(T::from_float(float), Unexpected::Float(float))
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<Option<T>, E> {
        self.found(T::from_bool(bool), Unexpected::Bool(bool))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        absent(self.is_required)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        absent(self.is_required)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Scalar for String {
    const EXPECTED: &'static str = "a text";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn from_integer(integer: i128) -> Option<Self> {
        Some(integer.to_string())
    }

    fn from_float(float: f64) -> Option<Self> {
        // `{:?}` keeps the `.0` of a whole number.
        Some(format!("{float:?}"))
    }
}

impl Scalar for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        text.parse().ok().or_else(|| Self::from_float(number(text)?))
    }

    fn from_integer(integer: i128) -> Option<Self> {
        Self::try_from(integer).ok()
    }

    fn from_float(float: f64) -> Option<Self> {
        // Beyond 2^53 a float does not tell whole numbers apart.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, reason = "whole and within ±2^53")]
        (float.fract() == 0.0 && float.abs() <= EXACT).then_some(float as Self)
    }
}

impl Scalar for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        number(text).or_else(|| Self::from_integer(text.parse::<i64>().ok()?.into()))
    }

    fn from_integer(integer: i128) -> Option<Self> {
        #[expect(clippy::cast_precision_loss, reason = "as JSON readers do")]
        Some(integer as Self)
    }

    fn from_float(float: f64) -> Option<Self> {
        float.is_finite().then_some(float)
    }
}

impl Scalar for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    fn from_integer(integer: i128) -> Option<Self> {
        match integer {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn from_bool(bool: bool) -> Option<Self> {
        Some(bool)
    }
}

impl Scalar for civil::DateTime {
    const EXPECTED: &'static str = "a date and time";

    fn from_text(text: &str) -> Option<Self> {
        WireDateTime::parse(text).map(|time| time.datetime)
    }
}

impl Scalar for civil::Date {
    const EXPECTED: &'static str = "a date";

    fn from_text(text: &str) -> Option<Self> {
        WireDateTime::parse(text).map(|time| time.datetime.date())
    }
}

impl Scalar for Timestamp {
    const EXPECTED: &'static str = "a date and time";

    fn from_text(text: &str) -> Option<Self> {
        WireDateTime::parse(text).and_then(WireDateTime::timestamp)
    }
}

impl Scalar for WireDateTime {
    const EXPECTED: &'static str = "a date and time";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// A number as JSON writes it. The standard library also takes `inf`, `NaN` and `.5`.
fn number(text: &str) -> Option<f64> {
    serde_json::from_str(text).ok()
}

/// `Deserialize` for a [`Scalar`] that has to be there.
macro_rules! deserialize_scalar {
    ($($ty:ty),+) => {
        $(impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::decode::required(deserializer)
            }
        })+
    };
}

pub(crate) use deserialize_scalar;

/// Ids may come as numbers, and with blanks around them.
macro_rules! ids {
    ($($id:ty),+) => {
        $(impl Scalar for $id {
            const EXPECTED: &'static str = "an id";

            fn from_text(id: &str) -> Option<Self> {
                Some(id.trim()).filter(|id| !id.is_empty()).map(Self::new)
            }

            fn from_integer(id: i128) -> Option<Self> {
                Some(Self::new(id.to_string()))
            }
        })+
        deserialize_scalar!($($id),+);
    };
}

ids!(BookingId, BookingUuid, ClassId, ClassUuid, MemberUuid, PerformanceSummaryId, StudioUuid);
deserialize_scalar!(WireDateTime);
