//! `otf logout`

use clap::Args;
use otf_api::Store;
use otf_api::auth::{StoredAccount, accounts};
use serde_json::json;

use super::accounts::open_store;
use crate::cli::Global;
use crate::failure::{Code, Failure, Result};
use crate::output;
use crate::service::Service;

/// Remove an account's tokens, device and cached responses from this machine.
///
/// Other accounts and the app on the member's phone stay signed in. Without --account or OTF_EMAIL it signs out the
/// most recently used account.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf logout
  otf logout --account pat@example.com
  otf logout --revoke")]
pub struct Logout {
    /// Also revoke the refresh token, so that copies of this session end
    #[arg(long)]
    revoke: bool,
}

impl Logout {
    pub fn run(&self, global: &Global) -> Result {
        let email = if self.revoke { revoke(global)? } else { remove(global)? };
        if global.json {
            return output::json(&json!({ "signed_out": email, "revoked": self.revoke }));
        }
        println!("signed out: {email}");
        Ok(())
    }
}

/// Needs the tokens, and so the network.
fn revoke(global: &Global) -> Result<String> {
    let service = Service::connect(global)?;
    let email = service.otf.user().email.clone().unwrap_or_else(|| service.otf.member_uuid().to_string());
    confirm(&email, global)?;
    service.otf.sign_out_and_revoke()?;
    Ok(email)
}

/// Works with expired tokens and without a network too.
fn remove(global: &Global) -> Result<String> {
    let store = open_store(global)?;
    let account = wanted(global, &*store)?;
    let email = account.email().unwrap_or("(imported)").to_owned();
    confirm(&email, global)?;
    account.sign_out(&*store)?;
    Ok(email)
}

fn wanted(global: &Global, store: &dyn Store) -> Result<StoredAccount> {
    let from_env = std::env::var("OTF_EMAIL").ok().filter(|email| !email.is_empty());
    let wanted = global.account.clone().or(from_env);
    let found = accounts(store)?.into_iter().find(|account| match &wanted {
        Some(email) => account.email() == Some(email),
        None => true,
    });
    found.ok_or_else(|| {
        let message = match &wanted {
            Some(email) => format!("{email} is not signed in here: see `otf accounts`"),
            None => "no account is signed in here".to_owned(),
        };
        Failure::new(Code::NotSignedIn, message)
    })
}

fn confirm(email: &str, global: &Global) -> Result {
    output::confirm(&format!("Sign {email} out on this machine"), global.yes)
}
