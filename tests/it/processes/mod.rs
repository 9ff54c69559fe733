//! Real processes that share a store: they get along, and what one leaves behind when it dies serves the others.

#[cfg(unix)]
mod broken_stores;
mod concurrent;
mod environment;
#[cfg(target_os = "linux")]
mod injection;
mod interrupted;
mod killed;

use std::time::Duration;

use otf_api::sandbox::{Account, Sandbox};
use otf_api::{BookingQuery, Endpoints, FileStore, Otf, OtfBuilder};

use crate::children;
use crate::support::{builder, credentials};

/// What the processes of these tests do.
pub(crate) fn job(job: &str) {
    match job {
        "processes list" => concurrent::list_when_told(),
        "processes member" => concurrent::member_when_told(),
        "processes write" => killed::write_without_end(),
        "processes refresh" => killed::refresh_without_end(),
        #[cfg(target_os = "linux")]
        "processes injection" => injection::login_and_list(),
        "processes login" => {
            let otf = children::builder().login().unwrap();
            list(&otf).unwrap();
            children::say(otf.member_uuid());
        }
        _ => panic!("no job {job}"),
    }
}

fn list(otf: &Otf) -> otf_api::Result<usize> {
    otf.bookings().list(&BookingQuery::new()).map(|bookings| bookings.len())
}

/// Leaves tokens of an account in the store that have expired by every clock, but can be refreshed.
fn sign_in_long_ago(sandbox: &Sandbox, store: &FileStore, account: &Account) {
    let otf = builder(sandbox).store(store.clone()).credentials(credentials(account)).login().unwrap();
    expire(sandbox, &otf);
    sandbox.set_token_lifetime(Duration::from_secs(3600));
    sandbox.clear_requests();
}

/// Makes a client's tokens, and those that it leaves in the store, expired ones. So are those to come.
fn expire(sandbox: &Sandbox, otf: &Otf) {
    sandbox.set_token_lifetime(Duration::ZERO);
    sandbox.expire_tokens();
    list(otf).unwrap_err();
}

/// A client that has the store and no password.
fn without_password(sandbox: &Sandbox, store: &FileStore) -> OtfBuilder {
    Otf::builder()
        .endpoints(Endpoints::at(&sandbox.url()).unwrap())
        .store(store.clone())
        .sleep(|_| {})
        .environment(false)
        .prompt(false)
}
