//! The message `nonce:counter` as SHA-256's blocks, prepared so that each counter takes one block.

use std::ops::Range;
use std::slice;

use sha2::block_api::compress256;

/// `nonce:`, its whole blocks hashed.
pub(super) struct Prefix {
    state: State,
    /// What is left after the whole blocks.
    rest: Vec<u8>,
    /// The length of all of it.
    len: usize,
}

impl Prefix {
    pub(super) fn new(nonce: &str) -> Self {
        let text = format!("{nonce}:");
        let (whole, rest) = text.as_bytes().as_chunks();
        let mut state = INITIAL_STATE;
        compress256(&mut state, whole);
        Self { state, rest: rest.to_vec(), len: text.len() }
    }

    /// The length of the counters to go on with after those of so many digits.
    pub(super) fn longer_digits(&self, digits: usize) -> usize {
        let digits = digits + 1;
        let end = self.rest.len() + digits;
        let padding_spills = block_count(end) > block_of_last_digit(end) + 1;
        // The fewest digits of which two are in a block of their own, together with the padding.
        let split = end.next_multiple_of(BLOCK) + 2 - self.rest.len();
        if padding_spills && digits > SHORT_COUNTER && split <= LONG_COUNTER { split } else { digits }
    }

    /// The first of these counters, without the last digit.
    pub(super) fn longer_tens(&self, digits: usize) -> Vec<u8> {
        let digits = self.longer_digits(digits);
        let mut tens = vec![b'0'; digits - 1];
        if let Some(first) = tens.first_mut() {
            *first = b'1';
        }
        tens
    }
}

/// The padded blocks of `nonce:counter` from the one on in which the counter begins, for the ten counters that share
/// their tens: all digits but the last one.
pub(super) struct Tail {
    /// The state before the tail.
    prefix_state: State,
    /// The blocks before the one with the last digit, and the state after them.
    settled: Vec<Block>,
    settled_state: State,
    /// The block with the last digit, for each last digit.
    blocks: [Block; 10],
    /// The block after that one, if the padding needs it.
    padding: Option<Block>,
    /// The tens in the settled blocks, and those in `blocks`.
    high: Range<usize>,
    low: Range<usize>,
}

/// What came of ten counters.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The counter with this last digit was accepted.
    Found(u8),
    /// None was; the tail has moved on to the next ten.
    Next,
    /// None was, and the next counters have one digit more.
    Longer,
}

impl Tail {
    pub(super) fn new(prefix: &Prefix, tens: &[u8]) -> Self {
        let start = prefix.rest.len();
        let end = start + tens.len() + 1;
        // The standard takes the length modulo 2⁶⁴; no text in memory comes near it.
        let bits = (prefix.len as u64).wrapping_add(tens.len() as u64 + 1).wrapping_mul(8);

        let mut bytes = [&prefix.rest, tens, b"0", &[0x80]].concat();
        bytes.resize(block_count(end) * BLOCK - size_of_val(&bits), 0);
        bytes.extend_from_slice(&bits.to_be_bytes());

        let mut settled = bytes.as_chunks().0.to_vec();
        let mut live = settled.split_off(block_of_last_digit(end)).into_iter();
        let boundary = settled.len() * BLOCK;
        let last = end - 1 - boundary;
        let block = live.next().unwrap_or([0; BLOCK]);
        let mut tail = Self {
            prefix_state: prefix.state,
            settled_state: prefix.state,
            blocks: LAST_DIGITS.map(|digit| {
                let mut block = block;
                if let Some(last) = block.get_mut(last) {
                    *last = digit;
                }
                block
            }),
            padding: live.next(),
            high: start..start.max(boundary),
            low: start.saturating_sub(boundary)..last,
            settled,
        };
        tail.settle();
        tail
    }

    fn settle(&mut self) {
        self.settled_state = self.prefix_state;
        compress256(&mut self.settled_state, &self.settled);
    }

    /// Hashes ten counters, in order, until one is accepted.
    ///
    /// Each block gets its next tens as soon as it was hashed, long before it is read again: reading a byte that was
    /// only just written, as part of a longer word, stalls the processor.
    #[inline]
    pub(super) fn next_ten(&mut self, mut accept: impl FnMut(&State) -> bool) -> Step {
        let mut is_carried = false;
        for (digit, block) in LAST_DIGITS.into_iter().zip(&mut self.blocks) {
            let mut state = self.settled_state;
            compress256(&mut state, slice::from_ref(block));
            if let Some(padding) = &self.padding {
                compress256(&mut state, slice::from_ref(padding));
            }
            if accept(&state) {
                return Step::Found(digit);
            }
            is_carried = !block.get_mut(self.low.clone()).is_some_and(add_one);
        }
        if !is_carried {
            return Step::Next;
        }
        let has_next = self.settled.as_flattened_mut().get_mut(self.high.clone()).is_some_and(add_one);
        self.settle();
        if has_next { Step::Next } else { Step::Longer }
    }

    pub(super) fn digits(&self) -> usize {
        self.high.len() + self.low.len() + 1
    }

    #[cfg(test)]
    pub(super) fn needs_padding_block(&self) -> bool {
        self.padding.is_some()
    }

    /// The counter with this last digit, before the tail has moved on.
    pub(super) fn counter(&self, digit: u8) -> String {
        let block = LAST_DIGITS.iter().position(|last| *last == digit).and_then(|at| self.blocks.get(at));
        let high = self.settled.as_flattened().get(self.high.clone()).unwrap_or_default();
        let low = block.and_then(|block| block.get(self.low.clone())).unwrap_or_default();
        high.iter().chain(low).chain(&[digit]).copied().map(char::from).collect()
    }
}

type State = [u32; 8];
type Block = [u8; BLOCK];

const BLOCK: usize = 64;

/// What padding adds at least: one byte 0x80 and the message's length in bits as eight bytes.
const PADDING: usize = 9;

const LAST_DIGITS: [u8; 10] = *b"0123456789";

/// Counters of up to this many digits are tried in order, whatever they cost.
pub(super) const SHORT_COUNTER: usize = 5;

/// Digits of the longest counter worth jumping to: all that begin with 1 fit an `i64`.
pub(super) const LONG_COUNTER: usize = 19;

/// The hash state before the first block (FIPS 180-4, section 5.3.3).
const INITIAL_STATE: State =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// How many blocks a padded message takes that ends at `end`.
fn block_count(end: usize) -> usize {
    (end + PADDING).div_ceil(BLOCK)
}

fn block_of_last_digit(end: usize) -> usize {
    end.saturating_sub(1) / BLOCK
}

/// Adds one to decimal digits in place; `false` when they were all nines and are all zeros now.
fn add_one(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return true;
        }
        *digit = b'0';
    }
    false
}
