//! Tokens and key sets.

use std::sync::LazyLock;
use std::time::Duration;

use otf_api::auth::jwt::{self, Expected, KeySet, TokenUse};
use otf_api::jiff::Timestamp;
use serde_json::Value;

use super::script::Script;
use super::seeds::vectors;

const VECTORS: &str = include_str!("../../fixtures/vectors/jwt.json");

struct Known {
    meta: Value,
    keys: KeySet,
    /// What the pool has signed: header, payload and signature.
    genuine: Vec<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut file: Value = serde_json::from_str(VECTORS).unwrap();
    let meta = file["_meta"].take();
    let keys = KeySet::from_json(meta["jwks"]["main"].to_string().as_bytes()).unwrap();
    let genuine =
        vectors(VECTORS, "vectors").into_iter().map(|vector| vector["token"].as_str().unwrap().to_owned());
    Known { keys, genuine: genuine.collect(), meta }
});

/// A token and, after a line's end, a key set; without one, the pool's own.
pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    let token_use = *script.pick(&[TokenUse::Id, TokenUse::Access]);
    let leeway = Duration::from_secs(u64::from(script.byte()) << script.below(57));
    let text = String::from_utf8_lossy(script.rest());
    let (token, json) = text.split_once('\n').unwrap_or((&text, ""));

    let decoded = jwt::decode(token);
    if let Ok(claims) = &decoded {
        let _ = claims.expires_at();
        assert!(token.len() <= 256 * 1024);
        let email = claims.email.as_deref().filter(|email| email.contains('@'));
        assert!(email.is_none_or(|email| !format!("{claims:?}").contains(email)));
    }

    let known = &*KNOWN;
    let meta = |name: &str| known.meta[name].as_str().unwrap_or_default();
    let expected = Expected { issuer: meta("issuer"), client_id: meta("client_id"), token_use, leeway };
    let now = Timestamp::from_second(meta("now").parse().unwrap_or(1_785_920_587)).unwrap();
    if let Ok(claims) = jwt::verify(token, &known.keys, &expected, now) {
        assert!(known.genuine.iter().any(|genuine| genuine == token), "forged: {token}");
        assert_eq!(Ok(claims), decoded);
    }

    if let Ok(keys) = KeySet::from_json(json.as_bytes())
        && let Ok(claims) = jwt::verify(token, &keys, &expected, now)
    {
        assert_eq!(Ok(claims), decoded);
    }
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let known = &*KNOWN;
    let short = vectors(VECTORS, "vectors")
        .into_iter()
        .filter(|vector| vector["token"].as_str().unwrap().len() < 1_000);
    let mut seeds: Vec<_> = short
        .step_by(4)
        .map(|vector| {
            let token_use = u8::from(vector["token_use"] == "access");
            let text = format!("{}\n", vector["token"].as_str().unwrap());
            (vector["id"].as_str().unwrap().to_owned(), [&[token_use, 0, 0], text.as_bytes()].concat())
        })
        .collect();
    for (name, keys) in known.meta["jwks"].as_object().unwrap() {
        let text = format!("{}\n{keys}", known.genuine[0]);
        seeds.push((format!("keys-{name}"), [b"\x00\x00\x00", text.as_bytes()].concat()));
    }
    seeds
}
