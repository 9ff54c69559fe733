//! How cost grows with what is stored, with what is asked for, and with time.
//!
//! ```text
//! cargo bench --bench scale [-- store|loop|concurrency|processes|growth]
//! ```
//!
//! Every figure stands beside the same work on a small scale, measured in turns in the same run. The bench exits with
//! an error if a ratio is above its bar. Memory and file descriptors come from `/proc`: this is for Linux.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "nothing here comes from outside")]

#[path = "../common/mod.rs"]
mod common;
mod concurrency;
mod growth;
#[path = "../common/measure.rs"]
mod measure;
mod processes;
mod repeat;
#[path = "../common/schedule.rs"]
mod schedule;
mod service;
mod store;

use std::process::ExitCode;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("scale: a ratio is above its bar");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("scale: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<bool> {
    match arguments {
        ["child", job @ ..] => child(job).map(|()| true),
        ["store"] => store::bench(),
        ["loop"] => repeat::bench(),
        ["concurrency"] => concurrency::bench(),
        ["processes"] => processes::bench(),
        ["growth"] => growth::bench(),
        [] => {
            let benches = [store::bench, repeat::bench, concurrency::bench, processes::bench, growth::bench];
            let results: Vec<bool> = benches.into_iter().map(|bench| bench()).collect::<Result<_>>()?;
            Ok(results.into_iter().all(|is_good| is_good))
        }
        _ => Err("usage: scale [store|loop|concurrency|processes|growth]".into()),
    }
}

/// Work that is done in a process of its own, so that its memory can be told.
fn child(job: &[&str]) -> Result {
    match job {
        ["refresh", url, store] => processes::child(url, store),
        ["workouts", workouts, concurrency] => concurrency::child(workouts.parse()?, concurrency.parse()?),
        _ => Err(format!("no such job: {job:?}").into()),
    }
}

/// Prints a ratio beside its bar.
fn verdict(ratio: f64, bar: f64) -> (String, bool) {
    let is_good = ratio <= bar;
    (format!("{ratio:.2} (bar: {bar}){}", if is_good { "" } else { "  TOO MUCH" }), is_good)
}
