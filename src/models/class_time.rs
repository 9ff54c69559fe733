//! When a class starts or ends.

use std::fmt;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::decode::date_time::write_minute;
use crate::decode::time_zone;

model! {
    /// When a class starts or ends: on the studio's clock, and as an instant as far as that is known.
    #[derive(Eq, Hash)]
    pub struct ClassTime {
        required {
            /// The time on the studio's clock.
            pub local: DateTime,
        }
        /// The instant, if the service sent it or it follows from the start's.
        pub utc: Option<Timestamp>,
        /// The studio's IANA time zone, if it is known.
        pub zone: Option<String>,
    }
}

impl ClassTime {
    /// Combines the times that the service sends for one start or end. A missing local time follows from the other two.
    pub(super) fn from_parts(
        local: Option<DateTime>,
        utc: Option<Timestamp>,
        zone: Option<&str>,
    ) -> Option<Self> {
        let from_utc = || Some(utc?.to_zoned_datetime(time_zone(zone?)?).datetime());
        Some(Self { local: local.or_else(from_utc)?, utc, zone: zone.map(str::to_owned) })
    }

    /// The time in the studio's zone; `None` if that zone is unknown.
    ///
    /// In the hour that repeats when clocks are set back, `utc` tells which one is meant.
    #[must_use]
    pub fn zoned(&self) -> Option<ZonedDateTime> {
        let zone = time_zone(self.zone.as_deref()?)?;
        let exact = self.utc.map(|utc| utc.to_zoned_datetime(zone.clone()));
        exact
            .filter(|exact| exact.datetime() == self.local)
            .or_else(|| zone.to_zoned_datetime(self.local).ok())
    }

    /// The instant; `None` if neither the studio's zone nor `utc` is known.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.zoned().map(|zoned| zoned.timestamp()).or(self.utc)
    }

    /// The instant; if it is unknown, the local time is read as UTC.
    pub(crate) fn timestamp_or_as_utc(&self) -> Timestamp {
        self.timestamp().unwrap_or_else(|| as_utc(self.local))
    }

    /// Whether it is past; if the instant is unknown, the studio's clock is read as UTC.
    #[must_use]
    pub fn has_passed(&self, now: Timestamp) -> bool {
        self.timestamp_or_as_utc() <= now
    }

    /// The day at the studio.
    #[must_use]
    pub fn date(&self) -> Date {
        self.local.date()
    }

    /// The day of the week at the studio.
    #[must_use]
    pub fn weekday(&self) -> Weekday {
        self.local.weekday()
    }

    /// The date at the studio at this moment. If the zone is unknown, this time's own offset from UTC is used.
    #[must_use]
    pub fn date_at(&self, now: Timestamp) -> Date {
        now.to_zoned_datetime(self.time_zone()).date()
    }

    /// The studio's zone; if it is unknown, this time's own offset from UTC, or UTC.
    pub(crate) fn time_zone(&self) -> TimeZone {
        let offset = || {
            let ahead = as_utc(self.local).duration_since(self.utc?).as_secs();
            Offset::from_seconds(i32::try_from(ahead).ok()?).ok().map(TimeZone::fixed)
        };
        self.zone.as_deref().and_then(time_zone).or_else(offset).unwrap_or(TimeZone::UTC)
    }

    /// The time this much later, also across a clock change.
    pub(crate) fn after(&self, duration: SignedDuration) -> Self {
        let zoned = self.zoned().map(|zoned| zoned.saturating_add(duration).datetime());
        Self {
            local: zoned.unwrap_or_else(|| self.local.saturating_add(duration)),
            utc: self.utc.and_then(|utc| utc.checked_add(duration).ok()),
            zone: self.zone.clone(),
        }
    }

    /// The end of a class that starts here, if the service sent only the clock's reading. Without a known zone, its
    /// instant is as long after the start's as the clock says.
    pub(super) fn complete_end(&self, end: Self) -> Self {
        if end.utc.is_some() || end.timestamp().is_some() {
            return end;
        }
        let length = end.local.duration_since(self.local);
        Self { utc: self.timestamp().and_then(|start| start.checked_add(length).ok()), ..end }
    }
}

/// The instant at which UTC has this reading.
pub(crate) fn as_utc(local: DateTime) -> Timestamp {
    // Only the last day of the year 9999 is beyond the last instant.
    Offset::UTC.to_timestamp(local).unwrap_or(Timestamp::MAX)
}

/// `Tue 2026-04-28 10:00`.
impl fmt::Display for ClassTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_minute(f, self.local)
    }
}
