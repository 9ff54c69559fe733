//! Every captured response decodes whole, and some of what is in them in plain sight.

use std::collections::BTreeSet;

use otf_api::ClassType;
use otf_api::models::*;
use serde_json::Value;

use super::{CAPTURED, captured, list, one};

#[test]
fn no_captured_item_is_rejected() {
    let manifest: Value = serde_json::from_slice(&captured("manifest.json")).unwrap();
    let files = manifest["files"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap());
    let known: BTreeSet<&str> = CAPTURED.iter().map(|(_, file, ..)| *file).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), known);
    for (_, file, keys, decode) in CAPTURED {
        let items = decode(&captured(file), keys);
        assert!(!items.is_empty() || file.contains("empty"), "{file}");
    }
}

#[test]
fn classes() {
    let classes = list::<OtfClass>("api.orangetheory.io/v1_classes.unmasked.json", &["items"]);
    let class = &classes[0];
    assert_eq!(class.class_id.as_ref().unwrap().as_str(), "90376040-a779-458b-bbb7-87a792ea200f");
    assert_eq!(class.class_uuid.as_ref().unwrap().as_str(), "8d20272a-5674-41dd-ac5a-7d49432d6ff8");
    assert_eq!((class.name.as_str(), &class.class_type), ("Tread 50", &ClassType::Tread50));
    assert_eq!((class.max_capacity, class.waitlist_size, class.full), (Some(12), Some(0), Some(false)));
    assert_eq!(class.start.zoned().unwrap().to_string(), "2026-04-28T10:00:00-05:00[America/Chicago]");
    assert_eq!(class.studio.as_ref().unwrap().country_code.as_deref(), Some("US"));
    assert_eq!((class.is_booked, &class.studio_detail), (None, &None));
    assert_eq!(
        class.to_string(),
        "Tue 2026-04-28 10:00 Tread 50 with Elizabeth Garcia at Lake Nicholas - North, MH (available)"
    );
}

#[test]
fn legacy_bookings() {
    let bookings =
        list::<LegacyBooking>("api.orangetheory.co/member_members_{id}_bookings.all.json", &["data"]);
    let booking = &bookings[1];
    assert_eq!(booking.status, BookingStatus::Canceled);
    assert_eq!(booking.canceled_date.unwrap().to_string(), "2026-04-27T20:25:53Z");
    let class = &booking.otf_class;
    assert_eq!(class.end.local.to_string(), "2026-04-28T10:50:00");
    assert_eq!(class.coach.as_ref().unwrap().full_name(), "James Taylor");
    let studio = class.studio.as_ref().unwrap();
    assert_eq!(
        (studio.status.as_ref(), studio.allows_cr_waitlist),
        (Some(&StudioStatus::Active), Some(true))
    );
    assert_eq!(studio.location.latitude, Some(36.682_794));
    assert_eq!(studio.location.country.as_deref(), Some("PK"));
    assert_eq!(class.location.as_ref().unwrap().phone_number.as_deref(), Some("5815382882"));
    assert_eq!(class.start.zoned().unwrap().timestamp().to_string(), "2026-04-28T15:00:00Z");
    assert_eq!(
        booking.to_string(),
        "Tue 2026-04-28 10:00 Tread 50 with James at Oconnorport - North, PR (Cancelled)"
    );
}

#[test]
fn summaries_and_telemetry() {
    let file = "api.orangetheory.io/v1_performance-summaries_{id}.tread50.unmasked.json";
    let summary = one::<PerformanceSummary>(file, &[]);
    let treadmill = summary.treadmill_data().unwrap();
    let pace = treadmill.avg_pace.as_ref().unwrap();
    assert_eq!((pace.to_string().as_str(), pace.metric_value), ("16:13 min/mile", Some(973.0)));
    assert_eq!(treadmill.total_distance.as_ref().unwrap().to_string(), "2.69 miles");
    assert_eq!(summary.rower_data().unwrap().avg_cadence.as_ref().unwrap().display_unit, None);
    assert_eq!(summary.heart_rate().unwrap().max_hr, Some(0));

    let telemetry = one::<Telemetry>("api.yuzu.orangetheory.com/v1_performance_summary.tread50.json", &[]);
    assert_eq!((telemetry.max_hr, telemetry.window_size), (Some(211), Some(18)));
    let last = telemetry.telemetry.last().unwrap();
    assert_eq!(last.timestamp.unwrap().to_string(), "2026-04-21T15:44:50Z");
    assert_eq!(telemetry.telemetry[0].tread_data.unwrap().agg_tread_distance, Some(159.0));
    assert_eq!(telemetry.zones.unwrap().green.unwrap().end_bpm, Some(177));
}

