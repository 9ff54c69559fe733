//! Clients of the sandbox's accounts, and what the sandbox was asked.

use std::time::Duration;

use otf_api::auth::Credentials;
use otf_api::sandbox::{Account, PAT, Sandbox};
use otf_api::{Otf, OtfBuilder, Retry};

/// A client that tries again without waiting.
pub(crate) fn builder(sandbox: &Sandbox, account: &Account) -> OtfBuilder {
    let retry = Retry::default().base(Duration::ZERO).sleep(|_| {});
    Otf::builder()
        .sandbox(sandbox)
        .credentials(Credentials::new(account.email, account.password))
        .retry(retry)
}

/// Pat, signed in; the requests of the sign-in are not counted.
pub(crate) fn pat(sandbox: &Sandbox) -> Otf {
    login(sandbox, builder(sandbox, &PAT))
}

pub(crate) fn login(sandbox: &Sandbox, builder: OtfBuilder) -> Otf {
    let otf = builder.login().unwrap();
    sandbox.clear_requests();
    otf
}

/// The requests since they were last counted, as `GET /path`.
pub(crate) fn asked(sandbox: &Sandbox) -> Vec<String> {
    let requests = sandbox.requests();
    sandbox.clear_requests();
    requests.into_iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}
