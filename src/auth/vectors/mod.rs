//! The pure half of signing in, held against what other implementations came to.
//! `tests/fixtures/vectors/README.md` says where the numbers come from.

mod device;
mod jwt;
mod sigv4;
mod srp;

use num_bigint::BigUint;
use serde::de::DeserializeOwned;

/// Reads one of the files.
fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/tests/fixtures/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn bytes(hex: &str) -> Vec<u8> {
    assert!(hex.len().is_multiple_of(2), "an odd number of digits: {hex}");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number without leading zeros, as the files write A, B and S.
fn number_hex(bytes: &[u8]) -> String {
    BigUint::from_bytes_be(bytes).to_str_radix(16)
}

/// The bytes of a number in hexadecimal.
fn number_bytes(hex: &str) -> Vec<u8> {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap().to_bytes_be()
}

/// A small generator for inputs that are arbitrary but the same each time (xorshift64*).
struct Arbitrary(u64);

impl Arbitrary {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// Up to `longest` characters out of those that make parsers stumble.
    fn text(&mut self, longest: usize) -> String {
        const LETTERS: &[char] = &[
            '0', '1', '7', '8', 'a', 'f', 'F', 'g', 'Z', '+', '-', '_', '/', '=', '.', ' ', '%', '&', '?',
            ':', ',', ';', '"', '{', '}', '[', ']', '\\', '\0', '\n', '\r', '\t', '\u{7f}', 'é', '٣', '🏋',
            '\u{feff}', '\u{202e}',
        ];
        let length = self.below(longest + 1);
        (0..length).map(|_| LETTERS[self.below(LETTERS.len())]).collect()
    }

    /// `text` with some of its characters replaced, dropped or doubled.
    fn mangled(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            if characters.is_empty() {
                break;
            }
            let at = self.below(characters.len());
            match self.below(4) {
                0 => drop(characters.remove(at)),
                1 => characters.insert(at, characters[at]),
                2 => characters.truncate(at),
                _ => characters.splice(at..=at, self.text(3).chars().collect::<Vec<_>>()).for_each(drop),
            }
        }
        characters.into_iter().collect()
    }
}
