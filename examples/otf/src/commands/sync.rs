//! `otf sync`

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{Booking, PartStatus, PerformanceMetric, Workout};
use otf_api::{Error, HistoryCheck, HistoryMonth, WorkoutHistory};
use serde_json::{Value, json};

use crate::cli::Global;
use crate::failure::{Code, Failure, Result};
use crate::output::{self, cell};
use crate::service::Service;

/// A workout younger than this may still change.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How many fetched workouts may be lost if the program is killed.
const SAVE_EVERY: usize = 50;

/// How many requests are sent at once.
const CONCURRENCY: usize = 4;

/// Maintain an archive of all workouts as JSON lines and CSV.
///
/// Each run lists the bookings, 90 days per request, and fetches the workouts that are new or were incomplete: too
/// recent, or with a part that could not be loaded. The next run continues one that was interrupted. If something is
/// still incomplete because a request failed, the exit code is 4; run the command again to complete it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf sync
  otf sync --check
  otf sync --dir archive --days 90 --quiet")]
pub struct Sync {
    /// The directory of workouts.jsonl and workouts.csv
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Only this many days back [default: everything]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=36_500))]
    days: Option<u16>,
    /// Compare the history with the service's other lists, and name the months with something missing
    #[arg(long)]
    check: bool,
    /// Start the CSV file with a byte order mark, for Excel
    #[arg(long)]
    bom: bool,
    /// Show no progress
    #[arg(long)]
    quiet: bool,
}

impl Sync {
    pub fn run(&self, global: &Global) -> Result {
        fs::create_dir_all(&self.dir)
            .map_err(|error| Failure::failed(format!("{}: {error}", self.dir.display())))?;
        let lines = self.dir.join("workouts.jsonl");
        let mut archive = Archive::open(&lines)?;
        let service = Service::connect_with(global, |builder| builder.concurrency(CONCURRENCY))?;
        let target = if self.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        let known = archive.final_keys();
        let mut history = self
            .history(&service)?
            .filter(|booking| !known.contains(&key(booking)))
            .on_progress(|progress| {
                bar.set_length(progress.expected as u64);
                bar.set_position(progress.done as u64);
            })
            .iter()?;
        let (mut added, mut repaired) = (0_usize, 0_usize);
        let mut failed: Option<Error> = None;
        for workout in &mut history {
            match workout {
                Ok(workout) => match archive.put(&workout, service.now()) {
                    Change::Added => added += 1,
                    Change::Repaired => repaired += 1,
                },
                // What was loaded so far is in the archive.
                Err(error) => failed = Some(error),
            }
            if (added + repaired) % SAVE_EVERY == 0 {
                archive.save(&lines)?;
            }
        }
        let unreadable = history.rejected().iter().filter(|rejected| !rejected.item_kept).count();
        bar.finish_and_clear();
        archive.save(&lines)?;
        archive.save_csv(&self.dir.join("workouts.csv"), self.bom)?;
        let check = match (self.check, &failed) {
            (true, None) => Some(self.history(&service)?.check()?),
            _ => None,
        };

        let incomplete = archive.failed_parts();
        if global.json {
            output::json(&json!({
                "workouts": archive.rows.len(), "added": added, "repaired": repaired,
                "incomplete": incomplete, "unreadable": unreadable, "check": check.as_ref().map(report),
            }))?;
        } else {
            println!(
                "{} workouts: {added} added, {repaired} fetched again, {incomplete} incomplete, {unreadable} unreadable",
                archive.rows.len()
            );
            if let Some(check) = &check {
                println!("{check}");
            }
        }
        if let Some(error) = failed {
            return Err(Failure::from(error).about("the archive is not complete yet"));
        }
        if incomplete > 0 {
            let message =
                format!("{incomplete} workouts are incomplete because requests failed; run it again later");
            return Err(Failure::new(Code::TryLater, message));
        }
        if check.is_some_and(|check| !check.is_complete()) {
            return Err(Failure::failed("the service's lists do not agree: see the months above"));
        }
        Ok(())
    }

    fn history<'a>(&self, service: &'a Service) -> Result<WorkoutHistory<'a>> {
        let history = service.otf.workouts().history();
        let Some(days) = self.days else { return Ok(history) };
        let first = service.now().checked_sub(SignedDuration::from_hours(24 * i64::from(days)))?;
        Ok(history.from(first.to_zoned_datetime(service.zone()?).date()))
    }
}

