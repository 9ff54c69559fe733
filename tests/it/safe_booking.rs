//! `ensure_booked` and the rules of booking and canceling, against the sandbox. All orders and faults are in
//! `booking_simulation`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use otf_api::jiff::{SignedDuration, Timestamp, ToSpan};
use otf_api::models::OtfClass;
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{BookingOptions, ClassQuery, EnsuredBooking, Error, MemoryStore, Otf};

use crate::support::{builder, sandbox_at, seen};

const NOW: &str = "2026-05-13T15:00:00Z";
const LIST: &str = "GET /v1/bookings/me";
const BOOK: &str = "POST /v1/bookings/me";

/// A client whose clock a test can move without the sandbox's.
struct Scene {
    sandbox: Sandbox,
    otf: Otf,
    store: MemoryStore,
    minutes: Arc<AtomicU64>,
}

fn scene() -> Scene {
    let sandbox = sandbox_at(NOW);
    let minutes = Arc::<AtomicU64>::default();
    let (right, ahead) = (sandbox.clock(), Arc::clone(&minutes));
    let clock = move || right() + SignedDuration::from_mins(ahead.load(Ordering::Relaxed) as i64);
    let store = MemoryStore::new();
    let otf = builder(&sandbox).clock(clock).store(store.clone()).login().unwrap();
    Scene { sandbox, otf, store, minutes }
}

impl Scene {
    /// A class in some days that has free spots and is not booked.
    fn class(&self) -> OtfClass {
        let classes = self.otf.bookings().classes(&ClassQuery::new().with_booked()).unwrap();
        let from = self.sandbox.now() + SignedDuration::from_hours(40);
        let class = classes
            .iter()
            .find(|class| class.is_booked == Some(false) && class.start.timestamp().unwrap() > from);
        let class = class.unwrap().clone();
        self.sandbox.set_spots_left(class.class_id.as_ref().unwrap().as_str(), 5);
        seen(&self.sandbox);
        class
    }

    /// Moves the client's clock to a time, or a minute after it; or so many minutes before.
    fn move_clock(&self, before: u64, time: Timestamp) {
        let left = time.duration_since(self.sandbox.now()).as_mins();
        self.minutes.store(u64::try_from(left).unwrap() + 1 - before, Ordering::Relaxed);
    }

    fn ensure(&self, class: &OtfClass, options: &BookingOptions) -> otf_api::Result<EnsuredBooking> {
        self.otf.bookings().ensure_booked(class, options)
    }
}

#[test]
fn ensure_booked_is_idempotent() {
    let scene = scene();
    let class = scene.class();
    let first = scene.ensure(&class, &BookingOptions::new()).unwrap();
    assert!(matches!(first, EnsuredBooking::Booked(_)), "{first:?}");
    assert_eq!(seen(&scene.sandbox), [LIST, BOOK]);
    let second = scene.ensure(&class, &BookingOptions::new()).unwrap();
    assert!(matches!(second, EnsuredBooking::AlreadyBooked(_)), "{second:?}");
    assert_eq!(first.booking().booking_id, second.booking().booking_id);
    assert_eq!(seen(&scene.sandbox), [LIST]);
}

#[test]
fn ensure_booked_waits_for_the_lists_after_a_plain_booking_of_unknown_outcome() {
    let scene = scene();
    let class = scene.class();
    scene.sandbox.delay_booking_lists(2);
    scene.sandbox.fault(Fault::reset_after().on("POST", "/v1/bookings/me"));
    assert!(matches!(class.book(&scene.otf), Err(Error::OutcomeUnknown { .. })));
    // As another process would, with the same store.
    let otf = builder(&scene.sandbox).store(scene.store.clone()).login().unwrap();
    let found = otf.bookings().ensure_booked(&class, &BookingOptions::new());
    assert!(matches!(found, Ok(EnsuredBooking::AlreadyBooked(_))), "{found:?}");
    assert_eq!(seen(&scene.sandbox).iter().filter(|call| *call == BOOK).count(), 1);
}

