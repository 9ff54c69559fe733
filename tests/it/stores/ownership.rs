//! Directories and files that somebody else put where the store belongs.

use std::io::{self, ErrorKind};
use std::os::unix::fs::{chown, lchown, symlink};

use otf_api::Endpoints;

use super::*;
use crate::children::{self, Job};
use crate::support::{chain, pat, skipped};

/// A user id that is not this process's.
const SOMEBODY: u32 = 54_321;

/// Gives a file to another user, which only root can do.
fn give_away(path: &Path) -> bool {
    let given = lchown(path, Some(SOMEBODY), None);
    if given.is_err() {
        skipped("only root can give files away");
    }
    given.is_ok()
}

/// A store in use, with the names of its directories, from the one below `directory` down.
fn used(sandbox: &Sandbox, directory: &Path) -> (FileStore, Vec<PathBuf>) {
    let store = FileStore::at(directory);
    login(sandbox, &store).member().unwrap();
    let tokens = tokens_file(&store);
    let account = tokens.parent().unwrap();
    let directories = [store.path(), account.parent().unwrap(), account].map(Path::to_owned);
    (store, directories.to_vec())
}

/// Whether every operation on an account's values is refused.
#[track_caller]
fn assert_refused(store: &FileStore, key: &str, kind: ErrorKind, reason: &str) {
    let (parent, _) = key.rsplit_once('/').unwrap();
    let results: [io::Result<()>; 5] = [
        store.read(key).map(drop),
        store.write(key, b"{}"),
        store.remove(key),
        store.keys(&format!("{parent}/")).map(drop),
        store.lock(&format!("{parent}/session"), Duration::ZERO).map(drop),
    ];
    for result in results {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

fn tokens_key(store: &FileStore) -> String {
    store.keys("accounts/").unwrap().into_iter().find(|key| key.ends_with("/tokens.json")).unwrap()
}

/// All files below a directory and what is in them.
fn contents(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files(directory).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn linked_directories_are_refused() {
    for level in 0..3 {
        let sandbox = sandbox();
        let place = tempfile::tempdir().unwrap();
        let (store, directories) = used(&sandbox, &place.path().join("store"));
        let key = tokens_key(&store);
        let elsewhere = place.path().join("elsewhere");
        fs::rename(&directories[level], &elsewhere).unwrap();
        symlink(&elsewhere, &directories[level]).unwrap();
        let before = contents(&elsewhere);
        assert_refused(&store, &key, ErrorKind::PermissionDenied, "is a link");
        // The sign-in works, and nothing goes through the link.
        login(&sandbox, &store).member().unwrap();
        assert_eq!(contents(&elsewhere), before, "level {level}");
    }
}

#[test]
fn directories_of_another_user_are_refused() {
    for level in 0..3 {
        let sandbox = sandbox();
        let place = tempfile::tempdir().unwrap();
        let (store, directories) = used(&sandbox, &place.path().join("store"));
        let key = tokens_key(&store);
        if !give_away(&directories[level]) {
            return;
        }
        let before = contents(&directories[level]);
        assert_refused(&store, &key, ErrorKind::PermissionDenied, "belongs to another user (54321)");
        login(&sandbox, &store).member().unwrap();
        assert_eq!(contents(&directories[level]), before, "level {level}");
    }
}

#[test]
fn base_directory_of_another_user_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let base = place.path().join("base");
    fs::create_dir(&base).unwrap();
    if !give_away(&base) {
        return;
    }
    for store in [FileStore::at(&base), FileStore::at(base.join("new/and/deeper"))] {
        assert_refused(&store, "accounts/x/tokens.json", ErrorKind::PermissionDenied, "another user");
    }
    assert!(files(&base).is_empty());
}

#[test]
fn base_directory_may_be_a_link_of_this_user_only() {
    let place = tempfile::tempdir().unwrap();
    let (real, link) = (place.path().join("real"), place.path().join("link"));
    fs::create_dir(&real).unwrap();
    symlink(&real, &link).unwrap();
    let store = FileStore::at(&link);
    store.write("accounts/x/tokens.json", b"{}").unwrap();
    assert_eq!(FileStore::at(&real).read("accounts/x/tokens.json").unwrap().unwrap(), b"{}");
    if !give_away(&link) {
        return;
    }
    assert_refused(&store, "accounts/x/tokens.json", ErrorKind::PermissionDenied, "another user");
}

#[test]
fn file_of_another_user_is_not_read() {
    let sandbox = sandbox();
    let place = place();
    login(&sandbox, &place.store);
    let file = tokens_file(&place.store);
    if !give_away(&file) {
        return;
    }
    assert_eq!(place.store.read(&tokens_key(&place.store)).unwrap(), None);
    seen(&sandbox);
    login(&sandbox, &place.store);
    assert_eq!(seen(&sandbox), ["InitiateAuth", "RespondToAuthChallenge"]);
    assert!(place.store.read(&tokens_key(&place.store)).unwrap().is_some(), "the file was replaced");
}

#[test]
fn lock_file_of_another_user_is_refused() {
    let place = place();
    drop(place.store.lock("accounts/x/session", Duration::ZERO).unwrap());
    if !give_away(&place.store.path().join("accounts/x/session.lock")) {
        return;
    }
    let error = place.store.lock("accounts/x/session", Duration::ZERO).unwrap_err();
    assert!(error.to_string().contains("not a regular file of this user"), "{error}");
}

#[test]
fn tilde_is_refused() {
    for path in ["~/x", "~", "~somebody/x"] {
        let store = FileStore::at(path);
        assert_refused(&store, "accounts/x/tokens.json", ErrorKind::InvalidInput, "~ is not expanded");
        assert!(!Path::new("~").exists());
        let sandbox = sandbox();
        login(&sandbox, &store).member().unwrap();
        assert!(!Path::new(path).exists());
    }
    assert!(FileStore::at("./~").path().ends_with("~/v0"));
}

/// The default store, in a process with the `HOME` of the test.
pub(crate) fn job() {
    match FileStore::new() {
        Ok(store) => children::say(store.path().display()),
        Err(error) => children::say(chain(&error)),
    }
    let endpoints = Endpoints::at(&children::given("OTF_TEST_URL")).unwrap();
    Otf::builder().endpoints(endpoints).credentials(pat()).prompt(false).login().unwrap().member().unwrap();
}

#[test]
fn relative_home_stores_nothing() {
    let sandbox = sandbox();
    let place = tempfile::tempdir().unwrap();
    let run = |home: &str, cache: Option<&str>| {
        let mut command = children::command("stores default");
        children::at(&mut command, &sandbox, place.path());
        command.current_dir(place.path()).env("HOME", home).env_remove("XDG_CACHE_HOME");
        command.envs(cache.map(|cache| ("XDG_CACHE_HOME", cache)));
        Job::start(&mut command).finish()
    };
    for home in ["home", "."] {
        for cache in [None, Some("cache")] {
            let said = run(home, cache);
            assert!(said[0].contains("HOME has to be an absolute path"), "{said:?}");
            assert_eq!(files(place.path()), [] as [PathBuf; 0]);
        }
    }
    let home = place.path().join("home");
    fs::create_dir(&home).unwrap();
    run(home.to_str().unwrap(), None);
    assert!(!files(&home).is_empty(), "an absolute one is used");
    // The directory of the default store may not be a link either.
    let otf_api = [".cache", "Library/Caches"].map(|cache| home.join(cache).join("otf-api"));
    let otf_api = otf_api.iter().find(|path| path.exists()).unwrap();
    let elsewhere = place.path().join("elsewhere");
    fs::rename(otf_api, &elsewhere).unwrap();
    symlink(&elsewhere, otf_api).unwrap();
    let before = contents(&elsewhere);
    run(home.to_str().unwrap(), None);
    assert_eq!(contents(&elsewhere), before);
    if chown(&home, Some(SOMEBODY), None).is_ok() {
        fs::remove_file(otf_api).unwrap();
        fs::remove_dir_all(home.join(".cache")).unwrap();
        run(home.to_str().unwrap(), None);
        assert_eq!(files(&home), [] as [PathBuf; 0], "nothing below another user's home directory");
    }
}
