//! A complete history, in pieces, and the check that finds what is missing.

use std::cell::RefCell;
use std::collections::HashSet;

use otf_api::jiff::ToSpan;
use otf_api::jiff::civil::{Date, date};
use otf_api::models::{PartStatus, Workout};
use otf_api::sandbox::{Fault, NEW, NOA, Outage, PAT};
use otf_api::{Error, HistoryCheck, HistorySourceKind, Otf, Trust, WorkoutHistory};
use serde_json::{Value, json};

use crate::support::{assert_invalid, builder, client_of, sandbox, seen};

const BOOKINGS: &str = "/v1/bookings/me";
const COUNTERS: &str = "/mobile/v1/members/classes/summary";
const OLDER: &str = "/virtual-class/in-studio-workouts";
const TELEMETRY: &str = "/v1/performance/summary";

fn all(history: WorkoutHistory<'_>) -> Vec<Workout> {
    history.iter().unwrap().map(Result::unwrap).collect()
}

fn months(check: &HistoryCheck) -> Vec<Date> {
    check.months.iter().map(|month| month.first_day).collect()
}

fn month(workout: &Workout) -> Date {
    workout.start().date().first_of_month()
}

/// The months of some workouts, the newest first.
fn months_of<'w>(workouts: impl IntoIterator<Item = &'w Workout>) -> Vec<Date> {
    let mut months: Vec<Date> = workouts.into_iter().map(month).collect();
    months.sort_unstable_by(|a, b| b.cmp(a));
    months.dedup();
    months
}

/// The lifetime, the newest first.
fn lifetime(otf: &Otf) -> Vec<Workout> {
    let mut workouts = otf.workouts().lifetime().unwrap().into_vec();
    workouts.reverse();
    workouts
}

#[test]
fn history_in_pieces_equals_the_lifetime() {
    let sandbox = sandbox();
    for account in [&PAT, &NOA, &NEW] {
        let otf = client_of(&sandbox, account);
        let lifetime = lifetime(&otf);
        for days in [7, 90, u32::MAX] {
            assert_eq!(all(otf.workouts().history().days_per_piece(days)), lifetime);
        }
    }
}

#[test]
fn history_finds_what_a_truncated_list_lacks() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let whole = lifetime(&otf);
    sandbox.limit_booking_list(16);
    assert!(otf.workouts().lifetime().unwrap().len() < whole.len());
    assert_eq!(all(otf.workouts().history()), whole);
}

#[test]
fn filtered_history_loads_only_matching_workouts() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let whole = lifetime(&otf);
    let wanted = whole[7].booking_id().clone();
    otf.clear_response_cache().unwrap();
    sandbox.clear_requests();
    let filtered = all(otf.workouts().history().filter(|booking| booking.booking_id == wanted));
    assert_eq!(filtered, whole[7..8]);
    let is_part = |path: &str| path.starts_with("/v1/performance-summaries/");
    assert_eq!(sandbox.requests().iter().filter(|request| is_part(&request.path)).count(), 1);
    let check = otf.workouts().history().filter(|_| false).check().unwrap();
    assert!(check.is_complete(), "{check}");
}

#[test]
fn pieces_are_loaded_on_demand_and_reported() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let progress = RefCell::new(Vec::new());
    let history = otf.workouts().history().days_per_piece(30).on_progress(|progress_now| {
        progress.borrow_mut().push((progress_now.done, progress_now.expected));
    });
    let mut workouts = history.iter().unwrap();
    let lists = || sandbox.count("GET", BOOKINGS);
    assert_eq!(lists(), 0);
    workouts.next().unwrap().unwrap();
    assert_eq!((lists(), progress.borrow().len()), (1, 1));
    assert_eq!(workouts.by_ref().count(), 39);
    let expected = workouts.progress().expected;
    assert_eq!(lists(), expected);
    assert_eq!(*progress.borrow(), (1..=expected).map(|done| (done, expected)).collect::<Vec<_>>());
    assert_eq!(workouts.resume_from(), None);
}

#[test]
fn history_resumes_after_an_error() {
    let sandbox = sandbox();
    let otf = builder(&sandbox).concurrency(4).login().unwrap();
    let whole = lifetime(&otf);
    sandbox.fault(Fault::status(503).on("GET", BOOKINGS).skip(2).always());
    let mut workouts = otf.workouts().history().days_per_piece(30).iter().unwrap();
    let mut found = Vec::new();
    let error = loop {
        match workouts.next().unwrap() {
            Ok(workout) => found.push(workout),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Http { status: 503, .. }));
    assert!(workouts.next().is_none());
    sandbox.clear_faults();
    let day = workouts.resume_from().unwrap();
    assert!(!found.is_empty());
    found.extend(all(otf.workouts().history().until(day)));
    assert_eq!(found, whole);

    let mut stopped = otf.workouts().history().iter().unwrap();
    let first = stopped.next().unwrap().unwrap();
    let rest = all(otf.workouts().history().until(stopped.resume_from().unwrap()));
    assert_eq!([vec![first], rest].concat(), whole);
}

