//! The service's ways to write a value.

use otf_api::models::*;
use serde_json::{Value, json};

use super::{Model, again, from_json, with_rejected};

fn decoded<T: Model>(value: &Value) -> T {
    let value = from_json(value).unwrap();
    again(&value);
    value
}

#[test]
fn dates_in_all_spellings() {
    let instant = |text: &str| {
        let item = json!({"workoutUUId": "w", "startTime": text});
        decoded::<OutOfStudioWorkoutHistory>(&item).start_time.map(|time| time.to_string())
    };
    let local = |text: &str| {
        let studio = json!({"studioUUId": "s", "openDate": text});
        decoded::<StudioDetail>(&studio).open_date.map(|time| time.to_string())
    };
    let day = |text: &str| {
        let member = json!({"memberUUId": "m", "birthDay": text});
        decoded::<MemberDetail>(&member).birth_day.map(|day| day.to_string())
    };
    let cases = [
        ("2026-04-21T15:00:00.000Z", "2026-04-21T15:00:00Z", "2026-04-21T15:00:00"),
        ("2026-04-21T15:00:08Z", "2026-04-21T15:00:08Z", "2026-04-21T15:00:08"),
        ("2026-05-16T10:30:00.000", "2026-05-16T10:30:00Z", "2026-05-16T10:30:00"),
        ("2026-05-16T10:30:00", "2026-05-16T10:30:00Z", "2026-05-16T10:30:00"),
        ("2017-01-13 00:00:00", "2017-01-13T00:00:00Z", "2017-01-13T00:00:00"),
        ("2024-06-08T13:08:49.0000000+00:00", "2024-06-08T13:08:49Z", "2024-06-08T13:08:49"),
        ("2024-06-08T13:08:49.1234567-05:00", "2024-06-08T18:08:49.1234567Z", "2024-06-08T13:08:49.1234567"),
        ("1978-04-16", "1978-04-16T00:00:00Z", "1978-04-16T00:00:00"),
        (" 1978-04-16 ", "1978-04-16T00:00:00Z", "1978-04-16T00:00:00"),
    ];
    for (text, as_instant, as_local) in cases {
        assert_eq!(instant(text).as_deref(), Some(as_instant), "{text}");
        assert_eq!(local(text).as_deref(), Some(as_local), "{text}");
        assert_eq!(day(text).as_deref(), as_local.get(..10), "{text}");
    }
    assert_eq!((instant(""), local(""), day(" ")), (None, None, None));
    for text in [
        "yesterday",
        "0000-00-00 00:00:00",
        "2026-13-01",
        "2026-02-30",
        "99999-01-01",
        "2026-04-21T25:00:00Z",
        "__MASKED__",
        "1",
    ] {
        let (studio, rejected) = with_rejected::<StudioDetail>(&json!({"studioUUId": "s", "openDate": text}));
        assert_eq!((studio.unwrap().open_date, rejected[0].path.as_str()), (None, "openDate"), "{text}");
    }
}

#[test]
fn date_time_keeps_how_it_was_written() {
    for text in ["2026-04-21T15:00:00Z", "2026-04-21T10:00:00", "2026-04-21T10:00:00-05:00"] {
        assert_eq!(decoded::<WireDateTime>(&json!(text)).to_string(), text);
    }
    assert_eq!(decoded::<WireDateTime>(&json!("2026-04-21")).to_string(), "2026-04-21T00:00:00");
}

#[test]
fn numbers_as_strings_and_strings_as_numbers() {
    let tracker: ChallengeTracker = decoded(&json!({"Benchmarks": [{"EquipmentId": "4", "Years": [
        {"Year": "2026", "IsParticipated": "true", "InProgress": 0}, {"Year": 2025.0}, {"Year": ""}, {"Year": " 7 "},
    ]}]}));
    let years: Vec<_> = tracker.benchmarks[0].years.iter().map(|year| year.year).collect();
    assert_eq!(years, [Some(2026), Some(2025), None, Some(7)]);
    assert_eq!(tracker.benchmarks[0].years[0].is_participated, Some(true));
    assert_eq!(tracker.benchmarks[0].years[0].in_progress, Some(false));

    let service: StudioService =
        decoded(&json!({"serviceUUId": 7, "price": 66.99, "onlinePrice": 93.0, "qty": "10"}));
    assert_eq!(service.service_uuid, "7");
    assert_eq!((service.price.as_deref(), service.online_price.as_deref()), (Some("66.99"), Some("93.0")));
    assert_eq!(service.qty, Some(10));

    for (text, seconds) in [(json!("973"), 973.0), (json!(973), 973.0), (json!("2.69"), 2.69)] {
        let metric: PerformanceMetric = decoded(&json!({"display_value": "16:13", "metric_value": text}));
        assert_eq!(metric.metric_value, Some(seconds));
        assert_eq!(metric.display_value.as_ref().and_then(Measurement::seconds), Some(973.0));
    }
    for member_id in [json!(711_825_989), json!("711825989")] {
        let scan: BodyCompositionData = decoded(&json!({"scanResultUUId": "s", "memberId": member_id}));
        assert_eq!(scan.member_id.as_deref(), Some("711825989"));
        let member: MemberDetail = decoded(&json!({"memberUUId": "m", "memberId": member_id}));
        assert_eq!(member.member_id, Some(711_825_989));
    }
}

