//! Texts, numbers, booleans and dates, each in any of the ways that the service writes them.

use std::borrow::Cow;
use std::fmt;

use jiff::{Timestamp, civil};
use serde::de::{Deserializer, Error, SeqAccess, Unexpected, Visitor};

use super::lenient::Wire;
use super::moment::Moment;

/// A value that is one JSON text, number or boolean.
pub(crate) trait Scalar: Sized {
    /// What is expected here, for messages.
    const EXPECTED: &'static str;

    /// From a text that is not empty.
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
        text.parse().ok().or_else(|| text.parse().ok().and_then(Self::from_float))
    }

    fn from_integer(integer: i128) -> Option<Self> {
        Self::try_from(integer).ok()
    }

    fn from_float(float: f64) -> Option<Self> {
        // Beyond 2^53 a float no longer tells whole numbers apart.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, reason = "whole and within ±2^53")]
        (float.fract() == 0.0 && float.abs() <= EXACT).then_some(float as Self)
    }
}

impl Scalar for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().and_then(Self::from_float)
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
        Moment::parse(text).map(|moment| moment.datetime)
    }
}

impl Scalar for civil::Date {
    const EXPECTED: &'static str = "a date";

    fn from_text(text: &str) -> Option<Self> {
        Moment::parse(text).map(|moment| moment.datetime.date())
    }
}

impl Scalar for Timestamp {
    const EXPECTED: &'static str = "a date and time";

    fn from_text(text: &str) -> Option<Self> {
        Moment::parse(text).and_then(|moment| moment.timestamp())
    }
}

impl Scalar for Moment {
    const EXPECTED: &'static str = "a date and time";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// Gives a [`Scalar`] its [`Wire`].
macro_rules! scalar {
    ($($ty:ty $(, $absent:expr)?);+) => {
        $(impl<'de> crate::models::lenient::Wire<'de> for $ty {
            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                crate::models::scalar::read(deserializer)
            }

            $(fn absent() -> Option<Self> {
                Some($absent)
            })?
        })+
    };
}

pub(crate) use scalar;

scalar!(i64; f64; bool; civil::DateTime; civil::Date; Timestamp; Moment);
// A text that is absent reads as an empty one, as the service itself writes it.
scalar!(String, String::new());

/// Reads a [`Scalar`]; nothing for null and for an empty text.
pub(crate) fn read<'de, T: Scalar, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Bare::read(deserializer, T::EXPECTED)?.into_scalar()
}

/// A JSON value that is neither list nor object: what all scalars are read from, so that reading is compiled once.
enum Bare<'de> {
    Nothing,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(Cow<'de, str>),
}

impl<'de> Bare<'de> {
    #[inline(never)]
    fn read<D: Deserializer<'de>>(
        deserializer: D,
        expected: &'static str,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BareVisitor(expected))
    }

    fn into_scalar<T: Scalar, E: Error>(self) -> Result<Option<T>, E> {
        let scalar = match &self {
            Self::Nothing => return Ok(None),
            Self::Bool(bool) => T::from_bool(*bool),
            Self::Signed(integer) => T::from_integer((*integer).into()),
            Self::Unsigned(integer) => T::from_integer((*integer).into()),
            Self::Float(float) => T::from_float(*float),
            Self::Text(text) if text.is_empty() => return Ok(None),
            Self::Text(text) => match T::from_text(text) {
                // Blank counts as empty for whatever is not a text itself.
                None if text.trim().is_empty() => return Ok(None),
                scalar => scalar,
            },
        };
        match scalar {
            Some(scalar) => Ok(Some(scalar)),
            None => Err(self.unexpected(T::EXPECTED)),
        }
    }

    #[cold]
    #[inline(never)]
    fn unexpected<E: Error>(&self, expected: &'static str) -> E {
        let unexpected = match self {
            Self::Nothing => Unexpected::Unit,
            Self::Bool(bool) => Unexpected::Bool(*bool),
            Self::Signed(integer) => Unexpected::Signed(*integer),
            Self::Unsigned(integer) => Unexpected::Unsigned(*integer),
            Self::Float(float) => Unexpected::Float(*float),
            Self::Text(text) => return E::invalid_value(Unexpected::Str(text), &expected),
        };
        E::invalid_type(unexpected, &expected)
    }
}

struct BareVisitor(&'static str);

impl<'de> Visitor<'de> for BareVisitor {
    type Value = Bare<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Bare::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Bare::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
        Ok(Bare::Signed(integer))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
        Ok(Bare::Unsigned(integer))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Self::Value, E> {
        Ok(Bare::Float(float))
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<Self::Value, E> {
        Ok(Bare::Bool(bool))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Bare::Nothing)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Bare::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Numbers in a list, or in a text with `;` between them.
impl<'de> Wire<'de> for Vec<f64> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(NumbersVisitor)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

struct NumbersVisitor;

impl<'de> Visitor<'de> for NumbersVisitor {
    type Value = Option<Vec<f64>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("numbers")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let numbers: Option<_> = text.split(';').map(f64::from_text).collect();
        numbers.map(Some).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut numbers = Vec::new();
        while let Some(number) = seq.next_element()? {
            numbers.push(number);
        }
        Ok(Some(numbers))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
