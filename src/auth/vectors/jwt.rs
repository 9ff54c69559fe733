//! `jwt.json`: tokens that are to be accepted, and forgeries.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::auth::jwt::{self, Claims, Expected, JwtError, KeySet, TokenUse};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use num_bigint::BigUint;
use serde::Deserialize;

use super::{Arbitrary, read};

#[derive(Deserialize)]
struct File {
    #[serde(rename = "_meta")]
    meta: Meta,
    vectors: Vec<Case>,
}

#[derive(Deserialize)]
struct Meta {
    now: i64,
    client_id: String,
    issuer: String,
    leeway: u64,
    jwks: BTreeMap<String, serde_json::Value>,
}

impl Meta {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.now).unwrap()
    }

    fn expected(&self, token_use: TokenUse) -> Expected<'_> {
        let leeway = Duration::from_secs(self.leeway);
        Expected { issuer: &self.issuer, client_id: &self.client_id, token_use, leeway }
    }

    fn key_set(&self, name: &str) -> KeySet {
        KeySet::from_json(self.jwks[name].to_string().as_bytes()).unwrap()
    }
}

#[derive(Deserialize)]
struct Case {
    id: String,
    name: String,
    expected: Verdict,
    also_ok: Option<Verdict>,
    token_use: Use,
    jwks: String,
    token: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Use {
    Id,
    Access,
}

#[derive(Deserialize, PartialEq, Debug, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Accept,
    Reject,
}

impl Case {
    fn token_use(&self) -> TokenUse {
        match self.token_use {
            Use::Id => TokenUse::Id,
            Use::Access => TokenUse::Access,
        }
    }
}

fn verify(meta: &Meta, case: &Case) -> Result<Claims, JwtError> {
    jwt::verify(&case.token, &meta.key_set(&case.jwks), &meta.expected(case.token_use()), meta.now())
}

#[test]
fn every_token() {
    let File { meta, vectors } = read("jwt.json");
    let (mut accepted, mut rejected) = (0, 0);
    for case in &vectors {
        let verdict = verify(&meta, case);
        let said = if verdict.is_ok() { Verdict::Accept } else { Verdict::Reject };
        // This crate takes the strict client's side even where another verdict could be defended.
        assert_eq!(said, case.expected, "{} {}: {verdict:?}, also {:?}", case.id, case.name, case.also_ok);
        match verdict {
            Ok(claims) => {
                assert_eq!(jwt::decode(&case.token).unwrap(), claims, "{} {}: decode", case.id, case.name);
                assert_eq!(claims.token_use, Some(case.token_use()));
                accepted += 1;
            }
            Err(error) => {
                assert_eq!(error, reason_for(&case.name), "{} {}: reason", case.id, case.name);
                rejected += 1;
            }
        }
    }
    assert_eq!((accepted, rejected), (6, 60));
}

/// Each forgery is to be refused for what is wrong with it, not for something else on the way.
fn reason_for(name: &str) -> JwtError {
    match name {
        "expired" | "exp negative" => JwtError::Expired,
        "nbf in the future" => JwtError::NotYetValid,
        "wrong iss pool" | "iss trailing slash" | "iss http" | "iss missing" => JwtError::Issuer,
        "aud array of two" | "wrong aud" | "aud empty array" | "access token with other client_id" => {
            JwtError::Audience
        }
        "access token used as id token" | "token_use missing" => JwtError::TokenUse,
        "kid unknown" | "kid empty" | "kid path traversal" => JwtError::UnknownKey,
        "unknown crit header" => JwtError::Critical,
        "alg array" | "duplicate alg in header (RS256, none)" => JwtError::Malformed("header"),
        "alg RS256, SHA-1 signature" => JwtError::Signature,
        "two dots only" => JwtError::Malformed("header"),
        "one segment" | "four segments" | "trailing dot" => JwtError::Malformed("not three parts"),
        "trailing newline" | "'=' padding on signature" | "standard base64 alphabet in signature" => {
            JwtError::Malformed("base64url")
        }
        // The signature does not cover these: it is over the token without the change.
        "payload bit flipped" | "NUL in token" => JwtError::Signature,
        "payload not JSON, signed"
        | "payload JSON string, signed"
        | "payload invalid UTF-8, signed"
        | "payload with BOM, signed"
        | "duplicate exp, last one expired" => JwtError::Malformed("claims"),
        name if name.starts_with("exp ") => JwtError::Malformed("claims"),
        name if name.starts_with("alg ") || name.starts_with("HS256 ") => JwtError::Algorithm,
        _ => JwtError::Signature,
    }
}

