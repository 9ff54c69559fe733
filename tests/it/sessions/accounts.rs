//! Accounts, signing out, and what is known of a session.

use std::time::Duration;

use otf_api::auth::{Session, accounts};
use otf_api::sandbox::{Fault, NEW, NOA, PAT};
use otf_api::{Error, FileStore, MemoryStore, Store};

use super::{list, without_credentials};
use crate::support::{builder, client, credentials, sandbox, seen};

#[test]
fn signing_out_removes_one_account_and_nothing_else() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    let noa = builder(&sandbox).store(store.clone()).credentials(credentials(&NOA)).login().unwrap();
    noa.member().unwrap();
    let before = store.keys("").unwrap().len();
    let pat = builder(&sandbox).store(store.clone()).login().unwrap();
    pat.member().unwrap();
    pat.sign_out().unwrap();
    assert!(matches!(list(&pat), Err(Error::NoCredentials { .. })));
    assert!(pat.session_info().is_err() && pat.session().is_err());
    list(&noa).unwrap();
    // What is left: Noa's values. The last account was Pat's.
    let left = store.keys("").unwrap();
    assert_eq!(left.len(), before - 1, "{left:?}");
    assert_eq!(sandbox.count_operation("GlobalSignOut") + sandbox.count_operation("RevokeToken"), 0);
}

#[test]
fn revoking_ends_copies_of_the_session_but_no_other() {
    let sandbox = sandbox();
    let other = client(&sandbox);
    let otf = client(&sandbox);
    let copy = otf.session().unwrap();
    otf.sign_out_and_revoke().unwrap();
    assert_eq!(sandbox.count_operation("RevokeToken"), 1);
    sandbox.advance(Duration::from_secs(2 * 3600));
    without_credentials(&sandbox, &MemoryStore::new()).session(copy).login().unwrap_err();
    sandbox.clear_requests();
    list(&other).unwrap();
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "the other session goes on");
}

#[test]
fn failed_revocation_removes_nothing() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    sandbox.fault(Fault::status(400).on_operation("RevokeToken"));
    otf.sign_out_and_revoke().unwrap_err();
    list(&otf).unwrap();
    otf.sign_out_and_revoke().unwrap();
}

#[test]
fn accounts_of_a_store_can_be_listed_and_signed_out() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    assert!(accounts(&store).unwrap().is_empty());
    builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    builder(&sandbox).store(store.clone()).credentials(credentials(&NOA)).login().unwrap();
    let listed = accounts(&store).unwrap();
    let emails: Vec<_> = listed.iter().map(|account| account.email().unwrap()).collect();
    assert_eq!(emails, [NOA.email, PAT.email], "the last used first");
    assert!(listed[0].last_used() > listed[1].last_used());
    listed[1].sign_out(&store).unwrap();
    assert_eq!(accounts(&store).unwrap().len(), 1);
    list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
    assert!(!format!("{listed:?}").contains("example.com"));
}

#[test]
fn account_is_opened_by_email_from_its_stored_tokens() {
    let sandbox = sandbox();
    let store = MemoryStore::new();
    for account in [&NOA, &PAT] {
        builder(&sandbox).store(store.clone()).credentials(credentials(account)).login().unwrap();
    }
    sandbox.clear_requests();
    let otf = without_credentials(&sandbox, &store).account(NOA.email).login().unwrap();
    assert_eq!(otf.user().email.as_deref(), Some(NOA.email));
    assert_eq!(seen(&sandbox), [""; 0]);
    sandbox.expire_tokens();
    list(&otf).unwrap();
    assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0);
    // One that has never signed in needs its own password, not another's.
    let new = without_credentials(&sandbox, &store).account(NEW.email);
    assert!(matches!(new.login(), Err(Error::NoCredentials { .. })));
}

