//! Rules of bookings: bookings without a booking, cut lists, when booking opens, when canceling is late.
//!
//! It is Friday noon in Chicago, 6 March 2026.

use std::time::Duration;

use otf_api::jiff::civil::{date, time};
use otf_api::jiff::{Timestamp, ToSpan};
use otf_api::models::{Booking, OtfClass};
use otf_api::sandbox::{Fault, PAT};
use otf_api::{
    BookingId, BookingQuery, BookingUuid, ClassId, ClassQuery, ClassUuid, Error, Feedback, Otf,
    PerformanceSummaryId, Score, StudioUuid,
};

use super::bookings::{LIST, NOW, TODAY, TOMORROW, class, pat};
use super::support::{advance_to, assert_invalid, builder, sandbox_at, seen};

fn past(otf: &Otf) -> Vec<Booking> {
    let query = BookingQuery::new().from(date(2020, 1, 1)).until(TODAY).canceled().duplicates();
    otf.bookings().list(&query).unwrap().into_vec()
}

#[test]
fn placeholders_have_workouts_and_cannot_be_canceled_or_rated() {
    let (sandbox, otf) = pat();
    let before = past(&otf).len();
    sandbox.add_comped_bookings(PAT.email, 3);
    let (placeholders, real): (Vec<_>, Vec<_>) = past(&otf).into_iter().partition(Booking::is_placeholder);
    assert_eq!((placeholders.len(), real.len()), (3, before));
    sandbox.clear_requests();
    for booking in &placeholders {
        assert!(booking.workout.is_some() && booking.updated_at.is_none());
        let bookings = otf.bookings();
        assert_invalid(&sandbox, bookings.cancel(booking), "booking");
        assert_invalid(&sandbox, bookings.cancel(&booking.booking_id), "booking");
        assert_invalid(&sandbox, bookings.cancel_in_time(booking), "booking");
        assert_invalid(&sandbox, bookings.cancel_in_time(&booking.booking_id), "booking");
        let feedback = Feedback::new().class(Score::Good);
        assert_invalid(&sandbox, bookings.rate(booking, booking, feedback), "booking");
    }
    let error = otf.bookings().cancel(&placeholders[0]).unwrap_err();
    assert!(error.to_string().contains("somebody else paid"), "{error}");
}

#[test]
fn real_booking_wins_over_a_placeholder_of_the_same_class() {
    let (sandbox, otf) = pat();
    let real = otf.bookings().next().unwrap().unwrap();
    sandbox.add_comped_duplicate(real.class_id().as_str());
    let all = otf.bookings().list(&BookingQuery::new().duplicates()).unwrap();
    assert_eq!(all.iter().filter(|booking| booking.class_id() == real.class_id()).count(), 2);
    assert_eq!(otf.bookings().for_class(real.class_id()).unwrap(), real);
    assert_eq!(otf.bookings().next().unwrap().unwrap(), real);
}

#[test]
fn lookups_find_what_a_cut_list_lacks() {
    let (sandbox, otf) = pat();
    let all = past(&otf);
    let oldest = &all[0];
    sandbox.limit_booking_list(16);
    assert!(past(&otf).len() < all.len());
    assert_eq!(otf.bookings().get(&oldest.booking_id).unwrap(), *oldest);
    assert_eq!(otf.bookings().get(oldest).unwrap(), *oldest);
    assert_eq!(otf.bookings().for_class(oldest.class_id()).unwrap(), *oldest);
    assert_eq!(otf.bookings().live_for_class(oldest.class_id()).unwrap().as_ref(), Some(oldest));
}

