//! Changes that tests make to the state.

use jiff::Timestamp;
use serde_json::Value;

use super::Domain;
use super::schedule::Class;
use super::times;

impl Domain {
    /// Fills a class, named by either of its ids; `false` if it does not exist.
    pub(crate) fn set_class_full(&mut self, class_id: &str) -> bool {
        self.set_spots_left(class_id, 0)
    }

    /// Leaves this many spots in a class; `false` if it does not exist.
    pub(crate) fn set_spots_left(&mut self, class_id: &str, spots: usize) -> bool {
        self.change_class(class_id, |class| class.others = class.capacity.saturating_sub(spots))
    }

    /// Opens or closes the waitlist of a class; `false` if it does not exist.
    pub(crate) fn set_waitlist_open(&mut self, class_id: &str, open: bool) -> bool {
        self.change_class(class_id, |class| class.waitlist_open = open)
    }

    /// Cancels a class, as a studio does; `false` if it does not exist.
    pub(crate) fn set_class_canceled(&mut self, class_id: &str) -> bool {
        self.change_class(class_id, |class| class.canceled = true)
    }

    /// Sets a class's start to five minutes ago; `false` if it does not exist.
    pub(crate) fn set_class_started(&mut self, class_id: &str, now: Timestamp) -> bool {
        self.change_class(class_id, |class| class.start = times::plus_minutes(now, -5))
    }

    /// Adds a class that starts a quarter of an hour after another, at the same studio. Returns its id.
    pub(crate) fn add_overlapping_class(&mut self, class_id: &str) -> Option<String> {
        let class = self.classes.iter().find(|class| class.is_named(class_id))?;
        let start = class.studio.local(times::plus_minutes(class.start, 15));
        let other = Class::new(class.studio, start, "Orange 60 Min 2G (extra)", "ORANGE_60", 60, 24);
        let id = other.id.clone();
        self.classes.push(other);
        Some(id)
    }

    /// How many bookings requests have made. A class booked twice counts twice.
    pub(crate) fn bookings_made(&self) -> usize {
        self.bookings_made
    }

    /// Adds an item, unchanged, to every class list.
    pub(crate) fn add_malformed_class(&mut self, item: Value) {
        self.malformed_classes.push(item);
    }

    /// Adds an item, unchanged, to every newer booking list.
    pub(crate) fn add_malformed_booking(&mut self, item: Value) {
        self.malformed_bookings.push(item);
    }

    fn change_class(&mut self, id: &str, change: impl FnOnce(&mut Class)) -> bool {
        self.classes.iter_mut().find(|class| class.is_named(id)).map(change).is_some()
    }
}
