use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::{NEW, NOA, PAT};

fn worked_out(bench: &mut Bench) -> Vec<Value> {
    bench.bookings(false).into_iter().filter(|booking| booking["workout"].is_object()).collect()
}

fn summary_id(booking: &Value) -> String {
    booking["workout"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_workout_is_the_same_at_every_endpoint() {
    let mut bench = Bench::new(PAT);
    let bookings = worked_out(&mut bench);
    assert_eq!(bookings.len(), 40);
    let listed = bench.get("/v1/performance-summaries?limit=500")["items"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 40);
    for (booking, listed) in bookings.iter().zip(&listed) {
        let id = summary_id(booking);
        assert_eq!(listed["id"], id);
        let summary = bench.get(&format!("/v1/performance-summaries/{id}"));
        for field in ["calories_burned", "splat_points", "zone_time_minutes"] {
            assert_eq!(summary["details"][field], booking["workout"][field]);
        }
        assert_eq!(summary["class"]["starts_at_local"], booking["class"]["starts_at_local"]);
        assert_eq!(summary["details"]["heart_rate"]["max_hr"], 0, "it comes from the telemetry");
        assert!(summary["details"]["equipment_data"]["treadmill"]["avg_pace"]["metric_value"].is_string());
    }
    assert_eq!(bench.get("/v1/performance-summaries?limit=3")["items"].as_array().unwrap().len(), 3);
    let oldest = bookings.last().unwrap();
    assert_eq!((oldest["class"].get("ot_base_class_uuid"), &oldest["intro"]), (None, &json!(true)));
    assert!(bookings[0]["class"]["ot_base_class_uuid"].is_string());
}

#[test]
fn telemetry_respects_the_number_of_points() {
    let mut bench = Bench::new(PAT);
    let bookings = worked_out(&mut bench);
    let id = summary_id(&bookings[0]);
    for points in [1, 10, 150, 10_000] {
        let target = format!("/v1/performance/summary?classHistoryUuid={id}&maxDataPoints={points}");
        let telemetry = bench.get(&target);
        let items = telemetry["telemetry"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= points, "{points}: {}", items.len());
        assert_eq!(telemetry["maxHr"], 190);
    }
    let bare = format!("/v1/performance/summary?classHistoryUuid={}", summary_id(&bookings[5]));
    let bare = bench.get(&bare);
    assert_eq!((bare.as_object().unwrap().len(), &bare["telemetry"]), (3, &json!([])));
    assert_eq!(bench.call("GET", "/v1/performance/summary?maxDataPoints=3", Value::Null).0, 400);
}

#[test]
fn some_of_noas_workouts_lack_parts() {
    let mut bench = Bench::new(NOA);
    let mut lacking = (0, 0);
    for booking in worked_out(&mut bench) {
        let id = summary_id(&booking);
        let (status, _) = bench.call("GET", &format!("/v1/performance-summaries/{id}"), Value::Null);
        lacking.0 += usize::from(status == 404);
        let telemetry = bench.get(&format!("/v1/performance/summary?classHistoryUuid={id}"));
        lacking.1 += usize::from(telemetry.get("maxHr").is_none());
    }
    assert_eq!(lacking, (1, 1));
}

#[test]
fn a_class_is_rated_once() {
    let mut bench = Bench::new(PAT);
    let booking = worked_out(&mut bench).into_iter().find(|booking| booking["ratable"] == true).unwrap();
    let rating = |coach: u64, class: u64| {
        json!({
            "classUUId": booking["class"]["ot_base_class_uuid"],
            "otBeatClassHistoryUUId": booking["workout"]["id"],
            "classRating": class,
            "coachRating": coach,
        })
    };
    let target = "/mobile/v1/members/classes/ratings";
    assert_eq!(bench.call("POST", target, rating(3, 21)).0, 400);
    assert_eq!(bench.call("POST", target, rating(17, 21)).0, 200);
    let rated = bench.bookings(false).into_iter().find(|other| other["id"] == booking["id"]).unwrap();
    assert_eq!(rated["ratable"], false);
    assert_eq!(
        (&rated["ratings"]["coach"]["id"], &rated["ratings"]["coach"]["value"]),
        (&json!("17"), &json!(2))
    );
    assert_eq!(rated["ratings"]["class"]["value"], 3);
    assert_eq!(bench.call("POST", target, rating(0, 0)).0, 403);
    assert_eq!(bench.call("POST", target, json!({ "classRating": 0, "coachRating": 0 })).0, 404);
}

#[test]
fn periods_sum_their_workouts() {
    let mut bench = Bench::new(PAT);
    let stats = bench.get("/performance/v2/{member}/over-time/thisWeek")["data"].clone();
    let bookings = worked_out(&mut bench);
    let calories: u64 =
        bookings.iter().map(|booking| booking["workout"]["calories_burned"].as_u64().unwrap()).sum();
    assert_eq!(stats["inStudio"]["allTime"]["calories"], calories);
    let (inside, outside) =
        (&stats["inStudio"]["allTime"]["calories"], &stats["outStudio"]["allTime"]["calories"]);
    assert_eq!(
        stats["allStats"]["allTime"]["calories"],
        inside.as_i64().unwrap() + outside.as_i64().unwrap()
    );
    assert_eq!(bench.call("GET", "/performance/v2/{member}/over-time/nextYear", Value::Null).0, 400);
    assert_eq!(bench.call("GET", "/performance/v2/somebody/over-time/allTime", Value::Null).0, 403);
}

#[test]
fn benchmarks_are_filtered_by_every_id() {
    let mut bench = Bench::new(PAT);
    let mut count = |equipment: u64, category: u64, sub: u64| {
        let query = format!("equipmentId={equipment}&challengeTypeId={category}&challengeSubTypeId={sub}");
        bench.get(&format!("/challenges/v3/member/{{member}}/benchmarks?{query}"))["Dto"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(0, 0, 0), 7);
    assert_eq!(count(4, 0, 0), 3);
    assert_eq!(count(0, 2, 0), 1);
    assert_eq!(count(0, 0, 15), 1);
    assert_eq!(count(4, 2, 0), 0);
    let challenge =
        bench.get("/challenges/v1/member/{member}/participation?challengeTypeId=2")["Dto"][0].clone();
    assert_eq!(challenge["Goals"]["OverallGoal"], Value::Null);
    let tracker = bench.get("/challenges/v3.1/member/{member}")["Dto"].clone();
    assert_eq!(tracker.get("Challenges"), None);
    let years = tracker["Programs"][1]["Years"].as_array().unwrap();
    assert!(years.iter().any(|year| year["IsParticipated"] == true));
}

#[test]
fn trends_follow_the_workouts() {
    let mut bench = Bench::new(PAT);
    let base = "/consumer-mobile/v1/users/me/workout-stats";
    let range = "start=2025-12-01T00:00:00%2B00:00&end=2026-03-06T23:59:59Z";
    let trend = bench.get(&format!("{base}/splat_points?{range}"));
    assert_eq!(
        (&trend["stat_key"], &trend["start"]),
        (&json!("splat_points"), &json!("2025-12-01T00:00:00Z"))
    );
    assert_eq!(trend["points"].as_array().unwrap().len(), 11);
    let preview = bench.get(&format!("{base}/preview?workoutCount=4"));
    assert_eq!(preview["stats"].as_array().unwrap().len(), 6);
    assert_eq!(preview["stats"][0]["points"].as_array().unwrap().len(), 4);
    assert_eq!(bench.call("GET", &format!("{base}/joy"), Value::Null).0, 404);
}

#[test]
fn summaries_require_headers_that_name_the_caller() {
    let mut bench = Bench::new(PAT);
    for headers in [vec![], vec![("koji-member-id", NOA.member_uuid), ("koji-member-email", PAT.email)]] {
        bench.headers = headers;
        assert_eq!(bench.call("GET", "/v1/performance-summaries", Value::Null).0, 403);
        assert_eq!(bench.call("GET", "/v1/performance-summaries/nothing", Value::Null).0, 403);
    }
}

#[test]
fn a_new_member_has_nothing() {
    let mut bench = Bench::new(NEW);
    for (target, field) in [
        ("/v1/bookings/me?include_canceled=true", "items"),
        ("/v1/performance-summaries", "items"),
        ("/v1/physVars/maxHr/history?memberUuid={member}", "history"),
        ("/member/members/{member}/purchases", "data"),
        ("/member/members/{member}/services", "data"),
        ("/member/members/{member}/out-of-studio-workout", "data"),
        ("/member/members/{cognito}/body-composition", "data"),
        ("/challenges/v3/member/{member}/benchmarks", "Dto"),
        ("/member/wearables/{member}/wearable-daily", "data"),
    ] {
        assert_eq!(bench.get(target)[field], json!([]), "{target}");
    }
    let preview = bench.get("/consumer-mobile/v1/users/me/workout-stats/preview");
    assert_eq!(preview["start"], Value::Null);
}
