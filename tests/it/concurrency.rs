//! Several requests at once give the same results as one after the other.

use std::collections::HashSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use otf_api::http::{Request, Response};
use otf_api::models::{Listing, Workout};
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{
    ClassQuery, Error, GeoQuery, MemoryStore, OtfBuilder, RetryPolicy, Store, StoreLock, StudioUuid,
    Transport, TransportError, UreqTransport,
};

use crate::support::{builder, seen};
use crate::workouts::signed_in;

const SUMMARIES: &str = "/v1/performance-summaries/*";
const TELEMETRY: &str = "/v1/performance/summary";

/// The lifetime's workouts by a new client, and what was asked for them, sorted.
fn lifetime(sandbox: &Sandbox, builder: OtfBuilder) -> (Result<Listing<Workout>, Error>, Vec<String>) {
    let workouts = signed_in(sandbox, builder).workouts().lifetime();
    let mut requests: Vec<String> =
        sandbox.requests().iter().map(|request| format!("{} {:?}", request.path, request.query)).collect();
    sandbox.clear_requests();
    requests.sort();
    (workouts, requests)
}

#[test]
fn results_order_and_requests_match_the_sequential_run() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.set_latency(Duration::from_millis(2));
    let before = sandbox.connections();
    let (one_by_one, requests) = lifetime(&sandbox, builder(&sandbox));
    let one_by_one = one_by_one.unwrap();
    assert_eq!((one_by_one.len(), requests.len()), (40, 82));
    assert_eq!(sandbox.connections() - before, 1);
    for threads in [0, 2, 8, 200] {
        let before = sandbox.connections();
        let (fanned, fanned_requests) = lifetime(&sandbox, builder(&sandbox).concurrency(threads));
        assert_eq!(fanned.unwrap(), one_by_one);
        // The span of the bookings starts and ends at different seconds.
        assert_eq!(fanned_requests[1..], requests[1..]);
        let connections = usize::try_from(sandbox.connections() - before).unwrap();
        assert!(connections <= threads.max(1), "{connections} for {threads}");
        assert!(threads < 2 || connections > 1);
    }
}

#[test]
fn transient_failures_are_retried() {
    let sandbox = Sandbox::start().unwrap();
    let whole = lifetime(&sandbox, builder(&sandbox)).0.unwrap();
    for threads in [1, 8] {
        sandbox.fault(Fault::reset_before().on("GET", SUMMARIES).skip(7));
        sandbox.fault(Fault::status(503).on("GET", TELEMETRY).skip(20).times(2));
        sandbox.fault(Fault::truncate(100).on("GET", TELEMETRY).skip(30));
        sandbox.fault(Fault::status(429).header("Retry-After", "1").on("GET", SUMMARIES).skip(30));
        let (workouts, requests) = lifetime(&sandbox, builder(&sandbox).concurrency(threads));
        assert_eq!(workouts.unwrap(), whole);
        assert_eq!(requests.len(), 82 + 5);
        sandbox.clear_faults();
    }
}

#[test]
fn failure_of_one_workout_does_not_affect_others() {
    let sandbox = Sandbox::start().unwrap();
    let one = lifetime(&sandbox, builder(&sandbox)).0.unwrap()[11].clone();
    let id = one.performance_summary_id().unwrap();
    let path = format!("/v1/performance-summaries/{id}");
    sandbox.fault(Fault::status(500).on("GET", &path).always());
    for threads in [1, 8] {
        let (workouts, _) = lifetime(&sandbox, builder(&sandbox).concurrency(threads));
        let workouts = workouts.unwrap();
        assert_eq!(workouts.len(), 40);
        assert_eq!(
            workouts[11].incomplete_reasons(),
            [format!("performance summary: GET {path}: HTTP status 500: sandbox fault 500")]
        );
        assert_eq!(workouts[11].telemetry, one.telemetry);
    }
}

#[test]
fn failed_sign_in_stops_further_requests() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.fault(Fault::status(401).on("GET", TELEMETRY).skip(10).always());
    for threads in [1, 8] {
        let never = builder(&sandbox).retry(RetryPolicy::never()).concurrency(threads);
        let (workouts, requests) = lifetime(&sandbox, never);
        let error = workouts.unwrap_err();
        assert!(error.is_authentication(), "{error:?}");
        assert!(requests.len() < 60, "further requests were sent: {}", requests.len());
        sandbox.clear_faults();
        sandbox.fault(Fault::status(401).on("GET", TELEMETRY).skip(10).always());
    }
}

