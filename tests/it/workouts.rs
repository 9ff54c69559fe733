//! Workouts: put together from three responses, whole or in part, and rated.

use otf_api::jiff::civil::date;
use otf_api::models::{Booking, ChallengeCategory, EquipmentType, PartStatus, StatsTime, Workout};
use otf_api::sandbox::{Fault, NEW, NOA, PAT, Sandbox};
use otf_api::{
    BenchmarkQuery, BookingId, BookingQuery, HasId, Otf, OtfBuilder, PerformanceSummaryId, WorkoutQuery,
};

use crate::support::{assert_invalid, builder, client_of, seen};

/// A client whose sign-in is not among what the sandbox has seen.
pub(crate) fn signed_in(sandbox: &Sandbox, builder: OtfBuilder) -> Otf {
    let otf = builder.login().unwrap();
    sandbox.clear_requests();
    otf
}

pub(crate) fn statuses(workout: &Workout) -> (&PartStatus, &PartStatus) {
    (&workout.summary_status, &workout.telemetry_status)
}

#[test]
fn list_is_complete_and_sorted_by_start() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workouts = otf.workouts().list(&WorkoutQuery::new()).unwrap();
    assert_eq!(workouts.len(), 4, "2, 11, 20 and 29 days ago");
    assert!(workouts.rejected().is_empty());
    assert!(workouts.is_sorted_by_key(|item| item.start().local));
    for workout in &workouts {
        assert_eq!(statuses(workout), (&PartStatus::Present, &PartStatus::Present));
        let summary = workout.summary.as_ref().unwrap();
        let in_booking = workout.booking.workout.as_ref().unwrap();
        assert_eq!(summary.performance_summary_id, in_booking.performance_summary_id);
        assert_eq!(summary.calories_burned(), in_booking.calories_burned);
        assert_eq!(summary.heart_rate().unwrap().max_hr, Some(0));
        assert_eq!(workout.heart_rate().unwrap().max_hr, Some(190), "from the telemetry");
        assert!(workout.telemetry.as_ref().unwrap().telemetry.len() <= 150);
        assert_eq!(workout.class_uuid(), workout.booking.class_uuid());
        assert!(workout.class_uuid.is_some());
    }
    let asked = seen(&sandbox);
    assert_eq!(asked.len(), 10, "bookings, summaries, and two for each: {asked:?}");
    sandbox.assert_no_unknown_routes();
}

#[test]
fn lifetime_goes_back_to_the_first_workout() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workouts = otf.workouts().lifetime().unwrap();
    assert_eq!(workouts.len(), 40);
    let is_whole = |workout: &Workout| statuses(workout) == (&PartStatus::Present, &PartStatus::Present);
    let without: Vec<_> = workouts.iter().filter(|workout| !is_whole(workout)).collect();
    assert_eq!(without.len(), 1);
    assert_eq!(statuses(without[0]), (&PartStatus::Present, &PartStatus::Absent));
    assert_eq!(without[0].max_hr(), None, "0 is none");
    assert!(workouts[0].class_uuid().is_none(), "fallen away");

    let day = workouts[20].start().local.date();
    let on_that_day = otf.workouts().list(&WorkoutQuery::new().from(day).until(day)).unwrap();
    assert_eq!(on_that_day.len(), 1);
    assert_eq!(on_that_day[0], workouts[20]);
}

#[test]
fn part_status_tells_absent_parts_from_late_ones() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &NOA);
    let workouts = otf.workouts().lifetime().unwrap();
    let measured: Vec<_> =
        workouts.iter().rev().filter(|workout| workout.booking.workout.is_some()).collect();
    assert_eq!(measured.len(), 5);
    let (no_telemetry, no_summary) = (measured[1], measured[3]);

    assert_eq!(statuses(no_telemetry), (&PartStatus::Present, &PartStatus::Absent));
    assert!(no_telemetry.summary.is_some());
    assert_eq!(no_telemetry.telemetry.as_ref().unwrap().max_hr, None);

    assert_eq!(statuses(no_summary), (&PartStatus::Absent, &PartStatus::Present));
    assert!(no_summary.summary.is_none());
    assert!(no_summary.telemetry.is_some());
    assert_eq!(no_summary.calories_burned(), no_summary.booking.workout.as_ref().unwrap().calories_burned);
    assert_eq!(no_summary.max_hr(), Some(190));

    for other in workouts.iter().filter(|workout| workout.booking.workout.is_none()) {
        let expected = (&PartStatus::NotYetAvailable, &PartStatus::NotYetAvailable);
        assert_eq!(statuses(other), expected, "a class that is still going on");
        let reasons = ["performance summary: not yet available", "telemetry: not yet available"];
        assert_eq!(other.incomplete_reasons(), reasons);
    }
    sandbox.assert_no_unknown_routes();
}