#[test]
fn benchmarks() {
    let file = "api.orangetheory.co/challenges_v3_member_{id}_benchmarks.rower.unmasked.json";
    let benchmarks = list::<FitnessBenchmark>(file, &["Dto"]);
    let lines: Vec<_> = benchmarks.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["200 METER Row: best 00:33.50", "Inferno: best 2323 m", "Hell Week: best 0"]);
    let history = &benchmarks[0].challenge_histories[0];
    assert_eq!(history.total_result.as_ref().and_then(Measurement::seconds), Some(34.18));
    assert_eq!(history.benchmark_histories[0].equipment_id, Some(EquipmentType::Rower));
    assert_eq!(benchmarks[2].challenge_category_id, Some(ChallengeCategory::HellWeek));
    assert_eq!(benchmarks[2].goals.as_ref().unwrap().overall_goal, Some(8));
}

#[test]
fn scans() {
    let file = "api.orangetheory.co/member_members_{cognito_id}_body-composition.json";
    let scans = list::<BodyCompositionData>(file, &["data"]);
    assert_eq!(scans[0].lean_body_mass_details.trunk, Some(52.2037));
    assert_eq!(scans[0].body_fat_mass_control, Some(-15.9895));
    assert_eq!(scans[0].weight_dividers[..3], [55.0, 70.0, 85.0]);
    assert_eq!(scans[0].body_fat_mass_relative_descriptor(), Some(AverageType::AboveAverage));
    assert_eq!(scans[1].skeletal_muscle_mass_relative_descriptor(), Some(AverageType::BelowAverage));
    assert_eq!(scans[1].weight_relative_descriptor(), Some(AverageType::Average));
    assert_eq!(scans[0].body_fat_percent_relative_descriptor(), BodyFatPercentIndicator::NoIndicator);
    assert_eq!(scans[1].body_fat_percent_relative_descriptor(), BodyFatPercentIndicator::HighBodyFat);
}

#[test]
fn statistics() {
    let stats =
        one::<StatsResponse>("api.orangetheory.co/performance_v2_{id}_over-time_allTime.json", &["data"]);
    assert_eq!(stats.in_studio.period(StatsTime::LastMonth).treadmill_distance, Some(4_103.828_469_6));
    assert_eq!(stats.out_studio.last_year.workout_duration, Some(4_082.813_964_843_75));
    assert_eq!(stats.all_stats.all_time.calories, Some(115_717.0));
}

#[test]
fn one_line_each() {
    let studio =
        list::<StudioDetail>("api.orangetheory.co/mobile_v1_studios.search.json", &["data", "studios"]);
    assert_eq!(studio[1].to_string(), "South Melissa - West, TX, North Brucemouth, OH, 8.0 mi");
    let member = one::<MemberDetail>("api.orangetheory.co/member_members_{id}.json", &["data"]);
    assert_eq!(member.to_string(), "Adam Beck");
    let membership =
        one::<MemberMembership>("api.orangetheory.co/member_members_{id}_memberships.json", &["data"]);
    assert_eq!(membership.to_string(), "Orange Premier Membership until 2026-05-06, unlimited");
    assert_eq!((membership.is_unlimited(), membership.classes_left()), (Some(true), None));
    let purchases =
        list::<MemberPurchase>("api.orangetheory.co/member_members_{id}_purchases.json", &["data"]);
    assert_eq!(purchases[1].to_string(), "2026-04-06 Orange Premier Membership: 392.15");
    let services = list::<StudioService>("api.orangetheory.co/member_studios_{id}_services.json", &["data"]);
    assert_eq!(services[0].to_string(), "10 Session Pack - $199: 66.99");
    let workouts = list::<OutOfStudioWorkoutHistory>(
        "api.orangetheory.co/member_members_{id}_out-of-studio-workout.json",
        &["data"],
    );
    assert_eq!(workouts[1].to_string(), "Thu 2025-04-24 15:13Z Outdoor Run, 1560 meters, 45 kcal");
}
