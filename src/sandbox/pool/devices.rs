//! Devices: registered by a sign-in, confirmed, remembered, forgotten.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::srp::Verifier;
use super::{Member, Pool};
use crate::sandbox::aws::{AwsError, AwsResult, optional_text, text};
use crate::sandbox::clock::ClockReading;
use crate::sandbox::random::Random;

pub(super) struct Device {
    pub(super) key: String,
    pub(super) group_key: String,
    /// The verifier that the device sent; without one, it is not confirmed.
    pub(super) secret: Option<Verifier>,
    pub(super) remembered: bool,
    name: Option<String>,
    created: Timestamp,
}

impl Device {
    pub(super) fn new(random: &mut Random, created: Timestamp) -> Self {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        Self {
            key: format!("us-east-1_{}", random.uuid()),
            group_key: format!("-{}", random.letters(letters, 8)),
            secret: None,
            remembered: false,
            name: None,
            created,
        }
    }

    /// What the password hash and the signature start with.
    pub(super) fn srp_name(&self) -> String {
        format!("{}{}", self.group_key, self.key)
    }

    fn describe(&self) -> Value {
        let (name, status) =
            (self.name.as_deref(), if self.remembered { "remembered" } else { "not_remembered" });
        json!({
            "DeviceKey": self.key,
            "DeviceAttributes": [
                {"Name": "device_status", "Value": "valid"},
                {"Name": "device_name", "Value": name.unwrap_or_default()},
                {"Name": "dev:device_remembered_status", "Value": status},
            ],
            "DeviceCreateDate": self.created.as_second(),
            "DeviceLastModifiedDate": self.created.as_second(),
            "DeviceLastAuthenticatedDate": self.created.as_second(),
        })
    }
}

impl Member {
    pub(super) fn confirmed_device(&self, key: &str) -> Option<&Device> {
        self.devices.iter().find(|device| device.key == key && device.secret.is_some())
    }
}

impl Pool {
    /// `ConfirmDevice`.
    pub(super) fn confirm_device(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        let (index, claims) = self.check_access_token(body, moment)?;
        let key = text(body, "DeviceKey")?;
        let config = body.get("DeviceSecretVerifierConfig").unwrap_or(&Value::Null);
        let number = |name| STANDARD.decode(text(config, name)?).map_err(|_| bad_verifier());
        let (salt, verifier) = (number("Salt")?, number("PasswordVerifier")?);
        let secret = Verifier::of_device(&salt, &verifier).ok_or_else(bad_verifier)?;
        let name = optional_text(body, "DeviceName")?.map(str::to_owned);

        if claims.device.as_deref() != Some(key) {
            return Err(AwsError::not_authorized("Invalid device key given."));
        }
        let member = self.member(index)?;
        let remembered = member.remembers_devices;
        let device = member.devices.iter_mut().find(|device| device.key == key).ok_or_else(no_such_device)?;
        (device.secret, device.name, device.remembered) = (Some(secret), name, remembered);
        Ok(json!({"UserConfirmationNecessary": false}))
    }

    /// `UpdateDeviceStatus`.
    pub(super) fn update_device_status(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        let remembered = match text(body, "DeviceRememberedStatus")? {
            "remembered" => true,
            "not_remembered" => false,
            _ => return Err(AwsError::invalid_parameter("DeviceRememberedStatus")),
        };
        self.own_device(body, moment)?.remembered = remembered;
        Ok(json!({}))
    }

    /// `ForgetDevice`.
    pub(super) fn forget_own_device(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        let key = self.own_device(body, moment)?.key.clone();
        let (index, _) = self.check_access_token(body, moment)?;
        self.member(index)?.devices.retain(|device| device.key != key);
        Ok(json!({}))
    }

    /// `GetDevice`.
    pub(super) fn get_device(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        Ok(json!({"Device": self.own_device(body, moment)?.describe()}))
    }

    /// `ListDevices`, all on one page.
    pub(super) fn list_devices(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        let (index, _) = self.check_access_token(body, moment)?;
        let confirmed = self.member(index)?.devices.iter().filter(|device| device.secret.is_some());
        Ok(json!({"Devices": confirmed.map(Device::describe).collect::<Vec<_>>()}))
    }

    /// The device that a request names, which must be a confirmed one of the caller's.
    fn own_device(&mut self, body: &Value, moment: ClockReading) -> Result<&mut Device, AwsError> {
        let (index, _) = self.check_access_token(body, moment)?;
        let key = text(body, "DeviceKey")?;
        let mut devices = self.member(index)?.devices.iter_mut();
        devices.find(|device| device.key == key && device.secret.is_some()).ok_or_else(no_such_device)
    }
}

pub(super) fn no_such_device() -> AwsError {
    AwsError::not_found("Device does not exist.")
}

fn bad_verifier() -> AwsError {
    AwsError::invalid_parameter("Invalid device secret verifier config")
}
