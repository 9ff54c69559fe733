//! The user pool: accounts, their devices, and the ways to get tokens.

mod attempts;
mod attributes;
mod challenges;
mod devices;
mod keys;
mod refresh;
mod rsa;
mod srp;
mod tokens;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use self::attempts::Attempt;
use self::devices::Device;
use self::refresh::Grants;
pub use self::refresh::Rotation;
#[cfg(test)]
pub(crate) use self::srp::PRIME;
use self::srp::Verifier;
pub(crate) use self::srp::mac;
use self::tokens::{Mint, Origin, Profile};
pub(crate) use self::tokens::{Refused, Use};
use super::aws::{AwsError, AwsResult, set, text};
use super::clock::ClockReading;
use super::random::Random;
use super::{Account, IssuedTokens};

/// The id of the user pool.
pub(crate) const USER_POOL_ID: &str = "us-east-1_dYDxUeyL1";
/// The part of the pool's id that goes into hashes and signatures.
const POOL_NAME: &str = "dYDxUeyL1";
/// The app client, which has no secret.
const CLIENT_ID: &str = "1457d19r0pcjgmp5agooi0rb1b";
/// `iss` of the tokens: the real pool's, whatever address the sandbox is at.
const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_dYDxUeyL1";
/// How many wrong passwords lock an account, and for how long it then refuses even the correct one.
const MAX_FAILURES: u32 = 5;
const LOCKED_FOR: Duration = Duration::from_secs(15 * 60);

/// What can be set while the sandbox runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) refresh_lifetime: Duration,
    pub(crate) rotation: Rotation,
    /// Whether challenges carry a session; `None` is as the real pool does.
    pub(crate) session_tokens: Option<bool>,
    /// Whether an unknown user is refused like a wrong password.
    pub(crate) hide_unknown_users: bool,
    /// Whether upper and lower case are the same in email addresses.
    pub(crate) ignore_email_case: bool,
}

/// The state of the user pool.
pub(crate) struct Pool {
    members: Vec<Member>,
    attempts: Vec<Attempt>,
    grants: Grants,
    mint: Mint,
    random: Random,
    pub(crate) settings: Settings,
}

/// An account and what the pool knows about it.
struct Member {
    account: Account,
    /// Additional claims of its ID tokens.
    profile: Profile,
    password: String,
    /// Made from the password on first use, because it takes a while.
    verifier: Option<Verifier>,
    failures: u32,
    locked_until: Option<Timestamp>,
    /// The challenges that a sign-in has to respond to besides the password, in order.
    challenges: Vec<String>,
    devices: Vec<Device>,
    /// Whether devices are remembered as soon as they are confirmed.
    remembers_devices: bool,
}

impl Pool {
    pub(crate) fn new(random: Random, token_lifetime: Duration, settings: Settings) -> Self {
        Self {
            members: Vec::new(),
            attempts: Vec::new(),
            grants: Grants::default(),
            mint: Mint::new(random.fork("mint"), token_lifetime),
            random,
            settings,
        }
    }

    /// Performs an operation; `None` if it is unknown.
    pub(crate) fn handle(
        &mut self,
        operation: &str,
        body: &Value,
        moment: ClockReading,
    ) -> Option<AwsResult> {
        Some(match operation {
            "InitiateAuth" => self.initiate_auth(body, moment),
            "RespondToAuthChallenge" => self.respond_to_auth_challenge(body, moment),
            "GetTokensFromRefreshToken" => self.get_tokens_from_refresh_token(body, moment),
            "RevokeToken" => self.revoke_token(body),
            "GlobalSignOut" => self.global_sign_out(body, moment),
            "ConfirmDevice" => self.confirm_device(body, moment),
            "UpdateDeviceStatus" => self.update_device_status(body, moment),
            "ForgetDevice" => self.forget_own_device(body, moment),
            "GetDevice" => self.get_device(body, moment),
            "ListDevices" => self.list_devices(body, moment),
            "GetUser" => self.get_user(body, moment),
            "ChangePassword" => self.change_password(body, moment),
            _ => return None,
        })
    }

