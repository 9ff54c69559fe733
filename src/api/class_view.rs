//! What filtering, conflict checks and error mapping need to know about a class.

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, with_code};
use crate::models::{BookingClass, ClassTime, ClassType, LegacyBookingClass, OtfClass, StudioUuid};

/// A class as filtering, conflict checks and error mapping see it, whichever model describes it.
#[derive(Clone, Debug)]
pub struct ClassView<'a> {
    pub(super) start: &'a ClassTime,
    pub(super) end: &'a ClassTime,
    pub(super) class_type: Option<&'a ClassType>,
    pub(super) coach: Option<&'a str>,
    pub(super) studio: Option<&'a StudioUuid>,
    // Only the class list has the following three.
    pub(super) full: Option<bool>,
    waitlist_available: Option<bool>,
    pub(super) canceled: Option<bool>,
}

impl<'a> From<&'a OtfClass> for ClassView<'a> {
    fn from(class: &'a OtfClass) -> Self {
        Self {
            start: &class.start,
            end: &class.end,
            class_type: Some(&class.class_type),
            coach: class.coach_name(),
            studio: class.studio_uuid(),
            full: class.full,
            waitlist_available: class.waitlist_available,
            canceled: class.is_canceled,
        }
    }
}

impl<'a> From<&'a BookingClass> for ClassView<'a> {
    fn from(class: &'a BookingClass) -> Self {
        Self {
            start: &class.start,
            end: &class.end,
            class_type: Some(&class.class_type),
            coach: class.coach_name(),
            studio: class.studio_uuid(),
            full: None,
            waitlist_available: None,
            canceled: None,
        }
    }
}

impl<'a> From<&'a LegacyBookingClass> for ClassView<'a> {
    fn from(class: &'a LegacyBookingClass) -> Self {
        Self {
            start: &class.start,
            end: &class.end,
            class_type: None,
            coach: class.coach_name(),
            studio: class.studio.as_ref().map(|studio| &studio.studio_uuid),
            full: None,
            waitlist_available: None,
            canceled: class.is_canceled,
        }
    }
}

impl ClassView<'_> {
    /// Whether a member cannot attend both classes. Classes that touch end to start do not conflict.
    pub(super) fn conflicts_with(&self, other: &ClassView<'_>) -> bool {
        self.start.timestamp_or_as_utc() < end(other.start, other.end)
            && other.start.timestamp_or_as_utc() < end(self.start, self.end)
    }
}

/// The instant at which a class ends: as long after its start as the studio's clock says, if no time zone is known.
pub(super) fn end(start: &ClassTime, end: &ClassTime) -> Timestamp {
    let length = || end.local.duration_since(start.local);
    end.timestamp().unwrap_or_else(|| later(start.timestamp_or_as_utc(), length()))
}

/// The error for a refused booking. The service's codes for a full class are not all known, so a class
/// that was full when it was listed is taken to be refused for that, unless the status names another reason: 402
/// and 403 are about the member.
pub(super) fn refusal(error: Error, class: Option<&ClassView<'_>>, waitlist: bool, now: Timestamp) -> Error {
    let full = class.filter(|class| class.full == Some(true));
    let explains = || full.is_some_and(|class| class.canceled != Some(true) && !class.start.has_passed(now));
    let (endpoint, message) = match error {
        Error::ClassFull { endpoint, message, .. } => (endpoint, message),
        Error::Http { status: 400 | 409 | 422, endpoint, code, message, .. } if explains() => {
            (endpoint, with_code(message.as_deref(), code.as_deref()))
        }
        error => return error,
    };
    // A class that was not full when it was listed says nothing about its waitlist.
    let listed = full.and_then(|class| class.waitlist_available);
    Error::ClassFull { endpoint, waitlist_available: if waitlist { Some(false) } else { listed }, message }
}