#[test]
fn account_contradicts_credentials_of_another_one() {
    let sandbox = sandbox();
    let otf = builder(&sandbox).account(PAT.email).credentials(credentials(&PAT)).login().unwrap();
    seen(&sandbox);
    let session = otf.session().unwrap();
    for builder in [
        builder(&sandbox).account(NOA.email).credentials(credentials(&PAT)),
        builder(&sandbox).account(NOA.email).session(session),
    ] {
        let error = builder.login().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "account", .. }), "{error:?}");
    }
    let error = without_credentials(&sandbox, &MemoryStore::new()).account(" ").login().unwrap_err();
    assert!(matches!(error, Error::InvalidInput { argument: "email", .. }), "{error:?}");
    assert_eq!(seen(&sandbox), [""; 0]);
}

#[test]
fn session_info_says_what_is_known() {
    let sandbox = sandbox();
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::at(directory.path());
    let otf = builder(&sandbox).store(store.clone()).login().unwrap();
    sandbox.advance(Duration::from_secs(600));
    seen(&sandbox);
    let info = otf.session_info().unwrap();
    assert_eq!(seen(&sandbox), [""; 0]);
    assert_eq!(info.email.as_deref(), Some(PAT.email));
    assert!(info.device_known && info.has_refresh_token);
    assert_eq!(info.store_path.as_deref(), Some(store.path()));
    let minutes = |time: otf_api::jiff::Timestamp| time.duration_since(sandbox.now()).as_mins();
    assert!((49..=50).contains(&minutes(info.id_token_expires_at)));
    assert!((49..=50).contains(&minutes(info.access_token_expires_at)));
    assert!((9..=10).contains(&info.refresh_token_age.unwrap().as_mins()));
    assert!(info.clock_offset.unwrap().abs().as_secs() <= 2);
}

#[test]
fn session_as_text_signs_in() {
    let sandbox = sandbox();
    let text = client(&sandbox).session().unwrap().to_text();
    let session = Session::from_text(text.expose()).unwrap();
    sandbox.advance(Duration::from_secs(2 * 3600));
    list(&without_credentials(&sandbox, &MemoryStore::new()).session(session).login().unwrap()).unwrap();
}

#[test]
fn unconfirmed_device_is_confirmed_later() {
    // In the same client, and in the next one.
    for same in [true, false] {
        let sandbox = sandbox();
        let store = MemoryStore::new();
        sandbox.fault(Fault::cognito("InternalErrorException", "no").on_operation("ConfirmDevice").always());
        let mut otf = builder(&sandbox).store(store.clone()).login().unwrap();
        list(&otf).unwrap();
        assert_eq!(sandbox.count_operation("ConfirmDevice"), 1);
        sandbox.clear_faults();
        if same {
            sandbox.advance(Duration::from_secs(61));
            list(&otf).unwrap();
        } else {
            otf = without_credentials(&sandbox, &store).login().unwrap();
        }
        sandbox.advance(Duration::from_secs(2 * 3600));
        sandbox.clear_requests();
        list(&otf).unwrap();
        list(&without_credentials(&sandbox, &store).login().unwrap()).unwrap();
        assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "{same}");
    }
}

#[test]
fn user_is_read_from_the_id_token() {
    let sandbox = sandbox();
    let otf = client(&sandbox);
    assert_eq!(otf.user().given_name.as_deref(), Some("Pat"));
    assert_eq!(otf.user().locale.as_deref(), Some("en_US"));
    let home = otf.user().home_studio_uuid.clone().unwrap();
    seen(&sandbox);
    assert_eq!(otf.home_studio_uuid().unwrap(), home);
    assert_eq!(seen(&sandbox), [""; 0]);
    assert_eq!(otf.member().unwrap().home_studio.as_ref().unwrap().studio_uuid, home);
    // A number is of no use.
    sandbox.set_id_token_claim(PAT.email, "custom:home_studio_id", "1234");
    let otf = client(&sandbox);
    assert_eq!(otf.user().home_studio_uuid, None);
    seen(&sandbox);
    assert_eq!(otf.home_studio_uuid().unwrap(), home);
    assert_eq!(seen(&sandbox).len(), 1);
}
