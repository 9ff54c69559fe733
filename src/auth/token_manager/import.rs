//! Starting from a session that the program provided.

use super::renewal::Renewal;
use crate::auth::account_files::{Stored, StoredDevice, StoredTokens};
use crate::auth::jwks::{self, Unverified};
use crate::auth::jwt::JwtError;
use crate::auth::tokens::Tokens;
use crate::error::{Error, Result};

impl Renewal<'_> {
    /// Uses the tokens of the imported session, unless the store has newer ones.
    pub(super) fn import(&mut self) -> Result<()> {
        let Some(mut tokens) = self.verified()? else { return Ok(()) };
        let _lock = self.lock();
        let account = self.state.account.clone();
        let stored = match self.files().tokens(&account) {
            Stored::Value(stored) => stored,
            Stored::Absent | Stored::Damaged => StoredTokens::default(),
            Stored::Unreadable(_) => {
                // There may be newer tokens, so nothing is overwritten.
                self.adopt(tokens)?;
                return Ok(());
            }
        };
        if stored.tokens().is_some_and(|stored| !tokens.is_newer_than(&stored)) {
            return Ok(());
        }
        let brings_refresh_token = tokens.refresh_token.is_some();
        tokens.refresh_token = tokens.refresh_token.or(stored.refresh_token);
        self.save(&tokens);
        self.adopt(tokens)?;
        if brings_refresh_token && let Some(device) = self.state.imported.device.clone() {
            self.keep_device(StoredDevice { device, confirmed: true });
        }
        Ok(())
    }

    /// The tokens of the imported session, checked with the key set; `None` if they are missing or have expired, so
    /// that a refresh is needed.
    fn verified(&self) -> Result<Option<Tokens>> {
        let imported = &self.state.imported;
        let (Some(id_token), Some(access_token)) = (&imported.id_token, &imported.access_token) else {
            return Ok(None);
        };
        let refused =
            |error: JwtError| Error::untrusted(format!("the session's tokens are refused: {error}"), error);
        let tokens = Tokens::decode(id_token.clone(), access_token.clone(), imported.refresh_token.clone())
            .map_err(refused)?;
        match jwks::verify(self.context, id_token, access_token) {
            Ok(()) => Ok(Some(tokens).filter(|tokens| tokens.is_valid(self.context.now()))),
            Err(Unverified::Token(JwtError::Expired)) => Ok(None),
            // This machine's clock is behind: a refresh does not need it.
            Err(Unverified::Token(JwtError::NotYetValid)) if imported.refresh_token.is_some() => Ok(None),
            Err(Unverified::Token(error)) => Err(refused(error)),
            Err(Unverified::NoKeys(error)) => Err(error),
        }
    }
}
