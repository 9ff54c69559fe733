//! An account's values in the store. An unreadable value is not the same as an absent one.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::Account;
use super::jwt;
use super::session::{Device, Session, is_sendable};
use super::tokens::Tokens;
use super::wire::{from_json, to_json};
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::store::Store;

/// The most recently used account.
const LAST_ACCOUNT: &str = "last-account.json";

/// What the store says about a value.
pub(crate) enum Stored<T> {
    Value(T),
    Absent,
    /// There is a value, but not one of this kind.
    Damaged,
    /// The store failed, so there may be a value.
    Unreadable(Error),
}

impl<T> Stored<T> {
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Damaged | Self::Unreadable(_) => None,
        }
    }

    /// The value changed by a function; `None` counts as damage.
    fn and_then<U>(self, change: impl FnOnce(T) -> Option<U>) -> Stored<U> {
        match self {
            Self::Value(value) => change(value).map_or(Stored::Damaged, Stored::Value),
            Self::Absent => Stored::Absent,
            Self::Damaged => Stored::Damaged,
            Self::Unreadable(error) => Stored::Unreadable(error),
        }
    }
}

/// Tokens as the store holds them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct StoredTokens {
    /// The account's id: a file that was put in another account's place is not used.
    account: String,
    pub(crate) id_token: Option<Secret>,
    pub(crate) access_token: Option<Secret>,
    pub(crate) refresh_token: Option<Secret>,
}

impl StoredTokens {
    fn of(account: &Account, tokens: &Tokens) -> Self {
        Self {
            account: account.id.clone(),
            id_token: Some(tokens.id_token.clone()),
            access_token: Some(tokens.access_token.clone()),
            refresh_token: tokens.refresh_token.clone(),
        }
    }

    /// The tokens of a session that was given by the program.
    pub(crate) fn imported(session: &Session) -> Self {
        Self {
            account: String::new(),
            id_token: session.id_token.clone(),
            access_token: session.access_token.clone(),
            refresh_token: session.refresh_token.clone(),
        }
    }

    /// ID and access token with what they say, expired or not, if both are there and can be read.
    pub(crate) fn tokens(&self) -> Option<Tokens> {
        let id_token = self.id_token.clone()?;
        let access_token = self.access_token.clone()?;
        Tokens::decode(id_token, access_token, self.refresh_token.clone()).ok()
    }

    /// The device that the access token was issued to.
    pub(crate) fn device_key(&self) -> Option<String> {
        let claims = jwt::decode(self.access_token.as_ref()?.expose()).ok()?;
        claims.device_key.filter(|key| is_sendable(key))
    }

    /// The tokens if they are valid for long enough.
    pub(crate) fn good(&self, now: Timestamp) -> Option<Tokens> {
        self.tokens().filter(|tokens| tokens.is_valid(now))
    }
}

/// A device from the moment the pool has registered it.
#[derive(Clone, Debug)]
pub(crate) struct StoredDevice {
    pub(crate) device: Device,
    /// Whether the pool has confirmed it. Until then it is of no use for a refresh.
    pub(crate) confirmed: bool,
}

/// The fields of `device.json`.
#[derive(Deserialize, Serialize)]
struct DeviceFile {
    key: String,
    group_key: String,
    password: Secret,
    /// Files of earlier versions hold confirmed devices only.
    #[serde(default = "confirmed")]
    confirmed: bool,
}

fn confirmed() -> bool {
    true
}

/// What is known of an account besides its secrets.
#[derive(Deserialize, Serialize)]
pub(crate) struct Description {
    pub(crate) email: Option<String>,
    pub(crate) last_used: Timestamp,
}

#[derive(Deserialize, Serialize)]
struct LastAccount {
    email: String,
}

/// Reads and writes the values of accounts.
#[derive(Clone, Copy)]
pub(crate) struct AccountFiles<'a> {
    store: &'a dyn Store,
}

impl<'a> AccountFiles<'a> {
    pub(crate) fn new(store: &'a dyn Store) -> Self {
        Self { store }
    }

