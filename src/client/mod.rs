//! Authenticated requests: the one place where a call gets its host, headers, token and retries, and where a response
//! becomes a value or an error.

mod anonymous;
mod concurrency;
mod failure_marks;
mod profile;
mod request;
mod response;
mod response_cache;
mod signing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Method, Request, header};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::auth::{OtfUser, TokenManager, Tokens, hash};
use crate::decode::{self, DecodeError, Listing};
use crate::error::{Error, Result, is_server_error};
use crate::models::MemberUuid;
use crate::net::Idempotency;
use crate::store::Store;

use profile::Profile;
use response_cache::{CacheKey, Cached, ResponseCache};
use signing::{CachedCredentials, is_token_rejection};

pub(crate) use anonymous::AnonymousClient;
pub(crate) use concurrency::Fetch;
#[cfg(feature = "record")]
pub(crate) use request::percent_encode;
pub(crate) use request::{Call, segment};

/// A user agent that the service is known to accept.
pub(crate) const USER_AGENT: &str = "okhttp/4.12.0";

/// Calls endpoints for the signed-in member.
pub(crate) struct Client {
    session: TokenManager,
    user: OtfUser,
    settings: Settings,
    profile: Profile,
    credentials: CachedCredentials,
    responses: ResponseCache,
}

/// The settings of a client.
pub(crate) struct Settings {
    pub(crate) user_agent: HeaderValue,
    /// How many requests run at once when a result needs many.
    pub(crate) concurrency: usize,
    /// The size limit of the response cache in bytes; 0 for no cache.
    pub(crate) response_cache_limit: u64,
    /// How many days before a class booking opens.
    pub(crate) booking_days: u16,
    /// How long before a class a cancellation becomes late.
    pub(crate) late_cancel_window: Duration,
}

impl Client {
    pub(crate) fn new(session: TokenManager, user: OtfUser, settings: Settings) -> Self {
        let responses =
            ResponseCache::new(Arc::clone(&session.context().store), settings.response_cache_limit);
        let (profile, credentials) = (Profile::default(), CachedCredentials::default());
        if let Some(id) = &user.home_studio_uuid {
            profile.set_home_studio(id.clone());
        }
        Self { session, user, settings, profile, credentials, responses }
    }

    /// The current user.
    pub(crate) fn user(&self) -> &OtfUser {
        &self.user
    }

    /// The current member's id.
    pub(crate) fn member_uuid(&self) -> &MemberUuid {
        &self.user.member_uuid
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.session.context().store.as_ref()
    }

    /// The key and the lock of the notes about attempts to book a class.
    pub(crate) fn booking_note_key(&self, class: &str) -> String {
        self.session.account().booking_key(class)
    }

    /// Waits, as between retries.
    pub(crate) fn sleep(&self, delay: Duration) {
        self.session.context().http.sleep(delay);
    }

    /// What has been loaded about the member.
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The response as a value.
    pub(crate) fn get<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        self.get_in(call, &[])
    }

    /// The value in an envelope, e.g. the `data` of `{"data": …}`.
    pub(crate) fn get_in<T: DeserializeOwned>(&self, call: &Call, keys: &[&str]) -> Result<T> {
        self.fetch(call, |body| decode::value(body, keys))
    }

    /// The list in an envelope; unreadable items are in [`Listing::rejected`].
    pub(crate) fn list<T: DeserializeOwned>(&self, call: &Call, keys: &[&str]) -> Result<Listing<T>> {
        self.fetch(call, |body| decode::list(body, keys))
    }

    /// The response as JSON; `Null` if a write, or a `HEAD`, got no body.
    pub(crate) fn json(&self, call: &Call) -> Result<Value> {
        self.fetch(call, |body| if body.is_empty() { Ok(Value::Null) } else { decode::value(body, &[]) })
    }

    /// A call whose response carries no data: no body, or any JSON. An HTML body means a proxy or captive portal
    /// replied.
    pub(crate) fn send(&self, call: &Call) -> Result<()> {
        self.fetch(call, |body| match body {
            [] => Ok(()),
            body => decode::value::<IgnoredAny>(body, &[]).map(drop),
        })
    }

    /// The body of a successful response. If the token is rejected, the call is sent once more with a new one.
    pub(crate) fn bytes(&self, call: &Call) -> Result<Vec<u8>> {
        let send = |tokens: &Tokens| match call.signed {
            true => self.send_signed(call, tokens),
            false => self.deliver(call, &self.request(call, tokens)?),
        };
        let tokens = self.session.tokens()?;
        match send(&tokens) {
            Err(error) if is_rejected_token(call, &error) => {
                log::debug!("{}: the token was rejected; getting another", call.endpoint());
                send(&*self.session.tokens_after_refusal(&tokens.id_token)?)
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

    /// The response, decoded by a function.
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
        let send = || {
            self.bytes(call).inspect_err(|error| {
                if let Error::NotFound { message, .. } = error {
                    self.cache(call, call.cache_not_found_for, || Cached::NotFound(message.clone()));
                }
            })
        };
        let mut body = send()?;
        if call.may_be_empty && is_empty(&body) {
            log::debug!("{}: the response is empty; requesting it once more", call.endpoint());
            body = send()?;
        }
        let value = decode_body(call, &body, decode)?;
        if !is_empty(&body) {
            self.cache(call, call.cache_for, || Cached::Body(body));
        }
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

    /// Sends a request, with retries, and returns the body of a successful response.
    fn deliver(&self, call: &Call, request: &Request<Vec<u8>>) -> Result<Vec<u8>> {
        let idempotency = if call.is_write() { Idempotency::IfNotSent } else { Idempotency::Safe };
        let endpoint = call.endpoint();
        let context = self.session.context();
        let delivered = context.send(&endpoint, request, idempotency, |response| {
            response::check_response(call, response, context.now())
        });
        // Here and not further out: a failure to get a token says nothing about the write.
        delivered.map_err(|error| unknown_outcome(call, error))
    }

    fn request(&self, call: &Call, tokens: &Tokens) -> Result<Request<Vec<u8>>> {
        let base = self.session.context().endpoints.base(call.host);
        let mut request = call.to_request(base, &self.settings.user_agent)?;
        request.headers_mut().insert(header::AUTHORIZATION, bearer(tokens)?);
        Ok(request)
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
        .map_err(|_| Error::authentication("the ID token is not a valid header value"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whether a response is empty. The service sometimes sends empty responses for data that exists.
pub(crate) fn is_empty(body: &[u8]) -> bool {
    matches!(body.trim_ascii(), b"" | b"null" | b"{}")
}

/// The value of a body. An empty response to a read means that nothing was found, possibly only this time, so it is not
/// cached.
fn decode_body<T>(call: &Call, body: &[u8], decode: impl Fn(&[u8]) -> Result<T, DecodeError>) -> Result<T> {
    if body.is_empty() && call.method == Method::GET && !call.may_be_empty {
        let message = Some("the response is empty".to_owned());
        return Err(Error::NotFound { endpoint: call.endpoint(), message });
    }
    decode(body).map_err(|error| unknown_outcome(call, error.at(&call.endpoint())))
}

/// Whether the service rejected the ID token itself. The endpoint of a signed call does not see it, the identity pool
/// does.
fn is_rejected_token(call: &Call, error: &Error) -> bool {
    match call.signed {
        true => is_token_rejection(error),
        false => matches!(error, Error::Http { status: 401, .. }),
    }
}

/// A write that may have reached the service may have taken effect.
fn unknown_outcome(call: &Call, error: Error) -> Error {
    if call.is_write() { error.of_write(&call.endpoint(), call.hint, is_server_error) } else { error }
}
