//! `otf chart`

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::Args;
use otf_api::models::{Telemetry, TelemetryItem, Workout};
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::output::{self, escape, save};
use crate::service::Service;
use crate::workout_choice::WorkoutChoice;

/// Draw one workout as an SVG file, and as a line in the terminal.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf chart --out workout.svg
  otf chart --date 2026-03-30 --miles")]
pub struct Chart {
    #[command(flatten)]
    choice: WorkoutChoice,
    /// Where to draw it
    #[arg(long, value_name = "FILE", default_value = "workout.svg")]
    out: PathBuf,
    /// Show miles per hour instead of kilometers per hour
    #[arg(long)]
    miles: bool,
}

impl Chart {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let workout = self.choice.load(&service, 300)?;
        let telemetry = workout
            .telemetry
            .as_ref()
            .ok_or_else(|| Failure::failed(format!("{workout}: nothing was measured")))?;
        let scale = Scale::of(&workout, telemetry)?;
        save(&self.out, &draw(&workout, telemetry, &scale, self.miles)?)?;
        if global.json {
            return output::json(&json!({ "booking_id": workout.booking_id(), "file": self.out }));
        }
        println!("{workout}");
        println!("{}", sparkline(telemetry, &scale, io::stdout().is_terminal()));
        println!("drawn in {}", self.out.display());
        Ok(())
    }
}

/// Name, color for the screen, and the terminal's color.
const ZONES: [(&str, &str, u8); 5] = [
    ("Gray", "#8b949e", 245),
    ("Blue", "#2f7de1", 33),
    ("Green", "#1f9d61", 35),
    ("Orange", "#f5821f", 208),
    ("Red", "#dc3545", 196),
];

const TREADMILL: &str = "#7c5cff";
const ROWER: &str = "#0ea5b7";

/// Where things are on the drawing.
struct Scale {
    seconds: f64,
    /// Beats per minute at the lower and the upper edge.
    low: f64,
    high: f64,
    /// Where the zones begin, and where the last one ends.
    bounds: [f64; 6],
}

impl Scale {
    fn of(workout: &Workout, telemetry: &Telemetry) -> Result<Self> {
        let rates = || telemetry.telemetry.iter().filter_map(|item| item.hr).map(|hr| hr as f64);
        let (lowest, highest) = (rates().fold(f64::MAX, f64::min), rates().fold(f64::MIN, f64::max));
        if highest < lowest {
            return Err(Failure::failed("no heart rate was measured"));
        }
        let max_hr = workout.max_hr().or(telemetry.max_hr).map_or(highest, |max_hr| max_hr as f64);
        let bounds = zone_bounds(telemetry, max_hr);
        let last = telemetry.telemetry.iter().map(|item| item.relative_timestamp).max().unwrap_or_default();
        Ok(Self {
            seconds: (last as f64).max(60.0),
            low: ((lowest - 8.0) / 10.0).floor() * 10.0,
            high: highest.max(max_hr) + 4.0,
            bounds,
        })
    }

    fn x(&self, seconds: f64) -> f64 {
        LEFT + seconds / self.seconds * (RIGHT - LEFT)
    }

