//! Logging in to a CodeGrade server.
//!
//! CodeGrade mails a one-time code in place of a password. [`login`](crate::codegrade::OtpLoginService::login) is the
//! whole of it, with a callback for the code and one for choosing among several users of one address:
//!
//! ```no_run
//! use otf_api::codegrade::{CodeGrade, CodePrompt, ConfirmOtpLoginData, CreateOtpLoginData};
//!
//! let server = CodeGrade::new(CodeGrade::PUBLIC)?;
//! let login = server.otp_login().login(
//!     &CreateOtpLoginData::new("you@example.com"),
//!     |prompt| {
//!         match prompt {
//!             CodePrompt::Refused { tries_left } => println!("Wrong code, {tries_left} tries left."),
//!             // Logging in would end an exam's session: here that is given up.
//!             CodePrompt::IsolatedSession => return None,
//!             _ => println!("A code was mailed."),
//!         }
//!         let mut line = String::new();
//!         std::io::stdin().read_line(&mut line).ok()?;
//!         Some(ConfirmOtpLoginData::new(line.trim()))
//!     },
//!     |users| users.iter().find(|user| user.can_login).map(|user| user.id),
//! )?;
//! println!("{} until {:?}", login.user.username, login.expires_at);
//! let _bearer = login.access_token.expose();
//! # Ok::<(), otf_api::Error>(())
//! ```
//!
//! - Before it mails, the server wants a [proof of work](crate::codegrade::pow), which is found on the way: some
//!   seconds at most. More than 28 bits are refused rather than searched for;
//!   [`CodeGradeBuilder`](crate::codegrade::CodeGradeBuilder) sets the bound, a time limit and a progress callback.
//! - `create` answers the same whether or not anybody has the address, so that nobody can try addresses out.
//! - A code has five tries. A 404 can mean a wrong code, a locked, a spent or an expired login. No step is ever
//!   sent twice.
//! - The session is bound to the IP address that began it.
//! - [`Error::IsolatedSessionActive`](crate::Error::IsolatedSessionActive): see
//!   [`confirm_session_termination`](crate::codegrade::ConfirmOtpLoginData::confirm_session_termination).
//!
//! The steps are there one by one too: `create`, `confirm`, `list`, `select`. The sandbox serves all of it:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::codegrade::{
//!     CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginConfirmation,
//! };
//! use otf_api::sandbox::{Sandbox, codegrade};
//!
//! let sandbox = Sandbox::start()?;
//! let server = CodeGrade::new(&sandbox.url())?;
//! let logins = server.otp_login();
//! let session = logins.create(&CreateOtpLoginData::new(codegrade::ONE_USER))?;
//! let code = sandbox.codegrade().mailed_code(codegrade::ONE_USER).ok_or("no mail")?;
//! match logins.confirm(&session.id, &ConfirmOtpLoginData::new(code))? {
//!     OtpLoginConfirmation::Login(login) => println!("{}", login.user.username),
//!     _ => println!("several users: list and select"),
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
