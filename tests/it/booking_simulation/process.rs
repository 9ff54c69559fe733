//! A simulated process: its store, its network, its clock.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use otf_api::auth::Session;
use otf_api::http::{Method, Request, Response};
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::{
    MemoryStore, Otf, RetryPolicy, Store, StoreLock, Transport, TransportError, TransportErrorKind,
};

use super::turns::Turns;
use super::world::World;
use crate::fuzz_targets::harness;

/// One process. Clones share everything.
#[derive(Clone)]
pub(super) struct Process {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) store: MemoryStore,
    /// Whether the store's locks lock. Without, that is a planted bug.
    pub(super) locks: bool,
    pub(super) number: usize,
    /// With another process at the same time: the turns, and which of the two this is.
    pub(super) turns: Option<(Turns, usize)>,
    dead: Arc<AtomicBool>,
    /// How far the clock has run on since its death, for nobody else.
    ghost_time: Arc<Mutex<SignedDuration>>,
}

impl Process {
    pub(super) fn new(world: &Arc<Mutex<World>>, store: &MemoryStore, number: usize) -> Self {
        Self {
            world: Arc::clone(world),
            store: store.clone(),
            locks: true,
            number,
            turns: None,
            dead: Arc::default(),
            ghost_time: Arc::default(),
        }
    }

    /// Its client, signed in. The tokens do not expire here.
    pub(super) fn client(&self) -> Otf {
        let (clock, sleeping) = (self.clone(), self.clone());
        Otf::builder()
            .transport(self.clone())
            .store(self.clone())
            .retry(RetryPolicy::default().attempts(2).initial_delay(Duration::from_millis(1)))
            .sleep(move |time| sleeping.sleep(time))
            .clock(move || clock.now())
            .cache_responses(false)
            .environment(false)
            .prompt(false)
            .session(Session::from_refresh_token(harness::secret("refresh"), None))
            .login()
            .unwrap()
    }

    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    fn now(&self) -> Timestamp {
        lock(&self.world).now + *self.ghost_time.lock().unwrap()
    }

    fn sleep(&self, time: Duration) {
        let time = SignedDuration::try_from(time).unwrap();
        if self.is_dead() {
            *self.ghost_time.lock().unwrap() += time;
        } else {
            lock(&self.world).now += time;
            self.pass();
        }
    }

    /// Where another process at the same time may go on. A dead one is over at once.
    fn pass(&self) {
        if let Some((turns, number)) = self.turns.as_ref().filter(|_| !self.is_dead()) {
            turns.pass(*number);
        }
    }
}

/// What a dead process writes is lost.
impl Store for Process {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.store.read(key)
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        if self.is_dead() { Ok(()) } else { self.store.write(key, value) }
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        if self.is_dead() { Ok(()) } else { self.store.remove(key) }
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.store.keys(prefix)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        if !self.locks {
            return Ok(StoreLock::new(()));
        }
        let deadline = self.now() + SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(1));
        loop {
            match (self.store.lock(name, Duration::ZERO), &self.turns) {
                (Err(error), Some((turns, number)))
                    if error.kind() == io::ErrorKind::TimedOut
                        && !self.is_dead()
                        && self.now() < deadline =>
                {
                    lock(&self.world).now += SignedDuration::from_millis(100);
                    turns.yield_turn(*number);
                }
                (result, _) => return result,
            }
        }
    }
}

impl Transport for Process {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let fail = |kind| Err(TransportError::new(kind, "simulated"));
        if harness::operation(request).is_some() {
            return Ok(harness::reply(200, harness::refreshed().to_string()));
        }
        if self.is_dead() {
            return fail(TransportErrorKind::NotSent);
        }
        self.pass();
        let mut world = lock(&self.world);
        let travel = SignedDuration::from_millis(world.random.below(3000) as i64);
        world.now += travel;
        let fault = match world.fault_rate {
            0 => 0,
            rate => {
                if world.random.one_in(rate) {
                    1 + world.random.below(7)
                } else {
                    0
                }
            }
        };
        let dies = world.dies_in.map(|left| left.saturating_sub(1));
        world.dies_in = dies;
        let dies_before = dies == Some(0) && world.random.one_in(2);
        if dies == Some(0) {
            self.dead.store(true, Ordering::Relaxed);
            world.dies_in = None;
        }
        if dies_before || fault == 1 {
            return fail(if fault == 1 { TransportErrorKind::NotSent } else { TransportErrorKind::Broken });
        }
        if fault == 2 {
            return fail(TransportErrorKind::TimedOut);
        }
        if fault == 3 {
            return Ok(harness::reply(503, "{}"));
        }
        let response = world.handle(request, self.number);
        world.now += travel;
        drop(world);
        // The response is on its way.
        self.pass();
        let written = response.status().is_success() && request.method() != Method::GET;
        if dies == Some(0) || fault == 4 {
            return fail(TransportErrorKind::Broken);
        }
        match fault {
            5 => Ok(harness::reply(502, "{}")),
            6 if written => Ok(harness::reply(200, "")),
            7 if written => Ok(harness::reply(303, "{}")),
            _ => Ok(response),
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}
