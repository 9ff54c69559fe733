use std::ops::ControlFlow;

use sha2::{Digest, Sha256};

use super::search::{LONG_COUNTER, Prefix, SHORT_COUNTER, Step, Tail};
use super::solver::leading_bits;
use super::*;

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn plain_hash(nonce: &str, counter: &str) -> [u32; 8] {
    let hash: [u8; 32] = Sha256::digest(format!("{nonce}:{counter}")).into();
    let words = hash.as_chunks().0;
    std::array::from_fn(|at| u32::from_be_bytes(words[at]))
}

fn leading_zeros(nonce: &str, counter: &str) -> u32 {
    let hash = plain_hash(nonce, counter);
    match hash.iter().position(|word| *word != 0) {
        Some(at) => u32::try_from(at).unwrap() * 32 + hash[at].leading_zeros(),
        None => 256,
    }
}

fn nonce_of(len: usize) -> String {
    ('!'..='~').cycle().take(len).collect()
}

#[test]
fn every_hash_is_the_plain_hash() {
    for len in 0..=200 {
        let nonce = nonce_of(len);
        let prefix = Prefix::new(&nonce);
        for tens in ["", "1", "8", "99", "998", "9998", "99998", "999998", "9999998", "1844674407370955160"] {
            let mut tail = Tail::new(&prefix, tens.as_bytes());
            let mut expected = tens.parse().unwrap_or(0_u128) * 10;
            for _ in 0..5 {
                assert_eq!(tail.counter(b'0'), expected.to_string());
                assert_eq!(tail.counter(b'7'), (expected + 7).to_string());
                let step = tail.next_ten(|hash| {
                    assert_eq!(
                        *hash,
                        plain_hash(&nonce, &expected.to_string()),
                        "nonce of {len}, {expected}"
                    );
                    expected += 1;
                    false
                });
                if step == Step::Longer {
                    let digits = tail.digits();
                    tail = Tail::new(&prefix, &prefix.longer_tens(digits));
                    let next = tail.counter(b'0').parse().unwrap();
                    assert!(next == expected || next > expected && digits >= SHORT_COUNTER, "{next}");
                    expected = next;
                }
            }
        }
    }
}

#[test]
fn each_length_of_counter_carries_and_hashes_like_the_plain_hash() {
    for len in 0..=130 {
        let nonce = nonce_of(len);
        let prefix = Prefix::new(&nonce);
        for digits in 1..=40 {
            let nines = "9".repeat(digits);
            assert_eq!(Tail::new(&prefix, nines.as_bytes()).next_ten(|_| false), Step::Longer);

            let mut tail = Tail::new(&prefix, format!("1{nines}").as_bytes());
            assert_eq!(tail.next_ten(|_| false), Step::Next);
            let counter = tail.counter(b'0');
            assert_eq!(counter, format!("2{}0", "0".repeat(digits)));
            let expected = plain_hash(&nonce, &counter);
            assert_eq!(tail.next_ten(|hash| *hash == expected), Step::Found(b'0'), "nonce of {len}");
        }
    }
}

#[test]
fn finds_the_first_counter_that_serves() {
    for len in (0..=200).step_by(7).chain(50..=66) {
        let nonce = nonce_of(len);
        let first = (0_u64..).find(|counter| leading_zeros(&nonce, &counter.to_string()) >= 8).unwrap();
        let solution = Solver::new().solve(&PowChallenge::new(&nonce, 8), go_on).unwrap();
        assert_eq!(solution.solution, first.to_string(), "nonce of {len}");
        assert_eq!(solution.nonce, nonce);
    }
}

/// The first counter for each, found with Python's hashlib.
#[test]
fn known_answers() {
    let cases = [
        ("", 16, "5746"),
        ("abc", 16, "22421"),
        ("0123456789abcdef0123456789abcdef", 20, "2886233"),
        (&A_64[..54], 16, "4241"),
        (&A_64[..55], 16, "27163"),
        (&A_64[..62], 16, "12095"),
        (&A_64[..63], 16, "1243"),
        (A_64, 16, "34803"),
        ("é☃", 18, "751975"),
        (&Z_128[..119], 16, "1000063182"),
        (&Z_128[..127], 17, "116218"),
    ];
    for (nonce, difficulty, counter) in cases {
        let solution = Solver::new().solve(&PowChallenge::new(nonce, difficulty), go_on).unwrap();
        assert_eq!(solution.solution, counter, "{nonce:?} at {difficulty} bits");
        assert!(verify(nonce, difficulty, counter));
    }
}

const A_64: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const Z_128: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\
                     zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";

