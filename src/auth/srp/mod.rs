//! The arithmetic of signing in with a password: SRP-6a as Amazon Cognito does it.
//!
//! The password never leaves the machine. The client sends A = g^a, the server replies with a salt and B, and both
//! derive the same key; the client then signs the challenge with it.
//!
//! Cognito departs from [RFC 5054](https://www.rfc-editor.org/rfc/rfc5054) in three places: numbers are
//! hashed as the fewest bytes of two's complement rather than padded to the length of N, the key goes through
//! HKDF ([RFC 5869](https://www.rfc-editor.org/rfc/rfc5869)), and the proof is an HMAC over the challenge.
//! The calls around it are
//! [`InitiateAuth`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html)
//! and
//! [`RespondToAuthChallenge`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html).
//!
//! Nothing here reads a clock or makes random numbers.
//!
//! ```
//! use otf_api::Secret;
//! use otf_api::auth::srp::{self, EphemeralKey, Identity, PasswordChallenge};
//!
//! # fn main() -> Result<(), srp::SrpError> {
//! let random_bytes = [7; 32]; // from the operating system
//! let key = EphemeralKey::from_bytes(&random_bytes)?;
//! let _srp_a = key.public_hex(); // `SRP_A` of InitiateAuth
//!
//! // The challenge in the response:
//! let challenge = PasswordChallenge { salt_hex: "c587896c", srp_b_hex: "9349cb7d", secret_block_b64: "bw==" };
//! let password = Secret::new("correct horse battery staple");
//! let identity = Identity::user("us-east-1_Ab12Cd34E", "3b9c1f54-7d0e-4f2a-9a55-0c8f1f6f2a10", &password)?;
//! let timestamp = srp::timestamp(otf_api::jiff::Timestamp::UNIX_EPOCH);
//! let signature = srp::sign_challenge(&key, &challenge, &identity, &timestamp)?;
//! # assert_eq!(signature.len(), 44);
//! # Ok(())
//! # }
//! ```

mod group;

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hkdf::Hkdf;
use jiff::tz::Offset;
use num_bigint::BigUint;
use sha2::Sha256;
use zeroize::Zeroizing;

use self::group::{Group, Wiped, pad};
use super::hash::{hex, hmac_sha256, sha256};
use crate::Secret;
use crate::decode::date_time::weekday_name;

/// The `PASSWORD_CLAIM_SIGNATURE` for a `PASSWORD_VERIFIER` or `DEVICE_PASSWORD_VERIFIER` challenge.
///
/// `timestamp` is the `TIMESTAMP` of the same response, as [`timestamp`] writes it.
///
/// # Errors
///
/// [`SrpError::Malformed`] for a parameter that is empty, too long, or not plain hexadecimal or base64;
/// [`SrpError::ServerKey`] and [`SrpError::Scramble`] for numbers that would give the key away. Nothing is sent to
/// find out.
pub fn sign_challenge(
    key: &EphemeralKey,
    challenge: &PasswordChallenge<'_>,
    identity: &Identity<'_>,
    timestamp: &str,
) -> Result<String, SrpError> {
    Ok(Exchange::new(key, challenge, identity)?.sign(timestamp))
}

/// A time as Cognito requires it: `Sat Apr 4 07:05:09 UTC 2026`, always in UTC and English, the day without a leading
/// zero.
#[must_use]
pub fn timestamp(time: jiff::Timestamp) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    let time = Offset::UTC.to_datetime(time);
    let month = usize::try_from(time.month() - 1).ok().and_then(|index| MONTHS.get(index));
    format!(
        "{} {} {} {:02}:{:02}:{:02} UTC {:04}",
        weekday_name(time.weekday()),
        month.copied().unwrap_or_default(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.year(),
    )
}

/// The client's key for one sign-in: a, and A = g^a mod N.
pub struct EphemeralKey {
    private: Wiped,
    public: BigUint,
}

impl EphemeralKey {
    /// A key from 32 random bytes, read as a big-endian number.
    ///
    /// # Errors
    ///
    /// [`SrpError::EphemeralKey`] for zero, which random bytes never are.
    pub fn from_bytes(random: &[u8; 32]) -> Result<Self, SrpError> {
        Self::from_slice(random)
    }

    /// A key from a number of any size up to the length of N, as the vectors have them.
    pub(super) fn from_slice(bytes: &[u8]) -> Result<Self, SrpError> {
        if bytes.len() > N_BYTES {
            return Err(SrpError::EphemeralKey);
        }
        let private = Wiped::from_bytes(bytes);
        let public = Group::get().power(&private);
        if *private == BigUint::ZERO || public == BigUint::ZERO {
            return Err(SrpError::EphemeralKey);
        }
        Ok(Self { private, public })
    }

