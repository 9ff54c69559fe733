//! The current user.

use std::fmt;

use super::jwt::{Claims, JwtError};
use crate::models::{MemberUuid, StudioUuid};

/// The current user, as described by the tokens.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtfUser {
    /// The member's id, used in the paths of the endpoints: `cognito:username` of the ID token.
    pub member_uuid: MemberUuid,
    /// The id in the user pool: `sub` of the access token.
    pub cognito_id: String,
    /// The email address: `email` of the ID token.
    pub email: Option<String>,
    /// The first name: `given_name` of the ID token.
    pub given_name: Option<String>,
    /// The last name: `family_name` of the ID token.
    pub family_name: Option<String>,
    /// The language, such as `en_US`: `locale` of the ID token, a claim known only from one client's code.
    pub locale: Option<String>,
    /// The home studio when the tokens were issued: `custom:home_studio_id` of the ID token, if it is a UUID. One
    /// client's code names this claim; it may hold a number instead.
    pub home_studio_uuid: Option<StudioUuid>,
}

impl OtfUser {
    pub(super) fn from_claims(id: &Claims, access: &Claims) -> Result<Self, JwtError> {
        let home_studio = id.home_studio_id.as_deref().filter(|id| is_uuid(id));
        Ok(Self {
            member_uuid: id.cognito_username.as_deref().ok_or(JwtError::Malformed("claims"))?.into(),
            cognito_id: access.sub.clone().or_else(|| id.sub.clone()).ok_or(JwtError::Malformed("claims"))?,
            email: id.email.clone(),
            given_name: id.given_name.clone(),
            family_name: id.family_name.clone(),
            locale: id.locale.clone(),
            home_studio_uuid: home_studio.map(StudioUuid::from),
        })
    }
}

/// Whether this is a UUID as the service writes them: `0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e`.
fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Without name and email address.
impl fmt::Debug for OtfUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtfUser").field("member_uuid", &self.member_uuid).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_uuid_is_a_usable_home_studio() {
        assert!(is_uuid("0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e"));
        for other in ["", "1234", "0b5c1f2e6a414b0c9d3e7f1a2b3c4d5e", "0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5g"]
        {
            assert!(!is_uuid(other), "{other}");
        }
    }
}
