//! Configuration of a client.

use std::any::Any;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use jiff::Timestamp;

use crate::api::{BOOKING_DAYS, LATE_CANCEL_WINDOW, StudioDirectory};
use crate::auth::{
    ChallengeHandler, ChallengeResponse, ClockOffset, Context, CredentialSource, Credentials, Environment,
    Session, SignInChallenge, SignInSettings, TokenManager, TokenSettings,
};
use crate::client::{AnonymousClient, Client, Settings, USER_AGENT};
use crate::endpoints::Endpoints;
use crate::error::{Error, Result};
use crate::net::RetryPolicy;
use crate::net::{Clock, HttpClient, Sleep};
use crate::net::{Limits, Transport, UreqTransport};
use crate::otf::Otf;
use crate::store::{FileStore, MemoryStore, Store};

/// Configures an [`Otf`].
///
/// ```no_run
/// use otf_api::{Otf, RetryPolicy, auth::Credentials};
///
/// let otf = Otf::builder()
///     .credentials(Credentials::new("you@example.com", "your password"))
///     .retry(RetryPolicy::default().attempts(5))
///     .login()?;
/// # Ok::<(), otf_api::Error>(())
/// ```
pub struct OtfBuilder {
    account: Option<String>,
    credentials: Option<Credentials>,
    session: Option<Session>,
    store: Option<Arc<dyn Store>>,
    store_path: Option<PathBuf>,
    default_credentials: Option<Credentials>,
    transport: Option<Arc<dyn Transport>>,
    limits: Limits,
    allow_trace_logging: bool,
    retry: RetryPolicy,
    endpoints: Endpoints,
    challenge_handler: Option<ChallengeHandler>,
    clock: Clock,
    sleep: Sleep,
    user_agent: String,
    environment: bool,
    prompt: bool,
    cache_responses: bool,
    response_cache_limit: u64,
    concurrency: usize,
    booking_days: u16,
    late_cancel_window: Duration,
    lambda_retry_delay: Duration,
    lock_wait: Duration,
    #[cfg(feature = "record")]
    drift: Option<crate::record::DriftMonitor>,
}

impl Default for OtfBuilder {
    fn default() -> Self {
        Self {
            account: None,
            credentials: None,
            session: None,
            store: None,
            store_path: None,
            default_credentials: None,
            transport: None,
            limits: Limits::default(),
            allow_trace_logging: false,
            retry: RetryPolicy::default(),
            endpoints: Endpoints::default(),
            challenge_handler: None,
            clock: Arc::new(Timestamp::now),
            sleep: Arc::new(std::thread::sleep),
            user_agent: USER_AGENT.to_owned(),
            environment: true,
            prompt: true,
            cache_responses: true,
            response_cache_limit: 64 * 1024 * 1024,
            concurrency: 1,
            booking_days: BOOKING_DAYS,
            late_cancel_window: LATE_CANCEL_WINDOW,
            lambda_retry_delay: Duration::from_secs(5),
            lock_wait: Duration::from_secs(90),
            #[cfg(feature = "record")]
            drift: None,
        }
    }
}

impl OtfBuilder {
    /// The account to sign in to, instead of the one in the environment or the most recently used one. The password is
    /// only needed if the account has no valid tokens in the store.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The email address of the account to sign in to, instead of `OTF_EMAIL` or the most recently used account. While
    /// the account's tokens are in the store, nothing else is needed. Otherwise the password comes from
    /// [`credentials`](Self::credentials) or `OTF_PASSWORD`, unless they belong to another account, or from a prompt.
    /// [`accounts`](crate::auth::accounts) lists a store's accounts.
    ///
    /// `OTF_SESSION` is used only if it is a session of this account.
    #[must_use]
    pub fn account(mut self, email: impl Into<String>) -> Self {
        self.account = Some(email.into());
        self
    }

    /// A session exported by [`Otf::session`].
    #[must_use]
    pub fn session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Where tokens, the device key and cached responses are stored. Default: [`FileStore::new`].
    #[must_use]
    pub fn store(mut self, store: impl Store + 'static) -> Self {
        let path = (&store as &dyn Any).downcast_ref::<FileStore>().map(|store| store.path().to_owned());
        self.store_path = path;
        self.store = Some(Arc::new(store));
        self
    }

    /// The transport that sends the requests. Default: [`UreqTransport`].
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The limits of the default transport. Default: 10 s to connect, 30 s per call, 16 MiB per body.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether the default transport sends requests even while the log level of `ureq` or `ureq_proto` is trace, which
    /// writes tokens, codes and email addresses to the log. Default: no; each request then fails with an error that
    /// says how to exclude these log targets.
    #[must_use]
    pub fn allow_trace_logging(mut self, allow: bool) -> Self {
        self.allow_trace_logging = allow;
        self
    }