    /// A in lower-case hexadecimal without leading zeros: `SRP_A`.
    #[must_use]
    pub fn public_hex(&self) -> String {
        // Not by `to_str_radix`, whose code for any radix is several kilobytes.
        hex(&self.public.to_bytes_be()).trim_start_matches('0').to_owned()
    }
}

impl fmt::Debug for EphemeralKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EphemeralKey").finish_non_exhaustive()
    }
}

/// The server's `ChallengeParameters`.
#[derive(Clone, Copy)]
pub struct PasswordChallenge<'a> {
    /// `SALT`. It is read as a number: leading zeros don't count.
    pub salt_hex: &'a str,
    /// `SRP_B`.
    pub srp_b_hex: &'a str,
    /// `SECRET_BLOCK`.
    pub secret_block_b64: &'a str,
}

impl fmt::Debug for PasswordChallenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordChallenge").finish_non_exhaustive()
    }
}

/// Who signs in: a user with a password, or a device with the password made when it was confirmed.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    group: &'a str,
    name: &'a str,
    password: &'a Secret,
}

impl<'a> Identity<'a> {
    /// A user of the pool `pool_id` (such as `us-east-1_Ab12Cd34E`); `user_id` is the challenge's
    /// `USER_ID_FOR_SRP`, which is often not the name that was typed in.
    ///
    /// # Errors
    ///
    /// [`SrpError::PoolId`] if the pool id is not a region, an underscore, and letters or digits.
    pub fn user(pool_id: &'a str, user_id: &'a str, password: &'a Secret) -> Result<Self, SrpError> {
        match pool_id.split_once('_') {
            Some((region, name))
                if !region.is_empty()
                    && !name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
            {
                Ok(Self { group: name, name: user_id, password })
            }
            _ => Err(SrpError::PoolId),
        }
    }

    /// A confirmed device.
    #[must_use]
    pub fn device(group_key: &'a str, device_key: &'a str, password: &'a Secret) -> Self {
        Self { group: group_key, name: device_key, password }
    }

    /// x = H(pad(salt) ‖ H(group ‖ name ‖ ":" ‖ password)).
    fn private_key(&self, salt: &BigUint) -> Zeroizing<[u8; 32]> {
        let password = self.password.expose().as_bytes();
        let inner = Zeroizing::new(sha256(&[self.group.as_bytes(), self.name.as_bytes(), b":", password]));
        Zeroizing::new(sha256(&[&pad(salt), &inner[..]]))
    }

    /// The salt, padded, and the padded verifier g^x that a server stores instead of the password.
    pub(super) fn verifier(&self, salt: &[u8]) -> (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>) {
        let salt = BigUint::from_bytes_be(salt);
        let x = Wiped::from_bytes(&self.private_key(&salt)[..]);
        (pad(&salt), pad(&Wiped::from(Group::get().power(&x))))
    }
}

impl fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("group", &self.group).finish_non_exhaustive()
    }
}

/// The numbers of both sides, and the key derived from them.
#[cfg_attr(not(test), expect(dead_code, reason = "u, x and S are there for the vectors"))]
pub(super) struct Exchange<'a> {
    identity: Identity<'a>,
    secret_block: Vec<u8>,
    /// H(pad(A) ‖ pad(B)).
    pub(super) u: [u8; 32],
    /// H(pad(salt) ‖ H(group ‖ name ‖ ":" ‖ password)).
    pub(super) x: Zeroizing<[u8; 32]>,
    /// pad(S), where S = (B − k·g^x)^(a + u·x) mod N.
    pub(super) s: Zeroizing<Vec<u8>>,
    /// The key derived from S by HKDF, which signs the challenge.
    pub(super) key: Zeroizing<[u8; 16]>,
}

