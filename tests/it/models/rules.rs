//! What follows from the fields.

use jiff::Timestamp;
use jiff::civil::Weekday;
use otf_api::ClassType;
use otf_api::models::*;
use serde_json::{Value, json};

use super::{again, from_json, list, one};

fn booking(changes: Value) -> Booking {
    let mut booking = json!({
        "id": "b", "updated_at": "2026-04-01T00:00:00Z", "created_at": "2026-03-01T00:00:00Z",
        "class": {
            "id": "c", "name": "Tread 50", "type": "TREAD_50", "starts_at_local": "2026-04-21T10:00:00",
            "starts_at": "2026-04-21T15:00:00Z", "studio": {"id": "s", "time_zone": "America/Chicago"},
            "coach": {"first_name": "Wren"},
        },
    });
    for (key, value) in changes.as_object().unwrap() {
        match key.strip_prefix("class.") {
            Some(key) => booking["class"][key] = value.clone(),
            None => booking[key] = value.clone(),
        }
    }
    from_json(&booking).unwrap()
}

#[test]
fn status_of_a_booking() {
    let status = |changes| booking(changes).status();
    assert_eq!(status(json!({})), BookingStatus::Booked);
    assert_eq!(status(json!({"waitlist_position": 1})), BookingStatus::Waitlisted);
    assert_eq!(status(json!({"waitlist_position": 1, "canceled": true})), BookingStatus::Canceled);
    assert_eq!(status(json!({"checked_in": true, "canceled": true})), BookingStatus::CheckedIn);
    let all = json!({"checked_in": true, "canceled": true, "late_canceled": true});
    assert_eq!(status(all), BookingStatus::LateCanceled);
    let waiting = booking(json!({"waitlist_position": 3}));
    assert!(waiting.is_waitlisted() && !waiting.is_canceled());
    assert_eq!(waiting.to_string(), "Tue 2026-04-21 10:00 Tread 50 with Wren (Waitlisted, position 3)");
}

#[test]
fn end_of_a_class() {
    let end = |format: &str| booking(json!({ "class.type": format })).end().local.to_string();
    assert_eq!(end("ORANGE_60"), "2026-04-21T11:00:00");
    assert_eq!(end("ORANGE_90"), "2026-04-21T11:30:00");
    assert_eq!(end("STRENGTH_50"), "2026-04-21T10:50:00");
    assert_eq!(end("TREAD_50"), "2026-04-21T10:50:00");
    assert_eq!(end("OTHER"), "2026-04-21T11:00:00");
    let class: OtfClass =
        from_json(&json!({"starts_at_local": "2026-04-21T10:00:00", "type": "TREAD_50"})).unwrap();
    assert_eq!(class.end.local.to_string(), "2026-04-21T10:50:00");
    // At the end of time there is nothing to add.
    let last = booking(json!({"class.starts_at_local": "9999-12-31T23:59:59"}));
    assert_eq!(last.end().local.year(), 9999);
}