    fn initiate_auth(&mut self, body: &Value, moment: ClockReading) -> AwsResult {
        check_client(body)?;
        let parameters = body.get("AuthParameters").unwrap_or(&Value::Null);
        match text(body, "AuthFlow")? {
            "USER_SRP_AUTH" => self.begin_srp(parameters, moment),
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => self.refresh_token_auth(parameters, moment),
            flow @ ("USER_PASSWORD_AUTH" | "CUSTOM_AUTH" | "USER_AUTH") => {
                Err(AwsError::invalid_parameter(format!("{flow} flow not enabled for this client")))
            }
            flow => Err(AwsError::invalid_parameter(format!("unknown AuthFlow {flow}"))),
        }
    }

    /// The key set of the tokens.
    pub(crate) fn key_set(&self) -> Value {
        self.mint.key_set()
    }

    /// Whose ID token this is, if it is honored.
    pub(crate) fn check_id_token(&self, token: &str, moment: ClockReading) -> Result<Account, Refused> {
        let claims = self.mint.check(token, Use::Id, moment.now)?;
        let member = self.members.iter().find(|member| member.account.cognito_id == claims.sub);
        member.map(|member| member.account.clone()).ok_or(Refused::Malformed)
    }

    /// Combines new tokens into an `AuthenticationResult`.
    fn authentication_result(
        &mut self,
        account: &Account,
        origin: &Origin,
        refresh_token: Option<String>,
        moment: ClockReading,
    ) -> Value {
        let profile = self.profile(account);
        let mut result = json!({
            "AccessToken": self.mint.issue(Use::Access, account, &profile, origin, moment),
            "IdToken": self.mint.issue(Use::Id, account, &profile, origin, moment),
            "ExpiresIn": self.mint.lifetime.as_secs(),
            "TokenType": "Bearer",
        });
        if let Some(token) = refresh_token {
            set(&mut result, "RefreshToken", token);
        }
        result
    }

    /// The index of an account by its email address or its member UUID.
    fn find(&self, username: &str) -> Option<usize> {
        let is_same = |name: &str| {
            name == username || (self.settings.ignore_email_case && name.eq_ignore_ascii_case(username))
        };
        let named = |account: &Account| is_same(account.email) || is_same(account.member_uuid);
        self.members.iter().position(|member| named(&member.account))
    }

    fn member(&mut self, index: usize) -> Result<&mut Member, AwsError> {
        self.members.get_mut(index).ok_or_else(|| AwsError::new("InternalErrorException", "no such member"))
    }

    /// Whose access token this is, and its claims.
    fn check_access_token(
        &self,
        body: &Value,
        moment: ClockReading,
    ) -> Result<(usize, tokens::Claims), AwsError> {
        let claims = self.mint.check(text(body, "AccessToken")?, Use::Access, moment.now);
        let claims = claims.map_err(|refused| {
            AwsError::not_authorized(match refused {
                Refused::Expired => "Access Token has expired",
                Refused::Revoked => "Access Token has been revoked",
                _ => "Invalid Access Token",
            })
        })?;
        let index = self.members.iter().position(|member| member.account.cognito_id == claims.sub);
        index.map(|index| (index, claims)).ok_or_else(|| AwsError::not_authorized("Invalid Access Token"))
    }
}

/// What a test does to the pool.
impl Pool {
    pub(crate) fn add(&mut self, account: Account) {
        let (given_name, family_name) = account.names();
        self.members.push(Member {
            password: account.password.to_owned(),
            profile: Profile { given_name, family_name, ..Profile::default() },
            account,
            verifier: None,
            failures: 0,
            locked_until: None,
            challenges: Vec::new(),
            devices: Vec::new(),
            remembers_devices: false,
        });
    }

    /// Changes an account's name; new tokens contain it.
    pub(crate) fn rename(&mut self, account: &Account, (given_name, family_name): (String, String)) {
        if let Some(member) = self.find(account.member_uuid).and_then(|index| self.members.get_mut(index)) {
            (member.profile.given_name, member.profile.family_name) = (given_name, family_name);
        }
    }

    fn profile(&self, account: &Account) -> Profile {
        let member = self.find(account.member_uuid).and_then(|index| self.members.get(index));
        member.map(|member| member.profile.clone()).unwrap_or_default()
    }

