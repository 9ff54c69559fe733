//! Signing in: from A to the tokens, with the challenges in between.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::attempts::{Attempt, Stage};
use super::devices::{Device, no_such_device};
use super::srp::{self, Exchange, Verifier};
use super::tokens::Origin;
use super::{LOCKED_FOR, MAX_FAILURES, POOL_NAME, Pool, check_client};
use crate::sandbox::MFA_CODE;
use crate::sandbox::aws::{AwsError, AwsResult, optional_text, set, text};
use crate::sandbox::clock::ClockReading;

/// How many wrong codes a session allows.
const MAX_WRONG_CODES: u32 = 3;

impl Pool {
    /// `USER_SRP_AUTH`.
    pub(super) fn begin_srp(&mut self, parameters: &Value, moment: ClockReading) -> AwsResult {
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
                let verifier = Verifier::of_password(&name, &password, &mut self.random);
                (name, user_id, verifier)
            }
        };
        let (exponent, secret_block) = (self.random.bytes(32), self.random.bytes(256));
        let exchange = Exchange::respond(name, &verifier, &client_public, &exponent, secret_block)
            .ok_or_else(|| AwsError::invalid_parameter("SRP_A is out of range"))?;
        let mut shown = srp_parameters(&exchange);
        set(&mut shown, "USERNAME", user_id.as_str());
        set(&mut shown, "USER_ID_FOR_SRP", user_id);
        let attempt = Attempt::new(member, device, Stage::Password(exchange));
        Ok(self.challenge(attempt, "PASSWORD_VERIFIER", &shown, moment))
    }

    /// `RespondToAuthChallenge`.
    pub(super) fn respond_to_auth_challenge(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
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
            Stage::Asked(name) => self.check_response(&name, &mut attempt, responses, moment)?,
        }
        self.proceed(attempt, moment)
    }

    fn check_password(
        &mut self,
        attempt: &Attempt,
        exchange: &Exchange,
        responses: &Value,
        moment: ClockReading,
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

    /// The next step once the password is known to be correct.
    fn plan(&mut self, attempt: &mut Attempt) -> Result<(), AwsError> {
        let member = self.member(attempt.member()?)?;
        let device = attempt.device.as_deref();
        let device = device.map(|key| member.confirmed_device(key).ok_or_else(no_such_device)).transpose()?;
        let remembered = device.is_some_and(|device| device.remembered);
        // A remembered device stands in for the second factor.
        let wanted = |name: &&String| !(remembered && name.ends_with("_MFA"));
        attempt.outstanding = member.challenges.iter().filter(wanted).cloned().collect();
        attempt.device_proven = !remembered;
        Ok(())
    }

    fn begin_device_srp(
        &mut self,
        mut attempt: Attempt,
        responses: &Value,
        moment: ClockReading,
    ) -> AwsResult {
        let client_public = srp::client_public(text(responses, "SRP_A")?)
            .ok_or_else(|| AwsError::invalid_parameter("SRP_A is not a number"))?;
        let key = text(responses, "DEVICE_KEY")?;
        if attempt.device.as_deref() != Some(key) {
            return Err(no_such_device());
        }
        let (exponent, secret_block) = (self.random.bytes(32), self.random.bytes(256));
        let member = self.member(attempt.member()?)?;
        let username = member.account.member_uuid;
        let device = member.confirmed_device(key).ok_or_else(no_such_device)?;
        let verifier = device.secret.clone().ok_or_else(no_such_device)?;
        let exchange =
            Exchange::respond(device.srp_name(), &verifier, &client_public, &exponent, secret_block)
                .ok_or_else(|| AwsError::invalid_parameter("SRP_A is out of range"))?;
        let mut shown = srp_parameters(&exchange);
        set(&mut shown, "USERNAME", username);
        set(&mut shown, "DEVICE_KEY", key);
        attempt.stage = Stage::DevicePassword(exchange);
        Ok(self.challenge(attempt, "DEVICE_PASSWORD_VERIFIER", &shown, moment))
    }

    /// Checks the response to a challenge without cryptography.
    fn check_response(
        &mut self,
        name: &str,
        attempt: &mut Attempt,
        responses: &Value,
        moment: ClockReading,
    ) -> Result<(), AwsError> {
        match name {
            "NEW_PASSWORD_REQUIRED" => {
                let password = text(responses, "NEW_PASSWORD")?;
                if password.chars().count() < 8 {
                    self.await_response(attempt.clone(), moment);
                    let message = "Password does not conform to policy: Password not long enough";
                    return Err(AwsError::new("InvalidPasswordException", message));
                }
                let member = self.member(attempt.member()?)?;
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
                    self.await_response(attempt.clone(), moment);
                }
                Err(AwsError::new("CodeMismatchException", "Invalid code received for user"))
            }
            other => Err(AwsError::invalid_parameter(format!("the sandbox takes no response to {other}"))),
        }
    }

    /// The next challenge, or the tokens.
    fn proceed(&mut self, mut attempt: Attempt, moment: ClockReading) -> AwsResult {
        let index = attempt.member()?;
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
            set(&mut result, "NewDeviceMetadata", metadata);
        }
        Ok(json!({"AuthenticationResult": result, "ChallengeParameters": {}}))
    }
}

fn srp_parameters(exchange: &Exchange) -> Value {
    json!({
        "SALT": exchange.salt_hex(),
        "SRP_B": exchange.public_hex(),
        "SECRET_BLOCK": STANDARD.encode(&exchange.secret_block),
    })
}

fn check_signature(exchange: &Exchange, responses: &Value, moment: ClockReading) -> Result<(), AwsError> {
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

pub(super) fn wrong_password() -> AwsError {
    AwsError::not_authorized("Incorrect username or password.")
}
