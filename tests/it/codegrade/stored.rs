//! Stored sessions.

use std::io;
use std::path::Path;

use otf_api::codegrade::{ConfirmOtpLoginData, Error, UserId};
use otf_api::sandbox::codegrade::{MANY_USERS, ONE_USER};
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{FileStore, Store, StoreLock};

use super::*;

fn login() -> CreateOtpLoginData {
    CreateOtpLoginData::new(ONE_USER)
}

fn server(sandbox: &Sandbox, store: impl Store + 'static) -> CodeGrade {
    let clock = sandbox.clock();
    CodeGrade::builder().host(sandbox.url()).clock(clock).store(store).sleep(|_| {}).build().unwrap()
}

fn log_in(sandbox: &Sandbox, server: &CodeGrade) -> Session {
    let code = |_| sandbox.codegrade().emailed_code(ONE_USER).map(ConfirmOtpLoginData::new);
    server.login(&login(), code, |_| None).unwrap()
}

#[test]
fn stored_session_is_used_until_it_expires() {
    let sandbox = Sandbox::start().unwrap();
    let store = MemoryStore::new();
    log_in(&sandbox, &server(&sandbox, store.clone()));
    assert_eq!(count(&sandbox, "POST", CREATE), 1);

    let session = log_in(&sandbox, &server(&sandbox, store.clone()));
    assert_eq!(count(&sandbox, "POST", CREATE), 1);
    assert_eq!(session.user().unwrap().username, "robin");
    assert!(session.expires_at().is_some());

    sandbox.advance(Duration::from_secs(31 * 24 * 3600));
    let server = server(&sandbox, store);
    assert!(server.stored_session(&login()).unwrap().is_none());
    log_in(&sandbox, &server).user().unwrap();
    assert_eq!(count(&sandbox, "POST", CREATE), 2);
}

#[test]
fn refused_token_is_removed() {
    let sandbox = Sandbox::start().unwrap();
    let store = MemoryStore::new();
    let server = server(&sandbox, store);
    let session = log_in(&sandbox, &server);
    // Somebody else revokes it.
    server.session(session.token().clone()).revoke_token().unwrap();
    let stored = log_in(&sandbox, &server);
    assert!(matches!(stored.courses().next(), Some(Err(Error::NotLoggedIn(_)))));
    assert!(server.stored_session(&login()).unwrap().is_none());
    log_in(&sandbox, &server).user().unwrap();
}

#[test]
fn server_error_does_not_remove_the_token() {
    let sandbox = Sandbox::start().unwrap();
    let server = server(&sandbox, MemoryStore::new());
    let session = log_in(&sandbox, &server);
    for fault in [Fault::status(500), Fault::status(403), Fault::status(404), Fault::reset_before()] {
        sandbox.fault(fault.on("GET", "/api/v1/login").always());
        session.user().unwrap_err();
        sandbox.clear_faults();
        assert!(server.stored_session(&login()).unwrap().is_some());
    }
}

#[test]
fn revoked_token_is_removed() {
    let sandbox = Sandbox::start().unwrap();
    let server = server(&sandbox, MemoryStore::new());
    log_in(&sandbox, &server).revoke_token().unwrap();
    assert!(server.stored_session(&login()).unwrap().is_none());
}

#[test]
fn session_is_per_server_and_user() {
    let (one, two) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let store = MemoryStore::new();
    let session = log_in(&one, &server(&one, store.clone()));
    let other = server(&two, store.clone());
    assert!(other.stored_session(&login()).unwrap().is_none());
    assert!(
        server(&one, store.clone()).stored_session(&CreateOtpLoginData::new(MANY_USERS)).unwrap().is_none()
    );
    let token = log_in(&two, &other).token().clone();
    assert_ne!(token.expose(), session.token().expose());
    assert_eq!(store.keys("").unwrap().len(), 2);

    other.forget_session(&login()).unwrap();
    assert!(other.stored_session(&login()).unwrap().is_none());
    assert!(server(&one, store).stored_session(&login()).unwrap().is_some());
    other.session(token).user().unwrap();
}

#[test]
fn exported_token_makes_a_session_elsewhere() {
    let sandbox = Sandbox::start().unwrap();
    let session = log_in(&sandbox, &server(&sandbox, MemoryStore::new()));
    let exported = session.token().expose().to_owned();

    let elsewhere = server(&sandbox, MemoryStore::new());
    let session = elsewhere.session(exported);
    assert_eq!(session.user().unwrap().id, UserId::new(7));
    assert_eq!((session.expires_at(), elsewhere.stored_session(&login()).unwrap().is_some()), (None, false));
    session.store(&login()).unwrap();
    assert!(elsewhere.stored_session(&login()).unwrap().is_some());
}

#[test]
#[cfg(unix)]
fn file_is_private_and_shows_no_address() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::start().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let session = log_in(&sandbox, &server(&sandbox, FileStore::at(directory.path())));
    let mut files = Vec::new();
    collect(directory.path(), &mut files);
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    let [file] = files.as_slice() else { panic!("{files:?}") };
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(file.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(session.token().expose()));
    assert!(!format!("{} {text}", file.display()).contains("robin"));
}

fn collect(directory: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// A store in which nothing works.
struct Broken;

impl Store for Broken {
    fn read(&self, _: &str) -> io::Result<Option<Vec<u8>>> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn write(&self, _: &str, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn remove(&self, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn keys(&self, _: &str) -> io::Result<Vec<String>> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn lock(&self, _: &str, _: Duration) -> io::Result<StoreLock> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

#[test]
fn broken_store_costs_a_warning() {
    let sandbox = Sandbox::start().unwrap();
    let server = server(&sandbox, Broken);
    let (session, lines) = crate::log_lines::capture(|| log_in(&sandbox, &server));
    session.user().unwrap();
    let warnings: Vec<_> = lines.iter().filter(|line| line.starts_with("WARN")).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(matches!(server.stored_session(&login()), Err(Error::Store { .. })));
    assert!(matches!(session.store(&login()), Err(Error::Store { .. })));
    assert!(matches!(server.forget_session(&login()), Err(Error::Store { .. })));
}
