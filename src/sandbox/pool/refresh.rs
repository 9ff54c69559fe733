//! Refresh tokens: using, rotating and revoking them.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::tokens::Origin;
use super::{Pool, check_client};
use crate::sandbox::aws::{AwsError, AwsResult, optional_text, text};
use crate::sandbox::clock::ClockReading;

/// What happens to a refresh token that has been used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// Nothing: it stays valid until it expires. This is how the real pool is configured.
    #[default]
    Off,
    /// It is replaced by a new one and refused from then on, however it was used.
    On,
    /// The same, and `InitiateAuth` no longer takes refresh tokens at all: only `GetTokensFromRefreshToken`
    /// does. This is how a pool with rotation is configured today.
    NewOperationOnly,
}

/// The refresh tokens that were issued.
#[derive(Default)]
pub(super) struct Grants(HashMap<String, Grant>);

#[derive(Clone)]
struct Grant {
    member: usize,
    origin: Origin,
    expires: Timestamp,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Live,
    Used,
    Revoked,
}

impl Grants {
    pub(super) fn revoke_all_of(&mut self, member: usize) {
        let grants = self.0.values_mut().filter(|grant| grant.member == member);
        grants.for_each(|grant| grant.state = State::Revoked);
    }

    fn set(&mut self, token: &str, state: State) {
        if let Some(grant) = self.0.get_mut(token) {
            grant.state = state;
        }
    }
}

impl Pool {
    /// A new refresh token.
    pub(super) fn grant(&mut self, member: usize, origin: &Origin, moment: ClockReading) -> String {
        let token = self.random.token(120);
        let expires = moment.plus(self.settings.refresh_lifetime);
        let grant = Grant { member, origin: origin.clone(), expires, state: State::Live };
        self.grants.0.insert(token.clone(), grant);
        token
    }

    /// `InitiateAuth` with `REFRESH_TOKEN_AUTH`.
    pub(super) fn refresh_token_auth(&mut self, parameters: &Value, moment: ClockReading) -> AwsResult {
        if self.settings.rotation == Rotation::NewOperationOnly {
            return Err(AwsError::invalid_parameter(
                "REFRESH_TOKEN_AUTH flow not enabled for this client: with refresh token rotation, use \
                 GetTokensFromRefreshToken",
            ));
        }
        let token = text(parameters, "REFRESH_TOKEN")?;
        let device = optional_text(parameters, "DEVICE_KEY")?;
        let revoked = || AwsError::not_authorized("Refresh Token has been revoked");
        self.refresh(token, device, moment, revoked)
    }

    /// `GetTokensFromRefreshToken`.
    pub(super) fn get_tokens_from_refresh_token(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        check_client(body)?;
        let (token, device) = (text(body, "RefreshToken")?, optional_text(body, "DeviceKey")?);
        let reused = || AwsError::new("RefreshTokenReuseException", "Refresh token has been used already");
        self.refresh(token, device, moment, reused)
    }

    fn refresh(
        &mut self,
        token: &str,
        device: Option<&str>,
        moment: ClockReading,
        used: impl Fn() -> AwsError,
    ) -> AwsResult {
        let invalid = || AwsError::not_authorized("Invalid Refresh Token.");
        let grant = self.grants.0.get(token).cloned().ok_or_else(invalid)?;
        let member = self.member(grant.member)?;
        let account = member.account.clone();
        // The pool tracks devices: a refresh comes from the device of the sign-in, and that one is confirmed.
        let own = grant.origin.device.as_deref().filter(|key| member.confirmed_device(key).is_some());
        if own.is_none() || own != device {
            return Err(invalid());
        }
        match grant.state {
            State::Used => return Err(used()),
            State::Revoked => return Err(AwsError::not_authorized("Refresh Token has been revoked")),
            State::Live if grant.expires <= moment.now => {
                return Err(AwsError::not_authorized("Refresh Token has expired"));
            }
            State::Live => {}
        }
        let next = (self.settings.rotation != Rotation::Off).then(|| {
            self.grants.set(token, State::Used);
            self.grant(grant.member, &grant.origin, moment)
        });
        let result = self.authentication_result(&account, &grant.origin, next, moment);
        Ok(json!({"AuthenticationResult": result, "ChallengeParameters": {}}))
    }

    /// `RevokeToken`: the refresh token and the tokens that came from its sign-in.
    pub(super) fn revoke_token(&mut self, body: &Value) -> AwsResult {
        check_client(body)?;
        let token = text(body, "Token")?;
        let Some(grant) = self.grants.0.get(token) else {
            return match token.split('.').count() {
                3 => Err(AwsError::new("UnsupportedTokenTypeException", "Unsupported token type")),
                _ => Ok(json!({})),
            };
        };
        let origin = grant.origin.id.clone();
        self.grants.set(token, State::Revoked);
        self.mint.dishonor(&origin);
        Ok(json!({}))
    }

    /// `GlobalSignOut`: everything of this account.
    pub(super) fn global_sign_out(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        let (member, _) = self.check_access_token(body, moment)?;
        self.grants.revoke_all_of(member);
        let origins = self.grants.0.values().filter(|grant| grant.member == member);
        let origins: Vec<String> = origins.map(|grant| grant.origin.id.clone()).collect();
        origins.iter().for_each(|origin| self.mint.dishonor(origin));
        Ok(json!({}))
    }
}
