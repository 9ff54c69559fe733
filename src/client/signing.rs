//! Calls that carry an AWS signature in place of the bearer token.

use std::sync::{Mutex, PoisonError};

use http::Request;
use jiff::SignedDuration;

use super::{Call, Client};
use crate::auth::sigv4::{self, Scope};
use crate::auth::{TemporaryCredentials, Tokens, temporary_credentials};
use crate::error::{Error, Result};

/// The temporary AWS credentials, until they expire.
#[derive(Default)]
pub(super) struct CachedCredentials(Mutex<Option<TemporaryCredentials>>);

/// What a request was signed with.
struct Signature {
    /// The credentials were obtained for this request.
    fresh: bool,
    offset: SignedDuration,
}

impl Client {
    /// Sends a signed call. If the signature is rejected, it is sent once more with the service's time, or with new
    /// credentials if the time was right and the credentials were cached.
    pub(super) fn send_signed(&self, call: &Call, tokens: &Tokens) -> Result<Vec<u8>> {
        let mut request = self.request(call, tokens)?;
        let signature = self.sign(&mut request, tokens)?;
        let result = self.deliver(call, &request);
        if !matches!(result, Err(Error::Http { status: 401 | 403, .. })) {
            return result;
        }
        // Less is the running of the clocks between the two.
        let time_was_wrong =
            (self.clock_correction() - signature.offset).abs() > SignedDuration::from_mins(1);
        if signature.fresh && !time_was_wrong {
            return result;
        }
        log::debug!("{}: the signature was rejected; signing again", call.endpoint());
        if !time_was_wrong {
            *self.credentials.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        let mut request = self.request(call, tokens)?;
        self.sign(&mut request, tokens)?;
        self.deliver(call, &request)
    }

    fn sign(&self, request: &mut Request<Vec<u8>>, tokens: &Tokens) -> Result<Signature> {
        let context = self.session.context();
        let mut cached = self.credentials.0.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = cached.take().filter(|credentials| credentials.are_valid(context.server_time()));
        let fresh = usable.is_none();
        let credentials = match usable {
            Some(credentials) => credentials,
            None => temporary_credentials(context, &tokens.id_token)?,
        };
        let scope = Scope { region: context.endpoints.user_pool_settings().region(), service: "execute-api" };
        let offset = self.clock_correction();
        let headers = sigv4::sign(request, &credentials.keys, &scope, context.server_time())
            .map_err(|error| Error::untrusted(format!("could not sign the request: {error}"), error))?;
        *cached = Some(credentials);
        // The signature replaces the bearer token: there is one `Authorization` header.
        request.headers_mut().extend(headers);
        Ok(Signature { fresh, offset })
    }

    /// How far the time to sign with is from this machine's.
    fn clock_correction(&self) -> SignedDuration {
        let context = self.session.context();
        let now = context.now();
        context.clock_offset.get().map_or(SignedDuration::ZERO, |_| context.server_time().duration_since(now))
    }
}

/// Whether the identity pool rejected the ID token, so that another one can help.
pub(super) fn is_token_rejection(error: &Error) -> bool {
    matches!(error, Error::Authentication { code: Some(code), .. } if code == "NotAuthorizedException")
}
