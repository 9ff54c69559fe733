//! The proof of work: what is found is right, and the first that is.

use std::ops::ControlFlow;

use otf_api::codegrade::pow::{self, PowChallenge, PowError, Solver};

use super::script::Script;
use super::seeds::text;

/// More takes longer than a fuzzer should.
const MOST_BITS: u32 = 10;

pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    let bits = u32::from(script.byte());
    let nonce = script.text().repeat(1 + script.below(5));
    let challenge = PowChallenge::new(nonce.as_str(), bits);
    let solver = Solver::new().max_difficulty(MOST_BITS);
    match solver.solve(&challenge, |_| ControlFlow::Continue(())) {
        Ok(solution) => {
            assert!(bits <= MOST_BITS);
            assert_eq!(solution.nonce, nonce);
            assert!(pow::verify(&nonce, bits, &solution.solution), "{solution:?}");
            let counter: u64 = solution.solution.parse().unwrap();
            assert_eq!(counter.to_string(), solution.solution);
            let earlier = counter.saturating_sub(300)..counter;
            assert!(
                earlier.into_iter().all(|counter| !pow::verify(&nonce, bits, &counter.to_string())),
                "not the first"
            );
        }
        Err(error) => assert_eq!(error, PowError::TooDifficult { difficulty: bits, limit: MOST_BITS }),
    }
    // Nothing but the plain digits of a counter counts.
    let claimed = script.text();
    if pow::verify(&nonce, 0, &claimed) {
        assert!(claimed == "0" || !claimed.starts_with('0'));
        assert!(!claimed.is_empty() && claimed.bytes().all(|byte| byte.is_ascii_digit()));
    }
    assert!(!pow::verify(&nonce, 257, &claimed));
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = vec![("too-difficult".to_owned(), [&[255], text("a1b2c3").as_slice()].concat())];
    // Lengths on both sides of where the padding takes a block more.
    for length in [0, 6, 44, 45, 46, 47, 53, 54, 55, 56, 62, 63, 64, 65, 118, 255] {
        let nonce = text(&"a1b2c3d4".repeat(32)[..length]);
        seeds.push((format!("nonce-{length}"), [&[8], nonce.as_slice(), &[0], &text("17")].concat()));
    }
    seeds
}
