//! A device's password: generated once, confirmed with
//! [`ConfirmDevice`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmDevice.html),
//! and from then on used by the device to sign in.
//!
//! A device signs in like a user: respond to a `DEVICE_PASSWORD_VERIFIER` challenge with
//! [`srp::sign_challenge`](super::srp::sign_challenge) and [`Identity::device`].

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::srp::Identity;
use crate::Secret;

/// The verifier to send in `ConfirmDevice`, and the password to store.
#[derive(Debug, Clone)]
pub struct DeviceVerifier {
    password: Secret,
    salt: String,
    verifier: Secret,
}

impl DeviceVerifier {
    /// From the keys in `NewDeviceMetadata`, 40 random bytes for the password and 16 for the salt.
    #[must_use]
    pub fn new(group_key: &str, device_key: &str, password: &[u8; 40], salt: &[u8; 16]) -> Self {
        let password = Secret::new(BASE64_STANDARD.encode(password));
        let (salt, verifier) = Identity::device(group_key, device_key, &password).verifier(salt);
        Self {
            password,
            salt: BASE64_STANDARD.encode(&*salt),
            verifier: Secret::new(BASE64_STANDARD.encode(&*verifier)),
        }
    }

    /// The device's password. The service never sees it: store it with the device's keys.
    #[must_use]
    pub fn password(&self) -> &Secret {
        &self.password
    }

    /// `DeviceSecretVerifierConfig.Salt`.
    #[must_use]
    pub fn salt_b64(&self) -> &str {
        &self.salt
    }

    /// `DeviceSecretVerifierConfig.PasswordVerifier`.
    #[must_use]
    pub fn verifier_b64(&self) -> &str {
        self.verifier.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_of_zeros_is_the_number_zero() {
        let device = DeviceVerifier::new("group", "key", &[0; 40], &[0; 16]);
        assert_eq!(device.salt_b64(), "AA==");
    }

    #[test]
    fn debug_shows_no_secret() {
        let device = DeviceVerifier::new("group", "key", &[1; 40], &[2; 16]);
        let debug = format!("{device:?}");
        assert!(!debug.contains(device.password().expose()), "{debug}");
        assert!(!debug.contains(device.verifier_b64()), "{debug}");
    }
}
