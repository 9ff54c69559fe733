//! A user who is logged in.

use std::fmt;
use std::sync::{Arc, OnceLock};

use http::Method;
use jiff::Timestamp;

use super::call::Call;
use super::client::CodeGrade;
use super::error::Result;
use super::models::{
    Assignment, AssignmentDetail, Course, CurrentUser, Feedback, LoginResponse, RubricResult, RubricRow,
    Submission, TokenRestrictions,
};
use super::paged::Paged;
use super::request::ApiRequest;
use super::stored::{Grant, StoredSession};
use super::{AssignmentId, CourseId, CreateOtpLoginData, SubmissionId, UserId};
use crate::secret::Secret;

/// A user who is logged in to a [`CodeGrade`] server.
///
/// It holds the token as a [`Secret`]. Cheap to clone; clones share the token. A token is valid until
/// [`expires_at`](Self::expires_at) and cannot be renewed: log in again.
#[derive(Clone)]
pub struct Session {
    server: CodeGrade,
    grant: Arc<Grant>,
    expires_at: Option<Timestamp>,
    restrictions: TokenRestrictions,
    user_id: Arc<OnceLock<UserId>>,
}

/// The result of [`Session::restrict_token`].
#[derive(Debug)]
#[non_exhaustive]
pub struct RestrictedToken {
    /// A session with the new token.
    pub session: Session,
    /// Whether the old token was revoked. After an error it is still valid: call [`Session::revoke_token`] on the old
    /// session again.
    pub old_token_revoked: Result<()>,
}

impl Session {
    pub(super) fn new(server: CodeGrade, grant: Arc<Grant>) -> Self {
        let restrictions = TokenRestrictions::default();
        Self { server, grant, expires_at: None, restrictions, user_id: Arc::default() }
    }

    pub(super) fn from_login(server: &CodeGrade, login: LoginResponse) -> Self {
        Self {
            server: server.clone(),
            grant: Grant::new(login.access_token),
            expires_at: login.expires_at,
            restrictions: login.restrictions,
            user_id: Arc::new(OnceLock::from(login.user.id)),
        }
    }

    pub(super) fn from_stored(server: CodeGrade, stored: StoredSession, grant: Arc<Grant>) -> Self {
        let user_id = stored.user_id.map_or_else(OnceLock::new, OnceLock::from);
        Self { expires_at: stored.expires_at, user_id: Arc::new(user_id), ..Self::new(server, grant) }
    }

    /// The token, to store it elsewhere: [`CodeGrade::session`] takes it. It is as powerful as the login.
    pub fn token(&self) -> &Secret {
        &self.grant.token
    }

    /// When the token expires, if that is known.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// What the token does not allow, as the login or [`restrict_token`](Self::restrict_token) reported it. Empty for
    /// a session from [`CodeGrade::session`] or the store.
    pub fn restrictions(&self) -> &TokenRestrictions {
        &self.restrictions
    }

    /// Stores the token for [`CodeGrade::login`] and [`CodeGrade::stored_session`], in place of the one that is stored
    /// for this address.
    ///
    /// # Errors
    ///
    /// [`Error::Store`](super::Error::Store) if the store cannot be written.
    pub fn store(&self, login: &CreateOtpLoginData) -> Result<()> {
        let stored = StoredSession {
            server: self.server.base_url().to_owned(),
            access_token: self.grant.token.clone(),
            user_id: self.user_id.get().copied(),
            expires_at: self.expires_at,
        };
        self.server.sessions().write(login, &stored, &self.grant)
    }

