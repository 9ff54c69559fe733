//! Settings of a sandbox.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rand::TryRng as _;
use rand::rngs::SysRng;

use super::Sandbox;
use super::random::Random;
use super::server::Server;
use super::state::State;

/// What cannot change while a sandbox runs, from [`Sandbox::builder`]. Everything else is set by methods of
/// [`Sandbox`].
///
/// ```
/// use otf_api::sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder().seed([7; 32]).start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing runs until `start`"]
pub struct SandboxBuilder {
    pub(super) port: u16,
    pub(super) refresh_token_lifetime: Duration,
    pub(super) clock_offset: SignedDuration,
    pub(super) strict_clock: bool,
    pub(super) hide_unknown_users: bool,
    seed: Option<[u8; 32]>,
}

impl SandboxBuilder {
    pub(super) fn new() -> Self {
        Self {
            port: 0,
            refresh_token_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            clock_offset: SignedDuration::ZERO,
            strict_clock: true,
            hide_unknown_users: false,
            seed: None,
        }
    }

    /// The port on 127.0.0.1; 0, the default, is any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How long refresh tokens are valid. Default: 30 days.
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.refresh_token_lifetime = lifetime;
        self
    }

    /// How far the sandbox's clock is ahead of the machine's, or behind it. Default: 0.
    pub fn clock_offset(mut self, offset: SignedDuration) -> Self {
        self.clock_offset = offset;
        self
    }

    /// Whether the time of a sign-in or a signature must be within 5 minutes of the sandbox's clock. Default: yes. With
    /// `false`, the machine's time is accepted as well, so that a test can move the sandbox's clock without locking out
    /// a client that reads the machine's.
    pub fn strict_clock(mut self, strict: bool) -> Self {
        self.strict_clock = strict;
        self
    }

    /// Whether an unknown user gets a challenge and then the error for a wrong password. Default: no; the pool responds
    /// with `UserNotFoundException` at once.
    pub fn hide_unknown_users(mut self, hide: bool) -> Self {
        self.hide_unknown_users = hide;
        self
    }

    /// Makes every id, token and random number the same in each run. By default, the seed comes from the
    /// operating system.
    pub fn seed(mut self, seed: [u8; 32]) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Starts serving.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the system can't provide sockets, threads or random bytes.
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
