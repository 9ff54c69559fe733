//! Times as the service writes them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::fmt::temporal::{DateTimePrinter, Pieces};
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

/// A time as it was written: a clock's reading, with or without that clock's offset from UTC.
///
/// Trends use it, since their times come in both forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WireDateTime {
    /// The clock's reading; midnight if only a date was given.
    pub datetime: DateTime,
    /// The clock's offset from UTC, if it was given.
    pub offset: Option<Offset>,
}

impl WireDateTime {
    /// Parses a date, or a date and a time with a blank or a `T` between them, with or without fraction and offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(usual) = Self::parse_usual(text.as_bytes()) {
            return Some(usual);
        }
        let pieces = Pieces::parse(text.trim()).ok()?;
        let time = pieces.time().unwrap_or_else(Time::midnight);
        Some(Self { datetime: DateTime::from_parts(pieces.date(), time), offset: pieces.to_numeric_offset() })
    }

    /// A fast path for the two spellings of class lists, `…T15:00:00.000Z` and `…T10:00:00`.
    fn parse_usual(text: &[u8]) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', rest @ ..] = text else { return None };
        let [h1, h2, b':', n1, n2, b':', s1, s2, rest @ ..] = rest else { return None };
        let (millis, offset) = match rest {
            [] => (0, None),
            [b'Z'] => (0, Some(Offset::UTC)),
            [b'.', f1, f2, f3, b'Z'] => (digits(&[*f1, *f2, *f3])?, Some(Offset::UTC)),
            _ => return None,
        };
        let two = |high: &u8, low: &u8| i8::try_from(digits(&[*high, *low])?).ok();
        let year = i16::try_from(digits(&[*y1, *y2, *y3, *y4])?).ok()?;
        let date = Date::new(year, two(m1, m2)?, two(d1, d2)?).ok()?;
        let time =
            Time::new(two(h1, h2)?, two(n1, n2)?, two(s1, s2)?, millis.checked_mul(1_000_000)?).ok()?;
        Some(Self { datetime: DateTime::from_parts(date, time), offset })
    }

    /// The instant, reading the clock as UTC if no offset was given; `None` if it is out of jiff's range.
    #[must_use]
    pub fn timestamp(self) -> Option<Timestamp> {
        self.offset.unwrap_or(Offset::UTC).to_timestamp(self.datetime).ok()
    }
}

/// The number that the digits spell.
fn digits(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0_i32, |number, digit| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(i32::from(digit - b'0')),
        _ => None,
    })
}

impl fmt::Display for WireDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces = Pieces::from(self.datetime);
        let pieces = match self.offset {
            Some(Offset::UTC) => pieces.with_offset(jiff::fmt::temporal::PiecesOffset::Zulu),
            Some(offset) => pieces.with_offset(offset),
            None => pieces,
        };
        DateTimePrinter::new().print_pieces(&pieces, jiff::fmt::StdFmtWrite(f)).map_err(|_| fmt::Error)
    }
}

impl Serialize for WireDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A weekday's three-letter name.
pub(crate) fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// `Tue 2026-04-28 10:00`.
pub(crate) fn write_minute(f: &mut fmt::Formatter<'_>, time: DateTime) -> fmt::Result {
    write!(f, "{}", time.strftime("%a %Y-%m-%d %H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_path_agrees_with_general_parser() {
        for text in [
            "2026-04-21T15:00:00.123Z",
            "2026-04-21T15:00:00Z",
            "2026-04-21T15:00:00",
            "2026-02-29T15:00:00",
            "2026-04-21T24:00:00",
            "2026-04-21T15:00:60Z",
            "0000-01-01T00:00:00",
            "2026-04-21T1:00:000",
            "2026-04-21T15:00:00.1Z",
            "２026-04-21T15:00",
        ] {
            let general = Pieces::parse(text).ok().map(|pieces| {
                let time = pieces.time().unwrap_or_else(Time::midnight);
                (DateTime::from_parts(pieces.date(), time), pieces.to_numeric_offset())
            });
            let parsed = WireDateTime::parse(text).map(|moment| (moment.datetime, moment.offset));
            assert_eq!(parsed, general, "{text}");
        }
    }
}
