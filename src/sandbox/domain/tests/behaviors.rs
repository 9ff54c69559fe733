use jiff::{SignedDuration, ToSpan as _};
use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::{NEW, PAT};
use crate::sandbox::domain::ListDelay;

/// The first class at home that can be booked, from this date on.
fn bookable(bench: &mut Bench, from: &str) -> Value {
    let open = |class: &Value| class["full"] == false && class["canceled"] == false;
    let classes = bench.classes();
    classes
        .into_iter()
        .find(|class| open(class) && class["starts_at_local"].as_str().unwrap() >= from)
        .unwrap()
}

fn cancel(bench: &mut Bench, booking: &Value) {
    let target = format!("/v1/bookings/me/{}", booking["id"].as_str().unwrap());
    assert_eq!(bench.call("DELETE", &target, Value::Null).0, 204);
}

#[test]
fn lists_show_the_state_before_a_write_for_some_lists() {
    let mut bench = Bench::new(NEW);
    let class = bookable(&mut bench, "2026-03-07");
    bench.domain.behaviors_mut().list_delay = ListDelay { lists: 2, ..Default::default() };
    let (_, booking) = bench.book(&class, false);
    let seen: Vec<_> = (0..3).map(|_| bench.bookings(false).len()).collect();
    assert_eq!(seen, [0, 0, 1]);
    cancel(&mut bench, &booking);
    let seen: Vec<_> = (0..3).map(|_| bench.bookings(true)[0]["canceled"].clone()).collect();
    assert_eq!(seen, [false, false, true]);
    let older = "/member/members/{member}/bookings";
    bench.book(&class, false);
    let seen: Vec<_> = (0..3)
        .map(|_| {
            let list = bench.get(older)["data"].clone();
            list.as_array().unwrap().iter().filter(|item| item["status"] == "Booked").count()
        })
        .collect();
    assert_eq!(seen, [0, 0, 1]);
}

#[test]
fn lists_show_the_state_before_a_write_for_some_time() {
    let mut bench = Bench::new(NEW);
    let class = bookable(&mut bench, "2026-03-07");
    let delay = ListDelay { time: SignedDuration::from_secs(3), ..Default::default() };
    bench.domain.behaviors_mut().list_delay = delay;
    let (_, booking) = bench.book(&class, false);
    bench.now += 1.second();
    cancel(&mut bench, &booking);
    assert_eq!(bench.bookings(true), Vec::<Value>::new(), "still the state before both writes");
    bench.now += 3.seconds();
    assert_eq!(bench.bookings(true)[0]["canceled"], true);
}

#[test]
fn a_limited_list_keeps_the_latest_classes() {
    let mut bench = Bench::new(PAT);
    let all = bench.bookings(true);
    bench.domain.behaviors_mut().list_limit = Some(4);
    assert_eq!(bench.bookings(true), all[..4]);
}

#[test]
fn comped_bookings_carry_workouts_and_cannot_be_canceled() {
    let mut bench = Bench::new(PAT);
    let before = bench.bookings(true).len();
    assert!(bench.domain.add_comped_bookings(PAT.email, 20, bench.now));
    assert!(!bench.domain.add_comped_bookings("nobody@example.com", 1, bench.now));
    let list = bench.bookings(true);
    assert_eq!(list.len(), before + 20);
    let comped: Vec<_> =
        list.iter().filter(|item| item["id"].as_str().unwrap().starts_with("no-booking-id")).collect();
    let mut classes: Vec<_> =
        list.iter().filter(|item| item["canceled"] == false).map(|item| &item["class"]["id"]).collect();
    let count = classes.len();
    classes.sort_by_key(|id| id.to_string());
    classes.dedup();
    assert_eq!(classes.len(), count, "one live booking per class");
    for booking in comped {
        assert_eq!(booking["updated_at"], Value::Null);
        let summary = booking["workout"]["id"].as_str().unwrap();
        bench.get(&format!("/v1/performance-summaries/{summary}"));
        let target = format!("/v1/bookings/me/{}", booking["id"].as_str().unwrap());
        assert_eq!(bench.call("DELETE", &target, Value::Null).0, 404);
    }
    let older = bench.get("/member/members/{member}/bookings?startDate=2020-01-01")["data"].clone();
    assert_eq!(older.as_array().unwrap().len(), before);
}

