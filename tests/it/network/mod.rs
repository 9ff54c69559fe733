//! Below HTTP: what was certainly not sent is known, whatever goes wrong with names, TLS and proxies.

mod children;
mod environment;
mod gzip;
mod html;
mod limits;
mod names;
mod proxies;
mod text;
mod tls;
mod trace;

pub(crate) use children::job;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use otf_api::sandbox::Sandbox;
use otf_api::{
    BookingQuery, ClassId, Endpoints, Error, Host, Limits, Otf, TransportErrorKind, UreqTransport,
    UreqTransportBuilder,
};

use crate::servers::tls::CA;
use crate::support::builder;

/// A host that exists only behind a proxy.
const BEHIND_PROXY: &str = "https://api.otf.invalid";

/// How often a request is tried by default.
const ATTEMPTS: usize = 4;

/// A transport that trusts the tests' authority, and no proxy of the environment.
fn transport() -> UreqTransportBuilder {
    UreqTransport::builder().root_certificates(CA).no_proxy("*")
}

/// The same through a proxy.
fn through(proxy: impl Into<otf_api::Secret>) -> UreqTransportBuilder {
    transport().no_proxy("").proxy(proxy)
}

/// Limits for what never ends by itself. With them, a busy machine may be too slow for anything else.
fn hasty() -> Limits {
    Limits::default().timeout(Duration::from_millis(600)).connect_timeout(Duration::from_millis(300))
}

/// Limits for a connection that ends by itself, or does not.
fn limits(never_ends: bool) -> Limits {
    if never_ends { hasty() } else { Limits::default() }
}

/// A client whose bookings go to this address, and the number of times that it has slept.
fn client(sandbox: &Sandbox, bookings: &str, transport: UreqTransport) -> (Otf, Arc<AtomicUsize>) {
    let store = otf_api::MemoryStore::new();
    // Signing in is work for a busy machine, so it has no short limits.
    builder(sandbox).store(store.clone()).login().unwrap();
    let sleeps = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sleeps);
    let endpoints = Endpoints::at(&sandbox.url()).unwrap().host(Host::Io, bookings).unwrap();
    let otf = builder(sandbox)
        .endpoints(endpoints)
        .store(store)
        .transport(transport)
        .sleep(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        })
        .login()
        .unwrap();
    (otf, sleeps)
}

fn book(otf: &Otf) -> otf_api::Result<()> {
    otf.bookings().book(ClassId::new("00000000-0000-4000-8000-000000000001")).map(drop)
}

fn list(otf: &Otf) -> otf_api::Result<usize> {
    otf.bookings().list(&BookingQuery::new()).map(|bookings| bookings.len())
}

/// The kind of a transport error.
#[track_caller]
fn kind(error: &Error) -> TransportErrorKind {
    match error {
        Error::Transport { source, .. } => source.kind(),
        error => panic!("{error:?}"),
    }
}

/// Books, which must fail with a transport error of this kind and be retried if that can help. Returns the message.
#[track_caller]
fn assert_not_sent(
    sandbox: &Sandbox,
    bookings: &str,
    transport: UreqTransport,
    expected: TransportErrorKind,
) -> String {
    let (otf, sleeps) = client(sandbox, bookings, transport);
    let made = sandbox.bookings_made();
    let error = book(&otf).unwrap_err();
    assert_eq!(kind(&error), expected, "{error:?}");
    let is_retryable = expected == TransportErrorKind::NotSent;
    assert_eq!(error.is_retryable(), is_retryable, "{error:?}");
    let retries = if is_retryable { ATTEMPTS - 1 } else { 0 };
    assert_eq!(sleeps.load(Ordering::SeqCst), retries, "{error:?}");
    assert_eq!(sandbox.bookings_made(), made);
    assert_eq!(list(&otf).map_err(|error| kind(&error)), Err(expected), "reads");
    error.to_string()
}
