//! The whole login in one call.

use super::models::{OtpLoginConfirmation, OtpLoginSingleResponse, OtpLoginableUser};
use super::otp_login::OtpLoginService;
use super::requests::{ConfirmOtpLoginData, CreateOtpLoginData, SelectOtpLoginData};
use crate::error::{Error, Result};

/// Why [`OtpLoginService::login`] asks for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodePrompt {
    /// A code was mailed, if the address has users.
    Mailed,
    /// The code that was given is not accepted.
    Refused {
        /// How many tries are left before the login is locked.
        tries_left: u32,
    },
    /// The code is right, but logging in would end an isolated session, as exams use. Give the code again with
    /// [`confirm_session_termination`](ConfirmOtpLoginData::confirm_session_termination) to do that, or `None`
    /// to leave it.
    IsolatedSession,
}

/// Codes that may be tried before the server locks a login.
const TRIES: u32 = 5;

/// The largest page: all users are wanted.
const PAGE_SIZE: u32 = 50;

impl OtpLoginService<'_> {
    /// Logs in: has a code mailed, asks `code` for it, and where the address has several users, asks `choose`
    /// for the [`id`](OtpLoginableUser::id) of one of them.
    ///
    /// `code` is asked again after a wrong code, as often as the server allows, and when there is an isolated
    /// session to decide about. Both callbacks give up with `None`.
    ///
    /// ```
    /// use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData};
    /// # fn read_line(question: &str) -> Option<String> { None }
    /// # fn example() -> otf_api::Result<()> {
    /// let codegrade = CodeGrade::new(CodeGrade::PUBLIC)?;
    /// let login = codegrade.otp_login().login(
    ///     &CreateOtpLoginData::new("you@example.com"),
    ///     |_| read_line("The code from the mail: ").map(ConfirmOtpLoginData::new),
    ///     |users| users.iter().find(|user| user.can_login).map(|user| user.id),
    /// )?;
    /// println!("Welcome, {}!", login.user.username);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), [`confirm`](Self::confirm), [`list`](Self::list) and
    /// [`select`](Self::select). Where a callback gives up, the refusal that it was asked about, or
    /// [`Error::InvalidInput`]; the latter also for a user who is not in the list or can't log in. A user who can't
    /// be read is left out, with a warning to the log, unless there is no other.
    pub fn login(
        &self,
        data: &CreateOtpLoginData,
        mut code: impl FnMut(CodePrompt) -> Option<ConfirmOtpLoginData>,
        choose: impl FnOnce(&[OtpLoginableUser]) -> Option<i64>,
    ) -> Result<OtpLoginSingleResponse> {
        let id = self.create(data)?.id;
        let (confirmation, confirmed) = self.confirm_by(&id, &mut code)?;
        match confirmation {
            OtpLoginConfirmation::Login(login) => Ok(*login),
            OtpLoginConfirmation::Select => self.select_by(&id, confirmed, code, choose),
        }
    }

    /// Asks for codes until one is right.
    fn confirm_by(
        &self,
        id: &str,
        code: &mut impl FnMut(CodePrompt) -> Option<ConfirmOtpLoginData>,
    ) -> Result<(OtpLoginConfirmation, ConfirmOtpLoginData)> {
        let mut tries_left = TRIES;
        let mut given = code(CodePrompt::Mailed).ok_or_else(|| Error::invalid("code", "none was given"))?;
        loop {
            let error = match self.confirm(id, &given) {
                Ok(confirmation) => return Ok((confirmation, given)),
                Err(error) => error,
            };
            let prompt = match &error {
                Error::IsolatedSessionActive(_) if !given.confirm_session_termination => {
                    CodePrompt::IsolatedSession
                }
                error if error.is_not_found() && tries_left > 1 => {
                    tries_left -= 1;
                    CodePrompt::Refused { tries_left }
                }
                _ => return Err(error),
            };
            match code(prompt) {
                Some(next) => given = next,
                None => return Err(error),
            }
        }
    }

    /// Has one of the users chosen, and logs in as that one.
    fn select_by(
        &self,
        id: &str,
        confirmed: ConfirmOtpLoginData,
        mut code: impl FnMut(CodePrompt) -> Option<ConfirmOtpLoginData>,
        choose: impl FnOnce(&[OtpLoginableUser]) -> Option<i64>,
    ) -> Result<OtpLoginSingleResponse> {
        let (mut users, mut unreadable) = (Vec::new(), None);
        for user in self.list(id, &confirmed.code, PAGE_SIZE)? {
            match user {
                Err(error @ Error::Decode { .. }) => {
                    log::warn!("{error}");
                    unreadable = unreadable.or(Some(error));
                }
                user => users.push(user?),
            }
        }
        // One who can't be read does not keep the others out.
        if let Some(error) = unreadable.filter(|_| users.is_empty()) {
            return Err(error);
        }
        let chosen = choose(&users).ok_or_else(|| Error::invalid("user_id", "none was chosen"))?;
        match users.iter().find(|user| user.id == chosen) {
            None => return Err(Error::invalid("user_id", "it is not in the list")),
            Some(user) if !user.can_login => {
                return Err(Error::invalid("user_id", "this user logs in by another system (LTI or SSO)"));
            }
            Some(_) => {}
        }
        let select = |confirmed: ConfirmOtpLoginData| {
            let data = SelectOtpLoginData::new(confirmed.code, chosen);
            self.select(id, &data.confirm_session_termination(confirmed.confirm_session_termination))
        };
        let is_sure = confirmed.confirm_session_termination;
        match select(confirmed) {
            Err(error @ Error::IsolatedSessionActive(_)) if !is_sure => {
                let given = code(CodePrompt::IsolatedSession).ok_or(error)?;
                select(given)
            }
            result => result,
        }
    }
}
