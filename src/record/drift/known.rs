//! What the models know of a place in a response: the field that it is read into, and its values.

use serde_json::Value;

use super::shape::ITEM;
use crate::models::{EnumInfo, FieldInfo, ModelInfo, known_fields, known_values};

/// Longer than this a text is no value of an enumeration.
const LONGEST: usize = 48;

/// The model of each endpoint's response, and the keys around it.
const ROOTS: &[(&str, &[&str], &str)] = &[
    ("DELETE /member/members/{id}/bookings/{id}", &["data"], "LegacyBooking"),
    ("GET /challenges/v1/member/{id}/participation", &["Dto"], "FitnessBenchmark"),
    ("GET /challenges/v3.1/member/{id}", &["Dto"], "ChallengeTracker"),
    ("GET /challenges/v3/member/{id}/benchmarks", &["Dto"], "FitnessBenchmark"),
    ("GET /consumer-mobile/v1/users/me/workout-stats/preview", &[], "WorkoutStatsPreviewResponse"),
    ("GET /consumer-mobile/v1/users/me/workout-stats/{name}", &[], "WorkoutStatsResponse"),
    ("GET /member/members/{id}", &["data"], "MemberDetail"),
    ("GET /member/members/{id}/body-composition", &["data"], "BodyCompositionData"),
    ("GET /member/members/{id}/bookings", &["data"], "LegacyBooking"),
    ("GET /member/members/{id}/bookings/{id}", &["data"], "LegacyBooking"),
    ("GET /member/members/{id}/favorite-studios", &["data"], "StudioDetail"),
    ("GET /member/members/{id}/memberships", &["data"], "MemberMembership"),
    ("GET /member/members/{id}/out-of-studio-workout", &["data"], "OutOfStudioWorkoutHistory"),
    ("GET /member/members/{id}/purchases", &["data"], "MemberPurchase"),
    ("GET /member/studios/{id}/services", &["data"], "StudioService"),
    ("GET /mobile/v1/members/classes/summary", &["data"], "ClassCounters"),
    ("GET /mobile/v1/studios", &["data", "studios"], "StudioDetail"),
    ("GET /mobile/v1/studios/{id}", &["data"], "StudioDetail"),
    ("GET /otfmailing/v2/preferences", &["data"], "EmailNotificationSettings"),
    ("GET /partners/studios/v2", &["data"], "PartnerStudio"),
    ("GET /performance/v2/{id}/over-time/{name}", &["data"], "StatsResponse"),
    ("GET /sms/v1/preferences", &["data"], "SmsNotificationSettings"),
    ("GET /v1/bookings/me", &["items"], "Booking"),
    ("GET /v1/classes", &["items"], "OtfClass"),
    ("GET /v1/classes/filters", &["items"], "ClassFilterOption"),
    ("GET /v1/performance-summaries", &["items"], "PerformanceSummary"),
    ("GET /v1/performance-summaries/{id}", &[], "PerformanceSummary"),
    ("GET /v1/performance/summary", &[], "Telemetry"),
    ("GET /v1/physVars/maxHr/history", &["history"], "TelemetryHistoryItem"),
    ("GET /virtual-class/in-studio-workouts", &["data"], "InStudioWorkout"),
    ("POST /mobile/v1/members/favorite-studios", &["data", "studios"], "StudioDetail"),
    ("POST /v1/bookings/me", &[], "Booking"),
    ("PUT /member/members/{id}", &["data"], "MemberDetail"),
    ("PUT /member/members/{id}/bookings", &["data", "savedBookings"], "LegacyBooking"),
];

/// The model and its field that a place of a response is read into, if there is one.
pub(super) fn field_at(endpoint: &str, path: &[String]) -> Option<(&'static str, &'static FieldInfo)> {
    let (_, keys, root) = ROOTS.iter().find(|(known, ..)| *known == endpoint)?;
    let mut steps = path.iter().map(String::as_str).filter(|step| *step != ITEM);
    if !keys.iter().all(|key| steps.next() == Some(*key)) {
        return None;
    }
    // The parameter of a generic model.
    let mut parameter = "";
    let mut model = model_of(root)?;
    let mut found = None;
    for step in steps {
        if let Some((_, field)) = found {
            model = inner_model(field, &mut parameter)?;
        }
        found = Some((model.name, model.fields.iter().find(|field| field.has_name(step))?));
    }
    found
}

fn inner_model(field: &'static FieldInfo, parameter: &mut &'static str) -> Option<&'static ModelInfo> {
    let inner = field.inner_type();
    match inner.strip_suffix('>').and_then(|inner| inner.split_once('<')) {
        Some((generic, inner)) => {
            *parameter = inner;
            model_of(generic)
        }
        None => model_of(if inner == "T" { parameter } else { inner }),
    }
}

fn model_of(name: &str) -> Option<&'static ModelInfo> {
    known_fields().iter().find(|model| model.name == name)
}

/// The value of a field that is an enumeration, if the models do not know it.
pub(super) fn unknown_value(endpoint: &str, path: &[String], value: &Value) -> Option<String> {
    let (_, field) = field_at(endpoint, path)?;
    let known: &EnumInfo = known_values().iter().find(|known| known.name == field.inner_type())?;
    let value = match value {
        // 0 stands for none.
        Value::Number(number) => number.as_i64().filter(|number| *number != 0)?.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let is_one = !value.is_empty() && value.len() <= LONGEST;
    (is_one && !known.values.contains(&value.as_str())).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(endpoint: &str, path: &str) -> Option<String> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        field_at(endpoint, &path).map(|(model, field)| format!("{model}.{}", field.name))
    }

    #[test]
    fn places_are_found_in_the_models() {
        let classes = "GET /v1/classes";
        assert_eq!(at(classes, "items.[].type").as_deref(), Some("OtfClass.class_type"));
        assert_eq!(at(classes, "items.[].studio.address.line1").as_deref(), Some("Address.address_line1"));
        assert_eq!(at(classes, "items.[].brand_new"), None);
        assert_eq!(at(classes, "items"), None);
        let stats = at("GET /performance/v2/{id}/over-time/{name}", "data.inStudio.allTime.calories");
        assert_eq!(stats.as_deref(), Some("InStudioStatsData.calories"));
        let studio = at("GET /partners/studios/v2", "data.[].[].studioLocation.physicalCity");
        assert_eq!(studio.as_deref(), Some("PartnerLocation.city"));
        assert_eq!(at("GET /v9/nothing", "a"), None);
    }

    #[test]
    fn every_root_is_a_model() {
        for (endpoint, _, model) in ROOTS {
            assert!(model_of(model).is_some(), "{endpoint}");
        }
    }
}
