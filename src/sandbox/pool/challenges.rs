//! Signing in: from A to the tokens, through whatever challenges lie between.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::devices::{Device, no_such_device};
use super::srp::{self, Exchange, Verifier};
use super::tokens::Origin;
use super::{LOCKED_FOR, MAX_FAILURES, POOL_NAME, Pool, check_client};
use crate::sandbox::MFA_CODE;
use crate::sandbox::aws::{AwsError, AwsResult, optional_text, text};
use crate::sandbox::clock::Moment;

/// How long a sign-in may take from step to step.
const STEP_TIMEOUT: Duration = Duration::from_mins(3);
/// How many wrong codes a session bears.
const MAX_WRONG_CODES: u32 = 3;

/// A sign-in under way.
#[derive(Clone)]
pub(super) struct Attempt {
    /// Whose; `None` for a user who does not exist, where that is not to be seen.
    member: Option<usize>,
    session: Option<String>,
    /// The device that the client says it is.
    device: Option<String>,
    stage: Stage,
    /// The challenges after this one.
    outstanding: Vec<String>,
    device_proven: bool,
    wrong_codes: u32,
    valid_until: Timestamp,
}

#[derive(Clone)]
enum Stage {
    Password(Exchange),
    DeviceSrp,
    DevicePassword(Exchange),
    Asked(String),
}

impl Pool {
    /// `USER_SRP_AUTH`.
    pub(super) fn begin_srp(&mut self, parameters: &Value, moment: Moment) -> AwsResult {
        let username = text(parameters, "USERNAME")?;
        let client_public = srp::client_public(text(parameters, "SRP_A")?)
            .ok_or_else(|| AwsError::invalid_parameter("SRP_A is not a number"))?;
        let device = optional_text(parameters, "DEVICE_KEY")?.map(str::to_owned);

        let member = self.find(username);
        if member.is_none() && !self.settings.hide_unknown_users {
            return Err(AwsError::new("UserNotFoundException", "User does not exist."));
        }
        let (name, user_id, verifier) = match member.and_then(|index| self.members.get_mut(index)) {
            Some(member) => {
                let verifier = member.verifier(&mut self.random);
                (member.srp_name(), member.account.member_uuid.to_owned(), verifier)
            }
            None => {
                let (user_id, password) = (self.random.uuid(), self.random.token(16));
                let name = format!("{POOL_NAME}{user_id}");
                let salt = num_bigint::BigUint::from_bytes_be(&self.random.bytes(16));
                let verifier = Verifier::of_password(&name, &password, salt);
                (name, user_id, verifier)
            }
        };
        let (exponent, secret_block) = (self.random.bytes(32), self.random.bytes(256));
        let exchange = Exchange::answer(name, &verifier, &client_public, &exponent, secret_block)
            .ok_or_else(|| AwsError::invalid_parameter("SRP_A is out of range"))?;
        let mut shown = srp_parameters(&exchange);
        shown["USERNAME"] = user_id.as_str().into();
        shown["USER_ID_FOR_SRP"] = user_id.into();
        let attempt = Attempt {
            member,
            session: None,
            device,
            stage: Stage::Password(exchange),
            outstanding: Vec::new(),
            device_proven: false,
            wrong_codes: 0,
            valid_until: moment.now,
        };
        Ok(self.challenge(attempt, "PASSWORD_VERIFIER", &shown, moment))
    }

    /// `RespondToAuthChallenge`.
    pub(super) fn respond_to_auth_challenge(&mut self, body: &Value, moment: Moment) -> AwsResult {
        check_client(body)?;
        let challenge = text(body, "ChallengeName")?;
        let responses = body.get("ChallengeResponses").unwrap_or(&Value::Null);
        let username = text(responses, "USERNAME")?;
        let mut attempt = self.take_attempt(challenge, body, responses, moment)?;
        if attempt.member.is_some() && attempt.member != self.find(username) {
            return Err(wrong_password());
        }
        match attempt.stage.clone() {
            Stage::Password(exchange) => {
                self.check_password(&attempt, &exchange, responses, moment)?;
                if let Some(device) = optional_text(responses, "DEVICE_KEY")? {
                    attempt.device = Some(device.to_owned());
                }
                self.plan(&mut attempt)?;
            }
            Stage::DeviceSrp => return self.begin_device_srp(attempt, responses, moment),
            Stage::DevicePassword(exchange) => {
                if optional_text(responses, "DEVICE_KEY")? != attempt.device.as_deref() {
                    return Err(wrong_password());
                }
                check_signature(&exchange, responses, moment)?;
                attempt.device_proven = true;
            }
            Stage::Asked(name) => self.check_answer(&name, &mut attempt, responses, moment)?,
        }
        self.proceed(attempt, moment)
    }