    pub(crate) fn tokens(&self, account: &Account) -> Stored<StoredTokens> {
        self.read::<StoredTokens>(&account.tokens_key())
            .and_then(|tokens| (tokens.account == account.id).then_some(tokens))
    }

    /// Whether the tokens were written.
    pub(crate) fn save_tokens(&self, account: &Account, tokens: &Tokens) -> bool {
        self.write(&account.tokens_key(), &StoredTokens::of(account, tokens))
    }

    pub(crate) fn device(&self, account: &Account) -> Stored<StoredDevice> {
        self.read::<DeviceFile>(&account.device_key()).and_then(|file| {
            let device = Device { key: file.key, group_key: file.group_key, password: file.password };
            let confirmed = file.confirmed;
            device.is_complete().then_some(StoredDevice { device, confirmed })
        })
    }

    pub(crate) fn save_device(&self, account: &Account, stored: &StoredDevice) -> bool {
        let device = stored.device.clone();
        let file = DeviceFile {
            key: device.key,
            group_key: device.group_key,
            password: device.password,
            confirmed: stored.confirmed,
        };
        self.write(&account.device_key(), &file)
    }

    pub(crate) fn description(&self, account: &Account) -> Option<Description> {
        self.read(&account.description_key()).value()
    }

    pub(crate) fn save_description(&self, account: &Account, description: &Description) {
        self.write(&account.description_key(), description);
    }

    /// The email address of the account that was used last.
    pub(crate) fn last_account(&self) -> Stored<String> {
        self.read::<LastAccount>(LAST_ACCOUNT).and_then(|last| Some(last.email))
    }

    pub(crate) fn save_last_account(&self, email: &str) {
        self.write(LAST_ACCOUNT, &LastAccount { email: email.to_owned() });
    }

    /// Removes all that the store has of an account.
    pub(crate) fn remove_account(&self, account: &Account) -> Result<()> {
        let remove = |key: &str| {
            self.store
                .remove(key)
                .map_err(|source| Error::Store { action: format!("removing {key}"), source })
        };
        // The secrets first.
        for key in [account.tokens_key(), account.device_key()] {
            remove(&key)?;
        }
        let responses = self.store.keys(&account.responses());
        let responses = responses
            .map_err(|source| Error::Store { action: "listing the cached responses".to_owned(), source })?;
        responses.iter().try_for_each(|key| remove(key))?;
        if let Stored::Value(last) = self.last_account()
            && account.email.as_ref() == Some(&last)
        {
            remove(LAST_ACCOUNT)?;
        }
        remove(&account.description_key())
    }

    /// Removes a value. Logs a warning if the store fails.
    pub(crate) fn remove(&self, key: &str) {
        if let Err(error) = self.store.remove(key) {
            log::warn!("{key} can't be removed from the store: {error}");
        }
    }

    fn read<T: DeserializeOwned>(&self, key: &str) -> Stored<T> {
        // Read twice at most: a passing failure must not cost a request, let alone a password.
        let bytes = match self.store.read(key).or_else(|_| self.store.read(key)) {
            Ok(Some(bytes)) => Zeroizing::new(bytes),
            Ok(None) => return Stored::Absent,
            Err(source) => {
                log::warn!("{key} can't be read from the store: {source}");
                return Stored::Unreadable(Error::Store { action: format!("reading {key}"), source });
            }
        };
        match from_json(&bytes) {
            Ok(value) => Stored::Value(value),
            Err(error) => {
                log::warn!("{key} is damaged: {error}");
                Stored::Damaged
            }
        }
    }

    /// Writes a value. If the store fails twice, logs a warning; the sign-in continues.
    fn write(&self, key: &str, value: &impl Serialize) -> bool {
        let Ok(json) = to_json(value) else { return false };
        let written = self.store.write(key, &json).or_else(|_| self.store.write(key, &json));
        if let Err(error) = &written {
            log::warn!("{key} can't be written to the store: {error}");
        }
        written.is_ok()
    }
}
