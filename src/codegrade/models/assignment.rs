//! Assignments.

use std::ops::Deref;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::course::PasswordRestriction;
use super::fields::{duration, integer, lenient, number, serialize_duration, timestamp};
use crate::codegrade::text_enum::text_enum;
use crate::codegrade::{AssignmentId, CourseId};

/// An assignment in a list. [`Session::assignment`](crate::codegrade::Session::assignment) returns more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Assignment {
    /// The assignment's id.
    pub id: AssignmentId,
    /// The course that it belongs to.
    #[serde(default, deserialize_with = "lenient")]
    pub course_id: CourseId,
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    /// When it was created.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_at: Option<Timestamp>,
    /// Whether it is an exam.
    #[serde(default, deserialize_with = "lenient")]
    pub kind: Option<AssignmentKind>,
    /// When it can be worked on.
    #[serde(default, deserialize_with = "lenient")]
    pub timeframe: Timeframe,
    /// Whether other users may have other deadlines.
    #[serde(default, deserialize_with = "lenient")]
    pub has_multiple_timeframes: bool,
    /// Whether students see their grades.
    #[serde(default, deserialize_with = "lenient")]
    pub grade_availability: Availability,
    /// What is needed to get in.
    #[serde(default, deserialize_with = "lenient")]
    pub restrictions: AssignmentRestrictions,
    /// Whether it belongs to a learning management system.
    #[serde(default, deserialize_with = "lenient")]
    pub is_lti: bool,
    /// Whether it has a description.
    #[serde(default, deserialize_with = "lenient")]
    pub has_description: bool,
}

impl Assignment {
    /// The deadline, if it has one.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.timeframe.deadline
    }

    /// Whether the deadline is at `from` or later, and before `to`.
    pub fn is_due_between(&self, from: Timestamp, to: Timestamp) -> bool {
        self.deadline().is_some_and(|deadline| from <= deadline && deadline < to)
    }
}

/// An assignment with everything about it that a student can use. It is an [`Assignment`] too: `detail.name` works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssignmentDetail {
    /// The fields that lists have as well.
    #[serde(flatten)]
    pub assignment: Assignment,
    /// The highest grade, where 10 is a perfect score: 12 leaves room for 2 bonus points. Absent: 10.
    #[serde(default, deserialize_with = "number")]
    pub max_grade: Option<f64>,
    /// The scale on which grades are shown.
    #[serde(default, deserialize_with = "lenient")]
    pub grading: Grading,
    /// The points of the rubric that make a perfect score, if that is not their sum.
    #[serde(default, deserialize_with = "number")]
    pub fixed_max_rubric_points: Option<f64>,
    /// How many submissions are allowed; absent: any number.
    #[serde(default, deserialize_with = "integer")]
    pub max_submissions: Option<i64>,
    /// How long to wait after [`amount_in_cool_off_period`](Self::amount_in_cool_off_period) submissions.
    #[serde(default, deserialize_with = "duration", serialize_with = "serialize_duration")]
    pub cool_off_period: Option<Duration>,
    /// How many submissions are allowed within the cool-off period; 0: any number.
    #[serde(default, deserialize_with = "integer")]
    pub amount_in_cool_off_period: Option<i64>,
    /// Whether files can be uploaded.
    #[serde(default, deserialize_with = "lenient")]
    pub files_upload_enabled: bool,
    /// Whether students can work in the online editor.
    #[serde(default, deserialize_with = "lenient")]
    pub editor_upload_enabled: bool,
    /// The id of its automatic tests, if it has any.
    #[serde(default, deserialize_with = "integer")]
    pub auto_test_id: Option<i64>,
}

impl Deref for AssignmentDetail {
    type Target = Assignment;

    fn deref(&self) -> &Assignment {
        &self.assignment
    }
}

/// When an assignment can be worked on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Timeframe {
    /// Whether it is open, or from when.
    #[serde(default, deserialize_with = "lenient")]
    pub availability: Availability,
    /// The deadline.
    #[serde(default, deserialize_with = "timestamp")]
    pub deadline: Option<Timestamp>,
    /// A second, hard deadline.
    #[serde(default, deserialize_with = "timestamp")]
    pub lock_date: Option<Timestamp>,
}

/// Whether something is available, or from when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tag", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Availability {
    /// Set by hand.
    Fixed {
        /// Whether it is available.
        value: bool,
    },
    /// By time.
    Timed {
        /// When it becomes available.
        available_at: Timestamp,
    },
    /// The server did not send it, or sent an unknown value.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Availability {
    /// Whether it is available at this time; `None` if that is unknown.
    pub fn is_available(&self, now: Timestamp) -> Option<bool> {
        match self {
            Self::Fixed { value } => Some(*value),
            Self::Timed { available_at } => Some(*available_at <= now),
            Self::Unknown => None,
        }
    }
}

/// What is needed to get into an assignment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssignmentRestrictions {
    /// Whether it has a password.
    #[serde(default, deserialize_with = "lenient")]
    pub password: PasswordRestriction,
}

/// The scale on which grades are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Grading {
    /// Points or percent.
    #[serde(default, deserialize_with = "lenient")]
    pub scale: Option<GradingScale>,
    /// For a points scale: how many points make a perfect score.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub points: Option<Fraction>,
}

/// A fraction of two integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fraction {
    /// The numerator.
    #[serde(rename = "n", default, deserialize_with = "integer")]
    pub numerator: Option<i64>,
    /// The denominator.
    #[serde(rename = "d", default, deserialize_with = "integer")]
    pub denominator: Option<i64>,
}

impl Fraction {
    /// The number; `None` if a part is absent or the denominator is 0.
    #[allow(clippy::cast_precision_loss, reason = "points are small")]
    pub fn as_f64(self) -> Option<f64> {
        let denominator = self.denominator.filter(|denominator| *denominator != 0)?;
        Some(self.numerator? as f64 / denominator as f64)
    }
}

text_enum! {
    /// The kind of an assignment.
    AssignmentKind {
        /// An ordinary one.
        Normal = "normal",
        /// An exam.
        Exam = "exam",
    }
}

text_enum! {
    /// The scale of a grade.
    GradingScale {
        /// Points.
        Points = "points",
        /// Percent.
        Percentage = "percentage",
    }
}
