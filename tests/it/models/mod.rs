//! Models against what the service really sends.

mod captured;
mod described;
mod enums;
mod fields;
pub(crate) mod mutations;
mod own_types;
mod rules;
mod spellings;

use std::fmt::Debug;
use std::path::Path;

use otf_api::models::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a model has to be able to do.
trait Model: DeserializeOwned + Serialize + PartialEq + Debug + Clone + Send + 'static {}

impl<T: DeserializeOwned + Serialize + PartialEq + Debug + Clone + Send + 'static> Model for T {}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn captured(file: &str) -> Vec<u8> {
    fixture(&format!("captured/{file}"))
}

/// The captured list, which has to decode whole, and again from what it serializes to.
fn list<T: Model>(file: &str, keys: &[&str]) -> Listing<T> {
    let listing = decode::<T>(&captured(file), keys).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(listing.rejected(), [], "{file}");
    again(&listing);
    listing
}

/// The captured value, which has to decode again from what it serializes to.
fn one<T: Model>(file: &str, keys: &[&str]) -> T {
    let value = decode::<T>(&captured(file), keys).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(value.rejected(), [], "{file}");
    again(&value);
    value.into_iter().next().unwrap()
}

/// Serialized and decoded, a value is the same.
fn again<T: Model>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value, "{json}");
}

/// Reads one value; the error is what did not fit, even if the value could be left out.
fn from_json<T: Model>(value: &Value) -> Result<T, Rejected> {
    let (value, rejected) = with_rejected(value);
    match rejected.into_iter().next() {
        None => Ok(value.unwrap()),
        Some(rejected) => Err(rejected),
    }
}

/// Reads one value, and what did not fit.
fn with_rejected<T: Model>(value: &Value) -> (Option<T>, Vec<Rejected>) {
    let (values, rejected) = decode(&serde_json::to_vec(value).unwrap(), &[]).unwrap().into_parts();
    (values.into_iter().next(), rejected)
}

/// Decodes the items at these keys (one item where no list is there) and calls back with the items as they came,
/// and as they serialize.
type Decoder = fn(&[u8], &[&str]) -> Vec<(Value, Value)>;

fn items<T: Model>(body: &[u8], keys: &[&str]) -> Vec<(Value, Value)> {
    let whole: Value = serde_json::from_slice(body).unwrap();
    let wire = keys.iter().fold(&whole, |value, key| &value[*key]);
    let items = wire.as_array().cloned().unwrap_or_else(|| vec![wire.clone()]);
    let listing = decode::<T>(body, keys).unwrap();
    assert_eq!((listing.len(), listing.rejected()), (items.len(), &[][..]));
    again(&listing);
    let ours = listing.iter().map(|item| serde_json::to_value(item).unwrap());
    items.into_iter().zip(ours).collect()
}

