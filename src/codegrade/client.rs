//! The client: where a request gets its address and headers, and where an answer becomes a value or an error.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, Request, Response};
use jiff::Timestamp;

use super::endpoint::{self, Endpoint};
use super::pow::{self, Challenge, Progress, Solution};
use super::{OtpLoginService, error, warning};
use crate::Secret;
use crate::client::{percent_encode, segment};
use crate::endpoints::check_base_url;
use crate::error::{Error, Result};
use crate::models;
use crate::net::RetryPolicy;
use crate::net::{Clock, HttpClient, Idempotency, Sleep};
use crate::net::{Limits, Transport, UreqTransport};

/// A CodeGrade server, without a sign-in.
///
/// It is cheap to clone, and clones share their connections.
#[derive(Clone)]
pub struct CodeGrade {
    base: String,
    /// For GETs, which are tried again.
    reads: HttpClient,
    /// For POSTs, which never are: a try counts.
    writes: HttpClient,
    clock: Clock,
    pow_limits: pow::Limits,
    on_progress: OnProgress,
}

type OnProgress = Arc<dyn Fn(Progress) -> ControlFlow<()> + Send + Sync>;

impl CodeGrade {
    /// The address of the public server.
    pub const PUBLIC: &'static str = "https://app.codegra.de";

    /// A client of the server at this address, with the default settings.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the address is neither `https` nor on the loopback.
    pub fn new(base_url: &str) -> Result<Self> {
        Self::builder(base_url).build()
    }

    /// A client set up step by step.
    pub fn builder(base_url: &str) -> CodeGradeBuilder {
        CodeGradeBuilder {
            base_url: base_url.to_owned(),
            transport: None,
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            clock: Arc::new(Timestamp::now),
            sleep: Arc::new(std::thread::sleep),
            pow_limits: pow::Limits::default(),
            on_progress: Arc::new(|_| ControlFlow::Continue(())),
        }
    }

    /// Logging in by a code that is mailed.
    pub fn otp_login(&self) -> OtpLoginService<'_> {
        OtpLoginService::new(self)
    }

    /// A challenge to solve, which serves once. [`OtpLoginService::create`] asks for its own.
    ///
    /// # Errors
    ///
    /// As for any request.
    #[doc(alias = "PowService")]
    pub fn pow(&self) -> Result<Challenge> {
        self.call(&Call::new(&endpoint::CHALLENGE))
    }

    /// Solves a challenge within the limits that were set.
    ///
    /// # Errors
    ///
    /// [`Error::ProofOfWork`] where it is too difficult, or was cancelled.
    pub fn solve(&self, challenge: &Challenge) -> Result<Solution> {
        pow::solve(challenge, &self.pow_limits, |progress| (self.on_progress)(progress))
            .map_err(Error::ProofOfWork)
    }

    /// Sends a call and reads its answer.
    pub(super) fn call<T: serde::de::DeserializeOwned>(&self, call: &Call<'_>) -> Result<T> {
        self.send_checked(call, |answer| models::decode(answer.body()))
    }

    /// The same with a reader that sees the headers as well.
    pub(super) fn send_checked<T>(
        &self,
        call: &Call<'_>,
        read: impl Fn(&Response<Vec<u8>>) -> Result<T, models::DecodeError>,
    ) -> Result<T> {
        let request = self.request(call)?;
        let name = call.endpoint.name;
        let (http, repeat) = match call.endpoint.method {
            Method::GET => (&self.reads, Idempotency::Safe),
            _ => (&self.writes, Idempotency::IfNotSent),
        };
        let result = http.send(name, &request, repeat, |answer| {
            warning::log(name, answer.headers());
            if !answer.status().is_success() {
                return Err(error::refusal(call.endpoint, &answer, &call.private, (self.clock)()));
            }
            read(&answer).map_err(|error| error.without_value().at(name))
        });
        result.map_err(|error| match call.endpoint.method {
            Method::GET => error,
            // CodeGrade's own failures are taken at their word; these two are of a gateway that gave up waiting.
            _ => error.of_write(name, call.endpoint.hint, |status| matches!(status, 502 | 504)),
        })
    }

    fn request(&self, call: &Call<'_>) -> Result<Request<Vec<u8>>> {
        let (before, after) = call.endpoint.path;
        let mut uri = format!("{}{before}", self.base);
        if let Some(id) = call.otp_id {
            uri.push_str(&segment("otp_id", id)?);
        }
        uri.push_str(after);
        for (index, (name, value)) in call.query.iter().enumerate() {
            uri.push(if index == 0 { '?' } else { '&' });
            uri.push_str(name);
            uri.push('=');
            percent_encode(value, &mut uri);
        }
        let mut request = Request::builder()
            .method(call.endpoint.method.clone())
            .uri(uri)
            .header("accept", "application/json")
            .header("user-agent", concat!("otf-api/", env!("CARGO_PKG_VERSION")));
        if call.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let mut request = request
            .body(call.body.clone().unwrap_or_default())
            .map_err(|_| Error::invalid("request", "it can't be sent"))?;
        request.headers_mut().extend(call.headers.clone());
        Ok(request)
    }
}

