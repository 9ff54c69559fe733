//! `srp_device.json`: confirming a device, and signing in with it.

use std::collections::HashMap;

use crate::Secret;
use crate::auth::device::DeviceVerifier;
use crate::auth::srp::{EphemeralKey, Exchange, Identity, PasswordChallenge, SrpError};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Deserialize;

use super::srp::{ExchangeCase, Expect};
use super::{bytes, hex, number_hex, read};

#[derive(Deserialize)]
struct File {
    confirm: Vec<Confirmation>,
    login: Vec<Login>,
}

#[derive(Deserialize)]
struct Confirmation {
    id: String,
    tags: Vec<String>,
    device_group_key: String,
    device_key: String,
    random_password_hex: String,
    random_salt_hex: String,
    device_password: String,
    salt_b64: String,
    verifier_b64: String,
    x: String,
    verifier_hex: String,
}

impl Confirmation {
    fn verifier(&self) -> DeviceVerifier {
        DeviceVerifier::new(
            &self.device_group_key,
            &self.device_key,
            &bytes(&self.random_password_hex).try_into().unwrap(),
            &bytes(&self.random_salt_hex).try_into().unwrap(),
        )
    }
}

#[derive(Deserialize)]
struct Login {
    id: String,
    tags: Vec<String>,
    confirm_id: String,
    device_group_key: String,
    device_key: String,
    device_password: Secret,
    #[serde(flatten)]
    exchange: ExchangeCase,
}

#[test]
fn every_confirmation() {
    let file: File = read("srp_device.json");
    for case in &file.confirm {
        let name = format!("{} {:?}", case.id, case.tags);
        let device = case.verifier();
        assert_eq!(device.password().expose(), case.device_password, "{name}: device password");
        assert_eq!(device.salt_b64(), case.salt_b64, "{name}: salt");

        let challenge =
            PasswordChallenge { salt_hex: &case.random_salt_hex, srp_b_hex: "5", secret_block_b64: "bw==" };
        let key = EphemeralKey::from_slice(&[1]).unwrap();
        let identity = Identity::device(&case.device_group_key, &case.device_key, device.password());
        assert_eq!(hex(&Exchange::new(&key, &challenge, &identity).unwrap().x[..]), case.x, "{name}: x");

        let verifier = BASE64_STANDARD.decode(device.verifier_b64()).unwrap();
        assert_eq!(number_hex(&verifier), case.verifier_hex, "{name}: verifier as a number");
        assert_eq!(device.verifier_b64(), case.verifier_b64, "{name}: verifier as sent");
    }
    assert_eq!(file.confirm.len(), 21);
}

#[test]
fn every_login() {
    let file: File = read("srp_device.json");
    let confirmations: HashMap<&str, &Confirmation> =
        file.confirm.iter().map(|case| (case.id.as_str(), case)).collect();
    let (mut answered, mut refused) = (0, 0);
    for case in &file.login {
        let name = format!("{} {:?}", case.id, case.tags);
        let kept = confirmations[case.confirm_id.as_str()].verifier();
        assert_eq!(kept.password().expose(), case.device_password.expose(), "{name}: device password");

        let identity = Identity::device(&case.device_group_key, &case.device_key, kept.password());
        match case.exchange.check(&name, Ok(identity)) {
            None => answered += 1,
            Some(reason) => {
                assert_eq!(case.exchange.expect, Expect::Refuse, "{name}");
                assert_eq!(reason, SrpError::ServerKey, "{name}: reason");
                refused += 1;
            }
        }
    }
    assert_eq!((answered, refused), (25, 3));
}
