//! Booking, once and in time.
//!
//! A studio opens a class for booking some weeks ahead, at midnight on its own clock, and popular classes are full
//! within minutes. Canceling is free until some hours before the class; after that the studio may charge for it. A
//! program that books has to get three things right: when booking opens, booking only once, and canceling in time.
//!
//! # When booking opens
//!
//! [`bookable_from`](crate::BookingApi::bookable_from) returns the time. The number of days is a setting,
//! [`OtfBuilder::booking_days`](crate::OtfBuilder::booking_days), because the service does not say it. Before that time
//! a booking fails with [`OutsideSchedulingWindow`](crate::Error::OutsideSchedulingWindow). Class lists leave out
//! classes that cannot be booked yet, unless the query includes them with
//! [`not_yet_bookable`](crate::ClassQuery::not_yet_bookable).
//!
//! # Once
//!
//! [`ensure_booked`](crate::BookingApi::ensure_booked) checks whether the class is already booked, books it if not, and
//! checks again if the response is lost. It can be called any number of times, after any error, and by several
//! processes that share a store. It never cancels anything.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{BookingOptions, ClassQuery, EnsuredBooking, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).login()?;
//! let bookings = otf.bookings();
//!
//! let classes = bookings.classes(&ClassQuery::new().available())?;
//! let class = classes.iter().find(|class| !class.start.has_passed(otf.now())).ok_or("no free spot")?;
//! println!("could be booked since {}", bookings.bookable_from(class));
//!
//! let options = BookingOptions::new().waitlist().refuse_overlap();
//! let booking = match bookings.ensure_booked(class, &options)? {
//!     EnsuredBooking::Waitlisted(booking) => {
//!         println!("position {:?} on the waitlist", booking.waitlist_position);
//!         booking
//!     }
//!     other => other.booking().clone(),
//! };
//!
//! println!("free to cancel until {:?}", bookings.late_cancel_from(&booking));
//! match bookings.cancel_in_time(&booking) {
//!     Err(otf_api::Error::LateCancellation { .. }) => println!("too late, still booked"),
//!     other => println!("canceled, late: {:?}", other?.late),
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In time
//!
//! [`late_cancel_from`](crate::BookingApi::late_cancel_from) says when canceling becomes late: 8 hours before the
//! class, unless [`OtfBuilder::late_cancel_window`](crate::OtfBuilder::late_cancel_window) changes that. After that
//! time [`cancel_in_time`](crate::BookingApi::cancel_in_time) returns an error; [`cancel`](crate::BookingApi::cancel)
//! cancels anyway.
//!
//! The program `otf` does all of this: `otf book --wait`, `otf watch`, `otf cancel`.
