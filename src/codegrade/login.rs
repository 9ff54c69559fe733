//! The whole login in one call.

use super::client::CodeGrade;
use super::error::{Error, Result};
use super::models::OtpLoginableUser;
use super::otp_login::{OtpLoginConfirmation, OtpLoginService};
use super::requests::{ConfirmOtpLoginData, CreateOtpLoginData, SelectOtpLoginData};
use super::{OtpLoginId, Session, UserId};

/// Why [`CodeGrade::login`] asks for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodePrompt {
    /// A code was emailed, if the address has users.
    Emailed,
    /// The code was not accepted.
    Refused {
        /// How many attempts are left before the login is locked.
        attempts_left: u32,
    },
    /// The code is correct, but logging in would end an isolated session, as exams use. Return the code again with
    /// [`confirm_session_termination`](ConfirmOtpLoginData::confirm_session_termination) to do that, or `None` to
    /// leave the session alone.
    IsolatedSession,
}

/// Codes that may be tried before the server locks a login.
const ATTEMPTS: u32 = 5;

/// The largest page: all users are wanted.
const PAGE_SIZE: u32 = 50;

impl CodeGrade {
    /// Logs in: uses the stored session of this address, or requests an email, asks `code` for the code, and stores the
    /// new session.
    ///
    /// `code` is called again after a wrong code, as often as the server allows, and if there is an isolated session
    /// to decide about. `choose` is called if the address has several users, for the [`id`](OtpLoginableUser::id) of
    /// one of them. Both give up with `None`.
    ///
    /// A stored session is used until it expires. It is not checked first: if the server no longer accepts its token,
    /// the first call fails with [`Error::NotLoggedIn`] and removes it, and the next login starts over. If the store
    /// fails, a warning is logged.
    ///
    /// ```
    /// use otf_api::codegrade::{CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData};
    /// # fn read_line(question: &str) -> Option<String> { None }
    /// # fn example() -> otf_api::codegrade::Result<()> {
    /// let server = CodeGrade::from_env()?;
    /// let session = server.login(
    ///     &CreateOtpLoginData::new("you@example.com"),
    ///     |_| read_line("The code from the email: ").map(ConfirmOtpLoginData::new),
    ///     |users| users.iter().find(|user| user.can_login).map(|user| user.id),
    /// )?;
    /// println!("Welcome, {}!", session.user()?.username);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for the steps of [`OtpLoginService`]. If a callback gives up, the refusal that it was asked about, or
    /// [`Error::InvalidInput`]; the latter also for a user who is not in the list or cannot log in. A user who cannot
    /// be decoded is left out, with a warning in the log, unless there is no other.
    pub fn login(
        &self,
        login: &CreateOtpLoginData,
        code: impl FnMut(CodePrompt) -> Option<ConfirmOtpLoginData>,
        choose: impl FnOnce(&[OtpLoginableUser]) -> Option<UserId>,
    ) -> Result<Session> {
        match self.stored_session(login) {
            Ok(Some(session)) => return Ok(session),
            Ok(None) => {}
            Err(error) => log::warn!("CodeGrade: the stored session could not be read: {error}"),
        }
        let session = self.otp_login().log_in(login, code, choose)?;
        if let Err(error) = session.store(login) {
            log::warn!("CodeGrade: the session could not be stored: {error}");
        }
        Ok(session)
    }
}

impl OtpLoginService<'_> {
    fn log_in(
        &self,
        login: &CreateOtpLoginData,
        mut code: impl FnMut(CodePrompt) -> Option<ConfirmOtpLoginData>,
        choose: impl FnOnce(&[OtpLoginableUser]) -> Option<UserId>,
    ) -> Result<Session> {
        let id = self.create(login)?.id;
        match self.confirm_with(&id, &mut code)? {
            (OtpLoginConfirmation::Login(session), _) => Ok(session),
            (OtpLoginConfirmation::Select, confirmed) => self.select_with(&id, confirmed, code, choose),
        }
    }

    /// Asks for codes until one is accepted.
    fn confirm_with(
        &self,
        id: &OtpLoginId,
        code: &mut impl FnMut(CodePrompt) -> Option<ConfirmOtpLoginData>,
    ) -> Result<(OtpLoginConfirmation, ConfirmOtpLoginData)> {
        let mut attempts_left = ATTEMPTS;
        let mut given = code(CodePrompt::Emailed).ok_or_else(|| Error::invalid("code", "none was given"))?;
        loop {
            let error = match self.confirm(id, &given) {
                Ok(confirmation) => return Ok((confirmation, given)),
                Err(error) => error,
            };
            let prompt = match &error {
                Error::IsolatedSessionActive(_) if !given.confirm_session_termination => {
                    CodePrompt::IsolatedSession
                }
                error if error.is_not_found() && attempts_left > 1 => {
                    attempts_left -= 1;
                    CodePrompt::Refused { attempts_left }
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
    fn select_with(
        &self,
        id: &OtpLoginId,
        confirmed: ConfirmOtpLoginData,
        mut code: impl FnMut(CodePrompt) -> Option<ConfirmOtpLoginData>,
        choose: impl FnOnce(&[OtpLoginableUser]) -> Option<UserId>,
    ) -> Result<Session> {
        let users = self.users(id, &confirmed)?;
        let chosen = choose(&users).ok_or_else(|| Error::invalid("user_id", "no user was chosen"))?;
        match users.iter().find(|user| user.id == chosen) {
            None => return Err(Error::invalid("user_id", "not one of the listed users")),
            Some(user) if !user.can_login => {
                return Err(Error::invalid(
                    "user_id",
                    "this user cannot log in with a code: log in through the LMS or single sign-on",
                ));
            }
            Some(_) => {}
        }
        let select = |given: ConfirmOtpLoginData| {
            let data = SelectOtpLoginData::new(given.code, chosen);
            self.select(id, &data.confirm_session_termination(given.confirm_session_termination))
        };
        let is_confirmed = confirmed.confirm_session_termination;
        match select(confirmed) {
            Err(error @ Error::IsolatedSessionActive(_)) if !is_confirmed => {
                let given = code(CodePrompt::IsolatedSession).ok_or(error)?;
                select(given)
            }
            result => result,
        }
    }

    /// All users of a login that can be decoded.
    fn users(&self, id: &OtpLoginId, confirmed: &ConfirmOtpLoginData) -> Result<Vec<OtpLoginableUser>> {
        let (mut users, mut unreadable) = (Vec::new(), None);
        for user in self.list(id, confirmed.code.clone()).page_size(PAGE_SIZE) {
            match user {
                Err(error @ Error::Decode { .. }) => {
                    log::warn!("{error}");
                    unreadable = unreadable.or(Some(error));
                }
                user => users.push(user?),
            }
        }
        match unreadable {
            Some(error) if users.is_empty() => Err(error),
            _ => Ok(users),
        }
    }
}
