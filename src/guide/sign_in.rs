//! Signing in, and the tokens.
//!
//! ```no_run
//! let otf = otf_api::Otf::login()?;
//! println!("signed in as {:?}", otf.user().email);
//! # Ok::<(), otf_api::Error>(())
//! ```
//!
//! [`Otf::login`](crate::Otf::login) takes the first of these that works:
//!
//! 1. tokens in the store that are good for another minute: no request at all;
//! 2. a refresh token in the store: one request, no password;
//! 3. the password, from [`OtfBuilder::credentials`](crate::OtfBuilder::credentials), else `OTF_EMAIL` and
//!    `OTF_PASSWORD`, else asked for at a terminal.
//!
//! The account is the one of the credentials or of `OTF_EMAIL`, else the one that was used last. Tokens of another
//! account are never used for it.
//!
//! # What is kept
//!
//! ID and access token last an hour, the refresh token some weeks. A refresh is granted to a confirmed device only,
//! so the first sign-in confirms one, and its key is kept beside the tokens. All of it is in
//! [`FileStore::new`](crate::FileStore::new): `otf-api/v0` in the user's cache directory, files 0600. The password
//! is neither kept nor sent: SRP proves that it is known.
//!
//! Tokens are renewed by themselves while a program runs, by the password once the refresh token has expired or was
//! revoked: also by one that a person has typed, which the client remembers for as long as it lives. A long-running
//! program without a password ends in [`Error::NoCredentials`](crate::Error::NoCredentials) then.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::sandbox::Sandbox;
//! use otf_api::{ClassQuery, MemoryStore, Otf};
//!
//! let sandbox = Sandbox::start()?;
//! let store = MemoryStore::new(); // clones share it
//! Otf::builder().sandbox(&sandbox).store(store.clone()).login()?;
//!
//! sandbox.clear_requests();
//! let otf = Otf::builder().sandbox(&sandbox).store(store).login()?;
//! assert!(sandbox.requests().is_empty(), "the tokens were still good");
//!
//! sandbox.expire_tokens();
//! otf.bookings().classes(&ClassQuery::new())?;
//! assert_eq!(sandbox.count_operation("InitiateAuth"), 1, "one refresh");
//! assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "no password");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # More than a password
//!
//! The service asks for no second factor today. Should it begin to, the sign-in fails with
//! [`Error::Challenge`](crate::Error::Challenge), unless the program answers:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::Otf;
//! use otf_api::auth::{ChallengeResponse, ChallengeKind};
//! use otf_api::sandbox::{MFA_CODE, PAT, Sandbox};
//!
//! let sandbox = Sandbox::start()?;
//! sandbox.require_challenge(PAT.email, "SMS_MFA");
//! let otf = Otf::builder()
//!     .sandbox(&sandbox)
//!     .on_challenge(|challenge| {
//!         assert_eq!(challenge.kind, ChallengeKind::SmsMfa);
//!         Ok(ChallengeResponse::new(MFA_CODE)) // a real program asks the person
//!     })
//!     .login()?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Starting over
//!
//! [`clear_cache`](crate::clear_cache) removes tokens, device keys and kept answers of all accounts from the default
//! store. The next sign-in needs a password and registers a new device.
