//! What a token says.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Number;

/// The claims of an ID or access token that this crate has a use for
/// ([ID token](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html),
/// [access token](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html)).
///
/// `Debug` leaves out what tells who the person is.
#[derive(Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Claims {
    /// When the token stops being valid, in seconds since 1970.
    #[serde(deserialize_with = "numeric_date")]
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    #[serde(default, deserialize_with = "optional_numeric_date")]
    pub iat: Option<i64>,
    /// Before when it is not valid, in seconds since 1970. Cognito does not use it.
    #[serde(default, deserialize_with = "optional_numeric_date")]
    pub nbf: Option<i64>,
    /// The user pool that issued it.
    pub iss: Option<String>,
    /// What it is for.
    pub token_use: Option<TokenUse>,
    /// The user's id in the pool: the id that some endpoints want in their path.
    pub sub: Option<String>,
    /// The app clients that an ID token is for: one.
    #[serde(default, deserialize_with = "one_or_many")]
    pub aud: Vec<String>,
    /// The app client that an access token is for.
    pub client_id: Option<String>,
    /// The user's name in the pool, in an ID token. OrangeTheory's is the member's UUID.
    #[serde(rename = "cognito:username")]
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

/// RFC 7519, section 2: seconds since 1970 as a JSON number, which may have a fraction. It is dropped.
fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Number::deserialize(deserializer).map(whole_seconds)
}

fn optional_numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<Number>::deserialize(deserializer)?.map(whole_seconds))
}

/// Numbers beyond an `i64` are as good as its ends.
fn whole_seconds(number: Number) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let from_float = |float: f64| float.floor() as i64;
    number.as_i64().or_else(|| number.as_f64().map(from_float)).unwrap_or(i64::MIN)
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Option::deserialize(deserializer)? {
        None => Vec::new(),
        Some(OneOrMany::One(one)) => vec![one],
        Some(OneOrMany::Many(many)) => many,
    })
}
