//! The whole service as a local mock server, for demos, tests, fuzzing and programs that embed this crate.
//!
//! [`Sandbox::start`] serves the user pool (it verifies SRP, confirms devices, refreshes and signs tokens), the
//! identity pool, the OrangeTheory endpoints with consistent data that requests change, and the CodeGrade login,
//! all on one port of 127.0.0.1. It has the accounts [`PAT`], [`NOA`] and [`NEW`]. No person or studio in it is
//! real.
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
//! It records requests ([`Sandbox::requests`]), has its own clock ([`Sandbox::advance`]), and misbehaves on demand:
//! [`Sandbox::fault`] for single requests, [`Sandbox::set_outage`] for parts of the service,
//! [`Sandbox::plant_drift`] for changed responses, [`Sandbox::set_bandwidth`] and
//! [`Sandbox::set_latency`] for slow networks.
//!
//! # What is recorded and what is a guess
//!
//! The sandbox is based on recorded responses, the source of other clients, and their users' reports. Where these are
//! not enough, its behavior is a guess:
//!
//! | behavior | source |
//! |---|---|
//! | fields and formats of the endpoints in the recordings | recorded |
//! | Cognito's operations and errors | AWS documentation and other clients |
//! | booking opens 28 dates ahead at studio midnight ([`set_booking_window`](Sandbox::set_booking_window)) | recorded; one client assumes 29 |
//! | codes `BOOKING_ALREADY_BOOKED`, `BOOKING_CANCELED`, and 602 and 603 of the older endpoints | other clients |
//! | all other codes of refused bookings | guess |
//! | a late cancellation is accepted, and the booking says `late_canceled` | recorded |
//! | a cancellation 8 hours before the class or less is late | studio policies and one client |
//! | bookings whose id starts with `no-booking-id` ([`add_comped_bookings`](Sandbox::add_comped_bookings)) | reported; what their ids can be used for is a guess |
//! | booking lists that lag behind ([`delay_booking_lists`](Sandbox::delay_booking_lists)) | reported; the real lag is unknown |
//! | booking lists that are cut short ([`limit_booking_list`](Sandbox::limit_booking_list)) | reported once; which items are missing is a guess |
//! | summaries that come as `null`, as an empty 200 or as 204 at first ([`Fault::null`], [`Fault::empty`], [`Fault::no_content`], each with [`Fault::per_path`]) | `null` and empty: one client each; 204: guess |
//! | telemetry that responds 503, summaries that respond 403 ([`Outage`]) | reported |
//! | class counters that stop counting ([`freeze_class_counters`](Sandbox::freeze_class_counters)) | recorded |
//! | class filters, class counters | one client each; never recorded |
//! | the list of studios that needs no token, the older in-studio history | two clients each; never recorded |
//! | how that list is filtered by `country` and `studioId`, and what it contains without them | guess |
//! | favorite studios have ids and names only | guess: another client loads each studio after the list |
//! | a studio that responds 403, 404 or 500 while the lists that name it work ([`Outage::Studios`], or [`Fault::status`] on `/mobile/v1/studios/*`) | guess; off unless set |
//! | the display name is changed alone, and the response has `code: "SUCCESS"` | one client |
//! | a display name of more than 18 characters is refused | guess |
//! | claims of the ID token from the member record | one client; the form of the home studio is a guess |
//! | app configuration and wearable data | guess |
//! | workouts: heart rates, distances, calories | simulated; they agree with each other |
//!
//! It is for testing only: its keys are public, and it stores passwords in plain text.

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
mod http_stream;
mod identity;
mod outage;
mod pool;
mod random;
mod record;
mod route;
mod server;
mod sigv4;
mod state;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

pub use self::accounts::{ACCOUNTS, Account, NEW, NOA, PAT};
pub use self::builder::SandboxBuilder;
pub use self::control::IssuedTokens;
pub use self::drift::{PlantedDrift, PlantedDriftKind};
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

/// The running mock server. Dropping it stops it.
pub struct Sandbox {
    server: Server,
    state: Arc<State>,
}

impl Sandbox {
    /// Starts it on a free port, with the settings of the real service where they are known.
    ///
    /// # Errors
    ///
    /// If the system has no sockets, threads or random bytes to give.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Returns a builder for other settings.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    /// Its base URL, such as `http://127.0.0.1:12345`, without a slash at the end. It replaces every host of the
    /// service.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// The address it listens on.
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