#[test]
fn start_and_end_as_instants() {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let instants = |changes| {
        let booking = booking(changes);
        let zoned = booking.start().zoned().zip(booking.end().zoned());
        let instants = (booking.start().timestamp(), booking.end().timestamp());
        if let Some((start, end)) = zoned {
            assert_eq!(instants, (Some(start.timestamp()), Some(end.timestamp())));
            assert_eq!((start.datetime(), end.datetime()), (booking.start().local, booking.end().local));
        }
        instants
    };
    let both = (at("2026-04-21T15:00:00Z"), at("2026-04-21T15:50:00Z"));
    assert_eq!(instants(json!({})), both);
    assert_eq!(instants(json!({"class.starts_at": null})), both, "by the zone");
    assert_eq!(instants(json!({"class.studio": null})), both, "by the UTC time");
    assert_eq!(instants(json!({"class.studio": null, "class.starts_at": null})), (None, None));
    // The clocks go from 2 to 3 meanwhile.
    let spring = json!({"class.starts_at_local": "2026-03-08T01:30:00", "class.starts_at": null});
    assert_eq!(instants(spring.clone()), (at("2026-03-08T07:30:00Z"), at("2026-03-08T08:20:00Z")));
    assert_eq!(booking(spring).end().local.to_string(), "2026-03-08T03:20:00");

    let class = |more: Value| -> OtfClass {
        let mut class = json!({"starts_at_local": "2026-04-21T10:00:00", "type": "TREAD_50"});
        class.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        from_json(&class).unwrap()
    };
    let chicago = json!({"studio": {"time_zone": "America/Chicago"}});
    assert_eq!((class(chicago.clone()).start.timestamp(), class(chicago).end.timestamp()), both);
    let told = class(json!({"studio": {"time_zone": "America/Chicago"}, "ends_at": "2026-04-21T16:00:00Z"}));
    assert_eq!(told.end.local.to_string(), "2026-04-21T11:00:00", "what the service says comes first");
    let started = class(json!({"starts_at": "2026-04-21T15:00:00Z", "ends_at_local": "2026-04-21T10:45:00"}));
    assert_eq!((started.end.zoned(), started.end.timestamp()), (None, at("2026-04-21T15:45:00Z")));
    assert_eq!(class(json!({})).end.timestamp(), None);

    let older = json!({"class": {
        "startDateTime": "2026-04-21T10:00:00", "endDateTime": "2026-04-21T10:50:00",
        "studio": {"studioUUId": "s", "timeZone": "America/Chicago"},
    }, "classBookingUUId": "b", "status": "Booked"});
    let older: LegacyBooking = from_json(&older).unwrap();
    assert_eq!(older.end().zoned().map(|end| end.timestamp()), at("2026-04-21T15:50:00Z"));
}

#[test]
fn whether_a_class_has_started() {
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let chicago = booking(json!({}));
    assert!(!chicago.start().has_passed(at("2026-04-21T14:59:59Z")));
    assert!(chicago.start().has_passed(at("2026-04-21T15:00:00Z")));
    assert_eq!(chicago.start().weekday(), Weekday::Tuesday);
    // Without a zone that is known, the UTC time decides; without that one, the local time as if it were UTC.
    let masked = booking(json!({"class.studio": {"time_zone": "__MASKED__"}}));
    assert_eq!(masked.start().zoned(), None);
    assert!(
        !masked.start().has_passed(at("2026-04-21T14:59:59Z"))
            && masked.start().has_passed(at("2026-04-21T15:00:00Z"))
    );
    let bare = booking(json!({"class.studio": null, "class.starts_at": null}));
    assert!(
        !bare.start().has_passed(at("2026-04-21T09:59:59Z"))
            && bare.start().has_passed(at("2026-04-21T10:00:00Z"))
    );
}

#[test]
fn repeated_hour_of_a_clock_change() {
    // On 2026-11-01 the clocks of Chicago show 1:30 twice; the instant says that the second is meant.
    let class = booking(json!({
        "class.starts_at_local": "2026-11-01T01:30:00", "class.starts_at": "2026-11-01T07:30:00Z",
    }));
    assert_eq!(class.start().zoned().unwrap().to_string(), "2026-11-01T01:30:00-06:00[America/Chicago]");
}

