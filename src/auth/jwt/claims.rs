//! The claims of a token.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::JwtError;
use crate::auth::wire::from_json;

/// The claims of an ID or access token that this crate uses
/// ([ID token](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html),
/// [access token](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html)).
///
/// They come from [`decode`](super::decode) or [`verify`](super::verify). `Debug` leaves out personal data.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// When the token stops being valid, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// When it becomes valid, in seconds since 1970. Cognito does not use it.
    pub nbf: Option<i64>,
    /// When the user signed in, in seconds since 1970.
    pub auth_time: Option<i64>,
    /// The user pool that issued it.
    pub iss: Option<String>,
    /// What it is for.
    pub token_use: Option<TokenUse>,
    /// The user's id in the pool, part of some endpoints' paths.
    pub sub: Option<String>,
    /// The app clients that an ID token is for: one.
    pub aud: Vec<String>,
    /// The app client that an access token is for.
    pub client_id: Option<String>,
    /// The user's name in the pool, in an ID token. OrangeTheory's is the member's UUID.
    pub cognito_username: Option<String>,
    /// The user's name in the pool, in an access token.
    pub username: Option<String>,
    /// The device that an access token belongs to.
    pub device_key: Option<String>,
    /// The user's email address, in an ID token.
    pub email: Option<String>,
    /// The user's first name, in an ID token.
    pub given_name: Option<String>,
    /// The user's last name, in an ID token.
    pub family_name: Option<String>,
    /// The user's language, in an ID token.
    pub locale: Option<String>,
    /// The home studio, in an ID token (`custom:home_studio_id`): its UUID or its number.
    pub home_studio_id: Option<String>,
}

/// The claims as they are written.
#[derive(Deserialize)]
struct WireClaims {
    exp: f64,
    iat: Option<f64>,
    nbf: Option<f64>,
    auth_time: Option<f64>,
    iss: Option<String>,
    token_use: Option<String>,
    sub: Option<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    aud: Vec<String>,
    client_id: Option<String>,
    #[serde(rename = "cognito:username")]
    cognito_username: Option<String>,
    username: Option<String>,
    device_key: Option<String>,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    locale: Option<String>,
    #[serde(rename = "custom:home_studio_id")]
    home_studio_id: Option<String>,
}

impl Claims {
    pub(super) fn from_json(json: &[u8]) -> Result<Self, JwtError> {
        let claims: WireClaims = from_json(json).map_err(|_| JwtError::Malformed("claims"))?;
        Ok(Self {
            exp: whole_seconds(claims.exp),
            iat: claims.iat.map(whole_seconds),
            nbf: claims.nbf.map(whole_seconds),
            auth_time: claims.auth_time.map(whole_seconds),
            iss: claims.iss,
            token_use: claims.token_use.as_deref().map(TokenUse::from_name).transpose()?,
            sub: claims.sub,
            aud: claims.aud,
            client_id: claims.client_id,
            cognito_username: claims.cognito_username,
            username: claims.username,
            device_key: claims.device_key,
            email: claims.email,
            given_name: claims.given_name,
            family_name: claims.family_name,
            locale: claims.locale,
            home_studio_id: claims.home_studio_id,
        })
    }

    /// When the token expires. A time out of range is the last possible one.
    #[must_use]
    pub fn expires_at(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.exp).unwrap_or(if self.exp < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The app client of an ID token; `None` if it names several.
    pub(super) fn audience(&self) -> Option<&str> {
        match self.aud.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("exp", &self.exp)
            .field("iat", &self.iat)
            .field("iss", &self.iss)
            .field("token_use", &self.token_use)
            .field("aud", &self.aud)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What a token is for: its claim `token_use`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenUse {
    /// Identifies the user and authorizes requests to OrangeTheory's endpoints.
    Id,
    /// Authorizes requests to the user pool.
    Access,
}

impl TokenUse {
    fn from_name(name: &str) -> Result<Self, JwtError> {
        match name {
            "id" => Ok(Self::Id),
            "access" => Ok(Self::Access),
            _ => Err(JwtError::Malformed("claims")),
        }
    }
}

/// RFC 7519, section 4.1.3: a list of strings, or a single string.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct OneOrMany;

    impl<'de> Visitor<'de> for OneOrMany {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or a list of strings")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(vec![text.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = seq.next_element()? {
                texts.push(text);
            }
            Ok(texts)
        }
    }

    deserializer.deserialize_any(OneOrMany)
}

/// RFC 7519, section 2: seconds since 1970 as a JSON number, whose fraction is dropped. Numbers beyond an `i64` become
/// its ends; those beyond 2^53, in 285 million years, lose their last digits.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn whole_seconds(number: f64) -> i64 {
    number.floor() as i64
}