#[test]
fn past_short_counters_each_costs_one_block() {
    for len in 0..=200 {
        let prefix = Prefix::new(&nonce_of(len));
        let mut digits = SHORT_COUNTER;
        // Where counters of 9 digits fit in one block, a search ends among them all but always.
        while digits < 9 {
            let tail = Tail::new(&prefix, &prefix.longer_tens(digits));
            assert!(tail.digits() > digits && tail.digits() <= LONG_COUNTER, "nonce of {len}");
            assert!(!tail.needs_padding_block(), "nonce of {len}, {digits} digits");
            digits = tail.digits();
        }
    }
}

#[test]
fn no_difficulty_is_solved_by_zero() {
    let solution = Solver::new().solve(&PowChallenge::new("", 0), go_on).unwrap();
    assert_eq!(solution, PowSolution::new("", "0"));
}

#[test]
fn too_much_is_refused_at_once() {
    let never = |_| -> ControlFlow<()> { panic!("nothing is to be computed") };
    for difficulty in [29, 255, 256, 257, u32::MAX] {
        let error = Solver::new().solve(&PowChallenge::new("n", difficulty), never).unwrap_err();
        assert_eq!(error, PowError::TooDifficult { difficulty, limit: 28 });
    }
    let solver = Solver::new().max_difficulty(u32::MAX);
    let error = solver.solve(&PowChallenge::new("n", 257), never).unwrap_err();
    assert!(error.to_string().contains("no hash can have"), "{error}");
}

#[test]
fn the_callback_is_told_and_can_stop() {
    let mut seen = Vec::new();
    let solver = Solver::new().max_difficulty(256);
    let error = solver
        .solve(&PowChallenge::new("n", 256), |progress| {
            seen.push(progress.hashes);
            if seen.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap_err();
    assert_eq!(seen, [65_000, 130_000, 195_000]);
    assert_eq!(error, PowError::Canceled { hashes: 195_000 });
}

#[test]
fn a_nonce_of_a_megabyte_is_hashed_once() {
    let nonce = "n".repeat(1 << 20);
    let solution = Solver::new().solve(&PowChallenge::new(&nonce, 12), go_on).unwrap();
    assert!(verify(&nonce, 12, &solution.solution));
}

#[test]
fn verify_takes_plain_digits_only() {
    for text in ["", "-1", "+1", " 1", "1 ", "0x1", "01", "00", "1.0", "one", "١"] {
        assert!(!verify("n", 0, text), "{text:?}");
    }
    assert!(verify("n", 0, "0") && verify("n", 0, "10"));
    assert!(!verify("n", 257, "0"));
}

#[test]
fn masks() {
    assert_eq!(leading_bits(0), [0; 8]);
    assert_eq!(leading_bits(1)[0], 0x8000_0000);
    assert_eq!(leading_bits(33)[..3], [u32::MAX, 0x8000_0000, 0]);
    assert_eq!(leading_bits(256), [u32::MAX; 8]);
}

#[test]
fn a_challenge_that_makes_no_sense_does_not_decode() {
    for difficulty in ["-1", "1e30", "20.5", "null", "\"20\"", "4294967296"] {
        let json = format!(r#"{{"nonce": "n", "difficulty": {difficulty}}}"#);
        assert!(serde_json::from_str::<PowChallenge>(&json).is_err(), "{json}");
    }
}

#[test]
fn solution_does_not_depend_on_the_number_of_threads() {
    for (nonce_len, difficulty) in [(0, 10), (32, 14), (50, 16), (55, 17), (64, 16), (119, 17)] {
        let nonce = nonce_of(nonce_len);
        let challenge = PowChallenge::new(&nonce, difficulty);
        let alone = Solver::new().solve(&challenge, go_on).unwrap();
        for threads in [0, 2, 3, 8] {
            let solution = Solver::new().threads(threads).solve(&challenge, go_on).unwrap();
            assert_eq!(solution, alone, "nonce of {nonce_len}, {threads} threads");
        }
    }
}

#[test]
fn all_threads_can_be_canceled() {
    let solver = Solver::new().max_difficulty(256).threads(4);
    let mut calls = 0;
    let error = solver
        .solve(&PowChallenge::new("n", 256), |_| {
            calls += 1;
            if calls == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap_err();
    assert!(matches!(error, PowError::Canceled { hashes } if hashes >= 195_000), "{error}");
}

#[test]
fn panic_in_the_callback_ends_all_threads() {
    let solver = Solver::new().max_difficulty(256).threads(3);
    let result = std::panic::catch_unwind(|| {
        solver.solve(&PowChallenge::new("n", 256), |_| -> ControlFlow<()> { panic!("the test's own") })
    });
    assert!(result.is_err());
}
