//! The fuzz targets: functions that take arbitrary bytes and check what must hold whatever those are.
//!
//! `tests/it/corpora.rs` runs them on the committed seeds and on mutations of the seeds; the binaries in `fuzz/` run the
//! same functions under a fuzzer.

mod addresses;
mod codegrade;
mod cognito;
mod domain;
mod errors;
pub(crate) mod harness;
mod http;
mod identity_pool;
mod jwt;
pub(crate) mod payloads;
mod pow;
mod raw_request;
mod recording;
mod sandbox_requests;
mod scalars;
mod script;
mod seeds;
mod sigv4;
mod srp;
mod store;
pub(crate) mod through;
mod tree;

/// A fuzz target.
pub(crate) struct Target {
    /// The name of the fuzz target and of the directory of its seeds.
    pub(crate) name: &'static str,
    /// Panics if a check fails.
    pub(crate) run: fn(&[u8]),
    /// Inputs to start from, each with a name.
    pub(crate) seeds: fn() -> Vec<(String, Vec<u8>)>,
    /// How many mutations of the seeds `cargo test` tries; fewer for slow targets.
    pub(crate) cases: usize,
}

/// All fuzz targets.
pub(crate) const TARGETS: &[Target] = &[
    Target { name: "srp", run: srp::run, seeds: srp::seeds, cases: 60 },
    Target { name: "jwt", run: jwt::run, seeds: jwt::seeds, cases: 300 },
    Target { name: "cognito", run: cognito::run, seeds: cognito::seeds, cases: 150 },
    Target { name: "bookings", run: domain::bookings, seeds: domain::bookings_seeds, cases: 200 },
    Target { name: "members", run: domain::members, seeds: domain::members_seeds, cases: 200 },
    Target { name: "studios", run: domain::studios, seeds: domain::studios_seeds, cases: 200 },
    Target { name: "workouts", run: domain::workouts, seeds: domain::workouts_seeds, cases: 200 },
    Target { name: "errors", run: errors::run, seeds: errors::seeds, cases: 300 },
    Target { name: "store", run: store::run, seeds: store::seeds, cases: 200 },
    Target { name: "sigv4", run: sigv4::run, seeds: sigv4::seeds, cases: 400 },
    Target { name: "scalars", run: scalars::run, seeds: scalars::seeds, cases: 400 },
    Target { name: "codegrade", run: codegrade::run, seeds: codegrade::seeds, cases: 300 },
    Target { name: "pow", run: pow::run, seeds: pow::seeds, cases: 100 },
    Target { name: "identity_pool", run: identity_pool::run, seeds: identity_pool::seeds, cases: 150 },
    Target { name: "raw_request", run: raw_request::run, seeds: raw_request::seeds, cases: 200 },
    Target { name: "recorder", run: recording::recorder, seeds: recording::recorder_seeds, cases: 100 },
    Target { name: "replayer", run: recording::replayer, seeds: recording::replayer_seeds, cases: 100 },
    Target {
        name: "sandbox_requests",
        run: sandbox_requests::run,
        seeds: sandbox_requests::seeds,
        cases: 60,
    },
    Target { name: "http", run: http::run, seeds: http::seeds, cases: 150 },
    Target { name: "base_address", run: addresses::base, seeds: addresses::base_seeds, cases: 200 },
    Target { name: "proxy", run: addresses::proxy, seeds: addresses::proxy_seeds, cases: 300 },
];
