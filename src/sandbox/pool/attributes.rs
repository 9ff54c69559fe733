//! What an account can request about itself.

use serde_json::{Value, json};

use super::{Member, Pool};
use crate::sandbox::aws::{AwsError, AwsResult, text};
use crate::sandbox::clock::ClockReading;

impl Pool {
    /// `GetUser`.
    pub(super) fn get_user(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        let (index, _) = self.check_access_token(body, moment)?;
        let Member { account, profile, .. } = self.member(index)?;
        let attributes = [
            ("sub", account.cognito_id),
            ("email", account.email),
            ("email_verified", "true"),
            ("given_name", profile.given_name.as_str()),
            ("family_name", profile.family_name.as_str()),
        ];
        let attributes: Vec<Value> =
            attributes.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
        Ok(json!({"Username": account.member_uuid, "UserAttributes": attributes}))
    }

    /// `ChangePassword`.
    pub(super) fn change_password(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        let (index, _) = self.check_access_token(body, moment)?;
        let (previous, proposed) = (text(body, "PreviousPassword")?, text(body, "ProposedPassword")?);
        let member = self.member(index)?;
        if member.password != previous {
            return Err(AwsError::not_authorized("Incorrect username or password."));
        }
        member.set_password(proposed);
        Ok(json!({}))
    }
}
