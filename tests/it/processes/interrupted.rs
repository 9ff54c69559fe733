//! A process that ends between any two steps of its work: before or after each call of the store and each request.
//!
//! What `kill -9` does at random moments to a real process (see `killed`) is done here at each step, in this process:
//! from some step on, neither the store nor the network does anything.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use otf_api::http::{Request, Response};
use otf_api::sandbox::{Rotation, Sandbox};
use otf_api::{
    Endpoints, MemoryStore, Otf, OtfBuilder, RetryPolicy, Store, StoreLock, Transport, TransportError,
    TransportErrorKind, UreqTransport,
};

use super::list;
use crate::support::{builder, pat, sandbox};

/// Counts steps, and says whether the process is still alive.
#[derive(Clone)]
struct Life {
    steps: Arc<AtomicUsize>,
    last: usize,
}

impl Life {
    fn of(last: usize) -> Self {
        Self { steps: Arc::default(), last }
    }

    fn step(&self) -> io::Result<()> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        if step < self.last { Ok(()) } else { Err(io::Error::other("the process has ended")) }
    }

    fn has_ended(&self) -> bool {
        self.steps.load(Ordering::SeqCst) > self.last
    }
}

struct MortalStore(Life, MemoryStore);

impl Store for MortalStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.0.step()?;
        self.1.read(key)
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        self.0.step()?;
        self.1.write(key, value)
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        self.0.step()?;
        self.1.remove(key)
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.0.step()?;
        self.1.keys(prefix)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        self.0.step()?;
        self.1.lock(name, wait)
    }
}

struct MortalTransport(Life, UreqTransport);

impl Transport for MortalTransport {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let ended = |error: io::Error| TransportError::new(TransportErrorKind::Broken, error.to_string());
        self.0.step().map_err(ended)?;
        let response = self.1.send(request)?;
        self.0.step().map_err(ended)?;
        Ok(response)
    }
}

/// A client that lives for so many steps.
fn mortal(sandbox: &Sandbox, store: &MemoryStore, life: &Life) -> OtfBuilder {
    Otf::builder()
        .endpoints(Endpoints::at(&sandbox.url()).unwrap())
        .clock(sandbox.clock())
        .store(MortalStore(life.clone(), store.clone()))
        .transport(MortalTransport(life.clone(), UreqTransport::default()))
        .retry(RetryPolicy::never())
        .lambda_retry_delay(Duration::ZERO)
        .environment(false)
        .prompt(false)
}

/// Whether a client without a password gets by on what the store has, also after its tokens have expired.
fn lives_on(sandbox: &Sandbox, store: &MemoryStore) -> bool {
    let otf = mortal(sandbox, store, &Life::of(usize::MAX)).login();
    sandbox.advance(Duration::from_secs(2 * 3600));
    otf.is_ok_and(|otf| list(&otf).is_ok())
}

#[test]
fn refresh_interrupted_at_any_step_loses_no_session() {
    for rotation in [Rotation::Off, Rotation::On, Rotation::NewOperationOnly] {
        let (mut lost, mut last) = (0, 0);
        loop {
            let sandbox = sandbox();
            sandbox.rotate_refresh_tokens(rotation);
            let store = MemoryStore::new();
            builder(&sandbox).store(store.clone()).login().unwrap();
            sandbox.advance(Duration::from_secs(2 * 3600));
            sandbox.clear_requests();
            let life = Life::of(last);
            let result = mortal(&sandbox, &store, &life).login();
            if !life.has_ended() {
                result.unwrap();
                break;
            }
            drop(result);
            lost += usize::from(!lives_on(&sandbox, &store));
            assert_eq!(sandbox.count_operation("RespondToAuthChallenge"), 0);
            last += 1;
        }
        assert!(last > 8, "only {last} steps");
        // Not promised: a token that the pool has rotated, and whose successor was not written yet.
        assert!(lost <= if rotation == Rotation::Off { 0 } else { 3 }, "{rotation:?}: {lost} of {last} lost");
    }
}

#[test]
fn sign_in_interrupted_at_any_step_can_be_repeated() {
    let mut last = 0;
    loop {
        let sandbox = sandbox();
        let store = MemoryStore::new();
        let life = Life::of(last);
        let result = mortal(&sandbox, &store, &life).credentials(pat()).login();
        if !life.has_ended() {
            result.unwrap();
            break;
        }
        drop(result);
        // With the password it is done, and from then on it is not needed.
        mortal(&sandbox, &store, &Life::of(usize::MAX)).credentials(pat()).login().unwrap();
        assert!(sandbox.count_operation("RespondToAuthChallenge") <= 2, "step {last}");
        assert!(lives_on(&sandbox, &store), "step {last}");
        last += 1;
    }
    assert!(last > 10, "only {last} steps");
}