fn report(check: &HistoryCheck) -> Value {
    let month = |month: &HistoryMonth| {
        json!({
            "month": month.first_day.strftime("%Y-%m").to_string(),
            "workouts": month.workouts,
            "missing": month.missing,
            "incomplete": month.incomplete,
            "reasons": month.reasons,
        })
    };
    json!({
        "complete": check.is_complete(),
        "months": check.months.iter().map(month).collect::<Vec<_>>(),
        "problems": check.problems,
    })
}

enum Change {
    Added,
    Repaired,
}

/// A workout of the archive.
struct Row {
    workout: Workout,
    /// Whether later runs need not fetch it again.
    is_final: bool,
}

/// The workouts by booking id. Ids of bookings that an employer paid for may repeat, so the class's id is part of the
/// key.
struct Archive {
    rows: BTreeMap<String, Row>,
}

impl Archive {
    fn open(path: &Path) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::failed(format!("{}: {error}", path.display()))),
        };
        let mut rows = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let invalid = |error: serde_json::Error| {
                Failure::failed(format!("{}, line {number}: {error}", path.display()))
            };
            let value: Value = serde_json::from_str(line).map_err(invalid)?;
            let is_final = value.get("final").and_then(Value::as_bool).unwrap_or(false);
            let workout = value.get("workout").cloned().unwrap_or_default();
            let workout: Workout = serde_json::from_value(workout).map_err(invalid)?;
            rows.insert(key(&workout.booking), Row { workout, is_final });
        }
        Ok(Self { rows })
    }

    /// The bookings whose workouts need not be fetched again.
    fn final_keys(&self) -> HashSet<String> {
        self.rows.iter().filter(|(_, row)| row.is_final).map(|(key, _)| key.clone()).collect()
    }

    fn put(&mut self, workout: &Workout, now: Timestamp) -> Change {
        let is_settled =
            now.checked_sub(SETTLED_AFTER).is_ok_and(|then| workout.booking.start().has_passed(then));
        let is_final = is_settled && !workout.is_incomplete();
        let key = key(&workout.booking);
        let mut workout = workout.clone();
        // A part that is missing now does not replace what an earlier run has loaded.
        if let Some(Row { workout: before, .. }) = self.rows.get(&key) {
            if before.summary_status == PartStatus::Present && workout.summary_status != PartStatus::Present {
                workout.summary.clone_from(&before.summary);
                workout.summary_status = PartStatus::Present;
            }
            if before.telemetry_status == PartStatus::Present
                && workout.telemetry_status != PartStatus::Present
            {
                workout.telemetry.clone_from(&before.telemetry);
                workout.telemetry_status = PartStatus::Present;
            }
            workout.class_uuid = workout.class_uuid.or_else(|| before.class_uuid.clone());
        }
        let row = Row { workout, is_final };
        if self.rows.insert(key, row).is_some() { Change::Repaired } else { Change::Added }
    }

    fn failed_parts(&self) -> usize {
        self.rows.values().filter(|row| row.workout.has_failed_part()).count()
    }

    /// The rows by start.
    fn sorted(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.values().collect();
        rows.sort_by_key(|row| (row.workout.booking.start().local, row.workout.booking_id().clone()));
        rows
    }

    fn save(&self, path: &Path) -> Result {
        let mut text = String::new();
        for row in self.sorted() {
            text += &serde_json::to_string(&json!({ "final": row.is_final, "workout": row.workout }))?;
            text.push('\n');
        }
        output::save(path, &text)
    }

    fn save_csv(&self, path: &Path, bom: bool) -> Result {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS)?;
        for row in self.sorted() {
            writer.write_record(record(&row.workout).map(|text| cell(&text)))?;
        }
        let bytes = writer.into_inner().map_err(|error| Failure::failed(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| Failure::failed(error.to_string()))?;
        output::save(path, &if bom { format!("\u{feff}{text}") } else { text })
    }
}

fn key(booking: &Booking) -> String {
    format!("{} {}", booking.booking_id, booking.class_id())
}

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
    "incomplete",
];

fn record(workout: &Workout) -> [String; 23] {
    let class = workout.otf_class();
    let zones = workout.zone_time_minutes();
    let heart = workout.heart_rate();
    let treadmill = workout.treadmill_data().and_then(|treadmill| treadmill.total_distance.as_ref());
    let rower = workout.rower_data().and_then(|rower| rower.total_distance.as_ref());
    let start = class.start.zoned().map_or_else(
        || class.start.local.to_string(),
        |start| start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    );
    [
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
    ]
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
