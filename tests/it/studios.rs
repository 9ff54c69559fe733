//! Studios: searches, lists, favorites, services.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use otf_api::sandbox::{Fault, NOA, Outage, PAT, Sandbox};
use otf_api::{Error, GeoQuery, Otf, StudioUuid};
use serde_json::{Value, json};

use super::fuzz_targets::harness::{self, Net, reply};
use super::log_lines::capture;
use super::support::{assert_invalid, client_of, sandbox, seen, spoil_studio};

const SEARCH: &str = "/mobile/v1/studios";
const FAVORITES: &str = "/mobile/v1/members/favorite-studios";

fn setup() -> (Sandbox, Otf) {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    (sandbox, otf)
}

#[test]
fn search_is_around_a_location() {
    let (sandbox, otf) = setup();
    let found = otf.studios().search(&GeoQuery::around(41.88, -87.63)).unwrap();
    assert_eq!(seen(&sandbox), [format!("GET {SEARCH}")]);
    assert_eq!(found.len(), 3);
    assert!(found.is_sorted_by(|near, far| near.distance <= far.distance));
    assert!(found.iter().all(|studio| studio.distance.unwrap() < 50.0));
    let near = otf.studios().search(&GeoQuery::around(41.88, -87.63).distance(2.5)).unwrap();
    assert_eq!(near.len(), 1);
    let request = &sandbox.requests()[0];
    let sent = ["latitude", "longitude", "distance", "pageIndex", "pageSize"]
        .map(|name| request.query(name).unwrap());
    assert_eq!(sent, ["41.88", "-87.63", "2.5", "1", "100"]);
    assert_eq!(otf.studios().search(&GeoQuery::around(41.88, -87.63).distance(250.0)).unwrap().len(), 4);
    let on_null_island = otf.studios().search(&GeoQuery::around(0.0, 0.0)).unwrap();
    assert!(on_null_island.is_empty(), "zero is a coordinate");
    assert_eq!(sandbox.requests().last().unwrap().query("latitude"), Some("0"));
}

#[test]
fn search_is_around_the_home_studio_by_default() {
    let (sandbox, otf) = setup();
    let home = otf.home_studio().unwrap();
    seen(&sandbox);
    let found = otf.studios().search(&GeoQuery::new()).unwrap();
    assert_eq!(seen(&sandbox), [format!("GET {SEARCH}")]);
    assert_eq!(found[0].studio_uuid, home.studio_uuid);
    let (sandbox, otf) = setup();
    let nowhere = |json: &mut Value| json["data"]["studioLocation"] = Value::Null;
    sandbox.fault(Fault::edit(nowhere).on("GET", "/mobile/v1/studios/*"));
    assert!(otf.studios().search(&GeoQuery::new()).unwrap_err().is_not_found());
}

#[test]
fn invalid_location_or_distance_is_named() {
    let (sandbox, otf) = setup();
    let around = GeoQuery::around(41.88, -87.63);
    for distance in [-0.1, 250.1, f64::NAN, f64::INFINITY] {
        assert_invalid(&sandbox, otf.studios().search(&around.distance(distance)), "distance");
        assert_invalid(&sandbox, otf.studios().search(&GeoQuery::new().distance(distance)), "distance");
    }
    assert_invalid(&sandbox, otf.studios().search(&GeoQuery::around(90.1, 0.0)), "latitude");
    assert_invalid(&sandbox, otf.studios().search(&GeoQuery::around(0.0, f64::NAN)), "longitude");
    otf.studios().search(&around.distance(0.0)).unwrap();
}

/// Serves these studios in pages of three, of which the second repeats the last of the first.
fn in_pages(sandbox: &Sandbox, studios: Vec<Value>, total: Value) {
    let page = Arc::new(AtomicUsize::new(0));
    let edit = move |json: &mut Value| {
        let page = page.fetch_add(1, Ordering::SeqCst);
        let from = if page == 0 { 0 } else { page * 3 - 1 };
        json["data"]["studios"] = studios.iter().skip(from).take(3).cloned().collect();
        json["data"]["pagination"]["totalCount"] = total.clone();
    };
    sandbox.fault(Fault::edit(edit).on("GET", SEARCH).always());
}

