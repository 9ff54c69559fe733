//! What a token says.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::Value;

use crate::auth::json::{Entries, Object, TEXT};
use crate::models::DecodeError;

/// The claims of an ID or access token that this crate has a use for
/// ([ID token](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html),
/// [access token](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html)).
///
/// `Debug` leaves out what tells who the person is.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// When the token stops being valid, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// Before when it is not valid, in seconds since 1970. Cognito does not use it.
    pub nbf: Option<i64>,
    /// The user pool that issued it.
    pub iss: Option<String>,
    /// What it is for.
    pub token_use: Option<TokenUse>,
    /// The user's id in the pool: the id that some endpoints want in their path.
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
    /// The user's e-mail address, in an ID token.
    pub email: Option<String>,
    /// The user's first name, in an ID token.
    pub given_name: Option<String>,
    /// The user's last name, in an ID token.
    pub family_name: Option<String>,
}

impl Claims {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        let date = |name: &str| Ok(object.number(name)?.map(whole_seconds));
        let mut claims = Self {
            exp: whole_seconds(object.needed("exp", Object::number)?),
            iat: date("iat")?,
            nbf: date("nbf")?,
            iss: None,
            token_use: object.text("token_use")?.map(TokenUse::read).transpose()?,
            sub: None,
            aud: one_or_many(object, "aud")?,
            client_id: None,
            cognito_username: None,
            username: None,
            device_key: None,
            email: None,
            given_name: None,
            family_name: None,
        };
        let texts = [
            ("iss", &mut claims.iss),
            ("sub", &mut claims.sub),
            ("client_id", &mut claims.client_id),
            ("cognito:username", &mut claims.cognito_username),
            ("username", &mut claims.username),
            ("device_key", &mut claims.device_key),
            ("email", &mut claims.email),
            ("given_name", &mut claims.given_name),
            ("family_name", &mut claims.family_name),
        ];
        for (name, text) in texts {
            *text = object.text(name)?;
        }
        Ok(claims)
    }

    /// When the token stops being valid. Times beyond what can be written as a date are the last that can.
    #[must_use]
    pub fn expires_at(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.exp).unwrap_or(if self.exp < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The one app client of an ID token; none if it names several.
    pub(super) fn audience(&self) -> Option<&str> {
        match self.aud.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// By way of JSON text, so that there is one reading of claims: a claim that is there twice is refused here as well.
impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = deserializer.deserialize_map(Entries::<Value>::new())?;
        let mut json = Vec::new();
        serde_json::Serializer::new(&mut json).collect_map(entries).map_err(D::Error::custom)?;
        Object::read(&json).and_then(|object| Self::read(&object)).map_err(D::Error::custom)
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TokenUse {
    /// Says who is signed in; OrangeTheory's endpoints want this one.
    Id,
    /// Lets its bearer act on the account in the user pool.
    Access,
}

impl TokenUse {
    fn read(name: String) -> Result<Self, DecodeError> {
        match name.as_str() {
            "id" => Ok(Self::Id),
            "access" => Ok(Self::Access),
            _ => Err(DecodeError { path: "token_use".to_owned(), reason: "unknown use".to_owned() }),
        }
    }
}

/// RFC 7519, section 4.1.3: a list of strings, or the string where there is one.
fn one_or_many(object: &Object<'_>, name: &str) -> Result<Vec<String>, DecodeError> {
    let is_list = object.get(name)?.is_some_and(|json| json.get().starts_with('['));
    if !is_list {
        return Ok(object.text(name)?.into_iter().collect());
    }
    let list = object.needed(name, Object::list)?;
    list.into_iter().map(|json| object.parse(name, json, TEXT)).collect()
}

/// RFC 7519, section 2: seconds since 1970 as a JSON number, which may have a fraction. It is dropped. Numbers beyond an
/// `i64` are as good as its ends; those beyond 2^53, in 285 million years, lose their last digits.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn whole_seconds(number: f64) -> i64 {
    number.floor() as i64
}
