//! Signing in with a password: when it is attempted again, and what a failure says about password and device.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::attempt::Attempt;
use super::challenge::ChallengeHandler;
use super::cognito::{AuthenticationResult, Cognito, Effect, Step, effect};
use super::context::{CLOCK_TOLERANCE, Context};
use super::credentials::Credentials;
use super::session::Device;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// Each proof of the password is a chance to guess it offline, and counts against the account if it fails.
const MAX_PROOFS: u32 = 2;

/// The program's settings for signing in.
#[derive(Clone)]
pub(crate) struct SignInSettings {
    pub(crate) challenge_handler: Option<ChallengeHandler>,
    /// The delay before the second attempt after the service's own trigger failed.
    pub(crate) lambda_retry_delay: Duration,
}

/// A sign-in, and what is known so far.
pub(crate) struct SignIn<'a> {
    pub(super) context: &'a Context,
    pub(super) settings: &'a SignInSettings,
    pub(super) email: &'a str,
    pub(super) password: Secret,
    /// How often the password was proved.
    pub(super) proofs: u32,
    /// The password has been changed to this one, also if the sign-in failed later.
    pub(crate) new_password: Option<Secret>,
    /// The pool does not know the device, or did not accept its proof.
    pub(crate) device_refused: bool,
    /// The pool refused the password, at a time when the clocks agreed.
    pub(crate) password_refused: bool,
}

/// Why an attempt failed.
pub(super) struct Failure {
    pub(super) step: Step,
    pub(super) error: Error,
    /// The time that the proof was signed with.
    pub(super) signed_at: Option<Timestamp>,
}

impl Failure {
    pub(super) fn at(step: Step) -> impl Fn(Error) -> Self {
        move |error| Self { step, error, signed_at: None }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { step: Step::Other, error, signed_at: None }
    }
}

/// Why a sign-in is attempted again: each at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    LambdaFailed,
    DeviceRefused,
    ClockCorrected,
}

impl<'a> SignIn<'a> {
    pub(crate) fn new(
        context: &'a Context,
        settings: &'a SignInSettings,
        credentials: &'a Credentials,
    ) -> Self {
        Self {
            context,
            settings,
            email: credentials.email(),
            password: credentials.password().clone(),
            proofs: 0,
            new_password: None,
            device_refused: false,
            password_refused: false,
        }
    }

    pub(super) fn cognito(&self) -> Cognito<'a> {
        Cognito::new(self.context)
    }

    /// Signs in. `device` is the confirmed one of this account, so that no new one is registered.
    pub(crate) fn run(&mut self, mut device: Option<&Device>) -> Result<AuthenticationResult> {
        let mut causes = Vec::new();
        loop {
            let failure = match Attempt::run(self, device) {
                Ok(tokens) => return Ok(tokens),
                Err(failure) => failure,
            };
            let cause = self.cause(&failure, device).filter(|cause| !causes.contains(cause));
            self.device_refused |= cause == Some(Cause::DeviceRefused);
            let Some(cause) = cause.filter(|_| self.proofs < MAX_PROOFS) else {
                return Err(self.conclude(failure));
            };
            log::info!("signing in again ({cause:?}): {}", failure.error);
            match cause {
                Cause::LambdaFailed => self.context.http.sleep(self.settings.lambda_retry_delay),
                Cause::DeviceRefused => device = None,
                // The failure's response has shown the server's time.
                Cause::ClockCorrected => {}
            }
            causes.push(cause);
        }
    }

    fn cause(&self, failure: &Failure, device: Option<&Device>) -> Option<Cause> {
        match effect(failure.step, &failure.error) {
            Effect::LambdaFailed => Some(Cause::LambdaFailed),
            Effect::Refused | Effect::DeviceRefused if !self.is_timely(failure) => {
                Some(Cause::ClockCorrected)
            }
            Effect::DeviceRefused if device.is_some() => Some(Cause::DeviceRefused),
            _ => None,
        }
    }

    /// Whether a proof was signed with about the server's time, as far as that is known.
    fn is_timely(&self, failure: &Failure) -> bool {
        let server_time = self.context.server_time();
        failure.signed_at.is_none_or(|time| server_time.duration_since(time).abs() <= CLOCK_TOLERANCE)
    }

    /// The error of a sign-in that is not attempted again.
    fn conclude(&mut self, failure: Failure) -> Error {
        let refused = effect(failure.step, &failure.error) == Effect::Refused;
        self.password_refused = refused && self.is_timely(&failure);
        match failure.error {
            Error::Authentication { code, mut message, status, request_id, source } if refused => {
                message.push_str(" (upper and lower case matter in the email address)");
                if let Some(note) = self.context.clock_offset.get().and_then(clock_note) {
                    message.push_str("; ");
                    message.push_str(&note);
                }
                Error::Authentication { code, message, status, request_id, source }
            }
            error => error,
        }
    }
}

/// Says how far off this machine's clock is, if it is wrong.
fn clock_note(offset: SignedDuration) -> Option<String> {
    let minutes = offset.abs().as_mins();
    let direction = if offset.is_negative() { "ahead of" } else { "behind" };
    (offset.abs() > CLOCK_TOLERANCE)
        .then(|| format!("this machine's clock is {minutes} minutes {direction} the server's"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_note_says_how_far_and_in_which_direction() {
        let note = |minutes| clock_note(SignedDuration::from_mins(minutes));
        assert_eq!(note(2), None);
        assert_eq!(note(120).unwrap(), "this machine's clock is 120 minutes behind the server's");
        assert_eq!(note(-7).unwrap(), "this machine's clock is 7 minutes ahead of the server's");
    }
}
