//! A program for several members.
//!
//! Each [`Otf`](crate::Otf) is one account. Any number of them can be used at once, in one thread or in several, and
//! they can share a store, which keeps each account apart.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::auth::Credentials;
//! use otf_api::sandbox::{NOA, PAT, Sandbox};
//! use otf_api::{BookingQuery, MemoryStore, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let store = MemoryStore::new();
//! for account in [PAT, NOA] {
//!     let otf = Otf::builder()
//!         .sandbox(&sandbox)
//!         .store(store.clone())
//!         .credentials(Credentials::new(account.email, account.password))
//!         .login()?;
//!     let bookings = otf.bookings().list(&BookingQuery::new())?;
//!     println!("{}: {} bookings", otf.member()?, bookings.len());
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - Always name the account. If neither the program nor `OTF_EMAIL` names one, `login()` uses the most recently used
//!   account, even if another program used it.
//! - Once an account has signed in on a machine, its email address is enough:
//!   [`OtfBuilder::account`](crate::OtfBuilder::account) in code, `OTF_EMAIL=noa@example.com` in the environment.
//! - Email addresses are case-sensitive: `Pat@example.com` and `pat@example.com` are two accounts, here and probably at
//!   the service.
//! - A clone of an [`Otf`](crate::Otf) is the same account; clones share tokens and connections.
//!
//! # Listing accounts and signing out
//!
//! [`accounts`](crate::auth::accounts) lists the accounts of a store. Each can be signed out without its password:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::auth::{Credentials, accounts};
//! use otf_api::sandbox::{NOA, PAT, Sandbox};
//! use otf_api::{MemoryStore, Otf};
//!
//! # let sandbox = Sandbox::start()?;
//! # let store = MemoryStore::new();
//! # for account in [PAT, NOA] {
//! #     let credentials = Credentials::new(account.email, account.password);
//! #     Otf::builder().sandbox(&sandbox).store(store.clone()).credentials(credentials).login()?;
//! # }
//! for account in accounts(&store)? {
//!     println!("{:?}, last used {}", account.email(), account.last_used());
//!     if account.email() == Some(NOA.email) {
//!         account.sign_out(&store)?;
//!     }
//! }
//! assert_eq!(accounts(&store)?.len(), 1);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To sign out the account of a client, call [`Otf::sign_out`](crate::Otf::sign_out). The app on the member's phone
//! stays signed in.
