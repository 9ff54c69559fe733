//! Reporting an answer that could not be read.
//!
//! The service changes its answers without notice. When one does not fit, the error or
//! [`rejected()`](crate::models::Listing::rejected) says where. What helps to mend it is the answer itself, and
//! that is full of personal data. With the feature `record`, a [`Recorder`](crate::record::Recorder) writes answers
//! down without it:
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
//! 1. Make only the call that fails, so that little else is recorded. Kept answers are not asked for again: where the
//!    failing one may be kept, add [`cache_responses(false)`](crate::OtfBuilder::cache_responses).
//! 2. Look through the files. Names, addresses, ids and the like are replaced, each by the same replacement
//!    everywhere; class names, times, measurements of workouts and time zones are not.
//!    `otf_api::record::check(directory, &["a name", "a street"])` searches them for what you would not want in them.
//! 3. Send the file that failed, its line of `manifest.json`, and the error.
//!
//! Sign-ins are never recorded. For words that the recorder can't know to be yours, there is
//! [`hide`](crate::record::Recorder::hide).
//!
//! # Reproducing it
//!
//! A [`Replayer`](crate::record::Replayer) answers from a recording, and the sandbox does the sign-in. The same
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

// Links to what is not there without the feature.
#![cfg_attr(not(feature = "record"), allow(rustdoc::broken_intra_doc_links))]
