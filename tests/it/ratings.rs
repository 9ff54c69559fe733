//! A class is rated once, from its workout.

use otf_api::sandbox::{Fault, PAT, Sandbox};
use otf_api::{Error, WorkoutQuery};

use crate::support::{assert_invalid, client_of, seen};
use crate::workouts::newest;

const RATINGS: &str = "/mobile/v1/members/classes/ratings";

#[test]
fn a_rating_takes_once() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workout = newest(&otf);
    sandbox.clear_requests();
    let rated = workout.rate(&otf, 3, 2).unwrap();
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
    assert!(matches!(rated.rate(&otf, 1, 1), Err(Error::AlreadyRated { .. })));
    assert_eq!(seen(&sandbox), [""; 0]);
    assert!(matches!(workout.rate(&otf, 1, 1), Err(Error::AlreadyRated { .. })), "the service says so");
}

#[test]
fn a_rating_that_took_is_not_failed_by_what_follows() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workout = newest(&otf);
    sandbox.fault(Fault::reset_before().on("GET", "/v1/bookings/me").always());
    let rated = workout.rate(&otf, 0, 1).unwrap();
    assert_eq!((rated.class_rating(), rated.coach_rating().unwrap().value), (None, Some(1)));
    assert_eq!(rated.ratable(), Some(false));
}

#[test]
fn what_can_not_be_rated_is_not_sent() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workouts = otf.workouts().list(&WorkoutQuery::new().lifetime().without_telemetry()).unwrap();
    let ratable = workouts.iter().find(|workout| workout.ratable() == Some(true)).unwrap();
    sandbox.clear_requests();
    assert_invalid(&sandbox, ratable.rate(&otf, 4, 0), "class_rating");
    assert_invalid(&sandbox, ratable.rate(&otf, 0, 255), "coach_rating");
    assert!(matches!(
        workouts[0].rate(&otf, 1, 1),
        Err(Error::NotRatable { .. } | Error::AlreadyRated { .. })
    ));
    assert_eq!(seen(&sandbox), [""; 0]);
}
