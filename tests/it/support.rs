//! What most of the tests begin with.

use std::time::Duration;

use otf_api::auth::Credentials;
use otf_api::jiff::Timestamp;
use otf_api::sandbox::{Account, PAT, Sandbox};
use otf_api::{Error, Otf, OtfBuilder};

/// A sandbox of the test's own.
pub(crate) fn sandbox() -> Sandbox {
    Sandbox::start().unwrap()
}

/// A client of the first account that never waits, asks nobody and reads no environment.
pub(crate) fn builder(sandbox: &Sandbox) -> OtfBuilder {
    Otf::builder()
        .sandbox(sandbox)
        .sleep(|_| {})
        .lambda_retry_delay(Duration::ZERO)
        .environment(false)
        .prompt(false)
}

pub(crate) fn client(sandbox: &Sandbox) -> Otf {
    builder(sandbox).login().unwrap()
}

pub(crate) fn credentials(account: &Account) -> Credentials {
    Credentials::new(account.email, account.password)
}

pub(crate) fn pat() -> Credentials {
    credentials(&PAT)
}

/// The Cognito operations and paths that the sandbox has seen, and forgets them.
pub(crate) fn seen(sandbox: &Sandbox) -> Vec<String> {
    let seen = sandbox
        .requests()
        .iter()
        .map(|request| match &request.operation {
            Some(operation) => operation.clone(),
            None => format!("{} {}", request.method, request.path),
        })
        .collect();
    sandbox.clear_requests();
    seen
}

/// An error with all that is below it.
pub(crate) fn chain(error: &Error) -> String {
    let mut text = format!("{error}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text} <- {error}");
        source = error.source();
    }
    text
}

/// A sandbox where it is this time.
pub(crate) fn sandbox_at(time: &str) -> Sandbox {
    let time: Timestamp = time.parse().unwrap();
    Sandbox::builder().clock_offset(time.duration_since(Timestamp::now())).start().unwrap()
}

/// Moves a sandbox's clock on to a time.
pub(crate) fn advance_to(sandbox: &Sandbox, time: &str) {
    let time: Timestamp = time.parse().unwrap();
    sandbox.advance(time.duration_since(sandbox.now()).try_into().unwrap());
}

/// A client of an account that has signed in, after which the sandbox has seen nothing.
pub(crate) fn client_of(sandbox: &Sandbox, account: &Account) -> Otf {
    let otf = builder(sandbox).credentials(credentials(account)).login().unwrap();
    sandbox.clear_requests();
    otf
}

/// Whether a result is `InvalidInput` that names this argument, and the sandbox was asked for nothing.
#[track_caller]
pub(crate) fn assert_invalid<T: std::fmt::Debug>(sandbox: &Sandbox, result: otf_api::Result<T>, named: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::InvalidInput { argument, .. } if argument == named), "{error:?}");
    assert_eq!(seen(sandbox), Vec::<String>::new());
}

/// Does the same for several cases at once: most of them wait.
pub(crate) fn in_parallel<T: Send>(cases: impl IntoIterator<Item = T>, check: impl Fn(T) + Sync) {
    let check = &check;
    std::thread::scope(|scope| {
        for case in cases {
            scope.spawn(move || check(case));
        }
    });
}

/// Says that a test does not run on this machine. The test runner hides what `eprintln!` prints, but not this.
#[cfg(unix)]
pub(crate) fn skipped(why: &str) {
    use std::io::Write;

    writeln!(std::io::stderr(), "skipped: {why}").unwrap();
}

/// Puts so many bad values into a studio that it is lost, whereas one is only left out.
pub(crate) fn spoil_studio(studio: &mut serde_json::Value) {
    for name in [
        "acceptsAch",
        "acceptsAmericanExpress",
        "acceptsDiscover",
        "acceptsVisaMasterCard",
        "allowsCrWaitlist",
        "allowsDashboardAccess",
        "isIntegrated",
        "isMobile",
        "isOtbeat",
        "mboStudioId",
        "openDate",
        "pricingLevel",
        "reOpenDate",
        "smsPackageEnabled",
        "studioId",
        "studioNumber",
        "studioTypeId",
    ] {
        studio[name] = serde_json::json!({});
    }
}
