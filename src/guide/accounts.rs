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
//! - Name the account. Without one and without `OTF_EMAIL`, `login()` uses the account that was used last, by whichever
//!   program.
//! - The email address is enough once an account has signed in on a machine:
//!   [`OtfBuilder::account`](crate::OtfBuilder::account) in code, `OTF_EMAIL=noa@example.com` in the environment.
//! - An email address is used as it is typed: `Pat@example.com` and `pat@example.com` are two accounts, here and
//!   probably at the service.
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
//! A client signs itself out with [`Otf::sign_out`](crate::Otf::sign_out). Nothing here signs out the member's phone.
