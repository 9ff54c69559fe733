//! Every system call of a process that signs in or refreshes its tokens, met by `kill -9` and by errors.
//!
//! `strace` injects both into this binary, run again for one job. `checks/injection` runs these tests: they need
//! `strace` and the right to trace a process, and in full they take minutes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use otf_api::jiff::tz::TimeZone;
use otf_api::sandbox::{PAT, Rotation, Sandbox};
use otf_api::{FileStore, Store};
use serde_json::Value;
use tempfile::TempDir;

use super::{expire, list, without_password};
use crate::children::{self, Job};
use crate::support::{builder, sandbox};

/// The calls that concern files, each with errors that it may return. Sockets are read and written by others. `close` is
/// not among them: the standard library ignores its errors for files, and panics for directories.
const FILE_CALLS: [(&str, &[&str]); 24] = [
    ("openat", &["EIO", "EMFILE", "EACCES", "ENOSPC"]),
    ("open", &["EIO", "EMFILE", "EACCES", "ENOSPC"]),
    ("read", &["EIO", "EINTR"]),
    ("pread64", &["EIO"]),
    ("write", &["EIO", "ENOSPC", "EINTR"]),
    ("stat", &["EIO", "EACCES"]),
    ("lstat", &["EIO", "EACCES"]),
    ("fstat", &["EIO"]),
    ("newfstatat", &["EIO", "EACCES"]),
    ("statx", &["EIO", "EACCES"]),
    ("lseek", &["EIO"]),
    ("mkdir", &["EIO", "EACCES", "ENOSPC"]),
    ("mkdirat", &["EIO", "EACCES", "ENOSPC"]),
    ("chmod", &["EIO", "EPERM"]),
    ("fchmod", &["EIO", "EPERM"]),
    ("fchmodat", &["EIO", "EPERM"]),
    ("fsync", &["EIO", "ENOSPC"]),
    ("flock", &["EIO", "ENOLCK", "EINTR"]),
    ("getdents64", &["EIO"]),
    ("rename", &["EIO", "EACCES", "ENOSPC"]),
    ("renameat", &["EIO", "EACCES", "ENOSPC"]),
    ("renameat2", &["EIO", "EACCES", "ENOSPC"]),
    ("unlink", &["EIO", "EACCES"]),
    ("unlinkat", &["EIO", "EACCES"]),
];

/// What is injected.
#[derive(Clone, Copy, PartialEq)]
enum Plant {
    Kill,
    /// At one call.
    Error(&'static str),
    /// At one call of this name and all later ones.
    Errors(&'static str),
}

/// One system call of a process: its name, and its number among those of that name, from 1.
type Call = (String, usize);

/// What a process said and did.
struct Ended {
    said: Option<String>,
    status: ExitStatus,
    log: String,
}

/// A process that logs in and lists the bookings, and says how that ended. It does not panic.
pub(super) fn login_and_list() {
    // The zones are read once by a process, and are not what is tested.
    TimeZone::get("America/Chicago").unwrap();
    let thread = fs::read_link("/proc/thread-self").unwrap();
    children::say(thread.file_name().unwrap().display());
    // Another thread reads: whether this one is traced before or after it starts to wait must make no difference.
    let word = std::thread::spawn(|| std::io::stdin().read_line(&mut String::new()).unwrap());
    word.join().unwrap();
    children::say("begin");
    let said = match children::builder().login().and_then(|otf| list(&otf).map(|_| otf)) {
        Ok(otf) => format!("ok {}", otf.member_uuid()),
        Err(error) => format!("error {error}"),
    };
    children::say(said);
}

/// What the process starts with.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    /// Expired tokens that can be refreshed, and no password.
    Expired,
    /// An empty store, and the password.
    Empty,
    /// A device without tokens, and the password.
    Device,
}

/// One sandbox and store, used again and again: what a process leaves behind is what the next one finds.
struct Scene {
    start: Start,
    rotation: Rotation,
    sandbox: Sandbox,
    directory: TempDir,
    log: TempDir,
    counts: BTreeMap<&'static str, usize>,
}

impl Scene {
    fn new(start: Start, rotation: Rotation) -> Self {
        let sandbox = sandbox();
        sandbox.rotate_refresh_tokens(rotation);
        sandbox.remember_devices(PAT.email);
        let directory = tempfile::tempdir().unwrap();
        let log = tempfile::tempdir().unwrap();
        Self { start, rotation, sandbox, directory, log, counts: BTreeMap::new() }
    }

