//! Workouts and what belongs to them.

mod challenges;
mod history;
mod history_check;
mod history_sources;
mod hosts;
mod iter;
mod parts;
mod query;
mod records;

pub use self::challenges::BenchmarkQuery;
pub use self::history::{HistoryIter, HistoryProgress, WorkoutHistory};
pub use self::history_check::{HistoryCheck, HistoryMonth, HistorySource, HistorySourceKind, Trust};
pub use self::iter::Workouts;
pub(super) use self::parts::summary_call;
pub use self::query::WorkoutQuery;
pub(super) use self::query::at_least_one;

use self::hosts::Hosts;
use self::parts::{ClassUuids, HostFailure, assemble, outline, telemetry_call, unless_empty};
use serde::de::DeserializeOwned;

use super::booking_query::BookingQuery;
use super::bookings::{BookingApi, LIST_ENDPOINT};
use super::feedback::{Feedback, already_rated, rate};
use super::has_id::{HasId, Internal, required};
use crate::client::{Call, Client};
use crate::error::{Error, Result};
use crate::models::{
    Booking, BookingId, Listing, PerformanceSummary, PerformanceSummaryId, Rating, Ratings, Telemetry,
    Workout,
};

/// Workouts: [`Otf::workouts`](crate::Otf::workouts).
#[derive(Clone, Copy, Debug)]
pub struct WorkoutApi<'a> {
    client: &'a Client,
}

