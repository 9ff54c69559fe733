//! Responses that are cached in the store and used again for a while.
//!
//! Each account has its own cache. An entry is a line of JSON that says from when until when it may be used, followed
//! by the body as it was received, or by the message of a 404.
//!
//! Entries live in a ring of [`GENERATIONS`] directories, each with an equal part of the limit. New entries go to the
//! current one. When it is full, the next one becomes current, and the one after that, which is the oldest, is emptied
//! with the writes to come, a few entries at a time. So no operation looks at all entries, and the oldest go first.
//!
//! The number of bytes in the current generation is stored beside them, and never too low: each client reserves some
//! bytes in advance, as many as it has written before, because replacing a file makes some file systems wait for the
//! disk. What it does not use of its reservation is lost until the generation is emptied.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::store::Store;

/// One is written to, one is being emptied, the others are full.
const GENERATIONS: u64 = 8;

/// The smallest reservation in bytes.
const SMALLEST_RESERVATION: u64 = 16 * 1024;

/// How many entries of the oldest generation each write removes.
const REMOVED_PER_WRITE: usize = 4;

/// The responses of one client's account.
pub(crate) struct ResponseCache {
    store: Arc<dyn Store>,
    /// The most bytes to store; 0 turns the cache off.
    limit: u64,
    state: Mutex<State>,
}

/// What the cache remembers between its operations.
#[derive(Default)]
struct State {
    /// What the keys of the account start with; everything else here is about it.
    prefix: String,
    /// As stored when this client last looked.
    usage: Option<Usage>,
    /// Reserved and not used yet, in bytes.
    reserved: u64,
    written: u64,
    /// Keys of the generation that is being emptied.
    obsolete: Vec<String>,
}

/// The current generation, counted from the first, and the bytes that have been reserved in it.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Usage {
    generation: u64,
    bytes: u64,
}

/// A cached response.
#[derive(Debug, PartialEq)]
pub(crate) enum Cached {
    Body(Vec<u8>),
    /// A 404, with its message.
    NotFound(Option<String>),
}

/// The first line of an entry.
#[derive(Serialize, Deserialize)]
struct Head {
    cached: Timestamp,
    expires: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    not_found: bool,
}

impl Head {
    /// An entry from the future was cached while the clock was wrong.
    fn is_usable(&self, now: Timestamp) -> bool {
        self.cached <= now && now < self.expires
    }
}

/// Where a response is cached.
#[derive(Clone)]
pub(crate) struct CacheKey {
    /// What the keys of the account's responses start with, the final slash included.
    pub(crate) prefix: String,
    /// The request, as a plain key segment.
    pub(crate) request: String,
}

impl CacheKey {
    fn in_generation(&self, generation: u64) -> String {
        format!("{}{}.json", directory(&self.prefix, generation), self.request)
    }
}

fn directory(prefix: &str, generation: u64) -> String {
    format!("{prefix}{}/", generation % GENERATIONS)
}

fn usage_key(prefix: &str) -> String {
    format!("{prefix}usage.json")
}

impl ResponseCache {
    pub(crate) fn new(store: Arc<dyn Store>, limit: u64) -> Self {
        Self { store, limit, state: Mutex::default() }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.limit > 0
    }

    /// The cached response, unless it has expired. A store that fails has none.
    pub(crate) fn get(&self, key: &CacheKey, now: Timestamp) -> Option<Cached> {
        self.generations(key).find_map(|generation| {
            let entry = self.store.read(&key.in_generation(generation)).ok()??;
            decode(entry, now)
        })
    }

    /// Caches a response for `lifetime`.
    pub(crate) fn put(
        &self,
        key: &CacheKey,
        response: &Cached,
        lifetime: Duration,
        now: Timestamp,
    ) -> io::Result<()> {
        let entry = encode(response, lifetime, now)?;
        let size = entry.len() as u64;
        if size > self.limit / GENERATIONS {
            return Ok(());
        }
        let (generation, obsolete) = {
            let mut state = self.state(&key.prefix);
            let usage = match state.usage.filter(|_| state.reserved >= size) {
                Some(usage) => usage,
                None => self.reserve(&mut state, size)?,
            };
            state.reserved = state.reserved.saturating_sub(size);
            state.written = state.written.saturating_add(size);
            let keep = state.obsolete.len().saturating_sub(REMOVED_PER_WRITE);
            (usage.generation, state.obsolete.split_off(keep))
        };
        self.store.write(&key.in_generation(generation), &entry)?;
        obsolete.iter().try_for_each(|key| self.store.remove(key))
    }

    /// Removes a cached response.
    pub(crate) fn remove(&self, key: &CacheKey) -> io::Result<()> {
        self.generations(key).try_for_each(|generation| self.store.remove(&key.in_generation(generation)))
    }

