//! Broken stores: read-only, full, missing, or with special files. Signing in works with each of them. Each test starts a
//! process of its own, so that permissions and space can be taken from it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{FileStore, Store};
use serde_json::{Value, json};

use super::{list, sign_in_long_ago, without_password};
use crate::children::{self, Job, at};
use crate::support::{builder, sandbox};

/// A sign-in by another process, that has the password.
fn signs_in(mut command: Command, sandbox: &Sandbox, store: &Path) {
    at(&mut command, sandbox, store).env("OTF_TEST_EMAIL", PAT.email).env("OTF_TEST_PASSWORD", PAT.password);
    assert_eq!(Job::start(&mut command).finish(), [PAT.member_uuid]);
}

/// The user that takes root's place, so that permissions hold.
const NOBODY: u32 = 65_534;

/// A command whose process the permissions of files hold for, even where root runs the tests: there it runs as another
/// user, to whom `directory` is given. The test binary is copied, since it may be in a directory that only root enters.
fn without_privilege(directory: &Path) -> Command {
    let probe = tempfile::tempdir().unwrap();
    set_mode(probe.path(), 0o500);
    let is_privileged = fs::write(probe.path().join("file"), b"").is_ok();
    set_mode(probe.path(), 0o700);
    if !is_privileged {
        return children::command("processes login");
    }
    let binary = directory.join("test-binary");
    fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    let mut command = children::command_of(&binary, "processes login");
    command.uid(NOBODY);
    command
}

/// Gives a directory and all below it to the user of [`without_privilege`], where this user can.
fn give(path: &Path) {
    if chown(path, Some(NOBODY), None).is_ok() && path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| give(&entry.unwrap().path()));
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// All files below a directory and what is in them.
fn contents(directory: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut contents: Vec<_> = entries
        .flat_map(|path| match path.is_dir() {
            true => contents(&path),
            false => vec![(path.clone(), fs::read(&path).unwrap())],
        })
        .collect();
    contents.sort();
    contents
}

#[test]
fn sign_in_works_with_an_inaccessible_directory() {
    for mode in [0o500, 0o000] {
        let sandbox = sandbox();
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("place");
        let store = FileStore::at(&place);
        sign_in_long_ago(&sandbox, &store, &PAT);
        let before = contents(&place);
        let command = without_privilege(directory.path());
        give(directory.path());
        let accounts = store.path().join("accounts");
        let account = fs::read_dir(accounts).unwrap().next().unwrap().unwrap().path();
        for path in [&account, store.path()] {
            set_mode(path, mode);
        }
        signs_in(command, &sandbox, &place);
        for path in [store.path(), &account] {
            set_mode(path, 0o700);
        }
        assert_eq!(contents(&place), before, "{mode:o}: nothing could be written");
        // The same process in the same directory does write when it may: the permissions made the difference.
        signs_in(without_privilege(directory.path()), &sandbox, &place);
        assert_ne!(contents(&place), before);
    }
}

/// A file system that ends in the middle of a file: what was there stays, and no half file is left.
#[test]
fn sign_in_works_with_a_full_file_system() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    sign_in_long_ago(&sandbox, &store, &PAT);
    let before = contents(directory.path());
    // No file may become larger than a kilobyte, and the writing fails instead of ending the process.
    let limited = ["-c", r#"trap "" XFSZ; ulimit -f 1; exec "$0" "$@""#];
    signs_in(children::command_behind("sh", &limited, "processes login"), &sandbox, directory.path());
    let after = contents(directory.path());
    let tokens = |files: &[(std::path::PathBuf, Vec<u8>)]| {
        files.iter().find(|(path, _)| path.ends_with("tokens.json")).unwrap().1.clone()
    };
    assert_eq!(tokens(&after), tokens(&before), "the old tokens are still there");
    assert!(after.iter().all(|(path, _)| path.extension().is_some_and(|end| end != "tmp")), "half a file");
    // And they still serve.
    list(&without_password(&sandbox, &store).login().unwrap()).unwrap();
}

/// `/proc` takes no files from anybody, root included, and a device is no directory.
#[test]
fn sign_in_works_with_an_unusable_path() {
    for place in ["/proc/otf", "/dev/null", "/dev/full/otf"] {
        let sandbox = sandbox();
        let otf = builder(&sandbox).store(FileStore::at(place)).login().unwrap();
        list(&otf).unwrap();
        sandbox.expire_tokens();
        list(&otf).unwrap();
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1, "{place}: refreshed");
    }
}