impl<'a> WorkoutApi<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// The workouts of the query, the earliest first: a request for the bookings, one for the list of summaries, and
    /// two per workout, except cached ones. See [`OtfBuilder::concurrency`](crate::OtfBuilder::concurrency).
    ///
    /// Each is the booking of a class that has started, with its performance summary and its telemetry. A workout
    /// without one of them is in the list too, and [`summary_status`](Workout::summary_status) and
    /// [`telemetry_status`](Workout::telemetry_status) say why. Without the list of summaries the class's id for
    /// ratings is known only if the booking has it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an end before the start or no data points; the first error if the summaries or the
    /// telemetry of all workouts failed; and those of [any call](Error#any-call).
    #[doc(alias = "get_workouts")]
    pub fn list(&self, query: &WorkoutQuery) -> Result<Listing<Workout>> {
        let outline = outline(self.client, query)?;
        let workouts = assemble(
            self.client,
            outline.bookings,
            query,
            &outline.class_uuids,
            &Hosts::default(),
            HostFailure::IsError,
        )?;
        Ok(Listing::from_parts(workouts, outline.rejected))
    }

    /// The same workouts one at a time, the newest first, each loaded on demand. The first takes four requests,
    /// including the two of this method.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// use otf_api::{Otf, WorkoutQuery};
    ///
    /// # let sandbox = otf_api::sandbox::Sandbox::start()?;
    /// # let otf = Otf::builder().sandbox(&sandbox).login()?;
    /// let last = otf.workouts().iter(&WorkoutQuery::new())?.next().transpose()?;
    /// if let Some(workout) = last {
    ///     println!("{workout}: {:?} splat points", workout.splat_points());
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`WorkoutApi::list`]. An item that fails does not end the iterator: the next one may succeed.
    #[doc(alias = "get_workouts")]
    pub fn iter(&self, query: &WorkoutQuery) -> Result<Workouts<'a>> {
        Ok(Workouts::new(self.client, query.clone(), outline(self.client, query)?))
    }

    /// All workouts, by start: [`WorkoutApi::list`] of [`WorkoutQuery::lifetime`].
    ///
    /// # Errors
    ///
    /// As [`WorkoutApi::list`].
    #[doc(alias = "get_lifetime_workouts")]
    pub fn lifetime(&self) -> Result<Listing<Workout>> {
        self.list(&WorkoutQuery::new().lifetime())
    }

    /// The workout of a booking, in full: two requests, and one more if only the booking's id is given.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the booking has no workout, or there is no such booking; otherwise as
    /// [`WorkoutApi::list`].
    #[doc(alias = "get_workout_from_booking")]
    pub fn for_booking(&self, booking: impl HasId<BookingId>) -> Result<Workout> {
        self.for_booking_with(booking, &WorkoutQuery::new())
    }

    /// The same with the parts that the query selects; its dates are ignored.
    ///
    /// # Errors
    ///
    /// As [`WorkoutApi::for_booking`].
    pub fn for_booking_with(&self, booking: impl HasId<BookingId>, query: &WorkoutQuery) -> Result<Workout> {
        query.check()?;
        let booking = match booking.booking(Internal) {
            Some(booking) => booking.clone(),
            None => BookingApi::new(self.client).get(booking)?,
        };
        let without_workout = format!("booking {} has no workout", booking.booking_id);
        let not_found =
            || Error::NotFound { endpoint: LIST_ENDPOINT.to_owned(), message: Some(without_workout) };
        if booking.workout.is_none() {
            return Err(not_found());
        }
        // A booking has the class's id for as long as it can be rated, so the list of summaries is not needed.
        let workouts = assemble(
            self.client,
            vec![booking],
            query,
            &ClassUuids::new(),
            &Hosts::default(),
            HostFailure::StaysWithParts,
        )?;
        workouts.into_iter().next().ok_or_else(not_found)
    }

    /// Rates a workout's class and coach, and returns the workout with the rating: one request more, for the booking.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyRated`]; [`Error::NotRatable`] if the service accepts no rating for the workout, or no longer;
    /// [`Error::OutcomeUnknown`] if it may have been rated.
    #[doc(alias = "rate_class_from_workout")]
    pub fn rate(&self, workout: &Workout, feedback: Feedback) -> Result<Workout> {
        if workout.class_rating().is_some() || workout.coach_rating().is_some() {
            return Err(already_rated());
        }
        let not_ratable = |reason: &str| Error::NotRatable { reason: reason.to_owned() };
        if workout.ratable() != Some(true) {
            return Err(not_ratable("the service accepts no rating for this workout"));
        }
        let class_uuid =
            workout.class_uuid().ok_or_else(|| not_ratable("its class no longer has an id for ratings"))?;
        let id =
            workout.performance_summary_id().ok_or_else(|| not_ratable("it has no performance summary"))?;
        rate(self.client, class_uuid, id, feedback)?;
        let booking = self.rated_booking(&workout.booking, feedback);
        Ok(Workout { booking, ..workout.clone() })
    }

    /// A performance summary, without the class's id for ratings; see [`WorkoutApi::performance_summaries`].
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for an invalid id; and those of [any call](Error#any-call).
    #[doc(alias = "get_performance_summary")]
    pub fn performance_summary(
        &self,
        performance_summary: impl HasId<PerformanceSummaryId>,
    ) -> Result<PerformanceSummary> {
        self.part(&summary_call(self.client, required(&performance_summary)?)?)
    }

    /// The performance summaries, the newest first, up to a limit. They have the class's id for ratings, but
    /// neither heart rates nor equipment.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a limit of 0; and those of [any call](Error#any-call).
    #[doc(alias = "get_performance_summaries")]
    pub fn performance_summaries(&self, limit: Option<u32>) -> Result<Listing<PerformanceSummary>> {
        let mut call = parts::summaries_call(self.client);
        if let Some(limit) = limit {
            at_least_one("limit", limit)?;
            call = call.query("limit", limit.to_string());
        }
        self.client.list(&call, &["items"])
    }

    /// What was measured during a workout, at this many points at most. The official app requests 150.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for an invalid id or no data points; otherwise as for
    /// any call.
    #[doc(alias = "get_telemetry")]
    pub fn telemetry(
        &self,
        performance_summary: impl HasId<PerformanceSummaryId>,
        max_data_points: u32,
    ) -> Result<Telemetry> {
        at_least_one("max_data_points", max_data_points)?;
        self.part(&telemetry_call(required(&performance_summary)?, max_data_points))
    }

    fn part<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        self.client.fetch(call, unless_empty)?.ok_or_else(|| Error::NotFound {
            endpoint: call.endpoint(),
            message: Some("the response is empty".to_owned()),
        })
    }

    /// The booking after its class was rated. The rating succeeded, so no failure here is an error; a list that does
    /// not show the rating yet is completed.
    fn rated_booking(&self, before: &Booking, feedback: Feedback) -> Booking {
        let at = before.start().local;
        let that_class = BookingQuery::new().from(at).until(at).canceled().duplicates();
        let found = BookingApi::new(self.client).list(&that_class).map(|bookings| {
            bookings
                .into_iter()
                .find(|booking| booking.booking_id == before.booking_id && shows_rating(booking))
        });
        if let Ok(Some(booking)) = found {
            return booking;
        }
        let rating =
            |value: Option<i64>| value.map(|value| Rating { value: Some(value), ..Rating::default() });
        let (class, coach) = feedback.numbers();
        let (class, coach) = (rating(class), rating(coach));
        let ratings = (class.is_some() || coach.is_some()).then_some(Ratings { coach, class });
        Booking { ratable: Some(false), ratings, ..before.clone() }
    }
}

/// Whether a booking shows that its class was rated. A service that calls a rated class ratable is still believed.
fn shows_rating(booking: &Booking) -> bool {
    !booking.is_ratable() || booking.ratings.is_some()
}