/// Every captured file with the type of what it holds and where that is.
const CAPTURED: &[(&str, &str, &[&str], Decoder)] = &[
    ("OtfClass", "api.orangetheory.io/v1_classes.json", &["items"], items::<OtfClass>),
    ("OtfClass", "api.orangetheory.io/v1_classes.unmasked.json", &["items"], items::<OtfClass>),
    ("BookingV2", "api.orangetheory.io/v1_bookings_me.past.json", &["items"], items::<Booking>),
    ("BookingV2", "api.orangetheory.io/v1_bookings_me.past.unmasked.json", &["items"], items::<Booking>),
    ("BookingV2", "api.orangetheory.io/v1_bookings_me.upcoming-and-past.json", &["items"], items::<Booking>),
    (
        "Booking",
        "api.orangetheory.co/member_members_{id}_bookings.all.json",
        &["data"],
        items::<LegacyBooking>,
    ),
    (
        "Booking",
        "api.orangetheory.co/member_members_{id}_bookings.booked.unmasked.json",
        &["data"],
        items::<LegacyBooking>,
    ),
    ("MemberDetail", "api.orangetheory.co/member_members_{id}.json", &["data"], items::<MemberDetail>),
    (
        "MemberDetail",
        "api.orangetheory.co/member_members_{id}.unmasked.json",
        &["data"],
        items::<MemberDetail>,
    ),
    (
        "MemberMembership",
        "api.orangetheory.co/member_members_{id}_memberships.json",
        &["data"],
        items::<MemberMembership>,
    ),
    (
        "MemberPurchase",
        "api.orangetheory.co/member_members_{id}_purchases.json",
        &["data"],
        items::<MemberPurchase>,
    ),
    (
        "EmailNotificationSettings",
        "api.orangetheory.co/otfmailing_v2_preferences.json",
        &["data"],
        items::<EmailNotificationSettings>,
    ),
    (
        "SmsNotificationSettings",
        "api.orangetheory.co/sms_v1_preferences.json",
        &["data"],
        items::<SmsNotificationSettings>,
    ),
    (
        "StudioDetail",
        "api.orangetheory.co/mobile_v1_studios.search.json",
        &["data", "studios"],
        items::<StudioDetail>,
    ),
    ("StudioDetail", "api.orangetheory.co/mobile_v1_studios_{id}.a.json", &["data"], items::<StudioDetail>),
    ("StudioDetail", "api.orangetheory.co/mobile_v1_studios_{id}.b.json", &["data"], items::<StudioDetail>),
    (
        "StudioDetail",
        "api.orangetheory.co/mobile_v1_studios_{id}.unmasked.json",
        &["data"],
        items::<StudioDetail>,
    ),
    (
        "StudioDetail",
        "api.orangetheory.co/member_members_{id}_favorite-studios.empty.json",
        &["data"],
        items::<StudioDetail>,
    ),
    (
        "StudioService",
        "api.orangetheory.co/member_studios_{id}_services.json",
        &["data"],
        items::<StudioService>,
    ),
    (
        "PerformanceSummary",
        "api.orangetheory.io/v1_performance-summaries.json",
        &["items"],
        items::<PerformanceSummary>,
    ),
    (
        "PerformanceSummary",
        "api.orangetheory.io/v1_performance-summaries_{id}.strength50.json",
        &[],
        items::<PerformanceSummary>,
    ),
    (
        "PerformanceSummary",
        "api.orangetheory.io/v1_performance-summaries_{id}.tread50.json",
        &[],
        items::<PerformanceSummary>,
    ),
    (
        "PerformanceSummary",
        "api.orangetheory.io/v1_performance-summaries_{id}.tread50.unmasked.json",
        &[],
        items::<PerformanceSummary>,
    ),
    ("Telemetry", "api.yuzu.orangetheory.com/v1_performance_summary.empty.json", &[], items::<Telemetry>),
    (
        "Telemetry",
        "api.yuzu.orangetheory.com/v1_performance_summary.strength50.json",
        &[],
        items::<Telemetry>,
    ),
    ("Telemetry", "api.yuzu.orangetheory.com/v1_performance_summary.tread50.json", &[], items::<Telemetry>),
    (
        "TelemetryHistoryItem",
        "api.yuzu.orangetheory.com/v1_physVars_maxHr_history.json",
        &["history"],
        items::<TelemetryHistoryItem>,
    ),
    (
        "TelemetryHistoryItem",
        "api.yuzu.orangetheory.com/v1_physVars_maxHr_history.unmasked.json",
        &["history"],
        items::<TelemetryHistoryItem>,
    ),
    (
        "BodyCompositionData",
        "api.orangetheory.co/member_members_{cognito_id}_body-composition.json",
        &["data"],
        items::<BodyCompositionData>,
    ),
    (
        "ChallengeTracker",
        "api.orangetheory.co/challenges_v3.1_member_{id}.json",
        &["Dto"],
        items::<ChallengeTracker>,
    ),
    (
        "ChallengeTracker",
        "api.orangetheory.co/challenges_v3.1_member_{id}.unmasked.json",
        &["Dto"],
        items::<ChallengeTracker>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v1_member_{id}_participation.dri-tri.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v1_member_{id}_participation.dri-tri.unmasked.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v3_member_{id}_benchmarks.catch-me-if-you-can.unmasked.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v3_member_{id}_benchmarks.dri-tri.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v3_member_{id}_benchmarks.empty.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v3_member_{id}_benchmarks.marathon-month.unmasked.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v3_member_{id}_benchmarks.one-mile.unmasked.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "FitnessBenchmark",
        "api.orangetheory.co/challenges_v3_member_{id}_benchmarks.rower.unmasked.json",
        &["Dto"],
        items::<FitnessBenchmark>,
    ),
    (
        "StatsResponse",
        "api.orangetheory.co/performance_v2_{id}_over-time_allTime.json",
        &["data"],
        items::<StatsResponse>,
    ),
    (
        "StatsResponse",
        "api.orangetheory.co/performance_v2_{id}_over-time_thisMonth.json",
        &["data"],
        items::<StatsResponse>,
    ),
    (
        "OutOfStudioWorkoutHistory",
        "api.orangetheory.co/member_members_{id}_out-of-studio-workout.json",
        &["data"],
        items::<OutOfStudioWorkoutHistory>,
    ),
];
