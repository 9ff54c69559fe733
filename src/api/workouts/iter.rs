//! Workouts, one at a time.

use std::fmt;
use std::iter::FusedIterator;
use std::vec;

use super::WorkoutQuery;
use super::hosts::Hosts;
use super::parts::{ClassUuids, HostFailure, Outline, assemble};
use crate::client::Client;
use crate::error::Result;
use crate::models::{Booking, Rejected, Workout};

/// Workouts, the newest first, each loaded on demand: [`WorkoutApi::iter`](super::WorkoutApi::iter).
///
/// Its length is known from the start, so that a program can show progress. Skipped workouts are not requested, whether
/// they are skipped by [`skip`](Iterator::skip), [`rev`](Iterator::rev) and the like, or by [`retain`](Self::retain).
/// If the summaries or the telemetry fail three times in a row, they are not requested for a minute; in the workouts
/// loaded meanwhile, that part is [`Failed`](crate::models::PartStatus::Failed).
///
/// ```
/// # #[cfg(feature = "sandbox")] {
/// # use otf_api::sandbox::Sandbox;
/// use std::collections::HashSet;
/// use otf_api::{BookingId, Otf, WorkoutQuery};
///
/// # let sandbox = Sandbox::start()?;
/// # let otf = Otf::builder().sandbox(&sandbox).login()?;
/// # let known: HashSet<BookingId> = HashSet::new();
/// let mut workouts = otf.workouts().iter(&WorkoutQuery::new().lifetime())?;
/// workouts.retain(|booking| !known.contains(&booking.booking_id));
/// println!("{} are new", workouts.len());
/// for workout in workouts.rev().take(3) {
///     println!("{}", workout?);
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Workouts<'a> {
    client: &'a Client,
    query: WorkoutQuery,
    bookings: vec::IntoIter<Booking>,
    rejected: Vec<Rejected>,
    class_uuids: ClassUuids,
    hosts: Hosts,
}

impl<'a> Workouts<'a> {
    pub(super) fn new(client: &'a Client, query: WorkoutQuery, outline: Outline) -> Self {
        let Outline { mut bookings, rejected, class_uuids } = outline;
        bookings.reverse();
        Self { client, query, bookings: bookings.into_iter(), rejected, class_uuids, hosts: Hosts::default() }
    }

    /// The bookings that could not be read, so that their workouts are missing.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// Leaves out the workouts of bookings for which `keep` returns false, without requesting them.
    pub fn retain(&mut self, keep: impl FnMut(&Booking) -> bool) {
        let mut bookings: Vec<Booking> = self.bookings.by_ref().collect();
        bookings.retain(keep);
        self.bookings = bookings.into_iter();
    }

    /// The workout of a booking, if there is one.
    fn workout(&self, booking: Option<Booking>) -> Option<Result<Workout>> {
        let workouts = assemble(
            self.client,
            vec![booking?],
            &self.query,
            &self.class_uuids,
            &self.hosts,
            HostFailure::StaysWithParts,
        );
        workouts.map(|workouts| workouts.into_iter().next()).transpose()
    }
}

impl Iterator for Workouts<'_> {
    type Item = Result<Workout>;

    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<Self::Item> {
        let booking = self.bookings.nth(skipped);
        self.workout(booking)
    }

    fn last(mut self) -> Option<Self::Item> {
        self.next_back()
    }

    fn count(self) -> usize {
        self.len()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.bookings.size_hint()
    }
}

impl DoubleEndedIterator for Workouts<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.nth_back(0)
    }

    fn nth_back(&mut self, skipped: usize) -> Option<Self::Item> {
        let booking = self.bookings.nth_back(skipped);
        self.workout(booking)
    }
}

impl ExactSizeIterator for Workouts<'_> {}

impl FusedIterator for Workouts<'_> {}

impl fmt::Debug for Workouts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workouts").field("left", &self.len()).finish_non_exhaustive()
    }
}
