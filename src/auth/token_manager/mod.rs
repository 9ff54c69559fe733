//! The life of the tokens: found in the store, refreshed, signed in anew.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::challenge::ChallengeHandler;
use super::cognito::{AuthenticationResult, Cognito};
use super::credentials::{CredentialSource, Credentials};
use super::json::{Json, Object, Pairs};
use super::jwks;
use super::jwt::JwtError;
use super::sign_in::{Device, DeviceOutcome, SignIn};
use super::tokens::{Account, Session, StoredTokens, Tokens};
use crate::endpoints::Endpoints;
use crate::error::{Error, Result};
use crate::models::DecodeError;
use crate::net::{Clock, HttpClient};
use crate::secret::Secret;
use crate::store::{Store, StoreLock};

/// Which account was used last.
const LAST_ACCOUNT: &str = "last-account.json";

/// What a session is made of; see [`TokenManager::open`].
pub(crate) struct Context {
    pub(crate) http: HttpClient,
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Clock,
    pub(crate) source: CredentialSource,
    pub(crate) answerer: Option<ChallengeHandler>,
    pub(crate) lambda_retry_delay: Duration,
    /// How long another process may hold the account before this one goes on without the lock.
    pub(crate) lock_wait: Duration,
}

/// Gives good tokens for as long as there is a way to.
pub(crate) struct TokenManager {
    parts: Context,
    state: Mutex<State>,
}

struct State {
    account: Account,
    tokens: Option<Arc<Tokens>>,
    /// A session that the program gave, later the device of the last sign-in: what is in it serves where the store
    /// has none.
    imported: Session,
    /// What a person has typed, so that nobody is asked twice in one run; not after it was refused.
    typed: Option<Credentials>,
}

impl TokenManager {
    /// Signs in: by an imported session, by stored tokens, by a refresh, or with credentials, whichever comes
    /// first in this order.
    pub(crate) fn open(parts: Context, imported: Option<Session>) -> Result<Self> {
        let (account, typed) = parts.account(imported.as_ref())?;
        let imported = imported.unwrap_or_default();
        let now = (parts.clock)();
        let tokens = match parts.verified(&imported, now)? {
            Some(mut tokens) => {
                // Tokens alone don't cost the account the refresh token that it has.
                tokens.refresh_token = tokens.refresh_token.or_else(|| parts.stored(&account).refresh_token);
                parts.save(&account, &tokens);
                parts.save_imported_device(&account, &imported);
                parts.remember(&account);
                Some(Arc::new(tokens))
            }
            None => None,
        };
        let manager = Self { parts, state: Mutex::new(State { account, tokens, imported, typed }) };
        manager.tokens()?;
        Ok(manager)
    }

    /// Tokens that are good for at least another minute.
    pub(crate) fn tokens(&self) -> Result<Arc<Tokens>> {
        let mut state = self.hold();
        let now = (self.parts.clock)();
        match &state.tokens {
            Some(tokens) if tokens.is_good(now) => Ok(Arc::clone(tokens)),
            _ => self.parts.renew(&mut state, None),
        }
    }

    /// Other tokens than `refused`, which an endpoint did not accept although they are not expired.
    pub(crate) fn tokens_after_refusal(&self, refused: &Secret) -> Result<Arc<Tokens>> {
        let mut state = self.hold();
        match &state.tokens {
            // Another thread was faster.
            Some(tokens) if tokens.id_token.expose() != refused.expose() => Ok(Arc::clone(tokens)),
            _ => self.parts.renew(&mut state, Some(refused)),
        }
    }

    /// The session as a value.
    pub(crate) fn export(&self) -> Result<Session> {
        let tokens = self.tokens()?;
        let state = self.hold();
        let device = tokens.refresh_token.as_ref().and_then(|token| self.parts.device_of(&state, token));
        Ok(Session {
            email: state.account.email.clone(),
            id_token: Some(tokens.id_token.clone()),
            access_token: Some(tokens.access_token.clone()),
            refresh_token: tokens.refresh_token.clone(),
            device,
        })
    }

    pub(crate) fn account(&self) -> Account {
        self.hold().account.clone()
    }

