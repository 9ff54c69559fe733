//! What failed, and what to do.
//!
//! | error | what to do |
//! |---|---|
//! | [`NoCredentials`](crate::Error::NoCredentials), [`Authentication`](crate::Error::Authentication) | ask the person; at a server, import a new session |
//! | [`SignInThrottled`](crate::Error::SignInThrottled) | wait some minutes; every try makes it longer |
//! | [`Transport`](crate::Error::Transport), [`Http`](crate::Error::Http) with 5xx | was tried again already; try later, after [`retry_after()`](crate::Error::retry_after) where the service names a time |
//! | [`Http`](crate::Error::Http) with 4xx | the service's own `code` and `message` say why: the class has started, say |
//! | [`Challenge`](crate::Error::Challenge) | the service wants more than a password: [answer it](super::sign_in) |
//! | [`RateLimited`](crate::Error::RateLimited) | wait for [`retry_after()`](crate::Error::retry_after), or a minute, and ask less |
//! | [`OutcomeUnknown`](crate::Error::OutcomeUnknown) | look up whether it took effect before sending it again; for a booking, call [`ensure_booked`](crate::BookingApi::ensure_booked) |
//! | [`AlreadyBooked`](crate::Error::AlreadyBooked) | done: the class is booked |
//! | [`ClassStarted`](crate::Error::ClassStarted), [`ClassCanceled`](crate::Error::ClassCanceled) | choose another class |
//! | [`LateCancellation`](crate::Error::LateCancellation) | [`cancel`](crate::BookingApi::cancel) cancels all the same, and the studio may charge for it |
//! | [`ConflictingBooking`](crate::Error::ConflictingBooking) | cancel the other, or choose another class |
//! | [`ClassFull`](crate::Error::ClassFull) | [`book_or_waitlist`](crate::BookingApi::book_or_waitlist) |
//! | [`OutsideSchedulingWindow`](crate::Error::OutsideSchedulingWindow) | wait until the class can be booked |
//! | [`BookingAlreadyCanceled`](crate::Error::BookingAlreadyCanceled), [`AlreadyRated`](crate::Error::AlreadyRated) | done |
//! | [`NotRatable`](crate::Error::NotRatable) | the class was not attended, or is too long ago |
//! | [`NotFound`](crate::Error::NotFound) | the id is wrong, or what it named is gone |
//! | [`Decode`](crate::Error::Decode) | the answer has changed: [report it](super::reporting) |
//! | [`InvalidInput`](crate::Error::InvalidInput) | nothing was sent: correct the argument |
//! | [`Store`](crate::Error::Store) | something can't be removed from the store, or there is no place for one; the source says why |
//!
//! `Display` is one line; the layers below are in [`source()`](std::error::Error::source). The enum can grow, and so can
//! the variants that tell of an answer: a `match` needs a last arm, and a pattern a `..`.
//!
//! # Seeing what was asked
//!
//! Each request is logged at `debug` by the [`log`] facade: its method and path, the status, how long it took and how
//! much came; no query, header or body. In a program with the crate `env_logger`:
//!
//! ```text
//! RUST_LOG=otf_api=debug my-program
//! ```
//!
//! # What is tried again
//!
//! GETs, and the steps of a sign-in that check no password, after a broken connection, a 429 or a 5xx: four tries
//! within a minute, with growing pauses. A write only where no connection was made. [`RetryPolicy`](crate::RetryPolicy) sets the
//! bounds, and [`Error::is_retryable`](crate::Error::is_retryable) says whether the same call can succeed later.
//!
//! # A booking whose response was lost
//!
//! [`ensure_booked`](crate::BookingApi::ensure_booked) looks the booking up, allowing for lists that lag, and never books
//! twice: it can be called again after any error, and by several processes that share a store.
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
//! # Being asked to slow down
//!
//! Where the service names a time, up to 20 s of it are waited for by themselves. More comes back:
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
//! # Lists with an item that does not fit
//!
//! They are no error. The items that fit are there, the others in
//! [`rejected()`](crate::models::Listing::rejected) with their place, the reason and the raw JSON:
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
