//! The server's data.
//!
//! Only ids, tokens and the like are required: any other field that is absent, null or of another type is read as
//! absent. Unknown fields are ignored, and unknown values of an enum are preserved.

mod assignment;
mod course;
mod fields;
mod submission;
mod token;
mod user;

pub use assignment::{
    Assignment, AssignmentDetail, AssignmentKind, AssignmentRestrictions, Availability, Fraction, Grading,
    GradingScale, Timeframe,
};
pub use course::{
    Course, CoursePrice, CourseRestrictions, CourseState, CourseTier, PasswordRestriction, PasswordState,
};
pub(super) use fields::to_duration;
pub use submission::{
    Comment, CommentReply, Feedback, GradingStatus, GradingStatusTag, RubricItem, RubricResult, RubricRow,
    Submission, SubmissionOrigin,
};
pub(super) use token::LoginResponse;
pub use token::{OtpLoginResponse, RemovedPermissions, TokenContext, TokenRestrictions};
pub use user::{CurrentUser, Group, OtpLoginableUser, Tenant, User};
