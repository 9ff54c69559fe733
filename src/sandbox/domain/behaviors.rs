//! Behaviors of the booking endpoints that a test can switch, and the lag of the booking lists.

use jiff::{SignedDuration, Timestamp};

use super::Domain;
use super::bookings::Booking;

/// The recorded bookings were all made 28 dates ahead, most of them within minutes of studio midnight.
const BOOKING_WINDOW: u16 = 28;

/// What a test can switch; the defaults are what is recorded, where anything is.
#[derive(Debug)]
pub(crate) struct Behaviors {
    /// How many dates ahead of the studio's today a class can be booked.
    pub(crate) booking_window: u16,
    pub(crate) list_delay: ListDelay,
    /// The newer booking list has no more items than this.
    pub(crate) list_limit: Option<usize>,
    /// The refusal of a class that is already booked names the booking.
    pub(crate) refusals_name_booking: bool,
    pub(crate) refuses_overlaps: bool,
    /// A rated booking is still `ratable`.
    pub(crate) rated_stays_ratable: bool,
    /// The class counters leave out later classes.
    pub(crate) counters_until: Option<Timestamp>,
    /// All comped bookings have one id.
    pub(crate) comped_share_id: bool,
}

impl Default for Behaviors {
    fn default() -> Self {
        Self {
            booking_window: BOOKING_WINDOW,
            list_delay: ListDelay::default(),
            list_limit: None,
            refusals_name_booking: false,
            refuses_overlaps: false,
            rated_stays_ratable: false,
            counters_until: None,
            comped_share_id: false,
        }
    }
}

/// How long the booking lists show the state before a write. Both have to pass.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ListDelay {
    pub(crate) lists: u32,
    pub(crate) time: SignedDuration,
}

/// What the booking lists still show of a booking that was written a moment ago.
#[derive(Clone, Debug)]
pub(super) struct Stale {
    /// The booking before the write; `None` if it did not exist.
    before: Option<Box<Booking>>,
    lists_left: u32,
    until: Timestamp,
}

impl Domain {
    pub(crate) fn behaviors_mut(&mut self) -> &mut Behaviors {
        &mut self.behaviors
    }

    /// What the lists show after a write at `now`, given the booking before it.
    pub(super) fn stale(&self, before: Option<&Booking>, now: Timestamp) -> Option<Stale> {
        let ListDelay { lists, time } = self.behaviors.list_delay;
        if lists == 0 && time.is_zero() {
            return None;
        }
        let until = now.checked_add(time).unwrap_or(Timestamp::MAX);
        // Of two writes in a row, the lists show the state before the first.
        let before = before.and_then(|booking| match &booking.stale {
            Some(stale) if stale.is_shown(now) => stale.before.clone(),
            _ => Some(Box::new(booking.clone())),
        });
        Some(Stale { before, lists_left: lists, until })
    }

    /// Counts a list that the member has received.
    pub(super) fn lists_catch_up(&mut self, member: &str) {
        let mine = self.bookings.iter_mut().filter(|booking| booking.member == member);
        for stale in mine.filter_map(|booking| booking.stale.as_mut()) {
            stale.lists_left = stale.lists_left.saturating_sub(1);
        }
    }
}

impl Stale {
    fn is_shown(&self, now: Timestamp) -> bool {
        self.lists_left > 0 || now < self.until
    }
}

impl Booking {
    /// The booking as the booking lists show it, which may lag behind; `None` if they do not have it yet.
    pub(super) fn as_listed(&self, now: Timestamp) -> Option<&Self> {
        match &self.stale {
            Some(stale) if stale.is_shown(now) => stale.before.as_deref(),
            _ => Some(self),
        }
    }
}
