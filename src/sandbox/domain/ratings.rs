//! Rating a class and its coach.

use serde_json::{Value, json};

use super::bookings::Booking;
use super::responses::{bad_request, error, not_found, success};
use super::{Call, Domain};
use crate::sandbox::http::Response;

/// The numbers that the service expects for ratings 0 to 3 of a coach and of a class.
const COACH: [u64; 4] = [0, 16, 17, 18];
const CLASS: [u64; 4] = [0, 19, 20, 21];

impl Domain {
    /// `POST /mobile/v1/members/classes/ratings`
    pub(super) fn rate(&mut self, call: &Call<'_>) -> Response {
        let body = call.request.json();
        let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
        let rating = |field: &str, scale: [u64; 4]| {
            let sent = body.get(field).and_then(Value::as_u64)?;
            (0..).zip(scale).find(|(_, value)| *value == sent).map(|(rating, _)| rating)
        };
        let (Some(coach), Some(class)) = (rating("coachRating", COACH), rating("classRating", CLASS)) else {
            return bad_request("coachRating and classRating must be of their scales");
        };
        let found = self.mine(call).filter(|(booking, _)| !booking.comped).find(|(booking, class)| {
            let workout = booking.workout.as_ref().map(|workout| workout.id.as_str());
            workout == Some(text("otBeatClassHistoryUUId")) && class.base_uuid == text("classUUId")
        });
        let Some(id) = found.map(|(booking, _)| booking.id.clone()) else {
            return not_found("The workout");
        };
        let is_open = |booking: &Booking| booking.id == id && booking.ratable && booking.ratings.is_none();
        let Some(index) = self.bookings.iter().position(is_open) else {
            return error(403, "FORBIDDEN", "The class is already rated");
        };
        let stale = self.stale(self.bookings.get(index), call.now);
        let stays_ratable = self.behaviors.rated_stays_ratable && (coach, class) != (0, 0);
        let Some(booking) = self.bookings.get_mut(index) else { return not_found("The workout") };
        booking.stale = stale;
        booking.ratable = stays_ratable;
        booking.updated_at = call.now;
        // Zeros dismiss the prompt and leave no rating.
        booking.ratings = (coach != 0 || class != 0).then_some((coach, class));
        success(&json!({}))
    }
}
