//! Signing in with a password, and confirming the device that this registers.

use jiff::{SignedDuration, Timestamp};

use super::renewal::Renewal;
use crate::auth::account::Account;
use crate::auth::account_files::StoredDevice;
use crate::auth::cognito::AuthenticationResult;
use crate::auth::confirm::{confirm, new_device};
use crate::auth::credentials::Credentials;
use crate::auth::sign_in::SignIn;
use crate::auth::tokens::Tokens;
use crate::error::{Error, Result};

/// The delay before a device's confirmation is retried.
const CONFIRMATION_DELAY: SignedDuration = SignedDuration::from_secs(60);

/// A password that the pool has refused, and how.
pub(super) struct RefusedPassword {
    credentials: Credentials,
    code: Option<String>,
    message: String,
    status: Option<u16>,
    request_id: Option<String>,
}

impl RefusedPassword {
    fn new(credentials: &Credentials, error: &Error) -> Option<Self> {
        let Error::Authentication { code, message, status, request_id, .. } = error else { return None };
        Some(Self {
            credentials: credentials.clone(),
            code: code.clone(),
            message: message.clone(),
            status: *status,
            request_id: request_id.clone(),
        })
    }

    fn error(&self) -> Error {
        Error::Authentication {
            code: self.code.clone(),
            message: self.message.clone(),
            status: self.status,
            request_id: self.request_id.clone(),
            source: None,
        }
    }
}

impl Renewal<'_> {
    /// Signs in with the known credentials although the tokens may be valid.
    pub(super) fn verify_credentials(&mut self) -> Result<()> {
        if self.state.is_signed_out {
            return Err(super::signed_out());
        }
        let credentials = self.credentials().ok_or_else(|| Error::NoCredentials {
            reason:
                "no password is known; set OTF_EMAIL and OTF_PASSWORD, or give credentials to the builder"
                    .to_owned(),
        })?;
        let _lock = self.lock();
        let tokens = self.sign_in(&credentials)?;
        self.adopt(tokens)?;
        Ok(())
    }

    /// Signs in, unless the pool has refused this password before.
    pub(super) fn sign_in(&mut self, credentials: &Credentials) -> Result<Tokens> {
        credentials.check()?;
        if let Some(refused) = &self.state.refused_password
            && refused.credentials.are(credentials)
        {
            return Err(refused.error());
        }
        let is_same_account = self.state.account.email.as_deref() == Some(credentials.email());
        let account = match is_same_account {
            true => self.state.account.clone(),
            false => Account::of(credentials.email(), &self.context.endpoints),
        };
        let device = self.sign_in_device(&account, is_same_account);
        let mut sign_in = SignIn::new(self.context, &self.settings.sign_in, credentials);
        let result = sign_in.run(device.as_ref().map(|stored| &stored.device));
        let (new_password, device_refused) = (sign_in.new_password.take(), sign_in.device_refused);
        if let (Err(error), true) = (&result, sign_in.password_refused) {
            self.state.refused_password = RefusedPassword::new(credentials, error);
            self.state.credentials = None;
        }
        if let Some(password) = new_password {
            self.state.credentials = Some(Credentials::new(credentials.email(), password));
        }
        if device_refused {
            self.files().remove(&account.device_key());
            if is_same_account {
                self.state.device = None;
                self.state.imported.device = None;
            }
        }
        self.signed_in(account, result?, device.filter(|_| !device_refused))
    }

    /// Stores the result of a sign-in: first the device, then the tokens that need it.
    fn signed_in(
        &mut self,
        account: Account,
        result: AuthenticationResult,
        known_device: Option<StoredDevice>,
    ) -> Result<Tokens> {
        let registered = result.new_device_metadata.as_ref().map(new_device);
        let registered = registered.and_then(|device| {
            device.inspect_err(|error| log::warn!("the device could not be registered: {error}")).ok()
        });
        let device = registered.map(|device| StoredDevice { device, confirmed: false }).or(known_device);
        let tokens = self.received(result, None)?;
        let files = self.files();
        if let Some(device) = &device {
            files.save_device(&account, device);
        }
        let is_saved = files.save_tokens(&account, &tokens);
        // If another member's account was typed, ask again.
        self.check_member(&tokens)?;
        self.state.account = account;
        self.state.is_unsaved = !is_saved;
        self.state.imported = crate::auth::Session::default();
        self.state.device = device;
        self.confirm(&tokens);
        Ok(tokens)
    }

    /// The confirmed device of an account, so that the pool does not register another one.
    fn sign_in_device(&self, account: &Account, is_same_account: bool) -> Option<StoredDevice> {
        let stored = self.files().device(account).value();
        let in_memory = || self.state.device.clone();
        let imported = || {
            let device = self.state.imported.device.clone()?;
            Some(StoredDevice { device, confirmed: true })
        };
        let own = || if is_same_account { in_memory().or_else(imported) } else { None };
        stored.or_else(own).filter(|device| device.confirmed)
    }

    /// Reads the session's device, whose confirmation may be outstanding.
    pub(super) fn load_device(&mut self) {
        if self.state.device.is_none() {
            self.state.device = self.files().device(&self.state.account).value();
        }
    }

    /// Confirms the session's device if that is outstanding.
    pub(super) fn confirm_device(&mut self) {
        if self.state.device.as_ref().is_some_and(|device| !device.confirmed)
            && let Some(tokens) = self.state.tokens.clone()
            && tokens.is_valid(self.context.now())
        {
            self.confirm(&tokens);
        }
    }

    /// Confirms the device that these tokens were issued to. The member is signed in either way, so a failure is only
    /// logged, and the confirmation is repeated later.
    fn confirm(&mut self, tokens: &Tokens) {
        let Some(StoredDevice { device, confirmed: false }) = self.state.device.clone() else { return };
        if tokens.device_key.as_ref().is_some_and(|key| *key != device.key) {
            return;
        }
        match confirm(self.context, &tokens.access_token, &device) {
            Ok(()) => {
                self.state.next_confirmation = Timestamp::MIN;
                self.keep_device(StoredDevice { device, confirmed: true });
            }
            Err(error) => {
                log::warn!("the device could not be confirmed and will be confirmed later: {error}");
                let next = self.context.now().checked_add(CONFIRMATION_DELAY);
                self.state.next_confirmation = next.unwrap_or(Timestamp::MAX);
            }
        }
    }
}