impl fmt::Debug for CodeGrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeGrade").field("base", &self.base).finish_non_exhaustive()
    }
}

/// A request of an endpoint.
pub(super) struct Call<'a> {
    endpoint: &'static Endpoint,
    otp_id: Option<&'a str>,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    /// What must not come back in an error.
    private: Vec<&'a str>,
}

impl<'a> Call<'a> {
    pub(super) fn new(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            otp_id: None,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            private: Vec::new(),
        }
    }

    /// The login that it is about.
    pub(super) fn otp_id(mut self, id: &'a str) -> Self {
        self.otp_id = Some(id);
        self
    }

    pub(super) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn code_header(mut self, code: &Secret) -> Result<Self> {
        let mut value = HeaderValue::from_str(code.expose())
            .map_err(|_| Error::invalid("code", "it does not fit into a header"))?;
        value.set_sensitive(true);
        self.headers.insert("cg-otp-login-code", value);
        Ok(self)
    }

    pub(super) fn json(mut self, body: &impl serde::Serialize) -> Result<Self> {
        self.body =
            Some(serde_json::to_vec(body).map_err(|error| Error::invalid("body", error.to_string()))?);
        Ok(self)
    }

    pub(super) fn private(mut self, text: &'a str) -> Self {
        self.private.push(text);
        self
    }
}

/// Sets up a [`CodeGrade`].
///
/// ```
/// use otf_api::{RetryPolicy, codegrade::{CodeGrade, pow}};
///
/// let codegrade = CodeGrade::builder(CodeGrade::PUBLIC)
///     .retry(RetryPolicy::default().attempts(2))
///     .pow_limits(pow::Limits::default().max_difficulty(24))
///     .build()?;
/// # Ok::<(), otf_api::Error>(())
/// ```
#[must_use = "it does nothing before `build`"]
pub struct CodeGradeBuilder {
    base_url: String,
    transport: Option<Arc<dyn Transport>>,
    limits: Limits,
    retry: RetryPolicy,
    clock: Clock,
    sleep: Sleep,
    pow_limits: pow::Limits,
    on_progress: OnProgress,
}

impl CodeGradeBuilder {
    /// Another way to the network. Default: [`UreqTransport`].
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The limits of the default transport. Default: 10 s to connect, 30 s a call, 16 MiB a body.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How GETs are tried again, and the longest `retry_after` that is waited for. Default:
    /// [`RetryPolicy::default`]. A POST is never sent again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// What the time is, for a `Retry-After` that names one. Default: the system's clock.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Waits between retries by calling this. Default: [`std::thread::sleep`].
    pub fn sleep(mut self, sleep: impl Fn(std::time::Duration) + Send + Sync + 'static) -> Self {
        self.sleep = Arc::new(sleep);
        self
    }

    /// What proof of work is taken on. Default: 28 bits.
    pub fn pow_limits(mut self, limits: pow::Limits) -> Self {
        self.pow_limits = limits;
        self
    }

    /// Is told how a proof of work gets on, about every 65,000 hashes, and can stop it.
    pub fn on_pow_progress(
        mut self,
        on_progress: impl Fn(Progress) -> ControlFlow<()> + Send + Sync + 'static,
    ) -> Self {
        self.on_progress = Arc::new(on_progress);
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the address is neither `https` nor on the loopback.
    pub fn build(self) -> Result<CodeGrade> {
        let base = check_base_url("base_url", &self.base_url)?;
        let limits = self.limits;
        let transport = self.transport.unwrap_or_else(|| Arc::new(UreqTransport::new(&limits)));
        Ok(CodeGrade {
            base,
            reads: HttpClient::new(Arc::clone(&transport), self.retry, Arc::clone(&self.sleep)),
            writes: HttpClient::new(transport, RetryPolicy::never(), self.sleep),
            clock: self.clock,
            pow_limits: self.pow_limits,
            on_progress: self.on_progress,
        })
    }
}

impl fmt::Debug for CodeGradeBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeGradeBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
