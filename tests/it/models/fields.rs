//! Every field of `models.md` is there under its name, and holds what the wire held.

use std::collections::{BTreeMap, BTreeSet};

use otf_api::ClassType;
use otf_api::models::*;
use serde_json::{Value, json};

use super::{CAPTURED, fixture, from_json, items};

/// Where in a model's response another model sits: the section, where on the wire, where in what we serialize.
const NESTED: &[(&str, &str, &str, &str)] = &[
    ("BookingV2", "class", "otf_class", "BookingV2Class"),
    ("BookingV2Class", "studio", "studio", "BookingV2Studio"),
    ("BookingV2Studio", "address", "address", "Address"),
    ("BookingV2", "workout", "workout", "BookingV2Workout"),
    ("BookingV2", "ratings.class", "ratings.class", "Rating"),
    ("Booking", "class", "otf_class", "BookingClass"),
    ("BookingClass", "coach", "coach", "Coach"),
    ("BookingClass", "studio", "studio", "StudioDetail"),
    ("StudioDetail", "studioLocation", "location", "StudioLocation"),
    ("MemberDetail", "memberProfile", "profile", "MemberProfile"),
    ("MemberDetail", "memberClassSummary", "class_summary", "MemberClassSummary"),
    ("MemberDetail", "addresses", "addresses", "Address"),
    ("MemberDetail", "homeStudio", "home_studio", "StudioDetail"),
    ("MemberPurchase", "studio", "studio", "StudioDetail"),
    ("StudioService", "studio", "studio", "StudioDetail"),
    ("PerformanceSummary", "details.zone_time_minutes", "details.zone_time_minutes", "ZoneTimeMinutes"),
    ("PerformanceSummary", "details.heart_rate", "details.heart_rate", "HeartRate"),
    ("PerformanceSummary", "details.equipment_data.rower", "details.equipment_data.rower", "Rower"),
    (
        "PerformanceSummary",
        "details.equipment_data.treadmill",
        "details.equipment_data.treadmill",
        "Treadmill",
    ),
    ("Rower", "avg_pace", "avg_pace", "PerformanceMetric"),
    ("Treadmill", "avg_pace", "avg_pace", "PerformanceMetric"),
    ("Treadmill", "avg_speed", "avg_speed", "PerformanceMetric"),
    ("Telemetry", "zones", "zones", "Zones"),
    ("TelemetryHistoryItem", "zones", "zones", "Zones"),
    ("Zones", "gray", "gray", "Zone"),
    ("Zones", "red", "red", "Zone"),
    ("Telemetry", "telemetry", "telemetry", "TelemetryItem"),
    ("TelemetryItem", "treadData", "tread_data", "TreadData"),
    ("TelemetryItem", "rowData", "row_data", "RowData"),
    ("ChallengeTracker", "Programs", "programs", "Program"),
    ("ChallengeTracker", "Challenges", "challenges", "Challenge"),
    ("ChallengeTracker", "Benchmarks", "benchmarks", "Benchmark"),
    ("Program", "Years", "years", "Year"),
    ("Benchmark", "Years", "years", "Year"),
    ("FitnessBenchmark", "MetricEntry", "metric_entry", "MetricEntry"),
    ("FitnessBenchmark", "Goals", "goals", "Goal"),
    ("FitnessBenchmark", "ChallengeHistories", "challenge_histories", "ChallengeHistory"),
    ("ChallengeHistory", "BenchmarkHistories", "benchmark_histories", "BenchmarkHistory"),
    ("StatsResponse", "allStats", "all_stats", "TimeStats"),
    ("StatsResponse", "allStats.lastYear", "all_stats.last_year", "AllStatsData"),
    ("StatsResponse", "inStudio.thisMonth", "in_studio.this_month", "InStudioStatsData"),
    ("StatsResponse", "outStudio.allTime", "out_studio.all_time", "OutStudioStatsData"),
    ("BodyCompositionData", "", "lean_body_mass_details", "LeanBodyMass"),
    ("BodyCompositionData", "", "lean_body_mass_percent_details", "LeanBodyMassPercent"),
    ("BodyCompositionData", "", "body_fat_mass_details", "BodyFatMass"),
    ("BodyCompositionData", "", "body_fat_mass_percent_details", "BodyFatMassPercent"),
    ("BodyCompositionData", "", "total_body_water_details", "TotalBodyWater"),
    ("BodyCompositionData", "", "intra_cellular_water_details", "IntraCellularWater"),
    ("BodyCompositionData", "", "extra_cellular_water_details", "ExtraCellularWater"),
    (
        "BodyCompositionData",
        "",
        "extra_cellular_water_over_total_body_water_details",
        "ExtraCellularWaterOverTotalBodyWater",
    ),
    ("WorkoutStatsResponse", "points", "points", "StatPoint"),
    ("WorkoutStatsPreviewResponse", "stats", "stats", "PreviewStat"),
];

