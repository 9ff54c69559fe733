//! What failed, and what to do.
//!
//! Every call returns one error type, [`Error`](crate::Error). It has a variant for each case that a program can
//! handle; the message has what a person needs to know.
//!
//! | error | what to do |
//! |---|---|
//! | [`NoCredentials`](crate::Error::NoCredentials), [`Authentication`](crate::Error::Authentication) | prompt for the password; on a server, import a new session |
//! | [`SignInThrottled`](crate::Error::SignInThrottled) | wait a few minutes; each attempt makes the wait longer |
//! | [`Transport`](crate::Error::Transport), [`Http`](crate::Error::Http) with 5xx | already retried; try again later, after [`retry_after()`](crate::Error::retry_after) if the service sent a time |
//! | [`Http`](crate::Error::Http) with 4xx | the service's own `code` and `message` say why, e.g. that the class has started |
//! | [`Challenge`](crate::Error::Challenge) | the service requires more than a password: [respond to it](super::sign_in) |
//! | [`RateLimited`](crate::Error::RateLimited) | wait for [`retry_after()`](crate::Error::retry_after), or a minute, and send fewer requests |
//! | [`OutcomeUnknown`](crate::Error::OutcomeUnknown) | look up whether it took effect before sending it again; for a booking, call [`ensure_booked`](crate::BookingApi::ensure_booked) |
//! | [`AlreadyBooked`](crate::Error::AlreadyBooked) | nothing: the class is booked |
//! | [`ClassStarted`](crate::Error::ClassStarted), [`ClassCanceled`](crate::Error::ClassCanceled) | choose another class |
//! | [`LateCancellation`](crate::Error::LateCancellation) | [`cancel`](crate::BookingApi::cancel) cancels anyway, and the studio may charge for it |
//! | [`ConflictingBooking`](crate::Error::ConflictingBooking) | cancel the other, or choose another class |
//! | [`ClassFull`](crate::Error::ClassFull) | [`book_or_waitlist`](crate::BookingApi::book_or_waitlist) |
//! | [`OutsideSchedulingWindow`](crate::Error::OutsideSchedulingWindow) | wait until the class can be booked |
//! | [`BookingAlreadyCanceled`](crate::Error::BookingAlreadyCanceled), [`AlreadyRated`](crate::Error::AlreadyRated) | nothing: it has already been done |
//! | [`NotRatable`](crate::Error::NotRatable) | nothing: the class was not attended, or was too long ago |
//! | [`NotFound`](crate::Error::NotFound) | check the id: it is wrong, or no longer exists |
//! | [`Decode`](crate::Error::Decode) | the response has changed: [report it](super::reporting) |
//! | [`InvalidInput`](crate::Error::InvalidInput) | nothing was sent: correct the argument |
//! | [`Store`](crate::Error::Store) | something can't be removed from the store, or there is no directory for a store; the source says why |
//!
//! `Display` is one line; the underlying errors are in [`source()`](std::error::Error::source). Later versions may add
//! variants and fields, so a `match` needs a `_` arm, and patterns need `..`.
//!
//! # The log
//!
//! Each request is logged at `debug` through the [`log`] facade: its method and path, the status, the duration and the
//! size of the response, but no query, header or body. In a program that uses `env_logger`:
//!
//! ```text
//! RUST_LOG=otf_api=debug my-program
//! ```
//!
//! # Retries
//!
//! A request that changes nothing can be repeated safely. GETs, and the steps of a sign-in that check no password, are
//! retried after a broken connection, a 429 or a 5xx: four attempts within a minute, with growing pauses. A write is
//! repeated only if it was certainly not sent. [`RetryPolicy`](crate::RetryPolicy) sets the limits, and
//! [`Error::is_retryable`](crate::Error::is_retryable) says whether the same call can succeed later.
//!
//! # A booking whose response was lost
//!
//! If the connection breaks after a booking was sent, nobody knows whether the class is booked. Sending it again may
//! book it twice; not sending it may leave it unbooked.
//!
//! [`ensure_booked`](crate::BookingApi::ensure_booked) looks up the booking, allows for booking lists that lag, and
//! never books twice: it can be called again after any error, and by several processes that share a store.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::models::OtfClass;
//! use otf_api::sandbox::{Fault, Sandbox};
//! use otf_api::{BookingOptions, ClassQuery, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).login()?;
//! let classes = otf.bookings().classes(&ClassQuery::new().available().with_booked())?;
//! let can_book = |class: &&OtfClass| class.is_booked == Some(false) && class.bookable_from() <= otf.now();
//! let class = classes.iter().rfind(can_book).ok_or("none")?;
//! sandbox.fault(Fault::reset_after().on("POST", "/v1/bookings/me"));
//! sandbox.delay_booking_lists(2);
//! let ensured = otf.bookings().ensure_booked(class, &BookingOptions::new())?;
//! assert_eq!(Some(ensured.booking().class_id()), class.class_id.as_ref());
//! assert_eq!(sandbox.bookings_made(), 1);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rate limits
//!
//! If the service sends a `Retry-After` of up to 20 s, the client waits and retries. A longer one is returned to the
//! program:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use std::time::Duration;
//! use otf_api::sandbox::{Fault, Sandbox};
//! use otf_api::{ClassQuery, Error, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let otf = Otf::builder().sandbox(&sandbox).login()?;
//! sandbox.fault(Fault::status(429).header("Retry-After", "300").on("GET", "/v1/classes"));
//! match otf.bookings().classes(&ClassQuery::new()) {
//!     Err(Error::RateLimited { retry_after, .. }) => {
//!         let pause = retry_after.unwrap_or(Duration::from_secs(60));
//!         println!("next try in {} s", pause.as_secs());
//!     }
//!     other => println!("{} classes", other?.len()),
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Lists with an unreadable item
//!
//! An item that cannot be read does not fail the list. The list has the other items, and
//! [`rejected()`](crate::models::Listing::rejected) has that one, with its index, the reason and the raw JSON:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! # use otf_api::sandbox::Sandbox;
//! # use otf_api::{ClassQuery, Otf};
//! # let sandbox = Sandbox::start()?;
//! # sandbox.add_malformed_class(7.into());
//! # let otf = Otf::builder().sandbox(&sandbox).login()?;
//! let classes = otf.bookings().classes(&ClassQuery::new())?;
//! for item in classes.rejected() {
//!     eprintln!("class {} can't be read: {}", item.index, item.reason);
//! }
//! # assert_eq!(classes.rejected().len(), 1);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
