//! Responses are cached for as long as they are valid, within a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use otf_api::jiff::tz::TimeZone;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::sandbox::{Fault, PAT, Sandbox};
use otf_api::{Feedback, FileStore, MemoryStore, Otf, OtfBuilder, Score, Store, WorkoutQuery};

use crate::support::{builder, client_of, seen};
use crate::workouts::{newest, signed_in};

fn client(sandbox: &Sandbox, store: &MemoryStore) -> OtfBuilder {
    builder(sandbox).store(store.clone())
}

fn entries(store: &dyn Store) -> Vec<(String, usize)> {
    let keys = store
        .keys("")
        .unwrap()
        .into_iter()
        .filter(|key| key.starts_with("responses/") && !key.ends_with("/usage.json"));
    keys.map(|key| (key.clone(), store.read(&key).unwrap().unwrap().len())).collect()
}

#[test]
fn second_run_requests_only_what_is_new() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let files = FileStore::at(directory.path());
    let run = |threads| {
        let otf = signed_in(&sandbox, builder(&sandbox).store(files.clone()).concurrency(threads));
        let workouts = otf.workouts().lifetime().unwrap();
        let mut seen = seen(&sandbox);
        // With several requests at once, either list may come first.
        seen.sort();
        (otf, workouts, seen)
    };
    let (_, first, requests) = run(8);
    assert_eq!(requests.len(), 82);
    for threads in [1, 8] {
        let (otf, again, requests) = run(threads);
        assert_eq!(again, first);
        assert_eq!(requests, ["GET /v1/bookings/me", "GET /v1/performance-summaries"]);
        drop(otf);
    }
    let (otf, ..) = run(1);
    otf.clear_response_cache().unwrap();
    assert_eq!(entries(&files), []);
    assert!(files.keys("").unwrap().iter().any(|key| key.ends_with("tokens.json")), "the tokens stay");
    assert_eq!(run(1).2.len(), 82);
}

#[test]
fn nothing_is_cached_when_turned_off() {
    let sandbox = Sandbox::start().unwrap();
    let store = MemoryStore::new();
    for off in
        [client(&sandbox, &store).cache_responses(false), client(&sandbox, &store).response_cache_limit(0)]
    {
        let otf = signed_in(&sandbox, off);
        otf.member().unwrap();
        let first = newest(&otf);
        seen(&sandbox);
        assert_eq!(newest(&otf), first);
        assert_eq!(seen(&sandbox).len(), 4);
        assert_eq!(entries(&store), []);
    }
}

#[test]
fn oldest_responses_go_first_at_the_limit() {
    const BOUND: usize = 200_000;
    let sandbox = Sandbox::start().unwrap();
    let store = MemoryStore::new();
    for threads in [1, 8] {
        let otf = signed_in(
            &sandbox,
            client(&sandbox, &store).response_cache_limit(BOUND as u64).concurrency(threads),
        );
        for workout in otf.workouts().iter(&WorkoutQuery::new().lifetime()).unwrap() {
            workout.unwrap();
            let size: usize = entries(&store).iter().map(|(_, size)| size).sum();
            assert!(size <= BOUND, "{size}");
        }
        let size: usize = entries(&store).iter().map(|(_, size)| size).sum();
        assert!(size > BOUND / 3, "{size}");
        let last = otf.workouts().lifetime().unwrap()[0].clone();
        seen(&sandbox);
        otf.workouts().performance_summary(&last).unwrap();
        otf.clear_response_cache().unwrap();
    }
    // Responses larger than the limit.
    let otf = signed_in(&sandbox, client(&sandbox, &store).response_cache_limit(100));
    newest(&otf);
    assert_eq!(entries(&store), []);
}

#[test]
fn responses_that_may_change_are_cached_for_ten_minutes() {
    let sandbox = Sandbox::start().unwrap();
    let store = MemoryStore::new();
    let ahead = Arc::new(AtomicI64::new(0));
    let clock = {
        let ahead = Arc::clone(&ahead);
        move || Timestamp::now() + SignedDuration::from_secs(ahead.load(Ordering::SeqCst))
    };
    let otf = signed_in(&sandbox, client(&sandbox, &store).clock(clock));
    let workout = newest(&otf);
    let other_points = |otf: &Otf| {
        let before = sandbox.requests().len();
        otf.workouts().telemetry(&workout, 77).unwrap();
        sandbox.requests().iter().skip(before).filter(|request| request.method == "GET").count()
    };
    let again = |otf: &Otf| {
        let before = sandbox.requests().len();
        otf.workouts().for_booking(&workout.booking).unwrap();
        sandbox.requests().iter().skip(before).filter(|request| request.method == "GET").count()
    };
    assert_eq!((other_points(&otf), again(&otf)), (1, 0));
    assert_eq!((other_points(&otf), again(&otf)), (0, 0));
    ahead.store(601, Ordering::SeqCst);
    assert_eq!((other_points(&otf), again(&otf)), (1, 0), "a workout of two days ago no longer changes");
    ahead.store(30 * 24 * 3600 + 1, Ordering::SeqCst);
    assert_eq!((other_points(&otf), again(&otf)), (1, 2));
    ahead.store(-3600, Ordering::SeqCst);
    assert_eq!((other_points(&otf), again(&otf)), (1, 2), "cached in what is the future now");
}