impl<'a> Exchange<'a> {
    /// Derives the key, which equals the server's if the password is correct.
    pub(super) fn new(
        key: &EphemeralKey,
        challenge: &PasswordChallenge<'_>,
        identity: &Identity<'a>,
    ) -> Result<Self, SrpError> {
        let group = Group::get();
        let salt = parse_hex(challenge.salt_hex, MAX_SALT_DIGITS, "SALT")?;
        let server_key = parse_hex(challenge.srp_b_hex, MAX_B_DIGITS, "SRP_B")?;
        let secret_block = parse_secret_block(challenge.secret_block_b64)?;
        if server_key == BigUint::ZERO || server_key >= group.n {
            return Err(SrpError::ServerKey);
        }

        let u_bytes = sha256(&[&pad(&key.public), &pad(&server_key)]);
        let u = BigUint::from_bytes_be(&u_bytes);
        if u == BigUint::ZERO {
            return Err(SrpError::Scramble);
        }

        let x_bytes = identity.private_key(&salt);
        let x = Wiped::from_bytes(&x_bytes[..]);
        let verifier = Wiped::from(group.power(&x));
        let masked = Wiped::from(&group.k * &*verifier % &group.n);
        // Adding N first keeps the difference from falling below zero.
        let base = Wiped::from((server_key + &group.n - &*masked) % &group.n);
        if *base == BigUint::ZERO {
            return Err(SrpError::ServerKey);
        }
        let exponent = Wiped::from(&*key.private + &u * &*x);
        let s = pad(&Wiped::from(base.modpow(&exponent, &group.n)));

        let key = derive_key(&s, &pad(&u));
        Ok(Self { identity: *identity, secret_block, u: u_bytes, x: x_bytes, s, key })
    }

    /// The signature in base64: HMAC-SHA-256(key, group ‖ name ‖ secret block ‖ timestamp).
    pub(super) fn sign(&self, timestamp: &str) -> String {
        BASE64_STANDARD.encode(hmac_sha256(
            &self.key[..],
            &[
                self.identity.group.as_bytes(),
                self.identity.name.as_bytes(),
                &self.secret_block,
                timestamp.as_bytes(),
            ],
        ))
    }
}

/// HKDF-SHA-256 with S as its input and u as its salt.
#[expect(clippy::expect_used, reason = "HKDF-SHA-256 gives up to 8160 bytes (RFC 5869, section 2.3)")]
fn derive_key(s: &[u8], u: &[u8]) -> Zeroizing<[u8; 16]> {
    let mut key = Zeroizing::new([0; 16]);
    Hkdf::<Sha256>::new(Some(u), s).expand(b"Caldera Derived Key", &mut key[..]).expect("16 bytes");
    key
}

/// Plain hexadecimal digits only. The bound comes before the parsing, whose cost is not linear. Digit by digit, since
/// `num-bigint`'s own parser for any radix is larger than all of this.
fn parse_hex(text: &str, max_digits: usize, name: &'static str) -> Result<BigUint, SrpError> {
    let fits = !text.is_empty() && text.len() <= max_digits;
    let append = |number: BigUint, digit: char| Some((number << 4) + digit.to_digit(16)?);
    let number = fits.then(|| text.chars().try_fold(BigUint::ZERO, append)).flatten();
    number.ok_or(SrpError::Malformed(name))
}

fn parse_secret_block(text: &str) -> Result<Vec<u8>, SrpError> {
    const ERROR: SrpError = SrpError::Malformed("SECRET_BLOCK");
    if text.is_empty() || text.len() > MAX_SECRET_BLOCK {
        return Err(ERROR);
    }
    BASE64_STANDARD.decode(text).map_err(|_| ERROR)
}

const N_BYTES: usize = 384;
/// The length of N, and the leading zero byte that some servers write as well.
const MAX_B_DIGITS: usize = 2 * (N_BYTES + 1);
/// The service sends 32 at most.
const MAX_SALT_DIGITS: usize = 1024;
/// The service sends some 1,600 characters.
const MAX_SECRET_BLOCK: usize = 16 * 1024;

/// Why a challenge can't be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SrpError {
    /// The random bytes for the client's key are empty, too many, or zero.
    EphemeralKey,
    /// A user pool id that is not `region_name`.
    PoolId,
    /// The challenge parameter of this name is missing, too long or malformed.
    Malformed(&'static str),
    /// A `SRP_B` that no honest server sends: zero, not below N, or k·g^x.
    ServerKey,
    /// u is zero, so the key would not depend on the password.
    Scramble,
}

impl fmt::Display for SrpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EphemeralKey => f.write_str("the random number for the sign-in can't be used"),
            Self::PoolId => f.write_str("the user pool id is not of the form region_name"),
            Self::Malformed(name) => write!(f, "the sign-in challenge's {name} is malformed"),
            Self::ServerKey => f.write_str("the sign-in challenge's SRP_B is unsafe"),
            Self::Scramble => f.write_str("the sign-in challenge's SRP_B gives an unsafe u"),
        }
    }
}

impl std::error::Error for SrpError {}

#[cfg(test)]
mod tests;
