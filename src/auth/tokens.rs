//! The tokens of one account, as they are used, stored, exported and imported.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::OtfUser;
use super::hash::{hex, sha256};
use super::json::{Json, Object};
use super::jwt::{self, JwtError};
use super::sign_in::Device;
use crate::endpoints::Endpoints;
use crate::models::DecodeError;
use crate::secret::Secret;

/// Tokens count as expired this long before they do, so that none expires on its way.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// A sign-in as a value: export it with [`Otf::session`](crate::Otf::session), keep it where secrets are kept,
/// and sign in from it with [`OtfBuilder::session`](crate::OtfBuilder::session) on a machine without a person.
///
/// It serializes as an object of these fields, those that are `None` left out. For a server that is never asked
/// for a password the refresh token and the device are enough.
///
/// ```
/// use otf_api::auth::Session;
///
/// let json = r#"{"refresh_token": "…", "device": {"key": "…", "group_key": "…", "password": "…"}}"#;
/// let session: Session = serde_json::from_str(json)?;
/// assert!(session.id_token.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `Debug` shows the device's keys at most.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The e-mail address that was signed in with: it names the account in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The ID token, a JWT: what the OrangeTheory endpoints want.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
    /// The access token, a JWT: what the user pool wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Secret>,
    /// The refresh token: it outlives the other two by weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// The confirmed device, without which the pool refuses to refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
}

impl Session {
    /// A session that starts with a refresh.
    pub fn from_refresh_token(refresh_token: impl Into<Secret>, device: Option<Device>) -> Self {
        Self { refresh_token: Some(refresh_token.into()), device, ..Self::default() }
    }

    /// A session of tokens alone: it ends when they expire.
    pub fn from_tokens(id_token: impl Into<Secret>, access_token: impl Into<Secret>) -> Self {
        Self { id_token: Some(id_token.into()), access_token: Some(access_token.into()), ..Self::default() }
    }

    /// What names the account where no e-mail address does.
    pub(crate) fn account_name(&self) -> Option<String> {
        let secret = self.refresh_token.as_ref().or(self.id_token.as_ref())?;
        Some(self.email.clone().unwrap_or_else(|| format!("session {}", hash(secret.expose()))))
    }

    pub(crate) fn stored(&self) -> StoredTokens {
        StoredTokens {
            account: String::new(),
            id_token: self.id_token.clone(),
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.clone(),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("device", &self.device).finish_non_exhaustive()
    }
}

/// Tokens as the store keeps them: each is used for what it is still good for.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoredTokens {
    /// Whose they are: a file that was put in another account's place is not used.
    account: String,
    pub(crate) id_token: Option<Secret>,
    pub(crate) access_token: Option<Secret>,
    pub(crate) refresh_token: Option<Secret>,
}

impl StoredTokens {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            account: object.text("account")?.unwrap_or_default(),
            id_token: object.secret("id_token")?,
            access_token: object.secret("access_token")?,
            refresh_token: object.secret("refresh_token")?,
        })
    }

    pub(super) fn pairs(&self) -> [(&str, Json<'_>); 4] {
        [
            ("account", Json::Text(&self.account)),
            ("id_token", Json::secret(self.id_token.as_ref())),
            ("access_token", Json::secret(self.access_token.as_ref())),
            ("refresh_token", Json::secret(self.refresh_token.as_ref())),
        ]
    }

    pub(crate) fn are_of(&self, account: &Account) -> bool {
        self.account == account.key
    }

    /// The tokens, where ID and access token are there, can be read and are still good.
    pub(crate) fn good(&self, now: Timestamp) -> Option<Tokens> {
        let id_token = self.id_token.clone()?;
        let access_token = self.access_token.clone()?;
        let tokens = Tokens::decode(id_token, access_token, self.refresh_token.clone()).ok()?;
        tokens.is_good(now).then_some(tokens)
    }
}

/// Tokens in use.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) id_token: Secret,
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) user: OtfUser,
    /// `None` for tokens that are used until an endpoint refuses them.
    expires: Option<Timestamp>,
}

impl Tokens {
    /// Reads what the tokens say, without checking who says it.
    pub(crate) fn decode(
        id_token: Secret,
        access_token: Secret,
        refresh_token: Option<Secret>,
    ) -> Result<Self, JwtError> {
        let id = jwt::decode(id_token.expose())?;
        let access = jwt::decode(access_token.expose())?;
        let user = OtfUser::from_claims(&id, &access)?;
        let expires = Some(id.expires_at().min(access.expires_at()));
        Ok(Self { id_token, access_token, refresh_token, user, expires })
    }

    /// The same for tokens that have just been issued. New tokens that count as expired mean that this machine's
    /// clock is ahead: they are used until an endpoint refuses them, rather than renewed for each request.
    pub(crate) fn received(mut self, now: Timestamp) -> Self {
        if !self.is_good(now) {
            log::warn!("new tokens count as expired: is this machine's clock right?");
            self.expires = None;
        }
        self
    }

    pub(crate) fn is_good(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| expires.duration_since(now) > MARGIN)
    }

    pub(crate) fn stored(&self, account: &Account) -> StoredTokens {
        StoredTokens {
            account: account.key.clone(),
            id_token: Some(self.id_token.clone()),
            access_token: Some(self.access_token.clone()),
            refresh_token: self.refresh_token.clone(),
        }
    }
}

/// An account's place in the store.
#[derive(Clone)]
pub(crate) struct Account {
    /// As it was typed; `None` for an imported session without one.
    pub(crate) email: Option<String>,
    key: String,
}

impl Account {
    /// The account of an e-mail address.
    pub(crate) fn of(email: &str, endpoints: &Endpoints) -> Self {
        Self::named(email, Some(email.to_owned()), endpoints)
    }

    /// The account of a name at a user pool: the same name at another pool is another account.
    pub(crate) fn named(name: &str, email: Option<String>, endpoints: &Endpoints) -> Self {
        let pool = endpoints.user_pool_settings();
        let key = hash(&format!("{}\n{}\n{name}", endpoints.user_pool_base(), pool.id()));
        Self { email, key }
    }

    pub(crate) fn tokens_key(&self) -> String {
        format!("accounts/{}/tokens.json", self.key)
    }

    pub(crate) fn device_key(&self) -> String {
        format!("accounts/{}/device.json", self.key)
    }

    pub(crate) fn lock_name(&self) -> String {
        format!("accounts/{}/session", self.key)
    }

    /// What the keys of all this account's cached responses start with.
    pub(crate) fn responses(&self) -> String {
        format!("responses/{}/", self.key)
    }
}

/// 128 bits of SHA-256 in hex: a name that says nothing of what it names.
pub(crate) fn hash(text: &str) -> String {
    hex(&sha256(&[text.as_bytes()])[..16])
}
