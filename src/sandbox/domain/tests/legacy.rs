use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::{NEW, NOA, PAT};

fn older(bench: &mut Bench, query: &str) -> Vec<Value> {
    bench.get(&format!("/member/members/{{member}}/bookings{query}"))["data"].as_array().unwrap().clone()
}

fn statuses(bookings: &[Value]) -> Vec<&str> {
    let mut found: Vec<&str> = bookings.iter().map(|booking| booking["status"].as_str().unwrap()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn both_generations_of_endpoints_share_their_state() {
    let mut bench = Bench::new(NEW);
    let classes = bench.classes();
    let class =
        classes.iter().find(|class| class["starts_at_local"] == "2026-03-09T05:00:00").unwrap().clone();
    let book = json!({ "classUUId": class["ot_base_class_uuid"], "confirmed": false, "waitlist": false });
    let (status, saved) = bench.call("PUT", "/member/members/{member}/bookings", book.clone());
    assert_eq!(status, 200);
    let uuid = saved["data"]["savedBookings"][0]["classBookingUUId"].as_str().unwrap().to_owned();
    assert_eq!(bench.bookings(false)[0]["class"]["id"], class["id"]);
    assert_eq!(older(&mut bench, "")[0]["class"]["startDateTime"], "2026-03-09T05:00:00.000");
    assert_eq!(bench.book(&class, false).1["code"], "BOOKING_ALREADY_BOOKED");
    let again = bench.call("PUT", "/member/members/{member}/bookings", book).1;
    assert_eq!(again["data"]["errorCode"], "603");

    let target = format!("/member/members/{{member}}/bookings/{uuid}");
    assert_eq!(bench.get(&target)["data"]["status"], "Booked");
    assert_eq!(bench.call("DELETE", &target, Value::Null).1["data"]["status"], "Cancelled");
    let (status, refused) = bench.call("DELETE", &target, Value::Null);
    assert_eq!((status, &refused["code"]), (403, &json!("NOT_AUTHORIZED")));
    assert!(refused["message"].as_str().unwrap().starts_with("This class booking has been cancelled"));
    assert_eq!(bench.bookings(true)[0]["canceled"], true);
    assert_eq!(bench.call("DELETE", "/member/members/{member}/bookings/nothing", Value::Null).0, 404);
}

#[test]
fn a_class_too_far_ahead_is_outside_the_window() {
    let mut bench = Bench::new(PAT);
    let far = bench.classes().last().unwrap().clone();
    let book = json!({ "classUUId": far["ot_base_class_uuid"] });
    let (status, refused) = bench.call("PUT", "/member/members/{member}/bookings", book);
    assert_eq!((status, &refused["data"]["errorCode"]), (400, &json!("602")));
}

#[test]
fn lists_by_date_and_status() {
    let mut bench = Bench::new(PAT);
    assert_eq!(statuses(&older(&mut bench, "")), ["Booked", "Cancelled", "Waitlisted"]);
    assert_eq!(statuses(&older(&mut bench, "?statuses=Booked,Waitlisted")), ["Booked", "Waitlisted"]);
    assert_eq!(older(&mut bench, "?statuses=Checked%20In").len(), 0);
    assert_eq!(older(&mut bench, "?statuses=Juggling").len(), 0);
    let past = "?startDate=2026-02-20&endDate=2026-03-06&statuses=Checked%20In";
    assert_eq!(statuses(&older(&mut bench, past)), ["Checked In"]);
    assert_eq!(bench.call("GET", "/member/members/{member}/bookings?startDate=soon", Value::Null).0, 400);
}

#[test]
fn a_running_class_is_checked_in() {
    let mut bench = Bench::new(NOA);
    let running = bench
        .bookings(false)
        .into_iter()
        .find(|booking| booking["checked_in"] == true && booking["workout"].is_null());
    assert_eq!(running.unwrap()["service_name"], Value::Null);
    assert!(
        older(&mut bench, "?startDate=2026-03-06&endDate=2026-03-08")
            .iter()
            .any(|b| b["status"] == "Checked In")
    );
}
