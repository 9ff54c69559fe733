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
//!         // Only its own: when its time is over, the lock may be another one's.
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
//! - A reader has to see a whole value, the old one or the new one.
//! - The lock has to keep out every user of the store, on other machines too: under it the refresh token is renewed,
//!   and a pool that rotates refresh tokens takes each one once.
//! - Return an error where the store fails, and at once where the lock does. It costs a warning in the log, and a
//!   sign-in works without a store. The log shows the error, so leave the store's password and the values out of it.
//!
//! # A lock that holds across machines
//!
//! No system releases it for a machine that has died, so it is a lease: it ends by itself.
//!
//! - Three times have to be in this order. A refresh takes 90 s at worst, by the defaults of
//!   [`Limits`](crate::Limits) and [`RetryPolicy`](crate::RetryPolicy); the lease is longer, so that it does not run out under a
//!   holder that is only slow; [`OtfBuilder::lock_wait`](crate::OtfBuilder::lock_wait) is longer still, so that nobody
//!   goes on without the lock before that of a dead holder has ended. (A sign-in is several requests, and may ask a
//!   person: a lease that runs out then costs another sign-in.)
//! - Only who took it releases it: by a number of its own, compared and removed in one step.
//! - A holder that was stopped for longer than its lease goes on as if it had the lock. Where refresh tokens stay good,
//!   as OrangeTheory's do, that costs one refresh more. Where they rotate, the second one to use the token is refused; it
//!   reads the store again, and needs the password if the first one has not written yet. Fencing does not help, since
//!   the user pool looks at no number but the token.
//!
//! The repository's `examples/programs/src/redis_store.rs` does all this in Redis, in a file to be copied. The program
//! `shared_store` beside it uses it, and `shared_store --sandbox` proves with processes of their own that they make one
//! refresh.