    /// How failed requests are retried. Default: [`RetryPolicy::default`].
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The addresses of the service. Default: the real ones.
    #[must_use]
    pub fn endpoints(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = endpoints;
        self
    }

    /// Responds to challenges that the client can't handle itself, such as a code or a new password. Default: such a
    /// challenge is an error.
    ///
    /// The client holds the account's lock while it calls `respond`, so `respond` must not use this client.
    #[must_use]
    pub fn on_challenge(
        mut self,
        respond: impl Fn(&SignInChallenge) -> Result<ChallengeResponse> + Send + Sync + 'static,
    ) -> Self {
        self.challenge_handler = Some(ChallengeHandler::new(respond));
        self
    }

    /// The clock. Default: the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How to wait between retries and sign-in attempts. Default: [`std::thread::sleep`].
    #[must_use]
    pub fn sleep(mut self, sleep: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.sleep = Arc::new(sleep);
        self
    }

    /// The `User-Agent` of each request. Default: one that the service is known to accept.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Whether to read `OTF_SESSION`, `OTF_EMAIL` and `OTF_PASSWORD`. Default: yes.
    #[must_use]
    pub fn environment(mut self, environment: bool) -> Self {
        self.environment = environment;
        self
    }

    /// Whether to prompt for a missing email address or password if there is a terminal. The client remembers the input
    /// and prompts again only if the user pool refuses it. Default: yes.
    #[must_use]
    pub fn prompt(mut self, prompt: bool) -> Self {
        self.prompt = prompt;
        self
    }

    /// Whether to cache responses that seldom change. Default: yes. See also [`Otf::clear_response_cache`].
    ///
    /// Members, studios, performance summaries and telemetry are cached for ten minutes. A day after a workout, its
    /// summary and telemetry no longer change and are cached for 30 days. A 404 for one of them is also cached for 30
    /// days, but only for a day if the workout is less than a week old, since the studio may still upload it.
    #[must_use]
    pub fn cache_responses(mut self, cache: bool) -> Self {
        self.cache_responses = cache;
        self
    }

    /// The maximum size of an account's cached responses, in bytes; the oldest are removed first. A response larger
    /// than an eighth of the limit is not cached. Default: 64 MiB.
    #[must_use]
    pub fn response_cache_limit(mut self, bytes: u64) -> Self {
        self.response_cache_limit = bytes;
        self
    }