    pub(crate) fn parts(&self) -> &Context {
        &self.parts
    }

    fn hold(&self) -> MutexGuard<'_, State> {
        // Every change of the state is one assignment: a panic elsewhere leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A client is one member's for as long as it lives: ids of one member must not go out with the token of another.
    fn check_member(&self, tokens: &Tokens) -> Result<()> {
        let before = self.tokens.as_ref().map(|tokens| &tokens.user.member_uuid);
        if before.is_some_and(|member| *member != tokens.user.member_uuid) {
            return Err(Error::authentication("what is at hand to sign in with is another member's"));
        }
        Ok(())
    }

    /// Whether the program gave this refresh token, so that the device it gave goes with it.
    fn brought(&self, token: &Secret) -> bool {
        self.imported.refresh_token.as_ref().is_some_and(|imported| imported.expose() == token.expose())
    }
}

impl Context {
    /// The account asked for: the imported session's, that of the credentials, the last one, or whoever a
    /// person names, with what that person typed.
    fn account(&self, imported: Option<&Session>) -> Result<(Account, Option<Credentials>)> {
        if let Some(session) = imported {
            let name = session
                .account_name()
                .ok_or_else(|| Error::invalid("session", "it has neither a refresh token nor an ID token"))?;
            return Ok((Account::named(&name, session.email.clone(), &self.endpoints), None));
        }
        if let Some(email) = &self.source.email {
            return Ok((Account::of(email, &self.endpoints), None));
        }
        if let Some(email) = self.last_account() {
            return Ok((Account::of(&email, &self.endpoints), None));
        }
        let typed = self.source.ask(None)?;
        Ok((Account::of(typed.email(), &self.endpoints), Some(typed)))
    }

    /// The tokens of an imported session, checked with the key set; `None` where they have expired or are not
    /// there, and a refresh has to do.
    fn verified(&self, imported: &Session, now: Timestamp) -> Result<Option<Tokens>> {
        let (Some(id_token), Some(access_token)) = (&imported.id_token, &imported.access_token) else {
            return Ok(None);
        };
        match jwks::verify(&self.http, &self.endpoints, self.store.as_ref(), id_token, access_token, now) {
            Ok(()) => {}
            Err(jwks::Unverified::Token(JwtError::Expired)) => return Ok(None),
            // This machine's clock is behind: a refresh does not need it.
            Err(jwks::Unverified::Token(JwtError::NotYetValid)) if imported.refresh_token.is_some() => {
                return Ok(None);
            }
            Err(jwks::Unverified::Token(error)) => {
                return Err(Error::Authentication {
                    code: None,
                    message: format!("the session's tokens are refused: {error}"),
                    source: Some(Box::new(error)),
                });
            }
            Err(jwks::Unverified::NoKeys(error)) => return Err(error),
        }
        Ok(imported.stored().good(now))
    }

    /// Gets tokens by the first way that works. Whoever else has to renew the account's tokens waits meanwhile.
    fn renew(&self, state: &mut State, refused: Option<&Secret>) -> Result<Arc<Tokens>> {
        if let Some(tokens) = self.good_stored(&state.account, refused) {
            return self.adopt(state, tokens);
        }
        let lock = self.lock(&state.account);
        if let Some(tokens) = self.stored_or_refreshed(state, refused)? {
            return self.adopt(state, tokens);
        }
        let available = self.source.available(state.account.email.as_deref());
        if let Some(credentials) = available.or_else(|| state.typed.clone()) {
            let signed_in = self.sign_in(state, &credentials);
            if signed_in.as_ref().is_err_and(is_refusal) {
                state.typed = None;
            }
            return self.adopt(state, signed_in?);
        }
        // Nobody else should have to wait for a person.
        drop(lock);
        let credentials = self.source.ask(state.account.email.as_deref())?;
        let _lock = self.lock(&state.account);
        let tokens = match self.good_stored(&state.account, refused) {
            Some(tokens) => tokens,
            None => {
                let tokens = self.sign_in(state, &credentials)?;
                state.typed = Some(credentials);
                tokens
            }
        };
        self.adopt(state, tokens)
    }

