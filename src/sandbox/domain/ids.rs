//! Ids and numbers that depend on a seed alone.

use sha2::{Digest, Sha256};

/// A UUID-shaped id.
pub(super) fn uuid(seed: &str) -> String {
    let mut bits = u128::from(half(seed, "high")) << 64 | u128::from(half(seed, "low"));
    bits &= !(0xf << 76 | 0b11 << 62);
    bits |= 0x4 << 76 | 0b10 << 62;
    let hex = format!("{bits:032x}");
    let mut out = String::with_capacity(36);
    for (index, digit) in hex.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(digit);
    }
    out
}

/// A number from `low` to below `high`. `what` distinguishes several numbers of one seed.
pub(super) fn number(seed: &str, what: &str, low: u64, high: u64) -> u64 {
    let span = high.saturating_sub(low).max(1);
    low.saturating_add(half(seed, what) % span)
}

fn half(seed: &str, what: &str) -> u64 {
    let digest = Sha256::digest(format!("{what}:{seed}"));
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_and_repeat() {
        let id = uuid("class/1");
        assert_eq!(id, uuid("class/1"));
        assert_ne!(id, uuid("class/2"));
        assert_eq!(id.len(), 36);
        assert_eq!(id.chars().nth(14), Some('4'));
        assert!("89ab".contains(id.chars().nth(19).unwrap()));
    }

    #[test]
    fn numbers_stay_in_range() {
        for seed in 0..100 {
            assert!((5..8).contains(&number(&seed.to_string(), "n", 5, 8)));
        }
    }
}