    /// The number of concurrent requests in methods that need many, such as lists of workouts. Default: 1, without
    /// threads.
    ///
    /// All threads end before the method returns. Results, order and errors do not depend on this number.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests;
        self
    }

    /// How many days before a class its booking opens, at the studio's midnight. Default: 28, as recorded bookings
    /// show; another client assumes 29. See [`BookingApi::bookable_from`](crate::BookingApi::bookable_from).
    #[must_use]
    pub fn booking_days(mut self, dates: u16) -> Self {
        self.booking_days = dates;
        self
    }

    /// How long before a class a cancellation becomes late, according to the studio's policy. Default: 8 hours. See
    /// [`BookingApi::cancel_in_time`](crate::BookingApi::cancel_in_time).
    #[must_use]
    pub fn late_cancel_window(mut self, window: Duration) -> Self {
        self.late_cancel_window = window;
        self
    }

    /// The delay before the second sign-in attempt after `UserLambdaValidationException`, an error in the service's
    /// additional check of sign-ins. Default: 5 s.
    #[must_use]
    pub fn lambda_retry_delay(mut self, pause: Duration) -> Self {
        self.lambda_retry_delay = pause;
        self
    }

    /// How long to wait for another process that is renewing the same account's tokens before continuing without the
    /// lock. Default: 90 s.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = wait;
        self
    }

    /// Uses a [`Sandbox`](crate::sandbox::Sandbox) and its clock. The default account is then the sandbox's first one,
    /// and the default store is in memory.
    #[cfg(feature = "sandbox")]
    #[must_use]
    pub fn sandbox(mut self, sandbox: &crate::sandbox::Sandbox) -> Self {
        if let Ok(endpoints) = Endpoints::at(&sandbox.url()) {
            self.endpoints = endpoints;
        }
        self.clock = Arc::new(sandbox.clock());
        let account = crate::sandbox::PAT;
        self.default_credentials = Some(Credentials::new(account.email, account.password));
        if self.store.is_none() {
            self.store = Some(Arc::new(MemoryStore::new()));
        }
        self
    }

    /// Passes each response to a monitor that compares it with what this crate knows. Default: no monitor.
    #[cfg(feature = "record")]
    #[must_use]
    pub fn drift(mut self, monitor: &crate::record::DriftMonitor) -> Self {
        self.drift = Some(monitor.clone());
        self
    }

    /// Signs in with the first of these that works: a session that was set, valid tokens in the store (without any
    /// request), a refresh, the credentials.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an [`account`](Self::account) other than that of the credentials or the session;
    /// [`Error::NoCredentials`] if no credentials are available; [`Error::Authentication`], [`Error::SignInThrottled`]
    /// or [`Error::Challenge`] if the user pool refuses; [`Error::Transport`] if it can't be reached.
    pub fn login(self) -> Result<Otf> {
        let user_agent = self.user_agent_header()?;
        let transport = self.shared_transport();
        let (store, store_path) = match self.store {
            Some(store) => (store, self.store_path),
            None => default_store(),
        };
        let environment = if self.environment { Environment::read() } else { Environment::default() };
        // What the program sets comes first, then OTF_SESSION.
        let is_wanted = |email: Option<&str>| self.account.is_none() || self.account.as_deref() == email;
        let given = self.credentials.as_ref().map(|credentials| Some(credentials.email()));
        let given = given.into_iter().chain(self.session.as_ref().map(|session| session.email.as_deref()));
        if given.into_iter().any(|email| email.is_some() && !is_wanted(email)) {
            return Err(Error::invalid("account", "the credentials or the session belong to another one"));
        }
        let default_credentials = self
            .default_credentials
            .filter(|default| self.session.is_none() && is_wanted(Some(default.email())));
        let own_credentials = self.credentials.or(default_credentials);
        let imported = match (self.session, &own_credentials, &environment.session) {
            (Some(session), _, _) => Some(session),
            (None, None, Some(text)) => {
                Some(Session::from_text(text.expose())?).filter(|session| is_wanted(session.email.as_deref()))
            }
            (None, _, _) => None,
        };
        let context = Context {
            http: HttpClient::new(transport, self.retry, self.sleep),
            endpoints: Arc::new(self.endpoints),
            store,
            store_path,
            clock: self.clock,
            clock_offset: ClockOffset::default(),
        };
        let tokens = TokenSettings {
            source: CredentialSource::new(self.account, own_credentials, environment, self.prompt),
            sign_in: SignInSettings {
                challenge_handler: self.challenge_handler,
                lambda_retry_delay: self.lambda_retry_delay,
            },
            lock_wait: self.lock_wait,
        };
        let session = TokenManager::open(Arc::new(context), tokens, imported)?;
        let user = session.tokens()?.user.clone();
        let settings = Settings {
            user_agent,
            concurrency: self.concurrency,
            booking_days: self.booking_days,
            late_cancel_window: self.late_cancel_window,
            response_cache_limit: if self.cache_responses { self.response_cache_limit } else { 0 },
        };
        Ok(Otf::new(Client::new(session, user, settings)))
    }

    /// Returns a client for the public list of studios, which needs no account. It uses the transport, retries,
    /// endpoints, clock and user agent of this builder; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an invalid user agent.
    pub fn studio_directory(self) -> Result<StudioDirectory> {
        let user_agent = self.user_agent_header()?;
        let transport = self.shared_transport();
        Ok(StudioDirectory::new(AnonymousClient {
            http: HttpClient::new(transport, self.retry, self.sleep),
            endpoints: Arc::new(self.endpoints),
            clock: self.clock,
            user_agent,
        }))
    }

    fn user_agent_header(&self) -> Result<HeaderValue> {
        HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::invalid("user_agent", "not a valid header value"))
    }

    fn shared_transport(&self) -> Arc<dyn Transport> {
        let transport: Arc<dyn Transport> = match &self.transport {
            Some(transport) => Arc::clone(transport),
            None => {
                let transport = UreqTransport::new(&self.limits);
                Arc::new(transport.allow_trace_logging(self.allow_trace_logging))
            }
        };
        #[cfg(feature = "record")]
        if let Some(monitor) = &self.drift {
            return Arc::new(monitor.watch_shared(transport));
        }
        transport
    }
}

/// Files, or memory if the user has no cache directory. That causes a warning, but does not prevent a sign-in.
fn default_store() -> (Arc<dyn Store>, Option<PathBuf>) {
    match FileStore::new() {
        Ok(store) => {
            let path = store.path().to_owned();
            (Arc::new(store), Some(path))
        }
        Err(error) => {
            log::warn!("{error}; tokens are cached for this run only");
            (Arc::new(MemoryStore::new()), None)
        }
    }
}

impl fmt::Debug for OtfBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtfBuilder")
            .field("endpoints", &self.endpoints)
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
