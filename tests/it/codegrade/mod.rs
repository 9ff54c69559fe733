//! CodeGrade: the login with an emailed code, and what follows it.

mod failures;
mod flow;
mod hostile;
mod models;
mod session;
mod steps;
mod stored;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use otf_api::codegrade::{
    CodeGrade, CodeGradeBuilder, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginConfirmation, OtpLoginId,
    Session,
};
use otf_api::sandbox::Sandbox;
use otf_api::{MemoryStore, RetryPolicy, Secret};

const CHALLENGE: &str = "/api/v1/pow/challenge";
const CREATE: &str = "/api/v1/otp_logins";
const CONFIRM: &str = "/api/v1/otp_logins/*/confirm";
const LIST: &str = "/api/v1/otp_logins/*/users/";
const SELECT: &str = "/api/v1/otp_logins/*/select";

/// A client that waits for nothing.
fn builder(sandbox: &Sandbox) -> CodeGradeBuilder {
    CodeGrade::builder().host(sandbox.url()).store(MemoryStore::new()).sleep(|_| {})
}

fn client(sandbox: &Sandbox) -> CodeGrade {
    builder(sandbox).build().unwrap()
}

/// A client that notes its pauses in place of waiting.
fn noting(sandbox: &Sandbox, retry: RetryPolicy) -> (CodeGrade, Arc<Mutex<Vec<Duration>>>) {
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&pauses);
    let sleep = move |pause| noted.lock().unwrap().push(pause);
    (CodeGrade::builder().host(sandbox.url()).retry(retry).sleep(sleep).build().unwrap(), pauses)
}

fn code(sandbox: &Sandbox, email: &str) -> Secret {
    Secret::from(sandbox.codegrade().emailed_code(email).expect("a mail"))
}

/// A login that was created, by its id, and its code.
fn created(sandbox: &Sandbox, email: &str) -> (OtpLoginId, Secret) {
    let login = client(sandbox).otp_login().create(&CreateOtpLoginData::new(email)).unwrap();
    (login.id, code(sandbox, email))
}

/// The same, with the code confirmed, so that a user can be selected.
fn selecting(sandbox: &Sandbox) -> (OtpLoginId, Secret) {
    let (id, code) = created(sandbox, otf_api::sandbox::codegrade::MANY_USERS);
    let confirm = ConfirmOtpLoginData::new(code.clone());
    let confirmation = client(sandbox).otp_login().confirm(&id, &confirm).unwrap();
    assert!(matches!(confirmation, OtpLoginConfirmation::Select));
    (id, code)
}

/// A session of the user of this address, without a login.
fn signed_in(sandbox: &Sandbox, email: &str) -> Session {
    client(sandbox).session(sandbox.codegrade().issue_token(email).unwrap())
}

/// How many requests there were whose path begins and ends like this one's before and after its `*`.
fn count(sandbox: &Sandbox, method: &str, path: &str) -> usize {
    let (start, end) = path.split_once('*').unwrap_or((path, ""));
    let is_it = |seen: &str| {
        if end.is_empty() { seen == path } else { seen.starts_with(start) && seen.ends_with(end) }
    };
    sandbox.requests().iter().filter(|request| request.method == method && is_it(&request.path)).count()
}
