//! Information about a session.

use std::fmt;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use super::account::Account;
use super::context::Context;
use super::tokens::Tokens;

/// Information about a client's session, from [`Otf::session_info`](crate::Otf::session_info). It contains no
/// secret, and `Debug` does not show the email address.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The email address that was signed in with, unless the session was imported without one.
    pub email: Option<String>,
    /// When the ID token expires. The client renews it a minute earlier.
    pub id_token_expires_at: Timestamp,
    /// When the access token expires.
    pub access_token_expires_at: Timestamp,
    /// Whether there is a refresh token, so that the session outlives these tokens.
    pub has_refresh_token: bool,
    /// When the member signed in with the password (claim `auth_time`), which is when the refresh token was issued.
    pub signed_in_at: Option<Timestamp>,
    /// How long ago that was. OrangeTheory's refresh tokens last some weeks.
    pub refresh_token_age: Option<SignedDuration>,
    /// Whether the confirmed device is known, without which the refresh token can't be used.
    pub device_known: bool,
    /// How far the server's clock is ahead of this machine's, if a response has shown it.
    pub clock_offset: Option<SignedDuration>,
    /// The directory of the store, if it is a [`FileStore`](crate::FileStore).
    pub store_path: Option<PathBuf>,
}

impl SessionInfo {
    pub(super) fn new(account: &Account, tokens: &Tokens, device_known: bool, context: &Context) -> Self {
        let has_refresh_token = tokens.refresh_token.is_some();
        let age = |time: Timestamp| context.server_time().duration_since(time);
        Self {
            email: account.email.clone(),
            id_token_expires_at: tokens.id_expires_at,
            access_token_expires_at: tokens.access_expires_at,
            has_refresh_token,
            signed_in_at: tokens.signed_in_at,
            refresh_token_age: tokens.signed_in_at.filter(|_| has_refresh_token).map(age),
            device_known,
            clock_offset: context.clock_offset.get(),
            store_path: context.store_path.clone(),
        }
    }
}

impl fmt::Debug for SessionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionInfo")
            .field("id_token_expires_at", &self.id_token_expires_at)
            .field("access_token_expires_at", &self.access_token_expires_at)
            .field("has_refresh_token", &self.has_refresh_token)
            .field("signed_in_at", &self.signed_in_at)
            .field("device_known", &self.device_known)
            .field("clock_offset", &self.clock_offset)
            .finish_non_exhaustive()
    }
}
