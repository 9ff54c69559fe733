//! Where tokens are stored: `--store`.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use otf_api::{FileStore, OtfBuilder, Store};

use crate::failure::{Failure, Result};

/// A place for tokens.
#[derive(Clone)]
pub enum StoreLocation {
    /// A directory.
    Directory(PathBuf),
    /// A Redis server's URL, which may hold a password.
    Redis(String),
}

impl FromStr for StoreLocation {
    type Err = Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Infallible> {
        let is_url = text.starts_with("redis://") || text.starts_with("rediss://");
        Ok(if is_url { Self::Redis(text.to_owned()) } else { Self::Directory(text.into()) })
    }
}

impl StoreLocation {
    /// The store.
    pub fn open(&self) -> Result<Box<dyn Store>> {
        match self {
            Self::Directory(path) => Ok(Box::new(FileStore::at(path))),
            #[cfg(feature = "redis")]
            Self::Redis(url) => Ok(Box::new(redis_at(url)?)),
            #[cfg(not(feature = "redis"))]
            Self::Redis(_) => Err(no_redis()),
        }
    }

    /// Sets the store, and how long to wait for its locks.
    pub fn set(&self, builder: OtfBuilder) -> Result<OtfBuilder> {
        match self {
            Self::Directory(path) => Ok(builder.store(FileStore::at(path))),
            #[cfg(feature = "redis")]
            Self::Redis(url) => Ok(builder.store(redis_at(url)?).lock_wait(crate::redis_store::LOCK_WAIT)),
            #[cfg(not(feature = "redis"))]
            Self::Redis(_) => Err(no_redis()),
        }
    }
}

#[cfg(feature = "redis")]
fn redis_at(url: &str) -> Result<crate::redis_store::RedisStore> {
    crate::redis_store::RedisStore::at(url)
        .map_err(|error| Failure::usage(error.to_string()).about("--store"))
}

#[cfg(not(feature = "redis"))]
fn no_redis() -> Failure {
    Failure::usage("--store: this program was built without the feature redis")
}

/// Without the URL, which may hold a password.
impl std::fmt::Debug for StoreLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Directory(path) => f.debug_tuple("Directory").field(path).finish(),
            Self::Redis(_) => f.write_str("Redis(..)"),
        }
    }
}
