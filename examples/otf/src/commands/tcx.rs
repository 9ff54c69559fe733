//! `otf tcx`

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use otf_api::ClassType;
use otf_api::jiff::Timestamp;
use otf_api::models::{Telemetry, Workout};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::output::{self, save};
use crate::service::Service;
use crate::workout_choice::WorkoutChoice;

/// More points than the official app shows, since training sites compute their own figures.
const POINTS: u32 = 2_000;

/// Write one workout as a Training Center XML file, for upload to training sites.
///
/// A workout without measurements has only start, end and calories.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf tcx --out workout.tcx
  otf tcx --date 2026-03-30 --sport running")]
pub struct Tcx {
    #[command(flatten)]
    choice: WorkoutChoice,
    /// Where to write it
    #[arg(long, value_name = "FILE", default_value = "workout.tcx")]
    out: PathBuf,
    /// The sport [default: running for treadmill-only classes, else other]
    #[arg(long)]
    sport: Option<Sport>,
}

/// The sports of the schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sport {
    Running,
    Biking,
    Other,
}

impl Sport {
    fn name(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Biking => "Biking",
            Self::Other => "Other",
        }
    }
}

impl Tcx {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let workout = self.choice.load(&service, POINTS)?;
        let sport = self.sport.unwrap_or(match workout.otf_class().class_type {
            ClassType::Tread50 => Sport::Running,
            _ => Sport::Other,
        });
        let track = Track::of(&workout)?;
        save(&self.out, &document(&workout, &track, sport)?)?;
        if global.json {
            return output::json(&json!({
                "booking_id": workout.booking_id(), "points": track.points.len(), "file": self.out,
            }));
        }
        println!("{workout}: {} points in {}", track.points.len(), self.out.display());
        Ok(())
    }
}

/// A point as the file has it.
struct Point {
    time: Timestamp,
    /// Meters so far, on both machines.
    distance: f64,
    heart_rate: Option<u8>,
    /// Strokes per minute, while on the rower.
    cadence: Option<u8>,
    /// Meters per second, while on a machine.
    speed: Option<f64>,
}

struct Track {
    start: Timestamp,
    end: Timestamp,
    points: Vec<Point>,
}

impl Track {
    fn of(workout: &Workout) -> Result<Self> {
        let unknown = || Failure::failed(format!("{workout}: its start is not known"));
        let scheduled = workout.booking.start().timestamp();
        let points = match &workout.telemetry {
            Some(telemetry) => points(telemetry, scheduled)?,
            None => Vec::new(),
        };
        // One point makes no duration: then the schedule counts.
        if let (Some(first), Some(last)) = (points.first(), points.last())
            && first.time < last.time
        {
            return Ok(Self { start: first.time, end: last.time, points });
        }
        let start = scheduled.or(points.first().map(|point| point.time)).ok_or_else(unknown)?;
        let active = workout.active_time_seconds().filter(|seconds| *seconds > 0);
        let by_activity = active
            .and_then(|seconds| start.checked_add(otf_api::jiff::SignedDuration::from_secs(seconds)).ok());
        let end = by_activity.or(workout.booking.end().timestamp()).unwrap_or(start).max(start);
        Ok(Self { start, end, points })
    }

    fn distance(&self) -> f64 {
        self.points.last().map_or(0.0, |point| point.distance)
    }
}

/// How far a machine that counts meters has come since the class started: the belt's counter may start with the meters
/// of the previous member.
#[derive(Default)]
struct Counter {
    first: Option<f64>,
    highest: f64,
}

impl Counter {
    fn read(&mut self, metres: Option<f64>) -> f64 {
        if let Some(metres) = metres.filter(|metres| metres.is_finite() && *metres >= 0.0) {
            let first = *self.first.get_or_insert(metres);
            self.highest = self.highest.max(metres - first);
        }
        self.highest
    }
}