#[test]
fn excluded_parts_are_not_requested() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let brief = WorkoutQuery::new().without_telemetry().without_summaries();
    let workouts = otf.workouts().list(&brief).unwrap();
    assert_eq!(seen(&sandbox), ["GET /v1/bookings/me"]);
    assert_eq!(workouts.len(), 4);
    for workout in &workouts {
        assert_eq!((&workout.summary, &workout.telemetry), (&None, &None));
        assert_eq!(statuses(workout), (&PartStatus::NotRequested, &PartStatus::NotRequested));
        assert!(!workout.is_incomplete());
        assert!(workout.calories_burned().is_some_and(|calories| calories > 0));
        assert!(workout.zone_time_minutes().is_some());
        assert!(workout.class_uuid().is_some(), "the booking's");
    }

    otf.workouts().list(&WorkoutQuery::new().without_telemetry()).unwrap();
    assert_eq!(seen(&sandbox).len(), 6);
    let without_summaries = WorkoutQuery::new().without_summaries().max_data_points(7);
    let workouts = otf.workouts().list(&without_summaries).unwrap();
    assert_eq!(sandbox.requests().last().unwrap().query("maxDataPoints"), Some("7"));
    assert_eq!(seen(&sandbox).len(), 5);
    assert!(workouts[0].telemetry.as_ref().unwrap().telemetry.len() <= 7);
    assert_eq!(workouts[0].max_hr(), Some(190));
}

#[test]
fn iterator_requests_only_the_wanted_workouts() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let query = WorkoutQuery::new().lifetime();
    let mut workouts = otf.workouts().iter(&query).unwrap();
    assert_eq!(seen(&sandbox).len(), 2);
    assert_eq!((workouts.len(), workouts.size_hint()), (40, (40, Some(40))));

    let newest = workouts.next().unwrap().unwrap();
    assert_eq!(seen(&sandbox).len(), 2);
    for left in (37..=39).rev() {
        assert_eq!(workouts.size_hint(), (left, Some(left)));
        let older = workouts.next().unwrap().unwrap();
        assert!(older.start().local < newest.start().local);
        assert_eq!(seen(&sandbox).len(), 2);
    }
    drop(workouts);
    assert_eq!(seen(&sandbox), [""; 0]);

    let mut all: Vec<_> = otf.workouts().iter(&query).unwrap().map(Result::unwrap).collect();
    all.reverse();
    assert_eq!(all, otf.workouts().lifetime().unwrap().into_vec());
}

#[test]
fn iterator_requests_nothing_for_skipped_workouts() {
    let sandbox = Sandbox::start().unwrap();
    let otf = builder(&sandbox).cache_responses(false).login().unwrap();
    let all = otf.workouts().lifetime().unwrap().into_vec();
    let iter = || {
        let workouts = otf.workouts().iter(&WorkoutQuery::new().lifetime()).unwrap();
        seen(&sandbox);
        workouts
    };
    let starts = |asked: usize, found: Vec<otf_api::Result<Workout>>, expected: &[Workout]| {
        assert_eq!(seen(&sandbox).len(), asked);
        let starts: Vec<_> = found.into_iter().map(|workout| workout.unwrap().start().local).collect();
        assert_eq!(starts, expected.iter().map(|item| item.start().local).collect::<Vec<_>>());
    };
    starts(2, iter().skip(39).collect(), &all[..1]);
    starts(2, iter().nth(20).into_iter().collect(), &all[19..20]);
    starts(4, iter().rev().take(2).collect(), &all[..2]);
    starts(2, iter().rev().nth(38).into_iter().collect(), &all[38..39]);
    starts(2, iter().last().into_iter().collect(), &all[..1]);
    starts(0, iter().skip(40).collect(), &[]);
    assert_eq!(iter().count(), 40);
    starts(0, Vec::new(), &[]);

    let mut workouts = iter();
    workouts.next().unwrap().unwrap();
    workouts.retain(|booking| *booking == all[5].booking || *booking == all[39].booking);
    assert_eq!(workouts.len(), 1, "what was given is gone");
    starts(4, workouts.collect(), &all[5..6]);
}

