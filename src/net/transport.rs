//! The one seam to the network.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use http::{Request, Response, Uri};

use crate::error::{Error, Result, Source};

/// Sends one request and returns its answer, whatever the status: no retries, no redirects, no sign-in.
///
/// [`UreqTransport`] is the default. Implement it to record, to replay, or to use another HTTP stack. The
/// requests carry tokens: keep their headers out of logs.
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] where there is no complete answer. Its kind decides whether a write may be sent
    /// again, so say [`NotConnected`](TransportErrorKind::NotConnected) only where no byte of the request can
    /// have reached the server.
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError>;
}

/// Why a request got no answer.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    source: Option<Source>,
}

/// The kinds of [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was made, so the server has seen nothing.
    NotConnected,
    /// The time for the call ran out.
    TimedOut,
    /// The connection broke, or the answer was cut short.
    Broken,
    /// What came back is not HTTP.
    NotHttp,
    /// The answer is larger than the limit.
    TooLarge,
    /// The request itself can't be sent.
    BadRequest,
}

impl TransportError {
    /// An error of a kind; `message` must not hold secrets.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// The same with the error below it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server can't have seen the request.
    pub fn is_never_sent(&self) -> bool {
        matches!(self.kind, TransportErrorKind::NotConnected | TransportErrorKind::BadRequest)
    }

    /// Whether the same request can succeed when it is sent again.
    pub fn is_retryable(&self) -> bool {
        !matches!(self.kind, TransportErrorKind::TooLarge | TransportErrorKind::BadRequest)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}

/// The limits of a [`UreqTransport`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// How long looking up the name, connecting and the TLS handshake may take. Default: 10 s.
    pub connect: Duration,
    /// How long a call may take as a whole, from the look-up to the last byte of the body. Default: 30 s.
    pub call: Duration,
    /// The largest body that is read, in bytes. Default: 16 MiB.
    pub body: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), call: Duration::from_secs(30), body: 16 * 1024 * 1024 }
    }
}

/// The default [`Transport`]: ureq with rustls and kept-alive connections.
///
/// At the level `trace`, ureq logs whole requests, tokens included: keep the log targets `ureq` and `ureq_proto`
/// above it.
///
/// A proxy named by `ALL_PROXY`, `HTTPS_PROXY` or `HTTP_PROXY` is used, as `NO_PROXY` allows, but never for a
/// loopback address.
#[derive(Debug)]
pub struct UreqTransport {
    agent: ureq::Agent,
    /// For loopback addresses: what is meant for this machine, and may be plain `http`, stays on it.
    direct: ureq::Agent,
    body: u64,
}

impl UreqTransport {
    /// A transport with these limits.
    pub fn new(limits: &Limits) -> Self {
        if log::log_enabled!(target: "ureq_proto::util", log::Level::Trace) {
            log::warn!("the log takes ureq_proto at trace: it will show tokens, codes and addresses");
        }
        let agent = |proxy| {
            let config = ureq::Agent::config_builder()
                .proxy(proxy)
                .timeout_resolve(Some(limits.connect))
                .timeout_connect(Some(limits.connect))
                .timeout_global(Some(limits.call))
                .max_redirects(0)
                .http_status_as_error(false)
                // Every header is the caller's.
                .user_agent("")
                .accept("")
                .accept_encoding("")
                // Enough that a fan-out finds its connections again; ureq's defaults are 10 and 3.
                .max_idle_connections(32)
                .max_idle_connections_per_host(16);
            #[cfg(feature = "platform-roots")]
            let config = config.tls_config(
                ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build(),
            );
            config.build().new_agent()
        };
        Self { agent: agent(ureq::Proxy::try_from_env()), direct: agent(None), body: limits.body }
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl Transport for UreqTransport {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let agent = if request.uri().host().is_some_and(is_loopback) { &self.direct } else { &self.agent };
        let (parts, mut body) = if request.body().is_empty() {
            let mut bare = Request::new(());
            copy_head(request, &mut bare);
            agent.run(bare)
        } else {
            let mut full = Request::new(request.body().as_slice());
            copy_head(request, &mut full);
            agent.run(full)
        }
        .map_err(transport_error)?
        .into_parts();
        let body = body.with_config().limit(self.body).read_to_vec().map_err(transport_error)?;
        Ok(Response::from_parts(parts, body))
    }
}

fn copy_head<A, B>(from: &Request<A>, to: &mut Request<B>) {
    to.method_mut().clone_from(from.method());
    to.uri_mut().clone_from(from.uri());
    to.headers_mut().clone_from(from.headers());
}

fn transport_error(error: ureq::Error) -> TransportError {
    use TransportErrorKind::{BadRequest, Broken, NotConnected, NotHttp, TimedOut, TooLarge};

    let (kind, message) = match &error {
        ureq::Error::HostNotFound => (NotConnected, "the host's name can't be resolved".to_owned()),
        ureq::Error::ConnectionFailed => (NotConnected, "no connection could be made".to_owned()),
        ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            (NotConnected, "no connection within the time limit".to_owned())
        }
        ureq::Error::Timeout(_) => (TimedOut, "no complete answer within the time limit".to_owned()),
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => {
            (NotConnected, "the proxy can't be used".to_owned())
        }
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => (NotConnected, "TLS can't be set up".to_owned()),
        ureq::Error::Io(io) if is_refused(io) => (NotConnected, format!("no connection could be made: {io}")),
        ureq::Error::Io(io) => (Broken, format!("the connection broke: {io}")),
        ureq::Error::BodyExceedsLimit(limit) => {
            (TooLarge, format!("the answer is larger than {limit} bytes"))
        }
        ureq::Error::LargeResponseHeader(..) => {
            (TooLarge, "the answer's headers are larger than allowed".to_owned())
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::RequireHttpsOnly(_) => {
            (BadRequest, "the request can't be sent".to_owned())
        }
        _ => (NotHttp, "the answer is not HTTP".to_owned()),
    };
    TransportError::new(kind, message).with_source(error)
}

/// Whether an I/O error can only come from before the request was sent.
fn is_refused(error: &io::Error) -> bool {
    // "Unreachable" is not among them: an established connection can end with it.
    matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::AddrNotAvailable)
        // rustls checks the certificate before a byte of the request goes out, and reports it as an I/O error.
        || error.get_ref().is_some_and(|inner| inner.to_string().starts_with("invalid peer certificate"))
}

/// Checks a base address: `https`, or `http` where it stays on this machine; no user, query or fragment.
///
/// Returns it without the slash at its end.
pub(crate) fn check_base_url(argument: &'static str, url: &str) -> Result<String> {
    let uri: Uri = url.parse().map_err(|_| Error::invalid(argument, "it is not a URL"))?;
    let authority = uri.authority().ok_or_else(|| Error::invalid(argument, "it names no host"))?;
    if uri.query().is_some() || url.contains('#') || authority.as_str().contains('@') {
        return Err(Error::invalid(argument, "a base address has no user, no query and no fragment"));
    }
    if authority.as_str() != authority.host() && authority.port_u16().is_none() {
        return Err(Error::invalid(argument, "its port is none"));
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(authority.host()) => {}
        _ => {
            return Err(Error::invalid(
                argument,
                "it is not https (plain http is for loopback addresses only)",
            ));
        }
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
