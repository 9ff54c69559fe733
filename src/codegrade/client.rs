//! A client of a CodeGrade server.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use http::{Response, StatusCode};
use serde::de::DeserializeOwned;

use super::api_error::{self, Refused};
use super::builder::CodeGradeBuilder;
use super::call::{Call, segment};
use super::error::{Error, Result};
use super::paged::Paged;
use super::pow::{PowChallenge, PowSolution, Progress, Solver};
use super::stored::{Grant, Sessions};
use super::{CreateOtpLoginData, OtpLoginService, Session, Tenant, TenantId, warning};
use crate::decode::{self, DecodeError};
use crate::net::{Clock, HttpClient, Idempotency};
use crate::secret::Secret;

/// A client of a CodeGrade server.
///
/// [`login`](Self::login) returns a [`Session`]. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct CodeGrade {
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) base: String,
    pub(super) http: HttpClient,
    pub(super) clock: Clock,
    pub(super) sessions: Sessions,
    pub(super) solver: Solver,
    pub(super) on_progress: OnProgress,
}

pub(super) type OnProgress = Arc<dyn Fn(Progress) -> ControlFlow<()> + Send + Sync>;

const NOT_CODEGRADE: &str = "check that the address is that of a CodeGrade server";

impl CodeGrade {
    /// The public server.
    pub const PUBLIC: &'static str = "https://app.codegra.de";

    /// A client of the server at this address, with the default settings. See [`CodeGradeBuilder::host`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the address is neither `https` nor on the loopback interface.
    pub fn new(host: impl Into<String>) -> Result<Self> {
        Self::builder().host(host).build()
    }

    /// A client of the server in the environment variable `CG_HOST`, or of the [public one](Self::PUBLIC) if it is not set.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// A client with other settings.
    pub fn builder() -> CodeGradeBuilder {
        CodeGradeBuilder::new()
    }

    pub(super) fn from_shared(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// The base address of the server, e.g. `https://app.codegra.de`.
    pub fn base_url(&self) -> &str {
        &self.shared.base
    }

    /// The single steps of a login with an emailed code, which [`login`](Self::login) combines.
    pub fn otp_login(&self) -> OtpLoginService<'_> {
        OtpLoginService::new(self)
    }

    /// A session with a token from an earlier login, e.g. from a secret store.
    ///
    /// Nothing is sent: the first call shows whether the token is valid.
    pub fn session(&self, token: impl Into<Secret>) -> Session {
        Session::new(self.clone(), Grant::new(token.into()))
    }

    /// The session that an earlier [`login`](Self::login) stored, unless it has expired.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the store cannot be read.
    pub fn stored_session(&self, login: &CreateOtpLoginData) -> Result<Option<Session>> {
        let stored = self.shared.sessions.read(login, (self.shared.clock)())?;
        Ok(stored.map(|(stored, grant)| Session::from_stored(self.clone(), stored, grant)))
    }

    /// Removes the stored session of a user, without revoking its token.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if it is still there afterwards.
    pub fn forget_session(&self, login: &CreateOtpLoginData) -> Result<()> {
        self.shared.sessions.remove(login)
    }

    pub(super) fn sessions(&self) -> &Sessions {
        &self.shared.sessions
    }

    /// The tenants of the server whose name matches `search`; all of them for an empty one. No login is needed.
    ///
    /// [`Tenant::id`] is what [`CreateOtpLoginData::tenant_id`] takes.
    pub fn tenants(&self, search: &str) -> Paged<Tenant> {
        let call = Call::get("/api/v1/tenants/").query("q", search).not_found(NOT_CODEGRADE);
        Paged::new(self, move || Ok(call), 100)
    }

    /// A tenant, hidden ones included. No login is needed.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    pub fn tenant(&self, id: impl Into<TenantId>) -> Result<Tenant> {
        let id = segment("id", id.into().as_str())?;
        self.get(&Call::get(format!("/api/v1/tenants/{id}")).not_found("there is no such tenant"))
    }

    /// A proof-of-work challenge, which can be used once. [`OtpLoginService::create`] fetches its own.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors).
    #[doc(alias = "PowService")]
    pub fn pow(&self) -> Result<PowChallenge> {
        self.get(&Call::get("/api/v1/pow/challenge").not_found(NOT_CODEGRADE))
    }

    /// Solves a challenge with the solver and the progress callback of the builder.
    ///
    /// # Errors
    ///
    /// [`Error::ProofOfWork`] if it is too difficult or was canceled.
    pub fn solve(&self, challenge: &PowChallenge) -> Result<PowSolution> {
        let on_progress = &self.shared.on_progress;
        self.shared.solver.solve(challenge, |progress| on_progress(progress)).map_err(Error::ProofOfWork)
    }

    /// Sends a call and decodes the response.
    pub(super) fn get<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        self.send(call, |response| decode(response.body()))
    }

    /// Sends a call and reads the response, headers included.
    pub(super) fn send<T>(
        &self,
        call: &Call,
        read: impl Fn(&Response<Vec<u8>>) -> Result<T, DecodeError>,
    ) -> Result<T> {
        let request = call.request(&self.shared.base)?;
        let name = call.name.as_str();
        let private: Vec<_> = call.private.iter().map(Secret::expose).collect();
        let check = |response: Response<Vec<u8>>| {
            warning::log(name, response.headers());
            let status = response.status();
            if status != StatusCode::OK && !(call.any_success && status.is_success()) {
                let refused = Refused {
                    endpoint: name,
                    not_found_hint: call.not_found_hint,
                    private: &private,
                    now: (self.shared.clock)(),
                };
                return Err(api_error::read(&response, &refused));
            }
            read(&response).map_err(|source| Error::decode(name, source))
        };
        let idempotency = if call.is_read() { Idempotency::Safe } else { Idempotency::IfNotSent };
        let result = self.shared.http.send(name, &request, idempotency, check);
        if let (Err(Error::NotLoggedIn(_)), Some(grant)) = (&result, &call.grant) {
            self.shared.sessions.forget(grant);
        }
        match result {
            Err(error) if !call.is_read() => Err(error.into_outcome_unknown(name, call.unknown_hint)),
            result => result,
        }
    }
}

/// Decodes a body.
pub(super) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    decode::strict(body).map_err(|error| explain(body, error))
}

/// Names the likely cause of a body that is not JSON.
pub(super) fn explain(body: &[u8], error: DecodeError) -> DecodeError {
    if !body.trim_ascii_start().starts_with(b"<") {
        return error;
    }
    let reason = "the body is HTML, so a proxy or captive portal may have replied".to_owned();
    DecodeError { path: String::new(), reason }
}

impl fmt::Debug for CodeGrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeGrade").field("base", &self.shared.base).finish_non_exhaustive()
    }
}