#[test]
fn a_comped_duplicate_shares_class_and_start() {
    let mut bench = Bench::new(PAT);
    let real = bench.bookings(false).into_iter().find(|item| item["workout"].is_object()).unwrap();
    bench.domain.behaviors_mut().comped_share_id = true;
    assert!(bench.domain.add_comped_duplicate(real["class"]["id"].as_str().unwrap()));
    let twins: Vec<_> =
        bench.bookings(false).into_iter().filter(|item| item["class"]["id"] == real["class"]["id"]).collect();
    assert_eq!(twins.len(), 2);
    let comped = twins.iter().find(|item| item["id"] == "no-booking-id").unwrap();
    assert_eq!((&comped["class"], &comped["workout"]), (&real["class"], &real["workout"]));
}

#[test]
fn the_booking_window_counts_dates_of_the_studio() {
    // 23:59:30 and 00:00:30 in Chicago.
    for (now, refused) in [("2026-03-07T05:59:30Z", true), ("2026-03-07T06:00:30Z", false)] {
        let mut bench = Bench::at(NEW, now);
        let class = bookable(&mut bench, "2026-04-04");
        assert!(class["starts_at_local"].as_str().unwrap().starts_with("2026-04-04"));
        let (status, body) = bench.book(&class, false);
        assert_eq!(status == 400, refused, "{now}: {body}");
        let code = body["code"].as_str().unwrap_or_default();
        assert_eq!(code == "BOOKING_OUTSIDE_SCHEDULING_WINDOW", refused);
        bench.domain.behaviors_mut().booking_window = 29;
        assert_eq!(bench.book(&class, false).0, if refused { 201 } else { 409 });
    }
}

#[test]
fn refusals_may_name_the_booking() {
    let mut bench = Bench::new(NEW);
    let class = bookable(&mut bench, "2026-03-07");
    let (_, booking) = bench.book(&class, false);
    assert_eq!(bench.book(&class, false).1.get("data"), None);
    bench.domain.behaviors_mut().refusals_name_booking = true;
    assert_eq!(bench.book(&class, false).1["data"]["id"], booking["id"]);
    let older = json!({ "classUUId": class["ot_base_class_uuid"] });
    let (_, refused) = bench.call("PUT", "/member/members/{member}/bookings", older);
    assert_eq!(refused["data"]["errorCode"], "603");
    let uuid = refused["data"]["classBookingUUId"].as_str().unwrap();
    bench.get(&format!("/member/members/{{member}}/bookings/{uuid}"));
}

#[test]
fn classes_start_and_overlap_on_request() {
    let mut bench = Bench::new(NEW);
    let class = bookable(&mut bench, "2026-03-07");
    let id = class["id"].as_str().unwrap();
    let other = json!({ "id": bench.domain.add_overlapping_class(id).unwrap() });
    bench.domain.behaviors_mut().refuses_overlaps = true;
    assert_eq!(bench.book(&class, false).0, 201);
    assert_eq!(bench.book(&other, false).1["code"], "BOOKING_CLASS_OVERLAPS");
    bench.domain.behaviors_mut().refuses_overlaps = false;
    assert_eq!(bench.book(&other, false).0, 201);
    let third = bookable(&mut bench, "2026-03-08");
    assert!(bench.domain.set_class_started(third["id"].as_str().unwrap(), bench.now));
    assert_eq!(bench.book(&third, false).1["code"], "BOOKING_CLASS_STARTED");
}

#[test]
fn rated_bookings_may_stay_ratable() {
    for stays in [false, true] {
        let mut bench = Bench::new(PAT);
        bench.domain.behaviors_mut().rated_stays_ratable = stays;
        let open = bench.bookings(false).into_iter().find(|booking| booking["ratable"] == true).unwrap();
        let rating = json!({
            "classUUId": open["class"]["ot_base_class_uuid"],
            "otBeatClassHistoryUUId": open["workout"]["id"],
            "classRating": 21,
            "coachRating": 17,
        });
        let target = "/mobile/v1/members/classes/ratings";
        assert_eq!(bench.call("POST", target, rating.clone()).0, 200);
        let rated = bench.bookings(false).into_iter().find(|booking| booking["id"] == open["id"]).unwrap();
        assert_eq!((&rated["ratable"], &rated["ratings"]["class"]["value"]), (&json!(stays), &json!(3)));
        assert_eq!(bench.call("POST", target, rating).0, 403);
    }
}
