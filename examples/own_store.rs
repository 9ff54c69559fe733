//! How do I keep the tokens in my own database? Implement `Store`: five methods over keys and bytes.
//!
//!     cargo run --example own_store
//!
//! This one prints each access and stores the values in a map; a real one calls the database instead. A lock that
//! several machines share needs an expiry: see `guide::store`, and examples/otf/src/redis_store.rs for Redis.

use std::error::Error;
use std::io;
use std::time::Duration;

use otf_api::sandbox::Sandbox;
use otf_api::{MemoryStore, Otf, Store, StoreLock};

#[derive(Clone, Default)]
struct Shown(MemoryStore);

impl Store for Shown {
    /// `None` if there is no such key. An error means that there may be a value, so nothing is dropped.
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        println!("read {key}");
        self.0.read(key)
    }

    /// Readers see the old value or the new one, never a part.
    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        println!("write {key}, {} bytes", value.len());
        self.0.write(key, value)
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        self.0.remove(key)
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.0.keys(prefix)
    }

    /// Waits for the lock of this name. It is released when the value in `StoreLock::new(value)` is dropped.
    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        println!("lock {name}");
        self.0.lock(name, wait)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start()?; // leave it and `.sandbox(…)` out for the real service
    let store = Shown::default();
    Otf::builder().sandbox(&sandbox).store(store.clone()).login()?;
    let otf = Otf::builder().sandbox(&sandbox).store(store).login()?;
    println!("signed in again from the stored tokens: {}", otf.member()?);
    Ok(())
}
