//! Users and tenants.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::fields::{integer, lenient, lenient_list, permissions};
use crate::codegrade::{TenantId, UserId};

/// The user who is logged in.
#[doc(alias = "ExtendedUser")]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CurrentUser {
    /// The user's id.
    pub id: UserId,
    /// The kind of user: `normal`.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: String,
    /// The name for logging in.
    #[serde(default, deserialize_with = "lenient")]
    pub username: String,
    /// The full name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether it is a test student.
    #[serde(default, deserialize_with = "lenient")]
    pub is_test_student: bool,
    /// The user's tenant.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant_id: TenantId,
    /// The email address.
    #[serde(default, deserialize_with = "lenient")]
    pub email: Option<String>,
    /// Whether the address is verified.
    #[serde(default, deserialize_with = "lenient")]
    pub email_verified: Option<bool>,
    /// Whether the user sees hidden assignments in some course.
    #[serde(default, deserialize_with = "lenient")]
    pub hidden: bool,
    /// The global permissions by name, e.g. `can_use_snippets`.
    #[serde(default, deserialize_with = "permissions")]
    pub permissions: BTreeMap<String, bool>,
}

/// One of several users to log in as.
#[doc(alias = "OTPLoginableUser")]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtpLoginableUser {
    /// The user's id, for [`SelectOtpLoginData`](crate::codegrade::SelectOtpLoginData).
    pub id: UserId,
    /// The kind of user: `normal`.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: String,
    /// The name for logging in.
    #[serde(default, deserialize_with = "lenient")]
    pub username: String,
    /// The full name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether it is a test student.
    #[serde(default, deserialize_with = "lenient")]
    pub is_test_student: bool,
    /// The user's tenant.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant_id: TenantId,
    /// The same tenant in full.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant: Option<Tenant>,
    /// Whether the user can log in with a code. One who cannot is managed by another system (LTI or SSO).
    #[serde(default, deserialize_with = "lenient")]
    pub can_login: bool,
}

/// A user as part of another object: an author, an assignee, or who submitted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The kind of user: `normal`, or `group-user` for a group that submits together.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: String,
    /// The name for logging in.
    #[serde(default, deserialize_with = "lenient")]
    pub username: String,
    /// The full name. Absent for a group, and for a user whose personal data was deleted.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether it is a test student.
    #[serde(default, deserialize_with = "lenient")]
    pub is_test_student: bool,
    /// The user's tenant.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant_id: TenantId,
    /// The group, for a `group-user`.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
}

/// A group that submits together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Group {
    /// The group's id.
    #[serde(default, deserialize_with = "integer")]
    pub id: Option<i64>,
    /// The group's name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    /// Its members.
    #[serde(default, deserialize_with = "lenient_list")]
    pub members: Vec<User>,
}

/// A school or company on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tenant {
    /// The tenant's id.
    pub id: TenantId,
    /// The name on the login page.
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    /// The tenant's SSO provider.
    #[serde(default, deserialize_with = "lenient")]
    pub sso_provider_id: Option<String>,
    /// One or more short names, for searching.
    #[serde(default, deserialize_with = "lenient")]
    pub abbreviated_name: Option<String>,
    /// The position among tenants: highest first, then by name.
    #[serde(default, deserialize_with = "lenient")]
    pub order_category: i64,
    /// Whether lists show it only to users who may list hidden tenants.
    #[serde(default, deserialize_with = "lenient")]
    pub is_hidden: bool,
    /// The host of the tenant.
    #[serde(default, deserialize_with = "lenient")]
    pub netloc: String,
}

/// Shows only the id: names and addresses are private, and a user name may be an address too.
macro_rules! debug_id {
    ($($name:ident)*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("id", &self.id).finish_non_exhaustive()
            }
        }
    )* };
}

debug_id! { CurrentUser OtpLoginableUser User }
