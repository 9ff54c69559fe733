//! How models and their enumerations are declared.
//!
//! `model!` is a struct with serde's `Serialize` and a `Deserialize` that a derive cannot give: leniency goes by
//! the field's type ([`Wire`](super::lenient::Wire)) rather than by an attribute on each field, and two names of
//! one field in the same object (`country` and `physicalCountry`, say) are no error: the first that holds
//! something wins.

/// Declares a model: `pub field: Type = "wireName" | "other_wire_name"`. A field is also read under its own name,
/// so that what was serialized decodes again.
///
/// - `pub field: Type [function] = …` lets `function` mend what was read.
/// - `either { slot: Type = "name" => function(field, …); }`: a name whose meaning depends on its value; the
///   function gets it after all the other fields are read.
/// - `flat { "wireName" => field.member, }`: names that the wire has on this level and the model one below, where it is
///   an `Option`.
/// - `absent default;`: where it is a field of another model and missing there, an empty one stands for it.
/// - `finish function;`: gets the model when all of it is read.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$generic:ident>)? {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident: $ty:ty $([$adapt:path])? $(= $wire:literal $(| $more:literal)*)?
            ),* $(,)?
        }
        $(either { $($slot:ident: $slot_ty:ty = $slot_wire:literal => $settle:path as ($($target:ident),+);)* })?
        $(flat { $($flat_wire:literal => $group:ident.$member:ident,)* })?
        $(absent $absent:ident;)?
        $(finish $finish:path;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name $(<$generic>)? {
            $($(#[$field_meta])* pub $field: $ty,)*
        }

        const _: () = {
            use crate::models::lenient::{self, Wire};

            #[allow(non_camel_case_types)]
            enum Key {
                $($field,)*
                $($($slot,)*)?
                $(#[allow(dead_code)] Flat(lenient::always!(&'static str, $($flat_wire)*)),)?
                UnknownField,
            }

            impl Key {
                #[allow(unreachable_patterns)]
                fn of(name: &str) -> Self {
                    match name {
                        $($($slot_wire => Self::$slot,)*)?
                        $(stringify!($field) $(| $wire $(| $more)*)? => Self::$field,)*
                        $($($flat_wire => Self::Flat($flat_wire),)*)?
                        _ => Self::UnknownField,
                    }
                }
            }

            impl<'de $(, $generic: Wire<'de> + Default)?> lenient::Model<'de> for $name $(<$generic>)? {
                fn read_fields<A: serde::de::MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
                    $(let mut $field = false;)*
                    $($(let mut $slot: (Option<$slot_ty>, bool) = (None, false);)*)?
                    while let Some(key) = lenient::next_key(&mut map)? {
                        match Key::of(&key) {
                            $(Key::$field => {
                                let field = lenient::Field { value: &mut self.$field, is_read: &mut $field };
                                lenient::fill(field, &mut map)?;
                            })*
                            $($(Key::$slot => {
                                let field = lenient::Field { value: &mut $slot.0, is_read: &mut $slot.1 };
                                lenient::fill(field, &mut map)?;
                            })*)?
                            $(Key::Flat(name) => match name {
                                $($flat_wire => {
                                    let value = &mut self.$group.$member;
                                    let mut is_read = value.is_some();
                                    lenient::fill(lenient::Field { value, is_read: &mut is_read }, &mut map)?;
                                    $group |= is_read;
                                })*
                                _ => lenient::skip(&mut map)?,
                            },)?
                            Key::UnknownField => lenient::skip(&mut map)?,
                        }
                    }
                    $($($settle(
                        $slot.0,
                        $(lenient::Field { value: &mut self.$target, is_read: &mut $target }),+
                    );)*)?
                    $(
                        lenient::settle(
                            lenient::Field { value: &mut self.$field, is_read: &mut $field },
                            lenient::first!($($wire)? stringify!($field)),
                        )?;
                        $($adapt(&mut self.$field);)?
                    )*
                    $($finish(self);)?
                    Ok(())
                }
            }

            impl<'de $(, $generic: Wire<'de> + Default)?> Wire<'de> for $name $(<$generic>)? {
                fn blank() -> Self {
                    Self::default()
                }

                fn read<D: serde::Deserializer<'de>>(
                    &mut self,
                    deserializer: D,
                    is_needed: bool,
                ) -> Result<bool, D::Error> {
                    lenient::read_model(self, deserializer, is_needed)
                }

                $(fn absent() -> Option<Self> {
                    Some(Self::$absent())
                })?
            }

            #[allow(private_bounds)]
            impl<'de $(, $generic: Wire<'de> + Default)?> serde::Deserialize<'de> for $name $(<$generic>)? {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    lenient::read_required(deserializer)
                }
            }
        };
    };
}

