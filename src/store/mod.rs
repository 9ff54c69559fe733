//! Where tokens, device keys and kept responses live between runs.

pub(crate) mod file;
mod memory;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use file::FileStore;
pub use memory::MemoryStore;

/// Keeps small values under keys, for one or many processes.
///
/// Keys are paths of plain segments, e.g. `accounts/4f1d…/tokens.json`: ASCII letters, digits, `-`, `_` and `.`,
/// joined by `/`, with `.json` at the end. Values are opaque; those below `accounts/` hold secrets. A store that fails costs a warning in
/// the log, never a sign-in that would otherwise work.
pub trait Store: Send + Sync {
    /// The value of a key; `None` where there is none, or none that can be used.
    ///
    /// # Errors
    ///
    /// Where the store can't be asked.
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>>;

    /// Sets the value of a key at once: a reader sees the old value or the new one, never a part.
    ///
    /// # Errors
    ///
    /// Where the value can't be kept.
    fn write(&self, key: &str, value: &[u8]) -> io::Result<()>;

    /// Removes a key; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// Where the key is still there afterwards.
    fn remove(&self, key: &str) -> io::Result<()>;

    /// The keys that start with `prefix`, in any order.
    ///
    /// # Errors
    ///
    /// Where the store can't be asked.
    fn keys(&self, prefix: &str) -> io::Result<Vec<String>>;

    /// Waits up to `wait` for the lock of this name and holds it until the guard is dropped.
    ///
    /// It has to keep out every other user of the store, in this process or another. It is held while an account's
    /// tokens are renewed: a moment as a rule, up to 90 s for a refresh that is tried again and again, and for as long
    /// as [`OtfBuilder::on_challenge`](crate::OtfBuilder::on_challenge) takes to answer. A store that machines share
    /// has to free it when its holder dies: see the [guide](crate::guide::store).
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::TimedOut`] where it stayed taken; others where the store can't lock.
    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock>;

    /// Removes everything.
    ///
    /// # Errors
    ///
    /// Where something is left.
    fn clear(&self) -> io::Result<()> {
        self.keys("")?.iter().try_for_each(|key| self.remove(key))
    }
}

/// Holds a lock of a [`Store`] until it is dropped.
pub struct StoreLock {
    _held: Box<dyn Send>,
}

impl StoreLock {
    /// A lock that is released when `guard` is dropped.
    pub fn new(guard: impl Send + 'static) -> Self {
        Self { _held: Box::new(guard) }
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreLock")
    }
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        (**self).read(key)
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        (**self).write(key, value)
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        (**self).remove(key)
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        (**self).keys(prefix)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        (**self).lock(name, wait)
    }

    fn clear(&self) -> io::Result<()> {
        (**self).clear()
    }
}

/// Removes all tokens, device data and kept responses of all accounts from the default store: the next sign-in
/// starts anew, as a new device.
///
/// # Errors
///
/// [`Error::Store`](crate::Error::Store) where something can't be removed.
pub fn clear_cache() -> crate::Result<()> {
    FileStore::new()?
        .clear()
        .map_err(|source| crate::Error::Store { action: "clearing the cache".to_owned(), source })
}
