//! Changing bookings and booking lists in tests.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::Sandbox;
use super::classes::known;
use super::domain::ListDelay;
use super::state::lock;

/// Bookings.
///
/// Each method says whether its behavior is recorded, was reported by users of other clients, or is a guess.
impl Sandbox {
    /// How many bookings were made by requests. A class booked twice counts twice.
    #[must_use]
    pub fn bookings_made(&self) -> usize {
        lock(&self.state.domain).bookings_made()
    }

    /// After each booking, cancellation or rating from now on, shows the state before it in this many booking
    /// lists, newer and older together. Lists that show the state before a write were reported; a count of lists
    /// is the sandbox's way to make it repeatable.
    pub fn delay_booking_lists(&self, lists: u32) {
        let mut domain = lock(&self.state.domain);
        domain.behaviors_mut().list_delay = ListDelay { lists, time: SignedDuration::ZERO };
    }

    /// The same by the sandbox's clock: the lists show the state before a write for this long. Reported; the real lag
    /// is unknown.
    pub fn delay_booking_lists_for(&self, time: Duration) {
        let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        let mut domain = lock(&self.state.domain);
        domain.behaviors_mut().list_delay = ListDelay { lists: 0, time };
    }

    /// Silently truncates the newer booking list after this many items, the latest classes first; `None`, the
    /// default, does not. Reported by one client for long ranges; which items are missing
    /// is a guess.
    pub fn limit_booking_list(&self, items: impl Into<Option<usize>>) {
        lock(&self.state.domain).behaviors_mut().list_limit = items.into();
    }

    /// How many days ahead a class can be booked. Default: 28. The window moves at midnight at the studio. 28 is
    /// recorded; one client assumes 29. A class beyond the window is refused with
    /// `BOOKING_OUTSIDE_SCHEDULING_WINDOW` (a guess), on the older endpoints with 602.
    pub fn set_booking_window(&self, dates: u16) {
        lock(&self.state.domain).behaviors_mut().booking_window = dates;
    }

    /// Whether the refusal of a class that is already booked carries the booking's id: `data.id`, on the older
    /// endpoints `data.classBookingUUId`. Off unless set. A guess.
    pub fn name_booking_in_refusals(&self, on: bool) {
        lock(&self.state.domain).behaviors_mut().refusals_name_booking = on;
    }

    /// Whether a class that overlaps a booked one is refused, with `BOOKING_CLASS_OVERLAPS` or 607. Off unless
    /// set. A guess.
    pub fn refuse_overlapping_bookings(&self, on: bool) {
        lock(&self.state.domain).behaviors_mut().refuses_overlaps = on;
    }

    /// Whether a booking still says `ratable: true` after it was rated. Default: no. A guess.
    pub fn keep_rated_bookings_ratable(&self, on: bool) {
        lock(&self.state.domain).behaviors_mut().rated_stays_ratable = on;
    }

    /// Adds past classes that somebody else paid for to an account: bookings with a workout, an id that starts
    /// with `no-booking-id`, and `updated_at: null`. Reported by users of the Python client. That these ids are
    /// not found when they are canceled is a guess.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn add_comped_bookings(&self, email: &str, count: usize) {
        let now = self.now();
        let found = lock(&self.state.domain).add_comped_bookings(email, count, now);
        assert!(found, "the sandbox has no account {email}");
    }

    /// Adds a comped booking for a class that an account has booked: the two bookings share class and start.
    /// The real service may never do this.
    ///
    /// # Panics
    ///
    /// If no account has booked such a class.
    pub fn add_comped_duplicate(&self, class: &str) {
        known(class, lock(&self.state.domain).add_comped_duplicate(class));
    }

    /// Whether comped bookings added from now on all have the id `no-booking-id`. Off unless set: the ids
    /// differ. Which is right is unknown.
    pub fn share_comped_ids(&self, on: bool) {
        lock(&self.state.domain).behaviors_mut().comped_share_id = on;
    }

    /// Stops the class counters, in the member record and at `/mobile/v1/members/classes/summary`: classes that start
    /// from now on are not counted. Recorded: a counter that did not change for more than a year.
    pub fn freeze_class_counters(&self) {
        let now = self.now();
        lock(&self.state.domain).behaviors_mut().counters_until = Some(now);
    }

    /// Adds an item to every newer booking list, unchanged.
    pub fn add_malformed_booking(&self, item: Value) {
        lock(&self.state.domain).add_malformed_booking(item);
    }
}
