//! The client that a subcommand works with, and the clock it waits by.

use std::thread;
use std::time::Duration;

use otf_api::auth::Credentials;
use otf_api::jiff::Timestamp;
use otf_api::jiff::tz::TimeZone;
use otf_api::models::Booking;
use otf_api::sandbox::{ACCOUNTS, Account, PAT, Sandbox};
use otf_api::{Cancellation, Endpoints, MemoryStore, Otf, OtfBuilder};

use crate::cli::Global;
use crate::failure::{Failure, Result};

/// When `--sandbox` starts, so that a command prints the same each time: a Friday morning in Chicago, where the
/// mock service's member Pat lives.
const SANDBOX_TIME: &str = "2026-04-10T14:55:00Z";

/// The longest single sleep. After the machine was suspended, the clock is looked at again this soon.
const STEP: Duration = Duration::from_secs(20);

/// A signed-in client.
pub struct Service {
    pub otf: Otf,
    /// The mock service, with `--sandbox`.
    pub sandbox: Option<Sandbox>,
}

impl Service {
    /// Signs in as the global options say.
    pub fn connect(global: &Global) -> Result<Self> {
        Self::connect_with(global, |builder| builder)
    }

    /// Signs in with further settings.
    pub fn connect_with(global: &Global, set: impl FnOnce(OtfBuilder) -> OtfBuilder) -> Result<Self> {
        let mut builder = Otf::builder();
        if let Some(email) = &global.account {
            builder = builder.account(email);
        }
        let mut sandbox = None;
        if global.sandbox {
            let offset = SANDBOX_TIME.parse::<Timestamp>()?.duration_since(Timestamp::now());
            let started = Sandbox::builder().clock_offset(offset).start()?;
            builder = builder.sandbox(&started);
            sandbox = Some(started);
        } else if let Some(url) = &global.server {
            builder = builder.endpoints(Endpoints::at(url)?).store(MemoryStore::new());
        }
        let is_mock = global.sandbox || global.server.is_some();
        // A session in the environment signs in by itself.
        if is_mock && std::env::var_os("OTF_SESSION").is_none() {
            let named = |account: &&Account| global.account.as_deref().unwrap_or(PAT.email) == account.email;
            if let Some(account) = ACCOUNTS.iter().find(named) {
                builder = builder.credentials(Credentials::new(account.email, account.password));
            }
        }
        if let Some(store) = &global.store {
            builder = store.set(builder)?;
        }
        Ok(Self { otf: set(builder).login()?, sandbox })
    }

    /// The current time: the mock service's with `--sandbox`.
    pub fn now(&self) -> Timestamp {
        self.otf.now()
    }

    /// The home studio's time zone, in which people type times.
    pub fn zone(&self) -> Result<TimeZone> {
        let studio = self.otf.home_studio()?;
        let name = studio.time_zone.ok_or_else(|| Failure::failed("the home studio has no time zone"))?;
        Ok(TimeZone::get(&name)?)
    }

    /// Cancels a booking; inside the late-cancel window only if that is wanted.
    pub fn cancel(&self, booking: &Booking, late: bool) -> Result<Cancellation> {
        let bookings = self.otf.bookings();
        Ok(if late { bookings.cancel(booking)? } else { bookings.cancel_in_time(booking)? })
    }

    /// Waits until then, in short steps, since a suspended machine's clock jumps. In the mock service time flies.
    pub fn wait_until(&self, time: Timestamp) {
        while let Ok(left) = Duration::try_from(time.duration_since(self.now()))
            && !left.is_zero()
        {
            match &self.sandbox {
                Some(sandbox) => sandbox.advance(left),
                None => thread::sleep(left.min(STEP)),
            }
        }
    }
}
