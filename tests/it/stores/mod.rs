//! The stores themselves, and sign-ins whose store is in a bad state.

#[cfg(unix)]
mod ownership;
mod scale;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{FileStore, MemoryStore, Otf, Store};

use crate::support::{builder, sandbox, seen};

#[cfg(unix)]
pub(crate) use ownership::job;

struct Place {
    _directory: tempfile::TempDir,
    store: FileStore,
}

fn place() -> Place {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    Place { store, _directory: directory }
}

fn login(sandbox: &Sandbox, store: &FileStore) -> Otf {
    builder(sandbox).store(store.clone()).login().unwrap()
}

/// All files below a directory, with their paths from it.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn tokens_file(store: &FileStore) -> PathBuf {
    files(store.path()).into_iter().find(|path| path.ends_with("tokens.json")).unwrap()
}

#[test]
fn stores_read_write_list_and_remove() {
    let place = place();
    for store in [&place.store as &dyn Store, &MemoryStore::new()] {
        assert_eq!(store.read("a/b.json").unwrap(), None);
        store.write("a/b.json", b"one").unwrap();
        store.write("a/b.json", b"two").unwrap();
        store.write("a/c/d.json", b"three").unwrap();
        store.write("e.json", b"").unwrap();
        assert_eq!(store.read("a/b.json").unwrap().unwrap(), b"two");
        assert_eq!(store.read("e.json").unwrap().unwrap(), b"");
        assert_eq!(store.read("a.json").unwrap(), None);
        assert_eq!(store.read("a/b.json/x.json").unwrap(), None);
        let mut keys = store.keys("a/").unwrap();
        keys.sort();
        assert_eq!(keys, ["a/b.json", "a/c/d.json"]);
        for (prefix, expected) in
            [("a/c", 1), ("a/c/", 1), ("a/c/d.json", 1), ("a/x", 0), ("e", 1), ("../", 0)]
        {
            assert_eq!(store.keys(prefix).unwrap().len(), expected, "{prefix}");
        }
        store.remove("a/b.json").unwrap();
        store.remove("a/b.json").unwrap();
        assert_eq!(store.read("a/b.json").unwrap(), None);
        store.clear().unwrap();
        assert!(store.keys("").unwrap().is_empty());
        assert_eq!(store.read("e.json").unwrap(), None);
    }
}

#[test]
fn lock_excludes_others_until_dropped() {
    let place = place();
    let again = FileStore::at(place.store.path().parent().unwrap());
    let memory = MemoryStore::new();
    let stores: [(&dyn Store, &dyn Store); 2] = [(&place.store, &again), (&memory, &memory.clone())];
    for (one, other) in stores {
        let held = one.lock("accounts/x/session", Duration::ZERO).unwrap();
        let error = other.lock("accounts/x/session", Duration::from_millis(30)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        other.lock("accounts/y/session", Duration::ZERO).unwrap();
        drop(held);
        other.lock("accounts/x/session", Duration::ZERO).unwrap();
        assert!(one.keys("").unwrap().is_empty(), "a lock is not a value");
    }
}

#[test]
fn keys_outside_the_store_are_refused() {
    let place = place();
    for key in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/.b", ".x", "a\\b", "a\0b", "a b"] {
        let key = &format!("{key}.json");
        assert!(place.store.write(key, b"x").is_err(), "{key:?}");
        assert!(place.store.read(key).is_err(), "{key:?}");
        assert!(place.store.remove(key).is_err(), "{key:?}");
    }
    assert!(files(place.store.path().parent().unwrap()).is_empty());
}

#[test]
fn clear_removes_tokens_device_and_responses() {
    let sandbox = sandbox();
    let place = place();
    let otf = login(&sandbox, &place.store);
    otf.member().unwrap();
    let keys = place.store.keys("").unwrap();
    for part in ["tokens.json", "device.json", "responses/", "last-account.json"] {
        assert!(keys.iter().any(|key| key.contains(part)), "{part} in {keys:?}");
    }
    fs::write(place.store.path().join("cache.db"), b"another program's").unwrap();
    place.store.clear().unwrap();
    let left = files(place.store.path());
    assert!(left.iter().all(|path| path.ends_with("cache.db") || path.ends_with("session.lock")), "{left:?}");
    assert_eq!(fs::read(place.store.path().join("cache.db")).unwrap(), b"another program's");
    seen(&sandbox);
    login(&sandbox, &place.store);
    assert_eq!(sandbox.count_operation("ConfirmDevice"), 1, "a new device");
}

