//! The schedule: which classes are listed, and at what cost.

use otf_api::jiff::ToSpan;
use otf_api::jiff::civil::{Weekday, time};
use otf_api::models::{Booking, OtfClass};
use otf_api::sandbox::{Fault, NOA};
use otf_api::{BookingQuery, ClassFilter, ClassId, ClassQuery, ClassType, Otf, StudioUuid};
use serde_json::{Value, json};

use super::bookings::{CLASSES, LIST, NOW, TODAY, TOMORROW, edit_list, pat};
use super::support::{advance_to, builder, client_of, sandbox_at, seen};

#[test]
fn class_list_is_one_request_if_the_id_token_names_the_home_studio() {
    let (sandbox, otf) = pat();
    let classes = otf.bookings().classes(&ClassQuery::new()).unwrap();
    assert_eq!(seen(&sandbox), [CLASSES]);
    assert!(classes.len() > 200, "{}", classes.len());
    assert!(classes.rejected().is_empty());
    assert!(classes.is_sorted_by_key(|class| (class.start.local, class.name.clone())));
    for class in &classes {
        assert_ne!(class.is_canceled, Some(true));
        assert_eq!((class.is_home_studio, class.is_booked), (Some(true), None));
        assert_eq!(class.studio_detail, None);
        assert_eq!(class.start.zone.as_deref(), Some("America/Chicago"));
    }
    otf.bookings().classes(&ClassQuery::new()).unwrap();
    assert_eq!(seen(&sandbox), [CLASSES]);
    let all = otf.bookings().classes(&ClassQuery::new().canceled()).unwrap();
    assert!(all.len() > classes.len());
}

#[test]
fn classes_beyond_the_booking_window_are_left_out() {
    let (sandbox, otf) = pat();
    let last =
        |otf: &Otf| otf.bookings().classes(&ClassQuery::new()).unwrap().last().unwrap().start.local.date();
    assert_eq!(last(&otf), TODAY + 29.days());
    let noa = client_of(&sandbox, &NOA);
    assert_eq!(last(&noa), TOMORROW + 29.days(), "it is a day later in Auckland");
    let all = otf.bookings().classes(&ClassQuery::new().not_yet_bookable()).unwrap();
    let (bookable, others): (Vec<_>, Vec<_>) =
        all.iter().partition(|class| class.start.local.date() <= TODAY + 29.days());
    assert_eq!(bookable, otf.bookings().classes(&ClassQuery::new()).unwrap().iter().collect::<Vec<_>>());
    assert!(!others.is_empty());
    advance_to(&sandbox, "2026-03-07T05:30:00Z");
    assert_eq!(last(&otf), TODAY + 29.days(), "23:30 in Chicago, where UTC has the next day");
}

#[test]
fn more_than_fifty_studios_take_several_requests() {
    let (sandbox, otf) = pat();
    let home = otf.home_studio_uuid().unwrap();
    seen(&sandbox);
    let numbers = (0..60).map(|number| StudioUuid::new(format!("studio-{}", number % 55)));
    let query = numbers.fold(ClassQuery::new().home_studio(), ClassQuery::studio);
    let classes = otf.bookings().classes(&query).unwrap();
    assert!(classes.iter().all(|class| class.studio_uuid() == Some(&home)) && !classes.is_empty());
    let asked: Vec<usize> = sandbox.requests().iter().map(|request| request.query.len()).collect();
    assert_eq!(asked, [50, 6], "each studio once");
    let first = &sandbox.requests()[0].query[0];
    assert_eq!((first.0.as_str(), first.1.as_str()), ("studio_ids", "studio-0"));
}

#[test]
fn rejected_indices_continue_across_requests() {
    let (sandbox, otf) = pat();
    let numbers = (0..60).map(|number| StudioUuid::new(format!("studio-{number}")));
    let query = numbers.fold(ClassQuery::new(), ClassQuery::studio);
    let list = json!([7, { "starts_at_local": "2026-03-07T10:00:00" }, 8]);
    let edit = move |json: &mut Value| json["items"] = list.clone();
    sandbox.fault(Fault::edit(edit).on("GET", "/v1/classes").always());
    let classes = otf.bookings().classes(&query).unwrap();
    let places: Vec<usize> = classes.rejected().iter().map(|rejected| rejected.index).collect();
    assert_eq!((classes.len(), places), (2, vec![0, 2, 3, 5]));
}

