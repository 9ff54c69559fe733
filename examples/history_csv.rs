//! How do I get all my workouts into a spreadsheet?
//!
//!     cargo run --example history_csv > workouts.csv
//!
//! `otf sync` (in examples/otf) does it with more columns, and only fetches what is new.

use std::error::Error;

use otf_api::Otf;
use otf_api::sandbox::Sandbox;

fn main() -> Result<(), Box<dyn Error>> {
    // For the real service: `let otf = Otf::login()?;`
    let sandbox = Sandbox::start()?;
    let otf = Otf::builder().sandbox(&sandbox).login()?;

    // The service may cut long lists, so a history is loaded 90 days at a time.
    let history = otf.workouts().history().without_telemetry().on_progress(|progress| {
        eprintln!("{} of {}", progress.done, progress.expected);
    });
    println!("start,class,calories,splat points,average heart rate,incomplete");
    for workout in history.iter()? {
        let workout = workout?;
        println!(
            "{},{},{},{},{},{}",
            workout.start().local,
            quoted(&workout.otf_class().name),
            cell(workout.calories_burned()),
            cell(workout.splat_points()),
            cell(workout.heart_rate().and_then(|heart| heart.avg_hr)),
            quoted(&workout.incomplete_reasons().join("; ")),
        );
    }
    Ok(())
}

fn cell(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// Doubles quotes, as RFC 4180 requires.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