    /// Removes all cached responses of an account.
    pub(crate) fn clear(&self, prefix: &str) -> io::Result<()> {
        *self.state(prefix) = State::default();
        self.store.keys(prefix)?.iter().try_for_each(|key| self.store.remove(key))
    }

    /// The generations that may hold an entry, the newest first. The one that is being emptied is left out.
    fn generations(&self, key: &CacheKey) -> impl Iterator<Item = u64> + use<> {
        let mut state = self.state(&key.prefix);
        let usage = match state.usage {
            Some(usage) => usage,
            // Without a usable file the first write clears the cache.
            None => *state.usage.insert(self.stored_usage(&key.prefix).unwrap_or_default()),
        };
        (usage.generation.saturating_sub(GENERATIONS - 2)..=usage.generation).rev()
    }

    fn stored_usage(&self, prefix: &str) -> Option<Usage> {
        let json = self.store.read(&usage_key(prefix)).ok()??;
        serde_json::from_slice(&json).ok()
    }

    /// Reserves bytes for an entry and those after it, in the current generation or a new one.
    fn reserve(&self, state: &mut State, size: u64) -> io::Result<Usage> {
        let State { prefix, .. } = state;
        let limit = self.limit / GENERATIONS;
        let ahead = state.written.clamp(SMALLEST_RESERVATION, SMALLEST_RESERVATION.max(limit / 8));
        let mut usage = match self.stored_usage(prefix) {
            Some(usage) => usage,
            // What is there has not been counted.
            None => {
                self.remove_all(prefix)?;
                Usage::default()
            }
        };
        let is_current = state.usage.is_some_and(|known| known.generation == usage.generation);
        let mut reserved = if is_current { state.reserved } else { 0 };
        let free = limit.saturating_sub(usage.bytes);
        let is_full = size.saturating_sub(reserved) > free;
        if is_full {
            usage = Usage { generation: usage.generation.wrapping_add(1), bytes: 0 };
            reserved = 0;
            // As a rule it is empty by now.
            self.remove_all(&directory(prefix, usage.generation))?;
        }
        let wanted = size.saturating_add(ahead).saturating_sub(reserved);
        let taken = wanted.min(limit.saturating_sub(usage.bytes));
        usage.bytes = usage.bytes.saturating_add(taken);
        if state.obsolete.is_empty() || is_full {
            state.obsolete = self.store.keys(&directory(prefix, usage.generation.wrapping_add(1)))?;
        }
        // First the number, then the entry: if the process dies in between, the number is too high, not too low.
        self.store.write(&usage_key(prefix), &serde_json::to_vec(&usage)?)?;
        state.usage = Some(usage);
        state.reserved = reserved.saturating_add(taken);
        Ok(usage)
    }

    fn remove_all(&self, prefix: &str) -> io::Result<()> {
        self.store.keys(prefix)?.iter().try_for_each(|key| self.store.remove(key))
    }

    /// The state, which is a new one if the last operation was about another account.
    fn state(&self, prefix: &str) -> MutexGuard<'_, State> {
        // A state that a panic elsewhere left behind is at worst too careful.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.prefix != prefix {
            *state = State { prefix: prefix.to_owned(), ..State::default() };
        }
        state
    }
}

fn encode(response: &Cached, lifetime: Duration, now: Timestamp) -> io::Result<Vec<u8>> {
    let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::MAX);
    let expires = now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
    let not_found = matches!(response, Cached::NotFound(_));
    let mut entry = serde_json::to_vec(&Head { cached: now, expires, not_found })?;
    entry.push(b'\n');
    match response {
        Cached::Body(body) => entry.extend_from_slice(body),
        Cached::NotFound(message) => serde_json::to_writer(&mut entry, message)?,
    }
    Ok(entry)
}

