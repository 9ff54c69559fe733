//! The default transport: ureq with rustls.

use std::io;
use std::time::Duration;

use http::{Request, Response};

use super::Transport;
use crate::endpoints::is_loopback;
use crate::error::{TransportError, TransportErrorKind};

/// The limits of a [`UreqTransport`].
///
/// ```
/// use std::time::Duration;
/// use otf_api::Limits;
///
/// let limits = Limits::default().timeout(Duration::from_secs(120)).max_body_size(64 * 1024 * 1024);
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    connect_timeout: Duration,
    timeout: Duration,
    max_body_size: u64,
}

impl Limits {
    /// The time limit for everything before the request is sent: name resolution, connecting, the proxy and the TLS
    /// handshake. Default: 10 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The time limit for a whole call, from name resolution to the last byte of the body. Default: 30 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The maximum size of a response body, in bytes. Default: 16 MiB.
    #[must_use]
    pub fn max_body_size(mut self, bytes: u64) -> Self {
        self.max_body_size = bytes;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            max_body_size: 16 * 1024 * 1024,
        }
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
                .timeout_resolve(Some(limits.connect_timeout))
                .timeout_connect(Some(limits.connect_timeout))
                .timeout_global(Some(limits.timeout))
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
        Self { agent: agent(ureq::Proxy::try_from_env()), direct: agent(None), body: limits.max_body_size }
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
    use TransportErrorKind::{Broken, InvalidRequest, InvalidResponse, NotSent, TimedOut, TooLarge};

    let (kind, message) = match &error {
        ureq::Error::HostNotFound => (NotSent, "the host's name can't be resolved".to_owned()),
        ureq::Error::ConnectionFailed => (NotSent, "no connection could be made".to_owned()),
        ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            (NotSent, "no connection within the time limit".to_owned())
        }
        ureq::Error::Timeout(_) => (TimedOut, "no complete answer within the time limit".to_owned()),
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => {
            (NotSent, "the proxy can't be used".to_owned())
        }
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => (NotSent, "TLS can't be set up".to_owned()),
        ureq::Error::Io(io) if is_refused(io) => (NotSent, format!("no connection could be made: {io}")),
        ureq::Error::Io(io) => (Broken, format!("the connection broke: {io}")),
        ureq::Error::BodyExceedsLimit(limit) => {
            (TooLarge, format!("the answer is larger than {limit} bytes"))
        }
        ureq::Error::LargeResponseHeader(..) => {
            (TooLarge, "the answer's headers are larger than allowed".to_owned())
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::RequireHttpsOnly(_) => {
            (InvalidRequest, "the request can't be sent".to_owned())
        }
        _ => (InvalidResponse, "the answer is not HTTP".to_owned()),
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
