//! The calls of the login.

use serde::Deserialize;

use super::client::{Call, CodeGrade};
use super::endpoint;
use super::models::{OtpLoginConfirmation, OtpLoginResponse, OtpLoginSingleResponse};
use super::requests::{ConfirmOtpLoginData, CreateOtpLoginData, SelectOtpLoginData};
use super::users::OtpLoginUsers;
use crate::Secret;
use crate::client::segment;
use crate::error::{Error, Result};
use crate::models::{DecodeError, decode};

/// Logging in by a code that is mailed.
///
/// [`login`](Self::login) does it all. By single calls it is [`create`](Self::create), which has a code
/// mailed, then [`confirm`](Self::confirm) with the code; where that says
/// [`Select`](OtpLoginConfirmation::Select), [`list`](Self::list) and [`select`](Self::select).
///
/// A login belongs to the IP address that created it. None of its POSTs is ever sent twice, because a try
/// counts: see [`Error::OutcomeUnknown`].
#[doc(alias = "OTPLoginService")]
#[derive(Clone, Copy, Debug)]
pub struct OtpLoginService<'a> {
    codegrade: &'a CodeGrade,
}

impl<'a> OtpLoginService<'a> {
    pub(super) fn new(codegrade: &'a CodeGrade) -> Self {
        Self { codegrade }
    }

    /// Has a code mailed, after solving a challenge unless the data brings a solution. The answer is the same
    /// whether or not the address has users.
    ///
    /// # Errors
    ///
    /// [`Error::ProofOfWork`] where the challenge is too difficult; [`Error::RateLimited`];
    /// [`Error::CodeGrade`] for whatever else the server refuses.
    pub fn create(&self, data: &CreateOtpLoginData) -> Result<OtpLoginResponse> {
        if data.email.trim().is_empty() {
            return Err(Error::invalid("email", "it is empty"));
        }
        let solution = match &data.pow {
            Some(solution) => solution.clone(),
            None => self.codegrade.solve(&self.codegrade.pow()?)?,
        };
        let body = data.clone().pow(solution);
        let call = Call::new(&endpoint::CREATE).json(&body)?.private(&data.email);
        self.codegrade.send_checked(&call, |answer| {
            let created: OtpLoginResponse = decode(answer.body())?;
            match segment("id", &created.id) {
                Ok(_) => Ok(created),
                Err(_) => Err(DecodeError { path: "id".to_owned(), reason: "it is no id".to_owned() }),
            }
        })
    }

    /// Shows the code. With one user that logs in and uses up the login; with several it is
    /// [`Select`](OtpLoginConfirmation::Select). The fifth wrong code locks the login.
    ///
    /// # Errors
    ///
    /// [`Error::CodeGrade`] with status 404, for which [`Error::is_not_found`] asks, where the code is wrong
    /// or no user matches or the login is locked, used up, expired or of another IP address: the server does
    /// not tell these apart. [`Error::IsolatedSessionActive`] where logging in would end an isolated session;
    /// the code is still good then.
    pub fn confirm(&self, otp_id: &str, data: &ConfirmOtpLoginData) -> Result<OtpLoginConfirmation> {
        let code = clean(&data.code)?;
        let body = ConfirmOtpLoginData { code: code.clone(), ..data.clone() };
        let call = Call::new(&endpoint::CONFIRM).otp_id(otp_id).json(&body)?.private(code.expose());
        self.codegrade.send_checked(&call, |answer| confirmation(answer.body()))
    }

    /// The users to select from, fetched page by page as they are asked for. It does not use up the login.
    ///
    /// `page_size` is from 1 to 50; the server's own default is 20.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the page size is out of bounds. Nothing is sent yet.
    pub fn list(&self, otp_id: &str, code: &Secret, page_size: u32) -> Result<OtpLoginUsers<'a>> {
        OtpLoginUsers::new(self.codegrade, otp_id, clean(code)?, page_size)
    }

    /// Logs in as one of the users, which uses up the login.
    ///
    /// # Errors
    ///
    /// As [`confirm`](Self::confirm).
    pub fn select(&self, otp_id: &str, data: &SelectOtpLoginData) -> Result<OtpLoginSingleResponse> {
        let code = clean(&data.code)?;
        let body = SelectOtpLoginData { code: code.clone(), ..data.clone() };
        let call = Call::new(&endpoint::SELECT).otp_id(otp_id).json(&body)?.private(code.expose());
        self.codegrade.call(&call)
    }
}

/// The answer to a right code. It is read by its type, so that an error names the place in the answer.
fn confirmation(body: &[u8]) -> Result<OtpLoginConfirmation, DecodeError> {
    #[derive(Deserialize)]
    struct Tag {
        r#type: String,
    }

    match decode::<Tag>(body)?.r#type.as_str() {
        "login" => decode(body).map(OtpLoginConfirmation::Login),
        "select" => Ok(OtpLoginConfirmation::Select),
        _ => Err(DecodeError {
            path: "type".to_owned(),
            reason: "it is neither `login` nor `select`".to_owned(),
        }),
    }
}

/// A code without the spaces around it, which would only cost a try.
fn clean(code: &Secret) -> Result<Secret> {
    match code.expose().trim() {
        "" => Err(Error::invalid("code", "it is empty")),
        code => Ok(Secret::from(code)),
    }
}
