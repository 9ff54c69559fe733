//! What a test can do to classes.

use serde_json::Value;

use super::Sandbox;
use super::state::lock;

/// Classes. A class is named by either of its ids.
///
/// The refusal codes are guesses, except `BOOKING_ALREADY_BOOKED` and, on the older endpoints, 602 and 603.
impl Sandbox {
    /// Fills a class. Booking it is refused with `BOOKING_CLASS_FULL`, on the older endpoints with 604.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn set_class_full(&self, class: &str) {
        known(class, lock(&self.state.domain).set_class_full(class));
    }

    /// Leaves this many spots in a class.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn set_spots_left(&self, class: &str, spots: usize) {
        known(class, lock(&self.state.domain).set_spots_left(class, spots));
    }

    /// Opens or closes the waitlist of a class.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn set_waitlist_open(&self, class: &str, open: bool) {
        known(class, lock(&self.state.domain).set_waitlist_open(class, open));
    }

    /// Cancels a class, as a studio does. Booking it is refused with `BOOKING_CLASS_CANCELED`, on the older
    /// endpoints with 606.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn set_class_canceled(&self, class: &str) {
        known(class, lock(&self.state.domain).set_class_canceled(class));
    }

    /// Sets a class's start to five minutes ago. Booking it is refused with `BOOKING_CLASS_STARTED`, on the older
    /// endpoints with 605.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn set_class_started(&self, class: &str) {
        let now = self.now();
        known(class, lock(&self.state.domain).set_class_started(class, now));
    }

    /// Adds a class that starts 15 minutes after another one at the same studio, and returns its id.
    ///
    /// Both can be booked unless [`refuse_overlapping_bookings`](Self::refuse_overlapping_bookings) is on.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn add_overlapping_class(&self, class: &str) -> String {
        let added = lock(&self.state.domain).add_overlapping_class(class);
        known(class, added.is_some());
        added.unwrap_or_default()
    }

    /// Adds an item to every class list, unchanged.
    pub fn add_malformed_class(&self, item: Value) {
        lock(&self.state.domain).add_malformed_class(item);
    }
}

#[track_caller]
pub(super) fn known(class: &str, found: bool) {
    assert!(found, "the sandbox has no class {class}");
}
