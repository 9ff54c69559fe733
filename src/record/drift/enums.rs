//! Which fields are enumerations, and which of their values the models know.

use serde_json::Value;

use crate::models::{BookingStatus, ChallengeCategory, ClassType, EquipmentType, StudioStatus};

/// Longer than this a text is no value of an enumeration.
const LONGEST: usize = 48;

/// The value of a field that is an enumeration, if its model has no name for it.
pub(super) fn unknown_value(endpoint: &str, path: &[String], value: &Value) -> Option<String> {
    let key = path.last()?.as_str();
    let parent =
        path.iter().rev().skip(1).find(|part| *part != super::shape::ITEM).map_or("", String::as_str);
    if let Value::Number(number) = value {
        let number = number.as_i64()?;
        let is_unknown = match key {
            "ChallengeCategoryId" => matches!(ChallengeCategory::from(number), ChallengeCategory::Other(_)),
            "EquipmentId" => number != 0 && matches!(EquipmentType::from(number), EquipmentType::Other(_)),
            _ => false,
        };
        return is_unknown.then(|| number.to_string());
    }
    let text = value.as_str()?.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let is_class = parent == "class" || endpoint == "GET /v1/classes";
    let is_unknown = match key {
        "type" if is_class => matches!(ClassType::from(text), ClassType::Other(_)),
        "status" if endpoint.contains("/bookings") && ["items", "data", ""].contains(&parent) => {
            matches!(BookingStatus::from(text), BookingStatus::Other(_))
        }
        "studioStatus" => matches!(StudioStatus::from(text), StudioStatus::Other(_)),
        _ => false,
    };
    is_unknown.then(|| text.to_owned())
}
