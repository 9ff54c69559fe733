//! Trends over workouts.

use std::time::Duration;

use otf_api::TrendRange;
use otf_api::jiff::civil::date;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::TrendType;
use otf_api::sandbox::{NEW, NOA, PAT, Sandbox};

use crate::support::{assert_invalid, client_of, seen};

fn sent(sandbox: &Sandbox, name: &str) -> String {
    sandbox.requests().last().unwrap().query(name).unwrap().to_owned()
}

#[test]
fn trend_covers_the_last_90_days() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let trend = otf.trends().stats(TrendType::AverageHeartRate, &TrendRange::new()).unwrap();
    assert_eq!(trend.trend(), Some(TrendType::AverageHeartRate));
    assert_eq!(trend.points.len(), 10, "2, 11, … 83 days ago");
    let time = |name| sent(&sandbox, name).parse::<Timestamp>().unwrap();
    assert_eq!(time("end").duration_since(time("start")), SignedDuration::from_hours(90 * 24));
    assert!(sent(&sandbox, "end").ends_with("+00:00"));
    assert_eq!(seen(&sandbox).len(), 1);
}

#[test]
fn trend_days_are_the_home_studios() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let april = TrendRange::new().from(date(2026, 3, 1)).until(date(2026, 4, 30));
    otf.trends().stats(TrendType::SplatPoints, &april).unwrap();
    // Daylight saving time began in between.
    assert_eq!(sent(&sandbox, "start"), "2026-03-01T00:00:00-06:00");
    assert_eq!(sent(&sandbox, "end"), "2026-04-30T23:59:59-05:00");
    let instant: Timestamp = "2026-04-01T12:00:00Z".parse().unwrap();
    otf.trends().stats(TrendType::SplatPoints, &TrendRange::new().until(instant)).unwrap();
    assert_eq!(sent(&sandbox, "start"), "2026-01-01T12:00:00+00:00");
}

#[test]
fn preview_has_all_trends() {
    let sandbox = Sandbox::start().unwrap();
    for account in [&NOA, &NEW] {
        let otf = client_of(&sandbox, account);
        otf.trends().preview(10).unwrap();
        for trend in TrendType::KNOWN {
            assert!(
                otf.trends().stats(trend.clone(), &TrendRange::new()).unwrap().points.rejected().is_empty()
            );
        }
    }
    let preview = client_of(&sandbox, &PAT).trends().preview(3).unwrap();
    assert_eq!(preview.requested_workout_count, Some(3));
    assert_eq!(preview.stats.len(), 6);
    assert_eq!(preview.stats[0].points.len(), 3);
    sandbox.assert_no_unknown_routes();
}

#[test]
fn invalid_input_is_refused_before_any_request() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    assert_invalid(&sandbox, otf.trends().preview(0), "workout_count");
    assert_invalid(&sandbox, otf.trends().stats("", &TrendRange::new()), "trend");
    let backwards = TrendRange::new().from(date(2026, 4, 2)).until(date(2026, 4, 1));
    assert_invalid(&sandbox, otf.trends().stats("splat_points", &backwards), "until");
    let ahead = TrendRange::new().from(sandbox.now() + Duration::from_secs(60));
    assert_invalid(&sandbox, otf.trends().stats("splat_points", &ahead), "from");
    assert!(otf.trends().stats("unheard_of", &TrendRange::new()).unwrap_err().is_not_found());
}