    /// Finds the sign-in that an answer belongs to and takes it out: an answer counts once.
    fn take_attempt(
        &mut self,
        challenge: &str,
        body: &Value,
        responses: &Value,
        moment: Moment,
    ) -> Result<Attempt, AwsError> {
        let session = optional_text(body, "Session")?;
        let member = optional_text(responses, "USERNAME")?.and_then(|username| self.find(username));
        let block = optional_text(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?;
        self.attempts.retain(|attempt| attempt.valid_until > moment.now);

        let fits = |attempt: &Attempt| {
            attempt.stage.challenge() == challenge
                && match attempt.stage.secret_block() {
                    Some(expected) => block == Some(&*expected),
                    None => attempt.member == member,
                }
                && (session.is_none() || attempt.session.as_deref() == session)
        };
        // The newest one: without a session or a secret block, a user and a challenge may fit several.
        let found = self.attempts.iter().rposition(fits);
        match found.map(|index| self.attempts.remove(index)) {
            Some(attempt) if attempt.session.is_some() && session.is_none() => {
                Err(AwsError::missing("Session"))
            }
            Some(attempt) => Ok(attempt),
            None if challenge.ends_with("PASSWORD_VERIFIER") => Err(wrong_password()),
            None => Err(AwsError::not_authorized("Invalid session for the user.")),
        }
    }

    fn check_password(
        &mut self,
        attempt: &Attempt,
        exchange: &Exchange,
        responses: &Value,
        moment: Moment,
    ) -> Result<(), AwsError> {
        let member =
            attempt.member.and_then(|index| self.members.get_mut(index)).ok_or_else(wrong_password)?;
        if member.locked_until.is_some_and(|until| moment.now < until) {
            return Err(AwsError::not_authorized("Password attempts exceeded"));
        }
        let result = check_signature(exchange, responses, moment);
        match &result {
            Ok(()) => (member.failures, member.locked_until) = (0, None),
            Err(error) if *error == wrong_password() => {
                member.failures = member.failures.saturating_add(1);
                if member.failures >= MAX_FAILURES {
                    (member.failures, member.locked_until) = (0, Some(moment.plus(LOCKED_FOR)));
                }
            }
            Err(_) => {}
        }
        result
    }

    /// With the password known to be right: what is to follow.
    fn plan(&mut self, attempt: &mut Attempt) -> Result<(), AwsError> {
        let member = self.member(attempt.member.unwrap_or(usize::MAX))?;
        let device = attempt.device.as_deref();
        let device = device.map(|key| member.confirmed_device(key).ok_or_else(no_such_device)).transpose()?;
        let remembered = device.is_some_and(|device| device.remembered);
        // A remembered device stands in for the second factor.
        let wanted = |name: &&String| !(remembered && name.ends_with("_MFA"));
        attempt.outstanding = member.challenges.iter().filter(wanted).cloned().collect();
        attempt.device_proven = !remembered;
        Ok(())
    }

    fn begin_device_srp(&mut self, mut attempt: Attempt, responses: &Value, moment: Moment) -> AwsResult {
        let client_public = srp::client_public(text(responses, "SRP_A")?)
            .ok_or_else(|| AwsError::invalid_parameter("SRP_A is not a number"))?;
        let key = text(responses, "DEVICE_KEY")?;
        if attempt.device.as_deref() != Some(key) {
            return Err(no_such_device());
        }
        let (exponent, secret_block) = (self.random.bytes(32), self.random.bytes(256));
        let member = self.member(attempt.member.unwrap_or(usize::MAX))?;
        let username = member.account.member_uuid;
        let device = member.confirmed_device(key).ok_or_else(no_such_device)?;
        let verifier = device.secret.clone().ok_or_else(no_such_device)?;
        let name = format!("{}{}", device.group_key, device.key);
        let exchange = Exchange::answer(name, &verifier, &client_public, &exponent, secret_block)
            .ok_or_else(|| AwsError::invalid_parameter("SRP_A is out of range"))?;
        let mut shown = srp_parameters(&exchange);
        shown["USERNAME"] = username.into();
        shown["DEVICE_KEY"] = key.into();
        attempt.stage = Stage::DevicePassword(exchange);
        Ok(self.challenge(attempt, "DEVICE_PASSWORD_VERIFIER", &shown, moment))
    }

    /// Checks the answer to a challenge that is no cryptography.
    fn check_answer(
        &mut self,
        name: &str,
        attempt: &mut Attempt,
        responses: &Value,
        moment: Moment,
    ) -> Result<(), AwsError> {
        match name {
            "NEW_PASSWORD_REQUIRED" => {
                let password = text(responses, "NEW_PASSWORD")?;
                if password.chars().count() < 8 {
                    attempt.valid_until = moment.plus(STEP_TIMEOUT);
                    self.attempts.push(attempt.clone());
                    let message = "Password does not conform to policy: Password not long enough";
                    return Err(AwsError::new("InvalidPasswordException", message));
                }
                let member = self.member(attempt.member.unwrap_or(usize::MAX))?;
                member.set_password(password);
                member.challenges.retain(|challenge| challenge != name);
                Ok(())
            }
            "SMS_MFA" | "SOFTWARE_TOKEN_MFA" => {
                if text(responses, &format!("{name}_CODE"))? == MFA_CODE {
                    return Ok(());
                }
                attempt.wrong_codes = attempt.wrong_codes.saturating_add(1);
                if attempt.wrong_codes < MAX_WRONG_CODES {
                    attempt.valid_until = moment.plus(STEP_TIMEOUT);
                    self.attempts.push(attempt.clone());
                }
                Err(AwsError::new("CodeMismatchException", "Invalid code received for user"))
            }
            other => Err(AwsError::invalid_parameter(format!("the sandbox takes no answer to {other}"))),
        }
    }

    /// The next challenge, or the tokens.
    fn proceed(&mut self, mut attempt: Attempt, moment: Moment) -> AwsResult {
        let index = attempt.member.unwrap_or(usize::MAX);
        let account = self.member(index)?.account.clone();
        if !attempt.outstanding.is_empty() {
            let name = attempt.outstanding.remove(0);
            let shown = match name.as_str() {
                "SMS_MFA" => json!({
                    "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
                    "CODE_DELIVERY_DESTINATION": "+*******0199",
                    "USER_ID_FOR_SRP": account.member_uuid,
                }),
                "NEW_PASSWORD_REQUIRED" => json!({
                    "USER_ID_FOR_SRP": account.member_uuid,
                    "requiredAttributes": "[]",
                    "userAttributes": json!({"email": account.email}).to_string(),
                }),
                _ => json!({"USER_ID_FOR_SRP": account.member_uuid}),
            };
            attempt.stage = Stage::Asked(name.clone());
            return Ok(self.challenge(attempt, &name, &shown, moment));
        }
        if !attempt.device_proven {
            let shown = json!({"USERNAME": account.member_uuid, "DEVICE_KEY": attempt.device});
            attempt.stage = Stage::DeviceSrp;
            return Ok(self.challenge(attempt, "DEVICE_SRP_AUTH", &shown, moment));
        }

        let mut metadata = None;
        if attempt.device.is_none() {
            let device = Device::new(&mut self.random, moment.now);
            metadata = Some(json!({"DeviceKey": device.key, "DeviceGroupKey": device.group_key}));
            attempt.device = Some(device.key.clone());
            self.member(index)?.devices.push(device);
        }
        let origin = Origin { id: self.random.uuid(), device: attempt.device, auth_time: moment.now };
        let refresh_token = self.grant(index, &origin, moment);
        let mut result = self.authentication_result(&account, &origin, Some(refresh_token), moment);
        if let Some(metadata) = metadata {
            result["NewDeviceMetadata"] = metadata;
        }
        Ok(json!({"AuthenticationResult": result, "ChallengeParameters": {}}))
    }

    fn challenge(&mut self, mut attempt: Attempt, name: &str, shown: &Value, moment: Moment) -> Value {
        let mut answer = json!({"ChallengeName": name, "ChallengeParameters": shown});
        // The real pool identifies the SRP steps by their secret block alone.
        let by_default = matches!(attempt.stage, Stage::Asked(_));
        attempt.session = self.settings.session_tokens.unwrap_or(by_default).then(|| self.random.token(96));
        if let Some(session) = &attempt.session {
            answer["Session"] = session.as_str().into();
        }
        attempt.valid_until = moment.plus(STEP_TIMEOUT);
        self.attempts.push(attempt);
        answer
    }
}

impl Stage {
    fn challenge(&self) -> &str {
        match self {
            Self::Password(_) => "PASSWORD_VERIFIER",
            Self::DeviceSrp => "DEVICE_SRP_AUTH",
            Self::DevicePassword(_) => "DEVICE_PASSWORD_VERIFIER",
            Self::Asked(name) => name,
        }
    }

