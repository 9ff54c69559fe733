//! How does one program work with two accounts?
//!
//!     cargo run --example two_accounts

use std::error::Error;

use otf_api::auth::{Credentials, accounts};
use otf_api::sandbox::{NOA, PAT, Sandbox};
use otf_api::{BookingQuery, MemoryStore, Otf};

fn main() -> Result<(), Box<dyn Error>> {
    // For the real service: leave out the sandbox, and the store too, whose default is the user's cache directory.
    let sandbox = Sandbox::start()?;
    let store = MemoryStore::new();

    // One client per account. A store holds any number of accounts, each with its own tokens.
    for account in [PAT, NOA] {
        let otf = Otf::builder()
            .sandbox(&sandbox)
            .store(store.clone())
            .credentials(Credentials::new(account.email, account.password))
            .login()?;
        let bookings = otf.bookings().list(&BookingQuery::new())?;
        println!("{}: {} bookings", otf.member()?, bookings.len());
    }

    // Later runs only need to name the account, because its tokens are in the store.
    let otf = Otf::builder().sandbox(&sandbox).store(store.clone()).account(NOA.email).login()?;
    println!("signed in as {}, without a password", otf.user().email.as_deref().unwrap_or("nobody"));

    for account in accounts(&store)? {
        println!("{}: last used {}", account.email().unwrap_or("(imported)"), account.last_used());
    }
    Ok(())
}