#[test]
fn pages_are_requested_until_all_studios_are_read() {
    let (sandbox, otf) = setup();
    let all = otf.studios().all().unwrap();
    assert_eq!(seen(&sandbox).len(), 1);
    assert_eq!(all.len(), 7);
    let raw = otf.request(otf_api::http::Method::GET, otf_api::Host::Default, SEARCH).send().unwrap();
    let studios = raw["data"]["studios"].as_array().unwrap().clone();
    for total in [json!(7), json!("7")] {
        sandbox.clear_faults();
        in_pages(&sandbox, studios.clone(), total);
        seen(&sandbox);
        assert_eq!(otf.studios().all().unwrap(), all);
        let pages: Vec<_> =
            sandbox.requests().iter().map(|request| request.query("pageIndex").unwrap().to_owned()).collect();
        assert_eq!(pages, ["1", "2", "3"]);
    }
    // More than there are: the page without a new one ends it.
    sandbox.clear_faults();
    in_pages(&sandbox, studios.clone(), json!(1000));
    assert_eq!(otf.studios().all().unwrap(), all);
    // No count at all: a page that is not full ends it.
    sandbox.clear_faults();
    seen(&sandbox);
    let uncounted = |json: &mut Value| json["data"]["pagination"] = Value::Null;
    sandbox.fault(Fault::edit(uncounted).on("GET", SEARCH));
    assert_eq!(otf.studios().all().unwrap(), all);
    assert_eq!(seen(&sandbox).len(), 1);
}

#[test]
fn too_low_count_loses_no_studio() {
    for total in [json!(0), json!(100), json!(null), json!(250), json!(1000)] {
        let (sandbox, otf) = setup();
        let page = AtomicUsize::new(0);
        let edit = move |json: &mut Value| {
            let from = page.fetch_add(1, Ordering::SeqCst) * 100;
            let ids = (from..250).take(100).map(|number| json!({"studioUUId": format!("studio-{number}")}));
            json["data"]["studios"] = ids.collect();
            json["data"]["pagination"]["totalCount"] = total.clone();
        };
        sandbox.fault(Fault::edit(edit).on("GET", SEARCH).always());
        assert_eq!(otf.studios().all().unwrap().len(), 250);
    }
}

#[test]
fn endless_search_is_cut_off_and_returns_what_was_found() {
    let asked = Arc::new(AtomicUsize::new(0));
    let pages = Arc::clone(&asked);
    let net = Net::signed_in(move |_| {
        let page = pages.fetch_add(1, Ordering::SeqCst);
        let studio = json!({ "studioUUId": format!("studio-{page}") });
        let body = json!({ "data": { "studios": [studio], "pagination": { "totalCount": 1_000_000 } } });
        Ok(reply(200, body.to_string()))
    });
    let otf = harness::client(&net);
    let (found, lines) = capture(|| otf.studios().all().unwrap());
    assert_eq!((found.len(), asked.load(Ordering::SeqCst)), (500, 500));
    assert!(lines.iter().any(|line| line.contains("more than 500 pages")), "{lines:?}");
}

#[test]
fn unreadable_studio_is_counted_and_rejected() {
    let (sandbox, otf) = setup();
    let spoil = |json: &mut Value| json["data"]["studios"][2]["taxRate"] = json!({ "openDate": 1 });
    sandbox.fault(Fault::edit(spoil).on("GET", SEARCH));
    assert_eq!(otf.studios().all().unwrap().rejected().len(), 0, "nobody reads the tax rate");
    let spoil = |json: &mut Value| json["data"]["studios"][2]["openDate"] = json!("long ago");
    sandbox.fault(Fault::edit(spoil).on("GET", SEARCH));
    seen(&sandbox);
    let studios = otf.studios().all().unwrap();
    let rejected = &studios.rejected()[0];
    assert_eq!((studios.len(), rejected.index, rejected.path.as_str()), (7, 2, "openDate"));
    assert_eq!(seen(&sandbox).len(), 1);
    sandbox.fault(Fault::edit(|json| spoil_studio(&mut json["data"]["studios"][2])).on("GET", SEARCH));
    let studios = otf.studios().all().unwrap();
    assert_eq!((studios.len(), studios.rejected()[0].index, studios.has_lost_items()), (6, 2, true));
    assert_eq!(seen(&sandbox).len(), 1);
}