#[test]
fn comped_bookings_that_share_an_id_are_all_read() {
    let sandbox = sandbox();
    sandbox.share_comped_ids(true);
    sandbox.add_comped_bookings(PAT.email, 9);
    let otf = client_of(&sandbox, &PAT);
    let workouts = all(otf.workouts().history().days_per_piece(5));
    assert_eq!(workouts.len(), 49);
    let ids: HashSet<_> = workouts.iter().map(|workout| workout.performance_summary_id().cloned()).collect();
    assert_eq!(ids.len(), 49);
    assert!(otf.workouts().history().check().unwrap().is_complete());
}

#[test]
fn healthy_accounts_raise_no_alarm() {
    let sandbox = sandbox();
    sandbox.freeze_class_counters();
    for account in [&PAT, &NOA, &NEW] {
        let otf = client_of(&sandbox, account);
        let check = otf.workouts().history().check().unwrap();
        assert!(check.is_complete(), "{}: {check}", account.email);
        assert_eq!(check.sources.len(), 5);
        assert!(check.notes.is_empty(), "{}: {check}", account.email);
        let since = sandbox.now().to_zoned_datetime(otf_api::jiff::tz::TimeZone::UTC).date() - 60.days();
        let check = otf.workouts().history().from(since).check().unwrap();
        assert!(check.is_complete(), "{}: {check}", account.email);
    }
}

#[test]
fn check_names_the_months_of_truncated_lists() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let whole = lifetime(&otf);
    sandbox.limit_booking_list(6);
    let found = all(otf.workouts().history());
    let lost: Vec<_> = whole.iter().filter(|workout| !found.contains(workout)).collect();
    assert!(!lost.is_empty());
    let check = otf.workouts().history().check().unwrap();
    assert_eq!(months(&check), months_of(lost.iter().copied()));
    let missing: usize = check.months.iter().map(|month| month.missing.len()).sum();
    assert_eq!(missing, lost.len());
    assert!(check.problems[0].starts_with("the lifetime statistics have"), "{check}");
    let listed = check.sources.iter().find(|source| source.kind == HistorySourceKind::PerformanceSummaries);
    assert_eq!(listed.unwrap().value, Some(40.0));
}

#[test]
fn check_names_the_months_of_parts_that_failed_or_stayed_empty() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let whole = lifetime(&otf);
    let lacking = [&whole[3], &whole[20]];
    for fault in [Fault::null, || Fault::status(500)] {
        otf.clear_response_cache().unwrap();
        for workout in lacking {
            let id = workout.performance_summary_id().unwrap();
            sandbox.fault(fault().on("GET", &format!("/v1/performance-summaries/{id}")).always());
        }
        let check = otf.workouts().history().check().unwrap();
        sandbox.clear_faults();
        assert_eq!(months(&check), months_of(lacking));
        assert_eq!(check.months[0].incomplete, [lacking[0].booking_id().clone()]);
        assert!(check.problems.is_empty(), "{check}");
    }
    otf.clear_response_cache().unwrap();
    sandbox.set_outage(Outage::Telemetry, 503);
    let check = otf.workouts().history().check().unwrap();
    assert_eq!(months(&check), months_of(&whole));
    sandbox.set_outage(Outage::Telemetry, None);
    assert!(otf.workouts().history().check().unwrap().is_complete());
}

#[test]
fn check_survives_pieces_that_cannot_be_loaded() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let whole = lifetime(&otf);
    sandbox.fault(Fault::status(400).on("GET", BOOKINGS).skip(1));
    let check = otf.workouts().history().days_per_piece(40).check().unwrap();
    let lost = whole.iter().filter(|workout| check.months.iter().any(|bad| bad.first_day == month(workout)));
    assert!(lost.count() >= 4);
    assert!(check.months.iter().all(|month| month.to_string().contains("the bookings could not be loaded")));
    sandbox.fault(Fault::status(500).on("GET", "/v1/performance-summaries").always());
    let check = otf.workouts().history().check().unwrap();
    assert!(
        check.problems[0].starts_with("the list of performance summaries could not be loaded"),
        "{check}"
    );
}

#[test]
fn invalid_input_is_refused_before_any_request() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let history = || otf.workouts().history();
    assert_invalid(&sandbox, history().days_per_piece(0).iter(), "days_per_piece");
    assert_invalid(&sandbox, history().max_data_points(0).check(), "max_data_points");
    let backwards = history().from(date(2026, 4, 2)).until(date(2026, 4, 1));
    assert_invalid(&sandbox, backwards.iter(), "until");
    assert_invalid(&sandbox, history().from(date(9000, 1, 1)).iter(), "from");
    seen(&sandbox);
    let brief = all(history().without_summaries().without_telemetry());
    assert!(brief.iter().all(|workout| workout.summary_status == PartStatus::NotRequested));
    assert!(seen(&sandbox).iter().all(|request| !request.contains("performance/summary")));
}