#[test]
fn invalid_numbers_are_absent() {
    let beyond =
        [json!(1.5), json!("1.5"), json!(1e300), json!(u64::MAX), json!("many"), json!(true), json!("NaN")];
    for beyond in beyond {
        let error =
            from_json::<MemberDetail>(&json!({"memberUUId": "m", "yearImported": beyond})).unwrap_err();
        assert_eq!(error.path, "yearImported");
        assert!(error.reason.contains("a whole number"), "{error}");
    }
    for beyond in [json!("NaN"), json!("inf"), json!("1e999")] {
        let error = from_json::<PerformanceMetric>(&json!({"metric_value": beyond})).unwrap_err();
        assert_eq!(error.path, "metric_value");
    }
}

#[test]
fn every_spelling_of_absent_is_none() {
    let booking = |position: Value| {
        let class = json!({"id": "c", "starts_at_local": "2026-04-21T10:00:00"});
        let booking = json!({"id": "b", "class": class, "waitlist_position": position});
        decoded::<Booking>(&booking)
    };
    assert_eq!(booking(json!("")).status(), BookingStatus::Booked);
    assert_eq!(booking(json!(null)).status(), BookingStatus::Booked);
    assert_eq!(booking(json!("2")).status(), BookingStatus::Waitlisted);

    let goals = |goals: Value| decoded::<FitnessBenchmark>(&json!({"Goals": goals})).goals;
    assert_eq!(goals(json!(null)), None);
    assert_eq!(goals(json!({"Goal": null, "GoalPeriod": null})), Some(Goal::default()));

    let telemetry: Telemetry = decoded(&json!({"memberUuid": "m", "classHistoryUuid": "c", "telemetry": []}));
    assert_eq!((telemetry.class_start_time, telemetry.telemetry.len()), (None, 0));
    assert_eq!(decoded::<Telemetry>(&json!({"classHistoryUuid": "c", "telemetry": null})).telemetry.len(), 0);
}

#[test]
fn coordinates_are_read() {
    let location = |location: Value| decoded::<StudioLocation>(&location);
    let nowhere = location(json!({"latitude": "0.00000000", "longitude": 0.0}));
    assert_eq!((nowhere.latitude, nowhere.longitude), (None, None));
    assert_eq!(location(json!({"latitude": "42.04"})).latitude, Some(42.04));

    let both = location(json!({"physicalCountry": "PK", "country": {"countryCurrencyCode": "USD"}}));
    assert_eq!(both.country.as_deref(), Some("PK"));
    assert_eq!(both.country_record.unwrap().currency_code.as_deref(), Some("USD"));
    assert_eq!(location(json!({"country": "US"})).country.as_deref(), Some("US"));
    let record = location(json!({"physicalCountry": {"countryCode": "US"}}));
    assert_eq!((record.country, record.country_record.unwrap().country_code.as_deref()), (None, Some("US")));
    assert_eq!(from_json::<StudioLocation>(&json!({"country": 3})).unwrap_err().path, "country");

    let city = location(json!({"physicalCity": " Ames ", "physicalAddress2": "  "}));
    assert_eq!((city.city.as_deref(), city.address_line2), (Some("Ames"), None));
}

#[test]
fn coordinates_out_of_range_are_absent() {
    let location = |latitude: Value, longitude: Value| {
        let location: StudioLocation = decoded(&json!({"latitude": latitude, "longitude": longitude}));
        (location.latitude, location.longitude)
    };
    assert_eq!(location(json!("-91.1"), json!(-200.5)), (None, None));
    assert_eq!(location(json!(-90), json!("180.0")), (Some(-90.0), Some(180.0)));
    let body = super::fixture("cases/booking_junk_coordinates.json");
    let bookings = decode::<Booking>(&body, &["items"]).unwrap();
    let studio = bookings[0].otf_class.studio.as_ref().unwrap();
    assert_eq!((studio.latitude, studio.longitude, bookings.rejected()), (None, None, &[][..]));
}

#[test]
fn booking_with_only_a_utc_start_is_read_in_its_zone() {
    let body = super::fixture("cases/booking_utc_start_only.json");
    let bookings = decode::<Booking>(&body, &["items"]).unwrap();
    assert_eq!(bookings.rejected(), []);
    let start = bookings[0].start();
    let zoned = start.zoned().unwrap();
    assert_eq!((Some(zoned.timestamp()), zoned.datetime()), (start.utc, start.local));
}

#[test]
fn local_and_utc_times_are_both_read() {
    let class = |class: Value| decoded::<OtfClass>(&class);
    let from_wire = class(json!({
        "starts_at": "2026-04-28T15:00:00.000Z", "starts_at_local": "2026-04-28T10:00:00",
        "ends_at_local": "2026-04-28T10:50:00", "ends_at": "2026-04-28T15:50:00.000Z",
    }));
    assert_eq!(from_wire.start.local.to_string(), "2026-04-28T10:00:00");
    assert_eq!(from_wire.start.utc.unwrap().to_string(), "2026-04-28T15:00:00Z");
    assert_eq!(from_wire.end.local.to_string(), "2026-04-28T10:50:00");
    assert_eq!(from_wire.end.utc.unwrap().to_string(), "2026-04-28T15:50:00Z");
    // A UTC time without its Z is still the UTC one.
    let without_z =
        class(json!({"starts_at": "2026-04-28T15:00:00", "starts_at_local": "2026-04-28T10:00:00"}));
    assert_eq!(without_z.start.utc, from_wire.start.utc);
    // A UTC time without a zone says nothing about the studio's clock.
    let error = from_json::<OtfClass>(&json!({"starts_at": "2026-04-28T15:00:00.000Z"})).unwrap_err();
    assert_eq!((error.reason.as_str(), error.item_kept), ("missing field `starts_at_local`", false));
}
