//! Signs in to the Cognito server named by the environment, for checks against third-party emulators.
//!
//! `OTF_CHECK_URL`, `OTF_CHECK_POOL_ID` and `OTF_CHECK_CLIENT_ID` name the pool, `OTF_EMAIL` and `OTF_PASSWORD` the
//! account. Exits with 0 if the sign-in succeeds, 3 if it is refused, and 1 on any other error.

use std::process::ExitCode;

use otf_api::{Endpoints, Error, MemoryStore, Otf, UserPool};

fn main() -> ExitCode {
    match login() {
        Ok(otf) => {
            println!("signed in as {}", otf.member_uuid());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(if matches!(error, Error::Authentication { .. }) { 3 } else { 1 })
        }
    }
}

fn login() -> otf_api::Result<Otf> {
    let set = |name: &'static str| {
        std::env::var(name)
            .map_err(|_| Error::InvalidInput { argument: name, reason: "it is not set".to_owned() })
    };
    let pool = UserPool::new(set("OTF_CHECK_POOL_ID")?, set("OTF_CHECK_CLIENT_ID")?)?;
    Otf::builder()
        .endpoints(Endpoints::at(&set("OTF_CHECK_URL")?)?.pool(pool))
        .store(MemoryStore::new())
        .login()
}
