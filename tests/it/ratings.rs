//! A class is rated once, from its workout.

use otf_api::jiff::civil::date;
use otf_api::sandbox::{Fault, PAT, Sandbox};
use otf_api::{BookingQuery, ClassUuid, Error, Feedback, PerformanceSummaryId, Score, WorkoutQuery};
use serde_json::json;

use crate::bookings::{TODAY, pat};
use crate::support::{assert_invalid, client_of, seen};
use crate::workouts::newest;

const RATINGS: &str = "/mobile/v1/members/classes/ratings";

#[test]
fn rating_succeeds_once() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workout = newest(&otf);
    sandbox.clear_requests();
    let rated = workout.rate(&otf, Feedback::new().class(Score::Good).coach(Score::Okay)).unwrap();
    let sent = sandbox.requests().into_iter().find(|request| request.path == RATINGS).unwrap().json();
    assert_eq!((&sent["classRating"], &sent["coachRating"]), (&21.into(), &17.into()));
    assert_eq!(sent["classUUId"], workout.class_uuid().unwrap().as_str());
    assert_eq!(seen(&sandbox).len(), 2);
    assert_eq!(rated.class_rating().unwrap().value, Some(3));
    assert_eq!(rated.coach_rating().unwrap().description.as_deref(), Some("Thumbs Up"));
    assert_eq!(rated.ratable(), Some(false));
    assert_eq!((&rated.summary, &rated.telemetry), (&workout.summary, &workout.telemetry));
    assert_eq!(newest(&otf).class_rating(), rated.class_rating());

    sandbox.clear_requests();
    assert!(matches!(
        rated.rate(&otf, Feedback::new().class(Score::Bad).coach(Score::Bad)),
        Err(Error::AlreadyRated { .. })
    ));
    assert_eq!(seen(&sandbox), [""; 0]);
    assert!(
        matches!(
            workout.rate(&otf, Feedback::new().class(Score::Bad).coach(Score::Bad)),
            Err(Error::AlreadyRated { .. })
        ),
        "the service says so"
    );
}

#[test]
fn later_failure_does_not_fail_a_rating() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workout = newest(&otf);
    sandbox.fault(Fault::reset_before().on("GET", "/v1/bookings/me").always());
    let rated = workout.rate(&otf, Feedback::new().coach(Score::Bad)).unwrap();
    assert_eq!((rated.class_rating(), rated.coach_rating().unwrap().value), (None, Some(1)));
    assert_eq!(rated.ratable(), Some(false));
}

#[test]
fn unratable_class_is_not_sent() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workouts = otf.workouts().list(&WorkoutQuery::new().lifetime().without_telemetry()).unwrap();
    sandbox.clear_requests();
    assert!(matches!(
        workouts[0].rate(&otf, Feedback::new().class(Score::Bad).coach(Score::Bad)),
        Err(Error::NotRatable { .. } | Error::AlreadyRated { .. })
    ));
    assert_eq!(seen(&sandbox), [""; 0]);
}

#[test]
fn rating_returns_the_booking_of_a_service_that_still_calls_it_ratable() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.keep_rated_bookings_ratable(true);
    let otf = client_of(&sandbox, &PAT);
    let rated = newest(&otf).rate(&otf, Feedback::new().class(Score::Good)).unwrap();
    assert_eq!(rated.booking, newest(&otf).booking, "as the service sends it, ids of the rating included");
}

#[test]
fn scores_are_one_to_three() {
    for number in 1..=3 {
        assert_eq!(Score::from_number(number).unwrap().number(), number);
    }
    for number in [0, 4, 255] {
        let error = Score::from_number(number).unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "number", .. }), "{error:?}");
    }
}

#[test]
fn rating_is_sent_once_with_the_services_numbers() {
    let (sandbox, otf) = pat();
    let past = BookingQuery::new().from(date(2026, 1, 1)).until(TODAY);
    let bookings = otf.bookings().list(&past).unwrap();
    let mut ratable = bookings.iter().filter(|booking| booking.is_ratable() && booking.workout.is_some());
    let booking = ratable.next().unwrap();
    seen(&sandbox);
    booking.rate(&otf, Feedback::new().class(Score::Good).coach(Score::Bad)).unwrap();
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 1);
    let expected = json!({
        "classUUId": booking.class_uuid(),
        "otBeatClassHistoryUUId": booking.workout.as_ref().unwrap().performance_summary_id,
        "classRating": 21,
        "coachRating": 16,
    });
    assert_eq!(requests[0].json(), expected);
    assert!(matches!(
        booking.rate(&otf, Feedback::new().class(Score::Good).coach(Score::Bad)),
        Err(Error::AlreadyRated { .. })
    ));
    let rated = otf.bookings().get(booking).unwrap();
    assert_eq!(rated.class_rating().unwrap().value, Some(3));
    assert_eq!(rated.coach_rating().unwrap().value, Some(1));

    sandbox.clear_requests();
    ratable.next().unwrap().rate(&otf, Feedback::new().class(Score::Okay)).unwrap();
    let sent = sandbox.requests()[0].json();
    assert_eq!((&sent["classRating"], &sent["coachRating"]), (&json!(20), &json!(0)));
    let rate = |class: &str, summary: &str| {
        let (class, summary) = (ClassUuid::new(class), PerformanceSummaryId::new(summary));
        otf.bookings().rate(class, summary, Feedback::new().class(Score::Bad).coach(Score::Bad))
    };
    assert!(rate("unknown", "unknown").unwrap_err().is_not_found());
    sandbox.clear_requests();
    assert_invalid(&sandbox, rate("", "x"), "class");
    assert_invalid(&sandbox, rate("x", ""), "performance_summary");
}
