//! CodeGrade: logging in with an emailed code, and reading courses, assignments and grades.
//!
//! [`CodeGrade`] is a server. [`CodeGrade::login`] requests a one-time code by email and returns a [`Session`], which
//! lists courses, assignments, submissions, grades and feedback. Before the server sends the email it demands a proof
//! of work, which [`pow`] computes.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::MemoryStore;
//! use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData};
//! use otf_api::sandbox::{Sandbox, codegrade};
//!
//! let sandbox = Sandbox::start()?;
//! let server = CodeGrade::builder().host(sandbox.url()).store(MemoryStore::new()).build()?;
//! let session = server.login(
//!     &CreateOtpLoginData::new(codegrade::ONE_USER),
//!     |_| sandbox.codegrade().emailed_code(codegrade::ONE_USER).map(ConfirmOtpLoginData::new),
//!     |_users| None,
//! )?;
//! for course in session.courses() {
//!     println!("{}", course?.name);
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The [guide](crate::guide::codegrade) shows how to log in and list what is due this week.
//!
//! # Errors
//!
//! Any call can fail with [`Error::Transport`], [`Error::Api`], [`Error::RateLimited`] and [`Error::Decode`]; one of a
//! [`Session`] also with [`Error::NotLoggedIn`], and a write with [`Error::OutcomeUnknown`].

mod api_error;
mod builder;
mod call;
mod client;
mod codes;
mod error;
mod ids;
mod login;
mod models;
mod otp_login;
mod paged;
pub mod pow;
mod request;
mod requests;
mod session;
mod stored;
mod text_enum;
mod warning;

pub use api_error::ApiError;
pub use builder::CodeGradeBuilder;
pub use client::CodeGrade;
pub use codes::ApiCode;
pub use error::{Error, Result};
pub use ids::{
    AssignmentId, CourseId, OtpLoginId, RubricItemId, RubricRowId, SubmissionId, TenantId, UserId,
};
pub use login::CodePrompt;
pub use models::*;
pub use otp_login::{OtpLoginConfirmation, OtpLoginService};
pub use paged::Paged;
pub use request::ApiRequest;
pub use requests::{ConfirmOtpLoginData, CreateOtpLoginData, SelectOtpLoginData};
pub use session::{RestrictedToken, Session};
