//! Responses, cut short, with the type of what they hold and where that is. Those in `described` were never recorded:
//! other clients' code describes them.

use std::collections::HashMap;
use std::fmt::{Debug, Write as _};
use std::sync::LazyLock;

use otf_api::models::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::harness::{MEMBER, now};

pub(crate) struct Payload {
    pub(crate) file: &'static str,
    text: &'static str,
    pub(crate) keys: &'static [&'static str],
    /// Decodes a body and checks what came of it.
    pub(crate) check: fn(&[u8], &[&str]),
}

impl Payload {
    /// The response with at most two items a list: mutations are to meet every field, not every item.
    pub(crate) fn template(&self) -> &'static Value {
        &TEMPLATES[self.file]
    }
}

static TEMPLATES: LazyLock<HashMap<&str, Value>> = LazyLock::new(|| {
    let all = [BOOKINGS, MEMBERS, STUDIOS, WORKOUTS].into_iter().flatten();
    let parsed = all.map(|payload| {
        let mut value = serde_json::from_str(payload.text).unwrap();
        shorten(&mut value);
        (payload.file, value)
    });
    parsed.collect()
});

fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(2);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(object) => object.values_mut().for_each(shorten),
        _ => {}
    }
}

macro_rules! payloads {
    ($($family:ident { $($model:ident at $keys:expr => $file:literal,)* })*) => {$(
        pub(crate) const $family: &[Payload] = &[$(Payload {
            file: $file,
            text: include_str!(concat!("../../fixtures/", $file)),
            keys: &$keys,
            check: check::<$model>,
        },)*];
    )*};
}

payloads! {
    BOOKINGS {
        OtfClass at ["items"] => "captured/api.orangetheory.io/v1_classes.json",
        Booking at ["items"] => "captured/api.orangetheory.io/v1_bookings_me.past.unmasked.json",
        Booking at ["items"] => "captured/api.orangetheory.io/v1_bookings_me.upcoming-and-past.json",
        LegacyBooking at ["data"] => "captured/api.orangetheory.co/member_members_{id}_bookings.all.json",
        ClassFilterOption at ["items"] => "described/class_filters.json",
    }
    MEMBERS {
        MemberDetail at ["data"] => "captured/api.orangetheory.co/member_members_{id}.unmasked.json",
        MemberMembership at ["data"] => "captured/api.orangetheory.co/member_members_{id}_memberships.json",
        MemberPurchase at ["data"] => "captured/api.orangetheory.co/member_members_{id}_purchases.json",
        EmailNotificationSettings at ["data"] => "captured/api.orangetheory.co/otfmailing_v2_preferences.json",
        SmsNotificationSettings at ["data"] => "captured/api.orangetheory.co/sms_v1_preferences.json",
        ClassCounters at ["data"] => "described/class_counters.json",
    }
    STUDIOS {
        StudioDetail at ["data"] => "captured/api.orangetheory.co/mobile_v1_studios_{id}.unmasked.json",
        StudioDetail at ["data", "studios"] => "captured/api.orangetheory.co/mobile_v1_studios.search.json",
        StudioService at ["data"] => "captured/api.orangetheory.co/member_studios_{id}_services.json",
    }
    WORKOUTS {
        PerformanceSummary at ["items"] => "captured/api.orangetheory.io/v1_performance-summaries.json",
        PerformanceSummary at [] => "captured/api.orangetheory.io/v1_performance-summaries_{id}.tread50.unmasked.json",
        Telemetry at [] => "captured/api.yuzu.orangetheory.com/v1_performance_summary.tread50.json",
        TelemetryHistoryItem at ["history"] => "captured/api.yuzu.orangetheory.com/v1_physVars_maxHr_history.json",
        BodyCompositionData at ["data"] => "captured/api.orangetheory.co/member_members_{cognito_id}_body-composition.json",
        ChallengeTracker at ["Dto"] => "captured/api.orangetheory.co/challenges_v3.1_member_{id}.unmasked.json",
        FitnessBenchmark at ["Dto"] => "captured/api.orangetheory.co/challenges_v3_member_{id}_benchmarks.rower.unmasked.json",
        StatsResponse at ["data"] => "captured/api.orangetheory.co/performance_v2_{id}_over-time_allTime.json",
        OutOfStudioWorkoutHistory at ["data"] => "captured/api.orangetheory.co/member_members_{id}_out-of-studio-workout.json",
        InStudioWorkout at ["data"] => "described/in_studio_workouts.json",
    }
}