    fn store(&self) -> FileStore {
        FileStore::at(self.directory.path())
    }

    /// The value whose key ends so.
    fn value(&self, end: &str) -> Option<Value> {
        let store = self.store();
        // The last one: other accounts have names that begin with zeros.
        let key = store.keys("accounts/").unwrap().into_iter().filter(|key| key.ends_with(end)).max()?;
        Some(serde_json::from_slice(&store.read(&key).unwrap()?).expect("whole"))
    }

    fn remove(&self, end: &str) {
        let store = self.store();
        for key in store.keys("accounts/").unwrap().iter().filter(|key| key.ends_with(end)) {
            store.remove(key).unwrap();
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// How often the password was proved since the last preparation.
    fn proofs(&self) -> usize {
        let replies = |request: &&otf_api::sandbox::RecordedRequest| {
            request.operation.as_deref() == Some("RespondToAuthChallenge")
                && request.json()["ChallengeName"] == "PASSWORD_VERIFIER"
        };
        self.sandbox.requests().iter().filter(replies).count()
    }

    /// Makes the store what the process starts with.
    fn prepare(&self) {
        self.sandbox.set_token_lifetime(Duration::from_secs(3600));
        match self.start {
            Start::Empty => {
                let root = self.store().path().to_owned();
                fs::remove_dir_all(root).or_else(ignore_absent).unwrap();
            }
            Start::Expired => {
                if self.value("tokens.json").is_none() || self.value("device.json").is_none() {
                    builder(&self.sandbox).store(self.store()).login().unwrap();
                }
                let otf = without_password(&self.sandbox, &self.store()).login().unwrap();
                expire(&self.sandbox, &otf);
            }
            Start::Device => {
                if self.value("device.json").is_none() {
                    builder(&self.sandbox).store(self.store()).login().unwrap();
                }
                self.remove("tokens.json");
            }
        }
        self.sandbox.set_token_lifetime(Duration::from_secs(3600));
        self.sandbox.clear_requests();
    }

    /// Runs the process, traced by `strace` with these arguments from when it begins.
    fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = children::command("processes injection");
        children::at(&mut command, &self.sandbox, self.directory.path());
        if self.start != Start::Expired {
            command.env("OTF_TEST_EMAIL", PAT.email).env("OTF_TEST_PASSWORD", PAT.password);
        }
        let mut job = Job::start(&mut command);
        let thread = job.next().unwrap();
        // Its own thread alone: the test runner's would count too.
        let mut strace = Command::new("strace")
            .arg("-o")
            .arg(self.log_file())
            .args(["-p", &thread])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut messages = BufReader::new(strace.stderr.take().unwrap());
        let mut message = String::new();
        messages.read_line(&mut message).unwrap();
        assert!(message.contains("attached"), "{message}");
        job.go();
        let (said, status) = job.end();
        std::io::copy(&mut messages, &mut std::io::sink()).unwrap();
        strace.wait().unwrap();
        assert!(said.first().is_none_or(|first| first == "begin"), "{said:?}");
        Ended { said: said.into_iter().nth(1), status, log: fs::read_to_string(self.log_file()).unwrap() }
    }

    fn log_file(&self) -> PathBuf {
        self.log.path().join("strace.log")
    }

    /// The calls that the process makes between its first word and its last one.
    fn calls(&self) -> Vec<Call> {
        self.prepare();
        let ended = self.run(&[]);
        assert_eq!(ended.said, Some(format!("ok {}", PAT.member_uuid)));
        calls_in_log(&ended.log)
    }

    /// Runs the process with something planted at one of its calls, and checks what it leaves.
    fn check(&mut self, (name, number): &Call, plant: Plant) {
        self.prepare();
        let inject = inject((name, *number), plant);
        let device_before = self.value("device.json");
        let ended = self.run(&["-e", &format!("trace={name}"), "-e", &inject]);
        let said = ended.said.as_deref();
        let what = format!("{inject}, rotation {:?}, said {said:?}", self.rotation);
        let was_reached = match plant {
            Plant::Kill => ended.status.signal() == Some(9),
            _ => ended.log.contains("(INJECTED)"),
        };
        // What it says may itself be what fails.
        if !was_reached || plant != Plant::Kill && name != "write" {
            assert!(said.is_some() && ended.status.success(), "{what}: {}", ended.status);
        }
        self.count(match (plant, said) {
            _ if !was_reached => "not reached",
            (Plant::Kill, _) => "kills",
            (_, Some(said)) if said.starts_with("ok") => "errors survived",
            _ => "errors told",
        });
        self.check_files(&what, plant);
        self.check_session(&what, plant, device_before.as_ref());
    }

    /// Every directory and file is private and every value whole. Only a process that was killed, or that could not
    /// remove it, leaves a file half written.
    fn check_files(&mut self, what: &str, plant: Plant) {
        let mut left = 0;
        for path in walk(self.store().path()) {
            let metadata = fs::symlink_metadata(&path).unwrap();
            let mode = metadata.permissions().mode() & 0o777;
            assert_eq!(mode, if metadata.is_dir() { 0o700 } else { 0o600 }, "{what}: {}", path.display());
            match path.extension().and_then(|end| end.to_str()) {
                Some("json") => {
                    let value = serde_json::from_slice::<Value>(&fs::read(&path).unwrap());
                    assert!(value.is_ok(), "{what}: {} is not whole", path.display());
                }
                Some("tmp") => {
                    left += 1;
                    fs::remove_file(&path).unwrap();
                }
                _ => {}
            }
        }
        let most = usize::from(!matches!(plant, Plant::Error(_)));
        assert!(left <= most, "{what}: {left} files half written");
        if left > 0 {
            self.count("half-written files");
        }
    }

    /// The next process needs no password where none was needed before, and the pool saw no proof too many.
    fn check_session(&mut self, what: &str, plant: Plant, device_before: Option<&Value>) {
        if self.start == Start::Device {
            // The device that the member's account knows is not lost on the way.
            let is_readable = !matches!(plant, Plant::Errors(_));
            assert!(!is_readable || self.value("device.json").as_ref() == device_before, "{what}");
        }
        let is_stored = self.value("tokens.json").is_some();
        let mut most_proofs = usize::from(self.start != Start::Expired);
        let mut otf = without_password(&self.sandbox, &self.store()).login();
        if otf.is_err() && self.start == Start::Expired && self.may_lose(plant) {
            self.count("rotated tokens lost with the response");
            most_proofs += 1;
            otf = builder(&self.sandbox).store(self.store()).login();
        } else if otf.is_err() && self.start != Start::Expired {
            // Without the note of the last account, only its address tells that there are tokens.
            most_proofs += usize::from(!is_stored);
            otf = builder(&self.sandbox).store(self.store()).login();
        }
        let otf = otf.unwrap_or_else(|error| panic!("{what}: {error}"));
        list(&otf).unwrap_or_else(|error| panic!("{what}: {error}"));
        drop(otf);
        // From now on no password is needed, and the device is known.
        self.sandbox.expire_tokens();
        let otf = without_password(&self.sandbox, &self.store()).login();
        let otf = otf.unwrap_or_else(|error| panic!("{what}: {error}"));
        list(&otf).unwrap_or_else(|error| panic!("{what}: {error}"));
        let proofs = self.proofs();
        assert!(proofs <= most_proofs, "{what}: {proofs} proofs");
    }

    /// Where a pool rotates refresh tokens, the new one is lost if it was not stored before the process ended.
    fn may_lose(&self, plant: Plant) -> bool {
        let refreshed = self.sandbox.count_operation("InitiateAuth") > 0
            || self.sandbox.count_operation("GetTokensFromRefreshToken") > 0;
        self.rotation != Rotation::Off && refreshed && !matches!(plant, Plant::Error(_))
    }
}

/// How `strace` is told.
fn inject((name, number): (&str, usize), plant: Plant) -> String {
    match plant {
        Plant::Kill => format!("inject={name}:signal=KILL:when={number}"),
        Plant::Error(error) => format!("inject={name}:error={error}:when={number}"),
        Plant::Errors(error) => format!("inject={name}:error={error}:when={number}+"),
    }
}

fn ignore_absent(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// A directory and all below it; nothing if it does not exist.
fn walk(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Ok(entries) = fs::read_dir(path) {
        found.push(path.to_owned());
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
        }
    }
    found
}

/// The calls in a log of `strace` between the process's two lines.
fn calls_in_log(log: &str) -> Vec<Call> {
    let mut made: BTreeMap<&str, usize> = BTreeMap::new();
    let mut calls = Vec::new();
    let mut is_under_way = false;
    for line in log.lines() {
        let Some((name, arguments)) = line.split_once('(') else { continue };
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            continue;
        }
        let number = made.entry(name).or_default();
        *number += 1;
        if name == "write" && arguments.contains("@begin") {
            is_under_way = true;
        } else if name == "write" && arguments.contains("@ok") {
            break;
        } else if is_under_way {
            calls.push((name.to_owned(), *number));
        }
    }
    calls
}

/// Of so many calls one is checked: all of them unless `OTF_INJECTION_EVERY` says otherwise.
fn every() -> usize {
    std::env::var("OTF_INJECTION_EVERY").ok().and_then(|every| every.parse().ok()).unwrap_or(1)
}

fn check_all(start: Start, rotation: Rotation, name: &str) {
    let mut scene = Scene::new(start, rotation);
    let calls = scene.calls();
    let mut planted = Vec::new();
    for call in &calls {
        planted.push((call, Plant::Kill));
        let errors =
            FILE_CALLS.iter().find(|(name, _)| *name == call.0).map_or(&[][..], |(_, errors)| errors);
        for error in errors {
            planted.push((call, Plant::Error(error)));
            // An interrupted call is repeated, for ever if need be.
            if *error != "EINTR" {
                planted.push((call, Plant::Errors(error)));
            }
        }
    }
    // One of them again: its words as a failure prints them.
    if let Ok(only) = std::env::var("OTF_INJECTION_ONLY") {
        planted.retain(|((name, number), plant)| inject((name, *number), *plant) == only);
    }
    let count = planted.len();
    assert!(calls.len() > 60, "only {} calls", calls.len());
    for (call, plant) in planted.into_iter().step_by(every()) {
        scene.check(call, plant);
    }
    println!(
        "{name}, rotation {rotation:?}: {} system calls, {count} injections: {:?}",
        calls.len(),
        scene.counts
    );
    assert!(!scene.counts.is_empty(), "no call was chosen");
    let reached: usize =
        scene.counts.iter().filter(|(what, _)| *what != &"not reached").map(|(_, count)| count).sum();
    let not_reached = scene.counts.get("not reached").copied().unwrap_or(0);
    assert!(not_reached * 10 <= reached, "{:?}", scene.counts);
}

#[test]
#[ignore = "run by checks/injection"]
fn refresh_survives_every_call() {
    check_all(Start::Expired, Rotation::Off, "refresh");
}

#[test]
#[ignore = "run by checks/injection"]
fn refresh_that_rotates_survives_every_call() {
    check_all(Start::Expired, Rotation::On, "refresh");
}

#[test]
#[ignore = "run by checks/injection"]
fn sign_in_survives_every_call() {
    check_all(Start::Empty, Rotation::Off, "sign-in");
}

#[test]
#[ignore = "run by checks/injection"]
fn sign_in_that_rotates_survives_every_call() {
    check_all(Start::Empty, Rotation::On, "sign-in");
}

#[test]
#[ignore = "run by checks/injection"]
fn sign_in_with_a_device_survives_every_call() {
    check_all(Start::Device, Rotation::Off, "sign-in with a device");
}

/// How often the process made each call that concerns files.
fn file_calls(scene: &Scene) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (name, _) in scene.calls() {
        if FILE_CALLS.iter().any(|(known, _)| *known == name) {
            *counts.entry(name).or_default() += 1;
        }
    }
    counts
}

#[test]
#[ignore = "run by checks/injection"]
fn refresh_makes_as_many_calls_among_many_accounts() {
    let scene = Scene::new(Start::Expired, Rotation::Off);
    let alone = file_calls(&scene);
    let store = scene.store();
    let tokens = scene.value("tokens.json").unwrap().to_string();
    for other in 0..300 {
        for key in [
            "accounts/?/tokens.json",
            "accounts/?/device.json",
            "responses/?/0/x.json",
            "responses/?/1/y.json",
        ] {
            store.write(&key.replace('?', &format!("{other:032x}")), tokens.as_bytes()).unwrap();
        }
    }
    assert_eq!(file_calls(&scene), alone);
    println!(
        "refresh among 300 other accounts: {} calls of files, as many as alone",
        alone.values().sum::<usize>()
    );
}
