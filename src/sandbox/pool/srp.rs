//! The server's side of SRP-6a as Cognito does it.
//!
//! Written from the server's equations (RFC 5054, section 2.6, with Cognito's padding and key derivation) and
//! not from this crate's client, so that the two check each other: v = g^x, B = k·v + g^b, S = (A·v^u)^b.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};

use crate::sandbox::random::Random;

/// The 3072-bit MODP group (RFC 3526, section 5).
pub(crate) const PRIME: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
    EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
    EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
    83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
    E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
    15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
    ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
    BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";
const GENERATOR: u32 = 2;
/// The most hexadecimal digits of A: those of the prime and a byte of padding.
const MAX_A_DIGITS: usize = 770;

/// What the server stores instead of a password: a salt and v = g^x.
#[derive(Clone)]
pub(super) struct Verifier {
    pub(super) salt: BigUint,
    pub(super) v: BigUint,
}

impl Verifier {
    /// Of a password, with a new salt; `name` is what the hash starts with (pool name and user id).
    pub(super) fn of_password(name: &str, password: &str, random: &mut Random) -> Self {
        Self::salted(name, password, BigUint::from_bytes_be(&random.bytes(16)))
    }

    fn salted(name: &str, password: &str, salt: BigUint) -> Self {
        let inner = Sha256::new().chain_update(name).chain_update(":").chain_update(password).finalize();
        let x = hash(&[&signed_bytes(&salt), &inner]);
        let v = BigUint::from(GENERATOR).modpow(&x, &prime());
        Self { salt, v }
    }

    /// Of a device, which sends its salt and verifier: both as the least number of bytes that reads as a
    /// positive number in two's complement.
    pub(super) fn of_device(salt: &[u8], verifier: &[u8]) -> Option<Self> {
        let minimal = |bytes: &[u8]| signed_bytes(&BigUint::from_bytes_be(bytes)) == bytes;
        if !minimal(salt) || !minimal(verifier) || salt.len() > 17 {
            return None;
        }
        let (salt, v) = (BigUint::from_bytes_be(salt), BigUint::from_bytes_be(verifier));
        (v > BigUint::from(1_u32) && v < prime() && salt > BigUint::ZERO).then_some(Self { salt, v })
    }
}

/// One run of the protocol, once A has been received.
#[derive(Clone)]
pub(super) struct Exchange {
    /// What the signature and the password hash start with.
    pub(super) name: String,
    /// What the client must send back unchanged, and can use once.
    pub(super) secret_block: Vec<u8>,
    salt: BigUint,
    public: BigUint,
    key: [u8; 16],
}

impl Exchange {
    /// Responds to A with B. `None` if A is refused (A mod N = 0) or the random exponent is unusable.
    pub(super) fn respond(
        name: String,
        verifier: &Verifier,
        client_public: &BigUint,
        exponent: &[u8],
        secret_block: Vec<u8>,
    ) -> Option<Self> {
        let (n, g, b) = (prime(), BigUint::from(GENERATOR), BigUint::from_bytes_be(exponent));
        if client_public % &n == BigUint::ZERO {
            return None;
        }
        let k = hash(&[&signed_bytes(&n), &signed_bytes(&g)]);
        let public = (k * &verifier.v + g.modpow(&b, &n)) % &n;
        let u = hash(&[&signed_bytes(client_public), &signed_bytes(&public)]);
        if public == BigUint::ZERO || u == BigUint::ZERO {
            return None;
        }
        let shared = (client_public * verifier.v.modpow(&u, &n)).modpow(&b, &n);
        let key = derived_key(&signed_bytes(&shared), &signed_bytes(&u));
        Some(Self { name, secret_block, salt: verifier.salt.clone(), public, key })
    }

    /// B in hexadecimal, without leading zeros, as Cognito writes numbers.
    pub(super) fn public_hex(&self) -> String {
        self.public.to_str_radix(16)
    }

    pub(super) fn salt_hex(&self) -> String {
        self.salt.to_str_radix(16)
    }

    /// Whether a signature shows that its maker knows the password.
    pub(super) fn accepts(&self, timestamp: &str, signature: &[u8]) -> bool {
        mac(&self.key, &[self.name.as_bytes(), &self.secret_block, timestamp.as_bytes()]) == signature
    }
}

/// A as received: hexadecimal digits and nothing else.
pub(super) fn client_public(hex: &str) -> Option<BigUint> {
    let digits = !hex.is_empty() && hex.len() <= MAX_A_DIGITS && hex.bytes().all(|b| b.is_ascii_hexdigit());
    digits.then(|| BigUint::parse_bytes(hex.as_bytes(), 16)).flatten()
}

/// Reads a timestamp such as `Sat Apr 4 07:05:09 UTC 2026`, and nothing that only looks like it: another
/// language, a day with a leading zero or the wrong weekday is `None`.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    const FORMAT: &str = "%a %b %-d %H:%M:%S UTC %Y";
    let time = DateTime::strptime(FORMAT, text).ok()?;
    (time.strftime(FORMAT).to_string() == text).then_some(())?;
    time.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The bytes of a number as Java's `BigInteger.toByteArray` gives them: a zero byte in front where the first
/// bit is set.
fn signed_bytes(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

fn hash(parts: &[&[u8]]) -> BigUint {
    let digest = parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize();
    BigUint::from_bytes_be(&digest)
}

/// HKDF (RFC 5869) of one block, cut to 16 bytes.
fn derived_key(ikm: &[u8], salt: &[u8]) -> [u8; 16] {
    let block = mac(&mac(salt, &[ikm]), &[b"Caldera Derived Key", &[1]]);
    let mut key = [0; 16];
    key.iter_mut().zip(block).for_each(|(to, from)| *to = from);
    key
}

/// HMAC-SHA-256 (RFC 2104), which takes a key of any length.
pub(crate) fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(start) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    parts.iter().fold(start, |mac, part| mac.chain_update(part)).finalize().into_bytes().into()
}

