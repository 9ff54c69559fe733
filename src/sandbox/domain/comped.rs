//! Bookings without a booking: classes that somebody else paid for, such as the member's employer.
//!
//! Other clients' reports say: the newer list contains items whose id starts with `no-booking-id`, whose
//! `updated_at` is null, and which carry real workouts. What follows the prefix, and that such an id can neither
//! be canceled nor rated, is the sandbox's guess.

use jiff::Timestamp;
use jiff::civil::{DateTime, time};

use super::atlas::LAKEVIEW;
use super::bookings::Booking;
use super::schedule::Class;
use super::workouts::Workout;
use super::{Domain, ids, times};

/// What the ids of comped bookings start with.
pub(super) const COMPED_ID: &str = "no-booking-id";

impl Domain {
    /// Adds comped bookings, one on each of the past days that are not in the seeded history; `false` if there
    /// is no such member.
    pub(crate) fn add_comped_bookings(&mut self, email: &str, count: usize, now: Timestamp) -> bool {
        let Some(member) = self.members.iter().find(|member| member.account.email == email) else {
            return false;
        };
        let uuid = member.account.member_uuid;
        for _ in 0..count {
            let nth = self.comped;
            self.comped = nth.saturating_add(1);
            // The seeded workouts are 2, 11, 20, … days ago.
            let days_ago = 3 + nth % 8 + nth / 8 * 9;
            let date = times::plus_days(LAKEVIEW.local(now).date(), -days_ago);
            let at = DateTime::from_parts(date, time(12, 15, 0, 0));
            let class = Class::new(&LAKEVIEW, at, "Orange 60 Min 2G", "ORANGE_60", 60, 24);
            let mut booking = Booking::new(&format!("comped/{uuid}/{}", class.id), uuid, &class, class.start);
            booking.workout = Some(Workout::in_class(&class, uuid));
            self.classes.push(class);
            self.push_comped(booking);
        }
        true
    }

    /// Adds a comped booking of a class that the member has booked as well; `false` if there is no such class.
    pub(crate) fn add_comped_duplicate(&mut self, class: &str) -> bool {
        let Some(class) = self.classes.iter().find(|known| known.is_named(class)) else { return false };
        let Some(real) = self.bookings.iter().find(|booking| booking.class_id == class.id) else {
            return false;
        };
        let mut booking = Booking::new(&format!("comped/{}", real.id), real.member, class, real.created_at);
        booking.workout = real.workout.clone();
        booking.checked_in = real.checked_in;
        self.push_comped(booking);
        true
    }

    fn push_comped(&mut self, mut booking: Booking) {
        booking.id = if self.behaviors.comped_share_id {
            COMPED_ID.to_owned()
        } else {
            format!("{COMPED_ID}-{}", ids::uuid(&booking.id))
        };
        booking.comped = true;
        booking.checked_in = true;
        self.bookings.push(booking);
    }
}
