//! The default transport: ureq with rustls.

use http::{Request, Response, header};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::connector;
use super::proxy::{self, InvalidProxy, ProxySettings};
use super::{Limits, Transport, ureq_error};
use crate::endpoints::is_loopback;
use crate::error::{Error, Result, TransportError, TransportErrorKind, shorten};
use crate::secret::Secret;

/// The default [`Transport`]: ureq with rustls, which reuses connections.
///
/// # Proxies
///
/// Unless the [builder](Self::builder) sets a proxy, the first of these variables that is not empty names it:
/// `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`, `http_proxy`, `HTTP_PROXY`. HTTP, HTTPS, SOCKS4, SOCKS4a,
/// SOCKS5 and SOCKS5h proxies are supported. If the address is invalid, every request fails, so that nothing bypasses
/// the proxy. Hosts in `no_proxy` or `NO_PROXY` are reached directly, and so are loopback addresses.
///
/// # Trace logging
///
/// At trace level, ureq logs requests with their tokens. A request fails with
/// [`Misconfigured`](TransportErrorKind::Misconfigured) while the logger enables trace level for `ureq` or
/// `ureq_proto`. Exclude them, e.g. with `RUST_LOG=trace,ureq=debug,ureq_proto=debug`, or
/// [allow it](UreqTransportBuilder::allow_trace_logging).
#[derive(Debug)]
pub struct UreqTransport {
    /// For all hosts without a proxy.
    direct: ureq::Agent,
    /// An invalid proxy is an error of the requests that would use it.
    proxied: Result<Option<Proxied>, String>,
    limits: Limits,
    /// Whether the agents are this crate's, so that they know whether a request was sent.
    is_tracked: bool,
    allow_trace_logging: bool,
}

/// The agent that uses a proxy.
#[derive(Debug)]
struct Proxied {
    settings: ProxySettings,
    agent: ureq::Agent,
}

impl UreqTransport {
    /// A transport with these limits, and with the proxy that the environment names.
    pub fn new(limits: &Limits) -> Self {
        let proxy = ProxySettings::from_env(|name| std::env::var_os(name), None);
        Self::with_proxy(limits.clone(), None, proxy)
    }

    /// Configures a transport.
    pub fn builder() -> UreqTransportBuilder {
        UreqTransportBuilder::default()
    }

    /// A transport that uses the program's own agent, with its proxy, certificates and time limits.
    ///
    /// This transport cannot know whether such an agent sent any part of a failed request, and in doubt assumes that it
    /// did. So a booking that failed because the name was not resolved returns
    /// [`OutcomeUnknown`](crate::Error::OutcomeUnknown). Time limits are only as strict as ureq's own. Bodies are
    /// limited to 16 MiB; redirects are not followed.
    pub fn from_agent(agent: ureq::Agent) -> Self {
        Self {
            direct: agent,
            proxied: Ok(None),
            limits: Limits::default(),
            is_tracked: false,
            allow_trace_logging: false,
        }
    }

    fn with_proxy(
        limits: Limits,
        roots: Option<RootCerts>,
        proxy: Result<Option<ProxySettings>, String>,
    ) -> Self {
        let direct = agent(&limits, roots.clone(), None);
        let proxied = proxy.map(|settings| {
            settings.map(|settings| Proxied {
                agent: agent(&limits, roots, Some(settings.proxy.clone())),
                settings,
            })
        });
        Self { direct, proxied, limits, is_tracked: true, allow_trace_logging: false }
    }

    /// Writes tokens to the log if the program asks for it.
    pub(crate) fn allow_trace_logging(mut self, allow: bool) -> Self {
        self.allow_trace_logging = allow;
        self
    }

