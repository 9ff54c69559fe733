//! How models and their enumerations are declared.

/// Declares a model: `pub field: Type = "wireName" | "otherWireName"`. CONTRIBUTING.md shows what it expands to.
///
/// A field is read under its own name and under its wire names, so that what was serialized decodes again. It may be
/// absent, unless it is in `required { … }`. Fields in `with "function" { … }` are read by that function.
///
/// `also Name { … }` adds names that are read but are no fields of the model: it is read through a private struct with
/// all of them, and `fn join(self, also: Name) -> Result<Self, &'static str>` makes the model of both. Fields in
/// `joined { … }` are read only through names of the same spelling there.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(required {
                $($(#[$req_meta:meta])* pub $req:ident: $req_ty:ty $(= $($req_wire:literal)|+)?,)*
            })?
            $($(#[$field_meta:meta])* pub $field:ident: $ty:ty $(= $($wire:literal)|+)?,)*
            $(with $with:literal {
                $($(#[$with_meta:meta])* pub $with_field:ident: $with_ty:ty $(= $($with_wire:literal)|+)?,)*
            })*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(expecting = "an object")]
        #[non_exhaustive]
        pub struct $name {
            $($(
                $(#[$req_meta])*
                #[serde($($(alias = $req_wire,)+)? deserialize_with = "crate::decode::required")]
                pub $req: $req_ty,
            )*)?
            $(
                $(#[$field_meta])*
                #[serde($($(alias = $wire,)+)? default, deserialize_with = "crate::decode::optional_or_default")]
                pub $field: $ty,
            )*
            $($(
                $(#[$with_meta])*
                #[serde($($(alias = $with_wire,)+)? default, deserialize_with = $with)]
                pub $with_field: $with_ty,
            )*)*
        }

        read_as_object!($name);
        known_fields!($name {
            $($($req: $req_ty $(= $($req_wire)|+)?,)*)?
            $($field: $ty $(= $($wire)|+)?,)*
            $($($with_field: $with_ty $(= $($with_wire)|+)?,)*)*
        });
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(joined { $($(#[$join_meta:meta])* pub $join:ident: $join_ty:ty,)* })?
            $(required {
                $($(#[$req_meta:meta])* pub $req:ident: $req_ty:ty $(= $($req_wire:literal)|+)?,)*
            })?
            $($(#[$field_meta:meta])* pub $field:ident: $ty:ty $(= $($wire:literal)|+)?,)*
            $(with $with:literal {
                $($(#[$with_meta:meta])* pub $with_field:ident: $with_ty:ty $(= $($with_wire:literal)|+)?,)*
            })*
        }
        also $also:ident {
            $($also_field:ident: $also_ty:ty $(= $($also_wire:literal)|+)?,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $($($(#[$join_meta])* pub $join: $join_ty,)*)?
            $($($(#[$req_meta])* pub $req: $req_ty,)*)?
            $($(#[$field_meta])* pub $field: $ty,)*
            $($($(#[$with_meta])* pub $with_field: $with_ty,)*)*
        }

        struct $also {
            $($also_field: $also_ty,)*
        }

        const _: () = {
            #[derive(serde::Deserialize)]
            #[serde(expecting = "an object")]
            struct Wire {
                $($(
                    #[serde($($(alias = $req_wire,)+)? deserialize_with = "crate::decode::required")]
                    $req: $req_ty,
                )*)?
                $(
                    #[serde($($(alias = $wire,)+)? default, deserialize_with = "crate::decode::optional_or_default")]
                    $field: $ty,
                )*
                $($(
                    #[serde($($(alias = $with_wire,)+)? default, deserialize_with = $with)]
                    $with_field: $with_ty,
                )*)*
                $(
                    #[serde($($(alias = $also_wire,)+)? default, deserialize_with = "crate::decode::optional_or_default")]
                    $also_field: $also_ty,
                )*
            }

            impl TryFrom<Wire> for $name {
                type Error = &'static str;

                fn try_from(wire: Wire) -> Result<Self, Self::Error> {
                    let model = Self {
                        $($($join: Default::default(),)*)?
                        $($($req: wire.$req,)*)?
                        $($field: wire.$field,)*
                        $($($with_field: wire.$with_field,)*)*
                    };
                    model.join($also { $($also_field: wire.$also_field,)* })
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    Self::try_from(Wire::deserialize(deserializer)?).map_err(serde::de::Error::custom)
                }
            }
        };

        read_as_object!($name);
        known_fields!($name {
            $($($req: $req_ty $(= $($req_wire)|+)?,)*)?
            $($field: $ty $(= $($wire)|+)?,)*
            $($($with_field: $with_ty $(= $($with_wire)|+)?,)*)*
            $($also_field: $also_ty $(= $($also_wire)|+)?,)*
        });
    };
}

/// Lets a model be a field of another one, where null and an empty string are absent values.
macro_rules! read_as_object {
    ($name:ident) => {
        impl crate::decode::Lenient for $name {
            fn read<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
                is_required: bool,
            ) -> Result<Option<Self>, D::Error> {
                crate::decode::object(deserializer, is_required)
            }
        }
    };
}

/// Lists the fields of a model for the drift report.
macro_rules! known_fields {
    ($name:ident { $($field:ident: $ty:ty $(= $($wire:literal)|+)?,)* }) => {
        #[cfg(feature = "record")]
        impl $name {
            pub(super) const FIELDS: &'static [super::FieldInfo] = &[
                $(super::FieldInfo {
                    name: stringify!($field),
                    wire_names: &[$($($wire),+)?],
                    type_name: stringify!($ty),
                },)*
            ];
        }
    };
}

/// Declares an enumeration of the service's texts that keeps unknown ones.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }
        default $default:expr;
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
            /// The known values.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            #[cfg(feature = "record")]
            pub(super) const WIRE_VALUES: &'static [&'static str] = &[$($text,)*];

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
            /// From the service's exact spelling; `FromStr` is for what people type.
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            /// Ignores case, spaces, `_` and `-`; an unknown text is preserved.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let known = Self::KNOWN.iter().find(|known| crate::decode::same_name(known.as_str(), text));
                Ok(known.cloned().unwrap_or_else(|| Self::Other(text.trim().to_owned())))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&crate::error::printable(self.as_str()))
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

        impl crate::decode::Scalar for $name {
            const EXPECTED: &'static str = "a text";

            fn from_text(text: &str) -> Option<Self> {
                Some(Self::from(text))
            }
        }

        crate::decode::scalar::deserialize_scalar!($name);
    };
}

/// Declares an enumeration of the service's numbers that keeps unknown ones.
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
            /// The known values.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            #[cfg(feature = "record")]
            pub(super) const WIRE_VALUES: &'static [&'static str] = &[$(stringify!($number),)*];

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

            /// The name, ignoring case, spaces, `_` and `-`, or the number.
            ///
            /// # Errors
            ///
            /// `InvalidInput` if it is neither.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $(if crate::decode::same_name(stringify!($variant), text) {
                    return Ok(Self::$variant);
                })*
                text.trim().parse().map(|number: i64| Self::from(number)).map_err(|_| crate::Error::InvalidInput {
                    argument: "text",
                    reason: concat!("not a ", stringify!($name), ": neither a known name nor a number").to_owned(),
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

        impl crate::decode::Scalar for $name {
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

        crate::decode::scalar::deserialize_scalar!($name);
    };
}

/// Declares a complete enumeration of texts.
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

            /// Ignores case, spaces, `_` and `-`.
            ///
            /// # Errors
            ///
            /// `InvalidInput` for any other text.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let known = Self::ALL.iter().find(|known| crate::decode::same_name(known.as_str(), text));
                known.copied().ok_or_else(|| crate::Error::InvalidInput {
                    argument: "text",
                    reason: concat!("not a known ", stringify!($name)).to_owned(),
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