#[test]
fn iterator_continues_after_a_failure() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let telemetry = ("GET", "/v1/performance/summary");
    sandbox.fault(Fault::reset_before().on(telemetry.0, telemetry.1).skip(1).times(4));
    let workouts: Vec<_> = otf.workouts().iter(&WorkoutQuery::new()).unwrap().collect();
    let failed: Vec<bool> =
        workouts.iter().map(|workout| workout.as_ref().unwrap().has_failed_part()).collect();
    assert_eq!(failed, [false, true, false, false]);
    sandbox.fault(Fault::status(401).on(telemetry.0, telemetry.1).skip(1).times(2));
    otf.clear_response_cache().unwrap();
    let workouts: Vec<_> = otf.workouts().iter(&WorkoutQuery::new()).unwrap().collect();
    let outcomes: Vec<bool> = workouts.iter().map(Result::is_ok).collect();
    assert_eq!(outcomes, [true, false, true, true], "a failed sign-in is an error");
}

#[test]
fn member_without_history_has_no_workouts() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &NEW);
    assert!(otf.workouts().lifetime().unwrap().is_empty());
    assert_eq!(seen(&sandbox), ["GET /v1/bookings/me", "GET /v1/performance-summaries"]);
    assert!(otf.workouts().iter(&WorkoutQuery::new()).unwrap().next().is_none());
    read_everything(&otf);
    sandbox.assert_no_unknown_routes();
}

#[test]
fn invalid_booking_is_in_rejected() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let spoil = |json: &mut serde_json::Value| json["items"][1]["class"]["id"] = [1].as_slice().into();
    sandbox.fault(Fault::edit(spoil).on("GET", "/v1/bookings/me").always());
    let workouts = otf.workouts().list(&WorkoutQuery::new().without_telemetry()).unwrap();
    assert_eq!((workouts.len(), workouts.rejected().len()), (3, 1));
    let iter = otf.workouts().iter(&WorkoutQuery::new()).unwrap();
    assert_eq!((iter.len(), iter.rejected().len()), (3, 1));
}

pub(crate) fn newest(otf: &Otf) -> Workout {
    otf.workouts().iter(&WorkoutQuery::new()).unwrap().next().unwrap().unwrap()
}

#[test]
fn for_booking_finds_the_workout() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workout = newest(&otf);
    otf.clear_response_cache().unwrap();
    sandbox.clear_requests();
    let found = otf.workouts().for_booking(&workout.booking).unwrap();
    assert_eq!(seen(&sandbox).len(), 2);
    assert_eq!((found.summary, found.telemetry), (workout.summary.clone(), workout.telemetry.clone()));
    let found = otf.workouts().for_booking(workout.booking_id()).unwrap();
    assert_eq!(found.class_uuid(), workout.class_uuid());

    otf.clear_response_cache().unwrap();
    sandbox.clear_requests();
    let long_ago = WorkoutQuery::new().until(date(2020, 4, 1));
    let brief = otf.workouts().for_booking_with(&workout.booking, &long_ago.without_summaries()).unwrap();
    assert_eq!(seen(&sandbox), ["GET /v1/performance/summary"]);
    assert_eq!((brief.summary, brief.telemetry), (None, workout.telemetry.clone()));
    let fine = WorkoutQuery::new().without_summaries().max_data_points(9);
    let fine = otf.workouts().for_booking_with(workout.booking_id(), &fine).unwrap();
    assert_eq!(sandbox.requests().last().unwrap().query("maxDataPoints"), Some("9"));
    assert!(fine.telemetry.unwrap().telemetry.len() <= 9);
    sandbox.clear_requests();
    let none = WorkoutQuery::new().max_data_points(0);
    assert_invalid(&sandbox, otf.workouts().for_booking_with(&workout.booking, &none), "max_data_points");

    let ahead: Booking = otf.bookings().list(&BookingQuery::new()).unwrap().into_iter().next().unwrap();
    assert!(otf.workouts().for_booking(&ahead).unwrap_err().is_not_found());
    assert!(otf.workouts().for_booking(BookingId::new("unheard-of")).unwrap_err().is_not_found());
    sandbox.clear_requests();
    assert_invalid(&sandbox, otf.workouts().for_booking(BookingId::new("")), "booking");
}