    fn y(&self, rate: f64) -> f64 {
        let share = ((rate - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        HEART_BOTTOM - share * (HEART_BOTTOM - HEART_TOP)
    }

    /// Zones from the lowest one, each with where it begins and ends.
    fn zones(&self) -> impl Iterator<Item = ((&'static str, &'static str, u8), f64, f64)> + '_ {
        let ends = self.bounds.iter().skip(1);
        ZONES.into_iter().zip(self.bounds.iter().zip(ends)).map(|(zone, (from, to))| (zone, *from, *to))
    }
}

/// Where the zones begin: from the telemetry, else the usual percentages of the maximum.
fn zone_bounds(telemetry: &Telemetry, max_hr: f64) -> [f64; 6] {
    let zones = telemetry.zones.unwrap_or_default();
    let begins = |zone: Option<otf_api::models::Zone>, share: f64| {
        zone.and_then(|zone| zone.start_bpm).map_or(max_hr * share, |bpm| bpm as f64)
    };
    [
        0.0,
        begins(zones.blue, 0.61),
        begins(zones.green, 0.71),
        begins(zones.orange, 0.84),
        begins(zones.red, 0.92),
        max_hr,
    ]
}

const WIDTH: f64 = 960.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 856.0;
const HEART_TOP: f64 = 176.0;
const HEART_BOTTOM: f64 = 416.0;
const MACHINE_HEIGHT: f64 = 70.0;

fn draw(workout: &Workout, telemetry: &Telemetry, scale: &Scale, miles: bool) -> Result<String> {
    let items: &[TelemetryItem] = &telemetry.telemetry;
    let (factor, unit) = if miles { (2.236_94, "mph") } else { (3.6, "km/h") };
    let treadmill = series(items, |item| Some(item.tread_data?.tread_speed? * factor));
    let rower = series(items, |item| Some(item.row_data?.row_speed? * factor));
    let machines: Vec<_> = [("Treadmill", TREADMILL, treadmill), ("Rower", ROWER, rower)]
        .into_iter()
        .filter(|(_, _, points)| !points.is_empty())
        .collect();
    let axis = HEART_BOTTOM + machines.len() as f64 * (MACHINE_HEIGHT + 24.0);
    let height = axis + 112.0;

    let mut svg = String::new();
    writeln!(
        svg,
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif" role="img">
<title>{title}</title>
<rect width="{WIDTH}" height="{height}" rx="14" fill="#ffffff"/>"##,
        title = escape(workout),
    )?;
    heading(&mut svg, workout, scale)?;
    heart_rate(&mut svg, items, scale)?;
    for ((name, color, points), nth) in machines.iter().zip(0_u8..) {
        let top = HEART_BOTTOM + 24.0 + f64::from(nth) * (MACHINE_HEIGHT + 24.0);
        machine(&mut svg, scale, (name, unit, color), top, points)?;
    }
    time_axis(&mut svg, scale, axis)?;
    zone_bar(&mut svg, workout, axis + 54.0)?;
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn heading(svg: &mut String, workout: &Workout, scale: &Scale) -> Result {
    let class = workout.otf_class();
    let mut about = vec![class.start.local.strftime("%A, %-d %B %Y, %H:%M").to_string()];
    about.extend(workout.coach_name().map(|coach| format!("with {coach}")));
    about.extend(workout.studio().and_then(|studio| studio.name.clone()));
    writeln!(
        svg,
        r##"<text x="{LEFT}" y="50" font-size="24" font-weight="700" fill="#1b1f24">{}</text>
<text x="{LEFT}" y="74" font-size="13.5" fill="#656d76">{}</text>"##,
        escape(&class.name),
        escape(about.join("  ·  ")),
    )?;
    let heart = workout.heart_rate();
    let figures = [
        ("Splat points", workout.splat_points(), ZONES.map(|zone| zone.1)[3]),
        ("Kilocalories", workout.calories_burned(), "#1b1f24"),
        ("Active minutes", workout.active_time_seconds().map(|seconds| seconds / 60), "#1b1f24"),
        ("Average bpm", heart.and_then(|heart| heart.avg_hr), "#1b1f24"),
        ("Peak bpm", heart.and_then(|heart| heart.peak_hr), "#1b1f24"),
    ];
    let step = (RIGHT - LEFT) / figures.len() as f64;
    let known = figures.into_iter().filter_map(|(name, figure, color)| Some((name, figure?, color)));
    for ((name, figure, color), nth) in known.zip(0_u8..) {
        let x = scale.x(0.0) + f64::from(nth) * step;
        writeln!(
            svg,
            r##"<text x="{x:.1}" y="124" font-size="28" font-weight="700" fill="{color}">{figure}</text><text x="{x:.1}" y="143" font-size="12" fill="#656d76">{name}</text>"##,
        )?;
    }
    Ok(())
}

/// The line has the color of the zone that it is in.
fn heart_rate(svg: &mut String, items: &[TelemetryItem], scale: &Scale) -> Result {
    svg.push_str("<defs>");
    write!(
        svg,
        r##"<linearGradient id="zones" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="{HEART_BOTTOM}" y2="{HEART_TOP}">"##
    )?;
    for ((_, color, _), from, to) in scale.zones() {
        for rate in [from, to] {
            let share = (HEART_BOTTOM - scale.y(rate)) / (HEART_BOTTOM - HEART_TOP);
            write!(svg, r##"<stop offset="{share:.4}" stop-color="{color}"/>"##)?;
        }
    }
    svg.push_str("</linearGradient></defs>\n");

    for ((name, color, _), from, to) in scale.zones() {
        let (top, bottom) = (if name == "Red" { HEART_TOP } else { scale.y(to) }, scale.y(from));
        if bottom - top < 1.0 {
            continue;
        }
        write!(
            svg,
            r##"<rect x="{LEFT}" y="{top:.1}" width="{:.1}" height="{:.1}" fill="{color}" fill-opacity="0.11"/>"##,
            RIGHT - LEFT,
            bottom - top,
        )?;
        let middle = (top + bottom) / 2.0 + 4.0;
        write!(
            svg,
            r##"<text x="{:.1}" y="{middle:.1}" font-size="12" font-weight="600" fill="{color}">{name}</text>"##,
            RIGHT + 10.0,
        )?;
        if scale.low < from {
            write!(
                svg,
                r##"<text x="{:.1}" y="{:.1}" font-size="11.5" text-anchor="end" fill="#656d76">{from:.0}</text>"##,
                LEFT - 8.0,
                bottom + 4.0,
            )?;
        }
        svg.push('\n');
    }
    writeln!(
        svg,
        r##"<text x="{LEFT}" y="{:.1}" font-size="12" fill="#656d76">Heart rate, beats per minute</text>"##,
        HEART_TOP - 8.0,
    )?;
    for run in series(items, |item| item.hr.map(|hr| hr as f64)) {
        let points = run.iter().map(|(at, rate)| format!("{:.1},{:.1}", scale.x(*at), scale.y(*rate)));
        writeln!(
            svg,
            r##"<polyline points="{}" fill="none" stroke="url(#zones)" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"/>"##,
            points.collect::<Vec<_>>().join(" "),
        )?;
    }
    Ok(())
}

type Run = Vec<(f64, f64)>;

fn machine(
    svg: &mut String,
    scale: &Scale,
    (name, unit, color): (&str, &str, &str),
    top: f64,
    runs: &[Run],
) -> Result {
    let bottom = top + MACHINE_HEIGHT;
    let highest = runs.iter().flatten().map(|(_, value)| *value).fold(0.0, f64::max);
    // A round number, so that the line at the top says something.
    let full = (highest * 1.1).ceil().max(1.0);
    let y = |value: f64| bottom - value / full * MACHINE_HEIGHT;
    for value in [0.0, full] {
        write!(
            svg,
            r##"<line x1="{LEFT}" x2="{RIGHT}" y1="{y:.1}" y2="{y:.1}" stroke="#d8dee4"/><text x="{:.1}" y="{:.1}" font-size="11.5" text-anchor="end" fill="#656d76">{value:.0}</text>"##,
            LEFT - 8.0,
            y(value) + 4.0,
            y = y(value),
        )?;
    }
    for run in runs {
        let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { continue };
        let points = run.iter().map(|(at, value)| format!("L{:.1},{:.1}", scale.x(*at), y(*value)));
        let line = points.collect::<String>();
        let (from, to) = (scale.x(*first), scale.x(*last));
        writeln!(
            svg,
            r##"<path d="M{from:.1},{bottom:.1}{line}L{to:.1},{bottom:.1}Z" fill="{color}" fill-opacity="0.18"/><path d="M{}" fill="none" stroke="{color}" stroke-width="1.8" stroke-linejoin="round"/>"##,
            line.trim_start_matches('L'),
        )?;
    }
    writeln!(
        svg,
        r##"<text x="{x:.1}" y="{:.1}" font-size="12" font-weight="600" fill="{color}">{name}</text><text x="{x:.1}" y="{:.1}" font-size="11.5" fill="#656d76">{unit}</text>"##,
        top + MACHINE_HEIGHT / 2.0 - 2.0,
        top + MACHINE_HEIGHT / 2.0 + 14.0,
        x = RIGHT + 10.0,
    )?;
    Ok(())
}

fn time_axis(svg: &mut String, scale: &Scale, y: f64) -> Result {
    let step = if scale.seconds > 4_200.0 { 15 } else { 10 };
    for minute in (0..).step_by(step).take_while(|minute| f64::from(*minute) * 60.0 <= scale.seconds) {
        let x = scale.x(f64::from(minute) * 60.0);
        writeln!(
            svg,
            r##"<line x1="{x:.1}" x2="{x:.1}" y1="{HEART_TOP}" y2="{y:.1}" stroke="#1b1f24" stroke-opacity="0.07"/><text x="{x:.1}" y="{:.1}" font-size="11.5" text-anchor="middle" fill="#656d76">{minute} min</text>"##,
            y + 18.0,
        )?;
    }
    Ok(())
}

/// Minutes in each zone.
fn zone_bar(svg: &mut String, workout: &Workout, y: f64) -> Result {
    let Some(zones) = workout.zone_time_minutes() else { return Ok(()) };
    let minutes =
        [zones.gray, zones.blue, zones.green, zones.orange, zones.red].map(|minutes| minutes as f64);
    let total: f64 = minutes.iter().sum();
    if total <= 0.0 {
        return Ok(());
    }
    let mut x = LEFT;
    for ((name, color, _), minutes) in ZONES.into_iter().zip(minutes) {
        let width = minutes / total * (RIGHT - LEFT);
        if width <= 0.0 {
            continue;
        }
        write!(
            svg,
            r##"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="24" rx="4" fill="{color}"><title>{name}: {minutes:.0} min</title></rect>"##,
            (width - 2.0).max(1.0),
        )?;
        if width >= 26.0 {
            write!(
                svg,
                r##"<text x="{:.1}" y="{:.1}" font-size="12" font-weight="600" text-anchor="middle" fill="#ffffff">{minutes:.0}</text>"##,
                x + width / 2.0 - 1.0,
                y + 16.0,
            )?;
        }
        x += width;
    }
    writeln!(
        svg,
        r##"
<text x="{:.1}" y="{:.1}" font-size="12" fill="#656d76">minutes</text>"##,
        RIGHT + 10.0,
        y + 16.0,
    )?;
    Ok(())
}

/// The measurements, as runs without a gap. One or two missing points do not count as a gap.
fn series(items: &[TelemetryItem], value: impl Fn(&TelemetryItem) -> Option<f64>) -> Vec<Run> {
    let step = items.windows(2).map(|pair| match pair {
        [one, other] => other.relative_timestamp.saturating_sub(one.relative_timestamp),
        _ => 0,
    });
    let gap = step.max().unwrap_or_default().saturating_mul(3) as f64;
    let mut runs: Vec<Run> = Vec::new();
    for item in items {
        let Some(value) = value(item) else { continue };
        let at = item.relative_timestamp as f64;
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| at - last < gap) => run.push((at, value)),
            _ => runs.push(vec![(at, value)]),
        }
    }
    runs
}

/// The heart rate as a line of blocks, in the colors of the zones on a terminal.
fn sparkline(telemetry: &Telemetry, scale: &Scale, colors: bool) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const COLUMNS: usize = 72;
    let rates: Vec<f64> = telemetry.telemetry.iter().filter_map(|item| item.hr).map(|hr| hr as f64).collect();
    let mut line = String::new();
    for column in rates.chunks(rates.len().div_ceil(COLUMNS).max(1)) {
        let rate = column.iter().sum::<f64>() / column.len() as f64;
        let share = ((rate - scale.low) / (scale.high - scale.low)).clamp(0.0, 0.999);
        let block = BLOCKS.get((share * 8.0) as usize).copied().unwrap_or('█');
        let zone = scale.zones().filter(|(_, from, _)| *from <= rate).last();
        match zone.filter(|_| colors) {
            Some(((_, _, color), _, _)) => line.push_str(&format!("\x1b[38;5;{color}m{block}\x1b[0m")),
            None => line.push(block),
        }
    }
    line
}
