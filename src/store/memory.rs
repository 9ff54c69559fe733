//! A store in memory, which lasts as long as the process.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Store, StoreLock};

/// Stores everything in memory. Clones share one store.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
    /// The names of the locks that are held: one per account in use.
    locked: Mutex<Vec<String>>,
    released: Condvar,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(hold(&self.shared.values).get(key).cloned())
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        hold(&self.shared.values).insert(key.to_owned(), value.to_vec());
        Ok(())
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        hold(&self.shared.values).remove(key);
        Ok(())
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        let values = hold(&self.shared.values);
        let from = values.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        Ok(from.map(|(key, _)| key).take_while(|key| key.starts_with(prefix)).cloned().collect())
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        let locked = hold(&self.shared.locked);
        let is_taken = |locked: &[String]| locked.iter().any(|taken| taken == name);
        let (mut locked, timeout) = self
            .shared
            .released
            .wait_timeout_while(locked, wait, |locked| is_taken(locked))
            .unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() && is_taken(&locked) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        locked.push(name.to_owned());
        Ok(StoreLock::new(Held { shared: Arc::clone(&self.shared), name: name.to_owned() }))
    }
}

struct Held {
    shared: Arc<Shared>,
    name: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        hold(&self.shared.locked).retain(|taken| *taken != self.name);
        self.shared.released.notify_all();
    }
}

/// Every change is a single insertion or removal, so a panic elsewhere leaves the map intact.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryStore")
    }
}