/// A time moved by a duration, no further than time goes.
pub(super) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(start: &str, end: &str, more: &str) -> OtfClass {
        let json = format!(
            r#"{{"starts_at_local": "2026-04-10T{start}", "ends_at_local": "2026-04-10T{end}", "type": "OTHER"{more}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    fn conflict(one: &OtfClass, other: &OtfClass) -> bool {
        let (one, other) = (ClassView::from(one), ClassView::from(other));
        let both = [one.conflicts_with(&other), other.conflicts_with(&one)];
        assert_eq!(both[0], both[1], "a conflict is one from both sides");
        both[0]
    }

    #[test]
    fn classes_that_touch_do_not_conflict() {
        let nine = class("09:00:00", "10:00:00", "");
        assert!(!conflict(&nine, &class("10:00:00", "11:00:00", "")));
        assert!(!conflict(&nine, &class("08:00:00", "09:00:00", "")));
        assert!(conflict(&nine, &class("09:59:59", "11:00:00", "")));
        assert!(conflict(&nine, &class("09:10:00", "09:20:00", "")));
        assert!(conflict(&nine, &nine));
    }

    #[test]
    fn conflicts_are_of_instants_not_of_clocks() {
        let at = |hour: &str, zone: &str| {
            class(
                &format!("{hour}:00:00"),
                &format!("{hour}:50:00"),
                &format!(r#", "studio": {{"time_zone": "{zone}"}}"#),
            )
        };
        assert!(!conflict(&at("09", "America/Chicago"), &at("09", "America/Denver")));
        assert!(conflict(&at("10", "America/Chicago"), &at("09", "America/Denver")));
    }

    #[test]
    fn a_class_ends_when_its_zone_says_so() {
        // On 8 March 2026 the clocks of Chicago go from 2 to 3, on 1 November from 2 back to 1.
        let end = |start: &str, end: &str, more: &str| {
            let json = format!(
                r#"{{"starts_at_local": "{start}", "type": "ORANGE_60", "studio": {{"time_zone": "America/Chicago"}}{end}{more}}}"#
            );
            let class: OtfClass = serde_json::from_str(&json).unwrap();
            super::end(&class.start, &class.end).to_string()
        };
        let told = |local: &str| format!(r#", "ends_at_local": "{local}""#);
        assert_eq!(end("2026-03-08T01:30:00", &told("2026-03-08T03:30:00"), ""), "2026-03-08T08:30:00Z");
        assert_eq!(end("2026-03-08T01:30:00", "", ""), "2026-03-08T08:30:00Z");
        assert_eq!(end("2026-11-01T00:30:00", &told("2026-11-01T02:30:00"), ""), "2026-11-01T08:30:00Z");
        // The first of the two half past one, as its own UTC time says, or the second.
        let first = r#", "starts_at": "2026-11-01T06:30:00Z""#;
        assert_eq!(end("2026-11-01T01:30:00", "", first), "2026-11-01T07:30:00Z");
        let second = r#", "starts_at": "2026-11-01T07:30:00Z", "ends_at": "2026-11-01T08:30:00Z""#;
        assert_eq!(end("2026-11-01T01:30:00", &told("2026-11-01T02:30:00"), second), "2026-11-01T08:30:00Z");
    }

    #[test]
    fn a_class_without_a_zone_ends_as_long_after_its_start_as_the_clock_says() {
        let end_of = |class: &OtfClass| end(&class.start, &class.end);
        let end = |more: &str| end_of(&class("23:30:00", "23:59:00", more)).to_string();
        assert_eq!(end(""), "2026-04-10T23:59:00Z");
        assert_eq!(end(r#", "starts_at": "2026-04-11T04:30:00Z""#), "2026-04-11T04:59:00Z");
        let last = r#"{"starts_at_local": "9999-12-31T23:30:00", "type": "ORANGE_90"}"#;
        let last: OtfClass = serde_json::from_str(last).unwrap();
        assert_eq!(end_of(&last), Timestamp::MAX);
    }

    #[test]
    fn today_is_the_studio_s_even_where_its_zone_is_not_known() {
        let now: Timestamp = "2026-04-10T23:30:00Z".parse().unwrap();
        let day = |more: &str| class("09:00:00", "10:00:00", more).start.date_at(now).day();
        assert_eq!(day(r#", "studio": {"time_zone": "Pacific/Auckland"}"#), 11);
        assert_eq!(day(r#", "starts_at": "2026-04-09T21:00:00Z""#), 11, "twelve hours ahead of UTC");
        assert_eq!(day(r#", "studio": {"time_zone": "America/Chicago"}"#), 10);
        assert_eq!(day(""), 10);
    }

    #[test]
    fn a_class_known_to_be_full_explains_a_refusal_with_an_unknown_code() {
        let now: Timestamp = "2026-04-10T08:00:00Z".parse().unwrap();
        let refused = |status| Error::Http {
            endpoint: "POST /x".to_owned(),
            status,
            code: None,
            message: None,
            retry_after: None,
        };
        let of = |class: &OtfClass, status, waitlist| match refusal(
            refused(status),
            Some(&ClassView::from(class)),
            waitlist,
            now,
        ) {
            Error::ClassFull { waitlist_available, .. } => waitlist_available,
            _ => None,
        };
        let open = class("09:00:00", "10:00:00", r#", "full": true, "waitlist_available": true"#);
        let closed = class("09:00:00", "10:00:00", r#", "full": true, "waitlist_available": false"#);
        assert_eq!(of(&open, 400, false), Some(true));
        assert_eq!(of(&open, 409, true), Some(false), "the waitlist was tried");
        assert_eq!(of(&closed, 400, false), Some(false));
        for status in [401, 402, 403, 429] {
            assert_eq!(of(&open, status, false), None);
        }
        assert_eq!(of(&open, 500, false), None);
        assert_eq!(of(&class("09:00:00", "10:00:00", ""), 400, false), None);
        assert_eq!(
            of(&class("07:00:00", "08:00:00", r#", "full": true"#), 400, false),
            None,
            "it has started"
        );
        let canceled = class("09:00:00", "10:00:00", r#", "full": true, "canceled": true"#);
        assert_eq!(of(&canceled, 400, false), None);
    }
}
