//! The service's date formats, and date arithmetic that cannot fail.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// `2026-04-21T15:00:00.000Z`
pub(super) fn millis(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// `2026-04-21T15:00:08Z`
pub(super) fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-04-21T15:00:08.0000000+00:00`
pub(super) fn seven_digits(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.0000000+00:00").to_string()
}

/// `2026-04-21T10:00:00`, with no zone.
pub(super) fn naive(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// `2026-04-21T10:00:00.000`, with no zone.
pub(super) fn naive_millis(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.000").to_string()
}

/// `2026-04-21`
pub(super) fn day(date: Date) -> String {
    date.to_string()
}

pub(super) fn plus_minutes(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
}

pub(super) fn plus_seconds(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

pub(super) fn plus_days(date: Date, days: i32) -> Date {
    date.saturating_add(days.days())
}

/// The instant of a studio's local time.
pub(super) fn instant(local: DateTime, zone: &TimeZone) -> Timestamp {
    local.to_zoned_datetime(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// The number of days between two dates.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let at: Timestamp = "2026-04-21T15:00:08Z".parse().unwrap();
        assert_eq!(millis(at), "2026-04-21T15:00:08.000Z");
        assert_eq!(seconds(at), "2026-04-21T15:00:08Z");
        assert_eq!(seven_digits(at), "2026-04-21T15:00:08.0000000+00:00");
        let local = at.to_zoned_datetime(TimeZone::get("America/Chicago").unwrap()).datetime();
        assert_eq!(naive(local), "2026-04-21T10:00:08");
        assert_eq!(naive_millis(local), "2026-04-21T10:00:08.000");
    }
}
