//! A session as a value, to be exported, imported or written as a line of text.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::hash;
use super::wire::{from_json, to_json};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The prefix of a session as text: the format and its version.
const TEXT_PREFIX: &str = "otf1.";

/// A confirmed device: without it the user pool refuses to refresh.
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
    /// Whether all parts are there and can be sent.
    pub(crate) fn is_complete(&self) -> bool {
        [self.key.as_str(), &self.group_key, self.password.expose()].iter().all(|part| is_sendable(part))
    }
}

/// An exported session. Export it with [`Otf::session`](crate::Otf::session), store it as a secret, and use it to sign
/// in on a machine without a terminal, with [`OtfBuilder::session`](crate::OtfBuilder::session) or the variable
/// `OTF_SESSION`.
///
/// It serializes as an object of these fields, without those that are `None`. A server that never has the password
/// needs only the refresh token and the device.
///
/// ```
/// use otf_api::auth::Session;
///
/// let json = r#"{"refresh_token": "…", "device": {"key": "…", "group_key": "…", "password": "…"}}"#;
/// let session: Session = serde_json::from_str(json)?;
/// assert!(session.id_token.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `Debug` shows no secret, only the device's keys.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The email address that was signed in with. It names the account in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The ID token, a JWT: authorizes requests to OrangeTheory's endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
    /// The access token, a JWT: authorizes requests to the user pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Secret>,
    /// The refresh token, which outlives the other two by weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// The confirmed device, without which the pool refuses to refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
}

impl Session {
    /// A session from a refresh token and its device.
    pub fn from_refresh_token(refresh_token: impl Into<Secret>, device: Option<Device>) -> Self {
        Self { refresh_token: Some(refresh_token.into()), device, ..Self::default() }
    }

    /// A session without a refresh token, which ends when its tokens expire.
    pub fn from_tokens(id_token: impl Into<Secret>, access_token: impl Into<Secret>) -> Self {
        Self { id_token: Some(id_token.into()), access_token: Some(access_token.into()), ..Self::default() }
    }

    /// The session as one line of text without spaces or quotes, for a secret store, an environment file or the
    /// variable `OTF_SESSION`. While its refresh token is valid, it is as powerful as the password.
    ///
    /// ```
    /// use otf_api::auth::Session;
    ///
    /// let session = Session::from_tokens("id token", "access token");
    /// let line = session.to_text();
    /// assert!(line.expose().starts_with("otf1."));
    /// assert_eq!(Session::from_text(line.expose())?.id_token.unwrap().expose(), "id token");
    /// # Ok::<(), otf_api::Error>(())
    /// ```
    pub fn to_text(&self) -> Secret {
        // Strings and options of strings can always be written.
        let json = to_json(self).unwrap_or_default();
        Secret::new(format!("{TEXT_PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(&**json)))
    }

    /// Reads a session from the text of [`Session::to_text`], or from its JSON.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if it is neither, e.g. because it is truncated. The error shows no part of the text.
    pub fn from_text(text: &str) -> Result<Self> {
        let text = text.trim();
        let invalid = |reason: &str| Error::invalid("session", reason);
        if text.starts_with('{') {
            return from_json(text.as_bytes()).map_err(|error| invalid(&error.to_string()));
        }
        let encoded = text
            .strip_prefix(TEXT_PREFIX)
            .ok_or_else(|| invalid("the text must start with otf1. as written by Session::to_text"))?;
        let damaged = "the text is damaged or cut off";
        let json = BASE64_URL_SAFE_NO_PAD.decode(encoded).map_err(|_| invalid(damaged))?;
        from_json(&Zeroizing::new(json)).map_err(|_| invalid(damaged))
    }

    /// Checks what can be checked before anything is sent or stored.
    pub(crate) fn check(&self) -> Result<()> {
        let invalid = |reason: &str| Err(Error::invalid("session", reason));
        let tokens = [
            (&self.id_token, "its ID token is empty or has characters that can't be sent"),
            (&self.access_token, "its access token is empty or has characters that can't be sent"),
            (&self.refresh_token, "its refresh token is empty or has characters that can't be sent"),
        ];
        for (token, reason) in tokens {
            if token.as_ref().is_some_and(|token| !is_sendable(token.expose())) {
                return invalid(reason);
            }
        }
        if self
            .email
            .as_ref()
            .is_some_and(|email| email.trim().is_empty() || email.contains(char::is_control))
        {
            return invalid("its email address is empty or has control characters");
        }
        if self.device.as_ref().is_some_and(|device| !device.is_complete()) {
            return invalid("its device lacks the key, the group key or the password");
        }
        if self.refresh_token.is_some() {
            return Ok(());
        }
        match (&self.id_token, &self.access_token) {
            (Some(_), Some(_)) => Ok(()),
            (Some(_), None) => invalid("it has an ID token, but neither an access token nor a refresh token"),
            (None, Some(_)) => invalid("it has an access token, but neither an ID token nor a refresh token"),
            (None, None) => invalid("it has neither a refresh token nor an ID token"),
        }
    }

    /// The name of the account: the email address, else a hash of a token.
    pub(crate) fn account_name(&self) -> Option<String> {
        let secret = self.refresh_token.as_ref().or(self.id_token.as_ref())?;
        Some(self.email.clone().unwrap_or_else(|| format!("session {}", hash(secret.expose()))))
    }

    /// What is missing for a refresh with this session's token.
    pub(crate) fn missing_part(&self) -> Option<&'static str> {
        if self.refresh_token.is_none() {
            return Some(
                "the session's tokens have expired by this machine's clock, and it has no refresh token",
            );
        }
        self.device.is_none().then_some(
            "the session has no device, without which the user pool does not accept its refresh token",
        )
    }
}

/// Whether a token or key is not empty and can be sent.
pub(crate) fn is_sendable(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("device", &self.device).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_one_word_and_reads_back() {
        let device = Device { key: "k".into(), group_key: "g".into(), password: "p+/=".into() };
        let session = Session {
            email: Some("pat@example.com".into()),
            ..Session::from_refresh_token("r", Some(device))
        };
        let text = session.to_text();
        assert!(text.expose().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)));
        let read = Session::from_text(&format!(" {}\n", text.expose())).unwrap();
        assert_eq!(read.email.as_deref(), Some("pat@example.com"));
        assert_eq!(read.device.unwrap().password.expose(), "p+/=");
        assert!(Session::from_text(r#"{"refresh_token": "r"}"#).unwrap().refresh_token.is_some());
    }

    #[test]
    fn damaged_text_is_refused_without_showing_it() {
        let text = Session::from_tokens("secret", "secret").to_text();
        let cut = &text.expose()[..text.expose().len() - 4];
        for bad in ["", "secret", "otf1.", "otf1.secret!", "otf2.e30", cut, r#"{"id_token": ["secret"]}"#] {
            let error = Session::from_text(bad).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{bad}: {error}");
        }
    }

    #[test]
    fn missing_parts_are_named() {
        let named = |session: Session| session.check().unwrap_err().to_string();
        let token = || Some(Secret::from("t"));
        assert!(named(Session { id_token: token(), ..Session::default() }).contains("access token"));
        assert!(named(Session { access_token: token(), ..Session::default() }).contains("ID token"));
        assert!(named(Session::default()).contains("refresh token"));
        assert!(named(Session::from_refresh_token("", None)).contains("refresh token is empty"));
        assert!(named(Session::from_tokens("a\nb", "c")).contains("ID token is empty or has characters"));
        let device = Device { key: "k".into(), group_key: String::new(), password: "p".into() };
        assert!(named(Session::from_refresh_token("r", Some(device))).contains("device lacks"));
    }
}
