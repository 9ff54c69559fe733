//! Answers are kept for as long as they hold, within a bound.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{Feedback, FileStore, MemoryStore, Otf, OtfBuilder, Score, Store, WorkoutQuery};

use crate::support::{builder, client_of, seen};
use crate::workouts::{newest, signed_in};

fn client(sandbox: &Sandbox, store: &MemoryStore) -> OtfBuilder {
    builder(sandbox).store(store.clone())
}

fn entries(store: &dyn Store) -> Vec<(String, usize)> {
    let keys = store.keys("").unwrap().into_iter().filter(|key| key.contains("/responses/"));
    keys.map(|key| (key.clone(), store.read(&key).unwrap().unwrap().len())).collect()
}

#[test]
fn a_second_run_asks_for_what_is_new() {
    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let files = FileStore::at(directory.path());
    let run = |threads| {
        let otf = signed_in(&sandbox, builder(&sandbox).store(files.clone()).concurrency(threads));
        let workouts = otf.workouts().lifetime().unwrap();
        let mut seen = seen(&sandbox);
        // With several at once, either may come first.
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
fn nothing_is_kept_where_it_is_not_wanted() {
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
fn the_oldest_go_first_when_the_bound_is_reached() {
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
        assert!(size > BOUND / 2, "{size}");
        let last = otf.workouts().lifetime().unwrap()[0].clone();
        seen(&sandbox);
        otf.workouts().performance_summary(&last).unwrap();
        otf.clear_response_cache().unwrap();
    }
    // One that is larger than all that is kept.
    let otf = signed_in(&sandbox, client(&sandbox, &store).response_cache_limit(100));
    newest(&otf);
    assert_eq!(entries(&store), []);
}

#[test]
fn what_may_change_is_kept_for_ten_minutes() {
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
    assert_eq!((other_points(&otf), again(&otf)), (1, 0), "a workout of two days ago changes no more");
    ahead.store(30 * 24 * 3600 + 1, Ordering::SeqCst);
    assert_eq!((other_points(&otf), again(&otf)), (1, 2));
    ahead.store(-3600, Ordering::SeqCst);
    assert_eq!((other_points(&otf), again(&otf)), (1, 2), "kept in what is the future now");
}

#[test]
fn a_rating_forgets_the_summary() {
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
fn damaged_entries_are_as_good_as_absent() {
    let sandbox = Sandbox::start().unwrap();
    let store = MemoryStore::new();
    let otf = signed_in(&sandbox, client(&sandbox, &store));
    let first = newest(&otf);
    for damage in [&b""[..], b"{", b"\n\n", b"{\"kept\":1}\n{}", b"\xff\xfe"] {
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
    for note in ["", "-1", "18446744073709551615", "[]"] {
        store.write("kept.json", note.as_bytes()).unwrap();
        otf.workouts().telemetry(&first, 10).unwrap();
        store.remove(&entries(&store)[0].0).unwrap();
        assert_eq!(newest(&otf), first);
    }
}
