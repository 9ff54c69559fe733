//! A client whose chosen requests go to a faulty server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use otf_api::auth::Session;
use otf_api::codegrade::{CodeGrade, OtpLoginId};
use otf_api::http::{Request, Response, Uri};
use otf_api::models::OtfClass;
use otf_api::sandbox::{Fault, PAT, Sandbox};
use otf_api::{
    BookingQuery, ClassQuery, Limits, MemoryStore, Otf, OtfBuilder, RetryPolicy, Transport, TransportError,
    UreqTransport,
};

use crate::servers::tls::CA;
use crate::support::{chain, sandbox};

/// The time limit of the failing call, and its attempts.
const LIMIT: Duration = Duration::from_millis(250);
const TRIES: u32 = 2;

/// A request, by what names it.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Operation(&'static str),
    Path(&'static str, &'static str),
}

impl Target {
    pub(super) fn of(self, fault: Fault) -> Fault {
        match self {
            Self::Operation(operation) => fault.on_operation(operation),
            Self::Path(method, path) => fault.on(method, path),
        }
    }

    pub(super) fn is(self, request: &Request<Vec<u8>>) -> bool {
        match self {
            Self::Operation(operation) => {
                let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok());
                target.is_some_and(|target| target.ends_with(operation))
            }
            Self::Path(method, path) => {
                let start = path.trim_end_matches('*');
                request.method() == method
                    && request.uri().path().starts_with(start)
                    && (start.len() < path.len() || request.uri().path() == path)
            }
        }
    }
}

/// Sends the failing requests to the faulty server or proxy, with a short limit, and all others to the sandbox.
pub(super) struct Detour {
    target: Target,
    to: Option<String>,
    pub(super) on: AtomicBool,
    short: UreqTransport,
    long: UreqTransport,
}

impl Detour {
    pub(super) fn new(target: Target, to: Option<String>, proxy: Option<String>) -> Self {
        let limits = Limits::default().timeout(LIMIT).max_body_size(1 << 20);
        let short = UreqTransport::builder().limits(limits).root_certificates(CA);
        let short = match proxy {
            Some(proxy) => short.proxy(proxy),
            None => short.no_proxy("*"),
        };
        let short = short.build().unwrap();
        Self { target, to, on: AtomicBool::new(false), short, long: UreqTransport::default() }
    }
}

impl Transport for Detour {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        if !self.on.load(Ordering::SeqCst) || !self.target.is(request) {
            return self.long.send(request);
        }
        let mut request = request.clone();
        if let Some(to) = &self.to {
            let path = request.uri().path_and_query().unwrap().clone();
            *request.uri_mut() = format!("{to}{path}").parse::<Uri>().unwrap();
        }
        self.short.send(&request)
    }
}

/// One call under one fault. Several share a sandbox, because it takes the longest to start.
pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
    pub(super) store: MemoryStore,
    pub(super) detour: Arc<Detour>,
    pub(super) otf: Option<Otf>,
    /// Classes that nobody has booked yet.
    classes: Vec<OtfClass>,
    pub(super) class: Option<OtfClass>,
    made_before: usize,
    pub(super) otp_login: OtpLoginId,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self {
            sandbox: sandbox(),
            store: MemoryStore::new(),
            detour: Arc::new(Detour::new(Target::Path("GET", ""), None, None)),
            otf: None,
            classes: Vec::new(),
            class: None,
            made_before: 0,
            otp_login: OtpLoginId::default(),
        }
    }

    pub(super) fn builder(&self) -> OtfBuilder {
        Otf::builder()
            .endpoints(otf_api::Endpoints::at(&self.sandbox.url()).unwrap())
            .clock(self.sandbox.clock())
            .store(self.store.clone())
            .transport(Shared(Arc::clone(&self.detour)))
            .retry(RetryPolicy::default().attempts(TRIES))
            .sleep(|_| {})
            .lambda_retry_delay(Duration::ZERO)
            .environment(false)
            .prompt(false)
    }

    /// Signs in without the password's mathematics, which would take most of the time.
    pub(super) fn sign_in(&mut self) {
        let issued = self.sandbox.issue_tokens(PAT.email);
        let mut session = Session::from_tokens(issued.id_token, issued.access_token);
        session.email = Some(PAT.email.to_owned());
        session.refresh_token = Some(issued.refresh_token);
        session.device = Some(otf_api::auth::Device {
            key: issued.device_key,
            group_key: issued.device_group_key,
            password: issued.device_password,
        });
        self.otf = Some(self.builder().session(session).login().unwrap());
    }

    pub(super) fn otf(&self) -> &Otf {
        self.otf.as_ref().unwrap()
    }

    pub(super) fn list(&self, otf: &Otf) -> otf_api::Result<()> {
        otf.bookings().list(&BookingQuery::new()).map(drop)
    }

    pub(super) fn codegrade(&self) -> CodeGrade {
        CodeGrade::builder()
            .host(self.sandbox.url())
            .transport(Shared(Arc::clone(&self.detour)))
            .retry(RetryPolicy::default().attempts(TRIES))
            .sleep(|_| {})
            .build()
            .unwrap()
    }

    pub(super) fn find_class(&mut self) {
        if self.classes.is_empty() {
            let query = ClassQuery::new().available().with_booked();
            let now = self.sandbox.now();
            let classes = self.otf().bookings().classes(&query).unwrap();
            let is_free = |class: &OtfClass| class.is_booked == Some(false) && !class.start.has_passed(now);
            // The soonest last: those beyond the booking window are not needed.
            self.classes = classes.into_iter().rev().filter(is_free).collect();
        }
        self.class = self.classes.pop();
        self.made_before = self.sandbox.bookings_made();
    }

    pub(super) fn class(&self) -> &OtfClass {
        self.class.as_ref().unwrap()
    }

    pub(super) fn bookings_made(&self) -> usize {
        self.sandbox.bookings_made() - self.made_before
    }

    /// A new client finds tokens in the store that serve, and no password is needed.
    pub(super) fn no_token_is_lost(&self) {
        self.no_token_is_lost_after(0);
    }

    /// The same after so many sign-ins with the password.
    pub(super) fn no_token_is_lost_after(&self, sign_ins: usize) {
        let again = self.builder().login().unwrap_or_else(|error| panic!("{}", chain(&error)));
        self.list(&again).unwrap();
        assert_eq!(self.sandbox.count_operation("RespondToAuthChallenge"), sign_ins);
    }
}

pub(super) struct Shared(Arc<Detour>);

impl Transport for Shared {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        self.0.send(request)
    }
}
