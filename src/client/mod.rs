//! The one place where a request gets its host, headers, token and retries, and where an answer becomes a value
//! or an error.

mod concurrency;
mod profile;
mod request;
mod response;
mod response_cache;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderName, HeaderValue, Request, Uri, header};
use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::auth::sigv4::{self, Scope};
use crate::auth::{OtfUser, TemporaryCredentials, TokenManager, Tokens, hash, temporary_credentials};
use crate::error::{Error, Result, server_failed};
use crate::models::{self, DecodeError, MemberUuid, Wire};
use crate::net::Idempotency;

use profile::Profile;
use response_cache::{CacheKey, Cached, ResponseCache};

pub(crate) use concurrency::Fetch;
pub(crate) use request::{Call, percent_encode, segment};

/// What the service is known to accept.
pub(crate) const USER_AGENT: &str = "okhttp/4.12.0";

/// Calls endpoints for the signed-in member.
pub(crate) struct Client {
    session: TokenManager,
    user: OtfUser,
    settings: Settings,
    profile: Profile,
    aws: Mutex<Option<TemporaryCredentials>>,
    responses: ResponseCache,
}

/// How a client goes about its calls.
pub(crate) struct Settings {
    pub(crate) user_agent: HeaderValue,
    /// How many requests are under way at once where one answer needs many.
    pub(crate) concurrency: usize,
    /// How many bytes of responses are cached; 0 for none.
    pub(crate) response_cache_limit: u64,
}

impl Client {
    pub(crate) fn new(session: TokenManager, user: OtfUser, settings: Settings) -> Self {
        let responses =
            ResponseCache::new(Arc::clone(&session.context().store), settings.response_cache_limit);
        Self { session, user, settings, profile: Profile::default(), aws: Mutex::default(), responses }
    }

    /// Who is signed in.
    pub(crate) fn user(&self) -> &OtfUser {
        &self.user
    }

    /// The id of the member who is signed in.
    pub(crate) fn member_uuid(&self) -> &MemberUuid {
        &self.user.member_uuid
    }

    /// What has been loaded about the member.
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The answer as a value.
    pub(crate) fn get<T: Wire>(&self, call: &Call) -> Result<T> {
        self.get_in(call, &[])
    }

    /// The value in an envelope, e.g. the `data` of `{"data": …}`.
    pub(crate) fn get_in<T: Wire>(&self, call: &Call, path: &[&str]) -> Result<T> {
        self.fetch(call, |body| models::read_at(body, path))
    }

    /// The answer as JSON; `Null` where a write was answered without a body.
    pub(crate) fn json(&self, call: &Call) -> Result<Value> {
        self.fetch(call, |body| if body.is_empty() { Ok(Value::Null) } else { models::read_at(body, &[]) })
    }

    /// A call whose answer is not looked at further: none, or any JSON. A page of HTML comes from somebody else.
    pub(crate) fn send(&self, call: &Call) -> Result<()> {
        self.fetch(call, |body| match body {
            [] => Ok(()),
            body => models::decode::<IgnoredAny>(body).map(drop),
        })
    }

    /// The body of an answer that says "done": a write's may be empty, another's may not. Where the token is
    /// refused, the call is sent once more with another.
    pub(crate) fn bytes(&self, call: &Call) -> Result<Vec<u8>> {
        let tokens = self.session.tokens()?;
        match self.deliver(call, &self.request(call, &tokens)?) {
            Err(Error::Http { status: 401, .. }) => {
                log::debug!("{}: the token is refused, so another is got", call.endpoint());
                let tokens = self.session.tokens_after_refusal(&tokens.id_token)?;
                self.deliver(call, &self.request(call, &tokens)?)
            }
            result => result,
        }
    }

    pub(crate) fn session(&self) -> &TokenManager {
        &self.session
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.session.context().now()
    }