/// Fields that sit elsewhere than in models.md, since the nesting of the wire is kept.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("BookingV2Class", "starts_at", "start.local"),
    ("BookingV2Class", "starts_at_utc", "start.utc"),
    ("OtfClass", "starts_at", "start.local"),
    ("OtfClass", "starts_at_utc", "start.utc"),
    ("OtfClass", "ends_at", "end.local"),
    ("OtfClass", "ends_at_utc", "end.utc"),
    ("BookingClass", "starts_at", "start.local"),
    ("BookingClass", "ends_at", "end.local"),
    ("BookingV2", "coach_rating", "ratings.coach"),
    ("BookingV2", "class_rating", "ratings.class"),
    ("BookingV2Class", "coach", "coach.first_name"),
    ("OtfClass", "coach", "coach.first_name"),
    ("StudioDetail", "is_crm", "profiles.is_crm"),
    ("StudioDetail", "is_web", "profiles.is_web"),
    ("StudioLocation", "physical_region", "region"),
    ("StudioLocation", "physical_country_id", "country_id"),
    ("Telemetry", "class_history_uuid", "performance_summary_id"),
    ("TelemetryHistoryItem", "max_hr_type", "max_hr.kind"),
    ("TelemetryHistoryItem", "max_hr_value", "max_hr.value"),
    ("OutOfStudioWorkoutHistory", "workout_type", "workout_type.display_name"),
    ("PerformanceSummary", "calories_burned", "details.calories_burned"),
    ("PerformanceSummary", "splat_points", "details.splat_points"),
    ("PerformanceSummary", "step_count", "details.step_count"),
    ("PerformanceSummary", "zone_time_minutes", "details.zone_time_minutes"),
    ("PerformanceSummary", "heart_rate", "details.heart_rate"),
    ("PerformanceSummary", "rower_data", "details.equipment_data.rower"),
    ("PerformanceSummary", "treadmill_data", "details.equipment_data.treadmill"),
];

/// Wire names that models.md lacks.
const MORE_NAMES: &[(&str, &str, &str)] = &[
    ("StudioDetail", "allows_cr_waitlist", "allowsCRWaitlist"),
    ("StudioDetail", "accepts_ach", "acceptsACH"),
];

/// Sections that are no model of a response: a query, the assembled workout (`rules.rs`), bases of others.
const NO_ANSWER: &[&str] = &["ClassFilter", "Workout", "BaseEquipment", "BaseStatsData"];

struct Field {
    name: String,
    wire: Vec<String>,
}

fn sections() -> BTreeMap<String, Vec<Field>> {
    let text = String::from_utf8(fixture("models.md")).unwrap();
    let mut sections: BTreeMap<String, Vec<Field>> = BTreeMap::new();
    let mut section = None;
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split_whitespace().next().map(str::to_owned);
        } else if let (Some(section), Some(row)) = (&section, line.strip_prefix("| ")) {
            let row = row.replace("\\|", "|");
            let Some((name, rest)) = row.split_once(" | ") else { continue };
            let wire: Vec<String> = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            if wire.is_empty() {
                continue;
            }
            sections.entry(section.clone()).or_default().push(Field { name: name.to_owned(), wire });
        }
    }
    assert!(sections.len() > 60, "{}", sections.len());
    sections
}

fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').filter(|key| !key.is_empty()).fold(value, |value, key| &value[key])
}

