//! Confirming the device that the pool registers with a sign-in. The pool refuses to refresh without one.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use zeroize::Zeroizing;

use super::cognito::{Cognito, NewDevice};
use super::context::Context;
use super::device::DeviceVerifier;
use super::session::{Device, is_sendable};
use crate::error::{Error, Result};
use crate::random;
use crate::secret::Secret;

/// A newly registered device and its password.
pub(super) fn new_device(new: &NewDevice) -> Result<Device> {
    if !is_sendable(&new.device_key) || !is_sendable(&new.device_group_key) {
        return Err(Error::authentication("the user pool sent a device key that can't be used"));
    }
    let password = Zeroizing::new(random::bytes::<40>()?);
    Ok(Device {
        key: new.device_key.clone(),
        group_key: new.device_group_key.clone(),
        password: Secret::new(BASE64_STANDARD.encode(*password)),
    })
}

/// Sends the device's verifier to the pool. May be repeated.
pub(super) fn confirm(context: &Context, access_token: &Secret, device: &Device) -> Result<()> {
    let damaged = || Error::authentication("the stored device has no password of this client's");
    let password = Zeroizing::new(BASE64_STANDARD.decode(device.password.expose()).map_err(|_| damaged())?);
    let password: &[u8; 40] = password.first_chunk().filter(|_| password.len() == 40).ok_or_else(damaged)?;
    let verifier = DeviceVerifier::new(&device.group_key, &device.key, password, &random::bytes()?);
    Cognito::new(context).confirm_device(access_token, &device.key, &host_name(), &verifier)
}

/// The name that the account's list of devices shows.
fn host_name() -> String {
    let from_environment = ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| std::env::var(name).ok());
    from_environment
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "otf-api".to_owned())
}
