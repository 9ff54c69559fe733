//! `otf accounts`

use clap::Args;
use otf_api::Store;
use otf_api::auth::accounts;
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output;
use crate::service::Service;

/// List the accounts that have signed in on this machine, the last used first.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf accounts
  otf accounts --json

To sign one out: otf logout --account pat@example.com")]
pub struct Accounts {}

impl Accounts {
    pub fn run(&self, global: &Global) -> Result {
        let store: Box<dyn Store> = if global.sandbox {
            let store = otf_api::MemoryStore::new();
            let shared = store.clone();
            Service::connect_with(global, |builder| builder.store(shared))?;
            Box::new(store)
        } else {
            global.open_store()?
        };
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