fn points(telemetry: &Telemetry, scheduled: Option<Timestamp>) -> Result<Vec<Point>> {
    // The telemetry knows the second; the booking has the time on the schedule.
    let Some(start) = telemetry.class_start_time.or(scheduled) else { return Ok(Vec::new()) };
    let (mut treadmill, mut rower) = (Counter::default(), Counter::default());
    let mut points: Vec<Point> = Vec::new();
    for item in &telemetry.telemetry {
        let (tread, row) = (item.tread_data.as_ref(), item.row_data.as_ref());
        let distance = treadmill.read(tread.and_then(|data| data.agg_tread_distance))
            + rower.read(row.and_then(|data| data.agg_row_distance));
        let Some(time) = item.timestamp_from(start) else { continue };
        // Sites refuse a track that does not go forward.
        if points.last().is_some_and(|last| time <= last.time) {
            continue;
        }
        points.push(Point {
            time,
            distance,
            heart_rate: beats(item.hr),
            cadence: row.and_then(|data| data.row_spm).map(|spm| spm.round().clamp(0.0, 254.0) as u8),
            speed: row.and_then(|data| data.row_speed).or_else(|| tread.and_then(|data| data.tread_speed)),
        });
    }
    Ok(points)
}

/// A heart rate as the schema takes it: 1 to 255.
fn beats(rate: Option<i64>) -> Option<u8> {
    rate.and_then(|rate| u8::try_from(rate).ok()).filter(|rate| *rate > 0)
}

type Xml = Writer<Vec<u8>>;

/// The order of the elements is that of the schema, `TrainingCenterDatabasev2.xsd`, whose types are sequences.
fn document(workout: &Workout, track: &Track, sport: Sport) -> Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("TrainingCenterDatabase")
        .with_attribute(("xmlns", "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"))
        .with_attribute(("xmlns:ax", "http://www.garmin.com/xmlschemas/ActivityExtension/v2"))
        .write_inner_content(|xml| {
            xml.create_element("Activities").write_inner_content(|xml| {
                xml.create_element("Activity").with_attribute(("Sport", sport.name())).write_inner_content(
                    |xml| {
                        text(xml, "Id", &utc(track.start))?;
                        lap(xml, workout, track)?;
                        text(xml, "Notes", &workout.to_string())
                    },
                )?;
                Ok(())
            })?;
            Ok(())
        })?;
    String::from_utf8(xml.into_inner()).map_err(|error| Failure::failed(error.to_string()))
}