#[test]
fn blank_ids_are_refused_before_any_request() {
    let (sandbox, otf) = pat();
    for blank in ["", "  ", "\t", "a\nb", ".."] {
        let bookings = otf.bookings();
        assert_invalid(&sandbox, bookings.book(ClassId::new(blank)), "class");
        assert_invalid(&sandbox, bookings.book_waitlist(ClassId::new(blank)), "class");
        assert_invalid(&sandbox, bookings.book_or_waitlist(ClassId::new(blank)), "class");
        assert_invalid(&sandbox, bookings.for_class(ClassId::new(blank)), "class");
        assert_invalid(&sandbox, bookings.cancel_in_time(BookingId::new(blank)), "booking");
        assert_invalid(&sandbox, bookings.legacy().book(ClassUuid::new(blank)), "class");
        assert_invalid(&sandbox, bookings.legacy().cancel(BookingUuid::new(blank)), "booking");
        assert_invalid(&sandbox, otf.studios().services(StudioUuid::new(blank)), "studio");
        let summary = PerformanceSummaryId::new(blank);
        assert_invalid(&sandbox, otf.workouts().telemetry(&summary, 10), "performance_summary");
        assert_invalid(&sandbox, otf.workouts().performance_summary(summary), "performance_summary");
        assert_invalid(&sandbox, otf.trends().stats(blank, &Default::default()), "trend");
        if blank != ".." {
            assert_invalid(&sandbox, otf.workouts().aspire(Some(blank), None), "datetime");
        }
    }
    let (early, late) = (time(6, 0, 0, 0), time(9, 0, 0, 0));
    let backwards = ClassQuery::new().after(late).before(early);
    assert_invalid(&sandbox, otf.bookings().classes(&backwards), "before");
    assert_invalid(&sandbox, otf.bookings().list(&BookingQuery::new().after(late).before(late)), "before");
}

#[test]
fn one_thing_with_an_empty_response_is_not_found() {
    let (sandbox, otf) = pat();
    let booking = otf.bookings().legacy().history().unwrap()[0].clone();
    let member = format!("/member/members/{}", otf.member_uuid());
    type Call<'a> = (String, Box<dyn Fn() -> otf_api::Result<()> + 'a>);
    let calls: Vec<Call<'_>> = vec![
        (format!("{member}/memberships"), Box::new(|| otf.members().membership().map(drop))),
        (member.clone(), Box::new(|| otf.members().detail().map(drop))),
        (format!("{member}/bookings/*"), Box::new(|| otf.bookings().legacy().get(&booking).map(drop))),
        (
            "/mobile/v1/studios/*".to_owned(),
            Box::new(|| otf.studios().detail(StudioUuid::new("one")).map(drop)),
        ),
        (
            "/v1/performance-summaries/*".to_owned(),
            Box::new(|| otf.workouts().performance_summary(PerformanceSummaryId::new("x")).map(drop)),
        ),
        (
            "/v1/performance/summary".to_owned(),
            Box::new(|| otf.workouts().telemetry(PerformanceSummaryId::new("x"), 10).map(drop)),
        ),
    ];
    for (path, call) in &calls {
        for fault in [Fault::no_content(), Fault::empty()] {
            sandbox.fault(fault.on("GET", path).always());
            let error = call().unwrap_err();
            assert!(error.is_not_found(), "{path}: {error:?}");
            sandbox.clear_faults();
        }
    }
}

#[test]
fn already_booked_names_the_booking_if_the_service_does() {
    for names in [true, false] {
        let (sandbox, otf) = pat();
        sandbox.name_booking_in_refusals(names);
        let booking = otf.bookings().next().unwrap().unwrap();
        let error = otf.bookings().book(booking.class_id()).unwrap_err();
        let Error::AlreadyBooked { booking_id, .. } = error else { panic!("{error:?}") };
        assert_eq!(booking_id, names.then(|| booking.booking_id.to_string()));
    }
}

#[test]
fn overlapping_booking_is_named_if_the_service_does() {
    let (sandbox, otf) = pat();
    sandbox.refuse_overlapping_bookings(true);
    sandbox.name_booking_in_refusals(true);
    let nine = class(&sandbox, &otf, &ClassQuery::new().on(TOMORROW).after(time(9, 0, 0, 0)), |_| true);
    let booking = nine.book(&otf).unwrap();
    let overlaps = |class: &OtfClass| class.class_id != nine.class_id && class.start.local < nine.end.local;
    let other = class(&sandbox, &otf, &ClassQuery::new().on(TOMORROW).after(time(9, 0, 0, 0)), overlaps);
    let error = other.book(&otf).unwrap_err();
    let Error::ConflictingBooking { booking_id, .. } = &error else { panic!("{error:?}") };
    assert!(booking_id.as_ref().is_none_or(|id| *id == booking.booking_id.to_string()), "{error:?}");
}

