//! What tests may do to the state behind the service's back.

use serde_json::Value;

use super::Domain;
use super::schedule::Class;

impl Domain {
    /// Fills a class, named by either of its ids; `false` where there is none.
    pub(crate) fn set_class_full(&mut self, class_id: &str) -> bool {
        self.set_spots_left(class_id, 0)
    }

    /// Leaves so many places in a class; `false` where there is none.
    pub(crate) fn set_spots_left(&mut self, class_id: &str, places: usize) -> bool {
        self.change_class(class_id, |class| class.others = class.capacity.saturating_sub(places))
    }

    /// Opens or closes the waitlist of a class; `false` where there is none.
    pub(crate) fn set_waitlist_open(&mut self, class_id: &str, open: bool) -> bool {
        self.change_class(class_id, |class| class.waitlist_open = open)
    }

    /// Has the studio cancel a class; `false` where there is none.
    pub(crate) fn set_class_canceled(&mut self, class_id: &str) -> bool {
        self.change_class(class_id, |class| class.canceled = true)
    }

    /// Keeps bookings made from now on out of the next `lists` booking lists, newer and older.
    pub(crate) fn delay_booking_lists(&mut self, lists: u32) {
        self.lag = lists;
    }

    /// How many bookings requests have made: a class booked twice counts twice.
    pub(crate) fn bookings_made(&self) -> usize {
        self.bookings_made
    }

    /// Adds an item as it is to every class list.
    pub(crate) fn add_malformed_class(&mut self, item: Value) {
        self.odd_classes.push(item);
    }

    /// Adds an item as it is to every newer booking list.
    pub(crate) fn add_odd_booking(&mut self, item: Value) {
        self.odd_bookings.push(item);
    }

    fn change_class(&mut self, id: &str, change: impl FnOnce(&mut Class)) -> bool {
        self.classes.iter_mut().find(|class| class.is_named(id)).map(change).is_some()
    }
}
