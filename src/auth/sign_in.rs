//! Signing in with a password: the loop of challenges, and the device that it leaves confirmed.

use std::collections::BTreeMap;
use std::mem;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::challenge::{Challenge, ChallengeHandler, ChallengeKind};
use super::cognito::{AuthAnswer, AuthenticationResult, Cognito, NewDevice, says};
use super::credentials::Credentials;
use super::device::DeviceVerifier;
use super::json::{Json, Object};
use super::srp::{self, EphemeralKey, Identity, PasswordChallenge, SrpError};
use crate::error::redact;
use crate::error::{Error, Result};
use crate::models::DecodeError;
use crate::net::Clock;
use crate::random;
use crate::secret::Secret;

/// A pool that asks more than this is not asking, it is going in circles.
const MOST_CHALLENGES: usize = 8;

/// A confirmed device: without it the pool refuses to refresh.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Device {
    /// The device key.
    pub key: String,
    /// The group key that goes with it.
    pub group_key: String,
    /// The password that was made for it when it was confirmed.
    pub password: Secret,
}

impl Device {
    /// Reads what the store has kept.
    pub(super) fn read(object: &Object<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            key: object.needed("key", Object::text)?,
            group_key: object.needed("group_key", Object::text)?,
            password: object.needed("password", Object::secret)?,
        })
    }

    pub(super) fn pairs(&self) -> [(&str, Json<'_>); 3] {
        [
            ("key", Json::Text(&self.key)),
            ("group_key", Json::Text(&self.group_key)),
            ("password", Json::Text(self.password.expose())),
        ]
    }
}

/// What a sign-in needs besides credentials.
pub(crate) struct SignIn<'a> {
    pub(crate) cognito: Cognito<'a>,
    pub(crate) clock: &'a Clock,
    pub(crate) answerer: Option<&'a ChallengeHandler>,
    /// Before the second try after the service's own lambda failed.
    pub(crate) lambda_retry_delay: Duration,
    pub(crate) sleep: &'a dyn Fn(Duration),
}

/// What a sign-in gives.
pub(crate) struct SignedIn {
    pub(crate) tokens: AuthenticationResult,
    /// What became of the device.
    pub(crate) device: DeviceOutcome,
}

/// What a sign-in means for the stored device.
pub(crate) enum DeviceOutcome {
    /// The stored one, if any, still serves.
    Unchanged,
    /// The pool has forgotten the stored one.
    Forgotten,
    /// A new one was confirmed.
    Confirmed(Device),
}

