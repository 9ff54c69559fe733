//! `otf accounts`

use clap::Args;
use otf_api::auth::accounts;
use otf_api::{MemoryStore, Store};
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;

/// List the accounts that have signed in on this machine, the most recently used first.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf accounts
  otf accounts --json

To sign one out: otf logout --account pat@example.com")]
pub struct Accounts {}

/// The store of the global options. With the mock service, it is one in which its member has just signed in.
pub fn open_store(global: &Global) -> Result<Box<dyn Store>> {
    if !global.sandbox {
        return global.open_store();
    }
    let store = MemoryStore::new();
    let shared = store.clone();
    Service::connect_with(global, |builder| builder.store(shared))?;
    Ok(Box::new(store))
}

impl Accounts {
    pub fn run(&self, global: &Global) -> Result {
        let store = open_store(global)?;
        let accounts = accounts(&*store)?;
        if global.json {
            let list: Vec<_> = accounts
                .iter()
                .map(|account| json!({ "email": account.email(), "last_used": account.last_used() }))
                .collect();
            return output::json(&json!({ "accounts": list }));
        }
        for account in &accounts {
            println!("{}  last used {}", account.email().unwrap_or("(imported)"), account.last_used());
        }
        if accounts.is_empty() {
            println!("no accounts");
        }
        Ok(())
    }
}
