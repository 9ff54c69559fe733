//! Calls that need no account.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use serde::de::DeserializeOwned;

use super::request::Call;
use super::response::check_response;
use crate::decode::{self, Listing};
use crate::endpoints::Endpoints;
use crate::error::Result;
use crate::net::{Clock, HttpClient, Idempotency};

/// Calls endpoints without a token. Only reads.
pub(crate) struct AnonymousClient {
    pub(crate) http: HttpClient,
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) clock: Clock,
    pub(crate) user_agent: HeaderValue,
}

impl AnonymousClient {
    /// The list in an envelope; unreadable items are in [`Listing::rejected`].
    pub(crate) fn list<T: DeserializeOwned>(&self, call: &Call, keys: &[&str]) -> Result<Listing<T>> {
        let endpoint = call.endpoint();
        let request = call.to_request(self.endpoints.base(call.host), &self.user_agent)?;
        let body = self.http.send(&endpoint, &request, Idempotency::Safe, |response| {
            check_response(call, response, (self.clock)())
        })?;
        decode::list(&body, keys).map_err(|error| error.at(&endpoint))
    }
}

impl fmt::Debug for AnonymousClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnonymousClient").field("endpoints", &self.endpoints).finish_non_exhaustive()
    }
}
