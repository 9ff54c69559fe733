//! Signing in, and what happens to the tokens.
//!
//! ```no_run
//! let otf = otf_api::Otf::login()?;
//! println!("signed in as {:?}", otf.user().email);
//! # Ok::<(), otf_api::Error>(())
//! ```
//!
//! [`Otf::login`](crate::Otf::login) uses the first of these that is available:
//!
//! 1. what the program sets: [`OtfBuilder::session`](crate::OtfBuilder::session) or
//!    [`OtfBuilder::credentials`](crate::OtfBuilder::credentials), or, for an account that has signed in before,
//!    [`OtfBuilder::account`](crate::OtfBuilder::account);
//! 2. the variable `OTF_SESSION`, an exported session (see [servers](super::servers));
//! 3. tokens in the store, of the account in `OTF_EMAIL` or else of the most recently used account;
//! 4. the password in `OTF_PASSWORD`;
//! 5. the prompt, at a terminal.
//!
//! Valid tokens in the store are used without a request, even if a password is set. Expired ones are refreshed with one
//! request and no password. Tokens of one account are never used for another.
//!
//! # What is stored
//!
//! The ID and access tokens are valid for an hour, the refresh token for some weeks. The user pool refreshes tokens
//! only for a confirmed device, so the first sign-in confirms one, and its key is stored with the tokens. The default
//! store is [`FileStore::new`](crate::FileStore::new): `otf-api/v0` in the user's cache directory, with file mode 0600.
//! The password is neither stored nor sent: SRP proves that the client knows it.
//!
//! The client renews tokens while a program runs. Once the refresh token has expired or been revoked, it needs a
//! password: the one set by the program, or one typed at the prompt, which the client remembers until it is dropped.
//! Without one, calls fail with [`Error::NoCredentials`](crate::Error::NoCredentials).
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
//! assert!(sandbox.requests().is_empty(), "the tokens were still valid");
//!
//! sandbox.expire_tokens();
//! otf.bookings().classes(&ClassQuery::new())?;
//! assert_eq!(sandbox.count_operation("InitiateAuth"), 1, "one refresh");
//! assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0, "no password");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # When a sign-in fails
//!
//! | error | what to do |
//! |---|---|
//! | [`Error::Authentication`](crate::Error::Authentication) | The user pool refused; `code` and `message` say why, and `request_id` identifies the request in a report. Check the password and the email address, which is case-sensitive. |
//! | [`Error::SignInThrottled`](crate::Error::SignInThrottled) | Leave the account alone for a few minutes. |
//! | [`Error::Store`](crate::Error::Store) | The tokens could not be read. Nothing was removed; try again. |
//! | a transport error, 429 or 5xx | [`is_retryable()`](crate::Error::is_retryable) is true. Nothing was removed; try again. |
//!
//! A password that the pool has refused is not sent again by the same client: later calls fail at once with the same
//! error, so that a loop cannot lock the account. No sign-in sends more than two proofs of the password.
//!
//! A wrong password goes unnoticed while the tokens are valid. To check it, call
//! [`Otf::verify_credentials`](crate::Otf::verify_credentials).
//!
//! A wrong clock does not prevent a sign-in: if it differs from the server's `Date` by more than two minutes, the
//! client signs with the server's time. [`Otf::session_info`](crate::Otf::session_info) says how far off the clock is,
//! when the tokens expire, how old the refresh token is, and where they are stored:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! # let sandbox = otf_api::sandbox::Sandbox::start()?;
//! # let otf = otf_api::Otf::builder().sandbox(&sandbox).login()?;
//! let info = otf.session_info()?;
//! println!("valid until {}, device known: {}", info.id_token_expires_at, info.device_known);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Challenges
//!
//! The service does not use a second factor today. If it starts to, the sign-in fails with
//! [`Error::Challenge`](crate::Error::Challenge) unless the program responds:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::Otf;
//! use otf_api::auth::{ChallengeKind, ChallengeResponse};
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
//! # Signing out
//!
//! [`Otf::sign_out`](crate::Otf::sign_out) removes this account's tokens, device and cached responses;
//! [`Otf::sign_out_and_revoke`](crate::Otf::sign_out_and_revoke) also ends copies of this session.
//! [`clear_cache`](crate::clear_cache) does the same for all accounts in the default store, without revoking anything.
//! The next sign-in needs a password and registers a new device.
