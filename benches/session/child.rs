//! The jobs, each done by a process of its own that ends with a line of figures.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use otf_api::auth::Credentials;
use otf_api::jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use otf_api::sandbox::PAT;
use otf_api::{ClassQuery, Endpoints, FileStore, Otf, OtfBuilder, WorkoutQuery};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::history;
use crate::measure::Usage;

/// What a job's process says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Milliseconds of processor time, from the start of the process.
    pub(crate) cpu: f64,
    /// MB resident at most.
    pub(crate) peak: f64,
    /// Milliseconds that the job itself took: without the start of the process and its sign-in.
    pub(crate) wall: f64,
    /// How many classes or workouts there were.
    pub(crate) items: usize,
    /// MB that the job's result holds, or that the memory grew by on the way.
    #[serde(default)]
    pub(crate) held: f64,
    /// MB of JSON that the service sent for it.
    #[serde(default)]
    pub(crate) json: f64,
}

/// Does a job and prints its report.
pub(crate) fn run(arguments: &[&str]) -> Result {
    let report = match arguments {
        ["classes", url, store] => classes(client(url, store)?)?,
        ["workouts", url, store, concurrency] => {
            workouts(client(url, store)?.concurrency(concurrency.parse()?))?
        }
        ["first-workout", url, store] => first_workout(client(url, store)?)?,
        ["history", url, store, how, workouts] => {
            history::run(client(url, store)?, url, how, workouts.parse()?)?
        }
        _ => return Err(format!("no such job: {arguments:?}").into()),
    };
    // The classes go to standard output, as they would; this is for the parent.
    eprintln!("{}", serde_json::to_string(&report)?);
    Ok(())
}

fn client(url: &str, store: &str) -> Result<OtfBuilder> {
    Ok(Otf::builder()
        .endpoints(Endpoints::at(url)?)
        .credentials(Credentials::new(PAT.email, PAT.password))
        .store(FileStore::at(Path::new(store)))
        .environment(false)
        .prompt(false))
}

/// Signs in, or not where the tokens are stored, and prints the home studio's classes.
fn classes(otf: OtfBuilder) -> Result<Report> {
    let started = Instant::now();
    let classes = otf.login()?.bookings().classes(&ClassQuery::new())?;
    let mut out = BufWriter::new(io::stdout().lock());
    for class in &classes {
        writeln!(out, "{class}")?;
    }
    out.flush()?;
    Ok(Report::since(started, classes.len()))
}

/// The 36 workouts of the last ten months or so.
fn workouts(otf: OtfBuilder) -> Result<Report> {
    let otf = otf.login()?;
    let started = Instant::now();
    let workouts = otf.workouts().list(&last_36())?;
    Ok(Report::since(started, workouts.len()))
}

fn first_workout(otf: OtfBuilder) -> Result<Report> {
    let otf = otf.login()?;
    let started = Instant::now();
    let first = otf.workouts().iter(&last_36())?.next().transpose()?;
    Ok(Report::since(started, usize::from(first.is_some())))
}

/// The sandbox's member takes a class every nine days.
fn last_36() -> WorkoutQuery {
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
    WorkoutQuery::new().from(today.saturating_sub(320.days()))
}

impl Report {
    pub(crate) fn since(started: Instant, items: usize) -> Self {
        let wall = started.elapsed().as_secs_f64() * 1e3;
        let usage = Usage::now();
        Self { cpu: usage.cpu, peak: usage.peak, wall, items, held: 0.0, json: 0.0 }
    }
}
