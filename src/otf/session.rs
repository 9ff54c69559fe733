//! The session of a client: inspecting, checking and ending it.

use super::Otf;
use crate::auth::SessionInfo;
use crate::error::Result;

impl Otf {
    /// Describes the session: when its tokens expire, how old the refresh token is, where they are stored. Sends no
    /// request.
    ///
    /// # Errors
    ///
    /// [`Error::NoCredentials`](crate::Error::NoCredentials) if the client has signed out.
    pub fn session_info(&self) -> Result<SessionInfo> {
        self.client.session().info()
    }

    /// Signs in with the password, even if the tokens are valid, to check whether it is correct. Otherwise a wrong
    /// password goes unnoticed while the tokens are valid.
    ///
    /// The service locks an account after a few wrong passwords. This client does not send a refused password again.
    ///
    /// # Errors
    ///
    /// [`Error::NoCredentials`](crate::Error::NoCredentials) if no password was given, and those of a sign-in:
    /// [`Error::Authentication`](crate::Error::Authentication) if the password is wrong.
    pub fn verify_credentials(&self) -> Result<()> {
        self.client.session().verify_credentials()
    }

    /// Removes this account's tokens, device and cached responses from the store and from memory, and nothing else.
    /// Other accounts, and the app on the member's phone, stay signed in. All later calls of this client and its clones
    /// fail.
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

    /// Revokes the refresh token in the user pool, which also ends copies of this session, and then does the same as
    /// [`Otf::sign_out`]. Other sessions of the member are not affected.
    ///
    /// # Errors
    ///
    /// Those of [`Otf::sign_out`]; and those of a request if the token could not be revoked, in which case nothing is
    /// removed.
    pub fn sign_out_and_revoke(&self) -> Result<()> {
        self.client.session().sign_out(true)?;
        self.clear_response_cache()
    }
}
