use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::{NEW, NOA, PAT};

/// Tomorrow's classes at the home studio, with the filter a test needs.
fn tomorrow(bench: &mut Bench, wanted: impl Fn(&Value) -> bool) -> Value {
    let date = "2026-03-07";
    let found = bench
        .classes()
        .into_iter()
        .find(|class| class["starts_at_local"].as_str().unwrap().starts_with(date) && wanted(class));
    found.unwrap()
}

fn bookable(class: &Value) -> bool {
    class["full"] == false && class["canceled"] == false
}

#[test]
fn local_times_follow_the_studio_zone_over_the_change_of_clocks() {
    let mut bench = Bench::new(PAT);
    let classes = bench.classes();
    for (date, utc) in [("2026-03-07", "11:00"), ("2026-03-09", "10:00")] {
        let early =
            classes.iter().find(|class| class["starts_at_local"] == format!("{date}T05:00:00")).unwrap();
        assert_eq!(early["starts_at"], format!("{date}T{utc}:00.000Z"));
    }
}

#[test]
fn there_is_a_bookable_class_tomorrow_whatever_the_day() {
    for now in ["2026-01-01T00:00:00Z", "2026-10-31T23:59:59Z", "2028-02-28T12:00:00Z"] {
        for account in [PAT, NOA, NEW] {
            let mut bench = Bench::at(account, now);
            let zone = bench.classes()[0]["studio"]["time_zone"].as_str().unwrap().to_owned();
            let today = bench.now.in_tz(&zone).unwrap().date();
            let tomorrow = bench.classes().into_iter().filter(|class| {
                let start: DateTime = class["starts_at_local"].as_str().unwrap().parse().unwrap();
                start.date() == today.tomorrow().unwrap() && bookable(class)
            });
            assert!(tomorrow.count() >= 5, "{now} {}", bench.caller.email);
        }
    }
}

#[test]
fn booking_and_canceling_change_the_lists() {
    let mut bench = Bench::new(NEW);
    let class = tomorrow(&mut bench, bookable);
    assert_eq!(bench.bookings(false), Vec::<Value>::new());
    let (status, booking) = bench.book(&class, false);
    assert_eq!(status, 201);
    assert_eq!(booking["class"]["id"], class["id"]);
    assert_eq!(booking["canceled"], false);
    assert_eq!(bench.bookings(false), std::slice::from_ref(&booking));
    let (status, refused) = bench.book(&class, false);
    assert_eq!((status, &refused["code"]), (409, &json!("BOOKING_ALREADY_BOOKED")));
    assert_eq!(bench.domain.bookings_made(), 1);

    let target = format!("/v1/bookings/me/{}", booking["id"].as_str().unwrap());
    assert_eq!(bench.call("DELETE", &target, Value::Null).0, 204);
    assert_eq!(bench.call("DELETE", &target, Value::Null).1["code"], "BOOKING_CANCELED");
    assert_eq!(bench.bookings(false), Vec::<Value>::new());
    assert_eq!(bench.bookings(true)[0]["canceled"], true);
    assert_eq!(bench.book(&class, false).0, 201, "a canceled booking blocks nothing");
}

#[test]
fn the_last_spot_fills_a_class_and_can_be_freed() {
    let mut bench = Bench::new(NEW);
    let class = tomorrow(&mut bench, |class| class["full"] == true);
    let (status, refused) = bench.book(&class, false);
    assert_eq!((status, &refused["code"]), (409, &json!("BOOKING_CLASS_FULL")));
    let (_, booking) = bench.book(&class, true);
    let ahead = class["waitlist_size"].as_u64().unwrap();
    assert_eq!(booking["waitlist_position"], ahead + 1);
    assert_eq!(bench.class(&class["id"])["waitlist_size"], ahead + 1);

    bench.caller = PAT;
    let open = tomorrow(&mut bench, bookable);
    assert!(bench.domain.set_spots_left(open["id"].as_str().unwrap(), 1));
    let (_, first) = bench.book(&open, false);
    assert_eq!(bench.class(&open["id"])["full"], true);
    bench.caller = NEW;
    let (_, second) = bench.book(&open, true);
    assert_eq!(second["waitlist_position"], 1);
    bench.caller = PAT;
    bench.call("DELETE", &format!("/v1/bookings/me/{}", first["id"].as_str().unwrap()), Value::Null);
    bench.caller = NEW;
    let moved_up = bench.bookings(false).into_iter().find(|booking| booking["id"] == second["id"]).unwrap();
    assert_eq!(moved_up.get("waitlist_position"), None);
    assert_eq!(bench.class(&open["id"])["full"], true);
}

