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
///   an `Option`. That model may be absent itself.
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
            use crate::models::lenient::{self, Field, Fields, Inside, Place, Wire};

            /// Which fields something was read into.
            #[derive(Default)]
            struct IsRead {
                $($field: bool,)*
                $($($slot: bool,)*)?
            }

            struct Reader<'m $(, $generic)?> {
                model: &'m mut $name $(<$generic>)?,
                is_read: IsRead,
                $($($slot: Option<$slot_ty>,)*)?
                /// Whether something was read into the field one below that is being read.
                #[allow(dead_code)]
                is_flat_read: bool,
            }

            impl $(<$generic: Wire + Default>)? Fields for Reader<'_ $(, $generic)?> {
                #[allow(unreachable_patterns)]
                fn field(&mut self, name: &str) -> Option<Field<'_, dyn Place + '_>> {
                    $($(self.is_read.$group |= self.model.$group.$member.is_some();)*)?
                    let (value, is_read): (&mut dyn Place, _) = match name {
                        $($($slot_wire => (&mut self.$slot, &mut self.is_read.$slot),)*)?
                        $(stringify!($field) $(| $wire $(| $more)*)? => {
                            (&mut self.model.$field, &mut self.is_read.$field)
                        })*
                        $($($flat_wire => {
                            self.is_flat_read = self.model.$group.$member.is_some();
                            (&mut self.model.$group.$member, &mut self.is_flat_read)
                        })*)?
                        _ => return None,
                    };
                    Some(Field { value, is_read })
                }

                fn settle(&mut self) -> Result<(), &'static str> {
                    let Self { model, is_read, .. } = self;
                    $($($settle(
                        self.$slot.take(),
                        $(Field { value: &mut model.$target, is_read: &mut is_read.$target }),+
                    );)*)?
                    $(
                        if !is_read.$field && !model.$field.may_be_absent() {
                            return Err(lenient::first!($($wire)? stringify!($field)));
                        }
                        $($adapt(&mut model.$field);)?
                    )*
                    $($finish(model);)?
                    Ok(())
                }
            }

            impl $(<$generic: Wire + Default>)? Place for $name $(<$generic>)? {
                fn expected(&self) -> &'static str {
                    "an object"
                }

                fn open(&mut self, read: &mut dyn FnMut(Inside<'_>)) {
                    read(Inside::Fields(&mut Reader {
                        model: self,
                        is_read: IsRead::default(),
                        $($($slot: None,)*)?
                        is_flat_read: false,
                    }));
                }

                $(fn may_be_absent(&self) -> bool {
                    lenient::first!(true $absent)
                })?
            }

            impl $(<$generic: Wire + Default>)? Wire for $name $(<$generic>)? {
                fn blank() -> Self {
                    Self::default()
                }
            }

            #[allow(private_bounds)]
            impl<'de $(, $generic: Wire + Default)?> serde::Deserialize<'de> for $name $(<$generic>)? {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    lenient::read_required(deserializer)
                }
            }
        };
    };
}

/// Declares an enumeration of the service's texts that keeps the ones it does not know. With `absent default`, a field
/// of it that is missing reads as the default.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }
        default $default:expr;
        $(absent $absent:ident;)?
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
