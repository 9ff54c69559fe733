//! Rating a class, shared by bookings and workouts.

use serde::Serialize;

use super::has_id::required;
use super::workouts::summary_call;
use crate::client::{Call, Client};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{ClassUuid, PerformanceSummaryId};

const PATH: &str = "/mobile/v1/members/classes/ratings";

/// A rating of a class and its coach. The default rates neither, which dismisses the app's question.
///
/// ```
/// use otf_api::{Feedback, Score};
///
/// let happy = Feedback::new().class(Score::Good).coach(Score::Good);
/// # let _ = happy;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Feedback {
    class: Option<Score>,
    coach: Option<Score>,
}

/// A rating of a class or a coach, as the app offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Score {
    /// 1.
    Bad,
    /// 2.
    Okay,
    /// 3.
    Good,
}

impl Score {
    /// The score as the number 1, 2 or 3.
    pub fn number(self) -> u8 {
        match self {
            Self::Bad => 1,
            Self::Okay => 2,
            Self::Good => 3,
        }
    }

    /// The score with this number.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] unless the number is 1, 2 or 3.
    pub fn from_number(number: u8) -> Result<Self> {
        match number {
            1 => Ok(Self::Bad),
            2 => Ok(Self::Okay),
            3 => Ok(Self::Good),
            _ => Err(Error::invalid("number", format!("{number} is not 1, 2 or 3"))),
        }
    }
}

impl Feedback {
    /// Rates neither.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rates the class.
    #[must_use]
    pub fn class(mut self, score: Score) -> Self {
        self.class = Some(score);
        self
    }

    /// Rates the coach.
    #[must_use]
    pub fn coach(mut self, score: Score) -> Self {
        self.coach = Some(score);
        self
    }

    /// The scores of class and coach as numbers.
    pub(super) fn numbers(self) -> (Option<i64>, Option<i64>) {
        let number = |score: Option<Score>| score.map(|score| i64::from(score.number()));
        (number(self.class), number(self.coach))
    }
}

/// Sends a rating. The service numbers the scores of a class 19 to 21 and those of a coach 16 to 18; 0 is no rating.
pub(super) fn rate(
    client: &Client,
    class_uuid: &ClassUuid,
    performance_summary_id: &PerformanceSummaryId,
    feedback: Feedback,
) -> Result<()> {
    #[derive(Serialize)]
    struct NewRating<'a> {
        #[serde(rename = "classUUId")]
        class_uuid: &'a ClassUuid,
        #[serde(rename = "otBeatClassHistoryUUId")]
        performance_summary_id: &'a PerformanceSummaryId,
        #[serde(rename = "classRating")]
        class_rating: u8,
        #[serde(rename = "coachRating")]
        coach_rating: u8,
    }

    let from = |base: u8, score: Option<Score>| score.map_or(0, |score| base.saturating_add(score.number()));
    let call = Call::post(Host::Default, PATH)
        .json(&NewRating {
            class_uuid: required(class_uuid)?,
            performance_summary_id: required(performance_summary_id)?,
            class_rating: from(18, feedback.class),
            coach_rating: from(15, feedback.coach),
        })?
        .hint("look up the ratings of the booking");
    let summary = summary_call(client, performance_summary_id)?;
    let rated = client.send(&call);
    // Whatever the outcome: the cached summary says whether the class can be rated.
    client.forget_response(&summary);
    rated
}

/// The error for a workout that is known to be rated.
pub(super) fn already_rated() -> Error {
    Error::AlreadyRated { endpoint: format!("POST {PATH}"), message: None }
}