impl SignIn<'_> {
    /// Signs in; `device` is the one stored for this account, so that no new one is registered.
    pub(crate) fn run(&self, credentials: &Credentials, device: Option<&Device>) -> Result<SignedIn> {
        let mut forgotten = false;
        let mut tokens = self.past_the_lambda(credentials, device);
        if device.is_some() && tokens.as_ref().is_err_and(is_unknown_device) {
            log::info!("the user pool has forgotten this device; signing in as a new one");
            forgotten = true;
            tokens = self.past_the_lambda(credentials, None);
        }
        let tokens = tokens?;
        let confirmed = tokens.new_device_metadata.as_ref().and_then(|new| self.confirm(&tokens, new));
        let device = match confirmed {
            Some(device) => DeviceOutcome::Confirmed(device),
            None if forgotten => DeviceOutcome::Forgotten,
            None => DeviceOutcome::Unchanged,
        };
        Ok(SignedIn { tokens, device })
    }

    /// The service's lambda at times fails once for no reason; the second try passes.
    fn past_the_lambda(
        &self,
        credentials: &Credentials,
        device: Option<&Device>,
    ) -> Result<AuthenticationResult> {
        match self.attempt(credentials, device) {
            Err(error) if is_lambda_failure(&error) => {
                log::info!(
                    "the service's own sign-in check failed; once more in {:?}",
                    self.lambda_retry_delay
                );
                (self.sleep)(self.lambda_retry_delay);
                self.attempt(credentials, device)
            }
            result => result,
        }
    }

    fn attempt(&self, credentials: &Credentials, device: Option<&Device>) -> Result<AuthenticationResult> {
        let device_key = device.map(|device| device.key.as_str());
        let key = ephemeral_key()?;
        let srp_a = key.public_hex();
        let mut parameters =
            vec![("USERNAME", Json::Text(credentials.email())), ("SRP_A", Json::Text(&srp_a))];
        parameters.extend(device_key.map(|key| ("DEVICE_KEY", Json::Text(key))));
        let mut answer = self.cognito.initiate_auth("USER_SRP_AUTH", &parameters)?;
        let mut exchange =
            Exchange { sign_in: self, credentials, device, key, username: credentials.email().to_owned() };
        let mut asked = 0;
        loop {
            if let Some(tokens) = answer.authentication_result {
                return Ok(tokens);
            }
            asked += 1;
            if asked > MOST_CHALLENGES {
                return Err(Error::authentication("the user pool goes on asking"));
            }
            answer = exchange.answer(answer)?;
        }
    }

    /// Confirms a device that the pool has just registered. The member is signed in either way, so a failure
    /// costs no more than a sign-in with the password when the tokens have expired.
    fn confirm(&self, tokens: &AuthenticationResult, new: &NewDevice) -> Option<Device> {
        let confirm = || {
            let verifier = DeviceVerifier::new(
                &new.device_group_key,
                &new.device_key,
                &random::bytes()?,
                &random::bytes()?,
            );
            self.cognito.confirm_device(&tokens.access_token, &new.device_key, &host_name(), &verifier)?;
            Ok(Device {
                key: new.device_key.clone(),
                group_key: new.device_group_key.clone(),
                password: verifier.password().clone(),
            })
        };
        confirm().inspect_err(|error: &Error| log::warn!("the device could not be confirmed: {error}")).ok()
    }
}

/// One sign-in under way.
struct Exchange<'a> {
    sign_in: &'a SignIn<'a>,
    credentials: &'a Credentials,
    device: Option<&'a Device>,
    /// The key whose A was sent last.
    key: EphemeralKey,
    /// The name that the pool knows the user by, once it has said it.
    username: String,
}

/// A challenge as the pool sent it.
struct Asked {
    name: String,
    session: Option<Secret>,
    parameters: BTreeMap<String, String>,
    /// The pool's time.
    date: Option<Timestamp>,
}