#[test]
fn ensure_booked_does_not_believe_a_list_that_lags_behind_a_cancellation() {
    let scene = scene();
    let class = scene.class();
    let first = scene.ensure(&class, &BookingOptions::new()).unwrap().booking().clone();
    scene.sandbox.delay_booking_lists(1);
    scene.otf.bookings().cancel(&first.booking_id).unwrap();
    let second = scene.ensure(&class, &BookingOptions::new()).unwrap();
    assert!(matches!(second, EnsuredBooking::Booked(_)), "{second:?}");
    assert_ne!(second.booking().booking_id, first.booking_id);
}

#[test]
fn ensure_booked_takes_the_waitlist_only_if_allowed() {
    let scene = scene();
    let class = scene.class();
    let id = class.class_id.as_ref().unwrap().as_str();
    scene.sandbox.set_class_full(id);
    scene.sandbox.set_waitlist_open(id, true);
    let error = scene.ensure(&class, &BookingOptions::new()).unwrap_err();
    assert!(matches!(error, Error::ClassFull { .. }), "{error:?}");
    assert_eq!(scene.sandbox.bookings_made(), 0);
    for _ in 0..2 {
        let waiting = scene.ensure(&class, &BookingOptions::new().waitlist()).unwrap();
        assert!(matches!(&waiting, EnsuredBooking::Waitlisted(_)), "{waiting:?}");
        assert!(waiting.booking().waitlist_position.is_some());
        assert_eq!(scene.sandbox.bookings_made(), 1);
    }
}

#[test]
fn overlap_is_refused_before_anything_is_booked() {
    let scene = scene();
    let class = scene.class();
    let booked = scene.ensure(&class, &BookingOptions::new()).unwrap();
    let other = scene.sandbox.add_overlapping_class(class.class_id.as_ref().unwrap().as_str());
    let classes = scene.otf.bookings().classes(&ClassQuery::new()).unwrap();
    let other = classes.iter().find(|class| class.class_id.as_ref().unwrap().as_str() == other).unwrap();
    seen(&scene.sandbox);
    let error = scene.ensure(other, &BookingOptions::new().refuse_overlap()).unwrap_err();
    let Error::ConflictingBooking { booking_id, .. } = &error else { panic!("{error:?}") };
    assert_eq!(booking_id.as_deref(), Some(booked.booking().booking_id.as_str()));
    assert_eq!(seen(&scene.sandbox), [LIST]);
    scene.ensure(other, &BookingOptions::new()).unwrap();
    assert_eq!(scene.sandbox.bookings_made(), 2);
}

#[test]
fn overlap_that_arises_during_the_wait_is_refused() {
    let scene = scene();
    let class = scene.class();
    let other = scene.sandbox.add_overlapping_class(class.class_id.as_ref().unwrap().as_str());
    let classes = scene.otf.bookings().classes(&ClassQuery::new()).unwrap();
    let other = classes.iter().find(|class| class.class_id.as_ref().unwrap().as_str() == other).unwrap();
    scene.sandbox.fault(Fault::status(502).on("POST", "/v1/bookings/me"));
    assert!(matches!(other.book(&scene.otf), Err(Error::OutcomeUnknown { .. })));

    let (elsewhere, minutes, right) = (scene.otf.clone(), Arc::clone(&scene.minutes), scene.sandbox.clock());
    let clock = {
        let minutes = Arc::clone(&minutes);
        move || right() + SignedDuration::from_mins(minutes.load(Ordering::Relaxed) as i64)
    };
    let booked = class.clone();
    let sleep = move |_| {
        if minutes.fetch_add(2, Ordering::Relaxed) == 0 {
            booked.book(&elsewhere).unwrap();
        }
    };
    let otf = builder(&scene.sandbox).clock(clock).sleep(sleep).store(scene.store.clone()).login().unwrap();
    let options = BookingOptions::new().refuse_overlap().timeout(Duration::from_secs(300));
    let ensured = otf.bookings().ensure_booked(other, &options);
    assert!(matches!(ensured, Err(Error::ConflictingBooking { .. })), "{ensured:?}");
    assert_eq!(scene.sandbox.bookings_made(), 1);
}

