//! The mathematics of one sign-in beside the bare exponentiations that it needs, in one run.
//!
//! `cargo bench --bench srp` prints both and their ratio. It fails if a sign-in takes more than 1.1 times as long.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "nothing here comes from outside")]

#[path = "common/mod.rs"]
mod common;

use std::hint::black_box;
use std::process::ExitCode;

use common::Pairs;
use num_bigint::BigUint;
use otf_api::Secret;
use otf_api::auth::device::DeviceVerifier;
use otf_api::auth::srp::{self, EphemeralKey, Identity, PasswordChallenge};

const ROUNDS: usize = 61;
const BAR: f64 = 1.1;

fn main() -> ExitCode {
    let bare = Bare::new();
    let known =
        compare("sign-in with a known device", 3, sign_in, || drop(black_box(bare.exponentiations())));
    let new = compare("sign-in with a new device", 4, sign_in_with_new_device, || {
        black_box((bare.exponentiations(), bare.verifier()));
    });
    if known && new { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints what a sign-in takes beside its exponentiations; `false` if it misses the bar.
fn compare<T>(name: &str, count: usize, sign_in: impl Fn() -> T, bare: impl Fn()) -> bool {
    let pairs = Pairs::measure(ROUNDS, || drop(black_box(sign_in())), bare);
    let (whole, exponentiations) = pairs.seconds();
    let is_good = pairs.ratio() <= BAR;
    println!(
        "SRP of a {name}: {:.2} ms, its {count} exponentiations alone {:.2} ms, ratio {:.3} (bar: {BAR}){}",
        whole * 1e3,
        exponentiations * 1e3,
        pairs.ratio(),
        if is_good { "" } else { "  TOO SLOW" },
    );
    is_good
}

/// The same, and the verifier of the device that the user pool announces.
fn sign_in_with_new_device() -> ((String, String), DeviceVerifier) {
    (sign_in(), DeviceVerifier::new("-group", "us-east-1_device", &[0x5A; 40], &[0xA5; 16]))
}

/// All that a sign-in works out: A, then u, x, S, the key and the signature.
fn sign_in() -> (String, String) {
    let key = EphemeralKey::from_bytes(&black_box([0xC3; 32])).unwrap();
    let srp_b_hex = "9F".repeat(384);
    let challenge = PasswordChallenge {
        salt_hex: "c587896c0b5d4a0f9d1c83be5af74e21",
        srp_b_hex: black_box(&srp_b_hex),
        secret_block_b64: "bm90IG11Y2ggb2YgYSBzZWNyZXQ=",
    };
    let password = Secret::new("correct horse battery staple");
    let identity =
        Identity::user("us-east-1_Ab12Cd34E", "3b9c1f54-7d0e-4f2a-9a55-0c8f1f6f2a10", &password).unwrap();
    (
        key.public_hex(),
        srp::sign_challenge(&key, &challenge, &identity, "Sat Apr 4 07:05:09 UTC 2026").unwrap(),
    )
}

/// 2^a, 2^x and (B - k 2^x)^(a + u x), with exponents of 256, 256 and 512 bits.
struct Bare {
    n: BigUint,
    short: BigUint,
    long: BigUint,
    base: BigUint,
}

impl Bare {
    fn new() -> Self {
        // An odd modulus of N's length; which one makes no difference to the time.
        let n = (BigUint::from(1_u32) << 3072_u32) - BigUint::from(1_103_717_u32);
        let base = BigUint::from_bytes_be(&[0x9F; 384]);
        Self {
            n,
            short: BigUint::from_bytes_be(&[0xC3; 32]),
            long: BigUint::from_bytes_be(&[0xB5; 64]),
            base,
        }
    }

    /// 2^x for a device.
    fn verifier(&self) -> BigUint {
        BigUint::from(2_u32).modpow(black_box(&self.short), &self.n)
    }

    fn exponentiations(&self) -> [BigUint; 3] {
        let two = BigUint::from(2_u32);
        [
            two.modpow(black_box(&self.short), &self.n),
            two.modpow(black_box(&self.short), &self.n),
            self.base.modpow(black_box(&self.long), &self.n),
        ]
    }
}
