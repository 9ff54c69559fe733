//! Inspecting and changing a running sandbox.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::state::lock;
use super::{Account, Fault, RecordedRequest, Rotation, Sandbox};
use crate::Secret;

/// The outcome of a sign-in, from [`Sandbox::issue_tokens`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IssuedTokens {
    /// The ID token, which the endpoints require.
    pub id_token: Secret,
    /// The access token, which the user pool's own operations require.
    pub access_token: Secret,
    /// The refresh token.
    pub refresh_token: Secret,
    /// The key of the confirmed device, without which the refresh token is refused.
    pub device_key: String,
    /// The device's group key.
    pub device_group_key: String,
    /// The device's password.
    pub device_password: Secret,
    /// The account's member UUID.
    pub member_uuid: String,
    /// The account's Cognito id.
    pub cognito_id: String,
}

/// The requests that it has received.
impl Sandbox {
    /// The last 10,000 requests, in the order in which they came.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.state.records).requests().cloned().collect()
    }

    /// Clears the recorded requests.
    pub fn clear_requests(&self) {
        lock(&self.state.records).clear();
    }

    /// The number of requests with this method and path.
    #[must_use]
    pub fn count(&self, method: &str, path: &str) -> usize {
        let records = lock(&self.state.records);
        records.requests().filter(|request| request.method == method && request.path == path).count()
    }

    /// The number of calls of an operation of the user pool or the identity pool, such as `InitiateAuth`.
    #[must_use]
    pub fn count_operation(&self, operation: &str) -> usize {
        let records = lock(&self.state.records);
        records.requests().filter(|request| request.operation.as_deref() == Some(operation)).count()
    }

    /// The number of connections so far.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.server.connections()
    }

    /// The routes that were requested and that the sandbox does not have, as `GET /path`. Each got a 404 and was
    /// logged as an error.
    #[must_use]
    pub fn unknown_routes(&self) -> Vec<String> {
        lock(&self.state.records).unknown_routes().to_vec()
    }

    /// Fails a test that has requested a route that the sandbox does not have.
    ///
    /// # Panics
    ///
    /// If [`unknown_routes`](Self::unknown_routes) is not empty.
    pub fn assert_no_unknown_routes(&self) {
        let routes = self.unknown_routes();
        assert!(routes.is_empty(), "the sandbox has no such routes: {routes:?}");
    }
}

/// Faults and speed.
impl Sandbox {
    /// Adds a fault. Of several faults that match a request, the one added first happens.
    pub fn fault(&self, fault: Fault) {
        lock(&self.state.faults).add(fault);
    }

    /// Removes all faults. Outages and drift stay.
    pub fn clear_faults(&self) {
        lock(&self.state.faults).clear();
    }

    /// Sets how long every response takes.
    pub fn set_latency(&self, latency: Duration) {
        lock(&self.state.delivery).latency = latency;
    }

    /// Sets how many bytes per second each connection sends; `None` is as fast as it can. The latency comes
    /// on top.
    pub fn set_bandwidth(&self, bytes_per_second: impl Into<Option<u64>>) {
        lock(&self.state.delivery).bandwidth = bytes_per_second.into();
    }

    /// Whether responses to clients that accept gzip are compressed.
    pub fn set_compression(&self, on: bool) {
        lock(&self.state.delivery).compression = on;
    }
}

/// Time.
impl Sandbox {
    /// The time by the sandbox's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.state.clock.moment().now
    }

    /// The sandbox's clock, for a client that uses it ([`OtfBuilder::clock`](crate::OtfBuilder::clock)).
    pub fn clock(&self) -> impl Fn() -> Timestamp + Send + Sync + use<> {
        let state = Arc::clone(&self.state);
        move || state.clock.moment().now
    }

    /// Moves the clock forward: tokens, pending sign-ins and credentials age, classes start and end.
    pub fn advance(&self, by: Duration) {
        self.state.clock.advance(SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX));
    }
}

