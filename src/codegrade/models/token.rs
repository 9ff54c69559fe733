//! Logins and their tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fields::{lenient, secret, timestamp};
use super::user::CurrentUser;
use crate::codegrade::{AssignmentId, CourseId, OtpLoginId};
use crate::secret::Secret;

/// A login that waits for its code.
#[doc(alias = "OTPLoginResponse")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtpLoginResponse {
    /// The id to pass to `confirm`, `list` and `select`.
    pub id: OtpLoginId,
}

/// A user who has just logged in. The server sends it only once, so only the token and the user's id are required.
#[derive(Deserialize)]
pub(in crate::codegrade) struct LoginResponse {
    pub(in crate::codegrade) user: CurrentUser,
    #[serde(deserialize_with = "secret")]
    pub(in crate::codegrade) access_token: Secret,
    #[serde(default, deserialize_with = "lenient")]
    pub(in crate::codegrade) restrictions: TokenRestrictions,
    #[serde(default, deserialize_with = "timestamp")]
    pub(in crate::codegrade) expires_at: Option<Timestamp>,
}

/// What a token does not allow, as reported by a login and requested by
/// [`Session::restrict_token`](crate::codegrade::Session::restrict_token).
///
/// ```
/// use otf_api::codegrade::{CourseId, TokenRestrictions};
///
/// let read_only = TokenRestrictions::new()
///     .course(CourseId::new(12))
///     .without_course_permissions(["can_submit_own_work", "can_edit_own_groups"]);
/// ```
#[doc(alias = "SessionRestrictionData")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenRestrictions {
    /// The only course for which the token is valid.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub for_context: Option<TokenContext>,
    /// Permissions that were removed.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub removed_permissions: Option<RemovedPermissions>,
    /// Assignments whose password was entered.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub verified_assignment_ids: Option<Vec<AssignmentId>>,
    /// Courses whose password was entered.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub verified_course_ids: Option<Vec<CourseId>>,
}

impl TokenRestrictions {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the token to one course.
    #[must_use]
    pub fn course(mut self, course_id: CourseId) -> Self {
        self.for_context = Some(TokenContext { course_id, isolated: None });
        self
    }

    /// Removes permissions in courses, e.g. `can_submit_own_work`, whether or not the user has them.
    #[must_use]
    pub fn without_course_permissions<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        let removed = self.removed_permissions.get_or_insert_default();
        removed.course.extend(names.into_iter().map(Into::into));
        self
    }

    /// Removes global permissions, e.g. `can_edit_own_info`, whether or not the user has them.
    #[must_use]
    pub fn without_global_permissions<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        let removed = self.removed_permissions.get_or_insert_default();
        removed.global.get_or_insert_default().extend(names.into_iter().map(Into::into));
        self
    }
}

/// The course for which a token is valid.
#[doc(alias = "SessionRestrictionContext")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenContext {
    /// The course.
    pub course_id: CourseId,
    /// Whether it is an isolated session, as exams use.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub isolated: Option<bool>,
}

/// Permissions that a token lacks, whether or not its user has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RemovedPermissions {
    /// By name, in courses.
    #[serde(default, deserialize_with = "lenient")]
    pub course: Vec<String>,
    /// By name, globally.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub global: Option<Vec<String>>,
}