#[test]
fn filters_combine_with_and_and_their_values_with_or() {
    let (sandbox, otf) = pat();
    let find = |query: ClassQuery| otf.bookings().classes(&query).unwrap().into_vec();
    let all = find(ClassQuery::new());
    let expect = |query: ClassQuery, suits: &dyn Fn(&OtfClass) -> bool| {
        let expected: Vec<&OtfClass> = all.iter().filter(|class| suits(class)).collect();
        let found = find(query);
        assert!(!found.is_empty() && found.len() < all.len());
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    };
    expect(ClassQuery::new().weekday(Weekday::Saturday).weekday(Weekday::Sunday), &|class| {
        matches!(class.start.weekday(), Weekday::Saturday | Weekday::Sunday)
    });
    expect(ClassQuery::new().class_type(ClassType::Tread50).weekday(Weekday::Monday), &|class| {
        class.class_type == ClassType::Tread50 && class.start.weekday() == Weekday::Monday
    });
    expect(ClassQuery::new().from(TOMORROW).until(TOMORROW + 1.day()), &|class| {
        [TOMORROW, TOMORROW + 1.day()].contains(&class.start.local.date())
    });
    expect(ClassQuery::new().on(TOMORROW), &|class| class.start.local.date() == TOMORROW);
    expect(ClassQuery::new().start_time(time(5, 0, 0, 0)), &|class| class.start.local.hour() == 5);
    expect(ClassQuery::new().after(time(7, 15, 0, 0)).before(time(9, 45, 0, 0)), &|class| {
        class.start.local.hour() == 7
    });
    expect(ClassQuery::new().coach(" wren ").coach("Harper"), &|class| {
        matches!(class.coach_name(), Some("Wren" | "Harper"))
    });
    expect(ClassQuery::new().available(), &OtfClass::has_availability);
    let early = ClassFilter::new().before(time(6, 0, 0, 0));
    let tread = ClassFilter::new().class_type(ClassType::Tread50).weekday(Weekday::Friday);
    expect(ClassQuery::new().filter(early).filter(tread).available(), &|class| {
        let tread = class.class_type == ClassType::Tread50 && class.start.weekday() == Weekday::Friday;
        class.has_availability() && (class.start.local.hour() < 6 || tread)
    });
    let elsewhere = ClassFilter::new().studio("another");
    assert!(find(ClassQuery::new().filter(elsewhere)).is_empty());
    sandbox.assert_no_unknown_routes();
}

#[test]
fn full_class_details_are_requested_only_on_demand() {
    let (sandbox, otf) = pat();
    let waitlisted = |booking: &&Booking| booking.is_waitlisted();
    let bookings = otf.bookings().list(&BookingQuery::new()).unwrap();
    let waiting = bookings.iter().find(waitlisted).unwrap().class_id().clone();
    let west = bookings.iter().find(|booking| booking.cross_regional == Some(true)).unwrap();
    let home = otf.home_studio_uuid().unwrap();
    let query = ClassQuery::new().studio(&home).studio(west.studio_uuid().unwrap());
    seen(&sandbox);
    let classes = otf.bookings().classes(&query.with_studios().with_booked()).unwrap();
    let detail = |studio: &StudioUuid| format!("GET /mobile/v1/studios/{studio}");
    let mut details = [detail(&home), detail(west.studio_uuid().unwrap())];
    let mut requests = seen(&sandbox);
    requests[1..3].sort();
    details.sort();
    assert_eq!(requests, [CLASSES, &details[0], &details[1], LIST]);
    assert!(
        classes
            .iter()
            .all(|class| class.studio_detail.as_ref().unwrap().name.as_deref() == class.studio_name())
    );
    let booked: Vec<&ClassId> = classes
        .iter()
        .filter(|class| class.is_booked == Some(true))
        .flat_map(|class| &class.class_id)
        .collect();
    let spots = bookings.iter().filter(|booking| !booking.is_waitlisted());
    assert_eq!(booked, spots.map(Booking::class_id).collect::<Vec<_>>());
    assert!(!booked.contains(&&waiting), "a spot on a waitlist is no booking");
    let home_is_marked = |class: &OtfClass| class.is_home_studio == Some(class.studio_uuid() == Some(&home));
    assert!(classes.iter().all(home_is_marked));
}

#[test]
fn invalid_studio_id_does_not_affect_other_studios() {
    let (sandbox, otf) = pat();
    sandbox
        .fault(Fault::edit(|json| json["items"][0]["studio"]["id"] = json!("..")).on("GET", "/v1/classes"));
    let classes = otf.bookings().classes(&ClassQuery::new().with_studios()).unwrap();
    let (without, with): (Vec<_>, Vec<_>) = classes.iter().partition(|class| class.studio_detail.is_none());
    assert_eq!(without.len(), 1);
    assert!(with.len() > 100);
    let [note] = classes.rejected() else { panic!("{:?}", classes.rejected()) };
    assert_eq!(
        (note.path.as_str(), note.reason.as_str(), note.item_kept),
        ("studio_detail", "not a valid id", true)
    );
}

