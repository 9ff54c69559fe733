//! The group of the SRP arithmetic, and how its numbers are written as bytes.

use std::ops::Deref;
use std::sync::OnceLock;

use num_bigint::BigUint;
use zeroize::Zeroizing;

use crate::auth::hash::sha256;

/// N, g and k.
pub(super) struct Group {
    pub(super) n: BigUint,
    g: BigUint,
    /// H(pad(N) ‖ pad(g)): the same for every sign-in.
    pub(super) k: BigUint,
}

impl Group {
    pub(super) fn get() -> &'static Self {
        static GROUP: OnceLock<Group> = OnceLock::new();
        GROUP.get_or_init(|| {
            let n = BigUint::new(N.iter().rev().copied().collect());
            let g = BigUint::from(2_u32);
            let k = BigUint::from_bytes_be(&sha256(&[&pad(&n), &pad(&g)]));
            Group { n, g, k }
        })
    }

    /// g^exponent mod N.
    pub(super) fn power(&self, exponent: &BigUint) -> BigUint {
        self.g.modpow(exponent, &self.n)
    }
}

/// The big-endian bytes of a number, with a leading zero byte if the first would be 0x80 or more: the
/// bytes that Java's `BigInteger.toByteArray` gives, which is what the service hashes. Nothing is padded to
/// the length of N.
pub(super) fn pad(number: &BigUint) -> Zeroizing<Vec<u8>> {
    let bytes = Zeroizing::new(number.to_bytes_be());
    if bytes.first().is_none_or(|&first| first < 0x80) {
        return bytes;
    }
    let mut padded = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    padded.push(0);
    padded.extend_from_slice(&bytes);
    padded
}

/// A number that is overwritten when it is dropped.
///
/// `num-bigint` cannot wipe numbers: this overwrites the digits of the number itself. What its arithmetic leaves in
/// freed memory (the intermediate products of an exponentiation) can't be reached from here.
pub(super) struct Wiped(BigUint);

impl Wiped {
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        Self(BigUint::from_bytes_be(bytes))
    }
}

impl From<BigUint> for Wiped {
    fn from(number: BigUint) -> Self {
        Self(number)
    }
}

impl Deref for Wiped {
    type Target = BigUint;

    fn deref(&self) -> &BigUint {
        &self.0
    }
}

impl Wiped {
    fn wipe(&mut self) {
        // From the lowest bit up, so that the number keeps its length, and thereby its buffer, to the last.
        for bit in 0..self.0.bits() {
            self.0.set_bit(bit, false);
        }
        // Otherwise writes to memory that is about to be freed could be left out.
        std::hint::black_box(&mut self.0);
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// The 3072-bit MODP group, [RFC 3526, section 4](https://www.rfc-editor.org/rfc/rfc3526#section-4), most
/// significant word first; its generator is 2.
#[rustfmt::skip]
const N: [u32; 96] = [
    0xFFFF_FFFF, 0xFFFF_FFFF, 0xC90F_DAA2, 0x2168_C234, 0xC4C6_628B, 0x80DC_1CD1, 0x2902_4E08, 0x8A67_CC74,
    0x020B_BEA6, 0x3B13_9B22, 0x514A_0879, 0x8E34_04DD, 0xEF95_19B3, 0xCD3A_431B, 0x302B_0A6D, 0xF25F_1437,
    0x4FE1_356D, 0x6D51_C245, 0xE485_B576, 0x625E_7EC6, 0xF44C_42E9, 0xA637_ED6B, 0x0BFF_5CB6, 0xF406_B7ED,
    0xEE38_6BFB, 0x5A89_9FA5, 0xAE9F_2411, 0x7C4B_1FE6, 0x4928_6651, 0xECE4_5B3D, 0xC200_7CB8, 0xA163_BF05,
    0x98DA_4836, 0x1C55_D39A, 0x6916_3FA8, 0xFD24_CF5F, 0x8365_5D23, 0xDCA3_AD96, 0x1C62_F356, 0x2085_52BB,
    0x9ED5_2907, 0x7096_966D, 0x670C_354E, 0x4ABC_9804, 0xF174_6C08, 0xCA18_217C, 0x3290_5E46, 0x2E36_CE3B,
    0xE39E_772C, 0x180E_8603, 0x9B27_83A2, 0xEC07_A28F, 0xB5C5_5DF0, 0x6F4C_52C9, 0xDE2B_CBF6, 0x9558_1718,
    0x3995_497C, 0xEA95_6AE5, 0x15D2_2618, 0x98FA_0510, 0x1572_8E5A, 0x8AAA_C42D, 0xAD33_170D, 0x0450_7A33,
    0xA855_21AB, 0xDF1C_BA64, 0xECFB_8504, 0x58DB_EF0A, 0x8AEA_7157, 0x5D06_0C7D, 0xB397_0F85, 0xA6E1_E4C7,
    0xABF5_AE8C, 0xDB09_33D7, 0x1E8C_94E0, 0x4A25_619D, 0xCEE3_D226, 0x1AD2_EE6B, 0xF12F_FA06, 0xD98A_0864,
    0xD876_0273, 0x3EC8_6A64, 0x521F_2B18, 0x177B_200C, 0xBBE1_1757, 0x7A61_5D6C, 0x7709_88C0, 0xBAD9_46E2,
    0x08E2_4FA0, 0x74E5_AB31, 0x43DB_5BFC, 0xE0FD_108E, 0x4B82_D120, 0xA93A_D2CA, 0xFFFF_FFFF, 0xFFFF_FFFF,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k_is_the_known_constant() {
        let k = Group::get().k.to_str_radix(16);
        assert_eq!(k, "538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6");
    }

    #[test]
    fn pad_adds_a_zero_byte_for_a_high_bit_only() {
        for (number, padded) in [
            (0_u32, &[0][..]),
            (1, &[1]),
            (0x7f, &[0x7f]),
            (0x80, &[0, 0x80]),
            (0xff, &[0, 0xff]),
            (0x0100, &[1, 0]),
            (0x7fff, &[0x7f, 0xff]),
            (0x8000, &[0, 0x80, 0]),
        ] {
            assert_eq!(&pad(&BigUint::from(number))[..], padded, "pad({number:#x})");
        }
    }

    #[test]
    fn wiping_leaves_zero() {
        for number in [0_u32, 1, 0x8000_0001] {
            let mut wiped = Wiped::from(BigUint::from(number) << 100);
            wiped.wipe();
            assert_eq!(*wiped, BigUint::ZERO);
        }
    }
}
