//! Every workout, complete.
//!
//! A workout has three parts, each from a separate endpoint: the booking, the performance summary and the telemetry.
//! A part can be missing permanently (without a heart rate monitor there is no telemetry) or temporarily (the studio
//! has not uploaded it yet, or the request failed). Also, the service may cut a long list of bookings short without
//! notice. The client therefore loads a history in pieces, reports what is incomplete, and can check it against the
//! service's other lists.
//!
//! [`history`](crate::WorkoutApi::history) loads 90 days at a time, the newest first. An error ends the iteration;
//! [`resume_from`](crate::HistoryIter::resume_from) says where to continue, in this run or another.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use std::collections::HashSet;
//! use otf_api::{BookingId, Otf};
//!
//! # let sandbox = otf_api::sandbox::Sandbox::start()?;
//! # let otf = Otf::builder().sandbox(&sandbox).login()?;
//! let archived: HashSet<BookingId> = HashSet::new(); // what an earlier run has saved
//! let history = otf.workouts().history().filter(|booking| !archived.contains(&booking.booking_id));
//! for workout in history.iter()? {
//!     let workout = workout?;
//!     println!("{workout}: {:?} kcal", workout.calories_burned());
//!     if workout.is_incomplete() {
//!         println!("  load it again another day: {}", workout.incomplete_reasons().join("; "));
//!     }
//! }
//!
//! let check = otf.workouts().history().check()?;
//! println!("{check}"); // the incomplete months, or that there are none
//! # assert!(check.is_complete());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - With [`filter`](crate::WorkoutHistory::filter), the client requests the parts of matching workouts only, so
//!   updating an archive costs one request per 90 days and two per new workout.
//! - [`OtfBuilder::concurrency`](crate::OtfBuilder::concurrency) loads several parts at once. Results and order stay
//!   the same.
//! - Summaries and telemetry of settled workouts are cached for 30 days, so checking after loading costs few requests.
//!
//! `otf sync` maintains such an archive as JSON lines and CSV, and `otf sync --check` checks it.