/// What the service replies at a path, as the file that holds it.
pub(crate) fn at(path: &str) -> Option<&'static Payload> {
    const ENDS: &[(&str, &str)] = &[
        ("/v1/classes/filters", "class_filters.json"),
        ("/mobile/v1/members/classes/summary", "class_counters.json"),
        ("/virtual-class/in-studio-workouts", "in_studio_workouts.json"),
        ("/v1/classes", "v1_classes.json"),
        ("/v1/bookings/me", "v1_bookings_me.past.unmasked.json"),
        ("/bookings", "bookings.all.json"),
        (MEMBER, "member_members_{id}.unmasked.json"),
        ("/memberships", "memberships.json"),
        ("/purchases", "purchases.json"),
        ("/otfmailing/v2/preferences", "otfmailing_v2_preferences.json"),
        ("/sms/v1/preferences", "sms_v1_preferences.json"),
        ("/mobile/v1/studios", "studios.search.json"),
        ("/services", "services.json"),
        ("/v1/performance-summaries", "v1_performance-summaries.json"),
        ("/v1/performance/summary", "v1_performance_summary.tread50.json"),
        ("/v1/physVars/maxHr/history", "maxHr_history.json"),
        ("/body-composition", "body-composition.json"),
        ("/out-of-studio-workout", "out-of-studio-workout.json"),
    ];
    const MIDDLES: &[(&str, &str)] = &[
        ("/mobile/v1/studios/", "v1_studios_{id}.unmasked.json"),
        ("/v1/performance-summaries/", "tread50.unmasked.json"),
        ("/challenges/v3.1/", "challenges_v3.1_member_{id}.unmasked.json"),
        ("/challenges/v", "benchmarks.rower.unmasked.json"),
        ("/performance/v2/", "over-time_allTime.json"),
    ];
    let (_, file) = MIDDLES
        .iter()
        .find(|(middle, _)| path.contains(middle))
        .or_else(|| ENDS.iter().find(|(end, _)| path.ends_with(end)))?;
    [BOOKINGS, MEMBERS, STUDIOS, WORKOUTS].into_iter().flatten().find(|payload| payload.file.ends_with(file))
}

/// What a model has to be able to do.
trait Model: DeserializeOwned + Serialize + PartialEq + Debug {
    /// Asks it everything that it works out from its fields.
    fn ask(&self) {}

    /// Lists within it: how many of the response's items are there, fitting or not, and under which name.
    fn lists(&self) -> Vec<(&'static str, usize)> {
        Vec::new()
    }
}

fn size<T>(listing: &Listing<T>) -> usize {
    listing.len() + listing.rejected().iter().filter(|rejected| !rejected.item_kept).count()
}

impl Model for OtfClass {
    fn ask(&self) {
        let _ = (self.end.local, self.start.zoned(), self.end.zoned(), self.start.has_passed(now()));
        let _ = (self.start.weekday(), self.has_availability(), self.coach_name(), self.studio_name());
        let _ = write!(String::new(), "{self}");
    }
}

impl Model for Booking {
    fn ask(&self) {
        let class = &self.otf_class;
        let _ = (class.end.local, class.start.zoned(), &class.start.zone, self.is_canceled());
        let _ = (self.studio_uuid(), self.class_id());
        let _ = write!(String::new(), "{self}");
    }
}

impl Model for BodyCompositionData {
    fn ask(&self) {
        let _ = (self.body_fat_mass_relative_descriptor(), self.skeletal_muscle_mass_relative_descriptor());
        let _ = (self.weight_relative_descriptor(), self.body_fat_percent_relative_descriptor());
    }
}

impl Model for Telemetry {
    fn lists(&self) -> Vec<(&'static str, usize)> {
        vec![("telemetry", size(&self.telemetry))]
    }
}

impl Model for ChallengeTracker {
    fn lists(&self) -> Vec<(&'static str, usize)> {
        let (programs, challenges) = (size(&self.programs), size(&self.challenges));
        vec![("Programs", programs), ("Challenges", challenges), ("Benchmarks", size(&self.benchmarks))]
    }
}