    /// Makes tokens the ones in use.
    fn adopt(&self, state: &mut State, tokens: Tokens) -> Result<Arc<Tokens>> {
        state.check_member(&tokens)?;
        let tokens = Arc::new(tokens);
        state.tokens = Some(Arc::clone(&tokens));
        self.remember(&state.account);
        Ok(tokens)
    }

    /// Makes an account the one that was used last.
    fn remember(&self, account: &Account) {
        let Some(email) = &account.email else { return };
        if self.last_account().as_ref() != Some(email) {
            self.write(LAST_ACCOUNT, &[("email", Json::Text(email))]);
        }
    }

    fn last_account(&self) -> Option<String> {
        self.read(LAST_ACCOUNT, |object| object.needed("email", Object::text))
    }

    /// Good tokens that another process has left in the store, or those of a refresh; `None` where every
    /// refresh token is refused.
    fn stored_or_refreshed(&self, state: &State, refused: Option<&Secret>) -> Result<Option<Tokens>> {
        let account = &state.account;
        let mut tried: Vec<Secret> = Vec::new();
        loop {
            // Read again each time: another process may have rotated the token that was just refused.
            let stored = self.stored(account);
            if let Some(tokens) = stored.good((self.clock)()).filter(|tokens| is_other(tokens, refused)) {
                return Ok(Some(tokens));
            }
            let in_use = state.tokens.as_ref().and_then(|tokens| tokens.refresh_token.clone());
            let candidates = [stored.refresh_token.clone(), in_use, state.imported.refresh_token.clone()];
            let untried = |token: &Secret| tried.iter().all(|other| other.expose() != token.expose());
            let Some(token) = candidates.into_iter().flatten().find(untried) else {
                self.drop_refused(account, &stored, &tried);
                return Ok(None);
            };
            match self.refresh(state, &token) {
                Ok(tokens) => return Ok(Some(tokens)),
                Err(error) if is_refusal(&error) => {
                    log::info!("a refresh was refused: {error}");
                    tried.push(token);
                }
                // The network's or the service's trouble says nothing against the tokens.
                Err(error) => return Err(error),
            }
        }
    }

    fn refresh(&self, state: &State, token: &Secret) -> Result<Tokens> {
        let device = self.device_of(state, token);
        let device_key = device.as_ref().map(|device| device.key.as_str());
        let answer = Cognito::new(&self.http, &self.endpoints).refresh(token, device_key)?;
        let tokens = self.received(answer, Some(token.clone()))?;
        self.save(&state.account, &tokens);
        if state.brought(token) {
            self.save_imported_device(&state.account, &state.imported);
        }
        Ok(tokens)
    }

    /// Removes an account's tokens after the pool has refused their refresh token; the device stays.
    fn drop_refused(&self, account: &Account, stored: &StoredTokens, tried: &[Secret]) {
        let was_tried = |token: &Secret| tried.iter().any(|other| other.expose() == token.expose());
        if stored.refresh_token.as_ref().is_some_and(was_tried) {
            self.remove(&account.tokens_key());
        }
    }

    fn sign_in(&self, state: &mut State, credentials: &Credentials) -> Result<Tokens> {
        let (account, brought) = match &state.account.email {
            Some(email) if email == credentials.email() => {
                (state.account.clone(), state.imported.device.clone())
            }
            _ => (Account::of(credentials.email(), &self.endpoints), None),
        };
        let device = self.stored_device(&account).or(brought);
        let sleep = |pause| self.http.sleep(pause);
        let sign_in = SignIn {
            cognito: Cognito::new(&self.http, &self.endpoints),
            clock: &self.clock,
            answerer: self.answerer.as_ref(),
            lambda_retry_delay: self.lambda_retry_delay,
            sleep: &sleep,
        };
        let signed_in = sign_in.run(credentials, device.as_ref())?;
        match &signed_in.device {
            DeviceOutcome::Unchanged => {}
            DeviceOutcome::Forgotten => {
                self.remove(&account.device_key());
                state.imported = Session::default();
            }
            DeviceOutcome::Confirmed(device) => {
                self.save_device(&account, device);
                state.imported = Session { device: Some(device.clone()), ..Session::default() };
            }
        }
        let tokens = self.received(signed_in.tokens, None)?;
        self.save(&account, &tokens);
        // Who has named another member's account is asked again.
        state.check_member(&tokens)?;
        state.account = account;
        Ok(tokens)
    }

