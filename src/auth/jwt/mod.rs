//! The tokens that Cognito issues: reading them, and checking them against the user pool's key set.
//!
//! The rules are those of [RFC 7515](https://www.rfc-editor.org/rfc/rfc7515) (JWS),
//! [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519) (JWT) and AWS's page on
//! [verifying tokens](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html).
//! Where they leave a choice, the strict one is taken: only the algorithm that Cognito signs with, base64url without
//! padding, one audience.

mod claims;
mod keys;

use std::fmt;
use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::Deserialize;
use serde::de::IgnoredAny;

pub use self::claims::{Claims, TokenUse};
pub use self::keys::KeySet;
use super::wire::from_json;

/// The claims of a token, unchecked: for tokens that have just come from Cognito itself, over TLS. A token from
/// anywhere else goes through [`verify`].
///
/// # Errors
///
/// [`JwtError::Malformed`] or [`JwtError::TooLong`].
pub fn decode(token: &str) -> Result<Claims, JwtError> {
    Parts::split(token)?.claims()
}

/// Checks a token: its signature, and that the pool issued it to this client, for this use, and that it is
/// valid now.
///
/// [`JwtError::Expired`] is returned only for a token that is genuine in every other respect.
///
/// # Errors
///
/// [`JwtError::UnknownKey`] for a key id that the set does not have: the pool may have a new key, so fetching
/// the key set again can help. All others are final.
pub fn verify(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
    now: jiff::Timestamp,
) -> Result<Claims, JwtError> {
    let parts = Parts::split(token)?;
    let key_id = parts.header()?.key_id()?;
    let key = keys.get(&key_id).ok_or(JwtError::UnknownKey)?;
    if !key.verify(parts.signed.as_bytes(), &base64url(parts.signature)?) {
        return Err(JwtError::Signature);
    }
    let claims = parts.claims()?;
    expected.check(&claims, now)?;
    Ok(claims)
}

/// What a token has to claim to be accepted.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// `iss`: the user pool's address.
    pub issuer: &'a str,
    /// The app client, in `aud` of an ID token and in `client_id` of an access token.
    pub client_id: &'a str,
    /// What the token is for.
    pub token_use: TokenUse,
    /// How far this machine's clock may be off, for the times in the token.
    pub leeway: Duration,
}

impl Expected<'_> {
    fn check(&self, claims: &Claims, now: jiff::Timestamp) -> Result<(), JwtError> {
        if claims.iss.as_deref() != Some(self.issuer) {
            return Err(JwtError::Issuer);
        }
        if claims.token_use != Some(self.token_use) {
            return Err(JwtError::TokenUse);
        }
        let audience = match self.token_use {
            TokenUse::Id => claims.audience(),
            TokenUse::Access => claims.client_id.as_deref(),
        };
        if audience != Some(self.client_id) {
            return Err(JwtError::Audience);
        }

        let now = now.as_second();
        let leeway = i64::try_from(self.leeway.as_secs()).unwrap_or(i64::MAX);
        if claims.exp <= now.saturating_sub(leeway) {
            return Err(JwtError::Expired);
        }
        let latest_start = now.saturating_add(leeway);
        if [claims.nbf, claims.iat].into_iter().flatten().any(|start| start > latest_start) {
            return Err(JwtError::NotYetValid);
        }
        Ok(())
    }
}

/// A token taken apart at its dots.
struct Parts<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    /// Header and payload with the dot between them: what the signature covers.
    signed: &'a str,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Result<Self, JwtError> {
        if token.len() > MAX_TOKEN {
            return Err(JwtError::TooLong);
        }
        let dots = JwtError::Malformed("not three parts");
        let (signed, signature) = token.rsplit_once('.').ok_or(dots)?;
        let (header, payload) = signed.split_once('.').ok_or(dots)?;
        if payload.contains('.') {
            return Err(dots);
        }
        Ok(Self { header, payload, signature, signed })
    }

    fn header(&self) -> Result<Header, JwtError> {
        from_json(&base64url(self.header)?).map_err(|_| JwtError::Malformed("header"))
    }

    fn claims(&self) -> Result<Claims, JwtError> {
        Claims::from_json(&base64url(self.payload)?)
    }
}

/// The protected header. Keys that it brings along (`jwk`, `jku`, `x5c`) are ignored.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<IgnoredAny>,
}

impl Header {
    fn key_id(self) -> Result<String, JwtError> {
        if self.alg != "RS256" {
            return Err(JwtError::Algorithm);
        }
        // RFC 7515, section 4.1.11: extensions that must be understood. None is.
        if self.crit.is_some() {
            return Err(JwtError::Critical);
        }
        self.kid.ok_or(JwtError::Malformed("header"))
    }
}

fn base64url(text: &str) -> Result<Vec<u8>, JwtError> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| JwtError::Malformed("base64url"))
}

/// Cognito's tokens are 1 to 4 KB; a pool's own claims can make them larger.
const MAX_TOKEN: usize = 256 * 1024;

/// Why a token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JwtError {
    /// Longer than any token of this service.
    TooLong,
    /// Malformed: the part that is wrong.
    Malformed(&'static str),
    /// Signed by another algorithm than RS256, or not at all.
    Algorithm,
    /// A critical extension that this crate does not support.
    Critical,
    /// The key set has no key of this id.
    UnknownKey,
    /// The signature is wrong.
    Signature,
    /// From another user pool.
    Issuer,
    /// An ID token where an access token is expected, or the other way round.
    TokenUse,
    /// For another app client.
    Audience,
    /// Genuine, but no longer valid.
    Expired,
    /// Not valid yet by this machine's clock.
    NotYetValid,
    /// The ID token and the access token belong to different users.
    DifferentUsers,
    /// The key set is invalid.
    KeySet,
}

impl fmt::Display for JwtError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the token is too long",
            Self::Malformed(part) => return write!(f, "the token is malformed: {part}"),
            Self::Algorithm => "the token is not signed with RS256",
            Self::Critical => "the token has a critical extension that is not supported",
            Self::UnknownKey => "the token is signed with a key that is not in the key set",
            Self::Signature => "the token's signature is wrong",
            Self::Issuer => "the token is from another user pool",
            Self::TokenUse => "the token is of the wrong kind",
            Self::Audience => "the token is for another app client",
            Self::Expired => "the token has expired",
            Self::NotYetValid => "the token is not valid yet: is this machine's clock right?",
            Self::DifferentUsers => "the ID token and the access token are of different users",
            Self::KeySet => "the key set can't be read",
        })
    }
}

impl std::error::Error for JwtError {}

#[cfg(test)]
mod tests;