#[test]
fn booking_refuses_canceled_started_early_and_unknown_classes() {
    let mut bench = Bench::new(PAT);
    let classes = bench.classes();
    let code = |bench: &mut Bench, class: &Value| bench.book(class, false).1["code"].clone();
    let canceled = tomorrow(&mut bench, |class| class["canceled"] == true);
    assert_eq!(code(&mut bench, &canceled), "BOOKING_CLASS_CANCELED");
    let started = classes.iter().find(|class| class["name"] == "Orange 60 Min 3G").unwrap();
    assert_eq!(code(&mut bench, started), "BOOKING_CLASS_STARTED");
    let on = |date: &str| {
        classes
            .iter()
            .find(|class| class["starts_at_local"].as_str().unwrap().starts_with(date) && bookable(class))
    };
    assert_eq!(code(&mut bench, on("2026-04-04").unwrap()), "BOOKING_OUTSIDE_SCHEDULING_WINDOW");
    assert_eq!(bench.book(on("2026-04-03").unwrap(), false).0, 201);
    assert_eq!(bench.book(&json!({ "id": "nothing" }), false).0, 404);
    assert_eq!(bench.call("DELETE", "/v1/bookings/me/nothing", Value::Null).0, 404);
    assert_eq!(bench.call("GET", "/v1/classes", Value::Null).0, 400);
}

#[test]
fn canceling_within_eight_hours_is_late() {
    let mut bench = Bench::new(NEW);
    let class =
        bench.classes().into_iter().find(|class| class["starts_at_local"] == "2026-03-06T16:30:00").unwrap();
    let (_, booking) = bench.book(&class, false);
    bench.call("DELETE", &format!("/v1/bookings/me/{}", booking["id"].as_str().unwrap()), Value::Null);
    let late = &bench.bookings(true)[0];
    assert_eq!((&late["late_canceled"], &late["canceled"]), (&json!(true), &json!(true)));
    assert_eq!(late["canceled_at"], "2026-03-06T18:02:03.000Z");
}

#[test]
fn the_booking_list_respects_its_bounds() {
    let mut bench = Bench::new(PAT);
    let window = "/v1/bookings/me?starts_after=2026-03-11T00:00:00Z&ends_before=2026-03-12T06:00:00Z";
    let items = bench.get(window)["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 1);
    assert_eq!(items[0]["class"].get("studio"), None, "not asked to expand");
    assert_eq!(items[0]["class"].get("ends_at"), None);
    assert_eq!(bench.call("GET", "/v1/bookings/me?starts_after=yesterday", Value::Null).0, 400);
    let starts: Vec<_> =
        bench.bookings(true).iter().map(|item| item["class"]["starts_at"].to_string()).collect();
    assert!(starts.is_sorted_by(|before, after| before >= after), "newest first");
}

#[test]
fn tests_can_change_classes_and_lists() {
    let mut bench = Bench::new(NEW);
    let class = tomorrow(&mut bench, bookable);
    let id = class["id"].as_str().unwrap();
    bench.book(&class, false);
    assert!(bench.domain.set_class_full(id) && bench.domain.set_class_canceled(id));
    let changed = bench.class(&class["id"]);
    assert_eq!((&changed["full"], &changed["canceled"]), (&json!(true), &json!(true)));
    assert!(!bench.domain.set_class_full("nothing"));
    bench.domain.add_malformed_class(json!({ "id": 7 }));
    bench.domain.add_malformed_booking(json!(null));
    assert_eq!(bench.classes().last(), Some(&json!({ "id": 7 })));
    assert_eq!(bench.bookings(false).last(), Some(&json!(null)));
}

#[test]
fn sparse_bookings_still_show_their_state() {
    let mut bench = Bench::new(NOA);
    let full = bench.classes().into_iter().find(|class| {
        class["full"] == true && class["starts_at_local"].as_str().unwrap().starts_with("2026-03-08")
    });
    let (_, waiting) = bench.book(&full.unwrap(), true);
    assert!(waiting["waitlist_position"].is_u64());
    let upcoming = bench.bookings(false).into_iter().find(|booking| booking["checked_in"] == false).unwrap();
    assert_eq!((&upcoming["workout"], upcoming.get("late_canceled")), (&Value::Null, None));
    for now in ["2026-04-04T13:35:00Z", "2026-04-04T14:20:00Z"] {
        let mut bench = Bench::at(NOA, now);
        let running = bench
            .bookings(false)
            .into_iter()
            .filter(|booking| booking["checked_in"] == true && booking["workout"].is_null());
        assert_eq!(running.count(), 1, "in the hour that comes twice");
    }
}
