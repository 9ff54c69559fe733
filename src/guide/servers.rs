//! Machines without a person.
//!
//! Cron jobs, containers and CI have no terminal, so a sign-in there asks nobody: it fails with
//! [`Error::NoCredentials`](crate::Error::NoCredentials) that says what to set. There are three ways.
//!
//! # The password in the environment
//!
//! Set `OTF_EMAIL` and `OTF_PASSWORD`. Give the program a cache directory that survives a restart (`XDG_CACHE_HOME`
//! on Linux, or [`FileStore::at`](crate::FileStore::at)); otherwise each start is a sign-in and a new device.
//!
//! # A session from elsewhere
//!
//! Sign in where you have a terminal, and give the server the session. It never sees the password, and what it holds
//! ends with the refresh token.
//!
//! ```no_run
//! // At your own machine:
//! let otf = otf_api::Otf::login()?;
//! println!("{}", serde_json::to_string(&otf.session()?)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```no_run
//! // On the server, from wherever it keeps its secrets:
//! use otf_api::auth::Session;
//!
//! let session: Session = serde_json::from_str(&std::env::var("OTF_SESSION")?)?;
//! let otf = otf_api::Otf::builder().session(session).prompt(false).login()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A session is as good as the password while its refresh token lives: keep it where secrets are kept. Its tokens are
//! checked with the user pool's key set. Refresh token and device are enough; the other fields may be left out:
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
//! Processes on one machine share one refresh, since the store has a lock. Machines don't share a directory; give
//! them a [store](super::store) that they all reach. The program `shared_store` in `examples/programs` does so with
//! Redis.
//!
//! # Unattended
//!
//! - The exit from a refused sign-in is an error, never a second try with the password:
//!   [`Error::SignInThrottled`](crate::Error::SignInThrottled) means to leave the account alone for some minutes.
//! - A wrong clock makes good tokens look expired, and the log says so at `warn`.
//! - A store that can't be written costs a warning at `warn` too, and then a sign-in each time.