#[test]
fn times_are_checked_to_the_second() {
    let File { meta, vectors } = read::<File>("jwt.json");
    let case = vectors.iter().find(|case| case.name == "id token").unwrap();
    let keys = meta.key_set(&case.jwks);
    let claims = jwt::decode(&case.token).unwrap();
    let (issued, expires) = (claims.iat.unwrap(), claims.exp);
    let at = |second: i64, leeway: u64| {
        let expected = Expected { leeway: Duration::from_secs(leeway), ..meta.expected(TokenUse::Id) };
        let now = jiff::Timestamp::from_second(second).unwrap();
        jwt::verify(&case.token, &keys, &expected, now).err()
    };
    assert_eq!(at(expires - 1, 0), None);
    assert_eq!(at(expires, 0), Some(JwtError::Expired));
    assert_eq!(at(expires + 59, 60), None);
    assert_eq!(at(expires + 60, 60), Some(JwtError::Expired));
    assert_eq!(at(issued, 0), None);
    assert_eq!(at(issued - 1, 0), Some(JwtError::NotYetValid));
    assert_eq!(at(issued - 60, 60), None);
    assert_eq!(at(issued - 61, 60), Some(JwtError::NotYetValid));
    assert_eq!(at(0, u64::MAX), None);
}

#[test]
fn changed_token_is_never_accepted() {
    let File { meta, vectors } = read::<File>("jwt.json");
    let mut arbitrary = Arbitrary(0x70_6b_65_6e);
    for case in vectors.iter().filter(|case| case.expected == Verdict::Accept && case.token.len() < 4096) {
        for _ in 0..100 {
            let token = arbitrary.mangled(&case.token);
            let changed =
                Case { id: String::new(), name: String::new(), jwks: case.jwks.clone(), token, ..*case };
            let same = changed.token == case.token;
            assert_eq!(verify(&meta, &changed).is_ok(), same, "{}: {}", case.id, changed.token);
        }
    }
}

#[test]
fn signature_has_one_form_only() {
    // s + n is the same number modulo n, and at times still fits into as many bytes. Tokens that are refused for
    // what they say have genuine signatures as well.
    let File { meta, vectors } = read::<File>("jwt.json");
    let keys = meta.jwks["main"]["keys"].as_array().unwrap();
    let moduli: Vec<BigUint> =
        keys.iter().map(|key| BigUint::from_bytes_be(&base64url(key["n"].as_str().unwrap()))).collect();
    let mut tried = 0;
    for case in vectors.iter().filter(|case| case.jwks == "main") {
        use JwtError::{Audience, Expired, Issuer, NotYetValid, TokenUse};
        if !matches!(verify(&meta, case), Ok(_) | Err(Audience | Expired | Issuer | NotYetValid | TokenUse)) {
            continue;
        }
        let (signed, signature) = case.token.rsplit_once('.').unwrap();
        for modulus in &moduli {
            let number = (BigUint::from_bytes_be(&base64url(signature)) + modulus).to_bytes_be();
            let token = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(&number));
            let changed =
                Case { id: String::new(), name: String::new(), jwks: case.jwks.clone(), token, ..*case };
            assert_eq!(verify(&meta, &changed), Err(JwtError::Signature), "{} {}", case.id, case.name);
            tried += usize::from(number.len() == 256);
        }
    }
    assert!(tried > 0, "no signature was small enough");
}

fn base64url(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[test]
fn arbitrary_tokens_and_key_sets_never_panic() {
    let File { meta, .. } = read::<File>("jwt.json");
    let mut arbitrary = Arbitrary(0xc0de);
    let keys = meta.jwks["main"].to_string();
    for _ in 0..2_000 {
        assert!(jwt::decode(&arbitrary.text(200)).is_err());
        let _ = KeySet::from_json(arbitrary.text(200).as_bytes());
        let _ = KeySet::from_json(arbitrary.mangled(&keys).as_bytes());
    }
}
