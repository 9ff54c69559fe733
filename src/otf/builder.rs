//! How a client is set up.

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

/// Sets up an [`Otf`].
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
    /// The account to sign in to, in place of the environment's or the last one. Its stored tokens are used
    /// where they are still good, so the password may not be needed at all.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The email address of the account to sign in to, in place of `OTF_EMAIL` or the account used last. It is enough
    /// while the account's tokens are in the store. Otherwise the password is that of [`credentials`](Self::credentials)
    /// or `OTF_PASSWORD`, unless that belongs to another account, or a person is asked for it. See
    /// [`accounts`](crate::auth::accounts) for a list of a store's accounts.
    ///
    /// `OTF_SESSION` is used only if it is a session of this account.
    #[must_use]
    pub fn account(mut self, email: impl Into<String>) -> Self {
        self.account = Some(email.into());
        self
    }

    /// A session from elsewhere: see [`Otf::session`].
    #[must_use]
    pub fn session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Where tokens, the device key and kept responses live. Default: [`FileStore::new`].
    #[must_use]
    pub fn store(mut self, store: impl Store + 'static) -> Self {
        let path = (&store as &dyn Any).downcast_ref::<FileStore>().map(|store| store.path().to_owned());
        self.store_path = path;
        self.store = Some(Arc::new(store));
        self
    }

    /// Another way to the network. Default: [`UreqTransport`].
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The limits of the default transport. Default: 10 s to connect, 30 s a call, 16 MiB a body.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether the default transport sends requests even while the log level of `ureq` or `ureq_proto` is trace, which
    /// writes tokens, codes and email addresses to the log. Default: no; each request is then an error that says how to
    /// exclude them.
    #[must_use]
    pub fn allow_trace_logging(mut self, allow: bool) -> Self {
        self.allow_trace_logging = allow;
        self
    }

    /// What is tried again. Default: [`RetryPolicy::default`].
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Where the service is. Default: the real one.
    #[must_use]
    pub fn endpoints(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = endpoints;
        self
    }

    /// Answers the challenges that the client can't answer itself (a code, a new password). Default: such a
    /// challenge is an error.
    ///
    /// Others who need the account's tokens wait meanwhile, so the answer must not use the client that it is
    /// given for.
    #[must_use]
    pub fn on_challenge(
        mut self,
        respond: impl Fn(&SignInChallenge) -> Result<ChallengeResponse> + Send + Sync + 'static,
    ) -> Self {
        self.challenge_handler = Some(ChallengeHandler::new(respond));
        self
    }

    /// What the time is. Default: the system's clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Waits by calling this, between retries and sign-in attempts. Default: [`std::thread::sleep`].
    #[must_use]
    pub fn sleep(mut self, sleep: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.sleep = Arc::new(sleep);
        self
    }

    /// The `User-Agent` of each request. Default: what the service is known to accept.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Whether `OTF_EMAIL` and `OTF_PASSWORD` are looked at. Default: yes.
    #[must_use]
    pub fn environment(mut self, environment: bool) -> Self {
        self.environment = environment;
        self
    }

    /// Whether a person at a terminal is asked for what is missing. What is typed is remembered for as long as the
    /// client lives, so that a later renewal does not ask again, unless the user pool refuses it by then. Default: yes.
    #[must_use]
    pub fn prompt(mut self, prompt: bool) -> Self {
        self.prompt = prompt;
        self
    }

    /// Whether responses that seldom change are cached in the store: member, studio, performance summary and telemetry
    /// for ten minutes; the last two for 30 days once the workout has been over for a day, since they no longer
    /// change, and so is a 404 for one of them (for a day in the first week, when a studio may still send it).
    /// Default: yes. See also [`Otf::clear_response_cache`].
    #[must_use]
    pub fn cache_responses(mut self, cache: bool) -> Self {
        self.cache_responses = cache;
        self
    }

    /// The most bytes of responses that are cached per account; the oldest are removed first. A response larger than an
    /// eighth of it is not cached. Default: 64 MiB.
    #[must_use]
    pub fn response_cache_limit(mut self, bytes: u64) -> Self {
        self.response_cache_limit = bytes;
        self
    }

    /// How many requests are under way at once where one answer needs many, as a list of workouts does. Each has a
    /// thread, the caller's being one of them, and the others have ended when the method returns; results, order and
    /// errors are the same as with one after the other. Default: 1, without threads.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests;
        self
    }

    /// How many dates before a class the studio opens booking, at its midnight. Default: 28, which recorded bookings
    /// show; another client assumes 29. See [`BookingApi::bookable_from`](crate::BookingApi::bookable_from).
    #[must_use]
    pub fn booking_days(mut self, dates: u16) -> Self {
        self.booking_days = dates;
        self
    }

    /// How long before a class canceling becomes late, a policy of the studio. Default: 8 hours. See
    /// [`BookingApi::cancel_in_time`](crate::BookingApi::cancel_in_time).
    #[must_use]
    pub fn late_cancel_window(mut self, window: Duration) -> Self {
        self.late_cancel_window = window;
        self
    }

    /// How long to wait before the second sign-in after the service's own check has failed
    /// (`UserLambdaValidationException`). Default: 5 s.
    #[must_use]
    pub fn lambda_retry_delay(mut self, pause: Duration) -> Self {
        self.lambda_retry_delay = pause;
        self
    }

    /// How long to wait for another process that renews the same account's tokens, before going on without its
    /// lock. Default: 90 s.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = wait;
        self
    }

    /// Points the client at a [`Sandbox`](crate::sandbox::Sandbox) and its clock. Unless credentials or a session are
    /// set, it signs in as the sandbox's first account; unless a store is set, it keeps its tokens in memory.
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

    /// Shows each response to a monitor that compares it with what this crate knows. Default: none.
    #[cfg(feature = "record")]
    #[must_use]
    pub fn drift(mut self, monitor: &crate::record::DriftMonitor) -> Self {
        self.drift = Some(monitor.clone());
        self
    }

    /// Signs in, by the first of these that works: a given session, good tokens in the store (no request at
    /// all), a refresh, the credentials.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an [`account`](Self::account) other than that of the credentials or the session;
    /// [`Error::NoCredentials`] if no credentials are available; [`Error::Authentication`], [`Error::SignInThrottled`]
    /// or [`Error::Challenge`] where the user pool refuses; [`Error::Transport`] where it can't be reached.
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

    /// Returns a client of the list of studios that needs no account. It uses the transport, retries, endpoints, clock and
    /// user agent of this builder; nothing is sent yet.
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

/// Files, or memory where the user has no cache directory: that costs a warning, not the sign-in.
fn default_store() -> (Arc<dyn Store>, Option<PathBuf>) {
    match FileStore::new() {
        Ok(store) => {
            let path = store.path().to_owned();
            (Arc::new(store), Some(path))
        }
        Err(error) => {
            log::warn!("{error}; tokens are kept for this run only");
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