#[test]
fn damaged_file_counts_as_absent_and_is_replaced() {
    let sandbox = sandbox();
    let place = place();
    login(&sandbox, &place.store);
    let file = tokens_file(&place.store);
    let whole = fs::read(&file).unwrap();
    let damages: [&[u8]; 8] = [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"{\"id_token\":1}",
        b"{\"id_token\":\"a.b.c\",\"access_token\":\"a.b.c\"}",
        &whole[..whole.len() / 2],
    ];
    for damage in damages {
        fs::write(&file, damage).unwrap();
        seen(&sandbox);
        login(&sandbox, &place.store);
        let shown = String::from_utf8_lossy(damage);
        assert_eq!(seen(&sandbox), ["InitiateAuth", "RespondToAuthChallenge"], "{shown}");
        seen(&sandbox);
        login(&sandbox, &place.store);
        assert_eq!(seen(&sandbox), [""; 0], "{shown} was not replaced");
    }
    for file in files(place.store.path()) {
        fs::write(file, b"garbage").unwrap();
    }
    login(&sandbox, &place.store).member().unwrap();
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn files_are_private() {
        let sandbox = sandbox();
        let place = place();
        login(&sandbox, &place.store).member().unwrap();
        assert_eq!(mode(place.store.path()), 0o700);
        for file in files(place.store.path()) {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
            assert_eq!(mode(file.parent().unwrap()), 0o700);
        }
    }

    #[test]
    fn loose_permissions_are_tightened() {
        let sandbox = sandbox();
        let place = place();
        login(&sandbox, &place.store);
        let file = tokens_file(&place.store);
        set_mode(&file, 0o644);
        set_mode(place.store.path(), 0o755);
        set_mode(file.parent().unwrap(), 0o755);
        login(&sandbox, &place.store).member().unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(place.store.path()), 0o700);
        assert_eq!(mode(file.parent().unwrap()), 0o700);
    }

    #[test]
    fn linked_file_is_neither_read_nor_written_through() {
        let sandbox = sandbox();
        let place = place();
        login(&sandbox, &place.store);
        let file = tokens_file(&place.store);
        let elsewhere = place.store.path().parent().unwrap().join("elsewhere");
        fs::rename(&file, &elsewhere).unwrap();
        let before = fs::read(&elsewhere).unwrap();
        symlink(&elsewhere, &file).unwrap();
        seen(&sandbox);
        login(&sandbox, &place.store);
        assert_eq!(seen(&sandbox), ["InitiateAuth", "RespondToAuthChallenge"]);
        assert!(fs::symlink_metadata(&file).unwrap().is_file(), "the link was replaced");
        assert_eq!(fs::read(&elsewhere).unwrap(), before);
    }

    #[test]
    fn directory_in_place_of_file_does_not_fail_the_sign_in() {
        let sandbox = sandbox();
        let place = place();
        login(&sandbox, &place.store);
        let file = tokens_file(&place.store);
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        fs::write(file.join("inside"), b"x").unwrap();
        login(&sandbox, &place.store).member().unwrap();
    }

    #[test]
    fn unwritable_store_does_not_fail_the_sign_in() {
        let sandbox = sandbox();
        let place = place();
        let root = place.store.path().parent().unwrap();
        // A file in place of the directory: no user, root included, can write below it.
        fs::write(place.store.path(), b"in the way").unwrap();
        let otf = login(&sandbox, &place.store);
        otf.member().unwrap();
        sandbox.expire_tokens();
        otf.bookings().list(&Default::default()).unwrap();
        assert_eq!(files(root).len(), 1);
        assert_eq!(sandbox.count_operation("ConfirmDevice"), 1, "the device serves the refresh from memory");
        assert!(otf.session().unwrap().device.is_some());
    }
}

#[test]
fn file_names_hide_the_account() {
    let sandbox = sandbox();
    let place = place();
    login(&sandbox, &place.store).member().unwrap();
    for file in files(place.store.path()) {
        assert!(!file.to_string_lossy().contains("pat"), "{}", file.display());
        assert!(!file.to_string_lossy().contains(PAT.member_uuid), "{}", file.display());
    }
}

#[test]
fn cached_responses_serve_the_next_run() {
    let sandbox = sandbox();
    let place = place();
    login(&sandbox, &place.store).member().unwrap();
    seen(&sandbox);
    let otf = login(&sandbox, &place.store);
    otf.member().unwrap();
    otf.home_studio().unwrap();
    assert_eq!(seen(&sandbox), [""; 0]);
    sandbox.advance(Duration::from_secs(601));
    login(&sandbox, &place.store).member().unwrap();
    assert_eq!(sandbox.requests().len(), 2, "ten minutes later they are asked for again");
    seen(&sandbox);
    builder(&sandbox).store(place.store.clone()).cache_responses(false).login().unwrap().member().unwrap();
    assert_eq!(sandbox.requests().len(), 2);
}