#[test]
fn failed_summary_list_loses_no_workout() {
    let sandbox = Sandbox::start().unwrap();
    for concurrency in [1, 4] {
        let otf = builder(&sandbox).concurrency(concurrency).cache_responses(false).login().unwrap();
        let whole = otf.workouts().list(&WorkoutQuery::new()).unwrap();
        for fault in [Fault::status(500), Fault::status(200).body(r#"{"items": null}"#), Fault::status(404)] {
            sandbox.fault(fault.on("GET", "/v1/performance-summaries").always());
            let workouts = otf.workouts().list(&WorkoutQuery::new()).unwrap();
            sandbox.clear_faults();
            assert_eq!(workouts.len(), whole.len());
            for (workout, whole) in workouts.iter().zip(&whole) {
                assert_eq!((&workout.summary, &workout.telemetry), (&whole.summary, &whole.telemetry));
                assert_eq!(workout.class_uuid(), whole.class_uuid(), "the booking tells it, too");
            }
        }
    }
}

#[test]
fn invalid_input_is_refused_before_any_request() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workouts = otf.workouts();
    let backwards = WorkoutQuery::new().from(date(2026, 4, 2)).until(date(2026, 4, 1));
    assert_invalid(&sandbox, workouts.list(&backwards), "until");
    assert_invalid(&sandbox, workouts.iter(&backwards), "until");
    let before_the_default = WorkoutQuery::new().until(date(2020, 4, 1));
    assert_invalid(&sandbox, workouts.list(&before_the_default), "until");
    let no_points = WorkoutQuery::new().max_data_points(0);
    assert_invalid(&sandbox, workouts.list(&no_points), "max_data_points");
    let (none, some) = (PerformanceSummaryId::new(""), PerformanceSummaryId::new("an-id"));
    assert_invalid(&sandbox, workouts.performance_summary(&none), "performance_summary");
    assert_invalid(&sandbox, workouts.telemetry(&none, 150), "performance_summary");
    assert_invalid(&sandbox, workouts.telemetry(&some, 0), "max_data_points");
    assert_invalid(&sandbox, workouts.performance_summaries(Some(0)), "limit");
    assert_invalid(&sandbox, workouts.aspire(Some(""), None), "datetime");
    assert_eq!(seen(&sandbox), [""; 0]);
}

#[test]
fn other_workout_endpoints_are_read() {
    let sandbox = Sandbox::start().unwrap();
    for account in [&PAT, &NOA] {
        read_everything(&client_of(&sandbox, account));
    }
    let otf = client_of(&sandbox, &PAT);
    let summaries = otf.workouts().performance_summaries(Some(3)).unwrap();
    assert_eq!(summaries.len(), 3);
    let summary = otf.workouts().performance_summary(&summaries[0]).unwrap();
    assert_eq!(HasId::<PerformanceSummaryId>::id(&summary), Some(&summaries[0].performance_summary_id));
    assert!(!otf.workouts().telemetry(&summary, 5).unwrap().telemetry.is_empty());
    assert_eq!(otf.workouts().heart_rate_history().unwrap()[0].max_hr_value(), Some(190));
    let stats = otf.workouts().lifetime_stats_in_studio(StatsTime::AllTime).unwrap();
    assert!(stats.calories.is_some_and(|calories| calories > 10_000.0));
    assert!(
        otf.workouts().performance_summary(PerformanceSummaryId::new("none")).unwrap_err().is_not_found()
    );

    let all = otf.workouts().benchmarks(&BenchmarkQuery::new()).unwrap();
    let rowing = otf.workouts().benchmarks(&BenchmarkQuery::new().equipment(EquipmentType::Rower)).unwrap();
    assert!(!rowing.is_empty() && rowing.len() < all.len());
    assert!(rowing.iter().all(|benchmark| benchmark.equipment_id == Some(EquipmentType::Rower)));
    let tri = BenchmarkQuery::new().category(ChallengeCategory::DriTri);
    for benchmark in &otf.workouts().benchmarks(&tri).unwrap() {
        assert_eq!(benchmark.challenge_category_id, Some(ChallengeCategory::DriTri));
    }
    let detail = otf.workouts().challenge_detail(ChallengeCategory::DriTri).unwrap();
    assert_eq!(detail.challenge_category_id, Some(ChallengeCategory::DriTri));
    assert!(otf.workouts().challenge_detail(9_999).unwrap_err().is_not_found());
    sandbox.assert_no_unknown_routes();
}

fn read_everything(otf: &Otf) {
    let workouts = otf.workouts();
    assert!(workouts.performance_summaries(None).unwrap().rejected().is_empty());
    assert!(workouts.heart_rate_history().unwrap().rejected().is_empty());
    for period in StatsTime::ALL {
        workouts.lifetime_stats_in_studio(*period).unwrap();
        workouts.lifetime_stats_out_of_studio(*period).unwrap();
    }
    assert!(workouts.out_of_studio_history().unwrap().rejected().is_empty());
    assert!(workouts.body_composition().unwrap().rejected().is_empty());
    assert!(workouts.challenge_tracker().unwrap().programs.rejected().is_empty());
    assert!(workouts.benchmarks(&BenchmarkQuery::new()).unwrap().rejected().is_empty());
    workouts.challenge_detail(ChallengeCategory::DriTri).unwrap();
    workouts.aspire(Some("2026-04-01T00:00:00"), Some("metric")).unwrap();
}
