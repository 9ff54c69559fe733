//! Workouts, one at a time.

use std::fmt;
use std::iter::FusedIterator;
use std::vec;

use super::WorkoutQuery;
use super::parts::{ClassUuids, Outline, assemble};
use crate::error::Result;
use crate::models::{Booking, Rejected, Workout};
use crate::otf::Otf;

/// Workouts, the newest first, each asked for when it is wanted: [`WorkoutApi::iter`](super::WorkoutApi::iter).
///
/// Its length is known from the start, so that progress can be shown.
pub struct Workouts<'a> {
    otf: &'a Otf,
    query: WorkoutQuery,
    bookings: vec::IntoIter<Booking>,
    rejected: Vec<Rejected>,
    class_uuids: ClassUuids,
}

impl<'a> Workouts<'a> {
    pub(super) fn new(otf: &'a Otf, query: WorkoutQuery, outline: Outline) -> Self {
        let Outline { mut bookings, rejected, class_uuids } = outline;
        bookings.reverse();
        Self { otf, query, bookings: bookings.into_iter(), rejected, class_uuids }
    }

    /// The bookings that did not fit their type, and so have no workout here.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }
}

impl Iterator for Workouts<'_> {
    type Item = Result<Workout>;

    fn next(&mut self) -> Option<Self::Item> {
        let booking = self.bookings.next()?;
        let workouts = assemble(self.otf, vec![booking], &self.query, &self.class_uuids);
        workouts.map(|workouts| workouts.into_iter().next()).transpose()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.bookings.size_hint()
    }
}

impl ExactSizeIterator for Workouts<'_> {}

impl FusedIterator for Workouts<'_> {}

impl fmt::Debug for Workouts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workouts").field("left", &self.len()).finish_non_exhaustive()
    }
}
