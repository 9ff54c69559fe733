//! The newer booking endpoints, against the rules of the service.
//!
//! It is Friday, 6 March 2026: noon in Chicago, and the next morning in Auckland.

use otf_api::jiff::civil::{Date, Weekday, date, time};
use otf_api::jiff::{Timestamp, ToSpan};
use otf_api::models::{Booking, BookingStatus, OtfClass};
use otf_api::sandbox::{Fault, NEW, NOA, PAT, Sandbox};
use otf_api::{
    BookingId, BookingQuery, ClassFilter, ClassId, ClassQuery, ClassType, Error, Feedback, Otf, Score,
};
use serde_json::{Value, json};

use super::support::{advance_to, assert_invalid, client_of, sandbox_at, seen};

pub(crate) const NOW: &str = "2026-03-06T18:02:03Z";
pub(crate) const TODAY: Date = date(2026, 3, 6);
pub(crate) const TOMORROW: Date = date(2026, 3, 7);

pub(crate) const CLASSES: &str = "GET /v1/classes";
pub(crate) const LIST: &str = "GET /v1/bookings/me";
const BOOK: &str = "POST /v1/bookings/me";

pub(crate) fn pat() -> (Sandbox, Otf) {
    let sandbox = sandbox_at(NOW);
    let otf = client_of(&sandbox, &PAT);
    (sandbox, otf)
}

/// The first class of a query that suits; the requests for it are forgotten.
pub(crate) fn class(
    sandbox: &Sandbox,
    otf: &Otf,
    query: &ClassQuery,
    suits: impl Fn(&OtfClass) -> bool,
) -> OtfClass {
    let found = otf.bookings().classes(query).unwrap().into_iter().find(suits).unwrap();
    sandbox.clear_requests();
    found
}

/// Changes the items of the next list of bookings.
pub(crate) fn edit_list(sandbox: &Sandbox, change: impl Fn(&mut Vec<Value>) + Send + Sync + 'static) {
    let edit = move |json: &mut Value| change(json["items"].as_array_mut().unwrap());
    sandbox.fault(Fault::edit(edit).on("GET", "/v1/bookings/me"));
}

#[test]
fn list_rejects_no_item() {
    let (sandbox, otf) = pat();
    let whole = otf.bookings().list(&BookingQuery::new()).unwrap();
    edit_list(&sandbox, |items| {
        items[0]["class"]["studio"]["latitude"] = json!("north");
        items[1]["class"]["starts_at_local"] = json!("soon");
        items[1]["class"]["starts_at"] = json!(null);
    });
    let bookings = otf.bookings().list(&BookingQuery::new()).unwrap();
    assert_eq!(bookings.len(), whole.len() - 1);
    let rejected: Vec<_> =
        bookings.rejected().iter().map(|item| (item.index, item.path.as_str(), item.item_kept)).collect();
    assert_eq!(rejected, [(0, "class.studio.latitude", true), (1, "class.starts_at_local", false)]);
    edit_list(&sandbox, |items| items[0] = json!(7));
    assert_eq!(otf.bookings().by_start(&BookingQuery::new()).unwrap().rejected().len(), 1);
}

#[test]
fn default_query_is_45_days_without_canceled_bookings() {
    let (sandbox, otf) = pat();
    let bookings = otf.bookings().list(&BookingQuery::new()).unwrap();
    assert_eq!(seen(&sandbox), [LIST]);
    assert_eq!(bookings.len(), 5);
    assert!(bookings.is_sorted_by_key(|item| item.start().local));
    assert!(bookings.iter().all(|booking| !booking.is_canceled() && booking.start().local.date() >= TODAY));
    otf.bookings().list(&BookingQuery::new()).unwrap();
    let request = &sandbox.requests()[0];
    assert_eq!(request.query("include_canceled"), Some("false"));
    assert_eq!(request.query("expand"), Some("true"));
}