#[test]
fn class_that_has_started_or_is_canceled_is_not_booked() {
    let scene = scene();
    let mut class = scene.class();
    scene.move_clock(0, class.start.timestamp().unwrap());
    seen(&scene.sandbox);
    let error = scene.ensure(&class, &BookingOptions::new()).unwrap_err();
    assert!(matches!(error, Error::ClassStarted { .. }), "{error:?}");
    let error = class.book(&scene.otf).unwrap_err();
    assert!(matches!(error, Error::ClassStarted { .. }), "{error:?}");
    scene.minutes.store(0, Ordering::Relaxed);
    class.is_canceled = Some(true);
    let error = scene.ensure(&class, &BookingOptions::new()).unwrap_err();
    assert!(matches!(error, Error::ClassCanceled { .. }), "{error:?}");
    assert_eq!(seen(&scene.sandbox).iter().filter(|call| *call == BOOK).count(), 0);
    assert_eq!(scene.sandbox.bookings_made(), 0);
}

#[test]
fn late_cancellation_needs_consent() {
    let scene = scene();
    let class = scene.class();
    let booking = scene.ensure(&class, &BookingOptions::new()).unwrap().booking().clone();
    let late_from = class.start.timestamp().unwrap() - SignedDuration::from_hours(8);
    assert_eq!(booking.late_cancel_from(), late_from);
    scene.move_clock(0, late_from);
    seen(&scene.sandbox);
    let error = scene.otf.bookings().cancel_in_time(&booking).unwrap_err();
    assert!(
        matches!(error, Error::LateCancellation { late_from: said, .. } if said == late_from),
        "{error:?}"
    );
    assert_eq!(seen(&scene.sandbox), [""; 0]);
    // By its id alone it is looked up, and refused too.
    let error = scene.otf.bookings().cancel_in_time(&booking.booking_id).unwrap_err();
    assert!(matches!(error, Error::LateCancellation { .. }), "{error:?}");
    assert!(!seen(&scene.sandbox).iter().any(|call| call.starts_with("DELETE ")));
    assert_eq!(scene.otf.bookings().cancel(&booking).unwrap().late, Some(true));
}

#[test]
fn cancellation_in_time_is_not_late() {
    let scene = scene();
    let class = scene.class();
    let booking = scene.ensure(&class, &BookingOptions::new()).unwrap().booking().clone();
    scene.move_clock(2, booking.late_cancel_from());
    assert_eq!(scene.otf.bookings().cancel_in_time(&booking).unwrap().late, Some(false));
    assert_eq!(scene.otf.bookings().live_for_class(&class).unwrap(), None);
}

#[test]
fn windows_of_booking_and_canceling_can_be_set() {
    let sandbox = sandbox_at(NOW);
    let otf = builder(&sandbox)
        .booking_days(29)
        .late_cancel_window(Duration::from_secs(24 * 3600))
        .login()
        .unwrap();
    let classes = otf.bookings().classes(&ClassQuery::new().not_yet_bookable()).unwrap();
    let class = classes.last().unwrap();
    // The studio's midnight.
    let midnight = |days: i64| {
        let start = class.start.zoned().unwrap();
        start.start_of_day().unwrap().checked_sub(days.days()).unwrap().timestamp()
    };
    assert_eq!(class.bookable_from(), midnight(28));
    assert_eq!(otf.bookings().bookable_from(class), midnight(29));
    let error = class.book(&otf).unwrap_err();
    let Error::OutsideSchedulingWindow { bookable_from, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*bookable_from, Some(midnight(29)));
    let booking = otf.bookings().next().unwrap().unwrap();
    let hours = |hours| booking.start().timestamp().unwrap() - SignedDuration::from_hours(hours);
    assert_eq!(
        (booking.late_cancel_from(), otf.bookings().late_cancel_from(&booking)),
        (hours(8), hours(24))
    );
}
