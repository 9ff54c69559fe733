//! Reading values the way the service writes them: numbers as strings and strings as numbers, dates in many
//! spellings, empty strings and nulls for what is absent. All of it by visitors, without a detour over
//! `serde_json::Value`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor};

use super::pass;

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

impl<'de, T: Wire<'de>> Wire<'de> for Box<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::read(deserializer).map(|value| value.map(Self::new))
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }
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

pub(crate) use {adapt, always, deserialize_wire, first};

impl<'de> Wire<'de> for serde_json::Value {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value: Self = serde::Deserialize::deserialize(deserializer)?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }
}

/// Reads the next key of an object.
#[inline(never)]
pub(crate) fn next_key<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    map.next_key_seed(KeySeed)
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// Passes over the next value of an object.
#[inline(never)]
pub(crate) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
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
    T::read(deserializer)?.ok_or_else(|| D::Error::custom(MISSING_VALUE))
}

const MISSING_VALUE: &str = "null or empty, where a value is needed";

/// Reads the next value of an object into a field that nothing was read into yet.
///
/// Once for each type of field rather than for each field: a model has dozens.
#[inline(never)]
pub(crate) fn fill<'de, T: Wire<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    key: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    let value = map.next_value_seed(ValueSeed::<T>(PhantomData)).inspect_err(|_| pass::failed_at(key))?;
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
