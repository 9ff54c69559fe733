//! How many requests each job costs: no surprises.

use std::time::Duration;

use otf_api::auth::Session;
use otf_api::models::{StatsTime, TrendType};
use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{
    BenchmarkQuery, BookingQuery, ClassQuery, FileStore, GeoQuery, LegacyBookingQuery, NotificationUpdate,
    Otf, ServiceScope, StudioUuid, TrendRange, WorkoutQuery,
};

use super::support::{builder, client, sandbox, seen};

/// A job of a client that knows its member and home studio.
type Job = (&'static str, usize, fn(&Otf));

const WARM: [Job; 37] = [
    ("classes", 1, |otf| {
        otf.bookings().classes(&ClassQuery::new()).unwrap();
    }),
    ("classes with bookings", 2, |otf| {
        drop(otf.bookings().classes(&ClassQuery::new().with_booked()).unwrap())
    }),
    ("classes with a studio known", 1, |otf| {
        otf.bookings().classes(&ClassQuery::new().with_studios()).unwrap();
    }),
    ("classes of 120 studios", 3, |otf| {
        let query = (0..120)
            .fold(ClassQuery::new(), |query, number| query.studio(StudioUuid::new(format!("s{number}"))));
        otf.bookings().classes(&query).unwrap();
    }),
    ("bookings", 1, |otf| {
        otf.bookings().list(&BookingQuery::new()).unwrap();
    }),
    ("bookings by start", 1, |otf| {
        otf.bookings().by_start(&BookingQuery::new()).unwrap();
    }),
    ("the next booking", 1, |otf| {
        otf.bookings().next().unwrap();
    }),
    ("a booking by its id", 2, |otf| {
        let booking = otf.bookings().list(&BookingQuery::new()).unwrap().first().unwrap().clone();
        otf.bookings().get(&booking.booking_id).unwrap();
    }),
    ("older bookings", 1, |otf| {
        otf.bookings().legacy().list(&LegacyBookingQuery::new()).unwrap();
    }),
    ("the member again", 0, |otf| {
        otf.member().unwrap();
    }),
    ("the home studio again", 0, |otf| {
        otf.home_studio().unwrap();
    }),
    ("the membership", 1, |otf| {
        otf.members().membership().unwrap();
    }),
    ("purchases", 1, |otf| {
        otf.members().purchases().unwrap();
    }),
    ("services", 1, |otf| {
        otf.members().services(ServiceScope::Active).unwrap();
    }),
    ("email settings", 1, |otf| {
        otf.members().email_notifications().unwrap();
    }),
    ("text message settings", 1, |otf| {
        otf.members().sms_notifications().unwrap();
    }),
    ("changing both email settings", 2, |otf| {
        let update = NotificationUpdate::new().promotional(true).transactional(true);
        otf.members().update_email_notifications(&update).unwrap();
    }),
    ("changing one email setting", 3, |otf| {
        otf.members().update_email_notifications(&NotificationUpdate::new().promotional(true)).unwrap();
    }),
    ("the app's configuration, the first time", 3, |otf| {
        otf.members().app_config().unwrap();
    }),
    ("the app's configuration, again", 1, |otf| {
        otf.members().app_config().unwrap();
    }),
    ("studios nearby", 1, |otf| {
        otf.studios().search(&GeoQuery::around(41.9, -87.6)).unwrap();
    }),
    ("class filters", 1, |otf| {
        otf.bookings().class_filters().unwrap();
    }),
    ("class counters", 1, |otf| {
        otf.members().class_counters().unwrap();
    }),
    ("the older history", 1, |otf| {
        otf.workouts().in_studio_history().unwrap();
    }),
    ("favorite studios", 1, |otf| {
        otf.studios().favorites().unwrap();
    }),
    ("four workouts: two lists, and two requests for each", 10, |otf| {
        assert_eq!(otf.workouts().list(&WorkoutQuery::new()).unwrap().len(), 4);
    }),
    ("the same workouts again", 2, |otf| {
        otf.workouts().list(&WorkoutQuery::new()).unwrap();
    }),
    ("summaries", 1, |otf| {
        otf.workouts().performance_summaries(Some(5)).unwrap();
    }),
    ("heart rates", 1, |otf| {
        otf.workouts().heart_rate_history().unwrap();
    }),
    ("statistics", 1, |otf| {
        otf.workouts().lifetime_stats_in_studio(StatsTime::AllTime).unwrap();
    }),
    ("statistics elsewhere", 1, |otf| {
        otf.workouts().lifetime_stats_out_of_studio(StatsTime::AllTime).unwrap();
    }),
    ("body scans", 1, |otf| {
        otf.workouts().body_composition().unwrap();
    }),
    ("challenges", 1, |otf| {
        otf.workouts().challenge_tracker().unwrap();
    }),
    ("benchmarks", 1, |otf| {
        otf.workouts().benchmarks(&BenchmarkQuery::new()).unwrap();
    }),
    ("workouts elsewhere", 1, |otf| {
        otf.workouts().out_of_studio_history().unwrap();
    }),
    ("a trend", 1, |otf| {
        otf.trends().stats(TrendType::SplatPoints, &TrendRange::new()).unwrap();
    }),
    ("all trends", 1, |otf| {
        otf.trends().preview(10).unwrap();
    }),
];

#[test]
fn warm_client() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    otf.member().unwrap();
    let mut wrong = Vec::new();
    for (name, expected, job) in WARM {
        seen(&sandbox);
        job(&otf);
        let requests = seen(&sandbox);
        if requests.len() != expected {
            wrong.push(format!("{name}: {} instead of {expected}: {requests:?}", requests.len()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    sandbox.assert_no_unknown_routes();
}

#[test]
fn signing_in() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let login = || builder(&sandbox).store(FileStore::at(directory.path())).login().unwrap();
    let otf = login();
    assert_eq!(seen(&sandbox), ["InitiateAuth", "RespondToAuthChallenge", "ConfirmDevice"], "cold");
    login();
    assert_eq!(seen(&sandbox), [""; 0], "with good tokens");
    sandbox.advance(Duration::from_secs(2 * 3600));
    login();
    assert_eq!(seen(&sandbox), ["InitiateAuth"], "with a refresh token");
    sandbox.revoke_refresh_tokens(PAT.email);
    sandbox.advance(Duration::from_secs(2 * 3600));
    login();
    assert_eq!(
        seen(&sandbox),
        ["InitiateAuth", "InitiateAuth", "RespondToAuthChallenge"],
        "with a device whose tokens are refused"
    );
    let session: Session = otf.session().unwrap();
    seen(&sandbox);
    builder(&sandbox).session(session.clone()).login().unwrap();
    assert_eq!(seen(&sandbox), ["GET /us-east-1_dYDxUeyL1/.well-known/jwks.json"], "with a session");
    let refresh = Session::from_refresh_token(session.refresh_token.unwrap(), session.device);
    builder(&sandbox).session(refresh).login().unwrap();
    assert_eq!(seen(&sandbox), ["InitiateAuth"], "with a refresh token and its device");
}

#[test]
fn cold_client() {
    let jobs: [Job; 4] = [
        ("classes", 1, |otf| {
            otf.bookings().classes(&ClassQuery::new()).unwrap();
        }),
        ("bookings", 1, |otf| {
            otf.bookings().list(&BookingQuery::new()).unwrap();
        }),
        ("the member", 2, |otf| {
            otf.member().unwrap();
        }),
        ("the home studio", 1, |otf| {
            otf.home_studio().unwrap();
        }),
    ];
    for (name, expected, job) in jobs {
        let sandbox: Sandbox = sandbox();
        let otf = client(&sandbox);
        seen(&sandbox);
        job(&otf);
        let requests = seen(&sandbox);
        assert_eq!(requests.len(), expected, "{name}: {requests:?}");
    }
}

#[test]
fn booking_and_canceling() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    let query = ClassQuery::new().available().with_booked();
    let classes = otf.bookings().classes(&query).unwrap();
    let now = sandbox.now();
    let class = classes
        .iter()
        .find(|class| {
            class.is_booked == Some(false) && !class.start.has_passed(now) && class.booking(&otf).is_err()
        })
        .unwrap();
    seen(&sandbox);
    let booking = class.book(&otf).unwrap();
    assert_eq!(seen(&sandbox), ["POST /v1/bookings/me"]);
    booking.cancel(&otf).unwrap();
    assert_eq!(seen(&sandbox).len(), 1);
}
