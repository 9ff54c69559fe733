//! Dates, numbers and texts in all the ways that they are written.

use std::str::FromStr;

use otf_api::ClassType;
use otf_api::models::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::payloads::check_round_trip;
use super::script::Script;

/// A text, as it is and, where it is one, as a JSON number, in every kind of field.
pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    let kind = script.byte();
    let text = String::from_utf8_lossy(script.rest());
    moment(&text);
    texts(&text);
    let value = match (kind % 2, serde_json::from_str::<Value>(&text)) {
        (1, Ok(value)) => value,
        _ => json!(text),
    };
    fields(&value);
}

fn moment(text: &str) {
    let Some(moment) = WireDateTime::parse(text) else { return };
    let shown = moment.to_string();
    assert_eq!(WireDateTime::parse(&shown), Some(moment), "{text:?} shows as {shown:?}");
    match (moment.timestamp(), moment.offset) {
        (Some(instant), None) => {
            assert_eq!(
                instant.to_zoned_datetime(otf_api::jiff::tz::TimeZone::UTC).datetime(),
                moment.datetime
            )
        }
        (Some(instant), Some(offset)) => assert_eq!(offset.to_datetime(instant), moment.datetime),
        (None, _) => {}
    }
}

fn texts(text: &str) {
    let class_type = ClassType::from(text);
    assert_eq!(class_type.as_str(), text);
    let Ok(typed) = ClassType::from_str(text);
    assert_eq!(ClassType::from_str(typed.as_str()), Ok(typed));
    let _ = ClassType::from_class_name(text);
    let Ok(status) = BookingStatus::from_str(text);
    assert_eq!(BookingStatus::from_str(status.as_str()), Ok(status));
    let figure: Measurement = match serde_json::from_value(json!(text)) {
        Ok(figure) => figure,
        Err(_) => return assert!(text.is_empty(), "{text:?} is no figure"),
    };
    assert_eq!(figure.text(), Some(text));
    assert!(figure.seconds().is_none_or(|seconds| seconds >= 0.0), "{text:?}");
    assert!(figure.number().is_none_or(f64::is_finite), "{text:?}");
}

/// The value in each kind of field there is.
fn fields(value: &Value) {
    field::<OtfClass>(json!({"name": "x", "starts_at_local": value}));
    field::<OtfClass>(
        json!({"starts_at_local": "2026-04-28T10:00:00", "starts_at": value, "ends_at": value}),
    );
    field::<OtfClass>(json!({"starts_at": value, "created_at": value, "full": value, "max_capacity": value}));
    field::<OtfClass>(json!({"starts_at_local": "2026-03-08T02:30:00", "starts_at": "2026-03-08T08:30:00Z",
        "studio": {"id": value, "name": value, "timeZone": value, "latitude": value, "address": value}}));
    field::<MemberDetail>(
        json!({"memberUUId": "m", "birthDay": value, "weight": value, "createdDate": value,
        "gender": value, "homeStudio": value, "memberClassSummary": value, "addresses": value}),
    );
    field::<BodyCompositionData>(
        json!({"scanResultUUId": value, "testDatetime": value, "bfmGraphScale": value,
        "inBodyWeight": value, "age": value, "gender": value, "percentBodyFat": value}),
    );
    field::<StudioDetail>(
        json!({"studioUUId": "s", "openDate": value, "distance": value, "studioLocation": value}),
    );
    field::<WorkoutStatsResponse>(
        json!({"start": value, "stat_key": value, "points": [{"date": value, "value": value}]}),
    );
    field::<LegacyBooking>(
        json!({"classBookingUUId": "b", "bookedDate": value, "isIntro": value, "status": value}),
    );
    field::<PerformanceSummary>(json!({"id": "p", "details": {"calories_burned": value, "step_count": value,
        "zone_time_minutes": {"gray": value}}, "class": value, "ratings": value}));
}

fn field<T: DeserializeOwned + Serialize>(json: Value) {
    let read = decode::<T>(json.to_string().as_bytes(), &[]).unwrap();
    read.iter().for_each(check_round_trip);
    assert!(read.rejected().iter().all(|rejected| !rejected.reason.is_empty()));
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    const TEXTS: &[&str] = &[
        "2026-04-28T10:00:00",
        "2026-04-28 10:00:00",
        "2026-04-28T10:00:00.123Z",
        "2026-04-28T10:00:00+05:30",
        "2026-04-28",
        "2026-03-08T02:30:00[America/New_York]",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.999999999Z",
        "-009999-01-02T01:59:59Z",
        "20260428T100000Z",
        "1777000000",
        "1777000000.5",
        "-0.0",
        "1e300",
        "00:33.50",
        "11:17",
        "1:00:00",
        "true",
        "0",
        "15.8;24.5;30.1",
        "Orange 60 Min 2G",
        "ORANGE_60",
        "Checked In",
        "",
        " ",
    ];
    let seed = |(index, text): (usize, &&str)| (format!("text-{index}"), [b"\x01", text.as_bytes()].concat());
    TEXTS.iter().enumerate().map(seed).collect()
}
