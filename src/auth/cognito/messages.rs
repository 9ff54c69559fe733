//! Requests and responses of the user pool, as they are on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::secret::Secret;

/// [`InitiateAuth`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html)
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InitiateAuth<'a> {
    pub(super) auth_flow: &'a str,
    pub(super) client_id: &'a str,
    pub(super) auth_parameters: AuthParameters<'a>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct AuthParameters<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) srp_a: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device_key: Option<&'a str>,
}

/// [`RespondToAuthChallenge`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html)
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RespondToAuthChallenge<'a> {
    pub(super) challenge_name: &'a str,
    pub(super) client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<&'a str>,
    pub(super) challenge_responses: &'a BTreeMap<&'a str, &'a str>,
}

/// [`ConfirmDevice`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmDevice.html)
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConfirmDevice<'a> {
    pub(super) access_token: &'a str,
    pub(super) device_key: &'a str,
    pub(super) device_name: &'a str,
    pub(super) device_secret_verifier_config: DeviceSecretVerifierConfig<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeviceSecretVerifierConfig<'a> {
    pub(super) password_verifier: &'a str,
    pub(super) salt: &'a str,
}

/// [`GetTokensFromRefreshToken`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html)
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetTokensFromRefreshToken<'a> {
    pub(super) client_id: &'a str,
    pub(super) refresh_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device_key: Option<&'a str>,
}

/// [`RevokeToken`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html)
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RevokeToken<'a> {
    pub(super) client_id: &'a str,
    pub(super) token: &'a str,
}

/// The response to `InitiateAuth`, `RespondToAuthChallenge` and `GetTokensFromRefreshToken`: tokens, or a challenge.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthResponse {
    pub(crate) authentication_result: Option<AuthenticationResult>,
    pub(crate) challenge_name: Option<String>,
    pub(crate) challenge_parameters: Option<ChallengeParameters>,
    pub(crate) session: Option<Secret>,
}

/// The parameters of the challenges that this crate knows. A struct, since a map would accept a name twice.
#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) struct ChallengeParameters {
    pub(crate) username: Option<String>,
    pub(crate) user_id_for_srp: Option<String>,
    pub(crate) salt: Option<String>,
    pub(crate) srp_b: Option<String>,
    pub(crate) secret_block: Option<String>,
    pub(crate) code_delivery_delivery_medium: Option<String>,
    pub(crate) code_delivery_destination: Option<String>,
    /// JSON in a string: a list of names such as `userAttributes.given_name`.
    #[serde(rename = "requiredAttributes")]
    pub(crate) required_attributes: Option<String>,
}

/// The tokens of a sign-in or a refresh.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthenticationResult {
    pub(crate) access_token: Secret,
    pub(crate) id_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) new_device_metadata: Option<NewDevice>,
}

/// A device that the pool has registered and that has to be confirmed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewDevice {
    pub(crate) device_key: String,
    pub(crate) device_group_key: String,
}

/// The response to an operation that returns nothing useful.
#[derive(Deserialize)]
pub(super) struct Empty {}

/// The body of an error. A member that is not a string is ignored.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ErrorBody {
    #[serde(rename = "__type")]
    pub(super) kind: Value,
    pub(super) message: Value,
    #[serde(rename = "Message")]
    pub(super) upper_message: Value,
}
