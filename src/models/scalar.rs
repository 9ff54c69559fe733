//! Texts, numbers, booleans and dates, each in any of the ways that the service writes them.

use jiff::{Timestamp, civil};

use super::date_time::WireDateTime;
use super::lenient::{Inside, Place, Plain, Wire};
use super::listing::List;

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
        text.parse().ok().or_else(|| Self::from_float(number(text)?))
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
        let text = text.trim();
        number(text).or_else(|| Self::from_integer(text.parse::<i64>().ok()?.into()))
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
        WireDateTime::parse(text).map(|moment| moment.datetime)
    }
}

impl Scalar for civil::Date {
    const EXPECTED: &'static str = "a date";

    fn from_text(text: &str) -> Option<Self> {
        WireDateTime::parse(text).map(|moment| moment.datetime.date())
    }
}

impl Scalar for Timestamp {
    const EXPECTED: &'static str = "a date and time";

    fn from_text(text: &str) -> Option<Self> {
        WireDateTime::parse(text).and_then(|moment| moment.timestamp())
    }
}

impl Scalar for WireDateTime {
    const EXPECTED: &'static str = "a date and time";

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// A number as JSON writes it. The standard library's reader takes more, such as `.5`, and is 16 KB of a program.
fn number(text: &str) -> Option<f64> {
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Gives a [`Scalar`] its [`Wire`]: `absent` where a field of it may be missing, and with what it is at first where it
/// has no default.
macro_rules! scalar {
    ($($ty:ty $(, $absent:ident)? $(=> $blank:expr)?);+) => {
        $(impl crate::models::lenient::Place for $ty {
            fn expected(&self) -> &'static str {
                <Self as crate::models::scalar::Scalar>::EXPECTED
            }

            $(fn may_be_absent(&self) -> bool {
                crate::models::lenient::first!(true $absent)
            })?

            fn text(&mut self, text: &str) -> bool {
                let value = if text.is_empty() { None } else { crate::models::scalar::Scalar::from_text(text) };
                crate::models::scalar::put(self, value)
            }

            fn plain(&mut self, plain: crate::models::lenient::Plain) -> bool {
                crate::models::scalar::put(self, crate::models::scalar::from_plain(plain))
            }
        }

        impl crate::models::lenient::Wire for $ty {
            fn blank() -> Self {
                crate::models::lenient::or_default!($($blank)?)
            }
        })+
    };
}

pub(crate) use scalar;

scalar!(i64; f64; bool; civil::DateTime; civil::Date; Timestamp; WireDateTime);
// A text that is absent reads as an empty one, as the service itself writes it.
scalar!(String, absent);

pub(crate) fn from_plain<T: Scalar>(plain: Plain) -> Option<T> {
    match plain {
        Plain::Integer(integer) => T::from_integer(integer),
        Plain::Float(float) => T::from_float(float),
        Plain::Bool(bool) => T::from_bool(bool),
    }
}

/// Puts a value, where there is one.
pub(crate) fn put<T>(place: &mut T, value: Option<T>) -> bool {
    value.map(|value| *place = value).is_some()
}

/// Numbers in a list, or in a text with `;` between them.
impl Place for Vec<f64> {
    fn expected(&self) -> &'static str {
        "numbers"
    }

    fn may_be_absent(&self) -> bool {
        true
    }

    fn text(&mut self, text: &str) -> bool {
        put(self, text.split(';').map(f64::from_text).collect())
    }

    fn open(&mut self, read: &mut dyn FnMut(Inside<'_>)) {
        read(Inside::Items(self));
    }
}

impl Wire for Vec<f64> {
    fn blank() -> Self {
        Self::new()
    }
}

/// All numbers or none: each has its meaning by its place.
impl List for Vec<f64> {
    fn add(&mut self, read: &mut dyn FnMut(&mut dyn Place) -> bool) {
        let mut number = 0.0;
        if read(&mut number) {
            self.push(number);
        }
    }
}
