//! Studio time and UTC.
//!
//! Dates and times are [`jiff`]'s. A class has its times twice:
//!
//! - `starts_at`: a [`civil::DateTime`](crate::jiff::civil::DateTime), what the clock in the studio shows. It is
//!   what a person means by "the class at six", and what [`ClassQuery`](crate::ClassQuery) filters by: weekday,
//!   date and time are the studio's.
//! - `starts_at_utc`: a [`Timestamp`](crate::jiff::Timestamp), where the service sent one.
//!
//! The two can't be compared or subtracted from one another by mistake. `starts_at_zoned()` joins them with the
//! studio's zone; it is `None` where the answer names no zone, or none that exists. `starts_at_instant()` is there
//! with either of the two, for reckoning how long it is until then. The end has the same three:
//! `ends_at()`, `ends_at_zoned()`, `ends_at_instant()`.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{ClassQuery, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).login()?;
//! let classes = otf.bookings().classes(&ClassQuery::new().available())?;
//! let class = classes.last().ok_or("no class")?;
//!
//! println!("in the studio: {}", class.starts_at.strftime("%A %H:%M"));
//! if let Some(start) = class.starts_at_zoned() {
//!     println!("in UTC:        {}", start.timestamp());
//!     println!("in Auckland:   {}", start.in_tz("Pacific/Auckland")?.strftime("%A %H:%M"));
//! }
//! let now = otf.now(); // the client's clock: the sandbox's here, in a real program the system's
//! if let Some(start) = class.starts_at_instant() {
//!     println!("{} hours to go", start.duration_since(now).as_hours());
//! }
//! assert!(!class.has_started(now));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - Ask `has_started(now)` rather than compare with the machine's clock: a server is often in another zone than the
//!   studio. It goes by the studio's zone, else by the UTC time.
//! - "Today" is the studio's: `now.in_tz(zone)?.date()`, as in the example below.
//! - In the hour that a clock goes through twice in autumn, the UTC time says which one is meant.
//! - Zones are the system's: in a container that has none, install `tzdata` or turn on the feature `bundled-zones`, which
//!   programs for Windows and musl have either way. Without any, the zoned times are `None`, and the log says so once.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! # use otf_api::sandbox::Sandbox;
//! # use otf_api::{ClassQuery, Otf};
//! use otf_api::jiff::ToSpan;
//!
//! # let sandbox = Sandbox::start()?;
//! # let otf = Otf::builder().sandbox(&sandbox).login()?;
//! # let now = sandbox.now();
//! let zone = otf.home_studio()?.time_zone.ok_or("the home studio has no time zone")?;
//! let tomorrow = now.in_tz(&zone)?.date().checked_add(1.day())?;
//! let classes = otf.bookings().classes(&ClassQuery::new().on(tomorrow))?;
//! # assert!(classes.iter().all(|class| class.starts_at.date() == tomorrow));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
