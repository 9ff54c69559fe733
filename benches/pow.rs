//! The speed of the proof of work, compared with the bare block function.
//!
//! `cargo bench --bench pow` prints the ratio for nonces of many lengths, and what a second thread gains. It fails if a
//! ratio is below 0.9 or the gain below 1.9.
//!
//! Both sides of a ratio are measured in turns of some milliseconds, in CPU time where the system tells it, so that
//! other processes hardly matter. The gain is measured by the clock and needs two free cores.

use std::fs;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use otf_api::codegrade::pow::{PowChallenge, Solver};
use sha2::block_api::compress256;

/// Hashes for each length: as many as a proof of work of 22 bits takes.
const HASHES: u64 = 1 << 22;
/// Hashes of one turn: the solver's progress callback comes that often.
const TURN: u64 = 65_000;

fn main() -> ExitCode {
    let mut is_good = true;
    // 32 and 64 are the lengths that servers send; from 47 on the padding runs into a second block.
    for nonce_len in [0, 31, 32, 33, 46, 47, 50, 53, 54, 55, 56, 63, 64, 65, 118, 1_000] {
        is_good &=
            report(&format!("nonce of {nonce_len}: ratio to the bare block function"), ratio(nonce_len), 0.9);
    }
    is_good &= report("two threads: gain over one", gain(), 1.9);
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(what: &str, value: f64, least: f64) -> bool {
    let is_good = value >= least;
    println!("{what}: {value:.3}{}", if is_good { "" } else { "  TOO LOW" });
    is_good
}

/// The time of the bare block function, divided by that of the solver.
fn ratio(nonce_len: usize) -> f64 {
    let started = Instant::now();
    let (mut solving, mut bare) = (Duration::ZERO, Duration::ZERO);
    let mut turn = thread_time(started);
    solve(nonce_len, 1, HASHES, || {
        let solved = thread_time(started);
        bare_blocks(TURN);
        let done = thread_time(started);
        solving += solved - turn;
        bare += done - solved;
        turn = done;
    });
    bare.as_secs_f64() / solving.as_secs_f64()
}

/// How much faster two threads are, by the clock: the median of three runs.
fn gain() -> f64 {
    let run = |threads| {
        let started = Instant::now();
        solve(32, threads, HASHES, || {});
        started.elapsed().as_secs_f64()
    };
    let mut gains = [(); 3].map(|()| run(1) / run(2));
    gains.sort_by(f64::total_cmp);
    gains[1]
}

fn bare_blocks(count: u64) {
    let block = black_box([0x61; 64]);
    let mut state = black_box([0; 8]);
    for _ in 0..count {
        compress256(&mut state, &[block]);
    }
    black_box(state);
}

fn solve(nonce_len: usize, threads: usize, hashes: u64, mut each_turn: impl FnMut()) {
    let challenge = PowChallenge::new("n".repeat(nonce_len), 256);
    let solver = Solver::new().max_difficulty(256).threads(threads);
    let outcome = solver.solve(&challenge, |progress| {
        each_turn();
        if progress.hashes >= hashes { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(black_box(outcome).is_err());
}

/// The time that this thread had a CPU (Linux), or else the time since `started`.
fn thread_time(started: Instant) -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| started.elapsed(), Duration::from_nanos)
}
