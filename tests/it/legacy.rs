//! The older booking endpoints, against the rules of the service.
//!
//! It is Friday noon in Chicago, 6 March 2026.

use std::collections::HashSet;

use otf_api::jiff::ToSpan;
use otf_api::jiff::civil::{Date, date, time};
use otf_api::models::{BookingStatus, LegacyBooking, OtfClass};
use otf_api::sandbox::{Fault, NEW, NOA, Outage, PAT, Sandbox};
use otf_api::{BookingQuery, BookingUuid, ClassQuery, ClassUuid, Error, LegacyBookingQuery, Otf};
use serde_json::{Value, json};

use super::bookings::{NOW, class};
use super::log_lines::capture;
use super::support::{assert_invalid, client_of, sandbox_at, seen};

const TODAY: Date = date(2026, 3, 6);
const TOMORROW: Date = date(2026, 3, 7);

fn setup() -> (Sandbox, Otf) {
    let sandbox = sandbox_at(NOW);
    let otf = client_of(&sandbox, &PAT);
    (sandbox, otf)
}

fn path(otf: &Otf) -> String {
    format!("/member/members/{}/bookings", otf.member_uuid())
}

fn at(sandbox: &Sandbox, otf: &Otf, day: Date, hour: i8) -> OtfClass {
    let from = time(hour, 0, 0, 0);
    class(sandbox, otf, &ClassQuery::new().on(day).after(from).before(time(hour, 59, 0, 0)), |_| true)
}

#[test]
fn default_list_is_future_bookings_without_canceled_ones() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let bookings = legacy.list(&LegacyBookingQuery::new()).unwrap();
    assert_eq!(seen(&sandbox), [format!("GET {}", path(&otf))]);
    let newer = otf.bookings().list(&BookingQuery::new()).unwrap();
    assert!(bookings.iter().all(|booking| booking.class_uuid().is_some()));
    let starts: Vec<_> = bookings.iter().map(|item| item.start().local).collect();
    assert_eq!(starts, newer.iter().map(|booking| booking.start().local).collect::<Vec<_>>());
    assert!(bookings.rejected().is_empty());

    let with_canceled = legacy.list(&LegacyBookingQuery::new().canceled()).unwrap();
    assert_eq!(with_canceled.len(), bookings.len() + 2);
    let canceled = legacy.list(&LegacyBookingQuery::new().status(BookingStatus::Canceled)).unwrap();
    assert_eq!(canceled.len(), 2, "asking for the status is enough");
    let query = LegacyBookingQuery::new().status(BookingStatus::Booked).status(BookingStatus::Waitlisted);
    seen(&sandbox);
    assert_eq!(legacy.list(&query).unwrap().len(), bookings.len());
    assert_eq!(sandbox.requests()[0].query("statuses"), Some("Booked,Waitlisted"));
    let unknown = LegacyBookingQuery::new().status(BookingStatus::Other("Asleep".to_owned()));
    assert!(legacy.list(&unknown).unwrap().is_empty());
}

#[test]
fn date_range_includes_the_last_day() {
    let (sandbox, otf) = setup();
    let day = TODAY + 5.days();
    let on = otf.bookings().legacy().list(&LegacyBookingQuery::new().from(day).until(day)).unwrap();
    assert_eq!(on.len(), 1);
    let request = &sandbox.requests()[0];
    assert_eq!(
        (request.query("startDate"), request.query("endDate")),
        (Some("2026-03-11"), Some("2026-03-11"))
    );
}

#[test]
fn checked_in_bookings_need_a_date_range() {
    let sandbox = sandbox_at(NOW);
    let otf = client_of(&sandbox, &NOA);
    let legacy = otf.bookings().legacy();
    let checked_in = || LegacyBookingQuery::new().status(BookingStatus::CheckedIn);
    assert_invalid(&sandbox, legacy.list(&checked_in()), "from");
    assert_invalid(&sandbox, legacy.list(&checked_in().from(TODAY)), "until");
    assert_invalid(&sandbox, legacy.list(&LegacyBookingQuery::new().checked_in()), "from");
    let query = LegacyBookingQuery::new().from(TOMORROW).until(TOMORROW);
    let running = legacy.list(&query.clone().status(BookingStatus::CheckedIn)).unwrap();
    assert_eq!(
        running.iter().map(|booking| &booking.status).collect::<Vec<_>>(),
        [&BookingStatus::CheckedIn]
    );
    assert!(legacy.list(&query).unwrap().is_empty());
    assert_eq!(legacy.list(&query.checked_in()).unwrap(), running);
    assert!(running[0].start().has_passed(sandbox.now()));
}