#[test]
fn repeated_page_with_unreadable_studio_ends_the_search() {
    let (sandbox, otf) = setup();
    let first = Mutex::new(None);
    let edit = move |json: &mut Value| {
        let mut first = first.lock().unwrap();
        let page = first.get_or_insert_with(|| {
            spoil_studio(&mut json["data"]["studios"][2]);
            json["data"]["pagination"]["totalCount"] = json!(1000);
            json.clone()
        });
        *json = page.clone();
    };
    sandbox.fault(Fault::edit(edit).on("GET", SEARCH).always());
    let studios = otf.studios().all().unwrap();
    assert_eq!((studios.len(), studios.rejected().len()), (6, 1));
    assert_eq!(seen(&sandbox).len(), 2);
}

#[test]
fn rejected_indices_continue_across_pages() {
    let (sandbox, otf) = setup();
    let page = AtomicUsize::new(0);
    let edit = move |json: &mut Value| {
        let from = page.fetch_add(1, Ordering::SeqCst) * 100;
        // Each page repeats the last studio of the one before, and holds one that can't be read.
        let studio = |number: usize| match number {
            number if number % 100 == 7 => {
                let mut odd = json!({ "studioUUId": "odd", "number": number });
                spoil_studio(&mut odd);
                odd
            }
            number => json!({ "studioUUId": format!("studio-{}", number - usize::from(number == 100)) }),
        };
        json["data"]["studios"] = (from..250).take(100).map(studio).collect();
        json["data"]["pagination"]["totalCount"] = json!(250);
    };
    sandbox.fault(Fault::edit(edit).on("GET", SEARCH).always());
    let studios = otf.studios().all().unwrap();
    assert_eq!((studios.len(), studios.rejected().len()), (246, 3));
    for rejected in studios.rejected() {
        assert_eq!(rejected.raw["number"], rejected.index);
    }
}

#[test]
fn unknown_studio_is_not_found() {
    let (sandbox, otf) = setup();
    assert!(otf.studios().detail(StudioUuid::new("unknown")).unwrap_err().is_not_found());
    seen(&sandbox);
    assert_invalid(&sandbox, otf.studios().detail(StudioUuid::new(" ")), "studio");
    assert_invalid(&sandbox, otf.studios().detail(StudioUuid::new("")), "studio");
    assert_invalid(&sandbox, otf.studios().services(StudioUuid::new("")), "studio");
}

#[test]
fn studio_is_cached_for_ten_minutes() {
    let (sandbox, otf) = setup();
    let all = otf.studios().all().unwrap();
    seen(&sandbox);
    let get = || otf.studios().detail(&all[1]).unwrap();
    assert_eq!(get(), get());
    assert_eq!(seen(&sandbox).len(), 1);
    sandbox.advance(std::time::Duration::from_secs(601));
    get();
    assert_eq!(seen(&sandbox).len(), 1);
}

