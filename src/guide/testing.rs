//! Testing your own program, offline.
//!
//! Enable the feature `sandbox` for tests:
//!
//! ```toml
//! [dev-dependencies]
//! otf-api = { version = "0.1", features = ["sandbox"] }
//! ```
//!
//! A [`Sandbox`](crate::sandbox::Sandbox) is a local mock server for the whole service. Each test starts its own;
//! dropping it stops the server. Let your functions take an `&Otf`, and pass them a client of the sandbox.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{ClassQuery, Otf};
//!
//! /// The function under test: books the first class that has a free spot.
//! fn book_any(otf: &Otf) -> otf_api::Result<Option<String>> {
//!     let classes = otf.bookings().classes(&ClassQuery::new().available())?;
//!     let open = classes.iter().find(|class| !class.start.has_passed(otf.now()));
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
//! [`PAT`](crate::sandbox::PAT) has a full history, [`NOA`](crate::sandbox::NOA)'s responses are full of nulls, and
//! [`NEW`](crate::sandbox::NEW) has done nothing yet. [`add_account`](crate::sandbox::Sandbox::add_account) adds
//! more.
//!
//! # Faults
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::models::OtfClass;
//! use otf_api::sandbox::{Fault, Sandbox};
//! use otf_api::{ClassQuery, Error, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).sleep(|_| {}).login()?;
//!
//! // A 503 twice, then the real response. Only the number of requests shows it.
//! sandbox.fault(Fault::status(503).on("GET", "/v1/classes").times(2));
//! let classes = otf.bookings().classes(&ClassQuery::new().available().with_booked())?;
//! assert_eq!(sandbox.count("GET", "/v1/classes"), 3);
//!
//! // The booking is made, and the response is lost.
//! let is_free = |class: &&OtfClass| class.is_booked == Some(false) && !class.start.has_passed(sandbox.now());
//! let class = classes.iter().find(is_free).ok_or("no class")?;
//! sandbox.fault(Fault::reset_after().on("POST", "/v1/bookings/me"));
//! assert!(matches!(class.book(&otf), Err(Error::OutcomeUnknown { .. })));
//! assert_eq!(sandbox.bookings_made(), 1);
//!
//! // A response whose format has changed.
//! sandbox.fault(Fault::edit(|json| json["items"][0]["name"] = 7.into()).on("GET", "/v1/classes"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Setting [`OtfBuilder::sleep`](crate::OtfBuilder::sleep) as above keeps tests from waiting. Without
//! [`on`](crate::sandbox::Fault::on), a fault applies to the next request.
//!
//! # Quirks of the real service
//!
//! | situation | how to test it |
//! |---|---|
//! | a booking list that does not show a booking yet | [`delay_booking_lists`](crate::sandbox::Sandbox::delay_booking_lists), [`delay_booking_lists_for`](crate::sandbox::Sandbox::delay_booking_lists_for) |
//! | a long booking list cut short | [`limit_booking_list`](crate::sandbox::Sandbox::limit_booking_list) |
//! | classes that an employer paid for | [`add_comped_bookings`](crate::sandbox::Sandbox::add_comped_bookings) |
//! | a class that is full, canceled, has started or overlaps | [`set_class_full`](crate::sandbox::Sandbox::set_class_full), [`set_class_canceled`](crate::sandbox::Sandbox::set_class_canceled), [`set_class_started`](crate::sandbox::Sandbox::set_class_started), [`add_overlapping_class`](crate::sandbox::Sandbox::add_overlapping_class) |
//! | a class beyond the booking window | [`set_booking_window`](crate::sandbox::Sandbox::set_booking_window) |
//! | a performance summary that is `null` at first | `Fault::null().on("GET", "/v1/performance-summaries/*").per_path()` |
//! | telemetry that is down for a while | [`set_outage`](crate::sandbox::Sandbox::set_outage) |
//! | one studio that cannot be read | `Fault::status(500).on("GET", "/mobile/v1/studios/…").always()` |
//! | a slow network | [`set_bandwidth`](crate::sandbox::Sandbox::set_bandwidth), [`set_latency`](crate::sandbox::Sandbox::set_latency) |
//! | a service that has changed | [`plant_drift`](crate::sandbox::Sandbox::plant_drift) |
//!
//! The documentation of [`sandbox`](crate::sandbox) says which of these are recorded, which were reported, and which
//! are guesses.
//!
//! # Time
//!
//! The sandbox has its own clock, and its clients use that clock.
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
//! The command `otf sandbox` (in `examples/otf`) serves the sandbox to any client until its standard input ends. With a
//! scenario file it injects failures and reports at the end whether the client sent the right requests: see
//! `examples/otf/CONFORMANCE.md` in the repository.

// Links to items that are missing without the feature.
#![cfg_attr(not(feature = "sandbox"), allow(rustdoc::broken_intra_doc_links))]