#[test]
fn query_includes_the_whole_last_day() {
    let (sandbox, otf) = pat();
    let on = |day: Date| otf.bookings().list(&BookingQuery::new().from(day).until(day)).unwrap();
    let booked = on(TODAY + 5.days());
    let [booking] = &booked[..] else { panic!("{booked:?}") };
    assert_eq!(booking.start().local.to_string(), "2026-03-11T16:30:00");
    let ends_before: Timestamp = sandbox.requests()[0].query("ends_before").unwrap().parse().unwrap();
    assert!(ends_before > "2026-03-12T05:00:00Z".parse().unwrap(), "the day's end in Chicago");
    assert!(on(TODAY + 4.days()).is_empty());

    // The late evening of Chicago is the next day in UTC.
    let late = class(&sandbox, &otf, &ClassQuery::new().on(TOMORROW).after(time(19, 0, 0, 0)), |_| true);
    late.book(&otf).unwrap();
    assert_eq!(late.start.utc.unwrap().to_string(), "2026-03-08T01:15:00Z");
    assert_eq!(on(TOMORROW).len(), 1);
    assert!(on(TOMORROW + 1.day()).is_empty());
}

#[test]
fn times_without_zone_are_the_studios() {
    let (_sandbox, otf) = pat();
    let count = |query: BookingQuery| otf.bookings().list(&query).unwrap().len();
    let start = date(2026, 3, 11).at(16, 30, 0, 0);
    let abroad = start.in_tz("America/Chicago").unwrap().in_tz("Asia/Tokyo").unwrap();
    let until = date(2026, 3, 11).at(23, 0, 0, 0);
    assert_eq!(count(BookingQuery::new().from(&abroad).until(until)), 1);
    assert_eq!(count(BookingQuery::new().from(&abroad + 1.second()).until(until)), 0);
    assert_eq!(count(BookingQuery::new().from(start).until(start)), 1);
    assert_eq!(count(BookingQuery::new().from(start + 1.second()).until(until)), 0);
    let day = date(2026, 3, 11);
    assert_eq!(count(BookingQuery::new().from(day).until(&abroad)), 1);
    assert_eq!(count(BookingQuery::new().from(day).until(&abroad - 1.second())), 0);
    // 02:00 UTC on the 12th is still the 11th in Chicago: no end before its start.
    let instant: Timestamp = "2026-03-12T02:00:00Z".parse().unwrap();
    assert_eq!(count(BookingQuery::new().from(instant).until(day)), 0);
}

#[test]
fn today_is_the_studios_day() {
    let (sandbox, otf) = pat();
    let class =
        class(&sandbox, &otf, &ClassQuery::new().on(TOMORROW).start_time(time(16, 30, 0, 0)), |_| true);
    let booking = class.book(&otf).unwrap();
    let listed = |otf: &Otf| {
        let bookings = otf.bookings().list(&BookingQuery::new()).unwrap();
        bookings.iter().any(|listed| listed.booking_id == booking.booking_id)
    };
    // 19:30 in Chicago; in UTC the class was yesterday.
    advance_to(&sandbox, "2026-03-08T01:30:00Z");
    assert!(listed(&otf));
    advance_to(&sandbox, "2026-03-08T06:30:00Z");
    assert!(!listed(&otf), "half past midnight in Chicago");
}

#[test]
fn next_booking_has_not_started() {
    let (sandbox, otf) = pat();
    let first = otf.bookings().next().unwrap().unwrap();
    assert_eq!(seen(&sandbox), [LIST]);
    let bookings = otf.bookings().list(&BookingQuery::new()).unwrap();
    assert_eq!(bookings.first(), Some(&first));
    let sooner = class(&sandbox, &otf, &ClassQuery::new().on(TOMORROW).available(), |_| true);
    let booking = sooner.book(&otf).unwrap();
    assert_eq!(otf.bookings().next().unwrap().as_ref(), Some(&booking));
    // A minute before it starts, and when it does: 11:00 UTC is 05:00 in Chicago.
    advance_to(&sandbox, "2026-03-07T10:59:00Z");
    assert_eq!(otf.bookings().next().unwrap().unwrap().booking_id, booking.booking_id);
    advance_to(&sandbox, "2026-03-07T11:00:01Z");
    assert_eq!(otf.bookings().next().unwrap().unwrap().booking_id, first.booking_id);
    first.cancel(&otf).unwrap();
    assert_ne!(otf.bookings().next().unwrap().unwrap().booking_id, first.booking_id);
    assert_eq!(client_of(&sandbox, &NEW).bookings().next().unwrap(), None);
}

