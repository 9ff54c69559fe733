//! What newcomers want first, written as the documentation tells it: a bot for cron, a history, two accounts.

use std::sync::Arc;
use std::time::Duration;

use otf_api::auth::{Credentials, accounts};
use otf_api::jiff::civil::Weekday;
use otf_api::models::Workout;
use otf_api::sandbox::{Account, Fault, NOA, PAT, Sandbox};
use otf_api::{
    BookingOptions, BookingQuery, ClassQuery, EnsuredBooking, Error, MemoryStore, Otf, OtfBuilder,
};

use crate::support::{credentials, pat, sandbox_at};

/// A Wednesday.
const NOW: &str = "2026-05-13T15:00:00Z";

const BOOKINGS: &str = "/v1/bookings/me";

/// The bot: books the first class that can still be booked on a Sunday, or a spot on its waitlist. Its `main` calls
/// it with `Otf::builder()`.
fn bot(builder: OtfBuilder) -> otf_api::Result<Option<EnsuredBooking>> {
    let otf = builder.login()?;
    let options = BookingOptions::new().waitlist();
    for class in &otf.bookings().classes(&ClassQuery::new().weekday(Weekday::Sunday))? {
        match otf.bookings().ensure_booked(class, &options) {
            Err(Error::ClassStarted { .. } | Error::ClassCanceled { .. }) => {}
            result => return result.map(Some),
        }
    }
    Ok(None)
}

/// All workouts, the newest first. After an outage it goes on where it stopped.
fn whole_history(otf: &Otf, mut wait: impl FnMut()) -> otf_api::Result<Vec<Workout>> {
    let mut workouts = Vec::new();
    let mut pieces = otf.workouts().history().iter()?;
    loop {
        match pieces.next() {
            Some(Ok(workout)) => workouts.push(workout),
            Some(Err(error)) if error.is_retryable() => {
                wait();
                let Some(day) = pieces.resume_from() else { return Ok(workouts) };
                pieces = otf.workouts().history().until(day).iter()?;
            }
            Some(Err(error)) => return Err(error),
            None => return Ok(workouts),
        }
    }
}

/// A client on a machine of its own. Its pauses take the sandbox's time.
fn on_a_machine(sandbox: &Arc<Sandbox>) -> OtfBuilder {
    let sleeping = Arc::clone(sandbox);
    Otf::builder().sandbox(sandbox).sleep(move |time| sleeping.advance(time)).environment(false).prompt(false)
}

/// A sandbox, and the class that the bot books there, which has free spots.
fn sandbox() -> (Arc<Sandbox>, String) {
    let sandbox = Arc::new(sandbox_at(NOW));
    let otf = on_a_machine(&sandbox).login().unwrap();
    let classes = otf.bookings().classes(&ClassQuery::new().weekday(Weekday::Sunday)).unwrap();
    let class = classes.iter().find(|class| class.is_canceled != Some(true)).unwrap();
    let class = class.class_id.as_ref().unwrap().to_string();
    sandbox.set_spots_left(&class, 5);
    sandbox.clear_requests();
    (sandbox, class)
}

#[test]
fn bot_survives_a_lost_response_and_lists_that_lag() {
    let (sandbox, _) = sandbox();
    sandbox.fault(Fault::reset_after().on("POST", BOOKINGS));
    sandbox.delay_booking_lists_for(Duration::from_secs(20));
    let booked = bot(on_a_machine(&sandbox)).unwrap();
    assert!(matches!(booked, Some(EnsuredBooking::Booked(_))), "{booked:?}");
    assert_eq!((sandbox.bookings_made(), sandbox.count("POST", BOOKINGS)), (1, 1));
}

#[test]
fn bot_that_cannot_know_finds_out_in_its_next_run() {
    let (sandbox, _) = sandbox();
    let store = MemoryStore::new();
    sandbox.fault(Fault::reset_after().on("POST", BOOKINGS));
    sandbox.delay_booking_lists_for(Duration::from_secs(50));
    let error = bot(on_a_machine(&sandbox).store(store.clone())).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    let booked = bot(on_a_machine(&sandbox).store(store)).unwrap();
    assert!(matches!(booked, Some(EnsuredBooking::AlreadyBooked(_))), "{booked:?}");
    assert_eq!(sandbox.bookings_made(), 1);
}