#[test]
fn one_booking_per_class() {
    let kept = |bookings: &[Value]| -> Vec<String> {
        let bookings = bookings.iter().cloned().map(booking).collect();
        Booking::one_per_class(bookings).into_iter().map(|booking| booking.booking_id.to_string()).collect()
    };
    // A live one before a canceled one, though that was changed later.
    let canceled = json!({"id": "canceled", "canceled": true, "updated_at": "2026-04-09T00:00:00Z"});
    assert_eq!(kept(&[canceled.clone(), json!({"id": "live"})]), ["live"]);
    assert_eq!(kept(&[json!({"id": "live"}), canceled]), ["live"]);
    // A dated one before an undated one.
    let undated = json!({"id": "undated", "updated_at": null, "created_at": null});
    assert_eq!(kept(&[undated.clone(), json!({"id": "dated"})]), ["dated"]);
    assert_eq!(kept(&[json!({"id": "dated"}), undated]), ["dated"]);
    // The earlier start, the later change, the later creation, the status; else the first.
    let earlier = json!({"id": "earlier", "class.starts_at_local": "2026-04-21T09:00:00"});
    assert_eq!(kept(&[json!({"updated_at": "2026-05-01T00:00:00Z"}), earlier]), ["earlier"]);
    assert_eq!(
        kept(&[json!({}), json!({"id": "changed", "updated_at": "2026-05-01T00:00:00Z"})]),
        ["changed"]
    );
    assert_eq!(kept(&[json!({}), json!({"id": "made", "created_at": "2026-03-02T00:00:00Z"})]), ["made"]);
    assert_eq!(kept(&[json!({"waitlist_position": 1}), json!({"id": "booked"})]), ["booked"]);
    assert_eq!(kept(&[json!({"id": "first"}), json!({"id": "second"})]), ["first"]);
    // Other classes stay, in order.
    let others =
        [json!({"id": "x", "class.id": "x"}), json!({"id": "c"}), json!({"id": "a", "class.id": "a"})];
    assert_eq!(kept(&others), ["x", "c", "a"]);
}

#[test]
fn order_of_statuses() {
    let mut statuses = BookingStatus::KNOWN.to_vec();
    statuses.sort_by_key(BookingStatus::priority);
    let names: Vec<_> = statuses.iter().map(|status| format!("{status:?}")).collect();
    assert_eq!(
        names.join(", "),
        "Booked, Confirmed, Waitlisted, Pending, Requested, CheckedIn, CheckinPending, CheckinRequested, \
         CheckinCanceled, Canceled, LateCanceled, CancelCheckinPending, CancelCheckinRequested"
    );
}

#[test]
fn how_full_a_class_is() {
    let line = |changes: Value| {
        let mut class = json!({"starts_at_local": "2026-04-21T10:00:00", "name": "X"});
        class.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        from_json::<OtfClass>(&class).unwrap().to_string()
    };
    assert_eq!(line(json!({})), "Tue 2026-04-21 10:00 X (available)");
    assert_eq!(line(json!({"full": true})), "Tue 2026-04-21 10:00 X (full)");
    assert_eq!(
        line(json!({"full": true, "waitlist_available": true})),
        "Tue 2026-04-21 10:00 X (waitlist available)"
    );
    assert_eq!(line(json!({"full": true, "is_booked": true})), "Tue 2026-04-21 10:00 X (booked)");
    assert_eq!(line(json!({"canceled": true})), "Tue 2026-04-21 10:00 X (canceled)");
}

#[test]
fn workout_combines_the_best_of_its_parts() {
    let bookings = list::<Booking>("api.orangetheory.io/v1_bookings_me.past.json", &["items"]);
    let mut workout = Workout::new(bookings[0].clone());
    again(&workout);
    assert_eq!((workout.calories_burned(), workout.step_count()), (Some(409), Some(0)));
    assert_eq!((workout.heart_rate(), workout.max_hr()), (None, None));
    assert_eq!(workout.performance_summary_id().unwrap().as_str(), "95c5fb98-6980-481f-bc42-8d42fa882692");

    let file = "api.orangetheory.io/v1_performance-summaries_{id}.tread50.json";
    workout.summary = Some(one::<PerformanceSummary>(file, &[]));
    again(&workout);
    assert_eq!((workout.step_count(), workout.active_time_seconds()), (Some(5918), Some(2690)));
    assert_eq!(workout.zone_time_minutes().unwrap().orange, 16);
    assert_eq!((workout.heart_rate().unwrap().max_hr, workout.max_hr()), (Some(0), None));
    assert_eq!(workout.ratable(), Some(true));
    assert_eq!(workout.class_uuid().unwrap().as_str(), "a44b6c34-28de-4432-9dec-5ba8350dd951");

    workout.telemetry =
        Some(one::<Telemetry>("api.yuzu.orangetheory.com/v1_performance_summary.tread50.json", &[]));
    again(&workout);
    assert_eq!((workout.heart_rate().unwrap().max_hr, workout.max_hr()), (Some(211), Some(211)));
    assert_eq!(workout.heart_rate().unwrap().peak_hr, Some(173));
    assert!(workout.treadmill_data().is_some() && workout.rower_data().is_some());
    assert_eq!(
        (workout.coach_name(), workout.class_rating(), workout.coach_rating()),
        (Some("Wren"), None, None)
    );
    assert_eq!(
        workout.to_string(),
        "Tue 2026-04-21 10:00 Tread 50 with Wren at Oconnorport - North, PR: 409 kcal, 16 splat points, 44 min"
    );
}

