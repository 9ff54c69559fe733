//! Exports the workout history as CSV and as JSON lines; a later run adds what is new.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::prelude::*;
use otf_api::WorkoutQuery;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{Booking, PerformanceMetric, Workout};
use otf_api_programs::{Result, Which, finish};

const HELP: &str = "\
Exports your workout history.

Usage: export [--dir DIRECTORY] [--quiet] [--sandbox]

  --dir DIRECTORY  where workouts.csv and workouts.jsonl are [default: .]
  --quiet          no progress
  --sandbox        against the service on loopback that comes with the crate
                   (--sandbox=URL: against one that runs already)

Both files are added to: a run asks only for what they lack, so it can be
interrupted and run again. workouts.csv has the figures, workouts.jsonl all that
the service tells, the telemetry included. The unit of each distance is beside it.
";

/// How long the service may take until it has all of a workout.
const SETTLED: SignedDuration = SignedDuration::from_hours(24);

struct Options {
    dir: PathBuf,
    quiet: bool,
    service: Which,
}

fn main() -> ExitCode {
    finish("export", run())
}

fn run() -> Result {
    let Some(options) = options()? else { return Ok(()) };
    fs::create_dir_all(&options.dir)?;
    let mut csv = Csv::open(&options.dir.join("workouts.csv"))?;
    let mut lines = JsonLines::open(&options.dir.join("workouts.jsonl"))?;

    // The two parts of a workout at once.
    let service = options.service.connect_with(|builder| builder.concurrency(2))?;
    let now = service.now();
    let mut workouts = service.otf.workouts().iter(&WorkoutQuery::new().lifetime())?;
    let unreadable = workouts.rejected().len();
    workouts.retain(|booking| booking.workout.is_some());
    let all = workouts.len();
    let is_known = |id: &str| csv.known.contains(id) && lines.known.contains(id);
    workouts.retain(|booking| !is_known(booking.booking_id.as_str()));
    let known = all - workouts.len();

    let mut progress = Progress::new(workouts.len(), options.quiet);
    let (mut added, mut later) = (0, 0);
    // The oldest first, so that what is added later stands behind it.
    for workout in workouts.rev() {
        let workout = workout?;
        progress.step();
        if workout.is_incomplete() && !has_settled(&workout.booking, now) {
            later += 1;
            continue;
        }
        csv.add(&workout)?;
        lines.add(&workout)?;
        added += 1;
    }
    progress.end();

    print!("{added} workouts added, {known} known before");
    for (count, what) in
        [(later, "left for later, until the service has all of it"), (unreadable, "can't be read")]
    {
        if count > 0 {
            print!(", {count} {what}");
        }
    }
    println!();
    Ok(())
}

fn options() -> Result<Option<Options>> {
    let mut options = Options { dir: ".".into(), quiet: false, service: Which::Real };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("dir") => options.dir = arguments.value()?.into(),
            Long("quiet") => options.quiet = true,
            Long("sandbox") => options.service = Which::sandbox(&mut arguments)?,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(options))
}

fn has_settled(booking: &Booking, now: Timestamp) -> bool {
    now.checked_sub(SETTLED).is_ok_and(|then| booking.has_started(then))
}

/// The figures, a row a workout.
struct Csv {
    writer: csv::Writer<File>,
    known: HashSet<String>,
}

impl Csv {
    const COLUMNS: [&str; 23] = [
        "booking_id",
        "start",
        "class",
        "type",
        "coach",
        "studio",
        "calories",
        "splat_points",
        "steps",
        "active_seconds",
        "gray_minutes",
        "blue_minutes",
        "green_minutes",
        "orange_minutes",
        "red_minutes",
        "average_heart_rate",
        "peak_heart_rate",
        "max_heart_rate",
        "treadmill_distance",
        "treadmill_unit",
        "rower_distance",
        "rower_unit",
        "missing",
    ];

    fn open(path: &Path) -> Result<Self> {
        let (file, is_new) = open(path)?;
        let mut known = HashSet::new();
        if !is_new {
            let mut reader = csv::Reader::from_path(path)?;
            if reader.headers()?.iter().ne(Self::COLUMNS) {
                return Err(format!("{} has other columns; move it away first", path.display()).into());
            }
            for row in reader.records() {
                known.extend(row?.get(0).map(str::to_owned));
            }
        }
        let mut writer = csv::Writer::from_writer(file);
        if is_new {
            writer.write_record(Self::COLUMNS)?;
        }
        Ok(Self { writer, known })
    }