macro_rules! models {
    ($($model:ident)*) => {$(impl Model for $model {})*};
}

models! {
    LegacyBooking MemberDetail MemberMembership MemberPurchase EmailNotificationSettings SmsNotificationSettings
    StudioDetail StudioService PerformanceSummary TelemetryHistoryItem FitnessBenchmark StatsResponse
    OutOfStudioWorkoutHistory ClassFilterOption ClassCounters InStudioWorkout
}

/// Decodes a body: of what is right nothing may be lost, and of what is wrong the path has to be named.
fn check<T: Model>(body: &[u8], keys: &[&str]) {
    let whole: Option<Value> = serde_json::from_slice(body).ok();
    let raw = whole.as_ref().and_then(|whole| list_in(whole, keys));
    match decode::<T>(body, keys) {
        // Text that is skipped unread need not be right, so there may be nothing to compare with.
        Ok(listing) if whole.is_some() => check_listing(&listing, raw.unwrap_or(&Value::Null)),
        Ok(listing) => listing.iter().for_each(|item| check_value(item, None)),
        Err(error) => {
            let is_list = raw.is_some_and(Value::is_array);
            assert!(!is_list, "a list was given up: {error}");
            check_path(&error, keys);
        }
    }
}

/// The list of a body: where it is expected, or in one of the other envelopes that are read.
fn list_in<'v>(whole: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    let at = |keys: &[&str]| keys.iter().try_fold(whole, |value, key| value.get(key));
    let envelopes: [&[&str]; 4] = [keys, &[], &["items"], &["data"]];
    envelopes.into_iter().filter_map(at).find(|value| value.is_array()).or_else(|| at(keys))
}

fn check_listing<T: Model>(listing: &Listing<T>, raw: &Value) {
    let raw = raw.as_array().map_or(std::slice::from_ref(raw), Vec::as_slice);
    let lost: Vec<_> = listing.rejected().iter().filter(|rejected| !rejected.item_kept).collect();
    assert_eq!(listing.len() + lost.len(), raw.len(), "items are lost");
    let rejected = listing.rejected();
    assert!(rejected.is_sorted_by(|one, next| one.index <= next.index), "{rejected:?}");
    assert!(rejected.iter().all(|rejected| !rejected.reason.is_empty()));
    for lost in &lost {
        assert_eq!(lost.raw, raw[lost.index]);
    }
    let mut kept = (0..raw.len()).filter(|index| lost.iter().all(|lost| lost.index != *index));
    for item in listing {
        let index = kept.next().unwrap();
        let is_whole = rejected.iter().all(|rejected| rejected.index != index);
        check_value(item, Some(&raw[index]).filter(|_| is_whole));
    }
    assert_eq!(serde_json::to_value(listing).unwrap().as_array().map(Vec::len), Some(listing.len()));
}

fn check_value<T: Model>(value: &T, raw: Option<&Value>) {
    value.ask();
    let _ = write!(String::new(), "{value:?}");
    check_round_trip(value);
    for (name, size) in value.lists() {
        // Under its own name alone: a field has others, and the first that holds something wins.
        if let Some(Value::Array(items)) = raw.and_then(|raw| raw.get(name))
            && !items.is_empty()
            && raw.and_then(|raw| raw.get(name.to_lowercase())).is_none_or(|_| name.to_lowercase() == name)
        {
            assert_eq!(size, items.len(), "items of {name} are lost");
        }
    }
}

/// What was serialized decodes to the same. Items that were rejected are not serialized, so values are compared
/// by what they serialize to.
pub(crate) fn check_round_trip<T: DeserializeOwned + Serialize>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    let again: T = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(serde_json::to_string(&again).unwrap(), json);
}

fn check_path(error: &DecodeError, keys: &[&str]) {
    assert!(!error.reason.is_empty());
    if error.reason.starts_with("not JSON") {
        return;
    }
    let keys = keys.join(".");
    let above = keys.starts_with(error.path.as_str());
    let within = error
        .path
        .strip_prefix(&keys)
        .is_some_and(|rest| keys.is_empty() || rest.starts_with(['.', '[']) || rest.is_empty());
    assert!(above || within, "{:?} is not at {keys:?}: {}", error.path, error.reason);
}
