//! RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2), for signing tokens as RS256 (RFC 7518).

use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};

use super::keys::{KEYS, KeyNumbers};

/// The length of the modulus in bytes.
const LENGTH: usize = 256;
/// The DER of `DigestInfo` up to the digest (RFC 8017, section 9.2, note 1).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// One of the two test keys.
#[derive(Clone)]
pub(super) struct PrivateKey {
    n: BigUint,
    p: BigUint,
    q: BigUint,
    dp: BigUint,
    dq: BigUint,
    qinv: BigUint,
}

impl PrivateKey {
    /// The first or the second test key, by turns.
    pub(super) fn test_key(index: usize) -> Self {
        let [first, second] = &KEYS;
        let KeyNumbers { n, p, q, dp, dq, qinv } = if index.is_multiple_of(2) { first } else { second };
        let [n, p, q, dp, dq, qinv] =
            [n, p, q, dp, dq, qinv].map(|hex| BigUint::parse_bytes(hex.as_bytes(), 16).unwrap_or_default());
        Self { n, p, q, dp, dq, qinv }
    }

    /// The modulus as the key set gives it.
    pub(super) fn modulus(&self) -> Vec<u8> {
        self.n.to_bytes_be()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        // Two exponentiations of half the size, put together by the Chinese remainder theorem (section 5.1.2).
        let m = BigUint::from_bytes_be(&encoded(message));
        let from_p = m.modpow(&self.dp, &self.p);
        let from_q = m.modpow(&self.dq, &self.q);
        let difference = (&from_p + &self.p - &from_q % &self.p) % &self.p;
        let h = difference * &self.qinv % &self.p;
        let signature = (from_q + h * &self.q).to_bytes_be();
        let mut padded = vec![0; LENGTH.saturating_sub(signature.len())];
        padded.extend_from_slice(&signature);
        padded
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let s = BigUint::from_bytes_be(signature);
        signature.len() == LENGTH
            && s < self.n
            && s.modpow(&BigUint::from(65537_u32), &self.n) == BigUint::from_bytes_be(&encoded(message))
    }
}

/// EMSA-PKCS1-v1_5 (section 9.2).
fn encoded(message: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(message);
    let padding = LENGTH - 3 - SHA256_PREFIX.len() - digest.len();
    let mut bytes = vec![0x00, 0x01];
    bytes.resize(2 + padding, 0xff);
    bytes.push(0x00);
    bytes.extend_from_slice(&SHA256_PREFIX);
    bytes.extend_from_slice(&digest);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_verifies_with_its_own_key_and_message_only() {
        let (one, two) = (PrivateKey::test_key(0), PrivateKey::test_key(1));
        for key in [&one, &two] {
            assert_eq!(key.n, &key.p * &key.q);
            assert_eq!(key.modulus().len(), LENGTH);
        }
        let mut signature = one.sign(b"message");
        assert!(one.verify(b"message", &signature));
        assert!(!one.verify(b"massage", &signature));
        assert!(!two.verify(b"message", &signature));
        signature[7] ^= 1;
        assert!(!one.verify(b"message", &signature));
    }
}
