//! Refreshing: choosing the tokens and the device, and handling a refusal.

use super::renewal::{Found, Renewal, is_other};
use crate::auth::account_files::{Stored, StoredDevice, StoredTokens};
use crate::auth::cognito::{AuthenticationResult, Cognito, Effect, Step, effect};
use crate::auth::session::{Device, is_sendable};
use crate::auth::tokens::Tokens;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The maximum number of refused tokens that a client remembers.
const MAX_REMEMBERED: usize = 16;

/// A refresh token that may be valid.
struct Candidate {
    token: Secret,
    /// The device that it belongs to, according to the access token stored with it.
    device_key: Option<String>,
}

/// What is known about the device that a refresh token belongs to.
enum DeviceKey {
    /// The device is stored, confirmed, and the token's own.
    Known(String),
    /// Only the token says so, or there is none.
    Uncertain(Option<String>),
    /// The device could not be read.
    Unreadable(Error),
}

impl Renewal<'_> {
    /// Valid tokens that another process has stored, or those of a refresh.
    ///
    /// A refused token is dropped only if the refresh was complete. Any other failure does not mean that it is invalid.
    pub(super) fn stored_or_refreshed(&mut self, refused: Option<&Secret>) -> Result<Found> {
        let mut tried: Vec<Secret> = Vec::new();
        let mut trouble = self.missing_part();
        loop {
            // Read again each time: another process may have rotated the token that was just refused.
            let stored = match self.files().tokens(&self.state.account) {
                Stored::Value(stored) => stored,
                Stored::Absent | Stored::Damaged => StoredTokens::default(),
                Stored::Unreadable(error) => {
                    trouble = Some(error);
                    StoredTokens::default()
                }
            };
            if let Some(tokens) = stored.good(self.context.now()).filter(|tokens| is_other(tokens, refused)) {
                return Ok(Found::Tokens(Box::new(tokens)));
            }
            let Some(candidate) = self.candidates(&stored).into_iter().find(|candidate| {
                let is_same = |other: &Secret| other.expose() == candidate.token.expose();
                !tried.iter().chain(&self.state.refused_refresh_tokens).any(is_same)
            }) else {
                self.drop_refused(&stored);
                return Ok(Found::Nothing { trouble });
            };
            tried.push(candidate.token.clone());
            let (device_key, is_complete) = match self.device_key(&candidate) {
                DeviceKey::Known(key) => (Some(key), true),
                DeviceKey::Uncertain(key) => (key, false),
                DeviceKey::Unreadable(error) => {
                    trouble = Some(error);
                    continue;
                }
            };
            let error = match self.refresh(&candidate.token, device_key.as_deref()) {
                Ok(tokens) => return Ok(Found::Tokens(Box::new(tokens))),
                Err(error) => error,
            };
            match (effect(Step::Refresh, &error), &error) {
                (Effect::Refused, _) => {
                    log::info!("a refresh was refused: {error}");
                    if is_complete {
                        self.remember_refusal(candidate.token);
                    }
                }
                // The request itself was refused: a password may still help.
                (Effect::Inconclusive, Error::Authentication { code: Some(_), .. }) => trouble = Some(error),
                _ => return Err(error),
            }
        }
    }

    /// The refresh tokens that are known, newest first as far as that is known.
    fn candidates(&self, stored: &StoredTokens) -> Vec<Candidate> {
        let candidate = |tokens: &StoredTokens| {
            let token = tokens.refresh_token.clone().filter(|token| is_sendable(token.expose()))?;
            Some(Candidate { token, device_key: tokens.device_key() })
        };
        let in_use = self.state.tokens.as_deref().and_then(|tokens| {
            let token = tokens.refresh_token.clone()?;
            Some(Candidate { token, device_key: tokens.device_key.clone() })
        });
        let imported = StoredTokens::imported(&self.state.imported);
        let is_import_newer = match (imported.tokens(), stored.tokens()) {
            (Some(imported), Some(stored)) => imported.is_newer_than(&stored),
            _ => false,
        };
        let mut candidates: Vec<Candidate> =
            [candidate(stored), in_use, candidate(&imported)].into_iter().flatten().collect();
        if is_import_newer {
            candidates.rotate_right(1);
        }
        candidates
    }

    fn device_key(&self, candidate: &Candidate) -> DeviceKey {
        let claimed = candidate.device_key.clone();
        let is_own = |key: &String| claimed.as_ref().is_none_or(|claimed| claimed == key);
        if self.is_imported(&candidate.token)
            && let Some(device) = &self.state.imported.device
        {
            return DeviceKey::Known(device.key.clone());
        }
        let in_memory = self.state.device.clone();
        let stored = match self.files().device(&self.state.account) {
            Stored::Value(stored) => Some(stored),
            Stored::Absent | Stored::Damaged => in_memory,
            Stored::Unreadable(error) => {
                let key = claimed.or_else(|| Some(in_memory?.device.key));
                return key.map_or(DeviceKey::Unreadable(error), |key| DeviceKey::Uncertain(Some(key)));
            }
        };
        match stored {
            Some(StoredDevice { device, confirmed: true }) if is_own(&device.key) => {
                DeviceKey::Known(device.key)
            }
            stored => DeviceKey::Uncertain(claimed.or_else(|| Some(stored?.device.key))),
        }
    }

    fn refresh(&mut self, token: &Secret, device_key: Option<&str>) -> Result<Tokens> {
        let response = Cognito::new(self.context).refresh(token, device_key)?;
        let tokens = self.received(response, Some(token.clone()))?;
        self.check_member(&tokens)?;
        self.save(&tokens);
        if self.is_imported(token)
            && let Some(device) = self.state.imported.device.clone()
        {
            self.keep_device(StoredDevice { device, confirmed: true });
        }
        Ok(tokens)
    }

    /// Tokens received from the user pool itself: read without the key set, since TLS authenticates the sender.
    pub(super) fn received(
        &self,
        response: AuthenticationResult,
        refresh_token: Option<Secret>,
    ) -> Result<Tokens> {
        let refresh_token = response.refresh_token.filter(|token| !token.is_empty()).or(refresh_token);
        Tokens::decode(response.id_token, response.access_token, refresh_token)
            .map(|tokens| tokens.received(self.context.now()))
            .map_err(|error| {
                Error::untrusted(format!("the user pool sent tokens that can't be used: {error}"), error)
            })
    }

    /// Writes the session's device to the store, and holds it in memory in case the store fails.
    pub(super) fn keep_device(&mut self, device: StoredDevice) {
        self.files().save_device(&self.state.account, &device);
        self.state.device = Some(device);
    }

    /// The confirmed device that tokens belong to.
    pub(super) fn device_of(&self, tokens: &Tokens) -> Option<Device> {
        let is_own = |device: &Device| tokens.device_key.as_ref().is_none_or(|key| *key == device.key);
        let imported = || {
            let brought = tokens.refresh_token.as_ref().is_some_and(|token| self.is_imported(token));
            self.state.imported.device.clone().filter(|_| brought)
        };
        let stored = self.files().device(&self.state.account).value();
        [stored, self.state.device.clone()]
            .into_iter()
            .flatten()
            .filter(|stored| stored.confirmed)
            .map(|stored| stored.device)
            .chain(imported())
            .find(is_own)
    }

    /// Whether the program gave this refresh token, so that the device that it gave belongs to it.
    fn is_imported(&self, token: &Secret) -> bool {
        self.state.imported.refresh_token.as_ref().is_some_and(|imported| imported.expose() == token.expose())
    }

    fn remember_refusal(&mut self, token: Secret) {
        let refused = &mut self.state.refused_refresh_tokens;
        if refused.len() >= MAX_REMEMBERED {
            refused.remove(0);
        }
        refused.push(token);
    }

    /// Removes the stored tokens if the pool has refused their refresh token for good. The device stays.
    fn drop_refused(&self, stored: &StoredTokens) {
        let refused = &self.state.refused_refresh_tokens;
        let is_refused = |token: &Secret| refused.iter().any(|other| other.expose() == token.expose());
        if stored.refresh_token.as_ref().is_some_and(is_refused) {
            self.files().remove(&self.state.account.tokens_key());
        }
    }

    /// Says what an imported session lacks, for the case that nothing else works.
    fn missing_part(&self) -> Option<Error> {
        let imported = &self.state.imported;
        imported.account_name()?;
        let missing = imported.missing_part()?;
        Some(Error::NoCredentials {
            reason: format!(
                "{missing}; export it again with Otf::session, or give credentials to the builder"
            ),
        })
    }
}