/// Whether both say the same, given that one is as the service writes and the other as we do.
fn same(wire: &Value, ours: &Value) -> bool {
    match (wire, ours) {
        (Value::Object(_) | Value::Array(_), Value::Object(_) | Value::Array(_)) => true,
        (Value::Null, Value::Object(_)) => true,
        (Value::Null, Value::Array(items)) => items.is_empty(),
        (Value::String(wire), Value::Null) => wire.is_empty() || wire.parse() == Ok(0.0),
        (Value::Null, Value::String(ours)) => ours.is_empty(),
        (Value::String(wire), Value::Array(ours)) => {
            wire.split(';').map(|n| n.parse::<f64>().unwrap()).eq(ours.iter().map(|n| n.as_f64().unwrap()))
        }
        (Value::String(wire), Value::String(ours)) if wire != ours => {
            let (wire, ours) = (WireDateTime::parse(wire).unwrap(), WireDateTime::parse(ours).unwrap());
            match ours.offset {
                Some(_) => wire.timestamp() == ours.timestamp(),
                None => wire.datetime.date() == ours.datetime.date(),
            }
        }
        (Value::String(text), Value::Number(number)) | (Value::Number(number), Value::String(text)) => {
            text.parse::<f64>().ok() == number.as_f64()
        }
        (Value::Number(wire), Value::Number(ours)) => wire.as_f64() == ours.as_f64(),
        (wire, ours) => wire == ours,
    }
}

/// Compares what came with what it became, field by field, and so for all models inside.
fn compare(
    section: &str,
    wire: &Value,
    ours: &Value,
    sections: &BTreeMap<String, Vec<Field>>,
    filled: &mut BTreeSet<(String, String)>,
) {
    if let (Value::Array(wire), Value::Array(ours)) = (wire, ours) {
        assert_eq!(wire.len(), ours.len(), "{section}");
        wire.iter().zip(ours).for_each(|(wire, ours)| compare(section, wire, ours, sections, filled));
        return;
    }
    if !wire.is_object() {
        return;
    }
    for Field { name, wire: names } in &sections[section] {
        if (section, name.as_str()) == ("BodyFatMass", "control") {
            // It is a field of the scan.
            filled.insert((section.to_owned(), name.clone()));
            continue;
        }
        let elsewhere = ELSEWHERE.iter().find(|(of, field, _)| (*of, *field) == (section, name));
        // The fixture spells some names with two l, this crate with one.
        let spelled = name.replace("cancelled", "canceled");
        let place = elsewhere.map_or(spelled.as_str(), |(_, _, place)| place);
        let (nest, leaf) = place.rsplit_once('.').unwrap_or(("", place));
        if let Value::Object(object) = at(ours, nest) {
            assert!(object.contains_key(leaf), "{section}.{name} is not there");
        }
        // `country` is a record in some responses and then stands apart.
        let more = MORE_NAMES.iter().filter(|(of, field, _)| (*of, *field) == (section, name));
        let more = more.map(|(.., name)| *name);
        let theirs = names.iter().chain([name]).map(String::as_str).chain(more).map(|name| at(wire, name));
        let theirs = theirs.filter(|theirs| !(theirs.is_null() || name == "country" && theirs.is_object()));
        let theirs = theirs.into_iter().next().unwrap_or(&Value::Null);
        let computed = matches!(name.as_str(), "timestamp" | "ends_at");
        let mine = at(ours, place);
        assert!(computed || same(theirs, mine), "{section}.{name}: {theirs} became {mine}");
        if !theirs.is_null() {
            filled.insert((section.to_owned(), name.clone()));
        }
    }
    for (of, on_wire, in_ours, inner) in NESTED {
        if of == &section {
            compare(inner, at(wire, on_wire), at(ours, in_ours), sections, filled);
        }
    }
}

