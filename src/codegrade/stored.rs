//! Sessions in the token store: one file per server and user.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::{Error, Result};
use super::{CreateOtpLoginData, UserId};
use crate::secret::Secret;
use crate::store::{FileStore, Store};

/// A token that expires within this time is not used any more.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// A token, and where it is stored.
pub(super) struct Grant {
    pub(super) token: Secret,
    /// The key under which it is stored.
    key: Mutex<Option<String>>,
}

/// What is stored of a session.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredSession {
    pub(super) server: String,
    pub(super) access_token: Secret,
    #[serde(default)]
    pub(super) user_id: Option<UserId>,
    #[serde(default)]
    pub(super) expires_at: Option<Timestamp>,
}

impl Grant {
    pub(super) fn new(token: Secret) -> Arc<Self> {
        Arc::new(Self { token, key: Mutex::new(None) })
    }

    fn set_key(&self, key: Option<String>) -> Option<String> {
        std::mem::replace(&mut *self.key.lock().unwrap_or_else(PoisonError::into_inner), key)
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grant")
    }
}

/// The sessions of one server in a store.
#[derive(Clone)]
pub(super) struct Sessions {
    store: Option<Arc<dyn Store>>,
    server: String,
}

impl Sessions {
    /// Without a store the default one is used.
    pub(super) fn new(store: Option<Arc<dyn Store>>, server: &str) -> Self {
        Self { store, server: server.to_owned() }
    }

    /// The session of a user, unless it has expired.
    pub(super) fn read(
        &self,
        login: &CreateOtpLoginData,
        now: Timestamp,
    ) -> Result<Option<(StoredSession, Arc<Grant>)>> {
        let key = self.key(login);
        let Some(stored) = self.stored(&key)? else { return Ok(None) };
        let is_usable = stored.server == self.server
            && !stored.access_token.is_empty()
            && stored.expires_at.is_none_or(|expires| expires.duration_since(now) > MARGIN);
        if !is_usable {
            return Ok(None);
        }
        let grant = Grant::new(stored.access_token.clone());
        grant.set_key(Some(key));
        Ok(Some((stored, grant)))
    }

    pub(super) fn write(
        &self,
        login: &CreateOtpLoginData,
        session: &StoredSession,
        grant: &Grant,
    ) -> Result<()> {
        let key = self.key(login);
        let json = serde_json::to_vec(session).map_err(|error| failed("writing a session")(error.into()))?;
        self.store()?.write(&key, &json).map_err(failed("writing a session"))?;
        grant.set_key(Some(key));
        Ok(())
    }

    pub(super) fn remove(&self, login: &CreateOtpLoginData) -> Result<()> {
        self.store()?.remove(&self.key(login)).map_err(failed("removing a session"))
    }

    /// Removes a token that is no longer valid, unless another one has taken its place.
    pub(super) fn forget(&self, grant: &Grant) {
        let Some(key) = grant.set_key(None) else { return };
        let is_same = |stored: &StoredSession| stored.access_token.expose() == grant.token.expose();
        let removed = match self.stored(&key) {
            Ok(Some(stored)) if is_same(&stored) => {
                self.store().and_then(|store| store.remove(&key).map_err(failed("removing a session")))
            }
            other => other.map(drop),
        };
        if let Err(error) = removed {
            log::warn!("CodeGrade: {error}");
        }
    }

    fn stored(&self, key: &str) -> Result<Option<StoredSession>> {
        let Some(json) = self.store()?.read(key).map_err(failed("reading a session"))? else {
            return Ok(None);
        };
        let stored = serde_json::from_slice(&json);
        if stored.is_err() {
            log::warn!("CodeGrade: the stored session {key} is unreadable and is ignored");
        }
        Ok(stored.ok())
    }

    fn store(&self) -> Result<Arc<dyn Store>> {
        match &self.store {
            Some(store) => Ok(Arc::clone(store)),
            None => match FileStore::new() {
                Ok(store) => Ok(Arc::new(store)),
                Err(crate::Error::Store { action, source }) => Err(Error::Store { action, source }),
                Err(error) => Err(failed("opening the default store")(std::io::Error::other(error))),
            },
        }
    }

