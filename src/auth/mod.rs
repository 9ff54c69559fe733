//! Signing in: Cognito's SRP, device confirmation, and the life of the tokens.
//!
//! [`srp`], [`device`], [`jwt`] and [`sigv4`] are pure: bytes in, bytes out, no clock and no I/O. The rest of the
//! sign-in is behind [`Otf::builder`](crate::Otf::builder).

mod challenge;
mod cognito;
mod credentials;
pub mod device;
pub(crate) mod hash;
mod identity_pool;
mod json;
mod jwks;
pub mod jwt;
mod sign_in;
pub mod sigv4;
pub mod srp;
mod token_manager;
mod tokens;

use std::fmt;

use crate::models::MemberUuid;
use jwt::{Claims, JwtError};

pub use challenge::{Challenge, ChallengeAnswer, ChallengeKind};
pub use credentials::Credentials;
pub use sign_in::Device;
pub use tokens::Session;

pub(crate) use challenge::ChallengeHandler;
pub(crate) use credentials::{CredentialSource, Environment};
pub(crate) use identity_pool::{TemporaryCredentials, temporary_credentials};
pub(crate) use token_manager::{Context, TokenManager};
pub(crate) use tokens::{Tokens, hash};

/// Who is signed in, as the tokens say.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtfUser {
    /// The member's id, used in the paths of the endpoints: `cognito:username` of the ID token.
    pub member_uuid: MemberUuid,
    /// The id in the user pool: `sub` of the access token.
    pub cognito_id: String,
    /// The e-mail address: `email` of the ID token.
    pub email: Option<String>,
}

impl OtfUser {
    fn from_claims(id: &Claims, access: &Claims) -> Result<Self, JwtError> {
        Ok(Self {
            member_uuid: id.cognito_username.as_deref().ok_or(JwtError::Malformed("claims"))?.into(),
            cognito_id: access.sub.clone().or_else(|| id.sub.clone()).ok_or(JwtError::Malformed("claims"))?,
            email: id.email.clone(),
        })
    }
}

/// Without the e-mail address.
impl fmt::Debug for OtfUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtfUser").field("member_uuid", &self.member_uuid).finish_non_exhaustive()
    }
}
