//! Reading values the way the service writes them: numbers as strings and strings as numbers, dates in many
//! spellings, empty strings and nulls for what is absent. All of it by one visitor, without a detour over
//! `serde_json::Value`.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::Value;

use super::listing::{self, List};

/// Where a value goes. It is read into its place: a model of a thousand bytes would otherwise be moved once for each
/// level above it. And as a trait object: reading is compiled once for all types rather than once for each.
pub(crate) trait Place {
    /// What is expected here, for messages.
    fn expected(&self) -> &'static str;

    /// Whether a field of it may be missing; then it holds what a blank one does.
    fn may_be_absent(&self) -> bool {
        false
    }

    /// Takes a text, where it does.
    fn text(&mut self, _text: &str) -> bool {
        false
    }

    /// Takes a number or a boolean, where it does.
    fn plain(&mut self, _plain: Plain) -> bool {
        false
    }

    /// Takes null, where it does.
    fn null(&mut self) -> bool {
        false
    }

    /// Shows what goes into it, where an object or a list goes here.
    fn open(&mut self, _read: &mut dyn FnMut(Inside<'_>)) {}
}

/// A number or a boolean.
#[derive(Clone, Copy)]
pub(crate) enum Plain {
    Integer(i128),
    Float(f64),
    Bool(bool),
}

/// What goes into a place.
pub(crate) enum Inside<'p> {
    Fields(&'p mut dyn Fields),
    Items(&'p mut dyn List),
    Anything(&'p mut Value),
}

/// A type that can be read from what the service sends.
pub(crate) trait Wire: Place + Sized {
    /// A place to read into.
    fn blank() -> Self;
}

/// The fields of an object that is being read.
pub(crate) trait Fields {
    /// The field that has this name on the wire.
    fn field(&mut self, name: &str) -> Option<Field<'_, dyn Place + '_>>;

    /// Sees to the fields that nothing was read into; the name of one that has to be there is the error.
    fn settle(&mut self) -> Result<(), &'static str>;
}

/// A field of a model that is being read.
pub(crate) struct Field<'m, T: ?Sized> {
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

/// Reads into a place; `false` stands for null and for an empty text, which are errors where a value is needed.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    place: &mut dyn Place,
    deserializer: D,
    is_needed: bool,
) -> Result<bool, D::Error> {
    deserializer.deserialize_any(Reading { place, is_needed })
}

/// Reads a value that has to be there.
pub(crate) fn read_required<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::blank();
    read(&mut value, deserializer, true)?;
    Ok(value)
}

struct Reading<'p> {
    place: &'p mut dyn Place,
    is_needed: bool,
}

impl Reading<'_> {
    fn null<E: Error>(self) -> Result<bool, E> {
        if self.place.null() { Ok(true) } else { self.nothing() }
    }

    /// What is read from an empty text, and from null where it is no value.
    fn nothing<E: Error>(&self) -> Result<bool, E> {
        if self.is_needed || !self.place.may_be_absent() {
            return Err(E::custom("null or empty, where a value is needed"));
        }
        Ok(false)
    }

