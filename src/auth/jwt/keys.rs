//! The user pool's public keys.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use num_bigint::BigUint;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::JwtError;
use crate::auth::hash::sha256;
use crate::auth::wire::from_json;

/// The keys that a user pool signs with, from its `/.well-known/jwks.json`
/// ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    pub(super) keys: Vec<RsaKey>,
}

impl KeySet {
    /// Reads a key set. Keys of other kinds, for other purposes, damaged ones and those of a size that is
    /// unsafe or absurd are left out.
    ///
    /// # Errors
    ///
    /// [`JwtError::KeySet`] if it is no key set at all, or far larger than one.
    pub fn from_json(json: &[u8]) -> Result<Self, JwtError> {
        if json.len() > MAX_KEY_SET {
            return Err(JwtError::KeySet);
        }
        let set: WireKeySet<'_> = from_json(json).map_err(|_| JwtError::KeySet)?;
        let read = |key: &RawValue| from_json(key.get().as_bytes()).ok().and_then(RsaKey::read);
        Ok(Self { keys: set.keys.into_iter().filter_map(read).collect() })
    }

    pub(super) fn get(&self, id: &str) -> Option<&RsaKey> {
        self.keys.iter().find(|key| key.id == id)
    }
}

/// A key set. Its keys are read one by one, so that a key of an unknown kind does not affect the others.
#[derive(Deserialize)]
struct WireKeySet<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// A key as it is written in the set.
#[derive(Deserialize)]
struct WireKey {
    kid: String,
    kty: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    n: String,
    e: String,
}

/// RFC 7518, section 2: `Base64urlUInt`. The bound comes before the work.
fn unsigned(text: &str) -> Option<BigUint> {
    // A modulus of the greatest length, and a zero byte in front, in base64.
    const MAX_CHARACTERS: usize = (MAX_MODULUS_BITS as usize / 8 + 1) * 4 / 3 + 1;
    if text.len() > MAX_CHARACTERS {
        return None;
    }
    Some(BigUint::from_bytes_be(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?))
}

#[derive(Debug, Clone)]
pub(super) struct RsaKey {
    id: String,
    n: BigUint,
    e: BigUint,
    /// The length of n, and so of each signature, in bytes.
    length: usize,
}

impl RsaKey {
    /// `None` for a key that is for something else or unsafe.
    fn read(key: WireKey) -> Option<Self> {
        let is_ours = key.kty == "RSA"
            && key.alg.is_none_or(|alg| alg == "RS256")
            && key.purpose.is_none_or(|purpose| purpose == "sig");
        if !is_ours {
            return None;
        }
        Self::new(key.kid, unsigned(&key.n)?, unsigned(&key.e)?)
    }

    fn new(id: String, n: BigUint, e: BigUint) -> Option<Self> {
        let sound = (MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&n.bits())
            && n.bit(0)
            && (2..=MAX_EXPONENT_BITS).contains(&e.bits())
            && e.bit(0);
        let length = usize::try_from(n.bits().div_ceil(8)).ok()?;
        sound.then_some(Self { id, n, e, length })
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256, [RFC 8017, section 8.2.2](https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2).
    ///
    /// The message that ought to have been signed is built in full and compared as a whole. Nothing is parsed
    /// out of the signature, so there is no padding to be lenient about, and small exponents are safe.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let number = BigUint::from_bytes_be(signature);
        if signature.len() != self.length || number >= self.n {
            return false;
        }
        // Both sides are below n: equal as numbers means equal as messages of the key's length.
        number.modpow(&self.e, &self.n) == self.encoded(message)
    }

    /// EMSA-PKCS1-v1_5, RFC 8017, section 9.2.
    fn encoded(&self, message: &[u8]) -> BigUint {
        let hash = sha256(&[message]);
        let padding = self.length.saturating_sub(3 + DIGEST_INFO.len() + hash.len());
        let mut encoded = vec![0, 1];
        encoded.resize(2 + padding, 0xff);
        encoded.push(0);
        encoded.extend_from_slice(&DIGEST_INFO);
        encoded.extend_from_slice(&hash);
        BigUint::from_bytes_be(&encoded)
    }
}

/// What stands before a SHA-256 hash: RFC 8017, section 9.2, note 1.
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// RFC 7518, section 3.3: 2048 bits or more.
const MIN_MODULUS_BITS: u64 = 2048;
const MAX_MODULUS_BITS: u64 = 8192;
const MAX_EXPONENT_BITS: u64 = 32;
/// A pool's key set is about 1 KB.
const MAX_KEY_SET: usize = 256 * 1024;