#[test]
fn unreadable_booking_leaves_is_booked_unknown() {
    let (sandbox, otf) = pat();
    edit_list(&sandbox, |items| items[0]["class"]["id"] = json!({}));
    let classes = otf.bookings().classes(&ClassQuery::new().with_booked()).unwrap();
    assert!(classes.iter().any(|class| class.is_booked == Some(true)));
    assert!(!classes.iter().any(|class| class.is_booked == Some(false)));
}

#[test]
fn class_with_an_impossible_year_leaves_bookings_known() {
    for local in ["0000-01-01T10:00:00", "-000044-03-15T10:00:00"] {
        let (sandbox, otf) = pat();
        let edit = move |json: &mut Value| json["items"][0]["starts_at_local"] = json!(local);
        sandbox.fault(Fault::edit(edit).on("GET", "/v1/classes"));
        let classes = otf.bookings().classes(&ClassQuery::new().with_booked()).unwrap();
        assert!(classes.first().unwrap().start.local.year() <= 0);
        assert!(classes.iter().any(|class| class.is_booked == Some(true)));
        let asked = sandbox.requests().last().unwrap().query("starts_after").map(str::to_owned);
        assert_eq!(asked.as_deref(), Some("1970-01-01T00:00:00Z"));
    }
}

#[test]
fn classes_arrive_without_details_that_fail() {
    for status in [403, 404, 500] {
        let (sandbox, otf) = pat();
        let bookings = otf.bookings().list(&BookingQuery::new()).unwrap();
        let west = bookings.iter().find(|booking| booking.cross_regional == Some(true)).unwrap();
        let west = west.studio_uuid().unwrap();
        let query = ClassQuery::new().studio(west).home_studio().with_studios().with_booked();
        sandbox.fault(Fault::status(status).on("GET", &format!("/mobile/v1/studios/{west}")).always());
        sandbox.fault(Fault::status(status).on("GET", "/v1/bookings/me").always());
        let classes = otf.bookings().classes(&query).unwrap();
        let is_west = |class: &OtfClass| class.studio_uuid() == Some(west);
        assert!(classes.iter().all(|class| class.studio_detail.is_none() == is_west(class)));
        assert!(classes.iter().all(|class| class.is_booked.is_none()));
        let notes: Vec<_> =
            classes.rejected().iter().map(|note| (note.index, note.path.as_str(), &note.raw)).collect();
        let first = classes.iter().position(is_west).unwrap();
        assert_eq!(notes, [(first, "studio_detail", &json!(west)), (0, "is_booked", &json!(""))]);
        assert!(!classes.has_lost_items());
    }
}

#[test]
fn classes_are_listed_one_date_further_ahead_than_booking_is_known_to_open() {
    let sandbox = sandbox_at(NOW);
    for days in [3, 27, 28] {
        let otf = builder(&sandbox).booking_days(days).login().unwrap();
        let classes = otf.bookings().classes(&ClassQuery::new()).unwrap();
        assert_eq!(classes.last().unwrap().start.date(), TODAY + i64::from(days + 1).days());
    }
}

#[test]
fn class_filters_name_the_types_of_the_classes() {
    let (sandbox, otf) = pat();
    let filters = otf.bookings().class_filters().unwrap();
    assert_eq!(seen(&sandbox), ["GET /v1/classes/filters"]);
    assert_eq!(filters.rejected(), []);
    let types = filters.iter().find(|filter| filter.is_class_type()).unwrap();
    assert_eq!((types.to_string().as_str(), types.name.as_deref()), ("Class Type", Some("class_type")));
    let tread = types.values.iter().find(|value| value.to_string() == "Tread 50").unwrap();
    assert_eq!(tread.class_type(), Some(ClassType::Tread50));
    assert!(tread.icon_url.as_ref().unwrap().starts_with("https://"));
    let classes = otf.bookings().classes(&ClassQuery::new()).unwrap();
    let offered: Vec<_> = types.values.iter().filter_map(|value| value.class_type()).collect();
    assert!(classes.iter().all(|class| offered.contains(&class.class_type)));

    let other_name = |json: &mut Value| {
        let filter = json["items"][0].as_object_mut().unwrap();
        let field = filter.remove("class_field_type").unwrap();
        filter.insert("class_field_name".to_owned(), field);
        filter["values"][0] = json!(7);
    };
    sandbox.fault(Fault::edit(other_name).on("GET", "/v1/classes/filters"));
    let filters = otf.bookings().class_filters().unwrap();
    assert!(filters[0].is_class_type());
    assert_eq!((filters[0].values.len(), filters[0].values.rejected().len()), (4, 1));
}
