//! Settings of a sandbox.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rand::TryRng as _;
use rand::rngs::SysRng;

use super::deliver::DeliverySettings;
use super::random::Random;
use super::server::Server;
use super::state::State;
use super::{Rotation, Sandbox};

/// Settings of a sandbox, from [`Sandbox::builder`].
///
/// ```
/// use std::time::Duration;
/// use otf_api::sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(30)).start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing runs until `start`"]
pub struct SandboxBuilder {
    pub(super) port: u16,
    pub(super) token_lifetime: Duration,
    pub(super) refresh_token_lifetime: Duration,
    pub(super) credential_lifetime: Duration,
    pub(super) delivery: DeliverySettings,
    pub(super) clock_offset: SignedDuration,
    pub(super) strict_clock: bool,
    pub(super) rotation: Rotation,
    pub(super) session_tokens: Option<bool>,
    pub(super) hide_unknown_users: bool,
    pub(super) ignore_email_case: bool,
    seed: Option<[u8; 32]>,
}

impl SandboxBuilder {
    pub(super) fn new() -> Self {
        Self {
            port: 0,
            token_lifetime: Duration::from_secs(60 * 60),
            refresh_token_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            credential_lifetime: Duration::from_secs(60 * 60),
            delivery: DeliverySettings::default(),
            clock_offset: SignedDuration::ZERO,
            strict_clock: true,
            rotation: Rotation::Off,
            session_tokens: None,
            hide_unknown_users: false,
            ignore_email_case: false,
            seed: None,
        }
    }

    /// The port on 127.0.0.1; 0, the default, is any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How long ID and access tokens are valid: 1 hour unless set.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// How long refresh tokens are valid: 30 days unless set.
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.refresh_token_lifetime = lifetime;
        self
    }

    /// How long temporary AWS credentials are valid: 1 hour unless set.
    pub fn credential_lifetime(mut self, lifetime: Duration) -> Self {
        self.credential_lifetime = lifetime;
        self
    }

    /// How long every response takes, the handler's work included: no time unless set.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.delivery.latency = latency;
        self
    }

    /// How many bytes per second each connection sends: as fast as it can unless set.
    pub fn bandwidth(mut self, bytes_per_second: u64) -> Self {
        self.delivery.bandwidth = Some(bytes_per_second);
        self
    }

    /// Whether responses to clients that accept gzip are compressed, as on the real service: yes unless set.
    pub fn compression(mut self, on: bool) -> Self {
        self.delivery.compression = on;
        self
    }

    /// How far the sandbox's clock is ahead of the machine's, or behind: not at all unless set.
    pub fn clock_offset(mut self, offset: SignedDuration) -> Self {
        self.clock_offset = offset;
        self
    }

    /// Whether a sign-in or a signature must be within 5 minutes of the sandbox's clock: yes unless set. With
    /// `false`, the time of the machine's clock is accepted as well, so that a test can move the sandbox's clock
    /// without locking out a client that reads the machine's.
    pub fn strict_clock(mut self, strict: bool) -> Self {
        self.strict_clock = strict;
        self
    }

    /// What happens to a refresh token that has been used: [`Rotation::Off`] unless set.
    pub fn rotation(mut self, rotation: Rotation) -> Self {
        self.rotation = rotation;
        self
    }

    /// Whether challenges carry a `Session`, which then must be sent back. Unless set, it is as in the real
    /// pool: the SRP steps have none, the others do.
    pub fn session_tokens(mut self, session_tokens: bool) -> Self {
        self.session_tokens = Some(session_tokens);
        self
    }

    /// Whether an unknown user gets a challenge and then the error of a wrong password. Unless set, the pool
    /// responds with `UserNotFoundException` at once.
    pub fn hide_unknown_users(mut self, hide: bool) -> Self {
        self.hide_unknown_users = hide;
        self
    }

    /// Whether upper and lower case are the same in e-mail addresses: no unless set, as one client's documentation says of
    /// the real service.
    pub fn ignore_email_case(mut self, ignore: bool) -> Self {
        self.ignore_email_case = ignore;
        self
    }

    /// Makes every id, token and random number the same in each run. Unless set, the seed comes from the
    /// operating system.
    pub fn seed(mut self, seed: [u8; 32]) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Starts serving.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the system has no sockets, threads or random bytes to give.
    pub fn start(self) -> io::Result<Sandbox> {
        let seed = match self.seed {
            Some(seed) => seed,
            None => {
                let mut seed = [0; 32];
                SysRng.try_fill_bytes(&mut seed).map_err(io::Error::other)?;
                seed
            }
        };
        let state = Arc::new(State::new(&self, Random::new(seed)));
        Ok(Sandbox { server: Server::start(self.port, Arc::clone(&state))?, state })
    }
}