#[test]
fn lesser_sources_only_raise_notes() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let more = |json: &mut Value| json["data"]["totalInStudioClassesAttended"] = json!(500);
    sandbox.fault(Fault::edit(more).on("GET", COUNTERS));
    let other = |json: &mut Value| json["data"][0]["classHistoryUuId"] = json!("another");
    sandbox.fault(Fault::edit(other).on("GET", OLDER));
    let check = otf.workouts().history().check().unwrap();
    assert!(check.is_complete());
    assert_eq!(
        check.notes,
        [
            "the class counters have 500 attended classes, the history has 40",
            "the older history has 1 workouts that this one lacks",
        ]
    );
    assert!(check.to_string().starts_with("nothing is missing\nnote: the class counters"), "{check}");
    let source = |kind| check.sources.iter().find(|source| source.kind == kind).unwrap();
    let older = source(HistorySourceKind::InStudioHistory);
    assert_eq!((older.trust, older.value, older.history), (Trust::Low, Some(40.0), 39.0));
    let counters = source(HistorySourceKind::ClassCounters);
    assert_eq!((counters.trust, counters.value, counters.history), (Trust::Low, Some(500.0), 40.0));

    // Gone, as the older history may be, is worth no note; a failure is.
    sandbox.fault(Fault::status(404).on("GET", OLDER));
    assert!(otf.workouts().history().check().unwrap().notes.is_empty());
    sandbox.fault(Fault::status(403).on("GET", OLDER));
    let check = otf.workouts().history().check().unwrap();
    assert!(
        check.is_complete() && check.notes[0].starts_with("the older history could not be loaded"),
        "{check}"
    );
}

#[test]
fn older_history_is_compared_within_the_days_of_the_check() {
    let sandbox = sandbox();
    let otf = client_of(&sandbox, &PAT);
    let since = sandbox.now().to_zoned_datetime(otf_api::jiff::tz::TimeZone::UTC).date() - 60.days();
    let check = otf.workouts().history().from(since).check().unwrap();
    let older =
        check.sources.iter().find(|source| source.kind == HistorySourceKind::InStudioHistory).unwrap();
    assert!(older.value > Some(0.0) && older.value < Some(40.0));
    assert_eq!(older.value, Some(older.history));
    assert!(check.sources.iter().all(|source| source.kind != HistorySourceKind::ClassCounters));
}

#[test]
fn in_studio_history_agrees_with_the_workouts() {
    let sandbox = sandbox();
    for account in [&PAT, &NOA, &NEW] {
        let otf = client_of(&sandbox, account);
        let older = otf.workouts().in_studio_history().unwrap();
        assert_eq!(seen(&sandbox), [format!("GET {OLDER}")]);
        assert_eq!(older.rejected(), []);
        let workouts = lifetime(&otf);
        // A class that is still running has no workout yet.
        let measured: Vec<_> = workouts.iter().filter(|workout| workout.booking.workout.is_some()).collect();
        assert_eq!(older.len(), measured.len());
        for (item, workout) in older.iter().zip(measured) {
            assert_eq!(item.performance_summary_id.as_ref(), workout.performance_summary_id());
            assert_eq!(item.calories_burned, workout.calories_burned());
            assert_eq!(item.splat_points, workout.splat_points());
            assert_eq!(item.class_date, workout.start().timestamp());
            let has_rates = workout.telemetry_status == PartStatus::Present;
            assert_eq!(!item.minute_by_minute_hr.is_empty(), has_rates, "{item}");
        }
        sandbox.clear_requests();
    }
}

#[test]
fn failing_host_is_left_alone_and_asked_again_later() {
    let sandbox = sandbox();
    let otf = builder(&sandbox).cache_responses(false).login().unwrap();
    let whole = all(otf.workouts().history());
    sandbox.set_outage(Outage::Telemetry, 503);
    for load in [|otf: &Otf| all(otf.workouts().history()), iterated] {
        sandbox.clear_requests();
        let workouts = load(&otf);
        assert_eq!(sandbox.count("GET", TELEMETRY), 3 * 4, "three failures, each of four attempts");
        assert_eq!(workouts.len(), whole.len());
        assert!(workouts.iter().all(|workout| workout.summary_status == PartStatus::Present));
        let PartStatus::Failed { reason } = &workouts[20].telemetry_status else {
            panic!("{:?}", workouts[20])
        };
        assert!(
            reason.starts_with("not requested after 3 failures in a row, the last: GET /v1/perf"),
            "{reason}"
        );
    }

    // The outage ends while the history is being loaded.
    let mut history = otf.workouts().history().iter().unwrap();
    for _ in 0..4 {
        history.next().unwrap().unwrap();
    }
    sandbox.set_outage(Outage::Telemetry, None);
    sandbox.advance(std::time::Duration::from_secs(61));
    let rest: Vec<Workout> = history.map(Result::unwrap).collect();
    assert_eq!(rest.last(), whole.last(), "requested again in later pieces");

    sandbox.set_outage(Outage::Telemetry, 503);
    assert!(matches!(otf.workouts().lifetime(), Err(Error::Http { status: 503, .. })));
}

fn iterated(otf: &Otf) -> Vec<Workout> {
    let workouts = otf.workouts().iter(&otf_api::WorkoutQuery::new().lifetime()).unwrap();
    workouts.map(Result::unwrap).collect()
}
