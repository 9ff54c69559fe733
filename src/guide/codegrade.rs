//! CodeGrade: logging in by email, and listing what is due this week.
//!
//! CodeGrade emails a one-time code instead of asking for a password. [`login`](crate::codegrade::CodeGrade::login)
//! requests the email, asks a callback for the code, and returns a [`Session`](crate::codegrade::Session):
//!
//! ```no_run
//! use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData};
//! use otf_api::jiff::{SignedDuration, Timestamp};
//!
//! let server = CodeGrade::from_env()?; // CG_HOST, or the public server
//! let session = server.login(
//!     &CreateOtpLoginData::new("you@example.com"),
//!     |_| std::io::stdin().lines().next()?.ok().map(ConfirmOtpLoginData::new),
//!     |users| users.iter().find(|user| user.can_login).map(|user| user.id),
//! )?;
//! let now = Timestamp::now();
//! for course in session.courses() {
//!     for assignment in session.assignments(course?.id) {
//!         let assignment = assignment?;
//!         if assignment.is_due_between(now, now + SignedDuration::from_hours(7 * 24)) {
//!             println!("{:?}: {}", assignment.deadline(), assignment.name);
//!         }
//!     }
//! }
//! # Ok::<(), otf_api::codegrade::Error>(())
//! ```
//!
//! The session is stored like the OrangeTheory tokens, in a file that only its owner can read. The next `login` with
//! the same address uses it until it expires, without a prompt.
//!
//! # Logging in
//!
//! - Before the server sends an email it demands a [proof of work](crate::codegrade::pow), which takes a few seconds
//!   at most. The client refuses more than 28 bits;
//!   [`Solver`](crate::codegrade::pow::Solver) sets the limit and the number of threads.
//! - The first callback is called again after a wrong code, up to the server's limit of five. Its argument says why:
//!   see [`CodePrompt`](crate::codegrade::CodePrompt).
//! - The second callback chooses a user if the address has several.
//! - The server's response does not tell whether the address has users. A 404 can mean a wrong code, or a login that is
//!   locked, used up, expired or from another IP address.
//! - A step that may have been sent is never repeated automatically, because each attempt counts:
//!   [`Error::OutcomeUnknown`](crate::codegrade::Error::OutcomeUnknown) says what to do next.
//!
//! The steps can be taken one by one as well:
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginConfirmation};
//! use otf_api::sandbox::{Sandbox, codegrade};
//!
//! let sandbox = Sandbox::start()?;
//! let server = CodeGrade::new(sandbox.url())?;
//! let login = server.otp_login().create(&CreateOtpLoginData::new(codegrade::ONE_USER))?;
//! let code = sandbox.codegrade().emailed_code(codegrade::ONE_USER).ok_or("no email")?;
//! match server.otp_login().confirm(&login.id, &ConfirmOtpLoginData::new(code))? {
//!     OtpLoginConfirmation::Login(session) => println!("{}", session.user()?.username),
//!     _ => println!("several users: list and select"),
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Grades and feedback
//!
//! ```no_run
//! # fn example(session: otf_api::codegrade::Session, id: otf_api::codegrade::AssignmentId)
//! # -> otf_api::codegrade::Result<()> {
//! let assignment = session.assignment(id)?;
//! for submission in session.own_submissions(id) {
//!     let submission = submission?;
//!     println!("{:?} of {:?}", submission.grade, assignment.max_grade);
//!     println!("{}", session.feedback(submission.id)?.general);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Lists are fetched page by page as you iterate. For endpoints without a method, use
//! [`Session::request`](crate::codegrade::Session::request).
//!
//! # Headless use
//!
//! A token is valid for weeks and cannot be renewed. Log in once at a terminal, remove the permissions that the script
//! does not need, and pass the token to the machine as a secret:
//!
//! ```no_run
//! # fn example(session: otf_api::codegrade::Session) -> Result<(), Box<dyn std::error::Error>> {
//! use otf_api::codegrade::{CodeGrade, TokenRestrictions};
//!
//! let read_only = TokenRestrictions::new().without_course_permissions(["can_submit_own_work"]);
//! let restricted = session.restrict_token(&read_only)?;
//! restricted.old_token_revoked?;
//! println!("{}", restricted.session.token().expose());
//!
//! // On the machine:
//! let session = CodeGrade::from_env()?.session(std::env::var("CODEGRADE_TOKEN")?);
//! # Ok(())
//! # }
//! ```
//!
//! When the token has expired or was revoked, calls fail with
//! [`Error::NotLoggedIn`](crate::codegrade::Error::NotLoggedIn).