#[test]
fn full_studios_are_requested_on_demand() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy().with_studios();
    let bookings = legacy.list(&LegacyBookingQuery::new()).unwrap();
    let mut requests = seen(&sandbox);
    assert_eq!(requests.remove(0), format!("GET {}", path(&otf)));
    assert_eq!(requests.len(), 2, "one per studio: {requests:?}");
    let is_full = |booking: &LegacyBooking| {
        let studio = booking.otf_class.studio.as_ref().unwrap();
        studio == &otf.studios().detail(studio).unwrap()
    };
    assert!(bookings.iter().all(is_full));
    assert!(legacy.history().unwrap().iter().all(is_full));
    assert!(is_full(&legacy.for_class(&bookings[0]).unwrap()) && is_full(&legacy.get(&bookings[0]).unwrap()));
    assert!(is_full(&legacy.book(at(&sandbox, &otf, TOMORROW, 5)).unwrap()));
    assert!(!is_full(&otf.bookings().legacy().for_class(&bookings[0]).unwrap()), "only on request");
}

#[test]
fn bookings_arrive_without_studios_that_fail() {
    for status in [403, 404, 500] {
        let (sandbox, otf) = setup();
        let legacy = otf.bookings().legacy().with_studios();
        let plain = otf.bookings().legacy().history().unwrap();
        sandbox.set_outage(Outage::Studios, status);
        let bookings = legacy.history().unwrap();
        assert_eq!(*bookings, *plain);
        let studios: HashSet<_> = plain.iter().filter_map(|booking| booking.studio_uuid()).collect();
        assert_eq!(bookings.rejected().len(), studios.len(), "once per studio");
        for note in bookings.rejected() {
            assert_eq!((note.path.as_str(), note.item_kept), ("class.studio", true));
            assert_eq!(Some(&note.raw), bookings[note.index].studio_uuid().map(|id| json!(id)).as_ref());
        }
        let (booking, lines) = capture(|| legacy.for_class(&bookings[0]).unwrap());
        assert_eq!(booking.class_uuid(), bookings[0].class_uuid());
        assert!(lines.iter().any(|line| line.contains("studio")), "{lines:?}");
        legacy.book(at(&sandbox, &otf, TOMORROW, 5)).unwrap();
    }
}

#[test]
fn booking_is_found_by_id_and_by_class() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let first = legacy.list(&LegacyBookingQuery::new()).unwrap()[0].clone();
    let got = legacy.get(&first.booking_uuid).unwrap();
    assert_eq!(got.booking_uuid, first.booking_uuid);
    assert!(legacy.get(BookingUuid::new("unknown")).unwrap_err().is_not_found());
    sandbox.clear_requests();
    let class = first.class(&otf).unwrap();
    assert_eq!(seen(&sandbox), ["GET /v1/classes"]);
    assert_eq!(class.class_uuid.as_ref(), first.class_uuid());
}

#[test]
fn for_class_prefers_the_live_booking() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let day = TODAY + 10.days();
    let both = legacy.list(&LegacyBookingQuery::new().from(day).until(day).canceled()).unwrap();
    let [one, other] = &both[..] else { panic!("{both:?}") };
    assert_eq!(one.class_uuid(), other.class_uuid());
    assert_ne!(one.is_canceled(), other.is_canceled());
    sandbox.clear_requests();
    // Were the canceled one changed later, it would still be the live one that counts.
    let later = |json: &mut Value| {
        for item in json["data"].as_array_mut().unwrap() {
            let year = if item["status"] == "Cancelled" { 2030 } else { 2020 };
            item["updatedDate"] = json!(format!("{year}-01-01T00:00:00.000Z"));
        }
    };
    sandbox.fault(Fault::edit(later).on("GET", &path(&otf)).times(2));
    assert!(!legacy.for_class(one).unwrap().is_canceled());
    assert!(!legacy.for_class(one.class_uuid().cloned()).unwrap().is_canceled());
    let days: Vec<_> =
        sandbox.requests().iter().map(|request| request.query("startDate").map(str::to_owned)).collect();
    assert_eq!(days, [Some("2026-03-16".to_owned()), Some("2026-01-18".to_owned())]);

    let uuid = one.class_uuid().unwrap().clone();
    assert!(legacy.for_class(ClassUuid::new("unknown")).unwrap_err().is_not_found());
    let spoil = |json: &mut Value| {
        json["data"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|item| item["class"]["startDateTime"] = json!(true));
    };
    sandbox.fault(Fault::edit(spoil).on("GET", &path(&otf)));
    assert!(matches!(legacy.for_class(uuid), Err(Error::Decode { .. })), "it is not as if there were none");
}

