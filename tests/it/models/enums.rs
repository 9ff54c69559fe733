//! Enumerations: complete, open, and the same after a round trip.

use std::collections::BTreeMap;
use std::str::FromStr;

use otf_api::ClassType;
use otf_api::models::*;
use serde_json::{Value, json};

use super::{Model, fixture, from_json};

/// The values of each enumeration of models.md.
fn enumerations() -> BTreeMap<String, Vec<Value>> {
    let text = String::from_utf8(fixture("models.md")).unwrap();
    let (_, text) = text.split_once("# Enumerations").unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("- **"));
    let enumerations: BTreeMap<String, Vec<Value>> = lines
        .map(|line| {
            let (name, rest) = line.split_once("**").unwrap();
            let (_, values) = rest.split_once("): ").unwrap();
            let values = values.split(", ").map(|value| {
                let (_, value) = value.split_once('=').unwrap();
                match value.strip_prefix('\'') {
                    Some(text) => json!(text.trim_end_matches('\'')),
                    None => json!(value.parse::<i64>().unwrap()),
                }
            });
            (name.to_owned(), values.collect())
        })
        .collect();
    assert_eq!(enumerations.len(), 18);
    enumerations
}

/// Each value decodes, serializes to itself, and is known by name unless it is the service's own "other".
fn check<T: Model>(name: &str, is_other: fn(&T) -> bool) {
    for value in &enumerations()[name] {
        let decoded: T = from_json(value).unwrap();
        assert_eq!(serde_json::to_value(&decoded).unwrap(), *value, "{name}");
        let service_other = *value == json!("OTHER") || (name == "ChallengeCategory" && *value == json!(0));
        assert_eq!(is_other(&decoded), service_other, "{name} {value}");
    }
}

#[test]
fn all_values_are_known() {
    check::<BookingStatus>("BookingStatus", |value| matches!(value, BookingStatus::Other(_)));
    check::<ClassType>("ClassType", |value| matches!(value, ClassType::Other(_)));
    check::<StudioStatus>("StudioStatus", |value| matches!(value, StudioStatus::Other(_)));
    check::<TrendType>("TrendType", |value| matches!(value, TrendType::Other(_)));
    check::<TrendCategory>("TrendCategory", |_| false);
    check::<AverageType>("AverageType", |_| false);
    check::<BodyFatPercentIndicator>("BodyFatPercentIndicator", |_| false);
    check::<StatsTime>("StatsTime", |_| false);
    check::<ChallengeCategory>("ChallengeCategory", |value| matches!(value, ChallengeCategory::Other(_)));
    check::<EquipmentType>("EquipmentType", |value| matches!(value, EquipmentType::Other(_)));
    check::<DriTriChallengeSubCategory>("DriTriChallengeSubCategory", |value| {
        matches!(value, DriTriChallengeSubCategory::Other(_))
    });
    check::<MarathonMonthChallengeSubCategory>("MarathonMonthChallengeSubCategory", |value| {
        matches!(value, MarathonMonthChallengeSubCategory::Other(_))
    });
}

#[test]
fn class_names_have_a_format() {
    let enumerations = enumerations();
    let formats = [
        ("Orange60ClassType", ClassType::Orange60),
        ("Orange90ClassType", ClassType::Orange90),
        ("Strength50ClassType", ClassType::Strength50),
        ("Tread50ClassType", ClassType::Tread50),
        ("OtherClassType", ClassType::other()),
    ];
    for (name, format) in formats {
        let names: Vec<_> = enumerations[name].iter().map(|value| value.as_str().unwrap()).collect();
        assert_eq!(names, format.class_names(), "{name}");
        for class_name in names {
            assert_eq!(ClassType::from_class_name(class_name), Some(format.clone()), "{class_name}");
            assert_eq!(
                ClassType::from_class_name(&class_name.to_uppercase()),
                Some(format.clone()),
                "{class_name}"
            );
        }
    }
    assert_eq!(ClassType::from_class_name("Lift 45 (Total Body 1)"), None);
}

#[test]
fn unknown_values_are_kept() {
    for text in ["TREAD_75", "OTHER", "tread_50", "__MASKED__", "Other", "ünïcode "] {
        let class_type: ClassType = from_json(&json!(text)).unwrap();
        assert_eq!(class_type, ClassType::Other(text.to_owned()));
        assert_eq!(serde_json::to_value(&class_type).unwrap(), json!(text));
    }
    assert_eq!(from_json::<EquipmentType>(&json!("4")).unwrap(), EquipmentType::Rower);
    assert_eq!(from_json::<EquipmentType>(&json!(99)).unwrap(), EquipmentType::Other(99));
    assert_eq!(serde_json::to_value(EquipmentType::Other(99)).unwrap(), json!(99));
    assert!(from_json::<EquipmentType>(&json!("Rower")).is_err());
    assert!(from_json::<ClassType>(&json!(3)).is_err());
}

#[test]
fn parsing_ignores_case_and_separators() {
    assert_eq!("orange 60".parse(), Ok(ClassType::Orange60));
    assert_eq!("Strength-50".parse(), Ok(ClassType::Strength50));
    assert_eq!(ClassType::from_str("other").unwrap(), ClassType::Other("other".to_owned()));
    assert_eq!("checked_in".parse(), Ok(BookingStatus::CheckedIn));
    assert_eq!("LateCancelled".parse(), Ok(BookingStatus::LateCanceled));
    assert_eq!("all time".parse::<StatsTime>().unwrap(), StatsTime::AllTime);
    assert!("next year".parse::<StatsTime>().is_err());
    assert_eq!("weight floor".parse::<EquipmentType>().unwrap(), EquipmentType::WeightFloor);
    assert_eq!("4".parse::<EquipmentType>().unwrap(), EquipmentType::Rower);
    assert!("spoon".parse::<EquipmentType>().is_err());
    assert_eq!("peak hr".parse(), Ok(TrendType::PeakHeartRate));
    assert_eq!(TrendType::RowerTopPower.category(), Some(TrendCategory::Rower));
}

#[test]
fn display_is_the_services_spelling() {
    assert_eq!(format!("{:>12}|", BookingStatus::CheckedIn), "  Checked In|");
    assert_eq!(ClassType::Tread50.to_string(), "TREAD_50");
    assert_eq!(EquipmentType::Rower.to_string(), "Rower");
    assert_eq!(EquipmentType::Other(9).to_string(), "9");
    assert_eq!(StatsTime::AllTime.to_string(), "allTime");
}
