//! Challenges that only the program or its user can respond to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::cognito::ChallengeParameters;
use crate::error::Result;
use crate::secret::Secret;

/// A challenge of the user pool during a sign-in, such as the code of a text message.
///
/// OrangeTheory's pool sends none of these today. `Debug` does not show where a code was sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct SignInChallenge {
    /// The kind of challenge.
    pub kind: ChallengeKind,
    /// How a code was sent, e.g. `SMS` (`CODE_DELIVERY_DELIVERY_MEDIUM`).
    pub delivery_medium: Option<String>,
    /// Where a code was sent, e.g. `+*******0199` (`CODE_DELIVERY_DESTINATION`).
    pub delivery_destination: Option<String>,
    /// The attributes that must be given with a new password, e.g. `given_name` (`requiredAttributes`).
    pub required_attributes: Vec<String>,
}

impl SignInChallenge {
    pub(crate) fn new(kind: ChallengeKind, parameters: ChallengeParameters) -> Self {
        let attributes = parameters.required_attributes.unwrap_or_default();
        let attributes: Vec<String> = serde_json::from_str(&attributes).unwrap_or_default();
        let without_prefix = |name: &String| name.trim_start_matches(ATTRIBUTE_PREFIX).to_owned();
        Self {
            kind,
            delivery_medium: parameters.code_delivery_delivery_medium,
            delivery_destination: parameters.code_delivery_destination,
            required_attributes: attributes.iter().map(without_prefix).collect(),
        }
    }
}

impl fmt::Debug for SignInChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The kinds of [`SignInChallenge`], with Cognito's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChallengeKind {
    /// `SMS_MFA`: the code of a text message.
    SmsMfa,
    /// `SOFTWARE_TOKEN_MFA`: the code of an authenticator.
    SoftwareTokenMfa,
    /// `NEW_PASSWORD_REQUIRED`: a new password in place of a temporary one. The client uses it from then on.
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

    /// The name of the code or password among the `ChallengeResponses`.
    pub(crate) fn response_name(self) -> &'static str {
        match self {
            Self::SmsMfa => "SMS_MFA_CODE",
            Self::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA_CODE",
            Self::NewPasswordRequired => "NEW_PASSWORD",
        }
    }
}

/// What an attribute's name starts with on the wire.
const ATTRIBUTE_PREFIX: &str = "userAttributes.";

/// A program's response to a [`SignInChallenge`]: the code, or the new password and the attributes that go with it.
#[derive(Clone, Debug)]
pub struct ChallengeResponse {
    pub(crate) secret: Secret,
    pub(crate) attributes: BTreeMap<String, String>,
}

impl ChallengeResponse {
    /// The code, or the new password.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), attributes: BTreeMap::new() }
    }

    /// A user attribute that the pool requires with a new password, e.g. `given_name`.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.insert(format!("{ATTRIBUTE_PREFIX}{name}"), value.into());
        self
    }
}

type Handler = dyn Fn(&SignInChallenge) -> Result<ChallengeResponse> + Send + Sync;

/// The program's function that responds to challenges.
#[derive(Clone)]
pub(crate) struct ChallengeHandler(Arc<Handler>);

impl ChallengeHandler {
    pub(crate) fn new(
        respond: impl Fn(&SignInChallenge) -> Result<ChallengeResponse> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(respond))
    }

    pub(crate) fn respond(&self, challenge: &SignInChallenge) -> Result<ChallengeResponse> {
        (self.0)(challenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_attributes_are_a_list_in_a_string() {
        let named = |text: Option<&str>| {
            let parameters =
                ChallengeParameters { required_attributes: text.map(str::to_owned), ..Default::default() };
            SignInChallenge::new(ChallengeKind::NewPasswordRequired, parameters).required_attributes
        };
        assert_eq!(named(Some(r#"["userAttributes.given_name","email"]"#)), ["given_name", "email"]);
        for other in [None, Some(""), Some("[]"), Some("given_name")] {
            assert_eq!(named(other), [""; 0]);
        }
    }

    #[test]
    fn debug_shows_no_destination() {
        let parameters = ChallengeParameters {
            code_delivery_destination: Some("p***@example.com".to_owned()),
            ..Default::default()
        };
        let challenge = SignInChallenge::new(ChallengeKind::SmsMfa, parameters);
        assert!(!format!("{challenge:?}").contains("example.com"));
    }
}
