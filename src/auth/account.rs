//! Where an account's values are in the store.

use super::hash::{hex, sha256};
use crate::endpoints::Endpoints;

/// The keys of all accounts start with this.
pub(super) const ACCOUNTS: &str = "accounts/";

/// The key of an account's description ends with this.
pub(super) const DESCRIPTION: &str = "/account.json";

/// An account of a user pool: the same name in another pool is another account.
#[derive(Clone)]
pub(crate) struct Account {
    /// As it was typed; `None` for an imported session without one.
    pub(crate) email: Option<String>,
    pub(super) id: String,
}

impl Account {
    /// The account of an email address.
    pub(crate) fn of(email: &str, endpoints: &Endpoints) -> Self {
        Self::named(email, Some(email.to_owned()), endpoints)
    }

    pub(crate) fn named(name: &str, email: Option<String>, endpoints: &Endpoints) -> Self {
        let pool = endpoints.user_pool_settings();
        let id = hash(&format!("{}\n{}\n{name}", endpoints.user_pool_base(), pool.id()));
        Self { email, id }
    }

    /// The account whose description has this key.
    pub(super) fn of_description(key: &str, email: Option<String>) -> Option<Self> {
        let id = key.strip_prefix(ACCOUNTS)?.strip_suffix(DESCRIPTION)?;
        (!id.contains('/')).then(|| Self { email, id: id.to_owned() })
    }

    pub(crate) fn tokens_key(&self) -> String {
        format!("{ACCOUNTS}{}/tokens.json", self.id)
    }

    pub(crate) fn device_key(&self) -> String {
        format!("{ACCOUNTS}{}/device.json", self.id)
    }

    pub(crate) fn description_key(&self) -> String {
        format!("{ACCOUNTS}{}{DESCRIPTION}", self.id)
    }

    pub(crate) fn lock_name(&self) -> String {
        format!("{ACCOUNTS}{}/session", self.id)
    }

    /// The key of what is noted about attempts to book a class.
    pub(crate) fn booking_key(&self, class: &str) -> String {
        format!("{ACCOUNTS}{}/bookings/{}.json", self.id, hash(class))
    }

    /// What the keys of all this account's cached responses start with.
    pub(crate) fn responses(&self) -> String {
        format!("responses/{}/", self.id)
    }
}

/// 128 bits of SHA-256 in hexadecimal: a name that does not reveal its input.
pub(crate) fn hash(text: &str) -> String {
    let digest = sha256(&[text.as_bytes()]);
    hex(digest.first_chunk::<16>().map_or(&[], |half| half))
}