fn lap(xml: &mut Xml, workout: &Workout, track: &Track) -> io::Result<()> {
    let seconds = track.end.duration_since(track.start).as_secs();
    let calories = u16::try_from(workout.calories_burned().unwrap_or_default().max(0)).unwrap_or(u16::MAX);
    let heart = workout.heart_rate();
    let start = utc(track.start);
    xml.create_element("Lap").with_attribute(("StartTime", start.as_str())).write_inner_content(|xml| {
        text(xml, "TotalTimeSeconds", &seconds.to_string())?;
        text(xml, "DistanceMeters", &format!("{:.1}", track.distance()))?;
        if let Some(speed) = track.points.iter().filter_map(|point| point.speed).reduce(f64::max) {
            text(xml, "MaximumSpeed", &format!("{speed:.2}"))?;
        }
        text(xml, "Calories", &calories.to_string())?;
        for (element, rate) in [
            ("AverageHeartRateBpm", heart.and_then(|heart| heart.avg_hr)),
            ("MaximumHeartRateBpm", heart.and_then(|heart| heart.peak_hr)),
        ] {
            if let Some(rate) = beats(rate) {
                value(xml, element, rate)?;
            }
        }
        text(xml, "Intensity", "Active")?;
        text(xml, "TriggerMethod", "Manual")?;
        if !track.points.is_empty() {
            xml.create_element("Track").write_inner_content(|xml| {
                track.points.iter().try_for_each(|point| trackpoint(xml, point))
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn trackpoint(xml: &mut Xml, point: &Point) -> io::Result<()> {
    xml.create_element("Trackpoint").write_inner_content(|xml| {
        text(xml, "Time", &utc(point.time))?;
        text(xml, "DistanceMeters", &format!("{:.1}", point.distance))?;
        if let Some(rate) = point.heart_rate {
            value(xml, "HeartRateBpm", rate)?;
        }
        if let Some(cadence) = point.cadence {
            text(xml, "Cadence", &cadence.to_string())?;
        }
        if let Some(speed) = point.speed {
            xml.create_element("Extensions").write_inner_content(|xml| {
                xml.create_element("ax:TPX")
                    .write_inner_content(|xml| text(xml, "ax:Speed", &format!("{speed:.2}")))?;
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn text(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    xml.create_element(element).write_text_content(BytesText::new(text))?;
    Ok(())
}

fn value(xml: &mut Xml, element: &str, rate: u8) -> io::Result<()> {
    xml.create_element(element).write_inner_content(|xml| text(xml, "Value", &rate.to_string()))?;
    Ok(())
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A workout of 50 active minutes whose telemetry has these items.
    fn workout(telemetry: Option<Value>) -> Workout {
        serde_json::from_value(json!({
            "booking": {
                "id": "b", "checked_in": true,
                "class": {
                    "id": "c", "name": "Orange 60", "type": "ORANGE_60",
                    "starts_at": "2026-04-10T14:45:00Z", "starts_at_local": "2026-04-10T09:45:00",
                    "ends_at": "2026-04-10T15:45:00Z", "ends_at_local": "2026-04-10T10:45:00",
                },
                "workout": { "id": "p", "calories_burned": 512, "active_time_seconds": 3000 },
            },
            "telemetry": telemetry.map(|items| json!({
                "classHistoryUuid": "p", "classStartTime": "2026-04-10T14:45:07Z", "telemetry": items,
            })),
        }))
        .unwrap()
    }

    fn tread(seconds: i64, metres: f64) -> Value {
        json!({ "relativeTimestamp": seconds, "hr": 120, "treadData": { "aggTreadDistance": metres } })
    }

    #[test]
    fn metres_of_the_member_before_are_not_counted() {
        let items = json!([tread(0, 480.0), tread(30, 560.0), tread(60, 640.0)]);
        let track = Track::of(&workout(Some(items))).unwrap();
        let distances: Vec<f64> = track.points.iter().map(|point| point.distance).collect();
        assert_eq!(distances, [0.0, 80.0, 160.0]);
    }

    #[test]
    fn a_counter_that_starts_again_does_not_take_metres_back() {
        let mut counter = Counter::default();
        let readings = [Some(10.0), Some(110.0), None, Some(3.0), Some(f64::NAN), Some(150.0)];
        assert_eq!(readings.map(|metres| counter.read(metres)), [0.0, 100.0, 100.0, 100.0, 100.0, 140.0]);
    }

    #[test]
    fn one_point_or_none_takes_the_duration_from_the_schedule() {
        for (items, points) in [(None, 0), (Some(json!([])), 0), (Some(json!([tread(0, 0.0)])), 1)] {
            let workout = workout(items);
            let track = Track::of(&workout).unwrap();
            assert_eq!((track.points.len(), utc(track.start)), (points, "2026-04-10T14:45:00Z".to_owned()));
            assert_eq!(track.end.duration_since(track.start).as_secs(), 3000);
            let text = document(&workout, &track, Sport::Other).unwrap();
            assert!(text.contains("<Calories>512</Calories>"), "{text}");
            assert_eq!(text.contains("<Track>"), points > 0, "{text}");
        }
    }

    #[test]
    fn points_go_forward() {
        let items = json!([tread(30, 0.0), tread(30, 5.0), tread(10, 6.0), tread(60, 9.0)]);
        let track = Track::of(&workout(Some(items))).unwrap();
        assert!(track.points.windows(2).all(|pair| pair[0].time < pair[1].time));
        assert_eq!(track.points.len(), 2);
    }
}