/// Tokens.
impl Sandbox {
    /// Sets how long ID and access tokens issued from now on are valid. With zero, they have expired when they
    /// arrive.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        lock(&self.state.pool).set_token_lifetime(lifetime);
    }

    /// Sets how long temporary AWS credentials issued from now on are valid.
    pub fn set_credential_lifetime(&self, lifetime: Duration) {
        lock(&self.state.identity).lifetime = lifetime;
    }

    /// Refuses all ID and access tokens issued so far with a 401, although their `exp` has not come. Refresh
    /// tokens stay valid.
    pub fn expire_tokens(&self) {
        lock(&self.state.pool).expire_tokens();
    }

    /// Signs tokens with a new key from now on. The key set contains both the new and the previous key.
    pub fn rotate_keys(&self) {
        lock(&self.state.pool).rotate_keys();
    }

    /// Sets what happens from now on to a refresh token that has been used.
    pub fn rotate_refresh_tokens(&self, rotation: Rotation) {
        lock(&self.state.pool).settings.rotation = rotation;
    }

    /// Refuses the refresh tokens of an account; its ID and access tokens stay valid.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn revoke_refresh_tokens(&self, email: &str) {
        known(email, lock(&self.state.pool).revoke_refresh_tokens(email));
    }
}

/// Accounts.
impl Sandbox {
    /// Signs an account in without its password, from a confirmed device: for tests of something else.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    #[must_use]
    pub fn issue_tokens(&self, email: &str) -> IssuedTokens {
        let moment = self.state.clock.moment();
        let issued = lock(&self.state.pool).issue_tokens(email, moment);
        known(email, issued)
    }

    /// Adds an account of a member who has just joined. Its strings live as long as the program.
    ///
    /// # Panics
    ///
    /// If the email address is taken.
    pub fn add_account(&self, email: &str, password: &str) -> Account {
        let (member_uuid, cognito_id) = {
            let mut random = lock(&self.state.random);
            (random.uuid(), random.uuid())
        };
        let keep = |text: &str| -> &'static str { text.to_owned().leak() };
        let account = Account {
            email: keep(email),
            password: keep(password),
            member_uuid: keep(&member_uuid),
            cognito_id: keep(&cognito_id),
        };
        let mut pool = lock(&self.state.pool);
        assert!(pool.account(email).is_none(), "the sandbox has an account {email} already");
        pool.add(account.clone());
        drop(pool);
        lock(&self.state.domain).add_member(account.clone(), self.now());
        account
    }

    /// Changes the password of an account.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn set_password(&self, email: &str, password: &str) {
        known(email, lock(&self.state.pool).set_password(email, password));
    }

    /// Adds a claim to the ID tokens that an account gets from now on, such as `custom:home_studio_id`.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn set_id_token_claim(&self, email: &str, name: &str, value: &str) {
        known(email, lock(&self.state.pool).set_id_token_claim(email, name, value));
    }

    /// Whether upper and lower case are the same in email addresses from now on. At first they are not, as in the real
    /// user pool.
    pub fn ignore_email_case(&self, ignore: bool) {
        lock(&self.state.pool).settings.ignore_email_case = ignore;
    }

    /// Unlocks an account that is locked for 15 minutes after five wrong passwords.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn unlock(&self, email: &str) {
        known(email, lock(&self.state.pool).unlock(email));
    }

    /// Requires more than the password when an account signs in: `SMS_MFA` and `SOFTWARE_TOKEN_MFA` (the
    /// code is [`MFA_CODE`](super::MFA_CODE)), `NEW_PASSWORD_REQUIRED` (once), or any other name, which no response
    /// satisfies. Several come in the order in which they were required.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn require_challenge(&self, email: &str, challenge: &str) {
        known(email, lock(&self.state.pool).require_challenge(email, challenge));
    }

    /// Sets whether challenges carry a `Session` from now on, which then must be sent back; `None` is as in the real
    /// pool.
    pub fn session_tokens(&self, session_tokens: impl Into<Option<bool>>) {
        lock(&self.state.pool).settings.session_tokens = session_tokens.into();
    }

    /// Remembers the present and future devices of an account: a sign-in from one of them must prove the
    /// device's password too (`DEVICE_SRP_AUTH`), and needs no code.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn remember_devices(&self, email: &str) {
        known(email, lock(&self.state.pool).remember_devices(email));
    }

    /// Forgets the devices of an account: a sign-in from one gets "Device does not exist.", and its refresh
    /// tokens are refused.
    ///
    /// # Panics
    ///
    /// If there is no such account.
    pub fn forget_devices(&self, email: &str) {
        known(email, lock(&self.state.pool).forget_devices(email));
    }
}

/// Unwraps what the pool has for an account.
#[expect(clippy::panic, reason = "as documented: the test names an account that does not exist")]
#[track_caller]
fn known<T>(email: &str, found: Option<T>) -> T {
    found.unwrap_or_else(|| panic!("the sandbox has no account {email}"))
}
