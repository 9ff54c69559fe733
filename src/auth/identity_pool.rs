//! The identity pool: temporary AWS credentials for the one endpoint that requires a signature.
//!
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html>

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cognito::{Step, call};
use super::context::Context;
use super::sigv4::AwsCredentials;
use crate::error::Result;
use crate::net::Idempotency;
use crate::secret::Secret;

const IDENTITY_POOL: &str = "AWSCognitoIdentityService";

/// Temporary AWS credentials, and when they expire.
#[derive(Clone, Debug)]
pub(crate) struct TemporaryCredentials {
    pub(crate) keys: AwsCredentials,
    /// In seconds since 1970, sometimes with a fraction.
    expiration: f64,
}

impl TemporaryCredentials {
    /// Whether they are valid for another minute. `now` is the server's time.
    pub(crate) fn are_valid(&self, now: Timestamp) -> bool {
        self.expiration - now.as_duration().as_secs_f64() > 60.0
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetId<'a> {
    identity_pool_id: &'a str,
    logins: BTreeMap<&'a str, &'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetIdResponse {
    identity_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetCredentialsForIdentity<'a> {
    identity_id: &'a str,
    logins: BTreeMap<&'a str, &'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetCredentialsResponse {
    credentials: WireCredentials,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireCredentials {
    access_key_id: String,
    secret_key: Secret,
    session_token: Secret,
    expiration: f64,
}

/// Gets credentials for the holder of an ID token.
pub(crate) fn temporary_credentials(context: &Context, id_token: &Secret) -> Result<TemporaryCredentials> {
    let pool = context.endpoints.user_pool_settings();
    let provider = pool.login_provider();
    let logins = BTreeMap::from([(provider.as_str(), id_token.expose())]);
    let request = GetId { identity_pool_id: pool.identity_pool_id(), logins: logins.clone() };
    let identity: GetIdResponse = send(context, "GetId", &request)?;
    let request = GetCredentialsForIdentity { identity_id: &identity.identity_id, logins };
    let GetCredentialsResponse { credentials } = send(context, "GetCredentialsForIdentity", &request)?;
    Ok(TemporaryCredentials {
        keys: AwsCredentials {
            access_key_id: credentials.access_key_id,
            secret_key: credentials.secret_key,
            session_token: Some(credentials.session_token),
        },
        expiration: credentials.expiration,
    })
}

fn send<T: serde::de::DeserializeOwned>(
    context: &Context,
    operation: &str,
    request: &impl Serialize,
) -> Result<T> {
    let base = context.endpoints.identity_pool_base();
    call(context, base, IDENTITY_POOL, operation, request, Idempotency::Safe, Step::Other)
}
