//! Checking tokens from elsewhere with the user pool's keys, which are kept in the store.

use std::time::Duration;

use http::Request;
use jiff::Timestamp;

use super::jwt::{self, Expected, JwtError, KeySet, TokenUse};
use super::tokens::hash;
use crate::endpoints::Endpoints;
use crate::error::{Error, Result};
use crate::net::{HttpClient, Idempotency};
use crate::secret::Secret;
use crate::store::Store;

/// How far this machine's clock may be off when an imported token is checked.
const LEEWAY: Duration = Duration::from_secs(120);

/// Why a token is not accepted.
pub(crate) enum Unverified {
    /// The token's own fault.
    Token(JwtError),
    /// The keys can't be had.
    NoKeys(Error),
}

/// Checks an ID and an access token; an unknown key makes the key set be fetched once more.
pub(crate) fn verify(
    http: &HttpClient,
    endpoints: &Endpoints,
    store: &dyn Store,
    id_token: &Secret,
    access_token: &Secret,
    now: Timestamp,
) -> Result<(), Unverified> {
    let pool = endpoints.user_pool_settings();
    let issuer = pool.issuer();
    let check = |keys: &KeySet| {
        for (token, token_use) in [(id_token, TokenUse::Id), (access_token, TokenUse::Access)] {
            let expected =
                Expected { issuer: &issuer, client_id: pool.client_id(), token_use, leeway: LEEWAY };
            jwt::verify(token.expose(), keys, &expected, now)?;
        }
        Ok(())
    };
    let url = endpoints.key_set_url();
    let key = format!("keys/{}.json", hash(&url));
    let kept = store.read(&key).ok().flatten().and_then(|json| KeySet::from_json(&json).ok());
    match kept.map(|keys| check(&keys)) {
        None | Some(Err(JwtError::UnknownKey)) => {}
        Some(result) => return result.map_err(Unverified::Token),
    }
    let json = fetch(http, &url).map_err(Unverified::NoKeys)?;
    let keys = KeySet::from_json(&json).map_err(Unverified::Token)?;
    if let Err(error) = store.write(&key, &json) {
        log::warn!("the key set can't be kept: {error}");
    }
    check(&keys).map_err(Unverified::Token)
}

fn fetch(http: &HttpClient, url: &str) -> Result<Vec<u8>> {
    let endpoint = "GET jwks.json";
    let request = Request::get(url)
        .header("accept", "application/json")
        .body(Vec::new())
        .map_err(|_| Error::invalid("key set address", "it is not a URL"))?;
    http.send(endpoint, &request, Idempotency::Safe, |answer| {
        if answer.status().is_success() {
            return Ok(answer.into_body());
        }
        Err(Error::Http {
            endpoint: endpoint.to_owned(),
            status: answer.status().as_u16(),
            code: None,
            message: Some("the user pool's keys can't be had".to_owned()),
            retry_after: None,
        })
    })
}
