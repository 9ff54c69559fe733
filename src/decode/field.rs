//! How fields of models are read: the functions for `#[serde(deserialize_with = "…")]`.
//!
//! null and the empty string are absent values, for an object as for a number.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Value;

use super::listing::{Listing, listing};
use super::scalar::{Scalar, ScalarVisitor};

/// A type whose values may be absent.
pub(crate) trait Lenient: Sized {
    /// Reads a value. Null and an empty string are `None`, or an error if the value is required: raised while the
    /// parser is at the value, so that the error has its position.
    fn read<'de, D: Deserializer<'de>>(deserializer: D, is_required: bool) -> Result<Option<Self>, D::Error>;
}

/// What is read from null and from an empty string.
pub(super) fn absent<T, E: Error>(is_required: bool) -> Result<Option<T>, E> {
    if is_required { Err(E::custom("null or empty, where a value is needed")) } else { Ok(None) }
}

impl<T: Scalar> Lenient for T {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, is_required: bool) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(ScalarVisitor::new(is_required))
    }
}

impl Lenient for Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, _: bool) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// `Option<T>` is `None` for absent values, any other type its default.
pub(crate) trait Field: Sized {
    fn read_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<T: Lenient> Field for Option<T> {
    fn read_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer, false)
    }
}

impl<T: Lenient + Default> Field for T {
    fn read_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(T::read(deserializer, false)?.unwrap_or_default())
    }
}

impl<T: serde::de::DeserializeOwned> Field for Listing<T> {
    fn read_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        listing(deserializer)
    }
}

impl Field for Vec<f64> {
    fn read_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumbersVisitor)
    }
}

/// Reads a field that may be absent.
pub(crate) fn optional_or_default<'de, T: Field, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::read_field(deserializer)
}

/// Reads a large field that most responses leave out.
pub(crate) fn boxed<'de, T: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Box<T>>, D::Error> {
    Ok(T::read(deserializer, false)?.map(Box::new))
}

/// Reads a required field.
pub(crate) fn required<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer, true)?.ok_or_else(|| D::Error::custom("null, where a value is needed"))
}

/// Reads a trimmed string; a blank one is absent.
pub(crate) fn trimmed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::read(deserializer, false)?;
    Ok(match text {
        Some(text) if text.trim().len() < text.len() => {
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        }
        text => text,
    })
}

/// Reads degrees north. Zero, which the service sends for studios without coordinates, and values out of range are
/// absent.
pub(crate) fn latitude<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(f64::read(deserializer, false)?.filter(|degrees| *degrees != 0.0 && degrees.abs() <= 90.0))
}

/// Reads degrees east, like [`latitude`].
pub(crate) fn longitude<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(f64::read(deserializer, false)?.filter(|degrees| *degrees != 0.0 && degrees.abs() <= 180.0))
}

/// Reads a list of numbers, or a text that holds one, such as `"[101, 117]"`; anything else is an empty list.
pub(crate) fn numbers_in_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let numbers: Option<Vec<Number>> = match Value::deserialize(deserializer)? {
        Value::String(text) => serde_json::from_str(&text).ok(),
        list @ Value::Array(_) => serde_json::from_value(list).ok(),
        _ => None,
    };
    Ok(numbers.unwrap_or_default().into_iter().map(|Number(number)| number).collect())
}

/// [`Lenient::read`] for an object.
pub(crate) fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    is_required: bool,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor { is_required, object: PhantomData })
}

struct ObjectVisitor<T> {
    is_required: bool,
    object: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.trim().is_empty() {
            return absent(self.is_required);
        }
        Err(E::invalid_type(Unexpected::Str(text), &self))
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

/// Numbers in a list, or in a string with `;` between them. Each has its meaning by its position, so an
/// invalid one makes all of them absent.
struct NumbersVisitor;

impl<'de> Visitor<'de> for NumbersVisitor {
    type Value = Vec<f64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<f64>, A::Error> {
        let mut numbers = Vec::new();
        while let Some(Number(number)) = seq.next_element()? {
            numbers.push(number);
        }
        Ok(numbers)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<f64>, E> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let numbers = text.split(';').map(f64::from_text).collect::<Option<_>>();
        numbers.ok_or_else(|| E::custom("invalid value: string, expected numbers"))
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<f64>, E> {
        Ok(Vec::new())
    }
}

/// A number in any of its spellings.
#[derive(Deserialize)]
struct Number(#[serde(deserialize_with = "required")] f64);
