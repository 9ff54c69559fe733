//! Where tokens, device keys and cached responses are stored between runs.

mod directory;
mod file;
mod memory;
pub(crate) mod platform;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use file::FileStore;
pub use memory::MemoryStore;

/// Stores small values under keys, for one process or many.
///
/// Keys are paths of plain segments, e.g. `accounts/4f1d…/tokens.json`: ASCII letters, digits, `-`, `_` and `.`,
/// joined by `/`, with `.json` at the end. Values are opaque; those under `accounts/` contain secrets, those under
/// `responses/` are personal. If the store fails, the client logs a warning, but a sign-in still works.
pub trait Store: Send + Sync {
    /// The value of a key; `None` if there is no value, or no usable one.
    ///
    /// # Errors
    ///
    /// If the store cannot be reached or refuses.
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>>;

    /// Sets the value of a key atomically: a reader sees the old value or the new one, never a part.
    ///
    /// # Errors
    ///
    /// If the value cannot be stored.
    fn write(&self, key: &str, value: &[u8]) -> io::Result<()>;

    /// Removes a key. Removing a key that does not exist is not an error.
    ///
    /// # Errors
    ///
    /// If the key still exists afterwards.
    fn remove(&self, key: &str) -> io::Result<()>;

    /// The keys that start with `prefix`, in any order. The client requests the keys of one account at a time, so the
    /// cost should not depend on how many other keys exist.
    ///
    /// # Errors
    ///
    /// If the store cannot be reached or refuses.
    fn keys(&self, prefix: &str) -> io::Result<Vec<String>>;

    /// Waits up to `wait` for the lock of this name and holds it until the guard is dropped.
    ///
    /// The lock excludes every other user of the store, in this process or another. The client holds it while it
    /// refreshes an account's tokens: usually for a moment, up to 90 s if the refresh is retried, and while
    /// [`OtfBuilder::on_challenge`](crate::OtfBuilder::on_challenge) runs. A store shared by several machines has to
    /// release the lock if its holder dies: see the [guide](crate::guide::store).
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::TimedOut`] if the lock was not released in time; other kinds if the store cannot lock.
    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock>;

    /// Removes everything.
    ///
    /// # Errors
    ///
    /// If any key still exists afterwards.
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

/// Removes all tokens, device keys and cached responses of all accounts from the default store. The next sign-in needs
/// the password and registers a new device.
///
/// # Errors
///
/// [`Error::Store`](crate::Error::Store) if something cannot be removed.
pub fn clear_cache() -> crate::Result<()> {
    FileStore::new()?
        .clear()
        .map_err(|source| crate::Error::Store { action: "clearing the store".to_owned(), source })
}