    fn add(&mut self, workout: &Workout) -> Result {
        if !self.known.insert(workout.booking_id().to_string()) {
            return Ok(());
        }
        let class = workout.otf_class();
        let zones = workout.zone_time_minutes();
        let heart = workout.heart_rate();
        let treadmill = workout.treadmill_data().and_then(|treadmill| treadmill.total_distance.as_ref());
        let rower = workout.rower_data().and_then(|rower| rower.total_distance.as_ref());
        let start = workout.booking.starts_at_zoned().map_or_else(
            || class.starts_at.to_string(),
            |start| start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        );
        self.writer.write_record([
            workout.booking_id().to_string(),
            start,
            class.name.clone(),
            class.class_type.to_string(),
            workout.coach_name().unwrap_or_default().to_owned(),
            workout.studio().and_then(|studio| studio.name.clone()).unwrap_or_default(),
            number(workout.calories_burned()),
            number(workout.splat_points()),
            number(workout.step_count()),
            number(workout.active_time_seconds()),
            number(zones.map(|zones| zones.gray)),
            number(zones.map(|zones| zones.blue)),
            number(zones.map(|zones| zones.green)),
            number(zones.map(|zones| zones.orange)),
            number(zones.map(|zones| zones.red)),
            number(heart.and_then(|heart| heart.avg_hr)),
            number(heart.and_then(|heart| heart.peak_hr)),
            number(workout.max_hr()),
            distance(treadmill),
            unit(treadmill),
            distance(rower),
            unit(rower),
            workout.incomplete_reasons().join("; "),
        ])?;
        // A row at a time, so that nothing is lost when this is interrupted.
        Ok(self.writer.flush()?)
    }
}

fn number(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn distance(metric: Option<&PerformanceMetric>) -> String {
    let value = metric.and_then(|metric| metric.display_value.as_ref());
    value.map(ToString::to_string).unwrap_or_default()
}

fn unit(metric: Option<&PerformanceMetric>) -> String {
    metric.and_then(|metric| metric.display_unit.clone()).unwrap_or_default()
}

/// All there is, a line a workout.
struct JsonLines {
    file: File,
    known: HashSet<String>,
}

impl JsonLines {
    fn open(path: &Path) -> Result<Self> {
        let (file, _) = open(path)?;
        let mut known = HashSet::new();
        for (number, line) in (1..).zip(fs::read_to_string(path)?.lines()) {
            let workout: Workout = serde_json::from_str(line)
                .map_err(|error| format!("{}, line {number}: {error}", path.display()))?;
            known.insert(workout.booking_id().to_string());
        }
        Ok(Self { file, known })
    }

    fn add(&mut self, workout: &Workout) -> Result {
        if !self.known.insert(workout.booking_id().to_string()) {
            return Ok(());
        }
        let mut line = serde_json::to_string(workout)?;
        line.push('\n');
        Ok(self.file.write_all(line.as_bytes())?)
    }
}

/// Opens a file to add to, and says whether it is empty. A last line without its end, from a run that was
/// interrupted, is cut off.
fn open(path: &Path) -> Result<(File, bool)> {
    let named = |error: io::Error| format!("{}: {error}", path.display());
    let file = OpenOptions::new().create(true).append(true).open(path).map_err(named)?;
    let content = fs::read(path).map_err(named)?;
    let whole = content.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    if whole < content.len() {
        file.set_len(whole.try_into()?).map_err(named)?;
    }
    Ok((file, whole == 0))
}

/// A bar on the terminal; nothing where there is none, as under cron.
struct Progress {
    done: usize,
    total: usize,
    shown: bool,
}

impl Progress {
    const WIDTH: usize = 40;

    fn new(total: usize, quiet: bool) -> Self {
        Self { done: 0, total, shown: !quiet && total > 0 && io::stderr().is_terminal() }
    }

    fn step(&mut self) {
        self.done += 1;
        if self.shown {
            let filled = Self::WIDTH * self.done / self.total.max(1);
            let (bar, rest) = ("█".repeat(filled), "░".repeat(Self::WIDTH.saturating_sub(filled)));
            eprint!("\r{bar}{rest} {}/{}", self.done, self.total);
        }
    }

    fn end(&self) {
        if self.shown {
            eprintln!();
        }
    }
}
