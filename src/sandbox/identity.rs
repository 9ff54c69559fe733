//! The identity pool: temporary AWS credentials for an ID token.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Account;
use super::aws::{AwsError, AwsResult, text};
use super::clock::ClockReading;
use super::pool::{Refused, USER_POOL_ID};
use super::random::Random;

const IDENTITY_POOL_ID: &str = "us-east-1:4943c880-fb02-4fd7-bc37-2f4c32ecb2a3";

/// The state of the identity pool.
pub(crate) struct IdentityPool {
    /// Cognito id -> identity id.
    identities: HashMap<&'static str, String>,
    /// Access key -> credentials.
    credentials: HashMap<String, TemporaryCredentials>,
    pub(crate) lifetime: Duration,
    random: Random,
}

/// What signs requests until it expires.
#[derive(Clone)]
pub(crate) struct TemporaryCredentials {
    pub(crate) account: Account,
    pub(crate) secret_key: String,
    pub(crate) session_token: String,
    pub(crate) expires: Timestamp,
}

impl IdentityPool {
    pub(crate) fn new(random: Random, lifetime: Duration) -> Self {
        Self { identities: HashMap::new(), credentials: HashMap::new(), lifetime, random }
    }

    /// Performs an operation; `None` if it is unknown. `check` tells whose ID token it is.
    pub(crate) fn handle(
        &mut self,
        operation: &str,
        body: &Value,
        moment: ClockReading,
        check: impl FnOnce(&str) -> Result<Account, Refused>,
    ) -> Option<AwsResult> {
        Some(match operation {
            "GetId" => self.get_id(body, check),
            "GetCredentialsForIdentity" => self.get_credentials(body, moment, check),
            _ => return None,
        })
    }

    fn get_id(&mut self, body: &Value, check: impl FnOnce(&str) -> Result<Account, Refused>) -> AwsResult {
        let pool = text(body, "IdentityPoolId")?;
        if pool != IDENTITY_POOL_ID {
            return Err(AwsError::not_found(format!("IdentityPool '{pool}' not found.")));
        }
        let account = signed_in(body, check)?;
        let make = || format!("us-east-1:{}", self.random.uuid());
        Ok(json!({"IdentityId": self.identities.entry(account.cognito_id).or_insert_with(make)}))
    }

    fn get_credentials(
        &mut self,
        body: &Value,
        moment: ClockReading,
        check: impl FnOnce(&str) -> Result<Account, Refused>,
    ) -> AwsResult {
        let identity = text(body, "IdentityId")?.to_owned();
        if !self.identities.values().any(|known| *known == identity) {
            return Err(AwsError::not_found(format!("Identity '{identity}' not found.")));
        }
        let account = signed_in(body, check)?;
        if self.identities.get(account.cognito_id) != Some(&identity) {
            return Err(AwsError::not_authorized(
                "Logins don't match. Please include at least one valid login.",
            ));
        }
        let key = format!("ASIA{}", self.random.letters(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16));
        let given = TemporaryCredentials {
            account,
            secret_key: self.random.token(30),
            session_token: self.random.token(300),
            expires: moment.plus(self.lifetime),
        };
        let response = json!({"IdentityId": identity, "Credentials": {
            "AccessKeyId": key,
            "SecretKey": given.secret_key,
            "SessionToken": given.session_token,
            "Expiration": fractional_seconds(given.expires),
        }});
        self.credentials.insert(key, given);
        Ok(response)
    }

    /// The credentials that an access key belongs to.
    pub(crate) fn credentials(&self, access_key: &str) -> Option<&TemporaryCredentials> {
        self.credentials.get(access_key)
    }
}

fn signed_in(
    body: &Value,
    check: impl FnOnce(&str) -> Result<Account, Refused>,
) -> Result<Account, AwsError> {
    let unauthenticated =
        || AwsError::not_authorized("Unauthenticated access is not supported for this identity pool.");
    let logins = body.get("Logins").and_then(Value::as_object).ok_or_else(unauthenticated)?;
    let provider = format!("cognito-idp.us-east-1.amazonaws.com/{USER_POOL_ID}");
    if logins.keys().any(|key| *key != provider) {
        return Err(AwsError::not_authorized(
            "Token is not from a supported provider of this identity pool.",
        ));
    }
    let token = logins.get(&provider).and_then(Value::as_str).ok_or_else(unauthenticated)?;
    check(token).map_err(|refused| {
        AwsError::not_authorized(match refused {
            Refused::Expired => "Invalid login token. Token expired.",
            Refused::Signature => "Invalid login token. Token signature invalid.",
            _ => "Invalid login token.",
        })
    })
}

/// Seconds with milliseconds behind the point, as the service sends them.
fn fractional_seconds(time: Timestamp) -> Value {
    #[allow(clippy::cast_precision_loss)] // Milliseconds of this era are far below 2^53.
    let seconds = time.as_millisecond() as f64 / 1000.0;
    json!(seconds)
}