    pub(crate) fn set_id_token_claim(&mut self, username: &str, name: &str, value: &str) -> Option<()> {
        let claims = &mut self.member_named(username)?.profile.claims;
        claims.insert(name.to_owned(), value.to_owned());
        Some(())
    }

    pub(crate) fn account(&self, username: &str) -> Option<Account> {
        self.find(username).and_then(|index| self.members.get(index)).map(|member| member.account.clone())
    }

    /// Signs in without a password, from a new device that is confirmed at once.
    pub(crate) fn issue_tokens(&mut self, username: &str, moment: ClockReading) -> Option<IssuedTokens> {
        let index = self.find(username)?;
        let mut device = Device::new(&mut self.random, moment.now);
        let (key, group_key) = (device.key.clone(), device.group_key.clone());
        let password = STANDARD.encode(self.random.bytes(40));
        device.secret = Some(Verifier::of_password(&device.srp_name(), &password, &mut self.random));
        let member = self.members.get_mut(index)?;
        device.remembered = member.remembers_devices;
        member.devices.push(device);
        let (account, profile) = (member.account.clone(), member.profile.clone());
        let origin = Origin { id: self.random.uuid(), device: Some(key.clone()), auth_time: moment.now };
        Some(IssuedTokens {
            id_token: self.mint.issue(Use::Id, &account, &profile, &origin, moment).into(),
            access_token: self.mint.issue(Use::Access, &account, &profile, &origin, moment).into(),
            refresh_token: self.grant(index, &origin, moment).into(),
            device_key: key,
            device_group_key: group_key,
            device_password: password.into(),
            member_uuid: account.member_uuid.to_owned(),
            cognito_id: account.cognito_id.to_owned(),
        })
    }

    pub(crate) fn set_token_lifetime(&mut self, lifetime: Duration) {
        self.mint.lifetime = lifetime;
    }

    pub(crate) fn expire_tokens(&mut self) {
        self.mint.dishonor_all();
    }

    pub(crate) fn rotate_keys(&mut self) {
        self.mint.rotate_keys();
    }

    pub(crate) fn revoke_refresh_tokens(&mut self, username: &str) -> Option<()> {
        let index = self.find(username)?;
        self.grants.revoke_all_of(index);
        Some(())
    }

    pub(crate) fn forget_devices(&mut self, username: &str) -> Option<()> {
        self.member_named(username)?.devices.clear();
        Some(())
    }

    pub(crate) fn remember_devices(&mut self, username: &str) -> Option<()> {
        let member = self.member_named(username)?;
        member.remembers_devices = true;
        member.devices.iter_mut().for_each(|device| device.remembered = true);
        Some(())
    }

    pub(crate) fn require_challenge(&mut self, username: &str, challenge: &str) -> Option<()> {
        self.member_named(username)?.challenges.push(challenge.to_owned());
        Some(())
    }

    pub(crate) fn set_password(&mut self, username: &str, password: &str) -> Option<()> {
        self.member_named(username)?.set_password(password);
        Some(())
    }

    pub(crate) fn unlock(&mut self, username: &str) -> Option<()> {
        let member = self.member_named(username)?;
        (member.failures, member.locked_until) = (0, None);
        Some(())
    }

    fn member_named(&mut self, username: &str) -> Option<&mut Member> {
        let index = self.find(username)?;
        self.members.get_mut(index)
    }
}

impl Member {
    fn set_password(&mut self, password: &str) {
        password.clone_into(&mut self.password);
        self.verifier = None;
    }

    /// What the password hash and the signature start with: the pool and the user id, which is not the email.
    fn srp_name(&self) -> String {
        format!("{POOL_NAME}{}", self.account.member_uuid)
    }

    fn verifier(&mut self, random: &mut Random) -> Verifier {
        let (name, password) = (self.srp_name(), self.password.clone());
        let make = || Verifier::of_password(&name, &password, random);
        self.verifier.get_or_insert_with(make).clone()
    }
}

fn check_client(body: &Value) -> Result<(), AwsError> {
    let client = text(body, "ClientId")?;
    if client == CLIENT_ID {
        return Ok(());
    }
    Err(AwsError::not_found(format!("User pool client {client} does not exist.")))
}