#[test]
fn live_booking_wins_over_canceled_ones() {
    let (sandbox, otf) = pat();
    let day = TODAY + 10.days();
    let query = BookingQuery::new().from(day).until(day).canceled();
    let one = otf.bookings().list(&query).unwrap();
    let [booking] = &one[..] else { panic!("{one:?}") };
    assert_eq!(booking.status(), BookingStatus::Booked);
    let both = otf.bookings().list(&query.clone().duplicates()).unwrap();
    assert_eq!(both.len(), 2);
    assert_eq!(
        otf.bookings().by_start(&query).unwrap()[&booking.start().local],
        std::slice::from_ref(booking)
    );
    let by_start = otf.bookings().by_start(&query).unwrap();
    let json = serde_json::to_value(&by_start).unwrap();
    assert_eq!(json[booking.start().local.to_string()][0]["booking_id"], booking.booking_id.as_str());
    assert!((&by_start).into_iter().map(|(start, _)| *start).eq(by_start.keys().copied()));
    assert_eq!(by_start.into_iter().flat_map(|(_, bookings)| bookings).collect::<Vec<_>>(), *one);

    // Were the canceled one changed later, it would still be the live one that counts.
    let id = booking.booking_id.to_string();
    edit_list(&sandbox, move |items| {
        for item in items.iter_mut() {
            let year = if item["id"] == id.as_str() { 2020 } else { 2030 };
            item["updated_at"] = json!(format!("{year}-01-01T00:00:00.000Z"));
        }
    });
    assert_eq!(otf.bookings().list(&query).unwrap()[0].booking_id, booking.booking_id);
    assert_eq!(otf.bookings().for_class(booking).unwrap().booking_id, booking.booking_id);
}

#[test]
fn latest_live_booking_of_a_class_wins() {
    let (sandbox, otf) = pat();
    let day = TODAY + 5.days();
    let query = BookingQuery::new().from(day).until(day);
    let chosen = |dates: [Value; 3]| {
        edit_list(&sandbox, move |items| {
            items.retain(|item| item["class"]["starts_at_local"].as_str().unwrap().starts_with("2026-03-11"));
            let original = items[0].clone();
            *items = (0..3)
                .map(|number| {
                    let mut item = original.clone();
                    item["id"] = json!(format!("booking-{number}"));
                    item["updated_at"] = dates[number].clone();
                    item
                })
                .collect();
        });
        otf.bookings().list(&query).unwrap()[0].booking_id.to_string()
    };
    let (early, late) = (json!("2026-01-01T00:00:00Z"), json!("2026-02-01T00:00:00Z"));
    assert_eq!(chosen([Value::Null, early.clone(), late.clone()]), "booking-2");
    assert_eq!(chosen([late, early.clone(), Value::Null]), "booking-0");
    assert_eq!(chosen([Value::Null, early, json!("")]), "booking-1");
}

#[test]
fn filters_apply_after_duplicates_are_removed() {
    let (sandbox, otf) = pat();
    let day = TODAY + 5.days();
    edit_list(&sandbox, |items| {
        items.retain(|item| item["class"]["starts_at_local"].as_str().unwrap().starts_with("2026-03-11"));
        let mut before = items[0].clone();
        before["id"] = json!("before-it-changed-its-format");
        before["canceled"] = json!(true);
        before["class"]["type"] = json!("TREAD_50");
        items.push(before);
    });
    let query = BookingQuery::new().from(day).until(day).canceled().class_type(ClassType::Tread50);
    assert!(otf.bookings().list(&query).unwrap().is_empty());
}