#[test]
fn canceled_booking_does_not_hide_an_unreadable_one() {
    let (sandbox, otf) = setup();
    let spoil = |json: &mut Value| {
        for item in json["data"].as_array_mut().unwrap() {
            if item["status"] != "Cancelled" {
                item["class"]["startDateTime"] = json!({});
            }
        }
    };
    let legacy = otf.bookings().legacy();
    let day = TODAY + 10.days();
    let both = legacy.list(&LegacyBookingQuery::new().from(day).until(day).canceled()).unwrap();
    sandbox.fault(Fault::edit(spoil).on("GET", &path(&otf)));
    let found = legacy.for_class(&both[0]);
    assert!(matches!(found, Err(Error::Decode { .. })), "{found:?}");
}

#[test]
fn booking_takes_one_lookup_and_one_request() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let class = at(&sandbox, &otf, TOMORROW, 5);
    let booking = legacy.book(&class).unwrap();
    let (look, put) = (format!("GET {}", path(&otf)), format!("PUT {}", path(&otf)));
    let body = sandbox.requests()[1].json();
    assert_eq!(body, json!({ "classUUId": class.class_uuid, "confirmed": false, "waitlist": false }));
    assert_eq!(seen(&sandbox), [look.clone(), put.clone()]);
    assert_eq!((booking.class_uuid(), &booking.status), (class.class_uuid.as_ref(), &BookingStatus::Booked));

    assert!(matches!(legacy.book(&class), Err(Error::AlreadyBooked { .. })));
    assert!(matches!(legacy.book(class.class_uuid.clone()), Err(Error::AlreadyBooked { .. })));
    assert_eq!(seen(&sandbox), [look.clone(), look.clone()], "it is known before it is sent");

    // A list that lags: the service knows better.
    let empty = |json: &mut Value| json["data"] = json!([]);
    sandbox.fault(Fault::edit(empty).on("GET", &path(&otf)));
    assert!(matches!(legacy.book(&class), Err(Error::AlreadyBooked { .. })));
    seen(&sandbox);

    booking.cancel(&otf).unwrap();
    let request = &sandbox.requests()[0];
    assert_eq!((request.method.as_str(), request.query("confirmed")), ("DELETE", Some("true")));
    assert!(matches!(booking.cancel(&otf), Err(Error::BookingAlreadyCanceled { .. })));
    assert!(legacy.get(&booking).unwrap().is_canceled());
    assert_ne!(
        legacy.book(&class).unwrap().booking_uuid,
        booking.booking_uuid,
        "canceled ones block nothing"
    );
}

#[test]
fn overlapping_booking_is_an_error() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let quarter_to_ten = at(&sandbox, &otf, TOMORROW, 9);
    let ten = at(&sandbox, &otf, TOMORROW, 10);
    let first = legacy.book(&quarter_to_ten).unwrap();
    sandbox.clear_requests();
    let error = legacy.book(&ten).unwrap_err();
    let Error::ConflictingBooking { booking_id, message, .. } = &error else { panic!("{error:?}") };
    assert_eq!(booking_id.as_deref(), Some(first.booking_uuid.as_str()));
    assert!(message.as_ref().unwrap().contains("09:45"), "{message:?}");
    assert_eq!(seen(&sandbox), [format!("GET {}", path(&otf))]);
    first.cancel(&otf).unwrap();
    legacy.book(&ten).unwrap();
    // A class may begin the day before, and elsewhere it may be another day already.
    let looked = sandbox.requests();
    let look = looked.iter().rfind(|request| request.method == "GET").unwrap();
    assert_eq!((look.query("startDate"), look.query("endDate")), (Some("2026-03-06"), Some("2026-03-08")));

    // 16:30 to 18:00, and 18:00 to 19:00.
    let afternoon = at(&sandbox, &otf, TOMORROW, 16);
    let evening = at(&sandbox, &otf, TOMORROW, 18);
    assert_eq!(afternoon.end.local, evening.start.local);
    legacy.book(&afternoon).unwrap();
    legacy.book(&evening).unwrap();
}

#[test]
fn late_cancellation_blocks_nothing() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    // Within eight hours: too late to cancel for nothing.
    let query = ClassQuery::new().on(TODAY).after(time(13, 0, 0, 0)).available();
    let evening = class(&sandbox, &otf, &query, |_| true);
    let booking = legacy.book(&evening).unwrap();
    booking.cancel(&otf).unwrap();
    let canceled = legacy.get(&booking).unwrap();
    assert_eq!(canceled.status, BookingStatus::LateCanceled);
    let listed = legacy.list(&LegacyBookingQuery::new()).unwrap();
    assert!(listed.iter().any(|listed| listed.booking_uuid == booking.booking_uuid), "it costs, so it shows");
    let again = legacy.book(&evening).unwrap();
    assert_eq!(again.status, BookingStatus::Booked);
    assert_eq!(legacy.for_class(&evening).unwrap().booking_uuid, again.booking_uuid);
}