/// The response of an entry; `None` if it has expired or is damaged.
fn decode(mut entry: Vec<u8>, now: Timestamp) -> Option<Cached> {
    let end = entry.iter().position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(entry.get(..end)?).ok()?;
    if !head.is_usable(now) {
        return None;
    }
    entry.drain(..=end);
    if head.not_found {
        return serde_json::from_slice(&entry).ok().map(Cached::NotFound);
    }
    Some(Cached::Body(entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    const HOUR: Duration = Duration::from_secs(3600);
    const LIMIT: u64 = 800_000;

    fn key(prefix: &str, number: usize) -> CacheKey {
        CacheKey { prefix: prefix.to_owned(), request: format!("r{number}") }
    }

    fn body(number: usize) -> Cached {
        Cached::Body(format!("{number:0>1000}").into_bytes())
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn size(store: &MemoryStore, prefix: &str) -> u64 {
        let keys = store.keys(prefix).unwrap().into_iter().filter(|key| !key.ends_with("/usage.json"));
        keys.map(|key| store.read(&key).unwrap().unwrap().len() as u64).sum()
    }

    #[test]
    fn entry_is_found_until_it_expires() {
        let cache = ResponseCache::new(Arc::new(MemoryStore::new()), LIMIT);
        let (found, missing) = (key("responses/a/", 1), key("responses/a/", 2));
        cache.put(&found, &body(1), HOUR, at(10)).unwrap();
        cache.put(&missing, &Cached::NotFound(Some("no".to_owned())), HOUR, at(10)).unwrap();
        for (key, expected) in [(&found, body(1)), (&missing, Cached::NotFound(Some("no".to_owned())))] {
            assert_eq!(cache.get(key, at(10)), Some(expected));
            assert_eq!(cache.get(key, at(9)), None, "cached in the future");
            assert_eq!(cache.get(key, at(3610)), None);
        }
        cache.remove(&found).unwrap();
        assert_eq!(cache.get(&found, at(10)), None);
        assert_eq!(cache.get(&key("responses/b/", 1), at(10)), None, "another account's");
    }

    #[test]
    fn oldest_entries_go_first_and_size_stays_within_the_limit() {
        let store = MemoryStore::new();
        let cache = ResponseCache::new(Arc::new(store.clone()), LIMIT);
        for number in 0..3000 {
            cache.put(&key("responses/a/", number), &body(number), HOUR, at(10)).unwrap();
            assert!(size(&store, "responses/a/") <= LIMIT);
            // Six full generations of some 90 entries.
            if number >= 500 {
                let older = cache.get(&key("responses/a/", number - 500), at(10));
                assert!(older == Some(body(number - 500)), "{number}");
            }
        }
        assert!(size(&store, "responses/a/") > LIMIT / 4 * 3);
        assert_eq!(cache.get(&key("responses/a/", 2000), at(10)), None);
    }

    #[test]
    fn limit_holds_for_many_short_clients() {
        let store = MemoryStore::new();
        for number in 0..3000 {
            let cache = ResponseCache::new(Arc::new(store.clone()), LIMIT);
            cache.put(&key("responses/a/", number), &body(number), HOUR, at(10)).unwrap();
            assert!(size(&store, "responses/a/") <= LIMIT);
            assert_eq!(cache.get(&key("responses/a/", number), at(10)), Some(body(number)));
        }
    }

    #[test]
    fn clearing_removes_one_account() {
        let store = MemoryStore::new();
        let cache = ResponseCache::new(Arc::new(store.clone()), LIMIT);
        for prefix in ["responses/a/", "responses/b/"] {
            cache.put(&key(prefix, 1), &body(1), HOUR, at(10)).unwrap();
        }
        cache.clear("responses/a/").unwrap();
        assert!(store.keys("responses/a/").unwrap().is_empty());
        assert_eq!(cache.get(&key("responses/a/", 1), at(10)), None);
        assert_eq!(cache.get(&key("responses/b/", 1), at(10)), Some(body(1)));
    }

    #[test]
    fn damaged_usage_file_clears_the_cache() {
        let store = MemoryStore::new();
        for damage in ["", "-1", "[]", r#"{"generation":1}"#] {
            let cache = ResponseCache::new(Arc::new(store.clone()), LIMIT);
            cache.put(&key("responses/a/", 1), &body(1), HOUR, at(10)).unwrap();
            store.write("responses/a/usage.json", damage.as_bytes()).unwrap();
            let cache = ResponseCache::new(Arc::new(store.clone()), LIMIT);
            cache.put(&key("responses/a/", 2), &body(2), HOUR, at(10)).unwrap();
            assert_eq!(store.keys("responses/a/").unwrap().len(), 2, "{damage}");
            assert_eq!(cache.get(&key("responses/a/", 2), at(10)), Some(body(2)));
        }
        let highest = format!(r#"{{"generation":{},"bytes":{}}}"#, u64::MAX, u64::MAX);
        store.write("responses/a/usage.json", highest.as_bytes()).unwrap();
        let cache = ResponseCache::new(Arc::new(store.clone()), LIMIT);
        cache.put(&key("responses/a/", 3), &body(3), HOUR, at(10)).unwrap();
        assert_eq!(cache.get(&key("responses/a/", 3), at(10)), Some(body(3)));
    }

    #[test]
    fn entry_larger_than_a_generation_is_not_cached() {
        let store = MemoryStore::new();
        let cache = ResponseCache::new(Arc::new(store.clone()), 1000);
        cache.put(&key("responses/a/", 1), &body(1), HOUR, at(10)).unwrap();
        assert!(store.keys("").unwrap().is_empty());
    }
}
