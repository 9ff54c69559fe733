//! The challenge parameters of a sign-in, and a whole exchange with a server that is honest.

use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use num_bigint::BigUint;
use otf_api::auth::device::DeviceVerifier;
use otf_api::auth::srp::{self, EphemeralKey, Identity, PasswordChallenge, SrpError};
use otf_api::{Secret, jiff};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::harness::now;
use super::script::Script;
use super::seeds::vectors;

const POOL: &str = "us-east-1_Ab12Cd34E";

/// N, as the vector that sends it as B has it.
static N: LazyLock<BigUint> = LazyLock::new(|| {
    let vectors = vectors(include_str!("../../fixtures/vectors/srp_login.json"), "vectors");
    let of_n = |vector: &&Value| vector["tags"] == serde_json::json!(["B_zero_mod_N", "N"]);
    let n = vectors.iter().find(of_n).unwrap()["B_hex"].as_str().unwrap();
    BigUint::parse_bytes(n.as_bytes(), 16).unwrap()
});

static KEY: LazyLock<EphemeralKey> = LazyLock::new(|| EphemeralKey::from_bytes(&[7; 32]).unwrap());

pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    // The two that always come to the end are less frequent: they take long.
    match script.below(16) {
        0 => honest(&mut script),
        1 => device(&mut script),
        _ => hostile(&mut script),
    }
    timestamps(&mut script);
}

/// Lines of text: salt, B, secret block, user id, pool.
fn hostile(script: &mut Script<'_>) {
    let text = String::from_utf8_lossy(script.rest());
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let challenge = PasswordChallenge { salt_hex: line(), srp_b_hex: line(), secret_block_b64: line() };
    let password = Secret::new("S3cr3t");
    let (user, pool) = (line(), line());
    let identity = match Identity::user(if pool.is_empty() { POOL } else { pool }, user, &password) {
        Ok(identity) => identity,
        Err(error) => return assert_eq!(error, SrpError::PoolId),
    };
    let key = &*KEY;
    let shown = format!("{challenge:?} {identity:?} {key:?}");
    assert!(!shown.contains("S3cr3t"));
    let signature = match srp::sign_challenge(key, &challenge, &identity, "now") {
        Ok(signature) => signature,
        Err(_) => return,
    };
    let b = BigUint::parse_bytes(challenge.srp_b_hex.as_bytes(), 16).unwrap();
    assert!(b != BigUint::ZERO && b < *N, "B is out of range");
    assert!(challenge.salt_hex.len() <= 1024 && challenge.secret_block_b64.len() <= 16 * 1024);
    assert_eq!(BASE64_STANDARD.decode(&signature).unwrap().len(), 32);
}

/// A server that knows the verifier derives the same key, and so the same signature.
fn honest(script: &mut Script<'_>) {
    let (salt, b) = (script.bytes().to_vec(), BigUint::from_bytes_be(script.bytes()) + 1_u8);
    let (user, password) = (script.text(), Secret::new(script.text()));
    let mut random = [1; 32];
    random.iter_mut().zip(script.bytes()).for_each(|(byte, given)| *byte = *given);
    let Ok(key) = EphemeralKey::from_bytes(&random) else { return assert_eq!(random, [0; 32]) };

    // What the server stores: g^x, where x is a hash of salt and password.
    let salt = BigUint::from_bytes_be(&salt);
    let group = POOL.split_once('_').unwrap().1;
    let inner = hash(&[group.as_bytes(), user.as_bytes(), b":", password.expose().as_bytes()]);
    let x = BigUint::from_bytes_be(&hash(&[&padded(&salt), &inner]));
    let g = BigUint::from(2_u8);
    let v = g.modpow(&x, &N);

    // What it does with A.
    let public = (k() * &v + g.modpow(&b, &N)) % &*N;
    let a = BigUint::parse_bytes(key.public_hex().as_bytes(), 16).unwrap();
    let u = BigUint::from_bytes_be(&hash(&[&padded(&a), &padded(&public)]));
    let s = (a * v.modpow(&u, &N)).modpow(&b, &N);
    let mut session_key = [0; 16];
    Hkdf::<Sha256>::new(Some(&padded(&u)), &padded(&s))
        .expand(b"Caldera Derived Key", &mut session_key)
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&session_key).unwrap();
    [group, &user, "o", "now"].iter().for_each(|part| mac.update(part.as_bytes()));

    let challenge = PasswordChallenge {
        salt_hex: &format!("0{}", salt.to_str_radix(16)),
        srp_b_hex: &public.to_str_radix(16),
        secret_block_b64: "bw==",
    };
    let identity = Identity::user(POOL, &user, &password).unwrap();
    let signature = srp::sign_challenge(&key, &challenge, &identity, "now").unwrap();
    assert_eq!(signature, BASE64_STANDARD.encode(mac.finalize().into_bytes()), "client and server disagree");
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// A number as the fewest bytes of two's complement.
fn padded(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] >= 0x80 {
        bytes.insert(0, 0);
    }
    bytes
}

/// k = H(00 ‖ N ‖ 02), as Cognito has it.
fn k() -> BigUint {
    BigUint::from_bytes_be(
        &Sha256::new().chain_update([0]).chain_update(N.to_bytes_be()).chain_update([2]).finalize(),
    )
}

fn device(script: &mut Script<'_>) {
    let (group, key) = (script.text(), script.text());
    let mut random = ([0; 40], [0; 16]);
    random.0.iter_mut().zip(script.bytes()).for_each(|(byte, given)| *byte = *given);
    random.1.iter_mut().zip(script.bytes()).for_each(|(byte, given)| *byte = *given);
    let device = DeviceVerifier::new(&group, &key, &random.0, &random.1);
    let decoded = |text: &str| BigUint::from_bytes_be(&BASE64_STANDARD.decode(text).unwrap());
    assert_eq!(decoded(device.salt_b64()), BigUint::from_bytes_be(&random.1));
    assert!(decoded(device.verifier_b64()) < *N);
    assert_eq!(BASE64_STANDARD.decode(device.password().expose()).unwrap(), random.0);
    assert!(!format!("{device:?}").contains(device.password().expose()));
}

/// The time as it is signed can be read back.
fn timestamps(script: &mut Script<'_>) {
    let second = now().as_second().wrapping_add(script.number().cast_signed() >> 20);
    let Ok(time) = jiff::Timestamp::from_second(second) else { return };
    let text = srp::timestamp(time);
    let read = jiff::civil::DateTime::strptime("%a %b %d %H:%M:%S UTC %Y", &text)
        .and_then(|read| read.to_zoned_datetime(jiff::tz::TimeZone::UTC));
    assert_eq!(read.unwrap().timestamp(), time, "{text}");
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = vec![
        (
            "honest".to_owned(),
            b"\x00\x08saltsalt\x20serverserverserverserverserverse\x04user\x08password".to_vec(),
        ),
        (
            "device".to_owned(),
            b"\x01\x05group\x03key\x28passwordpasswordpasswordpasswordpassword\x10saltsaltsaltsalt".to_vec(),
        ),
    ];
    let vectors = vectors(include_str!("../../fixtures/vectors/srp_login.json"), "vectors");
    for vector in vectors.iter().step_by(5) {
        let text = |name: &str| vector[name].as_str().unwrap_or_default().to_owned();
        let lines =
            [text("salt_hex"), text("B_hex"), text("secret_block_b64"), text("user_id"), text("pool_id")];
        seeds.push((text("id"), [b"\x02", lines.join("\n").as_bytes()].concat()));
    }
    seeds
}