#[test]
fn response_with_only_an_id_is_followed() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let class = at(&sandbox, &otf, TOMORROW, 5);
    let thin = |json: &mut Value| {
        let saved = &mut json["data"]["savedBookings"][0];
        *saved = json!({ "classBookingUUId": saved["classBookingUUId"] });
    };
    sandbox.fault(Fault::edit(thin).on("PUT", &path(&otf)).times(2));
    let booking = legacy.book(&class).unwrap();
    assert_eq!(booking.class_uuid(), class.class_uuid.as_ref());
    let by_id = format!("GET {}/{}", path(&otf), booking.booking_uuid);
    assert_eq!(seen(&sandbox)[1..], [format!("PUT {}", path(&otf)), by_id]);

    // The class is booked even where that look fails.
    booking.cancel(&otf).unwrap();
    sandbox.fault(Fault::status(403).on("GET", &format!("{}/*", path(&otf))));
    let error = legacy.book(&class).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert!(!legacy.for_class(&class).unwrap().is_canceled());

    // Nor is it a failure where the response says nothing.
    legacy.for_class(&class).unwrap().cancel(&otf).unwrap();
    let none = |json: &mut Value| json["data"]["savedBookings"] = json!([]);
    sandbox.fault(Fault::edit(none).on("PUT", &path(&otf)));
    assert!(matches!(legacy.book(&class), Err(Error::OutcomeUnknown { .. })));
    assert!(!legacy.for_class(&class).unwrap().is_canceled());
}

#[test]
fn full_class_offers_its_waitlist() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let full = at(&sandbox, &otf, TOMORROW, 7);
    assert_eq!(full.full, Some(true));
    let error = legacy.book(&full).unwrap_err();
    assert!(matches!(error, Error::ClassFull { waitlist_available: Some(true) | None, .. }), "{error:?}");
    sandbox.fault(Fault::status(400).body(r#"{"data": {"errorCode": "999"}}"#).on("PUT", &path(&otf)));
    let error = legacy.book(&full).unwrap_err();
    assert!(matches!(error, Error::ClassFull { waitlist_available: Some(true) | None, .. }), "{error:?}");
    let waiting = legacy.book_waitlist(&full).unwrap();
    assert!(waiting.is_waitlisted());
}

#[test]
fn class_too_far_ahead_is_outside_the_window() {
    let (sandbox, otf) = setup();
    let all = otf.bookings().classes(&ClassQuery::new().not_yet_bookable()).unwrap();
    let uuid = all.last().unwrap().class_uuid.clone();
    let error = otf.bookings().legacy().book(uuid).unwrap_err();
    assert!(matches!(error, Error::OutsideSchedulingWindow { .. }), "{error:?}");
    sandbox.assert_no_unknown_routes();
}

#[test]
fn history_covers_the_last_weeks() {
    let (sandbox, otf) = setup();
    let history = otf.bookings().legacy().history().unwrap();
    assert_eq!(seen(&sandbox).len(), 1);
    assert!(!history.is_empty() && history.rejected().is_empty());
    assert!(history.is_sorted_by_key(|item| item.start().local));
    for booking in &history {
        assert!(BookingStatus::HISTORICAL.contains(&booking.status), "{booking}");
        let day = booking.start().local.date();
        assert!(TODAY - 47.days() <= day && day <= TODAY, "{booking}");
    }
    assert!(client_of(&sandbox, &NEW).bookings().legacy().history().unwrap().is_empty());
    let noa = client_of(&sandbox, &NOA).bookings().legacy().history().unwrap();
    assert_eq!(noa.last().unwrap().start().local.date(), TOMORROW, "it is tomorrow already in Auckland");
}

#[test]
fn invalid_input_is_refused_before_any_request() {
    let (sandbox, otf) = setup();
    let legacy = otf.bookings().legacy();
    let mut class = at(&sandbox, &otf, TOMORROW, 5);
    class.class_uuid = None;
    assert_invalid(&sandbox, legacy.book(&class), "class");
    assert_invalid(&sandbox, legacy.book_waitlist(ClassUuid::new("")), "class");
    assert_invalid(&sandbox, legacy.for_class(&class), "class");
    assert_invalid(&sandbox, legacy.get(BookingUuid::new("")), "booking");
    assert_invalid(&sandbox, legacy.cancel(BookingUuid::new("")), "booking");
    assert_invalid(&sandbox, legacy.list(&LegacyBookingQuery::new().from(TOMORROW).until(TODAY)), "until");
}
