//! Tokens in use, and their claims.

use jiff::{SignedDuration, Timestamp};

use super::jwt::{self, Claims, JwtError};
use super::session::is_sendable;
use super::user::OtfUser;
use crate::secret::Secret;

/// Tokens count as expired this long before they expire, so that none expires in transit.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// An ID and an access token of one sign-in, and its refresh token.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) id_token: Secret,
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) user: OtfUser,
    /// The device that the access token was issued to.
    pub(crate) device_key: Option<String>,
    pub(crate) issued_at: Option<Timestamp>,
    /// When the member signed in, which is when the refresh token was issued.
    pub(crate) signed_in_at: Option<Timestamp>,
    pub(crate) id_expires_at: Timestamp,
    pub(crate) access_expires_at: Timestamp,
    /// Used until an endpoint refuses them, because they counted as expired on arrival.
    ignores_clock: bool,
}

impl Tokens {
    /// Reads what the tokens say, without checking their signatures. Both must be of the same user.
    pub(crate) fn decode(
        id_token: Secret,
        access_token: Secret,
        refresh_token: Option<Secret>,
    ) -> Result<Self, JwtError> {
        // They are sent in headers, so a character that can't be sent must not get as far as a request.
        if !is_sendable(id_token.expose()) || !is_sendable(access_token.expose()) {
            return Err(JwtError::Malformed("base64url"));
        }
        let id = jwt::decode(id_token.expose())?;
        let access = jwt::decode(access_token.expose())?;
        check_same_user(&id, &access)?;
        let user = OtfUser::from_claims(&id, &access)?;
        let time = |seconds: Option<i64>| seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        Ok(Self {
            user,
            device_key: access.device_key.clone().filter(|key| is_sendable(key)),
            issued_at: time(id.iat.or(access.iat)),
            signed_in_at: time(access.auth_time.or(id.auth_time)),
            id_expires_at: id.expires_at(),
            access_expires_at: access.expires_at(),
            id_token,
            access_token,
            refresh_token: refresh_token.filter(|token| is_sendable(token.expose())),
            ignores_clock: false,
        })
    }

    /// The same for tokens that have just been issued. New tokens that count as expired mean that this machine's
    /// clock is ahead: they are used until an endpoint refuses them, rather than renewed for each request.
    pub(crate) fn received(mut self, now: Timestamp) -> Self {
        if !self.is_valid(now) {
            log::warn!("new tokens count as expired: is this machine's clock right?");
            self.ignores_clock = true;
        }
        self
    }

    /// Whether the tokens are valid for another minute.
    pub(crate) fn is_valid(&self, now: Timestamp) -> bool {
        self.ignores_clock || self.id_expires_at.min(self.access_expires_at).duration_since(now) > MARGIN
    }

    /// Whether these tokens were issued after others. Tokens of unknown age count as older.
    pub(crate) fn is_newer_than(&self, other: &Self) -> bool {
        self.issued_at > other.issued_at
    }
}

fn check_same_user(id: &Claims, access: &Claims) -> Result<(), JwtError> {
    let differ = |one: &Option<String>, other: &Option<String>| matches!((one, other), (Some(one), Some(other)) if one != other);
    if differ(&id.sub, &access.sub) || differ(&id.cognito_username, &access.username) {
        return Err(JwtError::DifferentUsers);
    }
    Ok(())
}