/// A directory, a link into nowhere, to itself, to a device, and a pipe that nobody writes to.
#[test]
fn special_files_are_neither_read_nor_written() {
    type Plant = fn(&Path);
    let plants: [(&str, Plant); 6] = [
        ("a directory", |path| fs::create_dir(path).unwrap()),
        ("a dangling link", |path| std::os::unix::fs::symlink("nowhere", path).unwrap()),
        ("a circle", |path| std::os::unix::fs::symlink(path, path).unwrap()),
        ("a device", |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap()),
        ("a pipe", |path| {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
        ("a socket", |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap())),
    ];
    for (name, plant) in plants {
        // Sockets have short paths.
        let sandbox = sandbox();
        let directory = tempfile::Builder::new().prefix("s").rand_bytes(3).tempdir_in("/tmp").unwrap();
        let store = FileStore::at(directory.path());
        builder(&sandbox).store(store.clone()).login().unwrap();
        let files = contents(directory.path());
        for (path, _) in files {
            fs::remove_file(&path).unwrap();
            plant(&path);
        }
        let otf = builder(&sandbox).store(store.clone()).login();
        let otf = otf.unwrap_or_else(|error| panic!("{name}: {error}"));
        list(&otf).unwrap_or_else(|error| panic!("{name}: {error}"));
        otf.member().unwrap_or_else(|error| panic!("{name}: {error}"));
        drop(store.clear());
    }
}

/// What a version before or after this one may have left. A fixed layout stays readable: it is what users have.
#[test]
fn files_of_other_versions_count_as_absent() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    builder(&sandbox).store(store.clone()).login().unwrap();
    let keys = store.keys("accounts/").unwrap();
    let key = |name: &str| keys.iter().find(|key| key.ends_with(name)).unwrap();
    let read =
        |name: &str| -> Value { serde_json::from_slice(&store.read(key(name)).unwrap().unwrap()).unwrap() };
    let (tokens, device) = (read("tokens.json"), read("device.json"));
    let write = |name: &str, value: &Value| store.write(key(name), value.to_string().as_bytes()).unwrap();

    // The layout of version 0.1, written down here so that no change can lock users out.
    write(
        "tokens.json",
        &json!({
            "account": tokens["account"], "id_token": tokens["id_token"],
            "access_token": tokens["access_token"], "refresh_token": tokens["refresh_token"],
        }),
    );
    write(
        "device.json",
        &json!({"key": device["key"], "group_key": device["group_key"], "password": device["password"]}),
    );
    store.write("last-account.json", br#"{"email":"pat@example.com"}"#).unwrap();
    sandbox.clear_requests();
    let otf = without_password(&sandbox, &store).login().unwrap();
    assert_eq!(sandbox.requests().len(), 0, "it serves as it is");
    sandbox.expire_tokens();
    list(&otf).unwrap();
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "and so does the device");

    // A newer one that knows more.
    let mut more = read("tokens.json");
    more["issued_at"] = json!(1_800_000_000);
    more["scopes"] = json!(["a", {"b": null}]);
    write("tokens.json", &more);
    sandbox.clear_requests();
    without_password(&sandbox, &store).login().unwrap();
    assert_eq!(sandbox.requests().len(), 0, "what is not known is passed over");

    // A newer or older one that is another thing altogether: the password serves, and the file is replaced.
    for other in [
        json!({"version": 2, "tokens": {"id": tokens["id_token"]}}),
        json!({"id_token": {"sealed": "…"}, "access_token": 7}),
        json!("sealed"),
    ] {
        write("tokens.json", &other);
        sandbox.clear_requests();
        builder(&sandbox).store(store.clone()).login().unwrap();
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1);
        without_password(&sandbox, &store).login().unwrap();
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 1, "it was replaced");
    }

    // Directories of other major versions are left alone.
    let newer = directory.path().join("v9/accounts/x/tokens.json");
    fs::create_dir_all(newer.parent().unwrap()).unwrap();
    fs::write(&newer, "of a newer version").unwrap();
    store.clear().unwrap();
    assert_eq!(fs::read(newer).unwrap(), b"of a newer version");
}
