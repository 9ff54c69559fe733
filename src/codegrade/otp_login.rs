//! The single steps of a login with an emailed code.

use http::HeaderName;
use serde::Deserialize;

use super::call::{Call, segment};
use super::client::{CodeGrade, decode};
use super::error::{Error, Result};
use super::models::{LoginResponse, OtpLoginResponse, OtpLoginableUser};
use super::paged::Paged;
use super::requests::{ConfirmOtpLoginData, CreateOtpLoginData, SelectOtpLoginData};
use super::{OtpLoginId, Session};
use crate::models::DecodeError;
use crate::secret::Secret;

const CREATE: &str = "POST /api/v1/otp_logins";
const CONFIRM: &str = "POST /api/v1/otp_logins/{id}/confirm";
const LIST: &str = "GET /api/v1/otp_logins/{id}/users/";
const SELECT: &str = "POST /api/v1/otp_logins/{id}/select";

/// The steps of a login with an emailed code.
///
/// [`create`](Self::create) requests the email and [`confirm`](Self::confirm) sends the code. If the address has
/// several users, [`list`](Self::list) them and [`select`](Self::select) one. [`CodeGrade::login`] does all of this.
///
/// A login is bound to the IP address that created it. A step whose outcome is unknown is never repeated
/// automatically, because each attempt counts: see [`Error::OutcomeUnknown`].
#[doc(alias = "OTPLoginService")]
#[derive(Clone, Copy, Debug)]
pub struct OtpLoginService<'a> {
    server: &'a CodeGrade,
}

/// The result of a correct code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum OtpLoginConfirmation {
    /// One user matches and is logged in now.
    #[doc(alias = "OTPLoginSingleResponse")]
    Login(Session),
    /// Several users match: list them and select one.
    #[doc(alias = "OTPLoginMultiResponse")]
    Select,
}

impl<'a> OtpLoginService<'a> {
    pub(super) fn new(server: &'a CodeGrade) -> Self {
        Self { server }
    }

    /// Requests a code by email, after solving a proof of work unless `data` contains a solution. The response is the
    /// same whether or not the address has users.
    ///
    /// # Errors
    ///
    /// [`Error::ProofOfWork`] if the challenge is too difficult; otherwise as for any [call](super#errors).
    pub fn create(&self, data: &CreateOtpLoginData) -> Result<OtpLoginResponse> {
        if data.email.trim().is_empty() {
            return Err(Error::invalid("email", "it is empty"));
        }
        let solution = match &data.pow {
            Some(solution) => solution.clone(),
            None => self.server.solve(&self.server.pow()?)?,
        };
        let call = Call::post("/api/v1/otp_logins")
            .named(CREATE)
            .json(&data.clone().pow(solution))?
            .private(data.email.as_str())
            .not_found("check that the address is that of a CodeGrade server")
            .unknown("wait for an email with a code before starting another login");
        self.server.send(&call, |response| {
            let created: OtpLoginResponse = decode(response.body())?;
            match segment("id", created.id.as_str()) {
                Ok(_) => Ok(created),
                Err(_) => Err(DecodeError { path: "id".to_owned(), reason: "not a valid id".to_owned() }),
            }
        })
    }

    /// Sends the code. If one user matches, that user is logged in and the login is used up; for several the result is
    /// [`Select`](OtpLoginConfirmation::Select). The fifth wrong code locks the login.
    ///
    /// # Errors
    ///
    /// A 404, which [`Error::is_not_found`] tells, if the code is wrong, no user matches, or the login is locked, used
    /// up, expired or from another IP address: the server does not distinguish these. [`Error::IsolatedSessionActive`]
    /// if logging in would end an isolated session. Otherwise as for any [call](super#errors).
    pub fn confirm(&self, id: &OtpLoginId, data: &ConfirmOtpLoginData) -> Result<OtpLoginConfirmation> {
        let code = trimmed(&data.code)?;
        let body = ConfirmOtpLoginData { code: code.clone(), ..data.clone() };
        let call = Call::post(format!("/api/v1/otp_logins/{}/confirm", segment("otp_id", id.as_str())?))
            .named(CONFIRM)
            .json(&body)?
            .private(code)
            .not_found(
                "the code is wrong, no user matches, or the login is locked after five attempts, used up, expired or \
                 of another IP address: check the code, or start another login",
            )
            .unknown("it may have counted as one of five attempts or used up the login: start another one");
        self.server.send(&call, |response| {
            Ok(match confirmation(response.body())? {
                Some(login) => OtpLoginConfirmation::Login(Session::from_login(self.server, login)),
                None => OtpLoginConfirmation::Select,
            })
        })
    }

    /// The users to select from. It does not use up the login.
    ///
    /// The errors of the pages are those of [`confirm`](Self::confirm).
    pub fn list(&self, id: &OtpLoginId, code: impl Into<Secret>) -> Paged<OtpLoginableUser> {
        let (id, code) = (id.clone(), code.into());
        Paged::new(self.server, move || list(&id, &code), 50)
    }

    /// Logs in as one of the users, which uses up the login.
    ///
    /// # Errors
    ///
    /// As for [`confirm`](Self::confirm).
    pub fn select(&self, id: &OtpLoginId, data: &SelectOtpLoginData) -> Result<Session> {
        let code = trimmed(&data.code)?;
        let body = SelectOtpLoginData { code: code.clone(), ..data.clone() };
        let call = Call::post(format!("/api/v1/otp_logins/{}/select", segment("otp_id", id.as_str())?))
            .named(SELECT)
            .json(&body)?
            .private(code)
            .not_found(
                "the code is wrong or not confirmed yet, there is no such user, or the login is locked, used up, \
                 expired or of another IP address: start another login",
            )
            .unknown("it may have used up the login: start another one");
        self.server.send(&call, |response| Ok(Session::from_login(self.server, decode(response.body())?)))
    }
}

fn list(id: &OtpLoginId, code: &Secret) -> Result<Call> {
    let code = trimmed(code)?;
    Call::get(format!("/api/v1/otp_logins/{}/users/", segment("otp_id", id.as_str())?))
        .named(LIST)
        .not_found(
            "the code is wrong or not confirmed yet, or the login is locked, used up, expired or of another IP \
             address: start another login",
        )
        .private(code.clone())
        .header("code", HeaderName::from_static("cg-otp-login-code"), code.expose())
}

/// A login, or nothing where a user has to be selected. The type is read first, so that an error names the place in
/// the body, which it would not for a tagged enum.
fn confirmation(body: &[u8]) -> Result<Option<LoginResponse>, DecodeError> {
    #[derive(Deserialize)]
    struct Tag {
        r#type: String,
    }

    match decode::<Tag>(body)?.r#type.as_str() {
        "login" => decode(body).map(Some),
        "select" => Ok(None),
        _ => Err(DecodeError {
            path: "type".to_owned(),
            reason: "it is neither `login` nor `select`".to_owned(),
        }),
    }
}

/// A code without surrounding spaces, which would only waste an attempt.
fn trimmed(code: &Secret) -> Result<Secret> {
    match code.expose().trim() {
        "" => Err(Error::invalid("code", "it is empty")),
        code => Ok(Secret::from(code)),
    }
}
