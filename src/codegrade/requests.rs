//! What goes to the server.

use serde::Serialize;

use super::pow::Solution;
use crate::Secret;

/// Asks for a code to be mailed.
#[doc(alias = "CreateOTPLoginData")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CreateOtpLoginData {
    /// The address to log in with, to which the code goes.
    pub email: String,
    /// The solution of a challenge of one's own. Without it the challenge is fetched and solved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pow: Option<Solution>,
    /// Only users of this tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

impl CreateOtpLoginData {
    /// For an e-mail address, in any tenant.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), pow: None, tenant_id: None }
    }

    /// With a proof of work that is solved already.
    #[must_use]
    pub fn pow(mut self, solution: Solution) -> Self {
        self.pow = Some(solution);
        self
    }

    /// Only users of this tenant.
    #[must_use]
    pub fn tenant_id(mut self, tenant_id: impl Into<String>) -> Self {
        self.tenant_id = Some(tenant_id.into());
        self
    }
}

/// Shows the code that was mailed.
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
    /// With the code as it was mailed.
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
    pub user_id: i64,
    /// Whether to log in even though that ends an isolated session. Default: `false`.
    pub confirm_session_termination: bool,
}

impl SelectOtpLoginData {
    /// With the code as it was mailed, and a user of the list.
    pub fn new(code: impl Into<Secret>, user_id: i64) -> Self {
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
    fn codes_stay_out_of_debug() {
        let confirm = ConfirmOtpLoginData::new("123456");
        let select = SelectOtpLoginData::new("123456", 7);
        let shown = format!("{confirm:?} {select:?}");
        assert!(!shown.contains("123456"), "{shown}");
    }

    #[test]
    fn requests_look_as_the_server_wants_them() {
        let create = CreateOtpLoginData::new("a@example.com").pow(Solution::new("n", "12"));
        assert_eq!(
            serde_json::to_value(&create).unwrap(),
            json!({"email": "a@example.com", "pow": {"nonce": "n", "solution": "12"}})
        );
        let select = SelectOtpLoginData::new("123456", 7).confirm_session_termination(true);
        assert_eq!(
            serde_json::to_value(&select).unwrap(),
            json!({"code": "123456", "user_id": 7, "confirm_session_termination": true})
        );
    }
}
