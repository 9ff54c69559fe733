//! Courses.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fields::{lenient, timestamp};
use crate::codegrade::text_enum::text_enum;
use crate::codegrade::{CourseId, TenantId};

/// A course that the user is a member of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Course {
    /// The course's id.
    pub id: CourseId,
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    /// When it was created.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_at: Option<Timestamp>,
    /// Whether it is a virtual course.
    #[serde(rename = "virtual", default, deserialize_with = "lenient")]
    pub is_virtual: bool,
    /// Whether it can be seen.
    #[serde(default, deserialize_with = "lenient")]
    pub state: Option<CourseState>,
    /// The tenant of the course.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant_id: TenantId,
    /// What the course may use.
    #[serde(default, deserialize_with = "lenient")]
    pub tier: Option<CourseTier>,
    /// What the course costs; absent if it is free.
    #[serde(default, deserialize_with = "lenient")]
    pub price: Option<CoursePrice>,
    /// What is needed to get in.
    #[serde(default, deserialize_with = "lenient")]
    pub access_restrictions: CourseRestrictions,
}

/// The price of a course.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CoursePrice {
    /// The currency in lower case, e.g. `eur`.
    #[serde(default, deserialize_with = "lenient")]
    pub currency: String,
    /// The amount in that currency, as a decimal number, e.g. `12.50`.
    #[serde(default, deserialize_with = "lenient")]
    pub amount: String,
}

/// What is needed to get into a course.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CourseRestrictions {
    /// Whether it has a password.
    #[serde(default, deserialize_with = "lenient")]
    pub password: PasswordRestriction,
}

/// Whether something has a password. The password itself, which the server sends to teachers, is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PasswordRestriction {
    /// Whether it is set.
    #[serde(rename = "tag", default, deserialize_with = "lenient")]
    pub state: Option<PasswordState>,
}

text_enum! {
    /// The state of a course.
    CourseState {
        /// It can be seen.
        Visible = "visible",
        /// Only those with a special permission see it.
        Archived = "archived",
        /// It is gone.
        Deleted = "deleted",
    }
}

text_enum! {
    /// What a course may use.
    CourseTier {
        /// Everything.
        Advanced = "advanced",
        /// Less.
        Starter = "starter",
        /// The least.
        Free = "free",
    }
}

text_enum! {
    /// Whether a password is set.
    PasswordState {
        /// No password is needed.
        NotSet = "not-set",
        /// A password is needed.
        Set = "set",
    }
}