#[test]
fn booking_opens_at_the_studios_midnight() {
    let (sandbox, otf) = pat();
    let all = otf.bookings().classes(&ClassQuery::new().not_yet_bookable()).unwrap();
    let day = TODAY + 29.days();
    let class = all.iter().find(|class| class.start.date() == day && class.has_availability()).unwrap();
    // Daylight saving time begins in between, on 8 March.
    let opens: Timestamp = "2026-03-07T06:00:00Z".parse().unwrap();
    assert_eq!((class.bookable_from(), otf.bookings().bookable_from(class)), (opens, opens));
    let error = class.book(&otf).unwrap_err();
    let Error::OutsideSchedulingWindow { bookable_from, .. } = error else { panic!("{error:?}") };
    assert_eq!(bookable_from, Some(opens));
    advance_to(&sandbox, "2026-03-07T05:59:00Z");
    assert!(class.book(&otf).is_err());
    advance_to(&sandbox, "2026-03-07T06:00:01Z");
    class.book(&otf).unwrap();

    let sandbox = sandbox_at(NOW);
    sandbox.set_booking_window(29);
    let otf = builder(&sandbox).booking_days(29).login().unwrap();
    assert_eq!(otf.bookings().bookable_from(class), "2026-03-06T06:00:00Z".parse().unwrap());
    class.book(&otf).unwrap();
}

#[test]
fn late_cancellation_is_refused_by_cancel_in_time_before_it_is_sent() {
    let (sandbox, otf) = pat();
    let booking = otf.bookings().next().unwrap().unwrap();
    let start = booking.start().timestamp().unwrap();
    let late_from = start - 8.hours();
    assert_eq!(booking.late_cancel_from(), late_from);
    // From eight hours before the class on, it is late.
    advance_to(&sandbox, &(late_from + 1.second()).to_string());
    seen(&sandbox);
    let error = otf.bookings().cancel_in_time(&booking).unwrap_err();
    let Error::LateCancellation { late_from: since, .. } = &error else { panic!("{error:?}") };
    assert_eq!((*since, seen(&sandbox)), (late_from, Vec::<String>::new()));
    let error = otf.bookings().cancel_in_time(&booking.booking_id).unwrap_err();
    assert!(matches!(error, Error::LateCancellation { .. }), "{error:?}");
    let requests = seen(&sandbox);
    assert!(requests.iter().any(|request| request == LIST), "an id alone is looked up: {requests:?}");
    assert!(!requests.iter().any(|request| request.starts_with("DELETE")), "{requests:?}");

    // It is not late by another studio's policy.
    let lenient = builder(&sandbox).late_cancel_window(Duration::from_secs(60)).login().unwrap();
    let cancellation = lenient.bookings().cancel_in_time(&booking).unwrap();
    assert_eq!(cancellation.late, Some(false));
    assert!(otf.bookings().get(&booking).unwrap().is_canceled());
}

#[test]
fn late_cancellation_is_sent_by_cancel() {
    let (sandbox, otf) = pat();
    let booking = otf.bookings().next().unwrap().unwrap();
    advance_to(&sandbox, &(booking.late_cancel_from() + 1.second()).to_string());
    assert_eq!(otf.bookings().cancel(&booking).unwrap().late, Some(true));
    assert_eq!(otf.bookings().get(&booking).unwrap().late_canceled, Some(true));
}

#[test]
fn any_success_status_of_a_write_is_one() {
    for status in [201, 202, 204] {
        let (sandbox, otf) = pat();
        let booking = otf.bookings().next().unwrap().unwrap();
        let path = format!("/v1/bookings/me/{}", booking.booking_id);
        sandbox.fault(Fault::status(status).body("").on("DELETE", &path).after_handler());
        otf.bookings().cancel(&booking).unwrap();
        assert!(otf.bookings().get(&booking).unwrap().is_canceled(), "{status}");
        let home = otf.home_studio_uuid().unwrap();
        sandbox.fault(Fault::status(status).body("{}").on("DELETE", "/mobile/v1/members/favorite-studios"));
        otf.studios().remove_favorites([home]).unwrap();
    }
}