#[test]
fn bookings_take_the_filters_of_classes() {
    let (_sandbox, otf) = pat();
    let all = otf.bookings().list(&BookingQuery::new()).unwrap();
    let expect = |query: BookingQuery, suits: &dyn Fn(&Booking) -> bool| {
        let found = otf.bookings().list(&query).unwrap();
        assert!(!found.is_empty() && found.len() < all.len());
        let expected: Vec<&Booking> = all.iter().filter(|booking| suits(booking)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    };
    expect(BookingQuery::new().weekday(Weekday::Wednesday), &|booking| {
        booking.start().weekday() == Weekday::Wednesday
    });
    expect(BookingQuery::new().class_type(ClassType::Orange90), &|booking| {
        booking.otf_class.class_type == ClassType::Orange90
    });
    let west = all.iter().find(|booking| booking.cross_regional == Some(true)).unwrap();
    let studio = west.studio_uuid().unwrap();
    expect(BookingQuery::new().studio(studio.clone()), &|booking| booking.studio_uuid() == Some(studio));
    let coach = west.coach_name().unwrap();
    expect(BookingQuery::new().coach(coach.to_uppercase()), &|booking| booking.coach_name() == Some(coach));
    expect(BookingQuery::new().after(time(12, 0, 0, 0)), &|booking| booking.start().local.hour() >= 12);
    let early = ClassFilter::new().before(time(6, 0, 0, 0)).available();
    expect(BookingQuery::new().filter(early), &|booking| booking.start().local.hour() < 6);
}

#[test]
fn get_finds_bookings_of_any_date() {
    let (sandbox, otf) = pat();
    let everything =
        BookingQuery::new().from(date(2020, 1, 1)).until(date(2027, 1, 1)).canceled().duplicates();
    let all = otf.bookings().list(&everything).unwrap();
    let oldest = all.first().unwrap();
    let canceled = all.iter().find(|booking| booking.is_canceled()).unwrap();
    seen(&sandbox);
    assert_eq!(otf.bookings().get(&oldest.booking_id).unwrap(), *oldest);
    assert_eq!(sandbox.requests()[0].query("include_canceled"), Some("true"));
    seen(&sandbox);
    assert_eq!(otf.bookings().get(canceled).unwrap(), *canceled);
    assert_eq!(seen(&sandbox), [LIST], "its class says where to look");
    assert!(otf.bookings().get(BookingId::new("unknown")).unwrap_err().is_not_found());
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 17, "pieces, and all before them");
    assert_eq!(requests[16].query("starts_after"), Some("1970-01-01T00:00:00Z"));
}

#[test]
fn unreadable_booking_is_not_reported_as_absent() {
    let (sandbox, otf) = pat();
    let booking = otf.bookings().next().unwrap().unwrap();
    let id = booking.booking_id.to_string();
    let spoil = move |items: &mut Vec<Value>| {
        let item = items.iter_mut().find(|item| item["id"] == id.as_str()).unwrap();
        item["class"]["starts_at_local"] = json!({});
        item["class"]["starts_at"] = json!(null);
    };
    edit_list(&sandbox, spoil.clone());
    let error = otf.bookings().for_class(&booking).unwrap_err();
    let Error::Decode { path, reason, .. } = &error else { panic!("{error:?}") };
    assert!(path.starts_with("items[") && reason.starts_with("class.starts_at_local: "), "{error}");
    edit_list(&sandbox, spoil.clone());
    assert!(matches!(otf.bookings().live_for_class(&booking), Err(Error::Decode { .. })));
    edit_list(&sandbox, spoil);
    assert!(matches!(otf.bookings().get(&booking), Err(Error::Decode { .. })));
}

#[test]
fn canceled_booking_does_not_hide_an_unreadable_one() {
    let (sandbox, otf) = pat();
    let booking = otf.bookings().next().unwrap().unwrap();
    let id = booking.booking_id.to_string();
    let spoil = move |items: &mut Vec<Value>| {
        let item = items.iter_mut().find(|item| item["id"] == id.as_str()).unwrap();
        let mut of_before = item.clone();
        item["class"]["starts_at_local"] = json!({});
        item["class"]["starts_at"] = json!(null);
        of_before["id"] = json!("of-before");
        of_before["canceled"] = json!(true);
        items.push(of_before);
    };
    edit_list(&sandbox, spoil.clone());
    let found = otf.bookings().live_for_class(&booking);
    assert!(matches!(found, Err(Error::Decode { .. })), "{found:?}");
    edit_list(&sandbox, spoil);
    let found = otf.bookings().for_class(&booking);
    assert!(matches!(found, Err(Error::Decode { .. })), "{found:?}");
}