#[test]
fn studio_without_id_is_kept_in_a_service() {
    let service: StudioService = from_json(&json!({"serviceUUId": "x", "studio": {"studioId": 3}})).unwrap();
    assert!(service.studio.as_ref().unwrap().studio_uuid.is_empty());
    again(&service);
}

#[test]
fn how_many_classes_a_membership_has_left() {
    let of = |membership: Value| {
        let membership: MemberMembership = from_json(&membership).unwrap();
        (membership.is_unlimited(), membership.classes_left(), membership.to_string())
    };
    let four = json!({"name": "Basic", "count": 4, "remaining": 3});
    assert_eq!(of(four), (Some(false), Some(3), "Basic, 3 classes left".to_owned()));
    let any = json!({"name": "Elite", "count": 10_000, "remaining": 9_990});
    assert_eq!(of(any), (Some(true), None, "Elite, unlimited".to_owned()));
    assert_eq!(
        of(json!({"remaining": 2})),
        (None, Some(2), "a membership without a name, 2 classes left".to_owned())
    );
    assert_eq!(of(json!({"name": "Basic"})), (None, None, "Basic".to_owned()));
}

#[test]
fn display_replaces_control_characters() {
    let name = "Tread\u{1b}[2J 50\u{202e}";
    let class =
        json!({"starts_at_local": "2026-04-21T10:00:00", "name": name, "coach": {"first_name": name}});
    let lines = [
        from_json::<OtfClass>(&class).unwrap().to_string(),
        from_json::<StudioDetail>(&json!({"studioUUId": "s", "studioName": name})).unwrap().to_string(),
        from_json::<MemberDetail>(&json!({"memberUUId": "m", "firstName": name})).unwrap().to_string(),
        from_json::<MemberMembership>(&json!({"name": name})).unwrap().to_string(),
        from_json::<MemberPurchase>(&json!({"name": name, "price": name})).unwrap().to_string(),
        from_json::<StudioService>(&json!({"name": name, "price": name})).unwrap().to_string(),
        from_json::<FitnessBenchmark>(&json!({"ChallengeName": name, "BestRecord": name}))
            .unwrap()
            .to_string(),
        from_json::<OutOfStudioWorkoutHistory>(&json!({"workoutType": {"displayName": name}}))
            .unwrap()
            .to_string(),
        BookingStatus::from(name).to_string(),
    ];
    for line in lines {
        assert!(line.contains("Tread") && !line.contains(['\u{1b}', '\u{202e}']), "{line:?}");
    }
}

#[test]
fn class_of_the_format_lift_45_takes_45_minutes() {
    let class: OtfClass =
        from_json(&json!({"starts_at_local": "2026-04-21T10:00:00", "type": "LIFT_45", "name": "Lift 45"}))
            .unwrap();
    assert_eq!(
        (class.class_type, class.end.local.to_string().as_str()),
        (ClassType::Lift45, "2026-04-21T10:45:00")
    );
}
