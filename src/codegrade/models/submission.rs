//! Submissions, their grades and feedback.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::assignment::Timeframe;
use super::fields::{integer, lenient, lenient_list, number, timestamp};
use super::user::User;
use crate::codegrade::text_enum::text_enum;
use crate::codegrade::{AssignmentId, RubricItemId, RubricRowId, SubmissionId, UserId};

/// A submission to an assignment.
#[doc(alias = "Work")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Submission {
    /// The submission's id.
    pub id: SubmissionId,
    /// The assignment.
    #[serde(default, deserialize_with = "lenient")]
    pub assignment_id: AssignmentId,
    /// Who submitted: a user or a group.
    #[serde(default, deserialize_with = "lenient")]
    pub user: Option<User>,
    /// When it was submitted.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_at: Option<Timestamp>,
    /// Where the files came from.
    #[serde(default, deserialize_with = "lenient")]
    pub origin: Option<SubmissionOrigin>,
    /// The grade; its scale is that of the [assignment](super::AssignmentDetail::grading). Absent if there is none
    /// **or** the user may not see it yet: see [`grade_availability`](super::Assignment::grade_availability).
    #[serde(default, deserialize_with = "number")]
    pub grade: Option<f64>,
    /// Whether the grade was set by hand instead of by the rubric.
    #[serde(default, deserialize_with = "lenient")]
    pub grade_overridden: bool,
    /// Whether the grading is finished.
    #[serde(default, deserialize_with = "lenient")]
    pub manual_grading_status: GradingStatus,
    /// Who grades it. Absent also if the user may not see that.
    #[serde(default, deserialize_with = "lenient")]
    pub assignee: Option<User>,
    /// The deadlines that applied to it.
    #[serde(default, deserialize_with = "lenient")]
    pub timeframe: Timeframe,
    /// Whether it is the user's latest. Only [`Session::submission`](crate::codegrade::Session::submission) tells.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub is_latest: Option<bool>,
}

/// Whether a submission's grading is finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GradingStatus {
    /// The status.
    #[serde(default, deserialize_with = "lenient")]
    pub tag: Option<GradingStatusTag>,
}

/// A row of a rubric: one aspect that a submission is graded by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RubricRow {
    /// The row's id.
    pub id: RubricRowId,
    /// The title.
    #[serde(default, deserialize_with = "lenient")]
    pub header: String,
    /// More about it.
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<String>,
    /// The kind of row: `normal`, or `continuous` for a row with one item, of which a part can be given.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: String,
    /// The items to choose from.
    #[serde(default, deserialize_with = "lenient_list")]
    pub items: Vec<RubricItem>,
}

/// An item of a rubric's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RubricItem {
    /// The item's id.
    pub id: RubricItemId,
    /// The title.
    #[serde(default, deserialize_with = "lenient")]
    pub header: String,
    /// More about it.
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<String>,
    /// The points that it gives.
    #[serde(default, deserialize_with = "number")]
    pub points: Option<f64>,
}

/// An item of the rubric that a submission was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RubricResult {
    /// The item.
    pub item_id: RubricItemId,
    /// The part of the item's points, e.g. 0.5 for half of a continuous row.
    #[serde(default, deserialize_with = "number")]
    pub multiplier: Option<f64>,
    /// The item's points times the multiplier.
    #[serde(default, deserialize_with = "number")]
    pub achieved_points: Option<f64>,
}

/// The feedback on a submission, as far as the user may see it.
#[doc(alias = "FeedbackWithReplies")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Feedback {
    /// The feedback on the whole submission, as one text; empty if there is none.
    #[serde(default, deserialize_with = "lenient")]
    pub general: String,
    /// The comment on the whole submission, with its replies.
    #[serde(default, deserialize_with = "lenient")]
    pub general_comment: Option<Comment>,
    /// The comments on single lines.
    #[serde(rename = "user", default, deserialize_with = "lenient_list")]
    pub comments: Vec<Comment>,
    /// Who wrote them, as far as the user may see that.
    #[serde(default, deserialize_with = "lenient_list")]
    pub authors: Vec<User>,
}

/// A comment and its replies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comment {
    /// The comment's id.
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    /// The file that it is about.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub file_id: Option<String>,
    /// The line that it is about, counted from 0.
    #[serde(default, deserialize_with = "integer", skip_serializing_if = "Option::is_none")]
    pub line: Option<i64>,
    /// The texts, in order.
    #[serde(default, deserialize_with = "lenient_list")]
    pub replies: Vec<CommentReply>,
}

/// A text of a comment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CommentReply {
    /// The reply's id.
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    /// The text; empty if it was deleted.
    #[serde(default, deserialize_with = "lenient")]
    pub comment: String,
    /// Whether it was deleted.
    #[serde(default, deserialize_with = "lenient")]
    pub deleted: bool,
    /// Who wrote it, if the user may see that.
    #[serde(default, deserialize_with = "lenient")]
    pub author_id: Option<UserId>,
    /// When it was written.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_at: Option<Timestamp>,
}

text_enum! {
    /// Where the files of a submission came from.
    SubmissionOrigin {
        /// They were uploaded.
        UploadedFiles = "uploaded_files",
        /// From a repository on GitHub.
        GitHub = "github",
        /// From a repository on GitLab.
        GitLab = "gitlab",
    }
}

text_enum! {
    /// How far the grading is.
    GradingStatusTag {
        /// Not known, or not visible to the user.
        Unknown = "unknown",
        /// It is finished.
        Finished = "finished",
        /// It is not finished.
        Unfinished = "unfinished",
    }
}
