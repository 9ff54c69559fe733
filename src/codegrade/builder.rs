//! Configuration of a client.

use std::env;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::CodeGrade;
use super::client::{OnProgress, Shared};
use super::error::{Error, Result};
use super::pow::{Progress, Solver};
use super::stored::Sessions;
use crate::endpoints::check_base_url;
use crate::net::{Clock, HttpClient, Limits, RetryPolicy, Sleep, Transport, UreqTransport};
use crate::store::Store;

/// The environment variable that names the server, the same as the Python client's.
const HOST_VARIABLE: &str = "CG_HOST";

/// Configures a [`CodeGrade`].
///
/// ```
/// use otf_api::RetryPolicy;
/// use otf_api::codegrade::{CodeGrade, pow::Solver};
///
/// let server = CodeGrade::builder()
///     .host("app.codegra.de")
///     .retry(RetryPolicy::default().attempts(2))
///     .solver(Solver::new().max_difficulty(24).threads(2))
///     .build()?;
/// # Ok::<(), otf_api::codegrade::Error>(())
/// ```
#[must_use = "it does nothing before `build`"]
pub struct CodeGradeBuilder {
    host: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    limits: Limits,
    allow_trace_logging: bool,
    retry: RetryPolicy,
    store: Option<Arc<dyn Store>>,
    clock: Clock,
    sleep: Sleep,
    solver: Solver,
    on_progress: OnProgress,
}

impl CodeGradeBuilder {
    pub(super) fn new() -> Self {
        Self {
            host: None,
            transport: None,
            limits: Limits::default(),
            allow_trace_logging: false,
            retry: RetryPolicy::default(),
            store: None,
            clock: Arc::new(Timestamp::now),
            sleep: Arc::new(thread::sleep),
            solver: Solver::new(),
            on_progress: Arc::new(|_| ControlFlow::Continue(())),
        }
    }

    /// The server: a URL, or a host name, which means `https://name`. Plain `http` is for loopback addresses only.
    ///
    /// Default: the environment variable `CG_HOST`, or else [`CodeGrade::PUBLIC`].
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// The transport. Default: [`UreqTransport`].
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The limits of the default transport. Default: [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether the default transport sends requests even while the log level of `ureq` or `ureq_proto` is trace, which
    /// writes tokens, codes and email addresses to the log. Default: no; each request then fails with an error that
    /// says how to exclude these log targets.
    pub fn allow_trace_logging(mut self, allow: bool) -> Self {
        self.allow_trace_logging = allow;
        self
    }

    /// How reads are retried. Default: [`RetryPolicy::default`]. A write is retried only if it was certainly
    /// not sent.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Where [`CodeGrade::login`] stores tokens. Default: [`FileStore::new`](crate::FileStore::new), the same
    /// directory as for OrangeTheory.
    pub fn store(mut self, store: impl Store + 'static) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// The current time, for the expiry of tokens and for a `Retry-After` date. Default: the system's clock.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How to wait between retries. Default: [`std::thread::sleep`].
    pub fn sleep(mut self, sleep: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.sleep = Arc::new(sleep);
        self
    }

    /// What solves proofs of work. Default: [`Solver::new`]: at most 28 bits, on one thread.
    pub fn solver(mut self, solver: Solver) -> Self {
        self.solver = solver;
        self
    }

    /// Called with the progress of a proof of work, about every 65,000 hashes. It cancels the search by returning
    /// [`ControlFlow::Break`].
    pub fn on_pow_progress(
        mut self,
        on_progress: impl Fn(Progress) -> ControlFlow<()> + Send + Sync + 'static,
    ) -> Self {
        self.on_progress = Arc::new(on_progress);
        self
    }

    /// Creates the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the address is neither `https` nor on the loopback interface.
    pub fn build(self) -> Result<CodeGrade> {
        let host = self.host.or_else(|| env::var(HOST_VARIABLE).ok().filter(|host| !host.trim().is_empty()));
        let base = base_url(host.as_deref().unwrap_or(CodeGrade::PUBLIC))?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                let transport = UreqTransport::new(&self.limits);
                Arc::new(transport.allow_trace_logging(self.allow_trace_logging))
            }
        };
        Ok(CodeGrade::from_shared(Shared {
            http: HttpClient::new(transport, self.retry, self.sleep),
            clock: self.clock,
            sessions: Sessions::new(self.store, &base),
            solver: self.solver,
            on_progress: self.on_progress,
            base,
        }))
    }
}

/// The base address of a host as typed.
fn base_url(host: &str) -> Result<String> {
    let host = host.trim();
    let url = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    check_base_url("host", &url).map_err(|error| match error {
        crate::Error::InvalidInput { argument, reason } => Error::InvalidInput { argument, reason },
        error => Error::invalid("host", error.to_string()),
    })
}

impl fmt::Debug for CodeGradeBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeGradeBuilder").field("host", &self.host).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_without_a_scheme_is_https() {
        for (host, expected) in [
            ("app.codegra.de", Some("https://app.codegra.de")),
            (" school.example.com:8443/ ", Some("https://school.example.com:8443")),
            ("https://app.codegra.de/", Some("https://app.codegra.de")),
            ("http://127.0.0.1:80", Some("http://127.0.0.1:80")),
            ("http://[::1]:1/", Some("http://[::1]:1")),
            ("http://app.codegra.de", None),
            ("ftp://app.codegra.de", None),
            ("https://user:password@app.codegra.de", None),
            ("", None),
        ] {
            assert_eq!(base_url(host).ok().as_deref(), expected, "{host}");
        }
    }
}