    /// The answer, decoded by a function of its own.
    pub(crate) fn fetch<T>(
        &self,
        call: &Call,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Result<T> {
        match self.cached(call) {
            Some(Cached::NotFound(message)) => {
                return Err(Error::NotFound { endpoint: call.endpoint(), message });
            }
            Some(Cached::Body(body)) => {
                if let Ok(value) = decode(&body) {
                    return Ok(value);
                }
            }
            None => {}
        }
        let body = self.bytes(call).inspect_err(|error| {
            if let Error::NotFound { message, .. } = error {
                self.cache(call, call.cache_not_found_for, || Cached::NotFound(message.clone()));
            }
        })?;
        let value = decode(&body).map_err(|error| unknown_outcome(call, error.at(&call.endpoint())))?;
        self.cache(call, call.cache_for, || Cached::Body(body));
        Ok(value)
    }

    /// The cached response to a call.
    fn cached(&self, call: &Call) -> Option<Cached> {
        call.cache_for.filter(|_| self.responses.is_on())?;
        self.responses.get(&self.cache_key(call), self.now())
    }

    /// Caches a response, if its call has a lifetime for it.
    fn cache(&self, call: &Call, lifetime: Option<Duration>, response: impl FnOnce() -> Cached) {
        let Some(lifetime) = lifetime.filter(|_| self.responses.is_on()) else { return };
        let cached = self.responses.put(&self.cache_key(call), &response(), lifetime, self.now());
        if let Err(error) = cached {
            log::warn!("{}: the response could not be cached: {error}", call.endpoint());
        }
    }

    /// Removes the cached response to a call.
    pub(crate) fn forget_response(&self, call: &Call) {
        if let Err(error) = self.responses.remove(&self.cache_key(call)) {
            log::warn!("{}: the cached response could not be removed: {error}", call.endpoint());
        }
    }

    /// Removes all cached responses of the account.
    pub(crate) fn clear_response_cache(&self) -> Result<()> {
        self.profile.clear();
        self.responses
            .clear(&self.session.account().responses())
            .map_err(|source| Error::Store { action: "removing the cached responses".to_owned(), source })
    }

    fn cache_key(&self, call: &Call) -> CacheKey {
        let base = self.session.context().endpoints.base(call.host);
        let request = format!("{} {base}{}?{}", call.method, call.path, call.query);
        CacheKey { prefix: self.session.account().responses(), request: hash(&request) }
    }

    /// Sends a request until it has an answer that says "done", or none can be had.
    fn deliver(&self, call: &Call, request: &Request<Vec<u8>>) -> Result<Vec<u8>> {
        let repeat = if call.is_write() { Idempotency::IfNotSent } else { Idempotency::Safe };
        let endpoint = call.endpoint();
        let delivered = self.session.context().http.send(&endpoint, request, repeat, |answer| {
            let status = answer.status();
            let body = response::accept(call, answer, self.now())?;
            if body.is_empty() && !call.is_write() {
                return Err(Error::Decode {
                    endpoint: endpoint.clone(),
                    path: ".".to_owned(),
                    reason: format!("the answer ({}) is empty", status.as_u16()),
                });
            }
            Ok(body)
        });
        // Here rather than further out: trouble with getting a token says nothing of the write.
        delivered.map_err(|error| unknown_outcome(call, error))
    }

    fn request(&self, call: &Call, tokens: &Tokens) -> Result<Request<Vec<u8>>> {
        let base = self.session.context().endpoints.base(call.host);
        let mut uri = format!("{base}{}", call.path);
        if !call.query.is_empty() {
            uri.push('?');
            uri.push_str(&call.query);
        }
        let mut request = Request::new(call.body.clone().unwrap_or_default());
        request.method_mut().clone_from(&call.method);
        *request.uri_mut() = Uri::try_from(uri).map_err(|_| Error::invalid("path", "not valid in a URL"))?;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, self.settings.user_agent.clone());
        headers.insert(header::AUTHORIZATION, bearer(tokens)?);
        if call.body.is_some() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &call.headers {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Error::invalid("header", "not a valid header name"))?;
            let value = HeaderValue::from_str(value)
                .map_err(|_| Error::invalid("header", format!("not a valid value for {name}")))?;
            headers.try_append(name, value).map_err(|_| Error::invalid("header", "too many headers"))?;
        }
        if call.signed {
            self.sign(&mut request, tokens)?;
        }
        Ok(request)
    }

    /// Adds an AWS signature with credentials of the identity pool, which serve until they expire.
    fn sign(&self, request: &mut Request<Vec<u8>>, tokens: &Tokens) -> Result<()> {
        let context = self.session.context();
        let now = context.server_time();
        let mut held = self.aws.lock().unwrap_or_else(PoisonError::into_inner);
        let credentials = match held.take().filter(|credentials| credentials.are_good(now)) {
            Some(credentials) => credentials,
            None => temporary_credentials(context, &tokens.id_token)?,
        };
        let scope = Scope { region: context.endpoints.user_pool_settings().region(), service: "execute-api" };
        let signed = sigv4::sign(request, &credentials.keys, &scope, context.server_time())
            .map_err(|error| Error::untrusted(format!("the request can't be signed: {error}"), error))?;
        *held = Some(credentials);
        // The signature takes the place of the bearer token: there is one `Authorization` header.
        request.headers_mut().extend(signed.headers().clone());
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("user", &self.user).finish_non_exhaustive()
    }
}

fn bearer(tokens: &Tokens) -> Result<HeaderValue> {
    let text = Zeroizing::new(format!("Bearer {}", tokens.id_token.expose()));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Error::authentication("the ID token does not fit into a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// A write that may have reached the service is not known to have failed.
fn unknown_outcome(call: &Call, error: Error) -> Error {
    if call.is_write() { error.of_write(&call.endpoint(), call.hint, server_failed) } else { error }
}
