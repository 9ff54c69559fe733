//! Tokens somewhere else.
//!
//! [`FileStore::at`](crate::FileStore::at) takes another directory, [`MemoryStore`](crate::MemoryStore) forgets all
//! at the end. For anything else implement [`Store`](crate::Store): six methods over keys and bytes. The values below
//! `accounts/` are secrets. This one is a table with a time for each lock, as a database shared by machines has it:
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::io;
//! use std::sync::{Arc, Mutex};
//! use std::time::{Duration, Instant};
//!
//! use otf_api::{Store, StoreLock};
//!
//! type Table<V> = Arc<Mutex<BTreeMap<String, V>>>;
//!
//! #[derive(Clone, Default)]
//! struct Database {
//!     values: Table<Vec<u8>>,
//!     locks: Table<Instant>,
//! }
//!
//! /// However a holder ends, its lock does too.
//! const LEASE: Duration = Duration::from_secs(60);
//!
//! impl Store for Database {
//!     fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
//!         Ok(self.values.lock().unwrap().get(key).cloned())
//!     }
//!
//!     fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
//!         self.values.lock().unwrap().insert(key.to_owned(), value.to_vec());
//!         Ok(())
//!     }
//!
//!     fn remove(&self, key: &str) -> io::Result<()> {
//!         self.values.lock().unwrap().remove(key);
//!         Ok(())
//!     }
//!
//!     fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
//!         Ok(self.values.lock().unwrap().keys().filter(|key| key.starts_with(prefix)).cloned().collect())
//!     }
//!
//!     fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
//!         let deadline = Instant::now() + wait;
//!         loop {
//!             let now = Instant::now();
//!             let mut locks = self.locks.lock().unwrap();
//!             if locks.get(name).is_none_or(|until| *until <= now) {
//!                 locks.insert(name.to_owned(), now + LEASE);
//!                 return Ok(StoreLock::new(Held(Arc::clone(&self.locks), name.to_owned())));
//!             }
//!             drop(locks);
//!             if now >= deadline {
//!                 return Err(io::ErrorKind::TimedOut.into());
//!             }
//!             std::thread::sleep(Duration::from_millis(20));
//!         }
//!     }
//! }
//!
//! struct Held(Table<Instant>, String);
//!
//! impl Drop for Held {
//!     fn drop(&mut self) {
//!         self.0.lock().unwrap().remove(&self.1);
//!     }
//! }
//!
//! # #[cfg(feature = "sandbox")] {
//! let sandbox = otf_api::sandbox::Sandbox::start()?;
//! let database = Database::default();
//! otf_api::Otf::builder().sandbox(&sandbox).store(database.clone()).login()?;
//! assert!(!database.keys("accounts/")?.is_empty());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - A reader has to see a whole value, the old one or the new one.
//! - The lock has to keep out every user of the store, on other machines too: under it the refresh token is renewed,
//!   and a pool that rotates refresh tokens takes each one once. If several machines share the store, let the lock
//!   remember who took it, and let only that one release it: here a holder that outlives its lease would release the
//!   next one's.
//! - Return an error where the store fails. It costs a warning in the log, and a sign-in works without a store.
