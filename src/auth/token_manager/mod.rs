//! The lifetime of the tokens: found in the store, refreshed, replaced by a sign-in.

mod import;
mod password;
mod refresh;
mod renewal;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use self::password::RefusedPassword;
use self::renewal::Renewal;
use super::account::Account;
use super::account_files::{AccountFiles, Stored, StoredDevice};
use super::cognito::Cognito;
use super::context::Context;
use super::credentials::{CredentialSource, Credentials, check_email};
use super::session::Session;
use super::session_info::SessionInfo;
use super::sign_in::SignInSettings;
use super::tokens::Tokens;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// How a client gets its tokens.
pub(crate) struct TokenSettings {
    pub(crate) source: CredentialSource,
    pub(crate) sign_in: SignInSettings,
    /// How long another process may hold the account's lock before this one continues without it.
    pub(crate) lock_wait: Duration,
}

/// Returns valid tokens, renewing them when needed.
pub(crate) struct TokenManager {
    context: Arc<Context>,
    settings: TokenSettings,
    state: Mutex<State>,
}

/// A client's session.
struct State {
    account: Account,
    tokens: Option<Arc<Tokens>>,
    /// The tokens in use could not be written to the store yet.
    is_unsaved: bool,
    /// A session that the program gave.
    imported: Session,
    /// The device of this session, even if it can't be stored.
    device: Option<StoredDevice>,
    /// When to try again to confirm the device.
    next_confirmation: Timestamp,
    /// The input at the prompt, so that it appears only once, or a new password.
    credentials: Option<Credentials>,
    /// The password that the pool has refused.
    refused_password: Option<RefusedPassword>,
    /// Refresh tokens that the pool has refused for good.
    refused_refresh_tokens: Vec<Secret>,
    is_signed_out: bool,
}

impl TokenManager {
    /// Signs in by the first of these that works: an imported session, stored tokens, a refresh, credentials.
    pub(crate) fn open(
        context: Arc<Context>,
        settings: TokenSettings,
        imported: Option<Session>,
    ) -> Result<Self> {
        let (account, credentials) = match &imported {
            Some(session) => (imported_account(session, &context)?, None),
            None => find_account(&context, &settings)?,
        };
        let state = State {
            account,
            tokens: None,
            is_unsaved: false,
            imported: imported.unwrap_or_default(),
            device: None,
            next_confirmation: Timestamp::MIN,
            credentials,
            refused_password: None,
            refused_refresh_tokens: Vec::new(),
            is_signed_out: false,
        };
        let manager = Self { context, settings, state: Mutex::new(state) };
        {
            let mut state = manager.hold();
            let mut renewal = manager.renewal(&mut state);
            renewal.import()?;
            renewal.tokens()?;
            renewal.load_device();
            renewal.catch_up();
        }
        Ok(manager)
    }

    /// Tokens that are valid for at least a minute.
    pub(crate) fn tokens(&self) -> Result<Arc<Tokens>> {
        let mut state = self.hold();
        self.renewal(&mut state).tokens()
    }

    /// Other tokens than `refused`, which an endpoint did not accept although they have not expired.
    pub(crate) fn tokens_after_refusal(&self, refused: &Secret) -> Result<Arc<Tokens>> {
        let mut state = self.hold();
        match &state.tokens {
            // Another thread was faster.
            Some(tokens) if tokens.id_token.expose() != refused.expose() => Ok(Arc::clone(tokens)),
            _ => self.renewal(&mut state).renew(Some(refused)),
        }
    }

    /// The session as a value.
    pub(crate) fn export(&self) -> Result<Session> {
        let mut state = self.hold();
        let mut renewal = self.renewal(&mut state);
        let tokens = renewal.tokens()?;
        renewal.confirm_device();
        let device = tokens.refresh_token.as_ref().and_then(|_| renewal.device_of(&tokens));
        Ok(Session {
            email: state.account.email.clone(),
            id_token: Some(tokens.id_token.clone()),
            access_token: Some(tokens.access_token.clone()),
            refresh_token: tokens.refresh_token.clone(),
            device,
        })
    }

    /// Signs in with the password even if the tokens are valid.
    pub(crate) fn verify_credentials(&self) -> Result<()> {
        let mut state = self.hold();
        self.renewal(&mut state).verify_credentials()
    }

    /// Information about the session. Sends no request.
    pub(crate) fn info(&self) -> Result<SessionInfo> {
        let mut state = self.hold();
        let renewal = self.renewal(&mut state);
        let tokens = renewal.state.tokens.clone().ok_or_else(signed_out)?;
        let has_device = renewal.device_of(&tokens).is_some();
        Ok(SessionInfo::new(&state.account, &tokens, has_device, &self.context))
    }

    /// Removes this account from memory and from the store, optionally revoking its refresh token first.
    pub(crate) fn sign_out(&self, revoke: bool) -> Result<()> {
        let mut state = self.hold();
        let renewal = self.renewal(&mut state);
        let _lock = renewal.lock();
        if revoke {
            let stored = renewal.files().tokens(&renewal.state.account).value();
            let in_use = renewal.state.tokens.as_ref().and_then(|tokens| tokens.refresh_token.clone());
            if let Some(token) = stored.and_then(|stored| stored.refresh_token).or(in_use) {
                Cognito::new(&self.context).revoke(&token)?;
            }
        }
        renewal.files().remove_account(&renewal.state.account)?;
        state.tokens = None;
        state.imported = Session::default();
        state.device = None;
        state.credentials = None;
        state.is_signed_out = true;
        Ok(())
    }

    pub(crate) fn account(&self) -> Account {
        self.hold().account.clone()
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    fn renewal<'a>(&'a self, state: &'a mut State) -> Renewal<'a> {
        Renewal { context: &self.context, settings: &self.settings, state }
    }

    fn hold(&self) -> MutexGuard<'_, State> {
        // Every change of the state is one assignment: a panic elsewhere leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn imported_account(session: &Session, context: &Context) -> Result<Account> {
    session.check()?;
    let name = session
        .account_name()
        .ok_or_else(|| Error::invalid("session", "it has neither a refresh token nor an ID token"))?;
    Ok(Account::named(&name, session.email.clone(), &context.endpoints))
}

/// The requested account: that of the credentials, the most recent one, or the one entered at the prompt, with the
/// input.
fn find_account(context: &Context, settings: &TokenSettings) -> Result<(Account, Option<Credentials>)> {
    if let Some(email) = &settings.source.email {
        check_email(email)?;
        return Ok((Account::of(email, &context.endpoints), None));
    }
    let last = AccountFiles::new(context.store.as_ref()).last_account();
    let trouble = match last {
        Stored::Value(email) if check_email(&email).is_ok() => {
            return Ok((Account::of(&email, &context.endpoints), None));
        }
        Stored::Unreadable(error) => Some(error),
        Stored::Value(_) | Stored::Absent | Stored::Damaged => None,
    };
    match settings.source.ask(None) {
        Ok(typed) => Ok((Account::of(typed.email(), &context.endpoints), Some(typed))),
        Err(error) => Err(trouble.unwrap_or(error)),
    }
}

fn signed_out() -> Error {
    Error::NoCredentials { reason: "this client has signed out; log in again".to_owned() }
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;