#[test]
fn booking_is_returned_although_the_list_lags() {
    let (sandbox, otf) = pat();
    let class = class(&sandbox, &otf, &ClassQuery::new().on(TOMORROW).available(), |_| true);
    let booking = class.book(&otf).unwrap();
    assert_eq!(seen(&sandbox), [BOOK]);
    assert_eq!(
        (Some(booking.class_id()), booking.status()),
        (class.class_id.as_ref(), BookingStatus::Booked)
    );
    let id = booking.booking_id.to_string();
    edit_list(&sandbox, move |items| items.retain(|item| item["id"] != id.as_str()));
    assert_eq!(class.booking(&otf).unwrap(), booking, "looked up again");
    assert_eq!(seen(&sandbox), [LIST, LIST]);
    assert!(matches!(class.book(&otf), Err(Error::AlreadyBooked { .. })));

    class.cancel_booking(&otf).unwrap();
    assert!(matches!(booking.cancel(&otf), Err(Error::BookingAlreadyCanceled { .. })));
    assert!(class.booking(&otf).unwrap().is_canceled());
    let again = class.book(&otf).unwrap();
    assert_ne!(again.booking_id, booking.booking_id, "a canceled booking blocks nothing");
    assert_eq!(class.booking(&otf).unwrap(), again);
    let canceled = otf.bookings().cancel(BookingId::new("unknown")).unwrap_err();
    assert!(canceled.is_not_found());
}

