//! The whole service on loopback, for demos, tests, fuzzing and programs that embed this crate.
//!
//! [`Sandbox::start`] serves the user pool (it really verifies SRP, confirms devices, refreshes, and signs its
//! tokens), the identity pool, the OrangeTheory endpoints with data that hangs together and changes, and the
//! CodeGrade login, all on one port of 127.0.0.1. It knows the accounts [`PAT`], [`NOA`] and [`NEW`]; nothing
//! in it stands for a real person or studio.
//!
//! It can be told to misbehave ([`Sandbox::fault`]), records what it was asked ([`Sandbox::requests`]), and has
//! a clock of its own ([`Sandbox::advance`]).
//!
//! ```
//! use otf_api::sandbox::Sandbox;
//!
//! let sandbox = Sandbox::start()?;
//! println!("listening on {}", sandbox.url());
//! assert_eq!(sandbox.requests().len(), 0);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! It is for playing with. Its keys are public, it keeps passwords in memory as they are, and it is no model
//! of a safe server.

mod accounts;
mod aws;
mod bookings;
mod builder;
mod classes;
mod clock;
pub mod codegrade;
mod compression;
mod control;
mod deliver;
mod domain;
mod drift;
mod fault;
mod faults;
mod http;
mod identity;
mod outage;
mod pool;
mod random;
mod record;
mod route;
mod server;
mod sigv4;
mod state;
mod wire;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

pub use self::accounts::{ACCOUNTS, Account, NEW, NOA, PAT};
pub use self::builder::SandboxBuilder;
pub use self::control::IssuedTokens;
pub use self::drift::{Drift, DriftKind};
pub use self::fault::Fault;
pub use self::outage::Outage;
pub use self::pool::Rotation;
pub use self::record::RecordedRequest;
use self::server::Server;
#[doc(hidden)]
pub use self::sigv4::verify_signature;
use self::state::State;

/// The code that the sandbox accepts for `SMS_MFA` and `SOFTWARE_TOKEN_MFA`.
pub const MFA_CODE: &str = "204816";

/// The service, running on a loopback port until it is dropped.
pub struct Sandbox {
    server: Server,
    state: Arc<State>,
}

impl Sandbox {
    /// Starts the service on a free port, with the settings of the real one.
    ///
    /// # Errors
    ///
    /// Where there are no sockets, threads or random bytes to be had.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Starts with other settings.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    /// Where it listens, as the base of URLs: `http://127.0.0.1:12345`, without a slash at the end. It stands
    /// for every host of the service.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.addr
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("addr", &self.addr()).finish_non_exhaustive()
    }
}
