//! What comes back from the server.
//!
//! A login is answered once and can't be asked for again, so nothing but its token and its user's id has to
//! fit: any other field that is absent, null or of another type is as good as not there. Unknown fields are
//! ignored, and unknown permissions are kept.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::Secret;

/// A login that waits for its code.
#[doc(alias = "OTPLoginResponse")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtpLoginResponse {
    /// What `confirm`, `list` and `select` call it.
    pub id: String,
}

/// What a right code leads to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum OtpLoginConfirmation {
    /// One user matches and is logged in now.
    #[doc(alias = "OTPLoginSingleResponse")]
    Login(Box<OtpLoginSingleResponse>),
    /// Several users match: list them and select one.
    #[doc(alias = "OTPLoginMultiResponse")]
    Select,
}

/// A user who is logged in now.
#[doc(alias = "UserLoginResponse")]
#[doc(alias = "OTPLoginSingleResponse")]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtpLoginSingleResponse {
    /// Who it is.
    pub user: ExtendedUser,
    /// The token for further requests.
    #[serde(deserialize_with = "secret")]
    pub access_token: Secret,
    /// What the token does not allow.
    #[serde(default, deserialize_with = "lenient")]
    pub restrictions: SessionRestrictionData,
    /// When the token expires.
    #[serde(default, deserialize_with = "lenient_timestamp")]
    pub expires_at: Option<Timestamp>,
}

/// The user who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExtendedUser {
    /// The user's number.
    pub id: i64,
    /// The kind of user: `normal`.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: String,
    /// The user's name for logging in.
    #[serde(default, deserialize_with = "lenient")]
    pub username: String,
    /// The user's full name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether it is a test student.
    #[serde(default, deserialize_with = "lenient")]
    pub is_test_student: bool,
    /// The tenant of the user.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant_id: String,
    /// The user's e-mail address.
    #[serde(default, deserialize_with = "lenient")]
    pub email: Option<String>,
    /// Whether the address is verified.
    #[serde(default, deserialize_with = "lenient")]
    pub email_verified: Option<bool>,
    /// Whether the user sees hidden assignments in some course.
    #[serde(default, deserialize_with = "lenient")]
    pub hidden: bool,
    /// The user's global permissions by name, e.g. `can_use_snippets`.
    #[serde(default, deserialize_with = "permissions")]
    pub permissions: BTreeMap<String, bool>,
}

/// One of several users to log in as.
#[doc(alias = "OTPLoginableUser")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtpLoginableUser {
    /// The user's number, for [`SelectOtpLoginData`](super::SelectOtpLoginData).
    pub id: i64,
    /// The kind of user: `normal`.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: String,
    /// The user's name for logging in.
    #[serde(default, deserialize_with = "lenient")]
    pub username: String,
    /// The user's full name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether it is a test student.
    #[serde(default, deserialize_with = "lenient")]
    pub is_test_student: bool,
    /// The tenant of the user.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant_id: String,
    /// The same tenant in full.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant: Option<Tenant>,
    /// Whether the user can be selected. One who can't is managed by another system (LTI or SSO).
    #[serde(default, deserialize_with = "lenient")]
    pub can_login: bool,
}

/// A school or company on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tenant {
    /// The tenant's id.
    pub id: String,
    /// The tenant's name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    /// The tenant's SSO provider.
    #[serde(default, deserialize_with = "lenient")]
    pub sso_provider_id: Option<String>,
    /// One or more shorter names, to search by.
    #[serde(default, deserialize_with = "lenient")]
    pub abbreviated_name: Option<String>,
    /// Tenants are shown by this from high to low, then by name.
    #[serde(default, deserialize_with = "lenient")]
    pub order_category: i64,
    /// Whether only those may see it in lists who may see hidden tenants.
    #[serde(default, deserialize_with = "lenient")]
    pub is_hidden: bool,
    /// The host that the tenant is on.
    #[serde(default, deserialize_with = "lenient")]
    pub netloc: String,
    /// No longer used by the server: empty.
    #[serde(default, deserialize_with = "lenient")]
    pub logo_default_url: String,
    /// No longer used by the server: empty.
    #[serde(default, deserialize_with = "lenient")]
    pub logo_dark_url: String,
}

/// What a token does not allow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionRestrictionData {
    /// The only course that the token is good for.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub for_context: Option<SessionRestrictionContext>,
    /// Permissions that were taken away.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub removed_permissions: Option<RemovedPermissions>,
    /// Assignments whose password was entered.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub verified_assignment_ids: Option<Vec<i64>>,
    /// Courses whose password was entered.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub verified_course_ids: Option<Vec<i64>>,
}

/// The course that a token is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionRestrictionContext {
    /// The course.
    pub course_id: i64,
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

/// A text; what is in its place is not named, in case it is a secret too.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Ok(Secret::new(text)),
        _ => Err(serde::de::Error::custom("it is not text")),
    }
}

/// A value, or the default where there is something else.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// ISO 8601; without an offset it is UTC.
fn lenient_timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text: String = lenient(deserializer)?;
    let naive =
        |_| text.parse::<civil::DateTime>()?.to_zoned_datetime(TimeZone::UTC).map(|zoned| zoned.timestamp());
    Ok(text.parse().or_else(naive).ok())
}

