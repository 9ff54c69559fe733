//! What a test does to classes and bookings behind the service's back.

use serde_json::Value;

use super::Sandbox;
use super::state::lock;

/// Classes and bookings. A class is named by either of its ids.
impl Sandbox {
    /// Fills a class.
    ///
    /// # Panics
    ///
    /// Where there is no such class.
    pub fn set_class_full(&self, class: &str) {
        known(class, lock(&self.state.domain).set_class_full(class));
    }

    /// Leaves so many places in a class.
    ///
    /// # Panics
    ///
    /// Where there is no such class.
    pub fn set_spots_left(&self, class: &str, places: usize) {
        known(class, lock(&self.state.domain).set_spots_left(class, places));
    }

    /// Opens or closes the waitlist of a class.
    ///
    /// # Panics
    ///
    /// Where there is no such class.
    pub fn set_waitlist_open(&self, class: &str, open: bool) {
        known(class, lock(&self.state.domain).set_waitlist_open(class, open));
    }

    /// Has the studio cancel a class.
    ///
    /// # Panics
    ///
    /// Where there is no such class.
    pub fn set_class_canceled(&self, class: &str) {
        known(class, lock(&self.state.domain).set_class_canceled(class));
    }

    /// Keeps bookings made from now on out of the next so many booking lists, as the real service does for a
    /// moment.
    pub fn delay_booking_lists(&self, lists: u32) {
        lock(&self.state.domain).delay_booking_lists(lists);
    }

    /// How many bookings requests have made: a class booked twice counts twice.
    #[must_use]
    pub fn bookings_made(&self) -> usize {
        lock(&self.state.domain).bookings_made()
    }

    /// Adds an item, as it is, to every class list.
    pub fn add_malformed_class(&self, item: Value) {
        lock(&self.state.domain).add_malformed_class(item);
    }

    /// Adds an item, as it is, to every newer booking list.
    pub fn add_odd_booking(&self, item: Value) {
        lock(&self.state.domain).add_odd_booking(item);
    }
}

#[track_caller]
fn known(class: &str, found: bool) {
    assert!(found, "the sandbox has no class {class}");
}
