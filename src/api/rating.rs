//! Rating a class: the one call that bookings and workouts share.

use serde::Serialize;

use super::has_id::required;
use super::workouts::summary_call;
use crate::client::{Call, Client};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{ClassUuid, PerformanceSummaryId};

const PATH: &str = "/mobile/v1/members/classes/ratings";

/// What the service calls the ratings 0 to 3 of a class, and of a coach. 0 dismisses the question.
const CLASS_RATINGS: [u8; 4] = [0, 19, 20, 21];
const COACH_RATINGS: [u8; 4] = [0, 16, 17, 18];

/// Rates a class and its coach, each from 0 to 3.
pub(crate) fn rate(
    client: &Client,
    class_uuid: &ClassUuid,
    performance_summary_id: &PerformanceSummaryId,
    class_rating: u8,
    coach_rating: u8,
) -> Result<()> {
    #[derive(Serialize)]
    struct Rating<'a> {
        #[serde(rename = "classUUId")]
        class_uuid: &'a ClassUuid,
        #[serde(rename = "otBeatClassHistoryUUId")]
        performance_summary_id: &'a PerformanceSummaryId,
        #[serde(rename = "classRating")]
        class_rating: u8,
        #[serde(rename = "coachRating")]
        coach_rating: u8,
    }

    let call = Call::post(Host::Default, PATH)
        .json(&Rating {
            class_uuid: required(class_uuid)?,
            performance_summary_id: required(performance_summary_id)?,
            class_rating: on_scale("class_rating", class_rating, CLASS_RATINGS)?,
            coach_rating: on_scale("coach_rating", coach_rating, COACH_RATINGS)?,
        })?
        .hint("look up the ratings of the booking");
    let summary = summary_call(client, performance_summary_id)?;
    let rated = client.send(&call);
    // Whatever became of it: the summary says whether the class can be rated.
    client.forget(&summary);
    rated
}

/// The error of a workout that is known to be rated.
pub(super) fn already_rated() -> Error {
    Error::AlreadyRated { endpoint: format!("POST {PATH}"), message: None }
}

fn on_scale(argument: &'static str, rating: u8, scale: [u8; 4]) -> Result<u8> {
    let sent = scale.get(usize::from(rating)).copied();
    sent.ok_or_else(|| Error::invalid(argument, format!("{rating} is not among 0 to 3")))
}