    fn secret_block(&self) -> Option<String> {
        match self {
            Self::Password(exchange) | Self::DevicePassword(exchange) => {
                Some(STANDARD.encode(&exchange.secret_block))
            }
            Self::DeviceSrp | Self::Asked(_) => None,
        }
    }
}

fn srp_parameters(exchange: &Exchange) -> Value {
    json!({
        "SALT": exchange.salt_hex(),
        "SRP_B": exchange.public_hex(),
        "SECRET_BLOCK": STANDARD.encode(&exchange.secret_block),
    })
}

fn check_signature(exchange: &Exchange, responses: &Value, moment: Moment) -> Result<(), AwsError> {
    let timestamp = text(responses, "TIMESTAMP")?;
    let time = srp::timestamp(timestamp).ok_or_else(|| {
        AwsError::invalid_parameter("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
    })?;
    let signature = STANDARD.decode(text(responses, "PASSWORD_CLAIM_SIGNATURE")?);
    let signature =
        signature.map_err(|_| AwsError::invalid_parameter("PASSWORD_CLAIM_SIGNATURE is not base64"))?;
    if moment.is_near(time) && exchange.accepts(timestamp, &signature) {
        Ok(())
    } else {
        Err(wrong_password())
    }
}

fn wrong_password() -> AwsError {
    AwsError::not_authorized("Incorrect username or password.")
}
