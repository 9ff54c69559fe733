//! How fast a schedule of 945 classes is read, beside the Python client.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use otf_api::models::{OtfClass, decode};

use crate::Result;
use crate::child::Report;
use crate::measure::Spread;
use crate::peer::Python;
use crate::server::report;

#[path = "../../benches/common/schedule.rs"]
mod schedule;

const CLASSES: usize = 945;
const TURNS: usize = 5;

pub(crate) fn compare(python: Option<&Python>, folder: &Path) -> Result {
    let body = schedule::schedule(CLASSES);
    let file = folder.join("schedule.json");
    fs::write(&file, &body)?;
    let file = file.to_str().ok_or("the temporary directory is not UTF-8")?;
    let mut clients: Vec<(&str, Vec<f64>)> = vec![("Rust", Vec::new()), ("Python", Vec::new())];
    for _ in 0..TURNS {
        for (client, rates) in &mut clients {
            let mut command = match (*client, python) {
                ("Rust", _) => {
                    let mut command = Command::new(std::env::current_exe()?);
                    command.args(["parse", file]);
                    command
                }
                (_, Some(python)) => python.command(&["parse", file]),
                _ => continue,
            };
            rates.push(body.len() as f64 / 1e3 / report(&mut command)?.wall);
        }
    }
    println!("a schedule of {CLASSES} classes, {:.2} MB, from bytes to models", body.len() as f64 / 1e6);
    for (client, rates) in clients.iter().filter(|(_, rates)| !rates.is_empty()) {
        println!("{client:<7} {} MB/s", Spread::of(rates.iter().copied()));
    }
    Ok(())
}

/// Reads a file's schedule some times; the report's wall time is the median.
pub(crate) fn child(file: &str) -> Result {
    let body = fs::read(file)?;
    let mut times = Vec::new();
    let mut items = 0;
    for _ in 0..21 {
        let started = Instant::now();
        let classes = decode::<OtfClass>(black_box(&body), &["items"])?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        items = black_box(&classes).len();
    }
    let wall = Spread::of(times.into_iter()).median;
    eprintln!("{}", serde_json::to_string(&Report { wall, ..Report::since(Instant::now(), items) })?);
    Ok(())
}
