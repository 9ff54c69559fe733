//! The doors by which bytes from outside come in, each as a function that takes arbitrary bytes and checks what
//! has to hold whatever they are.
//!
//! `tests/it/corpora.rs` runs them over the committed seeds and over mutations of these; the targets in `fuzz/`
//! are the same functions under a fuzzer.

mod addresses;
mod codegrade;
mod cognito;
mod domain;
mod errors;
pub(crate) mod harness;
mod http;
mod jwt;
pub(crate) mod payloads;
mod pow;
mod scalars;
mod script;
mod seeds;
mod sigv4;
mod srp;
mod store;
pub(crate) mod through;
mod tree;

/// One door.
pub(crate) struct Door {
    /// The name of the fuzz target and of the directory of its seeds.
    pub(crate) name: &'static str,
    /// Panics where something does not hold.
    pub(crate) run: fn(&[u8]),
    /// Inputs to start from, each with a name.
    pub(crate) seeds: fn() -> Vec<(String, Vec<u8>)>,
    /// How many mutations of the seeds plain `cargo test` tries: fewer where one takes long.
    pub(crate) cases: usize,
}

/// All of them.
pub(crate) const DOORS: &[Door] = &[
    Door { name: "srp", run: srp::door, seeds: srp::seeds, cases: 60 },
    Door { name: "jwt", run: jwt::door, seeds: jwt::seeds, cases: 300 },
    Door { name: "cognito", run: cognito::door, seeds: cognito::seeds, cases: 150 },
    Door { name: "bookings", run: domain::bookings, seeds: domain::bookings_seeds, cases: 200 },
    Door { name: "members", run: domain::members, seeds: domain::members_seeds, cases: 200 },
    Door { name: "studios", run: domain::studios, seeds: domain::studios_seeds, cases: 200 },
    Door { name: "workouts", run: domain::workouts, seeds: domain::workouts_seeds, cases: 200 },
    Door { name: "errors", run: errors::door, seeds: errors::seeds, cases: 300 },
    Door { name: "store", run: store::door, seeds: store::seeds, cases: 200 },
    Door { name: "sigv4", run: sigv4::door, seeds: sigv4::seeds, cases: 400 },
    Door { name: "scalars", run: scalars::door, seeds: scalars::seeds, cases: 400 },
    Door { name: "codegrade", run: codegrade::door, seeds: codegrade::seeds, cases: 300 },
    Door { name: "pow", run: pow::door, seeds: pow::seeds, cases: 100 },
    Door { name: "http", run: http::door, seeds: http::seeds, cases: 150 },
    Door { name: "base_address", run: addresses::base, seeds: addresses::base_seeds, cases: 200 },
    Door { name: "proxy", run: addresses::proxy, seeds: addresses::proxy_seeds, cases: 300 },
];
