//! The tokens that logins and restrictions issue.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::campus::iso;
use super::refusal::{Refusal, missing};
use super::users::User;
use super::{CodeGrade, later};
use crate::sandbox::http::{Request, Response, parse_query};

const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A token that was issued.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) user: User,
    pub(super) email: String,
    pub(super) restrictions: Value,
    expires: Timestamp,
    revoked: bool,
}

pub(super) type Tokens = HashMap<String, Token>;

impl Token {
    /// The only course that it is good for.
    pub(super) fn course(&self) -> Option<i64> {
        self.restrictions.pointer("/for_context/course_id")?.as_i64()
    }

    /// Whether a permission in courses was taken away.
    pub(super) fn lacks(&self, permission: &str) -> bool {
        let removed = self.restrictions.pointer("/removed_permissions/course").and_then(Value::as_array);
        removed.into_iter().flatten().any(|name| name == permission)
    }
}

impl CodeGrade {
    /// A new token, as the body of a response.
    pub(super) fn issue(&mut self, user: &User, email: &str, restrictions: Value, now: Timestamp) -> Value {
        let access_token = self.random.token(24);
        let expires = later(now, TOKEN_LIFETIME);
        let body = json!({
            "user": user.to_session(email), "access_token": access_token, "restrictions": restrictions,
            "expires_at": iso(expires),
        });
        let token =
            Token { user: user.clone(), email: email.to_owned(), restrictions, expires, revoked: false };
        self.tokens.insert(access_token, token);
        body
    }

    /// The token of a request, if it is valid.
    pub(super) fn caller(&self, request: &Request, now: Timestamp) -> Result<Token, Refusal> {
        let header = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let token = header.and_then(|token| self.tokens.get(token));
        match token {
            Some(token) if token.revoked => {
                let mut refusal = Refusal::new(401, "TOKEN_REVOKED", "The token has been revoked.");
                refusal.more = Some(("token_id", json!("token")));
                Err(refusal)
            }
            Some(token) if now < token.expires => Ok(token.clone()),
            _ => Err(Refusal::new(401, "NOT_LOGGED_IN", "You are not logged in.")),
        }
    }

    pub(super) fn restrict(&mut self, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        let caller = self.caller(request, now)?;
        let asked = request.json();
        let asked = asked.as_object().ok_or_else(|| missing("body"))?;
        let has_course_list = |removed: &Value| removed.get("course").is_some_and(Value::is_array);
        if asked.get("removed_permissions").is_some_and(|removed| !has_course_list(removed)) {
            return Err(missing("removed_permissions.course"));
        }
        let mut restrictions = caller.restrictions.as_object().cloned().unwrap_or_default();
        restrictions.extend(asked.clone());
        let body = self.issue(&caller.user, &caller.email, Value::Object(restrictions), now);
        Ok(Response::json(200, &body))
    }

    pub(super) fn revoke(&mut self, request: &Request) -> Result<Response, Refusal> {
        if !request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
        {
            return Err(Refusal::new(400, "PARSING_FAILED", "The body is not a form."));
        }
        let form = parse_query(&String::from_utf8_lossy(&request.body));
        let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let token = field("token").ok_or_else(|| missing("token"))?;
        let is_confirmed = match field("confirm_session_termination") {
            Some("true") => true,
            Some("false") => false,
            _ => return Err(missing("confirm_session_termination")),
        };
        let email = match self.tokens.get(token) {
            Some(token) if !token.revoked => token.email.clone(),
            // What is not valid any more counts as revoked.
            _ => return Ok(Response::json(200, &json!({}))),
        };
        if self.isolated.contains(&email) && !is_confirmed {
            let message = "An isolated session is active for this user.";
            return Err(Refusal::new(409, "ISOLATED_SESSION_ACTIVE", message));
        }
        let ends_all = self.isolated.remove(&email);
        for (text, issued) in &mut self.tokens {
            issued.revoked |= text == token || (ends_all && issued.email == email);
        }
        Ok(Response::json(200, &json!({})))
    }
}