    /// The proxy for a host, if there is one.
    fn proxy(&self, host: &str) -> Result<Option<&Proxied>, TransportError> {
        if is_loopback(host) {
            return Ok(None);
        }
        match &self.proxied {
            Ok(proxied) => Ok(proxied.as_ref().filter(|proxied| !proxied.settings.bypasses(host))),
            Err(reason) => Err(misconfigured(reason)),
        }
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl Transport for UreqTransport {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        if !self.allow_trace_logging {
            refuse_trace_logging()?;
        }
        let host = request.uri().host().unwrap_or_default();
        let proxied = self.proxy(host)?;
        let agent = proxied.map_or(&self.direct, |proxied| &proxied.agent);
        let send = || {
            if request.body().is_empty() {
                run(agent, request, (), self)
            } else {
                run(agent, request, request.body().as_slice(), self)
            }
        };
        let (result, is_sent) = if self.is_tracked {
            let (result, is_sent) = connector::track(self.limits.timeout, send);
            (result, Some(is_sent))
        } else {
            (send(), None)
        };
        let response = result.map_err(|error| {
            let proxy = proxied.map(|proxied| proxied.settings.address());
            ureq_error::describe(error, is_sent, host, proxy.as_deref())
        })?;
        refuse_encoded(&response)?;
        Ok(response)
    }
}

fn run(
    agent: &ureq::Agent,
    request: &Request<Vec<u8>>,
    body: impl ureq::AsSendBody,
    settings: &UreqTransport,
) -> Result<Response<Vec<u8>>, ureq::Error> {
    let mut copy = Request::new(body);
    copy.method_mut().clone_from(request.method());
    copy.uri_mut().clone_from(request.uri());
    copy.headers_mut().clone_from(request.headers());
    if !settings.is_tracked {
        // The program's agent may have other settings.
        copy = agent.configure_request(copy).http_status_as_error(false).max_redirects(0).build();
    }
    let (parts, mut body) = agent.run(copy)?.into_parts();
    let body = body.with_config().limit(settings.limits.max_body_size).read_to_vec()?;
    Ok(Response::from_parts(parts, body))
}

fn agent(limits: &Limits, roots: Option<RootCerts>, proxy: Option<ureq::Proxy>) -> ureq::Agent {
    let default_roots =
        if cfg!(feature = "platform-roots") { RootCerts::PlatformVerifier } else { RootCerts::WebPki };
    let config = ureq::Agent::config_builder()
        .proxy(proxy)
        .tls_config(TlsConfig::builder().root_certs(roots.unwrap_or(default_roots)).build())
        .timeout_resolve(Some(limits.connect_timeout))
        .timeout_connect(Some(limits.connect_timeout))
        .timeout_global(Some(limits.timeout))
        .max_redirects(0)
        .http_status_as_error(false)
        // All other headers are set by the caller.
        .user_agent("")
        .accept("")
        .accept_encoding(if cfg!(feature = "gzip") { "gzip" } else { "" })
        // As many as are needed to reuse the connections of concurrent requests; ureq's defaults are 10 and 3.
        .max_idle_connections(32)
        .max_idle_connections_per_host(16);
    connector::agent(config.build())
}

/// The log targets under which ureq writes requests and responses.
const TRACE_TARGETS: [&str; 3] = ["ureq_proto::util", "ureq_proto", "ureq"];

fn refuse_trace_logging() -> Result<(), TransportError> {
    match TRACE_TARGETS.iter().find(|target| log::log_enabled!(target: target, log::Level::Trace)) {
        Some(target) => Err(misconfigured(&format!(
            "nothing was sent, because the log level of `{target}` is trace and tokens would be logged; \
             exclude it, e.g. with RUST_LOG=trace,ureq=debug,ureq_proto=debug"
        ))),
        None => Ok(()),
    }
}

/// Refuses a body that is still encoded, which would be read as invalid JSON.
fn refuse_encoded(response: &Response<Vec<u8>>) -> Result<(), TransportError> {
    let encoding = response.headers().get(header::CONTENT_ENCODING);
    match encoding.filter(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        Some(encoding) if !response.body().is_empty() => Err(TransportError::new(
            TransportErrorKind::InvalidResponse,
            format!("the response has an unknown content encoding: {}", shorten(&format!("{encoding:?}"))),
        )),
        _ => Ok(()),
    }
}

fn misconfigured(reason: &str) -> TransportError {
    TransportError::new(TransportErrorKind::Misconfigured, reason)
}

/// Configures a [`UreqTransport`].
///
/// ```no_run
/// use otf_api::{Otf, UreqTransport};
///
/// let transport = UreqTransport::builder()
///     .proxy("http://proxy.example:3128")
///     .root_certificates(std::fs::read("/etc/ssl/certs/company.pem")?)
///     .build()?;
/// let otf = Otf::builder().transport(transport).login()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "it does nothing before `build`"]
pub struct UreqTransportBuilder {
    limits: Limits,
    proxy: Option<Secret>,
    no_proxy: Option<String>,
    pem: Option<Vec<u8>>,
    allow_trace_logging: bool,
}

impl UreqTransportBuilder {
    /// The time and size limits. Default: [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The proxy for all hosts but loopback addresses, instead of the environment's: `http://host:port` or
    /// `http://user:password@host:port`, also with `https`, `socks4`, `socks4a`, `socks5` or `socks5h`. User and
    /// password are percent-encoded. Only `socks4` and `socks5` resolve names on this machine.
    pub fn proxy(mut self, address: impl Into<Secret>) -> Self {
        self.proxy = Some(address.into());
        self
    }

    /// The hosts to reach without the proxy, instead of the environment's, e.g. `localhost,.example.com,10.0.0.0/8`;
    /// `*` means all. See the [guide](crate::guide::corporate).
    pub fn no_proxy(mut self, hosts: impl Into<String>) -> Self {
        self.no_proxy = Some(hosts.into());
        self
    }

    /// The only root certificates to trust, as one or more PEM blocks. They replace the default: Mozilla's, or with the
    /// feature `platform-roots` the system's.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.pem = Some(pem.into());
        self
    }

    /// Sends requests even while the log level of `ureq` or `ureq_proto` is trace, which writes tokens, codes and
    /// email addresses to the log. Default: no.
    pub fn allow_trace_logging(mut self, allow: bool) -> Self {
        self.allow_trace_logging = allow;
        self
    }

    /// Creates the transport. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the proxy's address is invalid, if the PEM text contains no certificate, or if one of
    /// its blocks is invalid. If the environment names an invalid proxy, each request fails instead.
    pub fn build(self) -> Result<UreqTransport> {
        let no_proxy = self.no_proxy.as_deref();
        let proxy = match &self.proxy {
            None => ProxySettings::from_env(|name| std::env::var_os(name), no_proxy),
            Some(address) => {
                let settings = ProxySettings::new(address.expose(), no_proxy.unwrap_or_default());
                Ok(Some(settings.map_err(|InvalidProxy| Error::invalid("proxy", proxy::FORM))?))
            }
        };
        let roots = self.pem.as_deref().map(roots).transpose()?;
        let transport = UreqTransport::with_proxy(self.limits, roots, proxy);
        Ok(transport.allow_trace_logging(self.allow_trace_logging))
    }
}

fn roots(pem: &[u8]) -> Result<RootCerts> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(Error::invalid("root_certificates", "a PEM block is invalid")),
        }
    }
    if certificates.is_empty() {
        return Err(Error::invalid("root_certificates", "the text contains no PEM certificate"));
    }
    Ok(RootCerts::from(certificates))
}