/// Declares an enumeration of the service's texts that keeps the ones it does not know. With `absent`, a field of it
/// that is missing reads as that value.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }
        default $default:expr;
        $(absent $absent:expr;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// Any other value, as the service spells it.
            Other(String),
        }

        impl $name {
            /// The values that have a name here.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The service's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            /// From the service's spelling, to the letter; see `FromStr` for what people type.
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            /// Whatever the case, and with spaces, `_` and `-` as one likes; what is not known is kept.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let known = Self::KNOWN.iter().find(|known| crate::models::lenient::same_name(known.as_str(), text));
                Ok(known.cloned().unwrap_or_else(|| Self::Other(text.trim().to_owned())))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $default
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl crate::models::scalar::Scalar for $name {
            const EXPECTED: &'static str = "a text";

            fn from_text(text: &str) -> Option<Self> {
                Some(Self::from(text))
            }
        }

        crate::models::scalar::scalar!($name $(, $absent)?);
        crate::models::lenient::deserialize_wire!($name);
    };
}

/// Declares an enumeration of the service's numbers that keeps the ones it does not know.
macro_rules! number_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $number:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// Any other number.
            Other(i64),
        }

        impl $name {
            /// The values that have a name here.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The service's number.
            #[must_use]
            pub fn number(self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::Other(number) => number,
                }
            }
        }

        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    _ => Self::Other(number),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Error;

            /// The name, whatever its case and with spaces, `_` and `-` as one likes, or the number.
            ///
            /// # Errors
            ///
            /// `InvalidInput` for what is neither.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $(if crate::models::lenient::same_name(stringify!($variant), text) {
                    return Ok(Self::$variant);
                })*
                text.trim().parse().map(|number: i64| Self::from(number)).map_err(|_| crate::Error::InvalidInput {
                    argument: stringify!($name),
                    reason: "neither a known name nor a number".to_owned(),
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.pad(stringify!($variant)),)*
                    Self::Other(number) => std::fmt::Display::fmt(number, f),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.number())
            }
        }

        impl crate::models::scalar::Scalar for $name {
            const EXPECTED: &'static str = "a whole number";

            fn from_text(text: &str) -> Option<Self> {
                i64::from_text(text).map(Self::from)
            }

            fn from_integer(integer: i128) -> Option<Self> {
                i64::from_integer(integer).map(Self::from)
            }

            fn from_float(float: f64) -> Option<Self> {
                i64::from_float(float).map(Self::from)
            }
        }

        crate::models::scalar::scalar!($name => Self::Other(0));
        crate::models::lenient::deserialize_wire!($name);
    };
}

/// Declares an enumeration of texts that is complete.
macro_rules! closed_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The service's spelling.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Error;

            /// Whatever the case, and with spaces, `_` and `-` as one likes.
            ///
            /// # Errors
            ///
            /// `InvalidInput` for any other text.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let known = Self::ALL.iter().find(|known| crate::models::lenient::same_name(known.as_str(), text));
                known.copied().ok_or_else(|| crate::Error::InvalidInput {
                    argument: stringify!($name),
                    reason: "not a known name".to_owned(),
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
