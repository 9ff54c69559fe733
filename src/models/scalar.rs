//! Texts, numbers, booleans and dates, each in any of the ways that the service writes them.

use std::fmt;

use jiff::{Timestamp, civil};
use serde::de::{Deserializer, Error, SeqAccess, Unexpected, Visitor};

use super::lenient::{Wire, nothing, visit_nothing};
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

/// Gives a [`Scalar`] its [`Wire`]: with what it is when absent, and with what it is at first where it has no default.
macro_rules! scalar {
    ($($ty:ty $(, $absent:expr)? $(=> $blank:expr)?);+) => {
        $(impl<'de> crate::models::lenient::Wire<'de> for $ty {
            fn blank() -> Self {
                crate::models::lenient::or_default!($($blank)?)
            }

            fn read<D: serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
                is_needed: bool,
            ) -> Result<bool, D::Error> {
                crate::models::scalar::read(self, deserializer, is_needed)
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

/// Reads a [`Scalar`].
pub(crate) fn read<'de, T: Scalar, D: Deserializer<'de>>(
    scalar: &mut T,
    deserializer: D,
    is_needed: bool,
) -> Result<bool, D::Error> {
    deserializer.deserialize_any(ScalarVisitor { place: scalar, is_needed })
}

/// Any [`Scalar`] to be set: as a trait object, so that reading is compiled once for all of them. Each says whether
/// it took the value.
trait Place {
    fn expected(&self) -> &'static str;
    fn put_text(&mut self, text: &str) -> bool;
    fn put_integer(&mut self, integer: i128) -> bool;
    fn put_float(&mut self, float: f64) -> bool;
    fn put_bool(&mut self, bool: bool) -> bool;
}

impl<T: Scalar> Place for T {
    fn expected(&self) -> &'static str {
        T::EXPECTED
    }

    fn put_text(&mut self, text: &str) -> bool {
        T::from_text(text).map(|value| *self = value).is_some()
    }

    fn put_integer(&mut self, integer: i128) -> bool {
        T::from_integer(integer).map(|value| *self = value).is_some()
    }

    fn put_float(&mut self, float: f64) -> bool {
        T::from_float(float).map(|value| *self = value).is_some()
    }

    fn put_bool(&mut self, bool: bool) -> bool {
        T::from_bool(bool).map(|value| *self = value).is_some()
    }
}

struct ScalarVisitor<'m> {
    place: &'m mut dyn Place,
    is_needed: bool,
}

impl<'de> Visitor<'de> for ScalarVisitor<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.place.expected())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        if text.is_empty() {
            return nothing(self.is_needed);
        }
        match self.place.put_text(text) {
            true => Ok(true),
            // Blank counts as empty for whatever is not a text itself.
            false if text.trim().is_empty() => nothing(self.is_needed),
            false => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<bool, E> {
        match self.place.put_integer(integer.into()) {
            true => Ok(true),
            false => Err(E::invalid_type(Unexpected::Signed(integer), &self)),
        }
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<bool, E> {
        match self.place.put_integer(integer.into()) {
            true => Ok(true),
            false => Err(E::invalid_type(Unexpected::Unsigned(integer), &self)),
        }
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<bool, E> {
        match self.place.put_float(float) {
            true => Ok(true),
            false => Err(E::invalid_type(Unexpected::Float(float), &self)),
        }
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<bool, E> {
        match self.place.put_bool(bool) {
            true => Ok(true),
            false => Err(E::invalid_type(Unexpected::Bool(bool), &self)),
        }
    }

    visit_nothing!();
}

/// Numbers in a list, or in a text with `;` between them.
impl<'de> Wire<'de> for Vec<f64> {
    fn blank() -> Self {
        Self::new()
    }

    fn read<D: Deserializer<'de>>(&mut self, deserializer: D, is_needed: bool) -> Result<bool, D::Error> {
        deserializer.deserialize_any(NumbersVisitor { numbers: self, is_needed })
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

struct NumbersVisitor<'m> {
    numbers: &'m mut Vec<f64>,
    is_needed: bool,
}

impl<'de> Visitor<'de> for NumbersVisitor<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("numbers")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        if text.trim().is_empty() {
            return nothing(self.is_needed);
        }
        let numbers: Option<_> = text.split(';').map(f64::from_text).collect();
        *self.numbers = numbers.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))?;
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while let Some(number) = seq.next_element()? {
            self.numbers.push(number);
        }
        Ok(true)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        nothing(self.is_needed)
    }
}
