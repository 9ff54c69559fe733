//! Reporting a response that could not be read.
//!
//! The service changes its responses without notice. When a response does not match the models, the error or
//! [`rejected()`](crate::models::Listing::rejected) says where. Two things help to fix it, and the feature `record`
//! produces both: a report of what has changed, and the response itself without personal data.
//!
//! # What has changed
//!
//! A [`DriftMonitor`](crate::record::DriftMonitor) compares each response with what this crate knows: unknown fields,
//! unknown values of enumerations, changed types, fields that have disappeared, statuses that were never seen. Its
//! report is one page of text without values, suitable for attaching to a bug report.
//!
//! ```
//! # #[cfg(all(feature = "record", feature = "sandbox"))] {
//! # use otf_api::sandbox::{Fault, Sandbox};
//! # let sandbox = Sandbox::start()?;
//! # sandbox.fault(Fault::edit(|json| json["data"]["mascot"] = "owl".into()).on("GET", "/mobile/*"));
//! use otf_api::Otf;
//! use otf_api::record::DriftMonitor;
//!
//! let monitor = DriftMonitor::new();
//! let otf = Otf::builder().drift(&monitor)
//! #   .sandbox(&sandbox)
//!     .login()?;
//! otf.home_studio()?; // whatever the program does
//!
//! let report = monitor.report();
//! if !report.is_empty() {
//!     println!("{report}");
//! }
//! # assert_eq!(report.drifts()[0].place, "data.mascot");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Responses from the cache are not compared; [`cache_responses(false)`](crate::OtfBuilder::cache_responses) turns the
//! cache off. To compare a recording, use [`DriftReport::of_recording`](crate::record::DriftReport::of_recording).
//!
//! # The response itself
//!
//! A [`Recorder`](crate::record::Recorder) writes responses to files and replaces personal data:
//!
//! ```
//! # #[cfg(all(feature = "record", feature = "sandbox"))] {
//! # use otf_api::sandbox::{Fault, Sandbox};
//! # let sandbox = Sandbox::start()?;
//! # sandbox.fault(Fault::edit(|json| json["data"]["studioUUId"] = [7].as_slice().into()).on("GET", "/mobile/*"));
//! # let folder = tempfile::tempdir()?;
//! # let directory = folder.path().join("otf-recording");
//! use otf_api::record::Recorder;
//! use otf_api::{Otf, UreqTransport};
//!
//! let recorder = Recorder::create(&directory, UreqTransport::default())?;
//! let otf = Otf::builder().transport(recorder.clone())
//! #   .sandbox(&sandbox)
//!     .login()?;
//!
//! if let Err(error) = otf.home_studio() {
//!     println!("{error}"); // the call that fails
//! }
//!
//! let leaks = recorder.check()?;
//! assert!(leaks.is_empty(), "{leaks:?}");
//! println!("recorded in {}", recorder.directory().display());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! 1. Make only the call that fails, so that little else is recorded. If its response may be cached, add
//!    [`cache_responses(false)`](crate::OtfBuilder::cache_responses).
//! 2. Look through the files. Names, addresses, ids and the like are replaced consistently, each value with the same
//!    replacement everywhere; class names, times, workout measurements and time zones are not replaced.
//!    `otf_api::record::check(directory, &["a name", "a street"])` searches the files for words that must not appear.
//! 3. Send the file that failed, its line of `manifest.json`, and the error.
//!
//! Sign-ins are never recorded. Use [`hide`](crate::record::Recorder::hide) for further words of yours, which the
//! recorder cannot recognize as personal.
//!
//! # Reproducing the failure
//!
//! A [`Replayer`](crate::record::Replayer) responds from a recording, and the sandbox handles the sign-in. The same
//! call fails in the same way:
//!
//! ```no_run
//! # #[cfg(all(feature = "record", feature = "sandbox"))] {
//! use otf_api::record::Replayer;
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{Otf, UreqTransport};
//!
//! let sandbox = Sandbox::start()?;
//! let replayer = Replayer::open("otf-recording")?.or_else(UreqTransport::default());
//! let otf = Otf::builder().sandbox(&sandbox).transport(replayer).login()?;
//! println!("{:?}", otf.home_studio());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// Links to items that do not exist without the feature.
#![cfg_attr(not(feature = "record"), allow(rustdoc::broken_intra_doc_links))]
