//! Studio time and UTC.
//!
//! Dates and times are types of the crate `jiff`. A class has its start and end in two forms:
//!
//! - `start.local`: a [`civil::DateTime`](crate::jiff::civil::DateTime), the time on the studio's clock. It is what
//!   people mean by "the class at six", and what [`ClassQuery`](crate::ClassQuery) filters by: weekday, date and time
//!   are the studio's.
//! - `start.utc`: a [`Timestamp`](crate::jiff::Timestamp), if the service sent one.
//!
//! Their types prevent you from comparing or subtracting the two by mistake. [`ClassTime`](crate::models::ClassTime)
//! combines them: `start.zoned()` is the time in the studio's zone, or `None` if that zone is unknown;
//! `start.timestamp()` is the instant, `None` only if neither the zone nor `utc` is known. `end` has the same methods.
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
//! println!("in the studio: {}", class.start.local.strftime("%A %H:%M"));
//! if let Some(start) = class.start.zoned() {
//!     println!("in UTC:        {}", start.timestamp());
//!     println!("in Auckland:   {}", start.in_tz("Pacific/Auckland")?.strftime("%A %H:%M"));
//! }
//! let now = otf.now(); // the client's clock
//! if let Some(start) = class.start.timestamp() {
//!     println!("{} hours to go", start.duration_since(now).as_hours());
//! }
//! assert!(!class.start.has_passed(now));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - Use `start.has_passed(now)` rather than the machine's local time: a server is often in another zone than the
//!   studio.
//! - "Today" means the studio's date: `now.in_tz(zone)?.date()`, as in the example below.
//! - In the hour that repeats when clocks are set back, the UTC time tells which one is meant.
//! - Zones come from the system. In a container without them, install `tzdata` or enable the feature `bundled-zones`,
//!   which programs for Windows and musl always have. Without any, `zoned()` is `None`, and the log says so once.
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
//! # assert!(classes.iter().all(|class| class.start.date() == tomorrow));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