#[test]
fn bot_waits_for_a_full_class() {
    let (sandbox, class) = sandbox();
    sandbox.set_class_full(&class);
    sandbox.set_waitlist_open(&class, true);
    for _ in 0..2 {
        let booked = bot(on_a_machine(&sandbox)).unwrap();
        assert!(matches!(booked, Some(EnsuredBooking::Waitlisted(_))), "{booked:?}");
        assert_eq!(sandbox.bookings_made(), 1);
    }
}

#[test]
fn bot_survives_a_spent_session() {
    let (sandbox, _) = sandbox();
    let session = on_a_machine(&sandbox).login().unwrap().session().unwrap();
    sandbox.revoke_refresh_tokens(PAT.email);
    sandbox.advance(Duration::from_secs(2 * 3600));
    let machine = || on_a_machine(&sandbox).session(session.clone());
    // With the session alone it says what is missing, and books nothing.
    let error = bot(machine()).unwrap_err();
    assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");
    assert!(error.to_string().contains("OTF_SESSION"), "{error}");
    assert_eq!(sandbox.bookings_made(), 0);
    // With the password as well, it signs in.
    bot(machine().credentials(pat())).unwrap().unwrap();
    assert_eq!(sandbox.bookings_made(), 1);
}

#[test]
fn bot_started_twice_books_once() {
    let (sandbox, _) = sandbox();
    let store = MemoryStore::new();
    on_a_machine(&sandbox).store(store.clone()).login().unwrap();
    sandbox.delay_booking_lists_for(Duration::from_secs(20));
    let start = || bot(on_a_machine(&sandbox).store(store.clone())).unwrap().unwrap();
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(start);
        (start(), other.join().unwrap())
    });
    assert_eq!(one.booking().booking_id, other.booking().booking_id);
    assert_eq!((sandbox.bookings_made(), sandbox.count("POST", BOOKINGS)), (1, 1));
    let again = start();
    assert!(matches!(&again, EnsuredBooking::AlreadyBooked(_)), "{again:?}");
}

#[test]
fn history_survives_an_outage() {
    let (sandbox, _) = sandbox();
    let otf = on_a_machine(&sandbox).login().unwrap();
    let expected = whole_history(&otf, || panic!("there is no outage")).unwrap();
    assert_eq!(expected.len(), 40);
    let otf = on_a_machine(&sandbox).login().unwrap();
    // The second list fails for longer than a client retries.
    sandbox.fault(Fault::status(503).on("GET", BOOKINGS).skip(1).times(9));
    let mut waits = 0;
    let workouts = whole_history(&otf, || waits += 1).unwrap();
    assert_eq!((workouts, waits), (expected, 2));
}

#[test]
fn one_of_two_accounts_signs_out() {
    let (sandbox, _) = sandbox();
    let store = MemoryStore::new();
    let builder =
        |account: &Account| on_a_machine(&sandbox).store(store.clone()).credentials(credentials(account));
    let (of_pat, of_noa) = (builder(&PAT).login().unwrap(), builder(&NOA).login().unwrap());
    for otf in [&of_pat, &of_noa] {
        otf.bookings().list(&BookingQuery::new()).unwrap();
    }
    of_noa.sign_out().unwrap();
    of_noa.bookings().list(&BookingQuery::new()).unwrap_err();
    let left = accounts(&store).unwrap();
    assert_eq!(left.iter().map(|account| account.email()).collect::<Vec<_>>(), [Some(PAT.email)]);
    // The other one needs no password, now and later.
    sandbox.clear_requests();
    sandbox.advance(Duration::from_secs(2 * 3600));
    let without_password = builder(&PAT).credentials(Credentials::new(PAT.email, "")).login().unwrap();
    without_password.bookings().list(&BookingQuery::new()).unwrap();
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0);
}
