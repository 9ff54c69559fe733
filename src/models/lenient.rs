//! Reading values the way the service writes them: numbers as strings and strings as numbers, dates in many
//! spellings, empty strings and nulls for what is absent. All of it by visitors, without a detour over
//! `serde_json::Value`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor};

/// A type that can be read from what the service sends.
///
/// It is read into its place: a model of a thousand bytes would otherwise be moved once for each level above it.
pub(crate) trait Wire<'de>: Sized {
    /// A place to read into.
    fn blank() -> Self;

    /// Reads a value; `false` stands for null and for an empty string, which are errors where a value is needed.
    fn read<D: Deserializer<'de>>(&mut self, deserializer: D, is_needed: bool) -> Result<bool, D::Error>;

    /// What a field holds that is absent; `None` where the field has to be there.
    fn absent() -> Option<Self> {
        None
    }
}

impl<'de, T: Wire<'de>> Wire<'de> for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read<D: Deserializer<'de>>(&mut self, deserializer: D, is_needed: bool) -> Result<bool, D::Error> {
        let is_there = self.insert(T::blank()).read(deserializer, is_needed)?;
        if !is_there {
            *self = None;
        }
        Ok(is_there)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<'de, T: Wire<'de>> Wire<'de> for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read<D: Deserializer<'de>>(&mut self, deserializer: D, is_needed: bool) -> Result<bool, D::Error> {
        T::read(self, deserializer, is_needed)
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

/// A value, or the default of its type where none is given.
macro_rules! or_default {
    () => {
        Default::default()
    };
    ($value:expr) => {
        $value
    };
}

/// How a visitor that has `is_needed` takes null, be it as a unit or as an option.
macro_rules! visit_nothing {
    () => {
        fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
            crate::models::lenient::nothing(self.is_needed)
        }

        fn visit_none<E: serde::de::Error>(self) -> Result<bool, E> {
            crate::models::lenient::nothing(self.is_needed)
        }

        fn visit_some<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
            deserializer.deserialize_any(self)
        }
    };
}

pub(crate) use {always, deserialize_wire, first, or_default, visit_nothing};

impl<'de> Wire<'de> for serde_json::Value {
    fn blank() -> Self {
        Self::Null
    }

    fn read<D: Deserializer<'de>>(&mut self, deserializer: D, is_needed: bool) -> Result<bool, D::Error> {
        *self = serde::Deserialize::deserialize(deserializer)?;
        if self.is_null() { nothing(is_needed) } else { Ok(true) }
    }
}

/// Reads the next key of an object.
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
pub(crate) trait Model<'de> {
    fn read_fields<A: MapAccess<'de>>(&mut self, map: A) -> Result<(), A::Error>;
}

/// What is read from null and from an empty text. Visitors call it, since only from within one does an error get its
/// place in the text.
pub(crate) fn nothing<E: Error>(is_needed: bool) -> Result<bool, E> {
    if is_needed { Err(E::custom("null or empty, where a value is needed")) } else { Ok(false) }
}

/// Reads a [`Model`].
pub(crate) fn read_model<'de, T: Model<'de>, D: Deserializer<'de>>(
    model: &mut T,
    deserializer: D,
    is_needed: bool,
) -> Result<bool, D::Error> {
    deserializer.deserialize_any(ModelVisitor { model, is_needed })
}

struct ModelVisitor<'m, T> {
    model: &'m mut T,
    is_needed: bool,
}

impl<'de, T: Model<'de>> Visitor<'de> for ModelVisitor<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        self.model.read_fields(map)?;
        Ok(true)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        match text {
            "" => nothing(self.is_needed),
            _ => Err(E::invalid_type(Unexpected::Str(text), &self)),
        }
    }

    visit_nothing!();
}

/// Reads a value that has to be there.
pub(crate) fn read_required<'de, T: Wire<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::blank();
    value.read(deserializer, true)?;
    Ok(value)
}

/// A field of a model that is being read.
pub(crate) struct Field<'m, T> {
    pub(crate) value: &'m mut T,
    /// Whether something was read into it.
    pub(crate) is_read: &'m mut bool,
}

impl<T> Field<'_, T> {
    /// Sets it where nothing was read into it yet.
    pub(crate) fn offer(self, value: T) {
        if !*self.is_read {
            (*self.value, *self.is_read) = (value, true);
        }
    }
}

/// Reads the next value of an object into a field that nothing was read into yet.
///
/// Once for each type of field rather than for each field: a model has dozens.
#[inline(never)]
pub(crate) fn fill<'de, T: Wire<'de>, A: MapAccess<'de>>(
    field: Field<'_, T>,
    map: &mut A,
) -> Result<(), A::Error> {
    if *field.is_read {
        return skip(map);
    }
    *field.is_read = map.next_value_seed(ValueSeed(field.value))?;
    Ok(())
}

struct ValueSeed<'m, T>(&'m mut T);

impl<'de, T: Wire<'de>> DeserializeSeed<'de> for ValueSeed<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.read(deserializer, T::absent().is_none())
    }
}

/// Sees to a field that nothing was read into.
pub(crate) fn settle<'de, T: Wire<'de>, E: Error>(field: Field<'_, T>, name: &'static str) -> Result<(), E> {
    if !*field.is_read {
        *field.value = T::absent().ok_or_else(|| E::missing_field(name))?;
    }
    Ok(())
}

/// Whether two names differ in nothing but case, blanks, `_` and `-`.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace()).map(|c| c.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// Takes the blanks around a text away, and the text where nothing is left.
pub(crate) fn trimmed(field: &mut Option<String>) {
    let Some(text) = field else { return };
    // Most have none, which two letters tell.
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if is_letter(text.as_bytes().first()) && is_letter(text.as_bytes().last()) {
        return;
    }
    let trimmed = text.trim();
    if trimmed.len() < text.len() {
        *field = Some(trimmed.to_owned()).filter(|text| !text.is_empty());
    }
}

/// Takes away the zero that stands for no coordinate.
pub(crate) fn coordinate(degrees: &mut Option<f64>) {
    *degrees = degrees.filter(|degrees| *degrees != 0.0);
}
