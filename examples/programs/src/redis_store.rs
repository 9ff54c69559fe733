//! A store in Redis: one session for programs on many machines. It needs nothing else of this package; take the file.
//!
//! ```no_run
//! use otf_api::Otf;
//! use otf_api_programs::redis_store::{LOCK_WAIT, RedisStore};
//!
//! let store = RedisStore::at("redis://127.0.0.1:6379/")?;
//! let otf = Otf::builder().store(store).lock_wait(LOCK_WAIT).login()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Values are the fields of one hash, and each lock is a key of its own beside it. Whoever can read them has the
//! account, so the server wants a password and TLS (`rediss://`, with a TLS feature of the crate `redis`). It has to
//! keep what it is given: `appendonly yes`, and `maxmemory-policy noeviction` where memory is limited.
//!
//! # What the lock promises
//!
//! A lock is a lease: it ends when its holder releases it, or when its time is over, so that a machine that dies holds
//! the others up for a while and no longer. Three times have to be in this order:
//!
//! 1. a refresh takes 90 s at worst, by the client's own [`Limits`](otf_api::Limits) and
//!    [`RetryPolicy`](otf_api::RetryPolicy): 30 s for a try, and none begins after 60 s;
//! 2. the lease is 100 s, so that it does not run out under a holder that is only slow;
//! 3. the others wait for 120 s ([`LOCK_WAIT`], for [`OtfBuilder::lock_wait`](otf_api::OtfBuilder::lock_wait)), so
//!    that they do not go on without the lock before that of a dead holder is free.
//!
//! What no lease can rule out is a holder that is stopped (a suspended machine) and goes on when its time is over, or a
//! server that falls over to a replica which has not heard of the lock. Then two refresh at a time:
//!
//! - Where refresh tokens stay good, as OrangeTheory's do, both get good tokens: it costs one refresh more.
//! - Where they rotate, the pool refuses the one that comes second. It reads the store again, and uses what the first
//!   one has left there. If the first one was stopped between the pool's answer and the store, there is nothing yet, and
//!   the second one needs the password. What the first one writes when it goes on is good as well.
//!
//! Fencing, a number that grows with each holder, would not help: the pool, which spends the token, checks none.

use std::time::{Duration, Instant};
use std::{io, thread};

use otf_api::{Store, StoreLock};
use redis::{Client, Cmd, FromRedisValue, RedisError, cmd};

/// How long to wait for a lock: longer than any lease.
pub const LOCK_WAIT: Duration = Duration::from_secs(120);

/// How often a taken lock is asked for again.
const LOCK_POLL: Duration = Duration::from_millis(100);

/// How long to wait for the server: for a connection, and for an answer. One that hangs costs this for each thing that
/// is asked of it, some eight of them for a sign-in.
const PATIENCE: Duration = Duration::from_secs(3);

/// Removes a lock, if it is still the caller's.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// Keeps values in Redis, for every machine that reaches it.
#[derive(Clone, Debug)]
pub struct RedisStore {
    client: Client,
    /// What its keys begin with: `otf-api:v0`, unless set.
    pub name: String,
    /// How long a lock outlives a holder that dies: 100 s, unless set.
    pub lease: Duration,
}

impl RedisStore {
    /// A store at a URL such as `redis://user:password@host:6379/`. Nothing is sent before the first use.
    ///
    /// # Errors
    ///
    /// Where the crate `redis` can't read the URL.
    pub fn at(url: &str) -> io::Result<Self> {
        let needed =
            "Redis needs a URL such as redis://host:6379/, or rediss:// and a TLS feature of the crate";
        let client = Client::open(url).map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, needed))?;
        Ok(Self { client, name: "otf-api:v0".to_owned(), lease: Duration::from_secs(100) })
    }

    /// Each question has a connection of its own: there are few, and no earlier trouble is left on it.
    fn ask<T: FromRedisValue>(&self, question: &Cmd) -> io::Result<T> {
        let mut connection = self.client.get_connection_with_timeout(PATIENCE).map_err(failed)?;
        connection.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        connection.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
        question.query(&mut connection).map_err(failed)
    }
}

impl Store for RedisStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.ask(cmd("HGET").arg(&self.name).arg(key))
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        self.ask(cmd("HSET").arg(&self.name).arg(key).arg(value))
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        self.ask(cmd("HDEL").arg(&self.name).arg(key))
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        let mut keys: Vec<String> = self.ask(cmd("HKEYS").arg(&self.name))?;
        keys.retain(|key| key.starts_with(prefix));
        Ok(keys)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        let begun = Instant::now();
        let key = format!("{}:lock:{name}", self.name);
        let holder = format!("{:016x}", getrandom::u64()?);
        let lease = u64::try_from(self.lease.as_millis()).map_err(io::Error::other)?;
        while !self.ask(cmd("SET").arg(&key).arg(&holder).arg("NX").arg("PX").arg(lease))? {
            if begun.elapsed() >= wait {
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(LOCK_POLL);
        }
        Ok(StoreLock::new(Held { store: self.clone(), key, holder }))
    }

    fn clear(&self) -> io::Result<()> {
        self.ask(cmd("DEL").arg(&self.name))
    }
}

/// A lock, and the number of its holder: nobody else may release it.
struct Held {
    store: RedisStore,
    key: String,
    holder: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        match self.store.ask(cmd("EVAL").arg(RELEASE).arg(1).arg(&self.key).arg(&self.holder)) {
            Ok(true) => {}
            Ok(false) => log::warn!("the lock had expired before it was released"),
            Err(error) => log::warn!("the lock can't be released and has to expire: {error}"),
        }
    }
}

/// The server's own words stay out: they may repeat what it was sent, and that is secret.
fn failed(error: RedisError) -> io::Error {
    io::Error::other(match error.code() {
        _ if error.is_timeout() => "Redis does not answer in time".to_owned(),
        _ if error.is_io_error() => format!("Redis: {error}"),
        Some(code) => format!("Redis refuses: {code}"),
        None => format!("Redis: {}", error.category()),
    })
}
