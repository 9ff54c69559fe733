//! Writes one workout as a Training Center XML file, for upload to training sites.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;
use otf_api::ClassType;
use otf_api::jiff::Timestamp;
use otf_api::models::{Telemetry, TelemetryItem, Workout};
use otf_api_programs::{Choice, Result, Which, escape, finish, save};

const HELP: &str = "\
Writes one workout as a Training Center XML file, for upload to training sites.

Usage: tcx [--out FILE] [--date YYYY-MM-DD | --booking ID] [--sport SPORT] [--sandbox]

  --out FILE         where to write it [default: workout.tcx]
  --date YYYY-MM-DD  the workout of this day [default: the latest one]
  --booking ID       the workout of this booking
  --sport SPORT      Running, Biking or Other [default: Running for a class on
                     the treadmill alone, else Other]
  --sandbox          against the service on loopback that comes with the crate
                     (--sandbox=URL: against one that runs already)
";

/// More points than the official app shows, since a training site works out its own figures.
const POINTS: u32 = 2_000;

struct Options {
    out: PathBuf,
    choice: Choice,
    sport: Option<&'static str>,
    service: Which,
}

fn main() -> ExitCode {
    finish("tcx", run())
}

fn run() -> Result {
    let Some(options) = options()? else { return Ok(()) };
    let service = options.service.connect()?;
    let (workout, telemetry) = options.choice.load(&service, POINTS)?;
    let sport = options.sport.unwrap_or(match workout.otf_class().class_type {
        ClassType::Tread50 => "Running",
        _ => "Other",
    });
    let track = track(&workout, &telemetry)?;
    save(&options.out, &document(&workout, &track, sport)?)?;
    println!("{workout}: {} points in {}", track.len(), options.out.display());
    Ok(())
}

fn options() -> Result<Option<Options>> {
    let mut options =
        Options { out: "workout.tcx".into(), choice: Choice::default(), sport: None, service: Which::Real };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("out") => options.out = arguments.value()?.into(),
            Long("date") => options.choice.date = Some(arguments.value()?.parse()?),
            Long("booking") => options.choice.booking = Some(arguments.value()?.string()?.into()),
            Long("sport") => options.sport = Some(sport(&arguments.value()?.string()?)?),
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

/// The sports that the schema knows.
fn sport(name: &str) -> Result<&'static str> {
    let known = ["Running", "Biking", "Other"].into_iter().find(|known| known.eq_ignore_ascii_case(name));
    known.ok_or_else(|| format!("{name:?} is not among Running, Biking and Other").into())
}

/// A point as the file has it.
struct Point {
    time: Timestamp,
    /// Metres so far, on both machines.
    distance: f64,
    heart_rate: Option<u8>,
    /// Strokes a minute, while on the rower.
    cadence: Option<u8>,
    /// Metres a second, while on a machine.
    speed: Option<f64>,
}

fn track(workout: &Workout, telemetry: &Telemetry) -> Result<Vec<Point>> {
    // The telemetry knows the second; the booking has the time on the schedule.
    let start = telemetry
        .class_start_time
        .or_else(|| workout.booking.starts_at_instant())
        .ok_or("nobody knows when this workout started")?;
    let (mut treadmill, mut rower) = (0.0_f64, 0.0_f64);
    let mut track: Vec<Point> = Vec::new();
    for item in &telemetry.telemetry {
        let TelemetryItem { tread_data, row_data, .. } = item;
        treadmill = treadmill.max(tread_data.and_then(|data| data.agg_tread_distance).unwrap_or_default());
        rower = rower.max(row_data.and_then(|data| data.agg_row_distance).unwrap_or_default());
        let time = item.timestamp_from(start).ok_or("a point lies beyond the years that can be written")?;
        // Sites refuse a track that does not go forward.
        if track.last().is_some_and(|last| time <= last.time) {
            continue;
        }
        track.push(Point {
            time,
            distance: treadmill + rower,
            heart_rate: beats(item.hr),
            cadence: row_data.and_then(|data| data.row_spm).map(|spm| spm.round().clamp(0.0, 254.0) as u8),
            speed: row_data
                .and_then(|data| data.row_speed)
                .or_else(|| tread_data.and_then(|data| data.tread_speed)),
        });
    }
    if track.is_empty() { Err("this workout has no points".into()) } else { Ok(track) }
}

/// A heart rate as the schema takes it: 1 to 255.
fn beats(rate: Option<i64>) -> Option<u8> {
    rate.and_then(|rate| u8::try_from(rate).ok()).filter(|rate| *rate > 0)
}

/// The order of the elements is that of the schema, `TrainingCenterDatabasev2.xsd`, whose types are sequences.
fn document(workout: &Workout, track: &[Point], sport: &str) -> Result<String> {
    let (Some(first), Some(last)) = (track.first(), track.last()) else {
        return Err("this workout has no points".into());
    };
    let start = utc(first.time);
    let seconds = last.time.duration_since(first.time).as_secs();
    let distance = last.distance;
    let calories = u16::try_from(workout.calories_burned().unwrap_or_default().max(0)).unwrap_or(u16::MAX);
    let heart = workout.heart_rate();
    let mut xml = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" xmlns:ax="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
  <Activities>
"#,
    );
    write!(
        xml,
        r#"    <Activity Sport="{sport}">
      <Id>{start}</Id>
      <Lap StartTime="{start}">
        <TotalTimeSeconds>{seconds}</TotalTimeSeconds>
        <DistanceMeters>{distance:.1}</DistanceMeters>
"#
    )?;
    if let Some(speed) = track.iter().filter_map(|point| point.speed).reduce(f64::max) {
        writeln!(xml, "        <MaximumSpeed>{speed:.2}</MaximumSpeed>")?;
    }
    writeln!(xml, "        <Calories>{calories}</Calories>")?;
    for (element, rate) in [
        ("AverageHeartRateBpm", heart.and_then(|heart| heart.avg_hr)),
        ("MaximumHeartRateBpm", heart.and_then(|heart| heart.peak_hr)),
    ] {
        if let Some(rate) = beats(rate) {
            writeln!(xml, "        <{element}><Value>{rate}</Value></{element}>")?;
        }
    }
    xml.push_str("        <Intensity>Active</Intensity>\n");
    xml.push_str("        <TriggerMethod>Manual</TriggerMethod>\n        <Track>\n");
    for point in track {
        trackpoint(&mut xml, point)?;
    }
    xml.push_str("        </Track>\n      </Lap>\n");
    writeln!(xml, "      <Notes>{}</Notes>", escape(workout))?;
    xml.push_str("    </Activity>\n  </Activities>\n</TrainingCenterDatabase>\n");
    Ok(xml)
}

fn trackpoint(xml: &mut String, point: &Point) -> Result {
    let Point { time, distance, .. } = point;
    write!(xml, "          <Trackpoint><Time>{}</Time>", utc(*time))?;
    write!(xml, "<DistanceMeters>{distance:.1}</DistanceMeters>")?;
    if let Some(rate) = point.heart_rate {
        write!(xml, "<HeartRateBpm><Value>{rate}</Value></HeartRateBpm>")?;
    }
    if let Some(cadence) = point.cadence {
        write!(xml, "<Cadence>{cadence}</Cadence>")?;
    }
    if let Some(speed) = point.speed {
        write!(xml, "<Extensions><ax:TPX><ax:Speed>{speed:.2}</ax:Speed></ax:TPX></Extensions>")?;
    }
    xml.push_str("</Trackpoint>\n");
    Ok(())
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
