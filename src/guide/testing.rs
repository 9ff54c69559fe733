//! Testing your own program, offline.
//!
//! Enable the feature `sandbox` for tests:
//!
//! ```toml
//! [dev-dependencies]
//! otf-api = { version = "0.1", features = ["sandbox"] }
//! ```
//!
//! A [`Sandbox`](crate::sandbox::Sandbox) is the service on a loopback port: each test starts its own and need not
//! clean up. Write your program's functions over `&Otf`, and hand them a client of the sandbox.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{ClassQuery, Otf};
//!
//! /// What is to be tested: books the first class with a free place.
//! fn book_any(otf: &Otf) -> otf_api::Result<Option<String>> {
//!     let classes = otf.bookings().classes(&ClassQuery::new().available())?;
//!     let open = classes.iter().find(|class| !class.has_started(otf_api::jiff::Timestamp::now()));
//!     open.map(|class| Ok(class.book(otf)?.to_string())).transpose()
//! }
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).login()?;
//! assert!(book_any(&otf)?.is_some());
//! assert_eq!(sandbox.bookings_made(), 1);
//! sandbox.assert_no_unknown_routes();
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Accounts
//!
//! [`PAT`](crate::sandbox::PAT) has a full history, [`NOA`](crate::sandbox::NOA)'s answers are full of nulls, and
//! [`NEW`](crate::sandbox::NEW) has done nothing yet. [`add_account`](crate::sandbox::Sandbox::add_account) makes
//! more.
//!
//! # Faults
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::sandbox::{Fault, Sandbox};
//! use otf_api::{ClassQuery, Error, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).sleep(|_| {}).login()?;
//!
//! // A 503 twice, then the answer: nothing to be seen but the requests.
//! sandbox.fault(Fault::status(503).on("GET", "/v1/classes").times(2));
//! let classes = otf.bookings().classes(&ClassQuery::new().available().with_booked())?;
//! assert_eq!(sandbox.count("GET", "/v1/classes"), 3);
//!
//! // The booking arrives, its answer does not.
//! let class = classes.iter().rfind(|class| class.is_booked == Some(false)).ok_or("none")?;
//! sandbox.fault(Fault::reset_after().on("POST", "/v1/bookings/me"));
//! assert!(matches!(class.book(&otf), Err(Error::OutcomeUnknown { .. })));
//! assert_eq!(sandbox.bookings_made(), 1);
//!
//! // An answer that has changed.
//! sandbox.fault(Fault::edit(|json| json["items"][0]["name"] = 7.into()).on("GET", "/v1/classes"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`OtfBuilder::sleep`](crate::OtfBuilder::sleep) as above keeps tests from waiting. Without a match by
//! [`on`](crate::sandbox::Fault::on), a fault takes the next request, whatever it is.
//!
//! # Time
//!
//! The sandbox has a clock of its own, and a client of it goes by that clock.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use std::time::Duration;
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{ClassQuery, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).login()?;
//! sandbox.clear_requests();
//! sandbox.advance(Duration::from_secs(2 * 60 * 60)); // the tokens have expired
//! otf.bookings().classes(&ClassQuery::new())?;
//! assert_eq!(sandbox.count_operation("InitiateAuth"), 1);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Programs in other languages
//!
//! `cargo run --example sandbox` in a clone of the repository serves the sandbox until its standard input ends.

// Links to what is not there without the feature.
#![cfg_attr(not(feature = "sandbox"), allow(rustdoc::broken_intra_doc_links))]