#[test]
fn every_field_holds_the_wire_value() {
    let sections = sections();
    let mut filled = BTreeSet::new();
    for (section, file, keys, decode) in CAPTURED {
        for (wire, ours) in decode(&super::captured(file), keys) {
            compare(section, &wire, &ours, &sections, &mut filled);
        }
    }
    // What no capture has: rowers, ratings, trends, waitlists.
    let made = [
        (
            "Telemetry",
            items::<Telemetry> as super::Decoder,
            json!({
                "classHistoryUuid": "a", "classStartTime": "2026-04-18T15:30:13Z",
                "telemetry": [{"relativeTimestamp": 3, "hr": 100, "aggSplats": 1, "aggCalories": 2, "rowData": {
                    "rowSpeed": 3.5, "rowPps": 1.5, "rowSpm": 24.5, "aggRowDistance": 120, "rowPace": 140,
                }}],
            }),
        ),
        (
            "BookingV2",
            items::<Booking>,
            json!({
                "id": "b", "checked_in": false, "canceled": true, "ratable": false, "waitlist_position": 2,
                "canceled_at": "2026-04-18T15:30:13.000Z",
                "ratings": {
                    "coach": {"id": "18", "description": "Loved it", "value": 3},
                    "class": {"id": "21", "description": "Loved it", "value": 3},
                },
                "class": {"id": "c", "name": "Tread 50", "type": "TREAD_50", "starts_at_local": "2026-04-18T10:30:00"},
            }),
        ),
        (
            "WorkoutStatsResponse",
            items::<WorkoutStatsResponse>,
            json!({
                "start": "2026-01-01T00:00:00-06:00", "end": "2026-04-01T00:00:00+00:00", "stat_key": "peak_hr",
                "unit": "bpm", "value_type": "number", "points": [{
                    "date": "2026-03-01T10:00:00", "value": 170, "workout_id": "w", "class_type": "TREAD_50",
                    "class_name": "Tread 50",
                }],
            }),
        ),
        (
            "WorkoutStatsPreviewResponse",
            items::<WorkoutStatsPreviewResponse>,
            json!({
                "start": "2026-01-01", "end": "2026-04-01T00:00:00Z", "requested_workout_count": "10",
                "stats": [{"stat_key": "new_one", "unit": "x", "value_type": "number", "points": []}],
            }),
        ),
        (
            "MemberPurchase",
            items::<MemberPurchase>,
            json!({
                "memberPurchaseUUId": "p", "memberFeeId": 1, "posDescriptionId": "2",
            }),
        ),
        (
            "OtfClass",
            items::<OtfClass>,
            json!({
                "type": "X", "starts_at_local": "2026-04-18T10:30:00", "is_booked": true, "is_home_studio": false,
            }),
        ),
    ];
    for (section, decode, wire) in made {
        for (wire, ours) in decode(&serde_json::to_vec(&wire).unwrap(), &[]) {
            compare(section, &wire, &ours, &sections, &mut filled);
        }
    }
    // All sections were reached, and nearly all their fields held something at least once.
    let mut empty = Vec::new();
    for (section, fields) in sections.iter().filter(|(section, _)| !NO_ANSWER.contains(&section.as_str())) {
        let some = fields.iter().any(|field| filled.contains(&(section.clone(), field.name.clone())));
        assert!(some || section == "Challenge", "nothing was compared in {section}");
        let open = fields.iter().filter(|field| !filled.contains(&(section.clone(), field.name.clone())));
        empty.extend(open.map(|field| format!("{section}.{}", field.name)));
    }
    assert!(empty.len() < 40, "{empty:#?}");
}

#[test]
fn fields_beyond_the_list_of_models_are_read() {
    let bookings = super::list::<Booking>("api.orangetheory.io/v1_bookings_me.past.json", &["items"]);
    let class = &bookings[0].otf_class;
    assert_eq!(class.studio.as_ref().unwrap().phone_number.as_deref(), Some("5815382882"));
    let image = class.coach.as_ref().unwrap().image_url.as_deref();
    assert_eq!(image, Some("https://placeholder.example.com/profile/184497.jpg"));
    let minutes = bookings[0].workout.as_ref().unwrap().zone_time_minutes.unwrap();
    let minutes = [minutes.gray, minutes.blue, minutes.green, minutes.orange, minutes.red];
    assert_eq!(minutes, [1, 6, 21, 16, 0]);

    let summaries =
        super::list::<PerformanceSummary>("api.orangetheory.io/v1_performance-summaries.json", &["items"]);
    assert_eq!(summaries[3].details.active_time_seconds, Some(2772));
    let class = summaries[0].otf_class.as_ref().unwrap();
    assert_eq!(class.class_type, Some(ClassType::other()));
    assert_eq!(class.studio.as_ref().unwrap().license_number.as_deref(), Some("0590"));
    assert_eq!(summaries[0].class_uuid().unwrap().as_str(), "a44b6c34-28de-4432-9dec-5ba8350dd951");
    assert_eq!(summaries[2].class_uuid(), None);
    let file = "api.orangetheory.io/v1_performance-summaries_{id}.tread50.json";
    let summary = super::one::<PerformanceSummary>(file, &[]);
    assert_eq!(summary.rower_data().unwrap().max_power.as_ref().unwrap().metric_value, Some(0.0));

    let tracker = super::one::<ChallengeTracker>(
        "api.orangetheory.co/challenges_v3.1_member_{id}.unmasked.json",
        &["Dto"],
    );
    assert!(tracker.programs[0].logo_url.as_ref().unwrap().ends_with("DriTri_Icon_Spring2026.png"));
    let member = json!({"memberUUId": "m", "profilePictureUrl": "https://example.com/me.png"});
    let member: MemberDetail = from_json(&member).unwrap();
    assert_eq!(member.profile_picture_url.as_deref(), Some("https://example.com/me.png"));
}