    /// A key that shows neither the server nor the address.
    fn key(&self, login: &CreateOtpLoginData) -> String {
        let tenant = login.tenant_id.as_ref().map_or("", |id| id.as_str());
        let user = [self.server.as_str(), login.email.trim(), tenant].join("\n");
        let hash = Sha256::digest(user.to_lowercase());
        let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("accounts/codegrade/{name}.json")
    }
}

fn failed(action: &str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::Store { action: action.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    fn now() -> Timestamp {
        "2026-04-01T10:00:00Z".parse().unwrap()
    }

    fn sessions(store: &MemoryStore, server: &str) -> Sessions {
        Sessions::new(Some(Arc::new(store.clone())), server)
    }

    /// A file as the first version wrote it.
    const FILE: &str = r#"{"server":"https://app.codegra.de","access_token":"secret","user_id":7,"expires_at":"2026-05-01T10:00:00Z"}"#;

    #[test]
    fn stored_file_stays_readable() {
        let store = MemoryStore::new();
        let sessions = sessions(&store, "https://app.codegra.de");
        let login = CreateOtpLoginData::new("robin@example.com");
        store.write(&sessions.key(&login), FILE.as_bytes()).unwrap();
        let (stored, grant) = sessions.read(&login, now()).unwrap().unwrap();
        assert_eq!((stored.user_id, grant.token.expose()), (Some(UserId::new(7)), "secret"));
        assert_eq!(serde_json::to_string(&stored).unwrap(), FILE);
    }

    #[test]
    fn key_depends_on_server_address_and_tenant() {
        let store = MemoryStore::new();
        let login = CreateOtpLoginData::new("robin@example.com");
        let one = sessions(&store, "https://one.example.com").key(&login);
        assert_eq!(
            one,
            sessions(&store, "https://one.example.com").key(&CreateOtpLoginData::new(" Robin@example.com"))
        );
        assert_ne!(one, sessions(&store, "https://two.example.com").key(&login));
        assert_ne!(one, sessions(&store, "https://one.example.com").key(&login.clone().tenant_id("t")));
        assert!(!one.contains("robin") && one.starts_with("accounts/") && one.ends_with(".json"));
    }

    #[test]
    fn expired_and_unreadable_sessions_count_as_absent() {
        let store = MemoryStore::new();
        let sessions = sessions(&store, "https://app.codegra.de");
        let login = CreateOtpLoginData::new("robin@example.com");
        for (file, is_usable) in [
            (FILE.to_owned(), true),
            (FILE.replace("2026-05-01T10:00:00Z", "2026-04-01T10:00:59Z"), false),
            (FILE.replace("2026-05-01T10:00:00Z", "2026-04-01T10:01:01Z"), true),
            (FILE.replace(r#""2026-05-01T10:00:00Z""#, "null"), true),
            (FILE.replace("app.codegra.de", "other.example.com"), false),
            (FILE.replace("secret", ""), false),
            ("{".to_owned(), false),
            (String::new(), false),
        ] {
            store.write(&sessions.key(&login), file.as_bytes()).unwrap();
            assert_eq!(sessions.read(&login, now()).unwrap().is_some(), is_usable, "{file}");
        }
    }

    #[test]
    fn forget_leaves_a_newer_token() {
        let store = MemoryStore::new();
        let sessions = sessions(&store, "https://app.codegra.de");
        let login = CreateOtpLoginData::new("robin@example.com");
        store.write(&sessions.key(&login), FILE.as_bytes()).unwrap();
        let (_, grant) = sessions.read(&login, now()).unwrap().unwrap();
        store.write(&sessions.key(&login), FILE.replace("secret", "newer").as_bytes()).unwrap();
        sessions.forget(&grant);
        let (_, newer) = sessions.read(&login, now()).unwrap().unwrap();
        assert_eq!(newer.token.expose(), "newer");
        sessions.forget(&newer);
        assert!(sessions.read(&login, now()).unwrap().is_none());
    }
}
