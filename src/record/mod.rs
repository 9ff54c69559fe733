//! Recordings of the service's responses with personal data redacted, their replay, and the drift report.
//!
//! A [`Recorder`] writes each response to a directory, to attach to a bug report or to use as a test. A [`Replayer`]
//! responds from such a directory. [`check`] searches one for personal data. A [`DriftMonitor`] reports how responses
//! differ from what this crate knows.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::record::{Recorder, Replayer};
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{ClassQuery, Otf, UreqTransport};
//!
//! # let folder = tempfile::tempdir()?;
//! # let directory = folder.path().join("recording");
//! let sandbox = Sandbox::start()?;
//! let recorder = Recorder::create(&directory, UreqTransport::default())?;
//! let otf = Otf::builder().sandbox(&sandbox).transport(recorder.clone()).login()?;
//! let classes = otf.bookings().classes(&ClassQuery::new())?;
//! assert!(recorder.check()?.is_empty());
//!
//! // Elsewhere: the recorded responses are replayed, and the sandbox handles the sign-in.
//! let replayer = Replayer::open(&directory)?.or_else(UreqTransport::default());
//! let otf = Otf::builder().sandbox(&sandbox).transport(replayer).login()?;
//! assert_eq!(otf.bookings().classes(&ClassQuery::new())?.len(), classes.len());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is written
//!
//! The directory has a folder for each host with a file for each response, named by its path with `_` for `/` and
//! `{id}` for the parts that vary, and a `manifest.json` with each file's method, host, path, query and status.
//!
//! - Sign-in requests and their responses are not written at all, nor are the headers and bodies of any request. A
//!   token inside another response becomes `REDACTED`.
//! - Names, email addresses, phone numbers, street addresses, birth dates, ids, coordinates, studio names, card
//!   digits, web addresses and body measurements are replaced. They are recognized by their key or their form, also
//!   inside other texts, in keys and in paths. A value gets the same replacement in all files, of the same shape: a
//!   UUID for a UUID, nine digits for nine digits.
//! - Harmless words in other texts are not changed: class names, units, states, error messages.
//! - Numbers, times, time zones, countries and the structure stay the same, byte for byte. A response that could not be
//!   read still cannot be, for the same reason.
//!
//! Replacements are drawn under a random key that is never written, so they cannot be reversed. Still, a
//! recording shows when somebody trained, how often, and how hard: look at the files before you send them.

mod check;
mod drift;
mod manifest;
mod mask;
mod recorder;
mod replayer;
mod spans;

pub use check::{Leak, check};
pub use drift::{Drift, DriftKind, DriftMonitor, DriftReport};
pub use recorder::Recorder;
pub use replayer::Replayer;
