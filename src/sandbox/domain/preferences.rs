//! Preferences for text messages and emails.

use serde_json::{Value, json};

use super::responses::{bad_request, forbidden, not_found, success, thin};
use super::{Call, Domain};
use crate::sandbox::http::Response;

impl Domain {
    /// `GET /sms/v1/preferences?phoneNumber=…`
    pub(super) fn sms(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        if call.request.query("phoneNumber") != Some(member.phone().as_str()) {
            return not_found("The phone number");
        }
        let (promotional, transactional) = member.sms;
        let mut preferences = json!({
            "isPromotionalSmsOptIn": promotional,
            "isTransactionalSmsOptIn": transactional,
            "isPromotionalPhoneOptIn": false,
            "isTransactionalPhoneOptIn": false,
        });
        if member.is_sparse() {
            thin(&mut preferences, &["isPromotionalPhoneOptIn"], &["isTransactionalPhoneOptIn"]);
        }
        success(&preferences)
    }

    /// `POST /sms/v1/preferences`
    pub(super) fn set_sms(&mut self, call: &Call<'_>) -> Response {
        let body = call.request.json();
        let Some(member) = self.member_mut(call.caller) else { return forbidden() };
        if body.get("phoneNumber").and_then(Value::as_str) != Some(member.phone().as_str()) {
            return not_found("The phone number");
        }
        let Some(wanted) = flags(&body, "promosms", "transactionalsms") else {
            return bad_request("promosms and transactionalsms are required");
        };
        member.sms = wanted;
        success(&json!({}))
    }

    /// `GET /otfmailing/v2/preferences?email=…`
    pub(super) fn email(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        if !call.request.query("email").is_some_and(|email| email.eq_ignore_ascii_case(member.account.email))
        {
            return not_found("The email address");
        }
        let (promotional, transactional) = member.email;
        let mut preferences = json!({
            "email": member.account.email,
            "isSystemEmailOptIn": true,
            "isPromotionalEmailOptIn": promotional,
            "isTransactionalEmailOptIn": transactional,
        });
        if member.is_sparse() {
            thin(&mut preferences, &["isSystemEmailOptIn"], &["email"]);
        }
        success(&preferences)
    }

    /// `POST /otfmailing/v2/preferences`
    pub(super) fn set_email(&mut self, call: &Call<'_>) -> Response {
        let body = call.request.json();
        let Some(member) = self.member_mut(call.caller) else { return forbidden() };
        if body.get("email").and_then(Value::as_str) != Some(member.account.email) {
            return not_found("The email address");
        }
        let Some(wanted) = flags(&body, "promotionalEmail", "transactionalEmail") else {
            return bad_request("promotionalEmail and transactionalEmail are required");
        };
        member.email = wanted;
        success(&json!({}))
    }
}

fn flags(body: &Value, promotional: &str, transactional: &str) -> Option<(bool, bool)> {
    let flag = |name: &str| body.get(name).and_then(Value::as_bool);
    flag(promotional).zip(flag(transactional))
}
