//! Checking imported tokens with the user pool's keys, which are cached in the store.

use std::time::Duration;

use http::Request;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::account::hash;
use super::context::Context;
use super::jwt::{self, Expected, JwtError, KeySet, TokenUse};
use super::wire::{from_json, to_json};
use crate::error::{Error, Result};
use crate::net::Idempotency;
use crate::secret::Secret;

/// How far this machine's clock may be off when an imported token is checked.
const LEEWAY: Duration = Duration::from_secs(120);

/// How long a key that the pool has withdrawn may still be trusted.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(24);

/// Why a token is not accepted.
pub(crate) enum Unverified {
    /// The token itself is the reason.
    Token(JwtError),
    /// The key set could not be fetched.
    NoKeys(Error),
}

/// A cached key set.
#[derive(Deserialize, Serialize)]
struct CachedKeySet {
    fetched_at: Timestamp,
    key_set: Box<RawValue>,
}

/// Checks an ID and an access token. After an unknown key or a wrong signature, it fetches the key set once more, since
/// the cache may be out of date or damaged.
pub(crate) fn verify(context: &Context, id_token: &Secret, access_token: &Secret) -> Result<(), Unverified> {
    let pool = context.endpoints.user_pool_settings();
    let issuer = pool.issuer();
    let check = |keys: &KeySet| {
        for (token, token_use) in [(id_token, TokenUse::Id), (access_token, TokenUse::Access)] {
            let expected =
                Expected { issuer: &issuer, client_id: pool.client_id(), token_use, leeway: LEEWAY };
            jwt::verify(token.expose(), keys, &expected, context.now())?;
        }
        Ok(())
    };
    let url = context.endpoints.key_set_url();
    let store_key = format!("keys/{}.json", hash(&url));
    match cached(context, &store_key).map(|keys| check(&keys)) {
        None | Some(Err(JwtError::UnknownKey | JwtError::Signature)) => {}
        Some(result) => return result.map_err(Unverified::Token),
    }
    let json = fetch(context, &url).map_err(Unverified::NoKeys)?;
    let keys = KeySet::from_json(&json).map_err(Unverified::Token)?;
    cache(context, &store_key, &json);
    check(&keys).map_err(Unverified::Token)
}

/// The cached key set, unless it is too old or from the future.
fn cached(context: &Context, store_key: &str) -> Option<KeySet> {
    let json = context.store.read(store_key).ok()??;
    let cached: CachedKeySet = from_json(&json).ok()?;
    let age = context.now().duration_since(cached.fetched_at);
    if age.is_negative() || age > MAX_AGE {
        return None;
    }
    KeySet::from_json(cached.key_set.get().as_bytes()).ok()
}

fn cache(context: &Context, store_key: &str, json: &[u8]) {
    let Ok(key_set) = serde_json::from_slice(json) else { return };
    let Ok(cached) = to_json(&CachedKeySet { fetched_at: context.now(), key_set }) else { return };
    if let Err(error) = context.store.write(store_key, &cached) {
        log::warn!("the key set can't be cached: {error}");
    }
}

fn fetch(context: &Context, url: &str) -> Result<Vec<u8>> {
    let endpoint = "GET jwks.json";
    let request = Request::get(url)
        .header("accept", "application/json")
        .body(Vec::new())
        .map_err(|_| Error::invalid("url", "the key set's address is not a URL"))?;
    context.send(endpoint, &request, Idempotency::Safe, |response| {
        if response.status().is_success() {
            return Ok(response.into_body());
        }
        Err(Error::Http {
            endpoint: endpoint.to_owned(),
            status: response.status().as_u16(),
            code: None,
            message: Some("could not fetch the user pool's signing keys".to_owned()),
            retry_after: None,
        })
    })
}
