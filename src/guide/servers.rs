//! Machines without a terminal.
//!
//! Cron jobs, containers and CI have no terminal, so a sign-in there does not prompt: it fails with
//! [`Error::NoCredentials`](crate::Error::NoCredentials), which says what to set. There are two ways to give it
//! credentials.
//!
//! # An exported session
//!
//! Sign in where you have a terminal, and give the server the session as one line of text. The server never sees the
//! password, and its access ends when the refresh token expires.
//!
//! ```no_run
//! // At your own machine:
//! let otf = otf_api::Otf::login()?;
//! println!("{}", otf.session()?.to_text().expose());
//! # Ok::<(), otf_api::Error>(())
//! ```
//!
//! On the server, set `OTF_SESSION` to that line. `Otf::login()` then needs nothing else:
//!
//! ```no_run
//! let otf = otf_api::Otf::login()?;
//! # Ok::<(), otf_api::Error>(())
//! ```
//!
//! A session is as good as the password while its refresh token is valid: store it where secrets are stored. Its tokens
//! are checked with the user pool's key set. The client never replaces newer tokens in the server's store by the older
//! ones of that line, so the line can stay the same across restarts.
//!
//! - A program that reads its secrets from another place uses [`Session::from_text`](crate::auth::Session::from_text)
//!   and [`OtfBuilder::session`](crate::OtfBuilder::session).
//! - Export a separate session for each server, so that you can end one without the others.
//! - The refresh token lasts some weeks. Watch `refresh_token_age` of
//!   [`Otf::session_info`](crate::Otf::session_info), and export a new session before it ends.
//!
//! ## systemd
//!
//! ```text
//! # /etc/otf-bot.env, owned by root, mode 0600
//! OTF_SESSION=otf1.eyJlbWFpbCI6…
//!
//! # /etc/systemd/system/otf-bot.service
//! [Service]
//! Type=oneshot
//! DynamicUser=yes
//! EnvironmentFile=/etc/otf-bot.env
//! CacheDirectory=otf-bot
//! Environment=XDG_CACHE_HOME=/var/cache/otf-bot
//! ExecStart=/usr/local/bin/otf-bot
//!
//! # /etc/systemd/system/otf-bot.timer
//! [Timer]
//! OnCalendar=*-*-* 00:00:05
//! ```
//!
//! ## cron
//!
//! ```text
//! # crontab -e; cron sets HOME, so the store is in ~/.cache. The file is yours, mode 0600:
//! #   export OTF_SESSION=otf1.eyJlbWFpbCI6…
//! 5 0 * * * . "$HOME/.otf-session" && /usr/local/bin/otf-bot
//! ```
//!
//! ## Containers
//!
//! ```text
//! # The volume preserves refreshed tokens across restarts. Without it, each start costs a refresh.
//! docker run --rm --env-file otf-bot.env \
//!     --env XDG_CACHE_HOME=/cache --volume otf-cache:/cache otf-bot
//! ```
//!
//! # A bot for cron
//!
//! This program books the first Sunday class that can still be booked, or a spot on its waitlist. Run it as often as
//! you like, even twice at once: [`ensure_booked`](crate::BookingApi::ensure_booked) books a class only once, whatever
//! happened to the previous run.
//!
//! ```no_run
//! use otf_api::jiff::civil::Weekday;
//! use otf_api::{BookingOptions, ClassQuery, Error, Otf};
//!
//! fn main() -> otf_api::Result<()> {
//!     let otf = Otf::login()?;
//!     let options = BookingOptions::new().waitlist();
//!     for class in &otf.bookings().classes(&ClassQuery::new().weekday(Weekday::Sunday))? {
//!         match otf.bookings().ensure_booked(class, &options) {
//!             Err(Error::ClassStarted { .. } | Error::ClassCanceled { .. }) => continue,
//!             Err(Error::OutcomeUnknown { .. }) => println!("not known yet: the next run finds out"),
//!             result => println!("{}", result?.booking()),
//!         }
//!         return Ok(());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! If the class and its waitlist are full, or the session has expired, it exits with an error, which cron mails. If
//! `OTF_PASSWORD` is set as well, it signs in again when the session has expired.
//!
//! # The password in the environment
//!
//! Set `OTF_EMAIL` and `OTF_PASSWORD`. Give the program a cache directory that survives a restart (`XDG_CACHE_HOME` on
//! Linux, or [`FileStore::at`](crate::FileStore::at)); otherwise each start signs in again and registers a new device.
//! Child processes and root can read the variables.
//!
//! # What a session needs
//!
//! A session needs only the refresh token and the device; the other fields may be left out:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::Otf;
//! use otf_api::auth::Session;
//! use otf_api::sandbox::Sandbox;
//!
//! let sandbox = Sandbox::start()?;
//! let exported = Otf::builder().sandbox(&sandbox).login()?.session()?;
//!
//! let mut session = Session::default();
//! session.refresh_token = exported.refresh_token;
//! session.device = exported.device;
//! let otf = Otf::builder().sandbox(&sandbox).session(session).login()?;
//! assert_eq!(otf.user().email.as_deref(), Some("pat@example.com"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Many machines with one account
//!
//! Processes on one machine share one refresh, because the store has a lock. Machines that don't share a directory need
//! a [store](super::store) that all of them can reach. The program `otf` supports Redis: `otf --store redis://host/`.
//!
//! # Running unattended
//!
//! - A refused sign-in is an error, and the client does not send that password again. On
//!   [`Error::SignInThrottled`](crate::Error::SignInThrottled), leave the account alone for a few minutes.
//! - A wrong clock makes valid tokens look expired, which is logged at `warn`. It does not prevent a sign-in.
//! - If the store fails, the client logs a warning or returns a retryable [`Error::Store`](crate::Error::Store); no
//!   token is lost.
