//! The source of the sandbox's ids, tokens and exponents.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A generator that never fails: SHA-256 over a seed and a counter.
///
/// The seed comes from the operating system unless a test sets it. With the same seed, every run gives the same
/// ids and numbers.
#[derive(Clone)]
pub(crate) struct Random {
    seed: [u8; 32],
    counter: u64,
}

impl Random {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    /// A separate generator, for another part of the sandbox.
    pub(crate) fn fork(&self, label: &str) -> Self {
        Self::new(Sha256::new().chain_update(self.seed).chain_update(label).finalize().into())
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count.saturating_add(32));
        while bytes.len() < count {
            let block = Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes());
            self.counter = self.counter.wrapping_add(1);
            bytes.extend_from_slice(&block.finalize());
        }
        bytes.truncate(count);
        bytes
    }

    /// An opaque token of this many bytes, in URL-safe base64.
    pub(crate) fn token(&mut self, count: usize) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes(count))
    }

    /// A random UUID (RFC 9562, version 4).
    pub(crate) fn uuid(&mut self) -> String {
        let mut text = String::with_capacity(36);
        for (index, byte) in self.bytes(16).into_iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            let byte = match index {
                6 => byte & 0x0f | 0x40,
                8 => byte & 0x3f | 0x80,
                _ => byte,
            };
            text.push_str(&format!("{byte:02x}"));
        }
        text
    }

    /// This many characters of an alphabet.
    pub(crate) fn letters(&mut self, alphabet: &[u8], count: usize) -> String {
        let pick =
            |byte: u8| alphabet.get(usize::from(byte) % alphabet.len().max(1)).copied().map(char::from);
        self.bytes(count).into_iter().filter_map(pick).collect()
    }
}
