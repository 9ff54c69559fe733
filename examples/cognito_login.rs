//! Signs in to the Cognito that the environment names, for checks against other people's emulators.
//!
//! `OTF_CHECK_URL`, `OTF_CHECK_POOL_ID` and `OTF_CHECK_CLIENT_ID` say where, `OTF_EMAIL` and `OTF_PASSWORD` who.
//! Exits with 0 when signed in, 3 when refused, 1 when something else is wrong.

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
