//! One attempt at signing in: the loop of challenges and responses.

use std::collections::BTreeMap;
use std::mem;

use super::challenge::{ChallengeKind, SignInChallenge};
use super::cognito::{AuthResponse, AuthenticationResult, ChallengeParameters, Step};
use super::session::Device;
use super::sign_in::{Failure, SignIn};
use super::srp::{self, EphemeralKey, Identity, PasswordChallenge, SrpError};
use crate::error::redact;
use crate::error::{Error, Result};
use crate::random;
use crate::secret::Secret;

/// A sign-in takes three challenges at most, and a code may be mistyped a few times.
const MAX_CHALLENGES: usize = 8;

/// An attempt in progress.
pub(super) struct Attempt<'s, 'a> {
    sign_in: &'s mut SignIn<'a>,
    device: Option<&'s Device>,
    /// The key whose A was sent last.
    key: EphemeralKey,
    /// The name that the pool knows the user by, once it has said it.
    username: String,
    has_proved_password: bool,
}

/// A challenge as the pool sent it.
struct Received {
    name: String,
    session: Option<Secret>,
    parameters: ChallengeParameters,
}

impl<'s> Attempt<'s, '_> {
    pub(super) fn run(
        sign_in: &mut SignIn<'_>,
        device: Option<&Device>,
    ) -> Result<AuthenticationResult, Failure> {
        let key = ephemeral_key()?;
        let device_key = device.map(|device| device.key.as_str());
        let mut response = sign_in
            .cognito()
            .start(sign_in.email, &key.public_hex(), device_key)
            .map_err(Failure::at(Step::Start))?;
        let username = sign_in.email.to_owned();
        let mut attempt = Attempt { sign_in, device, key, username, has_proved_password: false };
        let mut challenges = 0;
        loop {
            if let Some(tokens) = response.authentication_result {
                return Ok(tokens);
            }
            challenges += 1;
            if challenges > MAX_CHALLENGES {
                return Err(Error::authentication("too many authentication challenges").into());
            }
            response = attempt.respond_to(response)?;
        }
    }

    fn respond_to(&mut self, response: AuthResponse) -> Result<AuthResponse, Failure> {
        let name = response.challenge_name.ok_or_else(|| {
            Error::authentication("the user pool's response has neither tokens nor a challenge")
        })?;
        let session = response.session.filter(|session| !session.is_empty());
        let parameters = response.challenge_parameters.unwrap_or_default();
        if let Some(username) = &parameters.username {
            self.username.clone_from(username);
        }
        let received = Received { name, session, parameters };
        match received.name.as_str() {
            "PASSWORD_VERIFIER" => self.prove_password(&received),
            "DEVICE_SRP_AUTH" => self.offer_device(&received),
            "DEVICE_PASSWORD_VERIFIER" => self.prove_device(&received),
            _ => self.ask_program(received),
        }
    }

    fn prove_password(&mut self, received: &Received) -> Result<AuthResponse, Failure> {
        if mem::replace(&mut self.has_proved_password, true) {
            return Err(
                Error::authentication("the user pool asked for a second proof of the password").into()
            );
        }
        let user_id = received.parameters.user_id_for_srp.clone().unwrap_or_else(|| self.username.clone());
        let password = self.sign_in.password.clone();
        let pool_id = self.sign_in.cognito().pool().id();
        let identity = Identity::user(pool_id, &user_id, &password).map_err(untrusted)?;
        self.prove(received, &identity, Step::ProvePassword)
    }

    fn prove_device(&mut self, received: &Received) -> Result<AuthResponse, Failure> {
        let device = self.known_device(received)?;
        let identity = Identity::device(&device.group_key, &device.key, &device.password);
        self.prove(received, &identity, Step::ProveDevice)
    }

    fn prove(
        &mut self,
        received: &Received,
        identity: &Identity<'_>,
        step: Step,
    ) -> Result<AuthResponse, Failure> {
        let parameters = &received.parameters;
        let missing = |name: &str| Error::authentication(format!("the sign-in challenge has no {name}"));
        let challenge = PasswordChallenge {
            salt_hex: parameters.salt.as_deref().ok_or_else(|| missing("SALT"))?,
            srp_b_hex: parameters.srp_b.as_deref().ok_or_else(|| missing("SRP_B"))?,
            secret_block_b64: parameters.secret_block.as_deref().ok_or_else(|| missing("SECRET_BLOCK"))?,
        };
        let signed_at = self.sign_in.context.server_time();
        let timestamp = srp::timestamp(signed_at);
        let signature =
            srp::sign_challenge(&self.key, &challenge, identity, &timestamp).map_err(untrusted)?;
        if step == Step::ProvePassword {
            self.sign_in.proofs += 1;
        }
        let responses = [
            ("TIMESTAMP", timestamp.as_str()),
            ("PASSWORD_CLAIM_SECRET_BLOCK", challenge.secret_block_b64),
            ("PASSWORD_CLAIM_SIGNATURE", &signature),
        ];
        self.respond(received, &responses, step).map_err(|error| Failure {
            step,
            error,
            signed_at: Some(signed_at),
        })
    }

    /// Starts a device's own SRP with a key of its own.
    fn offer_device(&mut self, received: &Received) -> Result<AuthResponse, Failure> {
        self.known_device(received)?;
        self.key = ephemeral_key()?;
        self.respond(received, &[("SRP_A", &self.key.public_hex())], Step::ProveDevice)
            .map_err(Failure::at(Step::ProveDevice))
    }

    fn known_device(&self, received: &Received) -> Result<&'s Device> {
        self.device.ok_or_else(|| Error::Challenge {
            name: received.name.clone(),
            reason: "no confirmed device is stored for this account".to_owned(),
        })
    }

    fn ask_program(&mut self, mut received: Received) -> Result<AuthResponse, Failure> {
        let failed =
            |reason: &str| Error::Challenge { name: redact(&received.name), reason: reason.to_owned() };
        let kind = ChallengeKind::from_name(&received.name)
            .ok_or_else(|| failed("this client does not support it"))?;
        let handler = self
            .sign_in
            .settings
            .challenge_handler
            .as_ref()
            .ok_or_else(|| failed("the program does not respond to it; set OtfBuilder::on_challenge"))?;
        let response = handler.respond(&SignInChallenge::new(kind, mem::take(&mut received.parameters)))?;
        let mut responses = vec![(kind.response_name(), response.secret.expose())];
        responses.extend(response.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let accepted = self.respond(&received, &responses, Step::Other)?;
        if kind == ChallengeKind::NewPasswordRequired {
            self.sign_in.password = response.secret.clone();
            self.sign_in.new_password = Some(response.secret);
        }
        Ok(accepted)
    }

    /// Responds with what each response carries, and these responses.
    fn respond(&self, received: &Received, responses: &[(&str, &str)], step: Step) -> Result<AuthResponse> {
        let mut all = BTreeMap::from([("USERNAME", self.username.as_str())]);
        all.extend(self.device.map(|device| ("DEVICE_KEY", device.key.as_str())));
        all.extend(responses.iter().copied());
        self.sign_in.cognito().respond(&received.name, received.session.as_ref(), &all, step)
    }
}

fn ephemeral_key() -> Result<EphemeralKey> {
    EphemeralKey::from_bytes(&random::bytes()?).map_err(untrusted)
}

/// The error for a challenge that no honest server would send, so that the client does not respond.
fn untrusted(error: SrpError) -> Error {
    Error::untrusted(format!("the user pool's challenge is refused: {error}"), error)
}
