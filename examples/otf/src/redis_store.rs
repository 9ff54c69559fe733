//! A store in Redis: one session for programs on many machines.
//!
//! Values are the fields of one hash, and each lock is a separate key. The values are as powerful as the account's
//! password, so the server should require a password. It must not lose data: set `appendonly yes`, and
//! `maxmemory-policy noeviction` if memory is limited.
//!
//! # What the lock promises
//!
//! A lock is a lease: it ends when its holder releases it or when it expires, so a machine that dies delays the others
//! only until then. Three durations must be in this order:
//!
//! 1. a refresh takes 90 s at worst, by the client's default [`Limits`](otf_api::Limits) and
//!    [`RetryPolicy`](otf_api::RetryPolicy);
//! 2. the lease is 100 s, so it does not run out under a holder that is only slow;
//! 3. the others wait for 120 s ([`LOCK_WAIT`]), so they do not go on without the lock before a dead holder's lease has
//!    ended.
//!
//! No lease can rule out a holder that is suspended and resumes after its time, or a failover to a replica that has not
//! heard of the lock. Then two processes refresh at the same time. Where refresh tokens stay valid, as OrangeTheory's
//! do, that costs one more refresh. Where they rotate, the pool refuses the second one, which reads the store again and
//! uses the tokens of the first; at worst it needs the password.

use std::time::{Duration, Instant};
use std::{io, thread};

use otf_api::{Store, StoreLock};
use redis::{Client, Cmd, FromRedisValue, RedisError, cmd};

/// How long to wait for a lock: longer than any lease.
pub const LOCK_WAIT: Duration = Duration::from_secs(120);

/// How often to retry a lock that is held.
const LOCK_POLL: Duration = Duration::from_millis(100);

/// How long to wait for the server: for a connection, and for a response. A server that hangs costs this for each
/// command, of which a sign-in sends about eight.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Removes a lock, if it is still the caller's.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// Stores values in Redis, for all machines that can reach it.
#[derive(Clone, Debug)]
pub struct RedisStore {
    client: Client,
    /// The prefix of its keys. Default: `otf-api:v0`.
    pub prefix: String,
    /// How long a lock outlives a holder that dies. Default: 100 s.
    pub lease: Duration,
}

impl RedisStore {
    /// A store at a URL such as `redis://user:password@host:6379/`. Nothing is sent before the first use.
    ///
    /// # Errors
    ///
    /// If the crate `redis` can't parse the URL.
    pub fn at(url: &str) -> io::Result<Self> {
        let needed = "expected a URL such as redis://host:6379/";
        let client = Client::open(url).map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, needed))?;
        Ok(Self { client, prefix: "otf-api:v0".to_owned(), lease: Duration::from_secs(100) })
    }

    /// Each command uses a new connection: there are few, and none inherits an earlier failure.
    fn query<T: FromRedisValue>(&self, command: &Cmd) -> io::Result<T> {
        let mut connection = self.client.get_connection_with_timeout(TIMEOUT).map_err(failed)?;
        connection.set_read_timeout(Some(TIMEOUT)).map_err(failed)?;
        connection.set_write_timeout(Some(TIMEOUT)).map_err(failed)?;
        command.query(&mut connection).map_err(failed)
    }
}

impl Store for RedisStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.query(cmd("HGET").arg(&self.prefix).arg(key))
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        self.query(cmd("HSET").arg(&self.prefix).arg(key).arg(value))
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        self.query(cmd("HDEL").arg(&self.prefix).arg(key))
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        let mut keys: Vec<String> = self.query(cmd("HKEYS").arg(&self.prefix))?;
        keys.retain(|key| key.starts_with(prefix));
        Ok(keys)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        let started = Instant::now();
        let key = format!("{}:lock:{name}", self.prefix);
        let holder = format!("{:016x}", getrandom::u64()?);
        let lease = u64::try_from(self.lease.as_millis()).map_err(io::Error::other)?;
        while !self.query(cmd("SET").arg(&key).arg(&holder).arg("NX").arg("PX").arg(lease))? {
            if started.elapsed() >= wait {
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(LOCK_POLL);
        }
        Ok(StoreLock::new(Held { store: self.clone(), key, holder }))
    }

    fn clear(&self) -> io::Result<()> {
        self.query(cmd("DEL").arg(&self.prefix))
    }
}

/// A held lock, released only by the holder with this number.
struct Held {
    store: RedisStore,
    key: String,
    holder: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        match self.store.query(cmd("EVAL").arg(RELEASE).arg(1).arg(&self.key).arg(&self.holder)) {
            Ok(true) => {}
            Ok(false) => log::warn!("the lock had expired before it was released"),
            Err(error) => log::warn!("could not release the lock, which will expire: {error}"),
        }
    }
}

/// Without the server's message, which may repeat the secret it was sent.
fn failed(error: RedisError) -> io::Error {
    io::Error::other(match error.code() {
        _ if error.is_timeout() => "Redis did not respond in time".to_owned(),
        _ if error.is_io_error() => format!("Redis: {error}"),
        Some(code) => format!("Redis refused: {code}"),
        None => format!("Redis: {}", error.category()),
    })
}
