//! Time zones by name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};

use jiff::tz::TimeZone;

/// Where Unix systems have a file per time zone, unless `TZDIR` is set.
const ZONEINFO: &str = "/usr/share/zoneinfo";

/// The time zone of this name; `None` if it is unknown.
pub(crate) fn time_zone(name: &str) -> Option<TimeZone> {
    static LOADED: Mutex<BTreeMap<String, TimeZone>> = Mutex::new(BTreeMap::new());
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(zone) = loaded.get(name) {
        return Some(zone.clone());
    }
    let zone = from_file(name).or_else(|| from_database(name))?;
    loaded.insert(name.to_owned(), zone.clone());
    Some(zone)
}

/// Reads one file. jiff's database lists the whole directory first, which takes a quarter of a program's start.
fn from_file(name: &str) -> Option<TimeZone> {
    let is_plain =
        |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic()) && !part.contains(['\\', '.']);
    if !name.split('/').all(is_plain) || std::env::var_os("TZDIR").is_some() {
        return None;
    }
    TimeZone::tzif(name, &fs::read(Path::new(ZONEINFO).join(name)).ok()?).ok()
}

/// Asks jiff, which also has bundled zones and ignores case.
fn from_database(name: &str) -> Option<TimeZone> {
    static WARNING: Once = Once::new();
    let zone = TimeZone::get(name).ok();
    if zone.is_none() && jiff::tz::db().is_definitively_empty() {
        WARNING
            .call_once(|| log::warn!("no time zones: install tzdata, or enable the feature `bundled-zones`"));
    }
    zone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_of_its_file_is_that_of_the_database() {
        let at = "2026-07-01T12:00:00Z".parse().unwrap();
        for name in ["America/Chicago", "Europe/London", "UTC", "America/Argentina/Buenos_Aires"] {
            let known = TimeZone::get(name).unwrap();
            let found = time_zone(name).unwrap();
            assert_eq!(found.to_offset(at), known.to_offset(at), "{name}");
            assert_eq!(found.iana_name(), known.iana_name());
            assert_eq!(time_zone(name), Some(found), "again");
        }
        assert!(time_zone("america/chicago").is_some(), "case is ignored");
    }

    #[test]
    fn other_names_open_no_file() {
        for name in [
            "",
            "/etc/passwd",
            "../../../etc/passwd",
            "America/../UTC",
            "America//Chicago",
            "zone.tab",
            "a\\b",
        ] {
            assert_eq!(from_file(name), None, "{name:?}");
        }
        assert_eq!(time_zone("America/Nowhere"), None);
    }
}