#[test]
fn full_class_is_an_error_and_offers_its_waitlist() {
    let (sandbox, otf) = pat();
    let full = |waitlist: bool| {
        class(&sandbox, &otf, &ClassQuery::new().from(TOMORROW), |class| {
            class.full == Some(true)
                && class.waitlist_available == Some(waitlist)
                && class.waitlist_size != Some(1)
        })
    };
    let (open, closed) = (full(true), full(false));
    let offered = |result: otf_api::Result<Booking>| match result {
        Err(Error::ClassFull { waitlist_available, .. }) => waitlist_available,
        other => panic!("{other:?}"),
    };
    assert_eq!(offered(open.book(&otf)), Some(true));
    assert_eq!(offered(closed.book(&otf)), Some(false));
    assert_eq!(offered(closed.book_waitlist(&otf)), Some(false), "trying it again is no help");
    assert_eq!(
        offered(otf.bookings().book(open.class_id.clone())),
        None,
        "an id says nothing of the waitlist"
    );
    let mut stale = open.clone();
    (stale.full, stale.waitlist_available) = (Some(false), Some(false));
    assert_eq!(offered(stale.book(&otf)), None, "it was not full when it was listed");
    assert!(!open.has_availability());

    // A code that is not known.
    let refuse = |status: u16| {
        sandbox.fault(Fault::status(status).body(r#"{"code": "NO"}"#).on("POST", "/v1/bookings/me"));
    };
    refuse(422);
    assert_eq!(offered(open.book(&otf)), Some(true));
    refuse(422);
    let error = otf.bookings().book(open.class_id.clone()).unwrap_err();
    assert!(matches!(error, Error::Http { status: 422, .. }), "{error:?}");
    seen(&sandbox);

    let waiting = open.book_or_waitlist(&otf).unwrap();
    assert_eq!(seen(&sandbox), [BOOK, BOOK]);
    assert!(waiting.is_waitlisted());
    assert_eq!(waiting.waitlist_position, Some(open.waitlist_size.unwrap() + 1));
    assert_eq!(offered(closed.book_or_waitlist(&otf)), Some(false));
    assert_eq!(seen(&sandbox), [BOOK]);
    let free = class(&sandbox, &otf, &ClassQuery::new().on(TOMORROW).available(), |_| true);
    assert_eq!(free.book_or_waitlist(&otf).unwrap().status(), BookingStatus::Booked);
    assert_eq!(seen(&sandbox), [BOOK]);
}

#[test]
fn class_too_far_ahead_is_outside_the_window() {
    let (sandbox, otf) = pat();
    let all = otf.bookings().classes(&ClassQuery::new().not_yet_bookable()).unwrap();
    let error = all.last().unwrap().book(&otf).unwrap_err();
    assert!(matches!(error, Error::OutsideSchedulingWindow { .. }), "{error:?}");
    sandbox.assert_no_unknown_routes();
}

#[test]
fn class_of_a_booking_is_one_request() {
    let (sandbox, otf) = pat();
    let booking = otf.bookings().next().unwrap().unwrap();
    seen(&sandbox);
    let class = booking.class(&otf).unwrap();
    assert_eq!(seen(&sandbox), [CLASSES]);
    assert_eq!(class.class_id.as_ref(), Some(booking.class_id()));

    // Without its studio, the home studio's list is looked at.
    edit_list(&sandbox, |items| items.iter_mut().for_each(|item| item["class"]["studio"] = Value::Null));
    let bare = otf.bookings().get(&booking).unwrap();
    assert_eq!(bare.class(&otf).unwrap(), class);

    let old = BookingQuery::new().from(date(2026, 1, 1)).until(date(2026, 2, 1));
    let old = otf.bookings().list(&old).unwrap()[0].clone();
    assert!(old.class(&otf).unwrap_err().is_not_found());
}

#[test]
fn invalid_input_is_refused_before_any_request() {
    let (sandbox, otf) = pat();
    let bookings = otf.bookings();
    let booking = bookings.next().unwrap().unwrap();
    let mut class = class(&sandbox, &otf, &ClassQuery::new(), |_| true);
    class.class_id = None;
    seen(&sandbox);
    assert_invalid(&sandbox, bookings.book(ClassId::new("")), "class");
    assert_invalid(&sandbox, class.book(&otf), "class");
    assert_invalid(&sandbox, class.book_or_waitlist(&otf), "class");
    assert_invalid(&sandbox, class.booking(&otf), "class");
    assert_invalid(&sandbox, bookings.get(BookingId::new("")), "booking");
    assert_invalid(&sandbox, bookings.cancel(BookingId::new("..")), "booking");
    assert_invalid(
        &sandbox,
        booking.rate(&otf, Feedback::new().class(Score::Bad).coach(Score::Bad)),
        "class",
    );
    let (early, late) = (TODAY, TOMORROW);
    assert_invalid(&sandbox, bookings.list(&BookingQuery::new().from(late).until(early)), "until");
    let instants = BookingQuery::new().from(sandbox.now()).until(sandbox.now() - 1.second());
    assert_invalid(&sandbox, bookings.list(&instants), "until");
    assert_invalid(&sandbox, bookings.list(&BookingQuery::new().until(early - 3.days())), "until");
    assert_invalid(&sandbox, bookings.list(&BookingQuery::new().from(early + 48.days())), "from");
    assert!(bookings.list(&BookingQuery::new().until(early)).is_ok());
    assert!(bookings.list(&BookingQuery::new().from(early + 45.days())).is_ok());
    seen(&sandbox);
    assert_invalid(&sandbox, bookings.by_start(&BookingQuery::new().from(late).until(early)), "until");
    assert_invalid(&sandbox, bookings.classes(&ClassQuery::new().from(late).until(early)), "until");
    let filter = ClassFilter::new().from(late).until(early);
    assert_invalid(&sandbox, bookings.classes(&ClassQuery::new().filter(filter.clone())), "until");
    assert_invalid(&sandbox, bookings.list(&BookingQuery::new().filter(filter)), "until");
    assert_invalid(&sandbox, bookings.classes(&ClassQuery::new().studio("").home_studio()), "studio");
}

#[test]
fn sparse_and_empty_accounts_are_read_in_full() {
    let sandbox = sandbox_at(NOW);
    let noa = client_of(&sandbox, &NOA);
    let bookings = noa.bookings().list(&BookingQuery::new().canceled()).unwrap();
    assert_eq!((bookings.len(), bookings.rejected().len()), (2, 0));
    let running = bookings.iter().find(|booking| booking.is_checked_in()).unwrap();
    assert_eq!(running.start().local.date(), TOMORROW, "in Auckland");
    assert!(running.start().has_passed(sandbox.now()));
    assert!(!noa.bookings().next().unwrap().unwrap().start().has_passed(sandbox.now()));
    let new = client_of(&sandbox, &NEW);
    assert!(new.bookings().list(&BookingQuery::new().from(date(1990, 1, 1)).canceled()).unwrap().is_empty());
    assert!(new.bookings().by_start(&BookingQuery::new()).unwrap().is_empty());
    sandbox.assert_no_unknown_routes();
}
