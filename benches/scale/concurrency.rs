//! Many requests for one result: linear time and flat memory, with eight threads as with one.

use std::process::Command;

use otf_api::{MemoryStore, WorkoutQuery};
use serde::{Deserialize, Serialize};

use crate::measure::Usage;
use crate::service::{Bodies, Service};
use crate::{Result, verdict};

/// Processor time for each request: of more requests beside fewer, and of eight threads beside one.
const BAR: f64 = 1.3;

/// MB at most, of eight threads beside one.
const MEMORY_BAR: f64 = 1.1;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Report {
    cpu: f64,
    peak: f64,
}

pub(crate) fn bench() -> Result<bool> {
    println!("\nworkouts in-process, two requests each; processor time and memory of a process of its own");
    println!(
        "{:>10} {:>12} {:>12} {:>14} {:>10}",
        "requests", "at once", "CPU ms", "µs a request", "peak MB"
    );
    let mut rows = Vec::new();
    for workouts in [1_000, 5_000, 20_000] {
        for concurrency in [1, 8] {
            let report = run(workouts, concurrency)?;
            let each = report.cpu * 1e3 / (2 * workouts) as f64;
            println!(
                "{:>10} {concurrency:>12} {:>12.0} {each:>14.1} {:>10.1}",
                2 * workouts,
                report.cpu,
                report.peak
            );
            rows.push((each, report.peak));
        }
    }
    let (more, growth_is_good) = verdict(rows[5].0 / rows[3].0, BAR);
    let (threads, threads_are_good) = verdict(rows[5].0 / rows[4].0, BAR);
    let (memory, memory_is_good) = verdict(rows[5].1 / rows[4].1, MEMORY_BAR);
    println!("a request among 40,000 beside one among 10,000: {more}");
    println!("eight at once beside one by one: {threads}; memory: {memory}");
    Ok(growth_is_good && threads_are_good && memory_is_good)
}

fn run(workouts: usize, concurrency: usize) -> Result<Report> {
    let mut command = Command::new(std::env::current_exe()?);
    let output =
        command.args(["child", "workouts", &workouts.to_string(), &concurrency.to_string()]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim()).map_err(|_| String::from_utf8_lossy(&output.stderr).into())
}

pub(crate) fn child(workouts: usize, concurrency: usize) -> Result {
    let service = Service::start()?;
    let otf = service.client(Bodies::workouts(workouts))?.session(service.session());
    let otf = otf.store(MemoryStore::new()).cache_responses(false).concurrency(concurrency).login()?;
    // Time zones and the like are set up once.
    otf.workouts().iter(&WorkoutQuery::new().lifetime())?.next().transpose()?;
    let before = cpu();
    let list = otf.workouts().list(&WorkoutQuery::new().lifetime())?;
    let report = Report { cpu: cpu() - before, peak: Usage::now().peak };
    assert_eq!(list.len(), workouts);
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// Milliseconds on a processor of all threads, those that have ended too, in steps of 10 ms.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum();
    ticks * 10.0
}