#[test]
fn rating_drops_the_cached_summary() {
    let sandbox = Sandbox::start().unwrap();
    let otf = client_of(&sandbox, &PAT);
    let workout = newest(&otf);
    workout.rate(&otf, Feedback::new().class(Score::Bad).coach(Score::Bad)).unwrap();
    seen(&sandbox);
    otf.workouts().for_booking(&workout.booking).unwrap();
    let id = workout.performance_summary_id().unwrap();
    assert_eq!(seen(&sandbox), [format!("GET /v1/performance-summaries/{id}")]);
}

#[test]
fn damaged_entries_count_as_absent() {
    let sandbox = Sandbox::start().unwrap();
    let store = MemoryStore::new();
    let otf = signed_in(&sandbox, client(&sandbox, &store));
    let first = newest(&otf);
    for damage in [&b""[..], b"{", b"\n\n", b"{\"cached\":1}\n{}", b"\xff\xfe"] {
        for (key, _) in entries(&store) {
            store.write(&key, damage).unwrap();
        }
        seen(&sandbox);
        assert_eq!(newest(&otf), first);
        assert_eq!(seen(&sandbox).len(), 4);
    }
    // Cut off in the middle.
    for (key, size) in entries(&store) {
        let whole = store.read(&key).unwrap().unwrap();
        store.write(&key, &whole[..size - 2]).unwrap();
    }
    assert_eq!(newest(&otf), first);
    assert_eq!(seen(&sandbox).len(), 4);
    let usage =
        store.keys("responses/").unwrap().into_iter().find(|key| key.ends_with("/usage.json")).unwrap();
    for damage in ["", "-1", "18446744073709551615", "[]"] {
        store.write(&usage, damage.as_bytes()).unwrap();
        otf.workouts().telemetry(&first, 10).unwrap();
        store.remove(&entries(&store)[0].0).unwrap();
        assert_eq!(newest(&otf), first);
    }
}

/// Three of the workouts have parts that the service does not have.
#[test]
fn missing_parts_of_past_workouts_are_cached() {
    let sandbox = Sandbox::start().unwrap();
    let ahead = Arc::new(AtomicI64::new(0));
    let clock = {
        let ahead = Arc::clone(&ahead);
        move || Timestamp::now() + SignedDuration::from_secs(ahead.load(Ordering::SeqCst))
    };
    let store = MemoryStore::new();
    let otf = signed_in(&sandbox, client(&sandbox, &store).clock(clock));
    let all = otf.workouts().lifetime().unwrap();
    otf.clear_response_cache().unwrap();
    // The newest is two days old, so its parts may still come; the others are older.
    for index in [0, 20, 39] {
        let id = all[index].performance_summary_id().unwrap();
        sandbox.fault(Fault::status(404).on("GET", &format!("/v1/performance-summaries/{id}")).always());
    }
    seen(&sandbox);
    let first = otf.workouts().lifetime().unwrap();
    assert_eq!(
        first.iter().zip(&all).filter(|(now, before)| now.summary_status != before.summary_status).count(),
        3
    );
    assert_eq!(seen(&sandbox).len(), 82);
    let requests = |days: i64| {
        ahead.store(days * 24 * 3600, Ordering::SeqCst);
        assert_eq!(otf.workouts().lifetime().unwrap(), first);
        seen(&sandbox).iter().filter(|request| request.contains("performance-summaries/")).count()
    };
    assert_eq!(requests(0), 0);
    assert_eq!(requests(2), 1, "the newest may have come meanwhile");
    otf.clear_response_cache().unwrap();
    assert_eq!(requests(2), 40);
}

#[test]
fn missing_parts_of_todays_workout_are_not_cached() {
    let sandbox = Sandbox::start().unwrap();
    let otf = signed_in(&sandbox, client(&sandbox, &MemoryStore::new()));
    let workout = newest(&otf);
    otf.clear_response_cache().unwrap();
    sandbox.fault(Fault::status(404).on("GET", "/v1/performance/summary").always());
    let mut booking = workout.booking.clone();
    for time in [&mut booking.otf_class.start, &mut booking.otf_class.end] {
        (time.local, time.utc) = (otf.now().to_zoned_datetime(TimeZone::UTC).datetime(), None);
    }
    for _ in 0..2 {
        seen(&sandbox);
        assert_eq!(otf.workouts().for_booking(&booking).unwrap().telemetry, None);
        assert!(seen(&sandbox).contains(&"GET /v1/performance/summary".to_owned()));
    }
}