/// The permissions that are either given or not.
fn permissions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, bool>, D::Error> {
    let all: BTreeMap<String, serde_json::Value> = lenient(deserializer)?;
    Ok(all.into_iter().filter_map(|(name, value)| Some((name, value.as_bool()?))).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn login() -> Value {
        json!({
            "type": "login",
            "user": {
                "type": "normal", "id": 7, "username": "robin", "name": null, "is_test_student": false,
                "tenant_id": "t-1", "email": "robin@example.com", "email_verified": true, "hidden": true,
                "permissions": {"can_use_snippets": true, "can_fly": false},
                "new_field": [1],
            },
            "access_token": "very-secret",
            "restrictions": {
                "for_context": {"course_id": 3, "isolated": true},
                "removed_permissions": {"course": ["can_submit_own_work", "can_fly"], "global": ["is_admin"]},
                "verified_assignment_ids": [1, 2],
                "verified_course_ids": [],
            },
            "expires_at": "2026-04-01T10:00:00.5+00:00",
        })
    }

    fn decode(value: Value) -> OtpLoginSingleResponse {
        match serde_json::from_value(value).unwrap() {
            OtpLoginConfirmation::Login(login) => *login,
            OtpLoginConfirmation::Select => panic!("not a login"),
        }
    }

    #[test]
    fn a_login_is_read_in_full() {
        let login = decode(login());
        assert_eq!(login.user.id, 7);
        assert_eq!(login.user.kind, "normal");
        assert_eq!(login.user.email_verified, Some(true));
        assert!(login.user.hidden && login.user.name.is_none());
        assert!(login.user.permissions["can_use_snippets"]);
        assert!(!login.user.permissions["can_fly"]);
        assert_eq!(login.access_token.expose(), "very-secret");
        let context = login.restrictions.for_context.unwrap();
        assert_eq!((context.course_id, context.isolated), (3, Some(true)));
        let removed = login.restrictions.removed_permissions.unwrap();
        assert_eq!(removed.course, ["can_submit_own_work", "can_fly"]);
        assert_eq!(removed.global.unwrap(), ["is_admin"]);
        assert_eq!(login.restrictions.verified_assignment_ids.unwrap(), [1, 2]);
        assert_eq!(login.restrictions.verified_course_ids.unwrap(), [0_i64; 0]);
        assert_eq!(login.expires_at, Some("2026-04-01T10:00:00.5Z".parse().unwrap()));
    }

    #[test]
    fn a_login_survives_whatever_happens_to_its_details() {
        let essential = ["/user", "/user/id", "/access_token"];
        let mut paths = vec!["/user", "/access_token", "/restrictions", "/expires_at"];
        let details = [
            "/user/type",
            "/user/id",
            "/user/username",
            "/user/name",
            "/user/is_test_student",
            "/user/tenant_id",
            "/user/email",
            "/user/email_verified",
            "/user/hidden",
            "/user/permissions",
            "/user/permissions/can_fly",
            "/restrictions/for_context",
            "/restrictions/for_context/course_id",
            "/restrictions/removed_permissions",
            "/restrictions/removed_permissions/course",
            "/restrictions/verified_assignment_ids",
        ];
        paths.extend(details);
        for path in paths {
            for wrong in [json!(null), json!({"a": 1}), json!([[]]), json!(1.5)] {
                let mut altered = login();
                *altered.pointer_mut(path).unwrap() = wrong.clone();
                let result: Result<OtpLoginConfirmation, _> = serde_json::from_value(altered);
                assert_eq!(result.is_ok(), !essential.contains(&path), "{path} as {wrong}");
            }
            let (parent, key) = path.rsplit_once('/').unwrap();
            let mut altered = login();
            altered.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
            let result: Result<OtpLoginConfirmation, _> = serde_json::from_value(altered);
            assert_eq!(result.is_ok(), !essential.contains(&path), "without {path}");
        }
    }

    #[test]
    fn times_without_an_offset_are_utc() {
        for text in ["2026-04-01T10:00:00", "2026-04-01T12:00:00+02:00", "2026-04-01T10:00:00Z"] {
            let mut altered = login();
            altered["expires_at"] = json!(text);
            assert_eq!(decode(altered).expires_at, Some("2026-04-01T10:00:00Z".parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn secrets_stay_out_of_debug() {
        let login = decode(login());
        let shown = format!("{login:?}");
        assert!(!shown.contains("very-secret"), "{shown}");
    }

    #[test]
    fn what_is_decoded_serializes_and_decodes_again() {
        let first = serde_json::to_value(serde_json::from_value::<OtpLoginConfirmation>(login()).unwrap());
        let again = serde_json::to_value(
            serde_json::from_value::<OtpLoginConfirmation>(first.as_ref().unwrap().clone()).unwrap(),
        );
        assert_eq!(first.unwrap(), again.unwrap());
    }

    #[test]
    fn a_listed_user_has_its_tenant() {
        let user: OtpLoginableUser = serde_json::from_value(json!({
            "type": "normal", "id": 9, "username": "robin", "name": "Robin", "is_test_student": false,
            "tenant_id": "t-1", "can_login": false,
            "tenant": {
                "id": "t-1", "name": "First School", "sso_provider_id": null, "abbreviated_name": "FS",
                "order_category": 2, "is_hidden": false, "netloc": "first.example.com",
                "logo_default_url": "", "logo_dark_url": "",
            },
        }))
        .unwrap();
        assert!(!user.can_login);
        let tenant = user.tenant.unwrap();
        assert_eq!((tenant.name.as_str(), tenant.order_category), ("First School", 2));
        assert_eq!(tenant.abbreviated_name.as_deref(), Some("FS"));
    }
}
