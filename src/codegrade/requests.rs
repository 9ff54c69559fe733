//! The bodies of the login's requests.

use std::fmt;

use serde::Serialize;

use super::pow::PowSolution;
use super::{TenantId, UserId};
use crate::secret::Secret;

/// Starts a login: the email address that the code is sent to.
///
/// It also identifies the stored session, see [`CodeGrade::stored_session`](super::CodeGrade::stored_session).
#[doc(alias = "CreateOTPLoginData")]
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CreateOtpLoginData {
    /// The address to log in with and to send the code to.
    pub email: String,
    /// The solution of a challenge that was solved elsewhere. Without it a challenge is fetched and solved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pow: Option<PowSolution>,
    /// Only users of this tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
}

impl CreateOtpLoginData {
    /// For an email address, in any tenant.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), pow: None, tenant_id: None }
    }

    /// Uses the solution of a challenge that was solved elsewhere.
    #[must_use]
    pub fn pow(mut self, solution: PowSolution) -> Self {
        self.pow = Some(solution);
        self
    }

    /// Only users of this tenant.
    #[must_use]
    pub fn tenant_id(mut self, tenant_id: impl Into<TenantId>) -> Self {
        self.tenant_id = Some(tenant_id.into());
        self
    }
}

/// Without the email address.
impl fmt::Debug for CreateOtpLoginData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateOtpLoginData").field("tenant_id", &self.tenant_id).finish_non_exhaustive()
    }
}

/// The emailed code, sent to confirm a login.
#[doc(alias = "ConfirmOTPLoginData")]
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ConfirmOtpLoginData {
    /// The code.
    pub code: Secret,
    /// Whether to log in even though that ends an isolated session. Default: `false`.
    pub confirm_session_termination: bool,
}

impl ConfirmOtpLoginData {
    /// With the emailed code.
    pub fn new(code: impl Into<Secret>) -> Self {
        Self { code: code.into(), confirm_session_termination: false }
    }

    /// Whether to log in even though that ends an isolated session. Default: `false`.
    #[must_use]
    pub fn confirm_session_termination(mut self, confirm: bool) -> Self {
        self.confirm_session_termination = confirm;
        self
    }
}

/// Logs in as one of several users.
#[doc(alias = "SelectOTPLoginData")]
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SelectOtpLoginData {
    /// The code.
    pub code: Secret,
    /// The [`OtpLoginableUser::id`](super::OtpLoginableUser::id).
    pub user_id: UserId,
    /// Whether to log in even though that ends an isolated session. Default: `false`.
    pub confirm_session_termination: bool,
}

impl SelectOtpLoginData {
    /// With the emailed code, and a user of the list.
    pub fn new(code: impl Into<Secret>, user_id: UserId) -> Self {
        Self { code: code.into(), user_id, confirm_session_termination: false }
    }

    /// Whether to log in even though that ends an isolated session. Default: `false`.
    #[must_use]
    pub fn confirm_session_termination(mut self, confirm: bool) -> Self {
        self.confirm_session_termination = confirm;
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn codes_and_addresses_stay_out_of_debug() {
        let create = CreateOtpLoginData::new("robin@example.com");
        let confirm = ConfirmOtpLoginData::new("123456");
        let select = SelectOtpLoginData::new("123456", UserId::new(7));
        let shown = format!("{create:?} {confirm:?} {select:?}");
        assert!(!shown.contains("123456") && !shown.contains("robin"), "{shown}");
    }

    #[test]
    fn requests_serialize_as_documented() {
        let create = CreateOtpLoginData::new("a@example.com").pow(PowSolution::new("n", "12"));
        assert_eq!(
            serde_json::to_value(&create).unwrap(),
            json!({"email": "a@example.com", "pow": {"nonce": "n", "solution": "12"}})
        );
        let select = SelectOtpLoginData::new("123456", UserId::new(7)).confirm_session_termination(true);
        assert_eq!(
            serde_json::to_value(&select).unwrap(),
            json!({"code": "123456", "user_id": 7, "confirm_session_termination": true})
        );
    }
}
