//! The session of a client: looked at, checked, ended.

use super::Otf;
use crate::auth::SessionInfo;
use crate::error::Result;

impl Otf {
    /// What is known of the session: when its tokens expire, how old the refresh token is, where they are stored.
    /// Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::NoCredentials`](crate::Error::NoCredentials) if the client has signed out.
    pub fn session_info(&self) -> Result<SessionInfo> {
        self.client.session().info()
    }

    /// Signs in with the password, even if the tokens are valid, to find out whether it is right. While tokens are
    /// valid a wrong password goes unnoticed otherwise.
    ///
    /// A refused password counts against the account, which the service locks after a few; it is not sent again by this
    /// client.
    ///
    /// # Errors
    ///
    /// [`Error::NoCredentials`](crate::Error::NoCredentials) if no password was given, and those of a sign-in:
    /// [`Error::Authentication`](crate::Error::Authentication) if the password is wrong.
    pub fn verify_credentials(&self) -> Result<()> {
        self.client.session().verify_credentials()
    }

    /// Removes this account's tokens, device and cached responses from the store and from memory, and nothing else.
    /// Other accounts, and the member's phone, stay signed in. Calls of this client and its clones fail from then on.
    ///
    /// The tokens themselves stay valid until they expire; see [`Otf::sign_out_and_revoke`].
    ///
    /// # Errors
    ///
    /// [`Error::Store`](crate::Error::Store) if something could not be removed.
    pub fn sign_out(&self) -> Result<()> {
        self.clear_response_cache()?;
        self.client.session().sign_out(false)
    }

    /// The same as [`Otf::sign_out`], after the user pool has revoked the refresh token, so that copies of this session
    /// end too. Other sessions of the member go on.
    ///
    /// # Errors
    ///
    /// Those of [`Otf::sign_out`], and those of a request if the token could not be revoked. Nothing is removed then.
    pub fn sign_out_and_revoke(&self) -> Result<()> {
        self.client.session().sign_out(true)?;
        self.clear_response_cache()
    }
}
