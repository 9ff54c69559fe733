//! Times as the service writes them.

use std::fmt;
use std::sync::Once;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::fmt::temporal::{DateTimePrinter, Pieces};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use serde::{Serialize, Serializer};

use super::lenient::{Field, deserialize_wire};

/// A time as it was written: on some clock, and maybe with that clock's offset from UTC.
///
/// Trends use it, since their times come both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WireDateTime {
    /// What the clock showed; midnight where only a date was given.
    pub datetime: DateTime,
    /// The clock's offset from UTC, where it was given.
    pub offset: Option<Offset>,
}

impl WireDateTime {
    /// Reads a date, or a date and time, with or without fraction and offset; a blank or a `T` between the two.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(usual) = Self::parse_usual(text.as_bytes()) {
            return Some(usual);
        }
        let pieces = Pieces::parse(text.trim()).ok()?;
        let time = pieces.time().unwrap_or_else(Time::midnight);
        Some(Self { datetime: DateTime::from_parts(pieces.date(), time), offset: pieces.to_numeric_offset() })
    }

    /// The two spellings that schedules are full of, `…T15:00:00.000Z` and `…T10:00:00`, in a fraction of the time
    /// that the general parser takes.
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

    /// The instant, taking the clock for UTC where no offset was given; `None` beyond the years that are
    /// representable.
    #[must_use]
    pub fn timestamp(self) -> Option<Timestamp> {
        self.offset.unwrap_or(Offset::UTC).to_timestamp(self.datetime).ok()
    }
}

/// The number that some digits write.
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

deserialize_wire!(WireDateTime);

/// The three letters of a weekday.
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

/// `Tue 2026-04-28 10:00`. The library's `strftime` can do it as well, with 20 KB of code.
pub(super) fn write_minute(f: &mut fmt::Formatter<'_>, time: DateTime) -> fmt::Result {
    write!(f, "{} {} {:02}:{:02}", weekday_name(time.weekday()), time.date(), time.hour(), time.minute())
}

/// Sorts out a time whose name means UTC on the wire and the studio's clock in what this crate serializes: with
/// an offset, or beside a local time, it is the UTC one.
pub(super) fn local_or_utc<T: From<DateTime>>(
    moment: Option<WireDateTime>,
    local: Field<'_, T>,
    utc: Field<'_, Option<Timestamp>>,
) {
    let Some(moment) = moment else { return };
    if moment.offset.is_some() || *local.is_read {
        utc.offer(moment.timestamp());
    } else {
        local.offer(moment.datetime.into());
    }
}

/// The zone of this name; `None` where there is none.
pub(crate) fn time_zone(name: &str) -> Option<TimeZone> {
    static WARNING: Once = Once::new();
    let zone = TimeZone::get(name).ok();
    if zone.is_none() && jiff::tz::db().is_definitively_empty() {
        WARNING.call_once(|| {
            log::warn!("no time zones: install tzdata, or turn on the feature `bundled-zones`")
        });
    }
    zone
}

/// A local time in its zone. In the hour that a clock goes through twice, the instant says which one is meant.
pub(super) fn zoned(local: DateTime, utc: Option<Timestamp>, zone: &str) -> Option<ZonedDateTime> {
    let zone = time_zone(zone)?;
    let exact = utc.map(|utc| utc.to_zoned_datetime(zone.clone())).filter(|exact| exact.datetime() == local);
    exact.or_else(|| zone.to_zoned_datetime(local).ok())
}

/// The instant of a local time. Without a usable zone it is the UTC time, where that was given.
pub(super) fn instant(local: DateTime, utc: Option<Timestamp>, zone: Option<&str>) -> Option<Timestamp> {
    let zoned = zone.and_then(|zone| zoned(local, utc, zone));
    zoned.map(|zoned| zoned.timestamp()).or(utc)
}

/// Whether a local time has come. Where its instant is not known, the local time is taken for UTC.
pub(super) fn has_come(now: Timestamp, local: DateTime, utc: Option<Timestamp>, zone: Option<&str>) -> bool {
    let as_utc = || Offset::UTC.to_timestamp(local).ok();
    instant(local, utc, zone).or_else(as_utc).is_some_and(|instant| instant <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_way_agrees_with_the_general_one() {
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

    #[test]
    fn a_minute_is_written_as_strftime_writes_it() {
        struct Minute(DateTime);

        impl fmt::Display for Minute {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_minute(f, self.0)
            }
        }

        let first = DateTime::constant(2026, 2, 25, 3, 7, 59, 999_999_999);
        for hours in (0..7).map(|day| day * 25) {
            let time = first.saturating_add(jiff::Span::new().hours(hours));
            assert_eq!(Minute(time).to_string(), time.strftime("%a %Y-%m-%d %H:%M").to_string());
        }
    }
}