impl Exchange<'_> {
    fn answer(&mut self, answer: AuthAnswer) -> Result<AuthAnswer> {
        let name = answer
            .challenge_name
            .ok_or_else(|| Error::authentication("the user pool sent neither tokens nor a challenge"))?;
        let session = answer.session.filter(|session| !session.is_empty());
        let asked = Asked { name, session, parameters: answer.challenge_parameters, date: answer.date };
        if let Some(username) = asked.parameters.get("USERNAME") {
            self.username.clone_from(username);
        }
        match asked.name.as_str() {
            "PASSWORD_VERIFIER" => self.prove_password(&asked),
            "DEVICE_SRP_AUTH" => self.offer_device(&asked),
            "DEVICE_PASSWORD_VERIFIER" => self.prove_device(&asked),
            _ => self.ask_program(asked),
        }
    }

    fn prove_password(&self, asked: &Asked) -> Result<AuthAnswer> {
        let user_id = asked.parameters.get("USER_ID_FOR_SRP").unwrap_or(&self.username);
        let identity = Identity::user(self.sign_in.cognito.pool().id(), user_id, self.credentials.password())
            .map_err(untrusted)?;
        self.prove(asked, &identity)
    }

    fn prove_device(&self, asked: &Asked) -> Result<AuthAnswer> {
        let device = self.known_device(asked)?;
        let identity = Identity::device(&device.group_key, &device.key, &device.password);
        self.prove(asked, &identity)
    }

    fn prove(&self, asked: &Asked, identity: &Identity<'_>) -> Result<AuthAnswer> {
        let parameter = |name| {
            asked
                .parameters
                .get(name)
                .map(String::as_str)
                .ok_or_else(|| Error::authentication(format!("the challenge has no {name}")))
        };
        let challenge = PasswordChallenge {
            salt_hex: parameter("SALT")?,
            srp_b_hex: parameter("SRP_B")?,
            secret_block_b64: parameter("SECRET_BLOCK")?,
        };
        let timestamp = srp::timestamp(agreed_time((self.sign_in.clock)(), asked.date));
        let signature = srp::answer(&self.key, &challenge, identity, &timestamp).map_err(untrusted)?;
        self.respond(
            asked,
            &[
                ("TIMESTAMP", &timestamp),
                ("PASSWORD_CLAIM_SECRET_BLOCK", challenge.secret_block_b64),
                ("PASSWORD_CLAIM_SIGNATURE", &signature),
            ],
        )
    }

    /// Begins a device's own SRP with a key of its own.
    fn offer_device(&mut self, asked: &Asked) -> Result<AuthAnswer> {
        self.known_device(asked)?;
        self.key = ephemeral_key()?;
        self.respond(asked, &[("SRP_A", &self.key.public_hex())])
    }

    fn known_device(&self, asked: &Asked) -> Result<&Device> {
        self.device.ok_or_else(|| Error::Challenge {
            name: asked.name.clone(),
            reason: "no confirmed device is stored for this account".to_owned(),
        })
    }

    fn ask_program(&self, mut asked: Asked) -> Result<AuthAnswer> {
        let stopped =
            |reason: &str| Error::Challenge { name: redact(&asked.name), reason: reason.to_owned() };
        let kind = ChallengeKind::from_name(&asked.name)
            .ok_or_else(|| stopped("this client does not know how to answer it"))?;
        let answerer = self
            .sign_in
            .answerer
            .ok_or_else(|| stopped("the program gives no answer; set OtfBuilder::on_challenge"))?;
        let answer = answerer.answer(&Challenge { kind, parameters: mem::take(&mut asked.parameters) })?;
        let mut responses = vec![(kind.response_name(), answer.secret.expose())];
        responses.extend(answer.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        self.respond(&asked, &responses)
    }

    /// Responds with what every answer carries besides its own.
    fn respond(&self, asked: &Asked, responses: &[(&str, &str)]) -> Result<AuthAnswer> {
        let mut all = vec![("USERNAME", Json::Text(&self.username))];
        all.extend(self.device.map(|device| ("DEVICE_KEY", Json::Text(&device.key))));
        all.extend(responses.iter().map(|(name, value)| (*name, Json::Text(value))));
        self.sign_in.cognito.respond(&asked.name, asked.session.as_ref(), &all)
    }
}

fn ephemeral_key() -> Result<EphemeralKey> {
    EphemeralKey::from_bytes(&random::bytes()?).map_err(untrusted)
}

/// A challenge that is not answered, because an honest server would not send it.
fn untrusted(error: SrpError) -> Error {
    Error::Authentication {
        code: None,
        message: format!("the user pool's challenge is refused: {error}"),
        source: Some(Box::new(error)),
    }
}

fn is_unknown_device(error: &Error) -> bool {
    says(error, "ResourceNotFoundException", "Device")
        || says(error, "InvalidParameterException", "device key")
}

fn is_lambda_failure(error: &Error) -> bool {
    let name = "UserLambdaValidationException";
    matches!(error, Error::Authentication { code, message, .. }
        if code.as_deref() == Some(name) || message.contains(name))
}

/// The time to sign with: this machine's, or the server's where the two are so far apart that the server would
/// refuse.
pub(super) fn agreed_time(here: Timestamp, there: Option<Timestamp>) -> Timestamp {
    let far = |there: &Timestamp| there.duration_since(here).abs() > SignedDuration::from_mins(2);
    there.filter(far).unwrap_or(here)
}

/// The name that the account's list of devices shows.
fn host_name() -> String {
    let from_environment = ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| std::env::var(name).ok());
    from_environment
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "otf-api".to_owned())
}
