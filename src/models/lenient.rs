//! Reading values the way the service writes them: numbers as strings and strings as numbers, dates in many
//! spellings, empty strings and nulls for what is absent. All of it by visitors, without a detour over
//! `serde_json::Value`.

use std::fmt;
use std::marker::PhantomData;

use jiff::{Timestamp, civil};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::moment::Moment;

/// A type that can be read from what the service sends.
pub(crate) trait Wire<'de>: Sized {
    /// Reads a value; `None` stands for null and for an empty string.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// What a field holds that is absent; `None` where the field has to be there.
    fn absent() -> Option<Self> {
        None
    }
}

impl<'de, T: Wire<'de>> Wire<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::read(deserializer).map(|value| value.map(Some))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

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
                deserializer.deserialize_any(crate::models::lenient::ScalarVisitor::NEW)
            }

            $(fn absent() -> Option<Self> {
                Some($absent)
            })?
        })+
    };
}

/// Gives a [`Wire`] its `Deserialize`.
macro_rules! deserialize_wire {
    ($ty:ty) => {
        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::models::lenient::read_required(deserializer)
            }
        }
    };
}

/// The first of the literals.
macro_rules! first {
    ($first:literal $($rest:tt)*) => {
        $first
    };
    ($only:expr) => {
        $only
    };
}

/// The first token, whatever follows.
macro_rules! always {
    ($ty:ty, $($rest:tt)*) => {
        $ty
    };
}

/// A value, passed through a function where one is given.
macro_rules! adapt {
    ($value:expr) => {
        $value
    };
    ($value:expr, $function:path) => {
        $function($value)
    };
}

pub(crate) use {adapt, always, deserialize_wire, first, scalar};

scalar!(i64; f64; bool; civil::DateTime; civil::Date; Timestamp; Moment);
// A text that is absent reads as an empty one, as the service itself writes it.
scalar!(String, String::new());

impl<'de> Wire<'de> for serde_json::Value {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value: Self = serde::Deserialize::deserialize(deserializer)?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }
}

/// Reads any [`Scalar`].
pub(crate) struct ScalarVisitor<T>(PhantomData<T>);

impl<T> ScalarVisitor<T> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        match T::from_text(text) {
            Some(value) => Ok(Some(value)),
            // Blank counts as empty for whatever is not a text itself.
            None if text.trim().is_empty() => Ok(None),
            None => Err(E::invalid_value(Unexpected::Str(text), &T::EXPECTED)),
        }
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
        match T::from_integer(integer.into()) {
            Some(value) => Ok(Some(value)),
            None => Err(E::invalid_type(Unexpected::Signed(integer), &T::EXPECTED)),
        }
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
        match T::from_integer(integer.into()) {
            Some(value) => Ok(Some(value)),
            None => Err(E::invalid_type(Unexpected::Unsigned(integer), &T::EXPECTED)),
        }
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Self::Value, E> {
        match T::from_float(float) {
            Some(value) => Ok(Some(value)),
            None => Err(E::invalid_type(Unexpected::Float(float), &T::EXPECTED)),
        }
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<Self::Value, E> {
        match T::from_bool(bool) {
            Some(value) => Ok(Some(value)),
            None => Err(E::invalid_type(Unexpected::Bool(bool), &T::EXPECTED)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The names of a model's fields.
pub(crate) trait Key: Sized {
    fn of(name: &str) -> Self;
}

/// Reads a [`Key`].
pub(crate) struct KeySeed<K>(PhantomData<K>);

impl<K> KeySeed<K> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

impl<'de, K: Key> DeserializeSeed<'de> for KeySeed<K> {
    type Value = K;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<K: Key> Visitor<'_> for KeySeed<K> {
    type Value = K;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<K, E> {
        Ok(K::of(name))
    }
}

/// A struct that is one JSON object.
pub(crate) trait Model<'de>: Sized {
    fn read_fields<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Reads a [`Model`]; null and an empty string are `None`.
pub(crate) fn read_model<'de, T: Model<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ModelVisitor(PhantomData))
}

struct ModelVisitor<T>(PhantomData<T>);

impl<'de, T: Model<'de>> Visitor<'de> for ModelVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::read_fields(map).map(Some)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "" => Ok(None),
            _ => Err(E::invalid_type(Unexpected::Str(text), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Reads a value that has to be there.
pub(crate) fn read_required<'de, T: Wire<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)?.or_else(T::absent).ok_or_else(|| D::Error::custom(MISSING_VALUE))
}

const MISSING_VALUE: &str = "null or empty, where a value is needed";

/// Reads the next value of an object into a field that nothing was read into yet.
pub(crate) fn fill<'de, T: Wire<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    map: &mut A,
) -> Result<(), A::Error> {
    let value = map.next_value_seed(ValueSeed::<T>(PhantomData))?;
    if field.is_none() {
        *field = value;
    }
    Ok(())
}

struct ValueSeed<T>(PhantomData<T>);

impl<'de, T: Wire<'de>> DeserializeSeed<'de> for ValueSeed<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        match T::read(deserializer)? {
            // Said here rather than at the end, where the field's place is no longer known.
            None if T::absent().is_none() => Err(D::Error::custom(MISSING_VALUE)),
            value => Ok(value),
        }
    }
}

/// What a field holds in the end.
pub(crate) fn settle<'de, T: Wire<'de>, E: Error>(field: Option<T>, name: &'static str) -> Result<T, E> {
    field.or_else(T::absent).ok_or_else(|| E::missing_field(name))
}

/// Whether two names differ in nothing but case, spaces, `_` and `-`.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).map(|c| c.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// A text without the blanks around it; nothing where nothing is left.
pub(crate) fn trimmed(text: Option<String>) -> Option<String> {
    let text = text?;
    match text.trim() {
        "" => None,
        trimmed if trimmed.len() == text.len() => Some(text),
        trimmed => Some(trimmed.to_owned()),
    }
}

/// A coordinate, unless it is the zero that stands for none.
pub(crate) fn coordinate(degrees: Option<f64>) -> Option<f64> {
    degrees.filter(|degrees| *degrees != 0.0)
}
