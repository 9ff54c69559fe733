//! Bookings: the one state behind the newer and the older endpoints.

use jiff::Timestamp;

use super::schedule::Class;
use super::workouts::Workout;
use super::{Call, Domain, ids, times};

/// Classes are booked at most this many days ahead, counted at the studio.
const BOOKING_DAYS: i32 = 29;
/// Cancelling later than this is a late cancellation.
const LATE_MINUTES: i64 = 8 * 60;

/// A booking of one of the sandbox's accounts.
#[derive(Debug)]
pub(super) struct Booking {
    /// The id of the newer endpoints.
    pub(super) id: String,
    /// The id of the older endpoints.
    pub(super) uuid: String,
    pub(super) member: &'static str,
    pub(super) class_id: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) canceled_at: Option<Timestamp>,
    pub(super) late: bool,
    pub(super) checked_in: bool,
    pub(super) intro: bool,
    pub(super) ratable: bool,
    /// Ratings of the coach and the class, 1 to 3; 0 where there is none.
    pub(super) ratings: Option<(u64, u64)>,
    pub(super) workout: Option<Workout>,
    /// For how many more lists this booking does not show.
    pub(super) hidden: u32,
}

impl Booking {
    pub(super) fn new(seed: &str, member: &'static str, class: &Class, at: Timestamp) -> Self {
        Self {
            id: ids::uuid(&format!("booking/{seed}")),
            uuid: ids::uuid(&format!("class booking/{seed}")),
            member,
            class_id: class.id.clone(),
            created_at: at,
            updated_at: at,
            canceled_at: None,
            late: false,
            checked_in: false,
            intro: false,
            ratable: false,
            ratings: None,
            workout: None,
            hidden: 0,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.canceled_at.is_none()
    }
}

/// Why a class was not booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    AlreadyBooked,
    Full,
    TooEarly,
    Started,
    Canceled,
    UnknownClass,
}

impl Domain {
    /// Books a class, or joins its waitlist; gives the new booking's id.
    pub(super) fn try_book(
        &mut self,
        call: &Call<'_>,
        named: impl Fn(&Class) -> bool,
        waitlist: bool,
    ) -> Result<String, Refusal> {
        let class = self.classes.iter().find(|class| named(class)).ok_or(Refusal::UnknownClass)?;
        let has_booked = |booking: &Booking| booking.class_id == class.id && booking.is_live();
        if self.mine(call).any(|(booking, _)| has_booked(booking)) {
            return Err(Refusal::AlreadyBooked);
        }
        if class.canceled {
            return Err(Refusal::Canceled);
        }
        if class.start <= call.now {
            return Err(Refusal::Started);
        }
        let today = class.studio.local(call.now).date();
        if times::days_between(today, class.local_start().date()) > BOOKING_DAYS {
            return Err(Refusal::TooEarly);
        }
        let full = self.is_full(class);
        if full && !(waitlist && class.waitlist_open) {
            return Err(Refusal::Full);
        }
        self.bookings_made = self.bookings_made.saturating_add(1);
        let seed = format!("{}/{}/{}", call.caller.member_uuid, class.id, self.bookings_made);
        let mut booking = Booking::new(&seed, call.caller.member_uuid, class, call.now);
        booking.hidden = self.lag;
        let (id, class_id) = (booking.id.clone(), class.id.clone());
        self.bookings.push(booking);
        if let Some(class) = self.classes.iter_mut().find(|class| full && class.id == class_id) {
            class.queue.push(Some(id.clone()));
        }
        Ok(id)
    }

    /// Cancels a booking: `None` where there is none, `false` where it was cancelled before.
    pub(super) fn try_cancel(&mut self, call: &Call<'_>, named: impl Fn(&Booking) -> bool) -> Option<bool> {
        let mine = |booking: &&mut Booking| booking.member == call.caller.member_uuid && named(booking);
        let booking = self.bookings.iter_mut().find(mine)?;
        if !booking.is_live() {
            return Some(false);
        }
        let class = self.classes.iter_mut().find(|class| class.id == booking.class_id)?;
        let waiting = class.queue.iter().position(|who| who.as_ref() == Some(&booking.id));
        booking.canceled_at = Some(call.now);
        booking.updated_at = call.now;
        booking.late = waiting.is_none() && times::plus_minutes(call.now, LATE_MINUTES) > class.start;
        if let Some(place) = waiting {
            class.queue.remove(place);
        } else if !class.queue.is_empty() && class.queue.remove(0).is_none() {
            // The place went to somebody else who was first in line.
            class.others = class.others.saturating_add(1);
        }
        Some(true)
    }

    /// The caller's bookings with their classes.
    pub(super) fn mine(&self, call: &Call<'_>) -> impl Iterator<Item = (&Booking, &Class)> {
        let member = call.caller.member_uuid;
        let bookings = self.bookings.iter().filter(move |booking| booking.member == member);
        bookings.filter_map(|booking| self.class_of(booking).map(|class| (booking, class)))
    }

    pub(super) fn class_of(&self, booking: &Booking) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == booking.class_id)
    }

    /// Where in line a booking stands, from 1.
    pub(super) fn waitlist_position(booking: &Booking, class: &Class) -> Option<usize> {
        let place = class.queue.iter().position(|who| who.as_ref() == Some(&booking.id))?;
        booking.is_live().then_some(place.saturating_add(1))
    }

    /// Lists that lag behind show a booking only after some calls.
    pub(super) fn lists_catch_up(&mut self, call: &Call<'_>) {
        for booking in self.bookings.iter_mut().filter(|booking| booking.member == call.caller.member_uuid) {
            booking.hidden = booking.hidden.saturating_sub(1);
        }
    }

    pub(super) fn is_full(&self, class: &Class) -> bool {
        class.others.saturating_add(self.taken(class)) >= class.capacity
    }

    /// How many of the sandbox's accounts have a place in a class.
    pub(super) fn taken(&self, class: &Class) -> usize {
        let has_place = |booking: &&Booking| {
            booking.class_id == class.id
                && booking.is_live()
                && Self::waitlist_position(booking, class).is_none()
        };
        self.bookings.iter().filter(has_place).count()
    }
}
