//! Sign-ins in progress, and finding the challenge that a response belongs to.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Pool;
use super::challenges::wrong_password;
use super::srp::Exchange;
use crate::sandbox::aws::{AwsError, optional_text, set};
use crate::sandbox::clock::ClockReading;

/// How long a sign-in may take from step to step.
const STEP_TIMEOUT: Duration = Duration::from_secs(180);

/// A sign-in under way.
#[derive(Clone)]
pub(super) struct Attempt {
    /// The member; `None` for a user who does not exist, if that must not be visible.
    pub(super) member: Option<usize>,
    session: Option<String>,
    /// The device that the client says it is.
    pub(super) device: Option<String>,
    pub(super) stage: Stage,
    /// The challenges after this one.
    pub(super) outstanding: Vec<String>,
    pub(super) device_proven: bool,
    pub(super) wrong_codes: u32,
    valid_until: Timestamp,
}

/// What an attempt waits for.
#[derive(Clone)]
pub(super) enum Stage {
    Password(Exchange),
    DeviceSrp,
    DevicePassword(Exchange),
    Asked(String),
}

impl Attempt {
    pub(super) fn new(member: Option<usize>, device: Option<String>, stage: Stage) -> Self {
        Self {
            member,
            session: None,
            device,
            stage,
            outstanding: Vec::new(),
            device_proven: false,
            wrong_codes: 0,
            valid_until: Timestamp::MIN,
        }
    }

    /// The index of the member, once the password has been proved.
    pub(super) fn member(&self) -> Result<usize, AwsError> {
        self.member.ok_or_else(wrong_password)
    }
}

impl Pool {
    /// Removes and returns the sign-in that a response belongs to: each challenge accepts one response.
    pub(super) fn take_attempt(
        &mut self,
        challenge: &str,
        body: &Value,
        responses: &Value,
        moment: ClockReading,
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

    /// Sends the client a challenge and waits for its response.
    pub(super) fn challenge(
        &mut self,
        mut attempt: Attempt,
        name: &str,
        shown: &Value,
        moment: ClockReading,
    ) -> Value {
        let mut response = json!({"ChallengeName": name, "ChallengeParameters": shown});
        // The real pool identifies the SRP steps by their secret block alone.
        let by_default = matches!(attempt.stage, Stage::Asked(_));
        attempt.session = self.settings.session_tokens.unwrap_or(by_default).then(|| self.random.token(96));
        if let Some(session) = &attempt.session {
            set(&mut response, "Session", session.as_str());
        }
        self.await_response(attempt, moment);
        response
    }

    /// Waits for a response, or for another one after a wrong one.
    pub(super) fn await_response(&mut self, mut attempt: Attempt, moment: ClockReading) {
        attempt.valid_until = moment.plus(STEP_TIMEOUT);
        self.attempts.push(attempt);
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
