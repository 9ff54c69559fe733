//! Answers that are kept in the store and used again for a while.
//!
//! An entry is a line of JSON that says from when until when it serves, and the body as it came. The size of all
//! entries is noted beside them, so that keeping one more costs the same however many there are; only when the
//! bound is reached are they looked through, and then a quarter of the room is made free. The note runs ahead of the
//! entries by a little room, because writing it over and over costs more than writing an entry: replacing a file
//! makes some file systems wait for the disk.

use std::io;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Call, Client};
use crate::auth::Account;
use crate::error::{Error, Result};
use crate::order;

/// Where the size of all entries is noted, in bytes: never less than it is. Without the note they are counted.
const TOTAL: &str = "kept.json";

/// The room that is noted ahead, as a part of the bound: 1 MiB of the usual 64 MiB.
const ROOM_AHEAD: u64 = 64;

/// The first line of an entry.
#[derive(Serialize, Deserialize)]
struct Head {
    kept: Timestamp,
    expires: Timestamp,
}

impl Head {
    /// Whether the entry serves. One from the future was kept by a clock that was wrong.
    fn serves(&self, now: Timestamp) -> bool {
        self.kept <= now && now < self.expires
    }
}

impl Client {
    /// The body of the kept answer to a call, where there is one that has not expired.
    pub(super) fn kept(&self, call: &Call) -> Option<Vec<u8>> {
        call.keep.filter(|_| self.keeps())?;
        let mut entry = self.session.parts().store.read(&self.key(call)).ok()??;
        let (head, body) = split(&entry)?;
        if !head.serves(self.now()) {
            return None;
        }
        let start = entry.len().saturating_sub(body.len());
        entry.drain(..start);
        Some(entry)
    }

    /// Keeps an answer, where its call says that it may be.
    pub(super) fn keep(&self, call: &Call, body: &[u8]) {
        let Some(keep) = call.keep.filter(|_| self.keeps()) else { return };
        let kept = self.now();
        let expires = SignedDuration::try_from(keep).ok().and_then(|keep| kept.checked_add(keep).ok());
        let Some(expires) = expires else { return };
        let Ok(mut entry) = serde_json::to_vec(&Head { kept, expires }) else { return };
        entry.push(b'\n');
        entry.extend_from_slice(body);
        if let Err(error) = self.write(&self.key(call), &entry) {
            log::warn!("{}: the answer can't be kept: {error}", call.endpoint());
        }
    }

    /// Forgets the kept answer to a call.
    pub(crate) fn forget(&self, call: &Call) {
        if let Err(error) = self.session.parts().store.remove(&self.key(call)) {
            log::warn!("{}: the kept answer can't be removed: {error}", call.endpoint());
        }
    }

    /// Forgets all kept answers of the account.
    pub(crate) fn forget_all(&self) -> Result<()> {
        let store = &self.session.parts().store;
        self.profile.clear();
        self.noted_room.store(0, Ordering::Relaxed);
        let forgotten = store
            .keys(&self.session.account().responses())
            .and_then(|keys| keys.iter().try_for_each(|key| store.remove(key)))
            .and_then(|()| store.remove(TOTAL));
        forgotten
            .map_err(|source| Error::Store { action: "forgetting the kept responses".to_owned(), source })
    }

    fn keeps(&self) -> bool {
        self.settings.response_cache_limit > 0
    }

    fn write(&self, key: &str, entry: &[u8]) -> io::Result<()> {
        let store = &self.session.parts().store;
        let limit = self.settings.response_cache_limit;
        let size = entry.len() as u64;
        if size > limit {
            return Ok(());
        }
        if self
            .noted_room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(size))
            .is_err()
        {
            let room = limit / ROOM_AHEAD;
            let wanted = size.saturating_add(room);
            let noted = store.read(TOTAL)?.and_then(|total| serde_json::from_slice::<u64>(&total).ok());
            let others = match noted.filter(|others| others.saturating_add(wanted) <= limit) {
                Some(others) => others,
                None => self.tidy((limit / 4 * 3).saturating_sub(size))?,
            };
            // First the note: whoever dies in between leaves it too large rather than too small.
            store.write(TOTAL, others.saturating_add(wanted).to_string().as_bytes())?;
            self.noted_room.fetch_add(room, Ordering::Relaxed);
        }
        store.write(key, entry)
    }

    /// Removes the entries that serve no more, and the oldest of the others until no more than `at_most` bytes
    /// are left. Returns how many are.
    fn tidy(&self, at_most: u64) -> io::Result<u64> {
        let store = &self.session.parts().store;
        self.noted_room.store(0, Ordering::Relaxed);
        let now = self.now();
        let mut total = 0_u64;
        let mut entries = Vec::new();
        for key in store.keys("")?.into_iter().filter(|key| Account::is_response(key)) {
            let Some(entry) = store.read(&key)? else { continue };
            match split(&entry).filter(|(head, _)| head.serves(now)) {
                Some((head, _)) => {
                    total = total.saturating_add(entry.len() as u64);
                    entries.push((head.kept, entry.len() as u64, key));
                }
                None => store.remove(&key)?,
            }
        }
        order::sort(&mut entries);
        for (_, size, key) in entries {
            if total <= at_most {
                break;
            }
            store.remove(&key)?;
            total = total.saturating_sub(size);
        }
        Ok(total)
    }

    fn key(&self, call: &Call) -> String {
        let base = self.session.parts().endpoints.base(call.host);
        self.session.account().response_key(&format!("{} {base}{}?{}", call.method, call.path, call.query))
    }
}

/// An entry's head and body; `None` for what is no entry.
fn split(entry: &[u8]) -> Option<(Head, &[u8])> {
    let end = entry.iter().position(|byte| *byte == b'\n')?;
    let (head, body) = entry.split_at_checked(end)?;
    Some((serde_json::from_slice(head).ok()?, body.get(1..)?))
}
