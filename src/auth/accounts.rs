//! The accounts in a store.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::account::{ACCOUNTS, Account, DESCRIPTION};
use super::account_files::AccountFiles;
use crate::error::{Error, Result};
use crate::store::Store;

/// How long to wait for a client that is renewing the account's tokens.
const LOCK_WAIT: Duration = Duration::from_secs(90);

/// An account that has signed in with a store, from [`accounts`]. `Debug` does not show the email address.
#[derive(Clone)]
pub struct StoredAccount {
    account: Account,
    last_used: Timestamp,
}

impl StoredAccount {
    /// The email address that was signed in with, unless the session was imported without one.
    pub fn email(&self) -> Option<&str> {
        self.account.email.as_deref()
    }

    /// When a client last used the account, to the hour.
    pub fn last_used(&self) -> Timestamp {
        self.last_used
    }

    /// Removes this account's tokens, device and cached responses from the store, and nothing else. Clients that are
    /// signed in keep working until their tokens expire.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if something could not be removed.
    pub fn sign_out(&self, store: &dyn Store) -> Result<()> {
        let _lock = store
            .lock(&self.account.lock_name(), LOCK_WAIT)
            .inspect_err(|error| log::warn!("continuing without the account's lock: {error}"));
        AccountFiles::new(store).remove_account(&self.account)
    }
}

impl fmt::Debug for StoredAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredAccount").field("last_used", &self.last_used).finish_non_exhaustive()
    }
}

/// The accounts that have signed in with a store, the most recently used first.
///
/// ```
/// # #[cfg(feature = "sandbox")] {
/// use otf_api::auth::accounts;
/// use otf_api::sandbox::Sandbox;
/// use otf_api::{MemoryStore, Otf};
///
/// let sandbox = Sandbox::start()?;
/// let store = MemoryStore::new();
/// Otf::builder().sandbox(&sandbox).store(store.clone()).login()?;
///
/// for account in accounts(&store)? {
///     println!("{}: last used {}", account.email().unwrap_or("(imported)"), account.last_used());
///     account.sign_out(&store)?;
/// }
/// assert!(accounts(&store)?.is_empty());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::Store`] if the store can't be read.
pub fn accounts(store: &dyn Store) -> Result<Vec<StoredAccount>> {
    let keys = store.keys(ACCOUNTS);
    let keys = keys.map_err(|source| Error::Store { action: "listing the accounts".to_owned(), source })?;
    let files = AccountFiles::new(store);
    let mut accounts: Vec<StoredAccount> = keys
        .iter()
        .filter(|key| key.ends_with(DESCRIPTION))
        .filter_map(|key| {
            let mut account = Account::of_description(key, None)?;
            let description = files.description(&account)?;
            account.email = description.email;
            Some(StoredAccount { account, last_used: description.last_used })
        })
        .collect();
    accounts.sort_by_key(|account| std::cmp::Reverse(account.last_used));
    Ok(accounts)
}
