//! A program for several members.
//!
//! Each [`Otf`](crate::Otf) is one account. Any number of them can be used at once, in one thread or in several, and
//! they can share a store: what is kept there is kept for each account.
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
//! - Say which account is meant. Without credentials and without `OTF_EMAIL`, `login()` takes the one that was used
//!   last, whichever program used it.
//! - `OTF_EMAIL` alone is enough once an account has signed in on a machine: `OTF_EMAIL=noa@example.com program`.
//! - An address is an account as it is typed: `Pat@example.com` and `pat@example.com` keep separate tokens.
//! - A clone of an [`Otf`](crate::Otf) is the same account; clones share tokens and connections.
