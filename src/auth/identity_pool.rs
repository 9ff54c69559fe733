//! The identity pool: temporary AWS credentials for the one endpoint that wants a signature.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html>

use jiff::{SignedDuration, Timestamp};

use super::cognito::call;
use super::json::{Json, Object};
use super::sign_in::agreed_time;
use super::sigv4::AwsCredentials;
use crate::endpoints::Endpoints;
use crate::error::Result;
use crate::net::{HttpClient, Idempotency};
use crate::secret::Secret;

const IDENTITY_POOL: &str = "AWSCognitoIdentityService";

/// Temporary AWS credentials, and how long they serve.
#[derive(Clone, Debug)]
pub(crate) struct TemporaryCredentials {
    pub(crate) keys: AwsCredentials,
    /// In seconds since 1970, at times with a fraction.
    expiration: f64,
    /// How far AWS's clock is ahead of this machine's, where that is far.
    ahead: SignedDuration,
}

impl TemporaryCredentials {
    /// Whether they serve for at least another minute.
    pub(crate) fn are_good(&self, now: Timestamp) -> bool {
        self.expiration - self.time(now).as_duration().as_secs_f64() > 60.0
    }

    /// The time to sign with.
    pub(crate) fn time(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.ahead).unwrap_or(now)
    }
}

/// Gets credentials for the holder of an ID token.
pub(crate) fn temporary_credentials(
    http: &HttpClient,
    endpoints: &Endpoints,
    id_token: &Secret,
    now: Timestamp,
) -> Result<TemporaryCredentials> {
    let base = endpoints.identity_pool_base();
    let pool = endpoints.user_pool_settings();
    let provider = pool.login_provider();
    let logins = [(provider.as_str(), Json::Text(id_token.expose()))];
    let get_id = [("IdentityPoolId", Json::Text(pool.identity_pool_id())), ("Logins", Json::Object(&logins))];
    let identity = call(http, base, IDENTITY_POOL, "GetId", &get_id, Idempotency::Safe)?;
    let identity_id = identity.read(|object| object.needed("IdentityId", Object::text))?;
    let get_credentials = [("IdentityId", Json::Text(&identity_id)), ("Logins", Json::Object(&logins))];
    let answer =
        call(http, base, IDENTITY_POOL, "GetCredentialsForIdentity", &get_credentials, Idempotency::Safe)?;
    let ahead = agreed_time(now, answer.date).duration_since(now);
    answer.read(|object| {
        let credentials = object.needed("Credentials", Object::object)?;
        let keys = AwsCredentials {
            access_key_id: credentials.needed("AccessKeyId", Object::text)?,
            secret_key: credentials.needed("SecretKey", Object::secret)?,
            session_token: Some(credentials.needed("SessionToken", Object::secret)?),
        };
        Ok(TemporaryCredentials {
            keys,
            expiration: credentials.needed("Expiration", Object::number)?,
            ahead,
        })
    })
}
