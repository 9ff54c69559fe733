//! Calls to the Cognito user pool: one function per operation.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html>

mod errors;
mod messages;

use std::collections::BTreeMap;

use http::{Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::{Zeroize, Zeroizing};

use self::messages::{
    AuthParameters, ConfirmDevice, DeviceSecretVerifierConfig, Empty, GetTokensFromRefreshToken,
    InitiateAuth, RespondToAuthChallenge, RevokeToken,
};
use super::context::Context;
use super::device::DeviceVerifier;
use super::wire::{from_json, to_json};
use crate::endpoints::UserPool;
use crate::error::{Error, Result};
use crate::net::Idempotency;
use crate::secret::Secret;

pub(crate) use self::errors::{Effect, Step, effect};
pub(crate) use self::messages::{AuthResponse, AuthenticationResult, ChallengeParameters, NewDevice};

/// The user pool's service in `X-Amz-Target`.
const USER_POOL: &str = "AWSCognitoIdentityProviderService";

/// The user pool's operations.
#[derive(Clone, Copy)]
pub(crate) struct Cognito<'a> {
    context: &'a Context,
}

impl<'a> Cognito<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self { context }
    }

    pub(crate) fn pool(&self) -> &'a UserPool {
        self.context.endpoints.user_pool_settings()
    }

    /// Starts a sign-in. It proves no password, so it may be repeated.
    pub(crate) fn start(&self, email: &str, srp_a: &str, device_key: Option<&str>) -> Result<AuthResponse> {
        let parameters = AuthParameters {
            username: Some(email),
            srp_a: Some(srp_a),
            device_key,
            ..AuthParameters::default()
        };
        self.initiate_auth("USER_SRP_AUTH", parameters, Step::Start)
    }

    /// Responds to a challenge. Each response counts as an attempt, so it is sent once.
    pub(crate) fn respond(
        &self,
        challenge_name: &str,
        session: Option<&Secret>,
        challenge_responses: &BTreeMap<&str, &str>,
        step: Step,
    ) -> Result<AuthResponse> {
        let request = RespondToAuthChallenge {
            challenge_name,
            client_id: self.pool().client_id(),
            session: session.map(Secret::expose),
            challenge_responses,
        };
        self.call("RespondToAuthChallenge", &request, Idempotency::IfNotSent, step)
    }

    /// Confirms a device. The same verifier twice is the same device, so it may be repeated.
    pub(crate) fn confirm_device(
        &self,
        access_token: &Secret,
        device_key: &str,
        device_name: &str,
        verifier: &DeviceVerifier,
    ) -> Result<()> {
        let request = ConfirmDevice {
            access_token: access_token.expose(),
            device_key,
            device_name,
            device_secret_verifier_config: DeviceSecretVerifierConfig {
                password_verifier: verifier.verifier_b64(),
                salt: verifier.salt_b64(),
            },
        };
        self.call("ConfirmDevice", &request, Idempotency::Safe, Step::Other).map(|Empty {}| ())
    }

    /// Gets new tokens for a refresh token: by `REFRESH_TOKEN_AUTH`, or by `GetTokensFromRefreshToken` if the pool
    /// rotates refresh tokens and asks for that.
    pub(crate) fn refresh(
        &self,
        refresh_token: &Secret,
        device_key: Option<&str>,
    ) -> Result<AuthenticationResult> {
        let parameters = AuthParameters {
            refresh_token: Some(refresh_token.expose()),
            device_key,
            ..AuthParameters::default()
        };
        let response = match self.initiate_auth("REFRESH_TOKEN_AUTH", parameters, Step::Refresh) {
            Err(error) if errors::wants_rotation(&error) => self.rotate(refresh_token, device_key)?,
            response => response?,
        };
        response
            .authentication_result
            .ok_or_else(|| Error::authentication("the user pool's response to a refresh has no tokens"))
    }

    fn rotate(&self, refresh_token: &Secret, device_key: Option<&str>) -> Result<AuthResponse> {
        let request = GetTokensFromRefreshToken {
            client_id: self.pool().client_id(),
            refresh_token: refresh_token.expose(),
            device_key,
        };
        // A rotated token is valid once: a repeated request could be refused although the first one succeeded.
        self.call("GetTokensFromRefreshToken", &request, Idempotency::IfNotSent, Step::Refresh)
    }

    /// Revokes a refresh token and the tokens of its sign-in, but no other session of the member.
    pub(crate) fn revoke(&self, refresh_token: &Secret) -> Result<()> {
        let request = RevokeToken { client_id: self.pool().client_id(), token: refresh_token.expose() };
        let base = self.context.endpoints.user_pool_base();
        // Its response is empty.
        send(self.context, base, USER_POOL, "RevokeToken", &request, Idempotency::Safe, Step::Other).map(drop)
    }

    fn initiate_auth(
        &self,
        auth_flow: &str,
        auth_parameters: AuthParameters<'_>,
        step: Step,
    ) -> Result<AuthResponse> {
        let request = InitiateAuth { auth_flow, client_id: self.pool().client_id(), auth_parameters };
        self.call("InitiateAuth", &request, Idempotency::Safe, step)
    }

    fn call<T: DeserializeOwned>(
        &self,
        operation: &str,
        request: &impl Serialize,
        idempotency: Idempotency,
        step: Step,
    ) -> Result<T> {
        let base = self.context.endpoints.user_pool_base();
        call(self.context, base, USER_POOL, operation, request, idempotency, step)
    }
}

/// One call of the Cognito JSON protocol, whose response is a JSON object.
pub(super) fn call<T: DeserializeOwned>(
    context: &Context,
    base: &str,
    service: &str,
    operation: &str,
    request: &impl Serialize,
    idempotency: Idempotency,
    step: Step,
) -> Result<T> {
    let body = send(context, base, service, operation, request, idempotency, step)?;
    from_json(&body).map_err(|error| Error::Decode {
        endpoint: operation.to_owned(),
        path: ".".to_owned(),
        reason: error.to_string(),
    })
}

/// Sends a call and returns the body of its response. Request and response are wiped.
fn send(
    context: &Context,
    base: &str,
    service: &str,
    operation: &str,
    request: &impl Serialize,
    idempotency: Idempotency,
    step: Step,
) -> Result<Zeroizing<Vec<u8>>> {
    let unsendable =
        |error: String| Error::authentication(format!("{operation} could not be written: {error}"));
    let mut body = to_json(request).map_err(|error| unsendable(error.to_string()))?;
    let mut request = Request::post(format!("{base}/"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("{service}.{operation}"))
        .body(std::mem::take(&mut *body))
        .map_err(|error| unsendable(error.to_string()))?;
    let result =
        context.send(operation, &request, idempotency, |response| check_response(operation, step, response));
    request.body_mut().zeroize();
    result
}

fn check_response(operation: &str, step: Step, response: Response<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>> {
    let (head, body) = response.into_parts();
    let body = Zeroizing::new(body);
    if head.status.is_success() { Ok(body) } else { Err(errors::refusal(operation, step, &head, &body)) }
}
