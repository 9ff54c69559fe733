//! The one-time-password login of a CodeGrade server: a code by mail in place of a password.
//!
//! [`CodeGrade`] is the server, [`OtpLoginService::login`] the whole login in one call. A server wants a proof
//! of work before it sends a mail; [`pow`] finds it.
//!
//! ```
//! # #[cfg(feature = "sandbox")] {
//! use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData};
//! use otf_api::sandbox::{Sandbox, codegrade};
//!
//! let sandbox = Sandbox::start()?;
//! let server = CodeGrade::new(&sandbox.url())?;
//! let login = server.otp_login().login(
//!     &CreateOtpLoginData::new(codegrade::ONE_USER),
//!     |_| sandbox.codegrade().mailed_code(codegrade::ONE_USER).map(ConfirmOtpLoginData::new),
//!     |_users| None,
//! )?;
//! println!("{} is logged in", login.user.username);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod client;
mod codes;
mod endpoint;
mod error;
mod login;
mod models;
mod otp_login;
pub mod pow;
mod requests;
mod users;
mod warning;

pub use client::{CodeGrade, CodeGradeBuilder};
pub use codes::ApiCode;
pub use error::ApiError;
pub use login::CodePrompt;
pub use models::*;
pub use otp_login::OtpLoginService;
pub use requests::{ConfirmOtpLoginData, CreateOtpLoginData, SelectOtpLoginData};
pub use users::OtpLoginUsers;
