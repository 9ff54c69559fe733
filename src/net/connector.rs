//! Connections for ureq that record whether a request was sent, and that enforce the time limit of a call.
//!
//! This is the only file that uses ureq's `unversioned` API, which may change in any release: `checks/newest_ureq`
//! builds and tests it with the newest ureq 3.
//!
//! ureq's own connectors do the work. This module adds a resolver, a time limit for each read and write, and a record
//! of whether the first byte of the request was sent. A call runs on one thread from its first step to the last byte of
//! the body, so the call's state is a thread-local value.

use std::cell::Cell;
use std::error::Error as StdError;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{fmt, io, thread};

use http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector,
    SocksConnector, TcpConnector, Transport,
};

/// An agent whose calls can be passed to [`track`].
pub(super) fn agent(config: ureq::config::Config) -> ureq::Agent {
    let connector =
        ().chain(SocksConnector::default())
            .chain(ConnectProxyConnector::default())
            .chain(TcpConnector::default())
            .chain(TimeLimitConnector)
            .chain(TlsConnector(RustlsConnector::default()));
    ureq::Agent::with_parts(config, TrackingConnector(connector), ThreadResolver)
}

/// The current call of this thread.
#[derive(Clone, Copy, Default)]
struct Call {
    deadline: Option<Instant>,
    is_sent: bool,
}

thread_local! {
    static CALL: Cell<Call> = const { Cell::new(Call { deadline: None, is_sent: false }) };
}

/// Runs a call within a time limit. Also returns whether any of the request was sent.
pub(super) fn track<T>(time_limit: Duration, call: impl FnOnce() -> T) -> (T, bool) {
    CALL.set(Call { deadline: Instant::now().checked_add(time_limit), is_sent: false });
    let result = call();
    (result, CALL.take().is_sent)
}

fn set_sent(is_sent: bool) {
    CALL.set(Call { is_sent, ..CALL.get() });
}

/// Why a connection could not be made, where ureq has no error that says so.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// The name could not be resolved.
    Resolve { host: String, source: io::Error },
    /// The thread that resolves the name could not be started.
    NoThread { source: io::Error },
    /// The TLS handshake failed.
    Tls { host: String, source: Box<ureq::Error> },
    /// The connection ended without the end of the response.
    CutOff { source: io::Error },
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolve { host, source } => write!(f, "could not resolve {host}: {source}"),
            Self::NoThread { source } => write!(f, "could not start a thread to resolve a name: {source}"),
            Self::Tls { host, source } => write!(f, "the TLS handshake with {host} failed: {source}"),
            Self::CutOff { source } => write!(f, "the connection ended within the response: {source}"),
        }
    }
}

impl StdError for ConnectError {}

impl From<ConnectError> for ureq::Error {
    fn from(error: ConnectError) -> Self {
        Self::Other(Box::new(error))
    }
}

/// Resolves names on a thread, as ureq's resolver does, but returns an error instead of panicking if there is none.
#[derive(Debug)]
struct ThreadResolver;

impl Resolver for ThreadResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let name = uri
            .scheme()
            .zip(uri.authority())
            .and_then(|(scheme, authority)| DefaultResolver::host_and_port(scheme, authority))
            .ok_or_else(|| ureq::Error::BadUri(uri.host().unwrap_or_default().to_owned()))?;
        let host = uri.host().unwrap_or_default().to_owned();
        let mut resolved = self.empty();
        // An IP address needs no thread.
        if let Ok(address) = name.parse::<SocketAddr>() {
            resolved.push(address);
            return Ok(resolved);
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        thread::Builder::new()
            .spawn(move || sender.send(name.to_socket_addrs()))
            .map_err(|source| ConnectError::NoThread { source })?;
        let addresses = receiver
            .recv_timeout(*timeout.after)
            .map_err(|_| ureq::Error::Timeout(timeout.reason))?
            .map_err(|source| ConnectError::Resolve { host, source })?;
        // As many as the array holds.
        for address in addresses.take(16) {
            resolved.push(address);
        }
        if resolved.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(resolved) }
    }
}

/// The timeout, but no longer than the call has left: a peer that sends a byte now and then must not extend it.
fn within_call(mut timeout: NextTimeout) -> Result<NextTimeout, ureq::Error> {
    if let Some(deadline) = CALL.get().deadline {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ureq::Error::Timeout(timeout.reason));
        }
        timeout.after = timeout.after.min(left.into());
    }
    Ok(timeout)
}

/// Applies the call's time limit to each read and write of a socket.
#[derive(Debug)]
struct TimeLimitConnector;

impl<In: Transport> Connector<In> for TimeLimitConnector {
    type Out = TimeLimited<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(TimeLimited))
    }
}

#[derive(Debug)]
struct TimeLimited<T>(T);

impl<T: Transport> Transport for TimeLimited<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.0.transmit_output(amount, within_call(timeout)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.await_input(within_call(timeout)?)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

/// Marks errors of the TLS handshake, which rustls reports as I/O errors.
#[derive(Debug)]
struct TlsConnector(RustlsConnector);

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = <RustlsConnector as Connector<In>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        self.0.connect(details, chained).map_err(|error| match error {
            ureq::Error::Timeout(_) => error,
            source => {
                let host = details.uri.host().unwrap_or_default().to_owned();
                ConnectError::Tls { host, source: Box::new(source) }.into()
            }
        })
    }
}

/// Notes when a request is sent.
#[derive(Debug)]
struct TrackingConnector<C>(C);

impl<C: Connector> Connector for TrackingConnector<C> {
    type Out = Tracked<C::Out>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let connected = self.0.connect(details, chained);
        // The CONNECT request to a proxy goes through a connection of this connector, and is not the request.
        set_sent(false);
        Ok(connected?.map(Tracked))
    }
}

#[derive(Debug)]
struct Tracked<T>(T);

impl<T: Transport> Transport for Tracked<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        set_sent(true);
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        use io::ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};
        self.0.await_input(timeout).map_err(|error| match error {
            // ureq takes these for the end of a body without a length. TLS has a way to end it (close_notify), so
            // that nothing else can cut it short.
            ureq::Error::Io(source)
                if matches!(source.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted) =>
            {
                ConnectError::CutOff { source }.into()
            }
            error => error,
        })
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
