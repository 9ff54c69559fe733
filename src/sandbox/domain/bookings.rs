//! Bookings: the state that the newer and the older endpoints share.

use jiff::Timestamp;

use super::behaviors::Stale;
use super::schedule::Class;
use super::workouts::Workout;
use super::{Call, Domain, ids, times};

/// Canceling this long before the class, or later, is a late cancellation.
const LATE_MINUTES: i64 = 8 * 60;

/// A booking of one of the sandbox's accounts.
#[derive(Clone, Debug)]
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
    /// Ratings of the coach and the class, 1 to 3, or 0 for none.
    pub(super) ratings: Option<(u64, u64)>,
    pub(super) workout: Option<Workout>,
    /// A class that somebody else paid for: not a booking that can be canceled or rated.
    pub(super) comped: bool,
    /// What the booking lists show for a while after a write.
    pub(super) stale: Option<Stale>,
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
            comped: false,
            stale: None,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.canceled_at.is_none()
    }
}

/// The ids of a booking that prevents another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AlreadyBooked {
    pub(super) id: String,
    pub(super) uuid: String,
}

/// Why a class was not booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// With the ids of that booking, if refusals name it.
    AlreadyBooked(Option<AlreadyBooked>),
    Full,
    /// The class overlaps another one that the member has booked.
    Overlaps,
    TooEarly,
    Started,
    Canceled,
    UnknownClass,
}

impl Domain {
    /// Books a class or joins its waitlist. Returns the new booking's id.
    pub(super) fn try_book(
        &mut self,
        call: &Call<'_>,
        named: impl Fn(&Class) -> bool,
        waitlist: bool,
    ) -> Result<String, Refusal> {
        let class = self.classes.iter().find(|class| named(class)).ok_or(Refusal::UnknownClass)?;
        let live = || self.mine(call).filter(|(booking, _)| booking.is_live() && !booking.comped);
        if let Some((booking, _)) = live().find(|(booking, _)| booking.class_id == class.id) {
            let named = || AlreadyBooked { id: booking.id.clone(), uuid: booking.uuid.clone() };
            return Err(Refusal::AlreadyBooked(self.behaviors.refusals_name_booking.then(named)));
        }
        if class.canceled {
            return Err(Refusal::Canceled);
        }
        if class.start <= call.now {
            return Err(Refusal::Started);
        }
        let today = class.studio.local(call.now).date();
        if times::days_between(today, class.local_start().date()) > i32::from(self.behaviors.booking_window) {
            return Err(Refusal::TooEarly);
        }
        let overlaps = |other: &Class| other.start < class.end() && class.start < other.end();
        if self.behaviors.refuses_overlaps && live().any(|(_, other)| overlaps(other)) {
            return Err(Refusal::Overlaps);
        }
        let full = self.is_full(class);
        if full && !(waitlist && class.waitlist_open) {
            return Err(Refusal::Full);
        }
        let stale = self.stale(None, call.now);
        self.bookings_made = self.bookings_made.saturating_add(1);
        let seed = format!("{}/{}/{}", call.caller.member_uuid, class.id, self.bookings_made);
        let mut booking = Booking::new(&seed, call.caller.member_uuid, class, call.now);
        booking.stale = stale;
        let (id, class_id) = (booking.id.clone(), class.id.clone());
        self.bookings.push(booking);
        if let Some(class) = self.classes.iter_mut().find(|class| full && class.id == class_id) {
            class.queue.push(Some(id.clone()));
        }
        Ok(id)
    }

    /// Cancels a booking. `None` if it does not exist, `false` if it was already canceled.
    pub(super) fn try_cancel(&mut self, call: &Call<'_>, named: impl Fn(&Booking) -> bool) -> Option<bool> {
        let mine = |booking: &Booking| {
            booking.member == call.caller.member_uuid && !booking.comped && named(booking)
        };
        let index = self.bookings.iter().position(mine)?;
        let stale = self.stale(self.bookings.get(index), call.now);
        let booking = self.bookings.get_mut(index)?;
        if !booking.is_live() {
            return Some(false);
        }
        let class = self.classes.iter_mut().find(|class| class.id == booking.class_id)?;
        let waiting = class.queue.iter().position(|who| who.as_ref() == Some(&booking.id));
        booking.stale = stale;
        booking.canceled_at = Some(call.now);
        booking.updated_at = call.now;
        booking.late = waiting.is_none() && times::plus_minutes(call.now, LATE_MINUTES) >= class.start;
        if let Some(index) = waiting {
            class.queue.remove(index);
        } else if !class.queue.is_empty() && class.queue.remove(0).is_none() {
            // The spot went to somebody else who was first in line.
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

    /// The position of a booking on the waitlist, from 1.
    pub(super) fn waitlist_position(booking: &Booking, class: &Class) -> Option<usize> {
        let place = class.queue.iter().position(|who| who.as_ref() == Some(&booking.id))?;
        booking.is_live().then_some(place.saturating_add(1))
    }

    pub(super) fn is_full(&self, class: &Class) -> bool {
        class.others.saturating_add(self.taken(class)) >= class.capacity
    }

    /// How many of the sandbox's accounts have a spot in a class.
    pub(super) fn taken(&self, class: &Class) -> usize {
        let has_spot = |booking: &&Booking| {
            booking.class_id == class.id
                && booking.is_live()
                && !booking.comped
                && Self::waitlist_position(booking, class).is_none()
        };
        self.bookings.iter().filter(has_spot).count()
    }
}