    /// Tokens that came straight from the user pool: read without the key set, since TLS says who sent them.
    fn received(&self, answer: AuthenticationResult, refresh_token: Option<Secret>) -> Result<Tokens> {
        let refresh_token = answer.refresh_token.filter(|token| !token.is_empty()).or(refresh_token);
        Tokens::decode(answer.id_token, answer.access_token, refresh_token)
            .map(|tokens| tokens.received((self.clock)()))
            .map_err(|error| Error::Authentication {
                code: None,
                message: format!("the user pool sent tokens that can't be read: {error}"),
                source: Some(Box::new(error)),
            })
    }

    fn lock(&self, account: &Account) -> Option<StoreLock> {
        self.store
            .lock(&account.lock_name(), self.lock_wait)
            .inspect_err(|error| log::warn!("going on without the account's lock: {error}"))
            .ok()
    }

    fn stored(&self, account: &Account) -> StoredTokens {
        let stored = self.read(&account.tokens_key(), StoredTokens::read);
        stored.filter(|stored| stored.are_of(account)).unwrap_or_default()
    }

    fn good_stored(&self, account: &Account, refused: Option<&Secret>) -> Option<Tokens> {
        self.stored(account).good((self.clock)()).filter(|tokens| is_other(tokens, refused))
    }

    /// The device that a refresh token was issued to, without which the pool refuses it.
    fn device_of(&self, state: &State, token: &Secret) -> Option<Device> {
        let stored = || self.stored_device(&state.account);
        let imported = || state.imported.device.clone();
        if state.brought(token) { imported().or_else(stored) } else { stored().or_else(imported) }
    }

    fn save(&self, account: &Account, tokens: &Tokens) {
        self.write(&account.tokens_key(), &tokens.stored(account).pairs());
    }

    fn save_imported_device(&self, account: &Account, imported: &Session) {
        if let Some(device) = &imported.device {
            self.save_device(account, device);
        }
    }

    fn save_device(&self, account: &Account, device: &Device) {
        self.write(&account.device_key(), &device.pairs());
    }

    fn stored_device(&self, account: &Account) -> Option<Device> {
        self.read(&account.device_key(), Device::read)
    }

    /// A value of the store; whatever can't be read is as good as absent.
    fn read<T>(&self, key: &str, read: fn(&Object<'_>) -> Result<T, DecodeError>) -> Option<T> {
        let bytes = self
            .store
            .read(key)
            .inspect_err(|error| log::warn!("{key} can't be read from the store: {error}"))
            .ok()??;
        Object::read(&Zeroizing::new(bytes))
            .and_then(|object| read(&object))
            .inspect_err(|_| log::warn!("{key} is damaged and counts as absent"))
            .ok()
    }

    /// Keeps a value; a store that can't costs a warning, not the sign-in.
    fn write(&self, key: &str, value: &Pairs<'_>) {
        let Ok(bytes) = Json::Object(value).to_bytes() else { return };
        if let Err(error) = self.store.write(key, &bytes) {
            log::warn!("{key} can't be written to the store: {error}");
        }
    }

    fn remove(&self, key: &str) {
        if let Err(error) = self.store.remove(key) {
            log::warn!("{key} can't be removed from the store: {error}");
        }
    }
}

fn is_other(tokens: &Tokens, refused: Option<&Secret>) -> bool {
    refused.is_none_or(|refused| refused.expose() != tokens.id_token.expose())
}

/// Whether the pool said that this refresh token or password serves no more, rather than that something went wrong.
fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Authentication { code: Some(code), .. } if matches!(
        code.as_str(),
        "NotAuthorizedException"
            | "RefreshTokenReuseException"
            | "ResourceNotFoundException"
            | "UserNotFoundException"
            | "InvalidParameterException"
            | "PasswordResetRequiredException"
            | "UserNotConfirmedException"
    ))
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests;
