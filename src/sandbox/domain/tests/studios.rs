use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::{NEW, NOA, PAT};
use crate::sandbox::domain::public_route;
use crate::sandbox::http::Request;

#[test]
fn search_by_distance_and_by_page() {
    let mut bench = Bench::new(PAT);
    let near = bench
        .get("/mobile/v1/studios?latitude=41.9403&longitude=-87.6538&distance=50&pageIndex=1&pageSize=100");
    let near = &near["data"];
    assert_eq!(
        near["pagination"],
        json!({ "pageIndex": "1", "pageSize": "100", "totalCount": 3, "totalPages": 1 })
    );
    assert_eq!(near["studios"][0]["distance"], 0.0);
    let distances: Vec<f64> = near["studios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|studio| studio["distance"].as_f64().unwrap())
        .collect();
    assert!(distances.is_sorted());
    let all = bench.get("/mobile/v1/studios?pageIndex=2&pageSize=4");
    assert_eq!(all["data"]["pagination"]["totalCount"], 7);
    assert_eq!(all["data"]["studios"].as_array().unwrap().len(), 3);
    let last = &all["data"]["studios"][2];
    assert_eq!((last.get("distance"), &last["studioLocation"]["latitude"]), (None, &json!("0.00000000")));
    assert_eq!(bench.call("GET", "/mobile/v1/studios?pageIndex=0", Value::Null).0, 400);
    assert_eq!(bench.call("GET", "/mobile/v1/studios/nothing", Value::Null).0, 404);
}

#[test]
fn favorites_persist_per_member() {
    let mut bench = Bench::new(PAT);
    let studios = bench.get("/mobile/v1/studios")["data"]["studios"].clone();
    let both = json!({ "studioUUIds": [studios[1]["studioUUId"], studios[2]["studioUUId"]] });
    let one = json!({ "studioUUIds": [studios[1]["studioUUId"]] });
    let target = "/mobile/v1/members/favorite-studios";
    let (status, added) = bench.call("POST", target, both);
    assert_eq!((status, added["data"]["studios"].as_array().unwrap().len()), (200, 2));
    assert_eq!(bench.call("DELETE", target, one).0, 200);
    let left = bench.get("/member/members/{member}/favorite-studios");
    assert_eq!(left["data"][0]["studioUUId"], studios[2]["studioUUId"]);
    assert_eq!(bench.call("POST", target, json!({ "studioUUIds": ["nothing"] })).0, 404);
    assert_eq!(bench.call("POST", target, json!({})).0, 400);
    bench.caller = NEW;
    assert_eq!(bench.get("/member/members/{member}/favorite-studios")["data"], json!([]));
}

#[test]
fn a_purchase_names_a_studio_that_does_not_exist() {
    let mut bench = Bench::new(PAT);
    let purchases = bench.get("/member/members/{member}/purchases")["data"].clone();
    let unknown = purchases.as_array().unwrap().iter().filter(|purchase| {
        let target = format!("/mobile/v1/studios/{}", purchase["studio"]["studioUUId"].as_str().unwrap());
        bench.call("GET", &target, Value::Null).0 == 404
    });
    assert_eq!(unknown.count(), 1);
}

#[test]
fn preferences_persist() {
    let mut bench = Bench::new(NOA);
    let phone = bench.get("/member/members/{member}")["data"]["phoneNumber"].clone();
    let sms = format!("/sms/v1/preferences?phoneNumber={}", phone.as_str().unwrap());
    let wanted =
        json!({ "promosms": false, "source": "OTF", "transactionalsms": true, "phoneNumber": phone });
    assert_eq!(bench.call("POST", "/sms/v1/preferences", wanted).0, 200);
    let sms = bench.get(&sms)["data"].clone();
    assert_eq!(
        (&sms["isPromotionalSmsOptIn"], &sms["isTransactionalSmsOptIn"]),
        (&json!(false), &json!(true))
    );
    let wanted = json!({ "promotionalEmail": true, "transactionalEmail": false, "email": "noa@example.com" });
    assert_eq!(bench.call("POST", "/otfmailing/v2/preferences", wanted).0, 200);
    let email = bench.get("/otfmailing/v2/preferences?email=noa%40example.com")["data"].clone();
    assert_eq!(email["isPromotionalEmailOptIn"], true);
    assert_eq!(bench.call("GET", "/otfmailing/v2/preferences?email=pat%40example.com", Value::Null).0, 404);
    assert_eq!(bench.call("POST", "/sms/v1/preferences", json!({ "phoneNumber": phone })).0, 400);
}

#[test]
fn class_filters_name_the_types_of_the_schedule() {
    let mut bench = Bench::new(PAT);
    let filters = bench.get("/v1/classes/filters")["items"].clone();
    assert_eq!(filters[0]["name"], "class_type");
    let values: Vec<_> =
        filters[0]["values"].as_array().unwrap().iter().map(|value| &value["value"]).collect();
    assert!(bench.classes().iter().all(|class| values.contains(&&class["type"])));
}

#[test]
fn partners_see_studios_and_junk_without_a_token() {
    let list = |query: &[(&str, &str)]| {
        let request = Request {
            method: "GET".to_owned(),
            path: "/partners/studios/v2".to_owned(),
            query: query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            raw_query: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            peer: std::net::Ipv4Addr::LOCALHOST.into(),
        };
        let response = public_route(&request).unwrap();
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        body["data"].as_array().unwrap().iter().map(|entry| entry[0].clone()).collect::<Vec<_>>()
    };
    let all = list(&[("latitude", ""), ("longitude", ""), ("studioId", "")]);
    assert_eq!(all.len(), 14);
    assert!(all.iter().all(|studio| studio.get("studioUUId").is_none()));
    let abroad = list(&[("country", "New Zealand")]);
    assert_eq!(abroad.len(), 2);
    assert_eq!(abroad[0]["studioLocation"]["latitude"], "-36.85560000");
    let one = list(&[("studioId", &abroad[1]["studioId"].to_string())]);
    assert_eq!(one, abroad[1..]);
    assert_eq!(list(&[("country", "Atlantis")]), Vec::<Value>::new());
}
