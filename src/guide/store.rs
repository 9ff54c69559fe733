//! Storing tokens somewhere else.
//!
//! [`FileStore::at`](crate::FileStore::at) uses another directory; a [`MemoryStore`](crate::MemoryStore) lasts as long
//! as the process. For anything else, implement [`Store`](crate::Store): methods over keys and bytes. The values under
//! `accounts/` are secrets, those under `responses/` are personal data. This store is a table whose locks expire, as in
//! a database that several machines share:
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
//! /// A lock ends after this time, even if its holder has died.
//! const LEASE: Duration = Duration::from_secs(100);
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
//!                 let held = Held { locks: Arc::clone(&self.locks), name: name.to_owned(), until: now + LEASE };
//!                 locks.insert(name.to_owned(), held.until);
//!                 return Ok(StoreLock::new(held));
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
//! struct Held {
//!     locks: Table<Instant>,
//!     name: String,
//!     until: Instant,
//! }
//!
//! impl Drop for Held {
//!     fn drop(&mut self) {
//!         let mut locks = self.locks.lock().unwrap();
//!         // Only its own lock: after the lease another holder may have it.
//!         if locks.get(&self.name) == Some(&self.until) {
//!             locks.remove(&self.name);
//!         }
//!     }
//! }
//!
//! # #[cfg(feature = "sandbox")] {
//! let sandbox = otf_api::sandbox::Sandbox::start()?;
//! let database = Database::default();
//! let builder = otf_api::Otf::builder().sandbox(&sandbox).store(database.clone());
//! builder.lock_wait(Duration::from_secs(120)).login()?;
//! assert!(!database.keys("accounts/")?.is_empty());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Requirements:
//!
//! - A reader sees a whole value, the old one or the new one.
//! - The lock excludes all other users of the store, including other machines: the client refreshes tokens while
//!   holding it, and a pool that rotates refresh tokens accepts each of them once.
//! - If the store fails, return an error; if locking fails, return it at once. The client logs a warning and can sign
//!   in without a store. The error is logged, so keep the store's password and the values out of it.
//! - The client asks for the keys of one account at a time, such as `responses/<account>/`. A store that can look up a
//!   prefix without reading all keys stays fast with many accounts.
//!
//! # Safe directories
//!
//! [`FileStore`](crate::FileStore) checks each of its directories before using it. If one is a link or belongs to
//! another user, the store returns an error that names it, and the client logs a warning and holds the tokens only in
//! memory. A relative `HOME` and a path that starts with `~` are refused too. On Windows, owners are not compared;
//! `docs/SECURITY.md` has the details.
//!
//! # A lock that works across machines
//!
//! No operating system releases the lock of a machine that has died, so such a lock is a lease: it expires.
//!
//! - A refresh takes at most 90 s with the defaults of [`Limits`](crate::Limits) and
//!   [`RetryPolicy`](crate::RetryPolicy). The lease has to be longer, so that it does not expire while its holder is
//!   merely slow. [`OtfBuilder::lock_wait`](crate::OtfBuilder::lock_wait) has to be longer still, so that no process
//!   continues without the lock before the lease of a dead holder has expired. (A sign-in takes several requests and
//!   may wait for a person. If the lease expires meanwhile, the cost is another sign-in.)
//! - Only the holder may release a lease: give each lease a unique number, and compare and remove it in one step.
//! - A holder that was suspended for longer than its lease continues as if it had the lock. If refresh tokens stay
//!   valid, as OrangeTheory's do, the cost is one more refresh. If they rotate, the second use of a token is refused;
//!   that process reads the store again, and needs the password if the first one has not written yet. Fencing tokens do
//!   not help, since the user pool checks nothing but the refresh token.
//!
//! `examples/otf/src/redis_store.rs` in the repository does all this with Redis, in a single file that you can copy.
//! The program `otf` uses it for `--store redis://host/`; a test checks that 16 processes make one refresh.