    fn plain<E: Error>(self, plain: Plain, as_serde_says: Unexpected<'_>) -> Result<bool, E> {
        if self.place.plain(plain) { Ok(true) } else { Err(E::invalid_type(as_serde_says, &self)) }
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.place.expected())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        match self.place.text(text) {
            true => Ok(true),
            // Blank counts as empty for whatever is not a text itself.
            false if text.trim().is_empty() => self.nothing(),
            false => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<bool, E> {
        self.plain(Plain::Integer(integer.into()), Unexpected::Signed(integer))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<bool, E> {
        self.plain(Plain::Integer(integer.into()), Unexpected::Unsigned(integer))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<bool, E> {
        self.plain(Plain::Float(float), Unexpected::Float(float))
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<bool, E> {
        self.plain(Plain::Bool(bool), Unexpected::Bool(bool))
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        self.null()
    }

    fn visit_none<E: Error>(self) -> Result<bool, E> {
        self.null()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let mut map = Some(map);
        let mut read = None;
        self.place.open(&mut |inside| match inside {
            Inside::Fields(fields) => read = map.take().map(|map| read_fields(fields, map)),
            Inside::Anything(value) => {
                read = map.take().map(|map| any(value, MapAccessDeserializer::new(map)))
            }
            Inside::Items(_) => {}
        });
        read.unwrap_or_else(|| Err(A::Error::invalid_type(Unexpected::Map, &self))).map(|()| true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
        let mut seq = Some(seq);
        let mut read = None;
        self.place.open(&mut |inside| match inside {
            Inside::Items(list) => read = seq.take().map(|seq| listing::read(list, seq)),
            Inside::Anything(value) => {
                read = seq.take().map(|seq| any(value, SeqAccessDeserializer::new(seq)))
            }
            Inside::Fields(_) => {}
        });
        read.unwrap_or_else(|| Err(A::Error::invalid_type(Unexpected::Seq, &self))).map(|()| true)
    }
}

fn any<'de, D: Deserializer<'de>>(value: &mut Value, deserializer: D) -> Result<(), D::Error> {
    *value = Value::deserialize(deserializer)?;
    Ok(())
}

fn read_fields<'de, A: MapAccess<'de>>(fields: &mut dyn Fields, mut map: A) -> Result<(), A::Error> {
    while let Some(name) = map.next_key_seed(Name)? {
        match fields.field(&name) {
            Some(field) if !*field.is_read => *field.is_read = map.next_value_seed(Onto(field.value))?,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    fields.settle().map_err(A::Error::missing_field)
}

/// Reads a name, without a copy where it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
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

/// Reads a field's value into its place.
struct Onto<'p>(&'p mut dyn Place);

impl<'de> DeserializeSeed<'de> for Onto<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        read(self.0, deserializer, false)
    }
}

impl<T: Wire> Place for Option<T> {
    fn expected(&self) -> &'static str {
        T::blank().expected()
    }

    fn may_be_absent(&self) -> bool {
        true
    }

    fn text(&mut self, text: &str) -> bool {
        let is_taken = self.insert(T::blank()).text(text);
        if !is_taken {
            *self = None;
        }
        is_taken
    }

    fn plain(&mut self, plain: Plain) -> bool {
        // Where it is not taken, that is an error, and this of no more use.
        self.insert(T::blank()).plain(plain)
    }

    fn open(&mut self, read: &mut dyn FnMut(Inside<'_>)) {
        self.insert(T::blank()).open(read);
    }
}

impl<T: Wire> Wire for Option<T> {
    fn blank() -> Self {
        None
    }
}

impl<T: Wire> Place for Box<T> {
    fn expected(&self) -> &'static str {
        T::expected(self)
    }

    fn open(&mut self, read: &mut dyn FnMut(Inside<'_>)) {
        T::open(self, read);
    }
}

/// A model in a box; nothing else needs one.
impl<T: Wire> Wire for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }
}

impl Place for Value {
    fn expected(&self) -> &'static str {
        "any value"
    }

    fn text(&mut self, text: &str) -> bool {
        *self = text.into();
        true
    }

    fn plain(&mut self, plain: Plain) -> bool {
        *self = match plain {
            Plain::Integer(integer) => serde_json::Number::from_i128(integer).into(),
            Plain::Float(float) => float.into(),
            Plain::Bool(bool) => bool.into(),
        };
        true
    }

    fn null(&mut self) -> bool {
        *self = Self::Null;
        true
    }

    fn open(&mut self, read: &mut dyn FnMut(Inside<'_>)) {
        read(Inside::Anything(self));
    }
}

impl Wire for Value {
    fn blank() -> Self {
        Self::Null
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

/// A value, or the default of its type where none is given.
macro_rules! or_default {
    () => {
        Default::default()
    };
    ($value:expr) => {
        $value
    };
}

pub(crate) use {deserialize_wire, first, or_default};

/// Whether two names differ in nothing but case, blanks, `_` and `-`.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace()).map(|c| c.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// A text without the blanks around it. Most have none, which two bytes tell.
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// Takes the blanks around a text away, and the text where nothing is left.
pub(crate) fn trimmed(field: &mut Option<String>) {
    let Some(text) = field else { return };
    let trimmed = trim(text);
    if trimmed.len() < text.len() {
        *field = Some(trimmed.to_owned()).filter(|text| !text.is_empty());
    }
}

/// Takes away the zero that stands for no coordinate.
pub(crate) fn coordinate(degrees: &mut Option<f64>) {
    *degrees = degrees.filter(|degrees| *degrees != 0.0);
}
