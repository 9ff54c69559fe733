//! A store that fails on order.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use otf_api::{MemoryStore, Store, StoreLock};

/// A store whose calls can be made to fail. Clones share everything.
#[derive(Clone, Default)]
pub(crate) struct FailingStore {
    pub(crate) inner: MemoryStore,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    calls: AtomicUsize,
    fails: Mutex<Option<Box<Fails>>>,
}

type Fails = dyn Fn(usize, &str, &str) -> bool + Send;

impl FailingStore {
    /// From now on calls fail for which this returns true, given the number of the call from 1, its name and its key.
    pub(crate) fn fail(&self, fails: impl Fn(usize, &str, &str) -> bool + Send + 'static) {
        self.shared.calls.store(0, Ordering::SeqCst);
        *self.shared.fails.lock().unwrap() = Some(Box::new(fails));
    }

    /// From now on no call fails. Returns how many calls there were since [`FailingStore::fail`].
    pub(crate) fn heal(&self) -> usize {
        *self.shared.fails.lock().unwrap() = None;
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// The key of the only value whose key ends so.
    pub(crate) fn key(&self, end: &str) -> Option<String> {
        self.inner.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with(end))
    }

    fn check(&self, name: &str, key: &str) -> io::Result<()> {
        let call = self.shared.calls.fetch_add(1, Ordering::SeqCst) + 1;
        match self.shared.fails.lock().unwrap().as_ref() {
            Some(fails) if fails(call, name, key) => Err(io::Error::other("planted failure")),
            _ => Ok(()),
        }
    }
}

impl Store for FailingStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.check("read", key)?;
        self.inner.read(key)
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        self.check("write", key)?;
        self.inner.write(key, value)
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        self.check("remove", key)?;
        self.inner.remove(key)
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.check("keys", prefix)?;
        self.inner.keys(prefix)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        self.check("lock", name)?;
        self.inner.lock(name, wait)
    }
}