    /// The current user.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn user(&self) -> Result<CurrentUser> {
        let user: CurrentUser = self.server.get(&self.call("/api/v1/login"))?;
        let _ = self.user_id.set(user.id);
        Ok(user)
    }

    /// The courses that the user is a member of.
    pub fn courses(&self) -> Paged<Course> {
        self.list("/api/v1/courses/".to_owned(), 50)
    }

    /// A course.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn course(&self, id: CourseId) -> Result<Course> {
        self.server.get(&self.call(format!("/api/v1/courses/{id}")))
    }

    /// The assignments of a course, by deadline.
    pub fn assignments(&self, course: CourseId) -> Paged<Assignment> {
        self.list(format!("/api/v1/courses/{course}/assignments/"), 50)
    }

    /// An assignment with everything about it, its grading scale included.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn assignment(&self, id: AssignmentId) -> Result<AssignmentDetail> {
        self.server.get(&self.call(format!("/api/v1/assignments/{id}")))
    }

    /// The user's submissions to an assignment, those of the user's group included.
    ///
    /// The first page fetches the current user too, if the session does not know its id.
    pub fn own_submissions(&self, assignment: AssignmentId) -> Paged<Submission> {
        self.list_of_user(move |user| format!("/api/v1/assignments/{assignment}/users/{user}/submissions/"))
    }

    /// The user's submissions to all assignments of a course.
    ///
    /// The first page fetches the current user too, if the session does not know its id.
    pub fn own_submissions_in_course(&self, course: CourseId) -> Paged<Submission> {
        self.list_of_user(move |user| format!("/api/v1/courses/{course}/users/{user}/submissions/"))
    }

    /// A submission. Only here the server says whether it [is the latest](Submission::is_latest).
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn submission(&self, id: SubmissionId) -> Result<Submission> {
        let call = self.call(format!("/api/v1/submissions/{id}"));
        self.server.get(&call.query("type", "default").query("owner", "auto"))
    }

    /// The rubric of an assignment: the rows that a submission is graded by.
    pub fn rubric(&self, assignment: AssignmentId) -> Paged<RubricRow> {
        self.list(format!("/api/v1/assignments/{assignment}/rubrics/"), 100)
    }

    /// The items of the rubric that a submission was given, with their points.
    pub fn rubric_result(&self, submission: SubmissionId) -> Paged<RubricResult> {
        self.list(format!("/api/v1/submissions/{submission}/rubricitems/"), 50)
    }

    /// The feedback on a submission, as far as the user may see it.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn feedback(&self, submission: SubmissionId) -> Result<Feedback> {
        let call = self.call(format!("/api/v1/submissions/{submission}/feedbacks/"));
        self.server.get(&call.query("with_replies", "true"))
    }

    /// Gets a token with fewer permissions, e.g. for a script that only reads, and revokes the old one.
    ///
    /// Revoking is a second request that can fail: see [`RestrictedToken::old_token_revoked`]. The new token is not
    /// stored; [`store`](Self::store) does that.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors). The old token is still valid then.
    pub fn restrict_token(&self, restrictions: &TokenRestrictions) -> Result<RestrictedToken> {
        let call = Call::post("/api/v1/token/restrict")
            .grant(&self.grant)
            .json(restrictions)?
            .unknown("the old token is still valid: repeat the call, which issues another token");
        let session = Self::from_login(&self.server, self.server.get(&call)?);
        Ok(RestrictedToken { session, old_token_revoked: self.revoke_token() })
    }

    /// Revokes the token, which logs out this session and its clones, and removes it from the store.
    ///
    /// # Errors
    ///
    /// [`Error::IsolatedSessionActive`](super::Error::IsolatedSessionActive) during an isolated session, as exams use:
    /// see [`end_all_sessions`](Self::end_all_sessions). Otherwise as for any [call](super#errors).
    pub fn revoke_token(&self) -> Result<()> {
        self.revoke("false")
    }

    /// Revokes the token even during an isolated session, as exams use, which ends **all** sessions of the user.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn end_all_sessions(&self) -> Result<()> {
        self.revoke("true")
    }

    fn revoke(&self, confirm_session_termination: &str) -> Result<()> {
        let call = Call::post("/api/v1/token/revoke")
            .grant(&self.grant)
            .form(&[
                ("token", self.grant.token.expose()),
                ("confirm_session_termination", confirm_session_termination),
            ])
            .unknown("repeat the call, which does no harm");
        self.server.send(&call, |_| Ok(()))?;
        self.server.sessions().forget(&self.grant);
        Ok(())
    }

    /// A request of any other endpoint, such as `/api/v1/permissions/`, with the same token, retries, paging and
    /// errors.
    pub fn request(&self, method: Method, path: impl Into<String>) -> ApiRequest {
        ApiRequest::new(&self.server, &self.grant, method, path.into())
    }

    fn call(&self, path: impl Into<String>) -> Call {
        Call::get(path).grant(&self.grant).not_found("there is no such object, or this user may not see it")
    }

    fn list<T>(&self, path: String, largest_page: u32) -> Paged<T> {
        let call = self.call(path);
        Paged::new(&self.server, move || Ok(call), largest_page)
    }

    fn list_of_user(&self, path: impl FnOnce(UserId) -> String + Send + Sync + 'static) -> Paged<Submission> {
        let session = self.clone();
        let call = move || {
            let user_id = match session.user_id.get() {
                Some(id) => *id,
                None => session.user()?.id,
            };
            Ok(session.call(path(user_id)))
        };
        Paged::new(&self.server, call, 50)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("server", &self.server)
            .field("user_id", &self.user_id.get())
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
