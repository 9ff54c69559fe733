//! The tokens that the user pool issues, and its key set.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::rsa::PrivateKey;
use super::{CLIENT_ID, ISSUER};
use crate::sandbox::Account;
use crate::sandbox::clock::ClockReading;
use crate::sandbox::domain::member_claims;
use crate::sandbox::random::Random;

/// What a token is for (`token_use`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Id,
    Access,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Malformed,
    Signature,
    Expired,
    Revoked,
    OtherUse,
}

/// The claims of a token that has been checked.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    pub(crate) device: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    kid: String,
    alg: String,
}

#[derive(Deserialize)]
struct Payload {
    sub: String,
    token_use: String,
    exp: i64,
    jti: String,
    device_key: Option<String>,
}

/// The claims of an ID token about a member.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    pub(super) given_name: String,
    pub(super) family_name: String,
    /// More claims, by their names.
    pub(super) claims: BTreeMap<String, String>,
}

/// The parts of a sign-in that are in its tokens.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) id: String,
    pub(super) device: Option<String>,
    pub(super) auth_time: Timestamp,
}

/// The signing keys and the tokens that are still accepted.
pub(super) struct Mint {
    /// Key id and key, the newest last; the key set shows the last two.
    keys: Vec<(String, PrivateKey)>,
    keys_made: usize,
    /// Token id -> the sign-in that it comes from.
    honored: HashMap<String, String>,
    random: Random,
    pub(super) lifetime: Duration,
}

impl Mint {
    pub(super) fn new(random: Random, lifetime: Duration) -> Self {
        let mut mint = Self { keys: Vec::new(), keys_made: 0, honored: HashMap::new(), random, lifetime };
        mint.rotate_keys();
        mint
    }

    /// Signs with another key from now on; the one before stays in the key set.
    pub(super) fn rotate_keys(&mut self) {
        // Cognito's key ids are base64, with characters that a careless client would have to escape.
        let id = STANDARD.encode(self.random.bytes(32));
        self.keys.push((id, PrivateKey::test_key(self.keys_made)));
        self.keys_made = self.keys_made.wrapping_add(1);
        if self.keys.len() > 2 {
            self.keys.remove(0);
        }
    }

    /// The key set (RFC 7517, section 5).
    pub(super) fn key_set(&self) -> Value {
        let keys = self.keys.iter().map(|(id, key)| {
            let n = URL_SAFE_NO_PAD.encode(key.modulus());
            json!({"alg": "RS256", "e": "AQAB", "kid": id, "kty": "RSA", "n": n, "use": "sig"})
        });
        json!({"keys": keys.collect::<Vec<_>>()})
    }

    /// A new ID or access token.
    pub(super) fn issue(
        &mut self,
        token_use: Use,
        account: &Account,
        profile: &Profile,
        origin: &Origin,
        moment: ClockReading,
    ) -> String {
        let id = self.random.uuid();
        let mut claims = json!({
            "sub": account.cognito_id,
            "iss": ISSUER,
            "origin_jti": origin.id,
            "event_id": self.random.uuid(),
            "auth_time": origin.auth_time.as_second(),
            "iat": moment.now.as_second(),
            "exp": moment.plus(self.lifetime).as_second(),
            "jti": id,
        });
        let more = match token_use {
            Use::Id => json!({
                "token_use": "id",
                "aud": CLIENT_ID,
                "cognito:username": account.member_uuid,
                "email": account.email,
                "email_verified": true,
                "given_name": profile.given_name,
                "family_name": profile.family_name,
            }),
            Use::Access => json!({
                "token_use": "access",
                "client_id": CLIENT_ID,
                "username": account.member_uuid,
                "scope": "aws.cognito.signin.user.admin",
                "device_key": origin.device,
            }),
        };
        let of_member = if token_use == Use::Id { member_claims(account) } else { Value::Null };
        for more in [more, of_member] {
            if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
                claims.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
            }
        }
        if let (Some(claims), Use::Id) = (claims.as_object_mut(), token_use) {
            claims.extend(profile.claims.iter().map(|(name, value)| (name.clone(), value.as_str().into())));
        }
        self.honored.insert(id, origin.id.clone());
        self.sign(&claims)
    }

    /// Checks a received token.
    pub(super) fn check(&self, token: &str, token_use: Use, now: Timestamp) -> Result<Claims, Refused> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Refused::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Refused::Malformed)?;
        let header: Header = decode(header)?;
        let payload: Payload = decode(claims)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refused::Malformed)?;
        let (_, key) = self.keys.iter().find(|(id, _)| *id == header.kid).ok_or(Refused::Signature)?;
        if header.alg != "RS256" || !key.verify(signed.as_bytes(), &signature) {
            return Err(Refused::Signature);
        }
        if payload.token_use != if token_use == Use::Id { "id" } else { "access" } {
            return Err(Refused::OtherUse);
        }
        if payload.exp <= now.as_second() {
            return Err(Refused::Expired);
        }
        if !self.honored.contains_key(&payload.jti) {
            return Err(Refused::Revoked);
        }
        Ok(Claims { sub: payload.sub, device: payload.device_key })
    }

    /// Refuses every token issued so far, whatever its `exp` says.
    pub(super) fn dishonor_all(&mut self) {
        self.honored.clear();
    }

    /// Refuses the tokens of one sign-in.
    pub(super) fn dishonor(&mut self, origin: &str) {
        self.honored.retain(|_, from| from != origin);
    }

    fn sign(&self, claims: &Value) -> String {
        let Some((id, key)) = self.keys.last() else { return String::new() };
        let header = json!({"kid": id, "alg": "RS256"}).to_string();
        let signed =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, Refused> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| Refused::Malformed)
}
