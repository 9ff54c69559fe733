//! What whole jobs cost, in processes of their own, over a real socket, with the requests counted by the server.
//!
//! ```text
//! cargo bench --bench session [-- [--python VENV] [--runs N] [--latency-ms N]]
//! ```
//!
//! Each job runs against the sandbox on loopback. With `--python`, the directory of a virtual environment that holds
//! `otf-api==0.21.1`, the same jobs are done by that client in turns with this one. The figures of processes come
//! from `/proc`: this is for Linux.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "nothing here comes from outside")]

mod child;
mod history;
#[path = "../common/measure.rs"]
mod measure;
mod parse;
mod peer;
mod server;

use std::process::ExitCode;
use std::time::Duration;

use measure::Spread;
use otf_api::sandbox::Fault;
use peer::Python;
use server::{Job, Run, Server};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.split_first() {
        Some((&"child", job)) => child::run(job),
        Some((&"parse", [file])) => parse::child(file),
        _ => Settings::read(&arguments).and_then(|settings| bench(&settings)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Settings {
    python: Option<Python>,
    runs: usize,
    latency: Duration,
}

impl Settings {
    fn read(arguments: &[&str]) -> Result<Self> {
        let mut settings = Self { python: None, runs: 21, latency: Duration::from_millis(40) };
        for pair in arguments.chunks(2) {
            match *pair {
                ["--python", venv] => settings.python = Some(Python::of(venv)?),
                ["--runs", runs] => settings.runs = runs.parse::<usize>()?.max(1),
                ["--latency-ms", latency] => settings.latency = Duration::from_millis(latency.parse()?),
                _ => return Err("usage: bench [--python VENV] [--runs N] [--latency-ms N]".into()),
            }
        }
        Ok(settings)
    }
}

fn bench(settings: &Settings) -> Result {
    let server = Server::start()?;
    let Settings { python, runs, latency } = settings;
    let few = (runs / 4).max(3);
    println!("median (the middle eight tenths of the runs); requests as the server counts them\n");
    header();

    compare(&server, python.as_ref(), "start with stored tokens, class list", Job::Start, *runs)?;
    compare(&server, python.as_ref(), "sign-in, class list", Job::SignIn, *runs)?;
    compare(&server, None, "first workout of iter()", Job::FirstWorkout, few)?;
    compare(&server, None, "36 workouts, one by one, no latency", Job::Workouts(1), few)?;
    compare(&server, python.as_ref(), "36 workouts, eight at once, no latency", Job::Workouts(8), few)?;

    println!("\nwith {} ms a request\n", latency.as_millis());
    header();
    server.sandbox.set_latency(*latency);
    let one_by_one = compare(&server, None, "36 workouts, one by one", Job::Workouts(1), few)?;
    compare(&server, python.as_ref(), "36 workouts, eight at once", Job::Workouts(8), few)?;
    compare(&server, None, "the same again, from the cache", Job::WorkoutsCached, few)?;
    server.sandbox.set_latency(Duration::ZERO);
    let missing = Fault::status(404).on("GET", "/v1/performance-summaries/*").skip(5).times(3);
    server.sandbox.fault(missing);
    compare(&server, None, "the same where three of them are 404", Job::WorkoutsCached, 1)?;
    server.sandbox.clear_faults();
    for run in one_by_one.iter().take(1) {
        let least = run.requests as f64 * latency.as_secs_f64() * 1e3;
        let over = Spread::of(one_by_one.iter().map(|run| (run.report.wall / least - 1.0) * 100.0));
        println!("\none by one: {over} % over requests x latency");
    }

    if let Some(calls) = server.system_calls()? {
        println!("system calls of a start: {calls}");
    }

    println!("\nat 10 Mbit/s\n");
    header();
    server.sandbox.set_bandwidth(1_250_000);
    let plain = {
        server.sandbox.set_compression(false);
        compare(&server, None, "class list, not compressed", Job::Start, few)?
    };
    server.sandbox.set_compression(true);
    let gzip = compare(&server, None, "class list, compressed", Job::Start, few)?;
    server.sandbox.set_bandwidth(None);
    let wall = |runs: &[Run]| Spread::of(runs.iter().map(|run| run.report.wall)).median;
    println!("\nnot compressed, it takes {:.1} times as long", wall(&plain) / wall(&gzip));

    println!("\n{:<44} {:>8} {:>12} {:>12} {:>12}", "growth", "items", "CPU ms", "MB of JSON", "MB held");
    for how in ["list", "iter"] {
        for workouts in [10, 100, 1_000] {
            let run = server.run(Job::History(how, workouts))?;
            let report = &run.report;
            println!(
                "{:<44} {:>8} {:>12.1} {:>12.2} {:>12.2}",
                format!("workouts, {how}()"),
                report.items,
                report.cpu,
                report.json,
                report.held
            );
        }
    }

    println!();
    parse::compare(python.as_ref(), server.folder())
}

fn header() {
    println!(
        "{:<40} {:<7} {:>20} {:>8} {:>22} {:>9} {:>6}",
        "", "", "CPU ms", "peak MB", "job's wall ms", "requests", "items"
    );
}

/// The runs of both clients, in turns.
fn compare(server: &Server, python: Option<&Python>, name: &str, job: Job, runs: usize) -> Result<Vec<Run>> {
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for turn in 0..runs {
        ours.push(server.run(job)?);
        // It takes a hundred times as long: a few runs have to do.
        if let Some(python) = python.filter(|_| turn < runs.div_ceil(4)) {
            theirs.push(server.run_python(python, job)?);
        }
    }
    for (client, runs) in [("Rust", &ours), ("Python", &theirs)] {
        let Some(first) = runs.first() else { continue };
        let spread = |of: fn(&Run) -> f64| Spread::of(runs.iter().map(of));
        let requests = |wanted: fn(usize, usize) -> usize| runs.iter().map(|run| run.requests).reduce(wanted);
        let (least, most) = (requests(usize::min).unwrap_or(0), requests(usize::max).unwrap_or(0));
        println!(
            "{name:<40} {client:<7} {:>20} {:>8.1} {:>22} {:>9} {:>6}",
            spread(|run| run.report.cpu).to_string(),
            spread(|run| run.report.peak).median,
            spread(|run| run.report.wall).to_string(),
            if least == most { least.to_string() } else { format!("{least}-{most}") },
            first.report.items,
        );
    }
    Ok(ours)
}