/// A store that panics at one of its writes of responses.
struct Panics {
    left: AtomicUsize,
    inner: MemoryStore,
}

impl Store for Panics {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.inner.read(key)
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        if key.starts_with("responses") && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // Without the panic hook, which would print a backtrace for as long as all the requests take.
            resume_unwind(Box::new("on purpose"));
        }
        self.inner.write(key, value)
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        self.inner.remove(key)
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.inner.keys(prefix)
    }

    fn lock(&self, name: &str, wait: Duration) -> io::Result<StoreLock> {
        self.inner.lock(name, wait)
    }
}

#[test]
fn panic_stops_further_requests() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.set_latency(Duration::from_millis(2));
    let store = Panics { left: AtomicUsize::new(10), inner: MemoryStore::new() };
    let otf = signed_in(&sandbox, builder(&sandbox).store(store).cache_responses(true).concurrency(8));
    sandbox.clear_requests();
    let result = catch_unwind(AssertUnwindSafe(|| otf.workouts().lifetime()));
    assert!(result.is_err());
    let requests = sandbox.requests().len();
    assert!((10..60).contains(&requests), "further requests were sent: {requests}");
}

/// A transport after some of whose requests all tokens are refused.
struct Expires {
    sandbox: Arc<Sandbox>,
    left: AtomicUsize,
    inner: UreqTransport,
}

impl Transport for Expires {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.sandbox.expire_tokens();
        }
        self.inner.send(request)
    }
}

#[test]
fn refused_tokens_are_refreshed_once() {
    let sandbox = Arc::new(Sandbox::start().unwrap());
    let whole = lifetime(&sandbox, builder(&sandbox)).0.unwrap();
    for threads in [1, 8] {
        let transport = Expires {
            sandbox: Arc::clone(&sandbox),
            left: AtomicUsize::new(40),
            inner: UreqTransport::default(),
        };
        let otf = signed_in(&sandbox, builder(&sandbox).transport(transport).concurrency(threads));
        assert_eq!(otf.workouts().lifetime().unwrap(), whole);
        assert_eq!(sandbox.count_operation("InitiateAuth"), 1);
        let refused = sandbox.requests().iter().filter(|request| request.status == Some(401)).count();
        // Those under way when the tokens were refused.
        assert!((1..3 * threads).contains(&refused), "{refused} refused with {threads}");
        assert_eq!(seen(&sandbox).len(), 82 + 1 + refused);
    }
}

#[test]
fn studios_are_loaded_concurrently() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.set_latency(Duration::from_millis(2));
    let classes = |threads| {
        let otf = signed_in(&sandbox, builder(&sandbox).concurrency(threads));
        let studios = otf.studios().search(&GeoQuery::new().distance(250.0)).unwrap();
        let unknown = StudioUuid::new("no-such-studio");
        let query = studios.iter().fold(ClassQuery::new().studio(unknown).with_studios(), |query, studio| {
            query.studio(studio.studio_uuid.clone())
        });
        (otf.bookings().classes(&query).unwrap(), seen(&sandbox).len())
    };
    let (one_by_one, requests) = classes(1);
    assert!(one_by_one.iter().all(|class| class.studio_detail.is_some()));
    let studios: HashSet<_> = one_by_one.iter().filter_map(|class| class.studio_uuid()).collect();
    assert!(studios.len() > 1);
    assert_eq!(classes(8), (one_by_one.clone(), requests));
}

#[test]
fn requests_are_built_when_they_are_sent() {
    let sandbox = Sandbox::start().unwrap();
    // The fourth id is invalid, which shows when its request is built.
    let ids = ["a", "b", "c", "d\n", "e"].map(StudioUuid::new);
    for threads in [1, 2] {
        let otf = signed_in(&sandbox, builder(&sandbox).concurrency(threads));
        let query = ids.iter().fold(ClassQuery::new().with_studios(), |query, id| query.studio(id.clone()));
        assert!(otf.bookings().classes(&query).is_err());
        sandbox.clear_requests();
    }
}