#[test]
fn favorites_are_stored() {
    let (sandbox, otf) = setup();
    assert!(otf.studios().favorites().unwrap().is_empty());
    let all = otf.studios().all().unwrap();
    seen(&sandbox);
    let one = all[1].add_to_favorites(&otf).unwrap();
    assert_eq!(*one, all[1..2]);
    assert_eq!(sandbox.requests()[0].json(), json!({ "studioUUIds": [all[1].studio_uuid] }));
    assert_eq!(seen(&sandbox), [format!("POST {FAVORITES}")]);
    let ids: Vec<StudioUuid> = all[2..4].iter().map(|studio| studio.studio_uuid.clone()).collect();
    assert_eq!(otf.studios().add_favorites(&ids).unwrap().len(), 3);
    seen(&sandbox);
    let favorites = otf.studios().favorites().unwrap();
    assert_eq!(*favorites, all[1..4]);
    assert_eq!(favorites.rejected(), []);
    assert_eq!(seen(&sandbox).len(), 4, "the list, and each studio");
    assert_eq!(otf.studios().favorites().unwrap(), favorites);
    assert_eq!(seen(&sandbox).len(), 1, "the studios are cached");
    assert_eq!(client_of(&sandbox, &NOA).studios().favorites().unwrap().len(), 0);

    seen(&sandbox);
    all[1].remove_from_favorites(&otf).unwrap();
    assert_eq!(seen(&sandbox), [format!("DELETE {FAVORITES}")]);
    otf.studios().remove_favorites(ids).unwrap();
    assert!(otf.studios().favorites().unwrap().is_empty());

    let unknown = otf.studios().add_favorites([StudioUuid::new("unknown")]).unwrap_err();
    assert!(unknown.is_not_found());
    seen(&sandbox);
    assert_invalid(&sandbox, otf.studios().add_favorites(Vec::<StudioUuid>::new()), "studios");
    assert_invalid(&sandbox, otf.studios().remove_favorites([StudioUuid::new("")]), "studios");
    sandbox.fault(Fault::reset_after().on("POST", FAVORITES));
    let error = all[0].add_to_favorites(&otf).unwrap_err();
    assert!(
        matches!(error, Error::OutcomeUnknown { .. }) && error.to_string().contains("favorites()"),
        "{error}"
    );
    assert_eq!(otf.studios().favorites().unwrap().len(), 1, "it took");
}

#[test]
fn studio_services_are_one_request() {
    let (sandbox, otf) = setup();
    let home = otf.home_studio().unwrap();
    seen(&sandbox);
    let services = home.services(&otf).unwrap();
    assert_eq!(seen(&sandbox), [format!("GET /member/studios/{}/services", home.studio_uuid)]);
    assert_eq!((services.len(), services.rejected().len()), (3, 0));
    assert!(services.iter().all(|service| service.studio.as_ref() == Some(&home)));
    assert_eq!(services[1].name.as_deref(), Some("Drop-In Class"));
    let unknown = otf.studios().services(StudioUuid::new("unknown")).unwrap_err();
    assert!(unknown.is_not_found());
    sandbox.assert_no_unknown_routes();
}

/// What a list notes about its studios: the item, the field and the studio.
fn notes<T>(list: &otf_api::models::Listing<T>) -> Vec<(usize, &str, &str)> {
    assert!(!list.has_lost_items());
    list.rejected()
        .iter()
        .map(|rejected| (rejected.index, rejected.path.as_str(), rejected.raw.as_str().unwrap()))
        .collect()
}

#[test]
fn studio_that_fails_costs_neither_favorites_nor_services() {
    for status in [403, 404, 500] {
        let (sandbox, otf) = setup();
        let all = otf.studios().all().unwrap();
        let ids: Vec<_> = all[1..4].iter().map(|studio| studio.studio_uuid.clone()).collect();
        otf.studios().add_favorites(&ids).unwrap();
        sandbox.fault(Fault::status(status).on("GET", &format!("/mobile/v1/studios/{}", ids[1])).always());
        let favorites = otf.studios().favorites().unwrap();
        assert_eq!(notes(&favorites), [(1, "", ids[1].as_str())]);
        assert!(favorites.rejected()[0].reason.contains(&format!("GET /mobile/v1/studios/{}", ids[1])));
        assert_eq!((&favorites[0], &favorites[2]), (&all[1], &all[3]));
        assert_eq!((favorites[1].name.as_ref(), favorites[1].status.as_ref()), (all[2].name.as_ref(), None));

        sandbox.set_outage(Outage::Studios, status);
        let services = otf.studios().services(&ids[1]).unwrap();
        assert_eq!(notes(&services), [(0, "studio", ids[1].as_str())]);
        assert!(services.iter().all(|service| service.studio.as_ref().unwrap().studio_uuid == ids[1]));
    }
}

#[test]
fn rejected_sign_in_is_an_error_even_for_a_detail() {
    let (sandbox, otf) = setup();
    otf.studios().add_favorites([otf.home_studio_uuid().unwrap()]).unwrap();
    sandbox.set_outage(Outage::Studios, 401);
    let error = otf.studios().favorites().unwrap_err();
    assert!(error.is_authentication(), "{error}");
}
