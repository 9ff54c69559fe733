//! Everything that the connections share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Rotation;
use super::accounts::ACCOUNTS;
use super::builder::SandboxBuilder;
use super::clock::{Clock, Stop};
use super::codegrade::CodeGrade;
use super::deliver::DeliverySettings;
use super::domain::Domain;
use super::drift::Drifts;
use super::faults::Faults;
use super::identity::IdentityPool;
use super::outage::Outages;
use super::pool::{Pool, Settings};
use super::random::Random;
use super::record::Records;

/// How long ID tokens, access tokens and temporary AWS credentials are valid at first, as on the real service.
const AN_HOUR: Duration = Duration::from_secs(60 * 60);

/// The state of the whole service. Each part has its own lock.
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) stop: Stop,
    pub(crate) pool: Mutex<Pool>,
    pub(crate) identity: Mutex<IdentityPool>,
    pub(crate) domain: Mutex<Domain>,
    pub(crate) codegrade: Mutex<CodeGrade>,
    pub(crate) faults: Mutex<Faults>,
    pub(super) outages: Mutex<Outages>,
    pub(super) drifts: Mutex<Drifts>,
    pub(super) records: Mutex<Records>,
    pub(crate) random: Mutex<Random>,
    pub(super) delivery: Mutex<DeliverySettings>,
}

impl State {
    pub(crate) fn new(builder: &SandboxBuilder, random: Random) -> Self {
        let clock = Clock::new(builder.clock_offset, builder.strict_clock);
        let start = clock.moment().now;
        let settings = Settings {
            refresh_lifetime: builder.refresh_token_lifetime,
            rotation: Rotation::Off,
            session_tokens: None,
            hide_unknown_users: builder.hide_unknown_users,
            ignore_email_case: false,
        };
        let mut pool = Pool::new(random.fork("pool"), AN_HOUR, settings);
        ACCOUNTS.into_iter().for_each(|account| pool.add(account));
        Self {
            domain: Mutex::new(Domain::new(start)),
            clock,
            stop: Stop::default(),
            pool: Mutex::new(pool),
            identity: Mutex::new(IdentityPool::new(random.fork("identity"), AN_HOUR)),
            codegrade: Mutex::new(CodeGrade::new(random.fork("codegrade"), start)),
            faults: Mutex::default(),
            outages: Mutex::default(),
            drifts: Mutex::default(),
            records: Mutex::default(),
            random: Mutex::new(random),
            delivery: Mutex::default(),
        }
    }
}

/// Takes a lock, also after a handler panicked while it held it: that was logged, and there is no better state.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
