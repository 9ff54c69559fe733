//! Challenges that only the program, or the person behind it, can answer.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::error::Result;
use crate::secret::Secret;

/// What the user pool wants to know before it lets the member in.
///
/// OrangeTheory's pool asks none of these today.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Challenge {
    /// What is asked for.
    pub kind: ChallengeKind,
    /// What the pool says of it, e.g. `CODE_DELIVERY_DESTINATION`: where a code was sent.
    pub parameters: BTreeMap<String, String>,
}

/// The kinds of [`Challenge`], with Cognito's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChallengeKind {
    /// `SMS_MFA`: the code of a text message.
    SmsMfa,
    /// `SOFTWARE_TOKEN_MFA`: the code of an authenticator.
    SoftwareTokenMfa,
    /// `NEW_PASSWORD_REQUIRED`: a new password in place of a temporary one.
    NewPasswordRequired,
}

impl ChallengeKind {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "SMS_MFA" => Some(Self::SmsMfa),
            "SOFTWARE_TOKEN_MFA" => Some(Self::SoftwareTokenMfa),
            "NEW_PASSWORD_REQUIRED" => Some(Self::NewPasswordRequired),
            _ => None,
        }
    }

    /// Cognito's name of the challenge.
    pub fn name(self) -> &'static str {
        match self {
            Self::SmsMfa => "SMS_MFA",
            Self::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA",
            Self::NewPasswordRequired => "NEW_PASSWORD_REQUIRED",
        }
    }

    /// The name of the answer among the `ChallengeResponses`.
    pub(crate) fn response_name(self) -> &'static str {
        match self {
            Self::SmsMfa => "SMS_MFA_CODE",
            Self::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA_CODE",
            Self::NewPasswordRequired => "NEW_PASSWORD",
        }
    }
}

/// A program's answer to a [`Challenge`]: the code, or the new password, and what attributes go with it.
#[derive(Clone, Debug)]
pub struct ChallengeAnswer {
    pub(crate) secret: Secret,
    pub(crate) attributes: BTreeMap<String, String>,
}

impl ChallengeAnswer {
    /// The code that was asked for, or the new password.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), attributes: BTreeMap::new() }
    }

    /// A user attribute that the pool requires with a new password, e.g. `given_name`.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.insert(format!("userAttributes.{name}"), value.into());
        self
    }
}

type Answer = dyn Fn(&Challenge) -> Result<ChallengeAnswer> + Send + Sync;

/// What answers challenges.
#[derive(Clone)]
pub(crate) struct ChallengeHandler(Arc<Answer>);

impl ChallengeHandler {
    pub(crate) fn new(
        answer: impl Fn(&Challenge) -> Result<ChallengeAnswer> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }

    pub(crate) fn answer(&self, challenge: &Challenge) -> Result<ChallengeAnswer> {
        (self.0)(challenge)
    }
}

impl fmt::Debug for ChallengeHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChallengeHandler")
    }
}