fn prime() -> BigUint {
    BigUint::parse_bytes(PRIME.as_bytes(), 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value;

    use super::*;

    fn vectors(json: &str, list: &str) -> Vec<Value> {
        serde_json::from_str::<Value>(json).unwrap()[list].as_array().unwrap().clone()
    }

    fn number(value: &Value) -> BigUint {
        BigUint::parse_bytes(value.as_str().unwrap().as_bytes(), 16).unwrap()
    }

    /// Runs the server's side of a vector and compares B and the client's signature.
    fn check(vector: &Value, name: String, verifier: &Verifier) {
        let id = &vector["id"];
        let exponent = number(&vector["server_b_hex"]).to_bytes_be();
        let block = STANDARD.decode(vector["secret_block_b64"].as_str().unwrap()).unwrap();
        let exchange =
            Exchange::respond(name, verifier, &number(&vector["A_hex"]), &exponent, block).unwrap();
        assert_eq!(exchange.public, number(&vector["B_hex"]), "B of {id}");
        let time = vector["timestamp"].as_str().unwrap();
        let signature = STANDARD.decode(vector["signature_b64"].as_str().unwrap()).unwrap();
        assert!(exchange.accepts(time, &signature), "signature of {id}");
        assert!(!exchange.accepts(&format!("{time} "), &signature), "changed timestamp of {id}");
        assert_eq!(
            timestamp(time).unwrap().as_second(),
            vector["unix_time"].as_i64().unwrap(),
            "time of {id}"
        );
    }

    #[test]
    fn password_sign_ins_of_other_clients_are_accepted() {
        let vectors = vectors(include_str!("../../../tests/fixtures/vectors/srp_login.json"), "vectors");
        let mut accepted = 0;
        for vector in vectors.iter().filter(|v| v["expect"] == "accept" && v["server_b_hex"].is_string()) {
            let text = |name: &str| vector[name].as_str().unwrap();
            let name = format!("{}{}", text("pool_id").split_once('_').unwrap().1, text("user_id"));
            let verifier = Verifier::salted(&name, text("password"), number(&vector["salt_hex"]));
            if vector["verifier_hex"].is_string() {
                assert_eq!(verifier.v, number(&vector["verifier_hex"]), "verifier of {}", vector["id"]);
            }
            check(vector, name, &verifier);
            accepted += 1;
        }
        assert!(accepted >= 60, "{accepted}");
    }

    #[test]
    fn device_sign_ins_of_other_clients_are_accepted() {
        let json = include_str!("../../../tests/fixtures/vectors/srp_device.json");
        let confirmed = vectors(json, "confirm");
        let decode = |value: &Value| STANDARD.decode(value.as_str().unwrap()).unwrap();
        for vector in vectors(json, "login").iter().filter(|v| v["expect"] == "accept") {
            let device = confirmed.iter().find(|device| device["id"] == vector["confirm_id"]).unwrap();
            let verifier =
                Verifier::of_device(&decode(&device["salt_b64"]), &decode(&device["verifier_b64"]));
            let verifier = verifier.unwrap_or_else(|| panic!("{} is well-formed", device["id"]));
            let name = ["device_group_key", "device_key"].map(|name| vector[name].as_str().unwrap()).concat();
            check(vector, name, &verifier);
        }
    }

    #[test]
    fn a_device_verifier_must_be_a_number_in_its_shortest_form() {
        let (salt, verifier) = ([1; 16], [2; 384]);
        assert!(Verifier::of_device(&salt, &verifier).is_some());
        for bad in [&[0x80; 16][..], &[0, 1], &[0], &[], &[1; 18]] {
            assert!(Verifier::of_device(bad, &verifier).is_none(), "salt {bad:?}");
        }
        let n = signed_bytes(&prime());
        for bad in [&[0x80; 384][..], &[0, 2], &[0], &[1], &[], &n] {
            assert!(Verifier::of_device(&salt, bad).is_none(), "verifier {bad:?}");
        }
    }

    #[test]
    fn timestamps_have_one_form() {
        assert!(timestamp("Sat Apr 4 07:05:09 UTC 2026").is_some());
        for bad in [
            "Sat Apr 04 07:05:09 UTC 2026",
            "Sat Apr  4 07:05:09 UTC 2026",
            "Sun Apr 4 07:05:09 UTC 2026",
            "sam. avril 4 07:05:09 UTC 2026",
            "Sat Apr 4 7:05:09 UTC 2026",
            "Sat Apr 4 07:05:09 GMT 2026",
            "Sat apr 4 07:05:09 UTC 2026",
            "2026-04-04T07:05:09Z",
            "",
        ] {
            assert!(timestamp(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_must_be_digits_and_not_a_multiple_of_the_prime() {
        let verifier = Verifier::salted("name", "password", BigUint::from(7_u32));
        let response = |a: &BigUint| Exchange::respond("name".to_owned(), &verifier, a, &[5; 32], vec![1]);
        assert!(response(&BigUint::from(2_u32)).is_some());
        for bad in [BigUint::ZERO, prime(), prime() * 2_u32] {
            assert!(response(&bad).is_none());
        }
        for bad in ["", "0x2", "-2", "+2", " 2", "2_0", "é", &"f".repeat(771)] {
            assert!(client_public(bad).is_none(), "{bad}");
        }
    }
}
