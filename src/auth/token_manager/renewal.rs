//! The order in which tokens are looked up, and what happens once they are found.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{State, TokenSettings, signed_out};
use crate::auth::account_files::{AccountFiles, Description};
use crate::auth::context::Context;
use crate::auth::credentials::Credentials;
use crate::auth::tokens::Tokens;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::store::StoreLock;

/// The precision with which the store records when an account was last used.
const LAST_USED_PRECISION: SignedDuration = SignedDuration::from_hours(1);

/// A client's session while its lock is held.
pub(super) struct Renewal<'a> {
    pub(super) context: &'a Context,
    pub(super) settings: &'a TokenSettings,
    pub(super) state: &'a mut State,
}

/// The result of looking for tokens without a password.
pub(super) enum Found {
    Tokens(Box<Tokens>),
    /// There are none, as far as is known.
    Nothing {
        /// Why there may be some nevertheless: the error if there are no credentials either.
        trouble: Option<Error>,
    },
}

impl<'a> Renewal<'a> {
    pub(super) fn files(&self) -> AccountFiles<'a> {
        AccountFiles::new(self.context.store.as_ref())
    }

    /// Tokens that are valid for another minute.
    pub(super) fn tokens(&mut self) -> Result<Arc<Tokens>> {
        self.catch_up();
        match &self.state.tokens {
            Some(tokens) if tokens.is_valid(self.context.now()) => Ok(Arc::clone(tokens)),
            _ => self.renew(None),
        }
    }

    /// Gets tokens by the first way that works. Other clients of the account wait meanwhile.
    pub(super) fn renew(&mut self, refused: Option<&Secret>) -> Result<Arc<Tokens>> {
        if self.state.is_signed_out {
            return Err(signed_out());
        }
        if let Some(tokens) = self.valid_stored(refused) {
            return self.adopt(tokens);
        }
        let lock = self.lock();
        let trouble = match self.stored_or_refreshed(refused)? {
            Found::Tokens(tokens) => return self.adopt(*tokens),
            Found::Nothing { trouble } => trouble,
        };
        if let Some(credentials) = self.credentials() {
            let tokens = self.sign_in(&credentials)?;
            return self.adopt(tokens);
        }
        // Other processes should not have to wait for a person.
        drop(lock);
        let credentials = match self.settings.source.ask(self.state.account.email.as_deref()) {
            Ok(credentials) => credentials,
            Err(error) => return Err(trouble.unwrap_or(error)),
        };
        let _lock = self.lock();
        if let Some(tokens) = self.valid_stored(refused) {
            return self.adopt(tokens);
        }
        let tokens = self.sign_in(&credentials)?;
        self.state.credentials.get_or_insert(credentials);
        self.adopt(tokens)
    }

    /// The credentials, without prompting.
    pub(super) fn credentials(&self) -> Option<Credentials> {
        let known = self.state.credentials.clone();
        known.or_else(|| self.settings.source.available(self.state.account.email.as_deref()))
    }

    /// Makes tokens the ones in use.
    pub(super) fn adopt(&mut self, tokens: Tokens) -> Result<Arc<Tokens>> {
        self.check_member(&tokens)?;
        let tokens = Arc::new(tokens);
        self.state.tokens = Some(Arc::clone(&tokens));
        self.remember();
        Ok(tokens)
    }

    /// A client belongs to one member for as long as it lives: ids of one member must not be sent with the token of
    /// another.
    pub(super) fn check_member(&self, tokens: &Tokens) -> Result<()> {
        let before = self.state.tokens.as_ref().map(|tokens| &tokens.user.member_uuid);
        if before.is_some_and(|member| *member != tokens.user.member_uuid) {
            return Err(Error::authentication("the available credentials belong to another member"));
        }
        Ok(())
    }

    /// Notes in the store that the account is in use.
    fn remember(&self) {
        let files = self.files();
        let account = &self.state.account;
        let now = self.context.now();
        let is_recent = |last: Description| last.last_used.duration_since(now).abs() < LAST_USED_PRECISION;
        if !files.description(account).is_some_and(is_recent) {
            files.save_description(account, &Description { email: account.email.clone(), last_used: now });
        }
        if let Some(email) = &account.email
            && files.last_account().value().as_ref() != Some(email)
        {
            files.save_last_account(email);
        }
    }

    /// Repeats what failed before: writing tokens, confirming the device.
    pub(super) fn catch_up(&mut self) {
        if self.state.is_unsaved
            && let Some(tokens) = self.state.tokens.clone()
        {
            self.save(&tokens);
        }
        if self.context.now() >= self.state.next_confirmation {
            self.confirm_device();
        }
    }

    pub(super) fn save(&mut self, tokens: &Tokens) {
        self.state.is_unsaved = !self.files().save_tokens(&self.state.account, tokens);
    }

    pub(super) fn lock(&self) -> Option<StoreLock> {
        self.context
            .store
            .lock(&self.state.account.lock_name(), self.settings.lock_wait)
            .inspect_err(|error| log::warn!("continuing without the account's lock: {error}"))
            .ok()
    }

    fn valid_stored(&self, refused: Option<&Secret>) -> Option<Tokens> {
        let stored = self.files().tokens(&self.state.account).value()?;
        stored.good(self.context.now()).filter(|tokens| is_other(tokens, refused))
    }
}

/// Whether these are not the tokens that an endpoint has refused.
pub(super) fn is_other(tokens: &Tokens, refused: Option<&Secret>) -> bool {
    refused.is_none_or(|refused| refused.expose() != tokens.id_token.expose())
}
