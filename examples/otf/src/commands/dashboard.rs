//! `otf dashboard`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use otf_api::jiff::civil::{Date, DateTime, date};
use otf_api::models::{Booking, BookingWorkout, FitnessBenchmark, Measurement, ZoneTimeMinutes};
use otf_api::{BenchmarkQuery, BookingQuery};
use serde_json::json;

use crate::cli::Global;
use crate::failure::Result;
use crate::output::{self, escape, save};
use crate::service::Service;
use crate::values;

/// Write an HTML page of the year: next classes, splat points, heart rate zones, benchmarks.
///
/// The page is a single file that loads nothing else.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf dashboard --out dashboard.html
  otf dashboard --year 2026")]
pub struct Dashboard {
    /// Where to write it
    #[arg(long, value_name = "FILE", default_value = "dashboard.html")]
    out: PathBuf,
    /// The year [default: this one]
    #[arg(long, value_name = "YYYY", allow_negative_numbers = true, value_parser = values::year)]
    year: Option<i16>,
}

impl Dashboard {
    pub fn run(&self, global: &Global) -> Result {
        let service = Service::connect(global)?;
        let otf = &service.otf;
        let now = service.now();
        let today = now.to_zoned_datetime(service.zone()?).datetime();
        let year = self.year.unwrap_or(today.year());

        // A past booking has the figures that a year's charts need: one request for all of them.
        let first = Date::new(year, 1, 1)?;
        let bookings = otf.bookings().list(&BookingQuery::new().from(first.min(today.date())))?;
        let (past, ahead): (Vec<_>, Vec<_>) =
            bookings.iter().partition(|booking| booking.start().has_passed(now));
        let workouts: Vec<Past<'_>> = past
            .into_iter()
            .filter(|booking| booking.start().date().year() == year)
            .filter_map(|booking| Some(Past { booking, workout: booking.workout.as_ref()? }))
            .collect();
        let benchmarks = otf.workouts().benchmarks(&BenchmarkQuery::new())?;
        let member = otf.member()?;

        let page = Page { year, today, name: member.first_name.as_deref().unwrap_or("You"), ahead, workouts };
        save(&self.out, &page.html(&benchmarks)?)?;
        if global.json {
            return output::json(&json!({ "year": year, "workouts": page.workouts.len(), "file": self.out }));
        }
        println!("{} workouts of {year} in {}", page.workouts.len(), self.out.display());
        Ok(())
    }
}

const ZONES: [&str; 5] = ["gray", "blue", "green", "orange", "red"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The splat points that coaches aim for in a class.
const SPLAT_GOAL: f64 = 12.0;

struct Past<'a> {
    booking: &'a Booking,
    workout: &'a BookingWorkout,
}

impl Past<'_> {
    fn splats(&self) -> f64 {
        self.workout.splat_points.unwrap_or_default() as f64
    }

    fn zones(&self) -> [f64; 5] {
        let ZoneTimeMinutes { gray, blue, green, orange, red, .. } =
            self.workout.zone_time_minutes.unwrap_or_default();
        [gray, blue, green, orange, red].map(|minutes| minutes as f64)
    }
}

struct Page<'a> {
    year: i16,
    today: DateTime,
    name: &'a str,
    ahead: Vec<&'a Booking>,
    workouts: Vec<Past<'a>>,
}

impl Page<'_> {
    fn html(&self, benchmarks: &[FitnessBenchmark]) -> Result<String> {
        let mut html = String::new();
        write!(
            html,
            r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}: {year}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<main>
<header><h1>{name}’s {year}</h1><p>as of {today}</p></header>
"#,
            name = escape(self.name),
            year = self.year,
            today = self.today.strftime("%A, %-d %B %Y, %H:%M"),
        )?;
        self.tiles(&mut html)?;
        self.next_classes(&mut html)?;
        self.zones(&mut html)?;
        self.splats(&mut html)?;
        self.months(&mut html)?;
        benchmark_table(&mut html, benchmarks)?;
        html.push_str("</main>\n</body>\n</html>\n");
        Ok(html)
    }

    fn tiles(&self, html: &mut String) -> Result {
        let sum = |of: fn(&BookingWorkout) -> Option<i64>| -> i64 {
            self.workouts.iter().filter_map(|past| of(past.workout)).sum()
        };
        let splats = sum(|workout| workout.splat_points);
        let count = self.workouts.len();
        let tiles = [
            ("Workouts", grouped(i64::try_from(count).unwrap_or(i64::MAX))),
            ("Splat points", grouped(splats)),
            ("Splats per class", format!("{:.1}", splats as f64 / (count as f64).max(1.0))),
            ("Kilocalories", grouped(sum(|workout| workout.calories_burned))),
            ("Hours active", format!("{:.1}", sum(|workout| workout.active_time_seconds) as f64 / 3600.0)),
        ];
        html.push_str("<section class=\"tiles\">\n");
        for (name, figure) in tiles {
            writeln!(html, "<div class=\"card\"><strong>{figure}</strong><span>{name}</span></div>")?;
        }
        html.push_str("</section>\n");
        Ok(())
    }

    fn next_classes(&self, html: &mut String) -> Result {
        html.push_str("<section class=\"card\"><h2>Next classes</h2>\n");
        if self.ahead.is_empty() {
            html.push_str("<p class=\"empty\">Nothing is booked.</p>\n");
        }
        html.push_str("<ol class=\"classes\">\n");
        for booking in self.ahead.iter().take(6) {
            let class = &booking.otf_class;
            let studio = class.studio.as_ref().and_then(|studio| studio.name.as_deref());
            let coach = booking.coach_name().map(|coach| format!("with {coach}"));
            let about: Vec<&str> = [coach.as_deref(), studio].into_iter().flatten().collect();
            let start = booking.start().local;
            let waiting = match booking.waitlist_position.filter(|_| booking.is_waitlisted()) {
                Some(position) => format!("<em>waitlist {position}</em>"),
                None => String::new(),
            };
            writeln!(
                html,
                "<li><time datetime=\"{}\"><b>{}</b>{}</time><div><b>{}</b> {waiting}<small>{}</small></div></li>",
                start.strftime("%Y-%m-%dT%H:%M"),
                start.strftime("%a %-d %b"),
                start.strftime("%H:%M"),
                escape(&class.name),
                escape(about.join(" · ")),
            )?;
        }
        html.push_str("</ol></section>\n");
        Ok(())
    }

    /// A ring of the minutes in each zone.
    fn zones(&self, html: &mut String) -> Result {
        let minutes = self.workouts.iter().fold([0.0; 5], |sum, past| add(sum, past.zones()));
        let total: f64 = minutes.iter().sum();
        html.push_str("<section class=\"card\"><h2>Heart rate zones</h2>\n<div class=\"ring\">\n");
        write!(
            html,
            "<svg class=\"chart\" viewBox=\"0 0 160 160\" role=\"img\" aria-label=\"Minutes in each zone\">"
        )?;
        write!(html, "<circle class=\"all\" cx=\"80\" cy=\"80\" r=\"{RADIUS}\"/>")?;
        let round = std::f64::consts::TAU * RADIUS;
        let mut begun = 0.0;
        for (zone, minutes) in ZONES.into_iter().zip(minutes) {
            let part = minutes / total.max(1.0) * round;
            write!(
                html,
                "<circle class=\"{zone}\" cx=\"80\" cy=\"80\" r=\"{RADIUS}\" stroke-dasharray=\"{:.2} {round:.2}\" stroke-dashoffset=\"{:.2}\"><title>{zone}: {minutes:.0} min</title></circle>",
                (part - 1.5).max(0.0),
                -begun,
            )?;
            begun += part;
        }
        write!(
            html,
            "<text class=\"figure\" x=\"80\" y=\"83\">{:.0}</text><text class=\"note\" x=\"80\" y=\"101\">hours</text></svg>\n<ul class=\"legend\">\n",
            total / 60.0
        )?;
        for (zone, minutes) in ZONES.into_iter().zip(minutes).rev() {
            writeln!(
                html,
                "<li><i class=\"{zone}\"></i>{zone}<b>{} min</b><span>{:.0} %</span></li>",
                grouped(minutes as i64),
                minutes / total.max(1.0) * 100.0,
            )?;
        }
        html.push_str("</ul></div></section>\n");
        Ok(())
    }

    /// A bar for each workout, where it is in the year.
    fn splats(&self, html: &mut String) -> Result {
        let plot = Plot { full: self.workouts.iter().map(Past::splats).fold(SPLAT_GOAL, f64::max) * 1.1 };
        html.push_str("<section class=\"card wide\"><h2>Splat points</h2>\n");
        plot.open(html, "Splat points of each workout")?;
        let goal = plot.y(SPLAT_GOAL);
        write!(
            html,
            "<line class=\"goal\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{goal:.1}\" y2=\"{goal:.1}\"/><text class=\"start\" x=\"{:.1}\" y=\"{:.1}\">goal {SPLAT_GOAL:.0}</text>",
            RIGHT + 8.0,
            goal + 4.0,
        )?;
        let days = f64::from(date(self.year, 12, 31).day_of_year());
        for past in &self.workouts {
            let start = past.booking.start().local;
            let x = LEFT + (f64::from(start.date().day_of_year()) - 0.5) / days * (RIGHT - LEFT);
            let y = plot.y(past.splats());
            let class = if past.splats() >= SPLAT_GOAL { "orange" } else { "orange low" };
            write!(
                html,
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"6\" height=\"{:.1}\" rx=\"2\"><title>{}: {:.0}</title></rect>",
                x - 3.0,
                BOTTOM - y,
                escape(past.booking.otf_class.to_string()),
                past.splats(),
            )?;
        }
        html.push_str("</svg></section>\n");
        Ok(())
    }

    /// Minutes in the zones, a stack for each month.
    fn months(&self, html: &mut String) -> Result {
        let mut months: BTreeMap<i8, [f64; 5]> = BTreeMap::new();
        for past in &self.workouts {
            let month = months.entry(past.booking.start().local.month()).or_default();
            *month = add(*month, past.zones());
        }
        let highest = months.values().map(|minutes| minutes.iter().sum()).fold(60.0, f64::max);
        let plot = Plot { full: highest * 1.1 };
        html.push_str("<section class=\"card wide\"><h2>Minutes in each zone, by month</h2>\n");
        plot.open(html, "Minutes in each zone, by month")?;
        let step = (RIGHT - LEFT) / 12.0;
        for (month, minutes) in months {
            let x = LEFT + (f64::from(month) - 1.0) * step + step * 0.2;
            let mut so_far = 0.0;
            for (zone, minutes) in ZONES.into_iter().zip(minutes) {
                let (bottom, top) = (plot.y(so_far), plot.y(so_far + minutes));
                write!(
                    html,
                    "<rect class=\"{zone}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{zone}: {minutes:.0} min</title></rect>",
                    step * 0.6,
                    (bottom - top - 1.0).max(0.0),
                )?;
                so_far += minutes;
            }
        }
        html.push_str("</svg></section>\n");
        Ok(())
    }
}

const RADIUS: f64 = 62.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 900.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 200.0;

/// A plot over the months of a year.
struct Plot {
    /// The value at the upper edge.
    full: f64,
}

impl Plot {
    fn y(&self, value: f64) -> f64 {
        BOTTOM - value / self.full * (BOTTOM - TOP)
    }

    fn open(&self, html: &mut String, label: &str) -> Result {
        write!(html, "<svg class=\"chart\" viewBox=\"0 0 960 228\" role=\"img\" aria-label=\"{label}\">")?;
        // Some four lines at round numbers.
        let step = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0]
            .into_iter()
            .find(|step| self.full / step < 6.0)
            .unwrap_or(self.full);
        for nth in 0..6_u8 {
            let value = f64::from(nth) * step;
            if value > self.full {
                break;
            }
            let y = self.y(value);
            write!(
                html,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"note end\" x=\"{:.1}\" y=\"{:.1}\">{value:.0}</text>",
                LEFT - 8.0,
                y + 4.0,
            )?;
        }
        let step = (RIGHT - LEFT) / 12.0;
        for (month, nth) in MONTHS.into_iter().zip(0_u8..) {
            let x = LEFT + (f64::from(nth) + 0.5) * step;
            write!(html, "<text class=\"note\" x=\"{x:.1}\" y=\"{:.1}\">{month}</text>", BOTTOM + 20.0)?;
        }
        html.push('\n');
        Ok(())
    }
}

fn benchmark_table(html: &mut String, benchmarks: &[FitnessBenchmark]) -> Result {
    html.push_str("<section class=\"card wide\"><h2>Benchmarks</h2>\n");
    if benchmarks.is_empty() {
        html.push_str("<p class=\"empty\">There are none yet.</p></section>\n");
        return Ok(());
    }
    html.push_str(
        "<table><thead><tr><th>Benchmark</th><th>Best</th><th>Last</th><th>Results</th></tr></thead><tbody>\n",
    );
    for benchmark in benchmarks {
        let figure = |figure: &Option<Measurement>| match figure {
            Some(Measurement::Number(number)) => {
                let number = (number * 100.0).round() / 100.0;
                format!("{number} {}", escape(benchmark.unit.as_deref().unwrap_or_default()))
            }
            Some(figure) => escape(figure),
            None => "–".to_owned(),
        };
        writeln!(
            html,
            "<tr><td>{}<small>{}</small></td><td><b>{}</b></td><td>{}</td><td>{}</td></tr>",
            escape(benchmark.challenge_name.as_deref().unwrap_or("Benchmark")),
            escape(benchmark.equipment_name.as_deref().unwrap_or_default()),
            figure(&benchmark.best_record),
            figure(&benchmark.last_record),
            results(benchmark)?,
        )?;
    }
    html.push_str("</tbody></table></section>\n");
    Ok(())
}

/// The results of a benchmark as a line, the earliest first; up is better.
fn results(benchmark: &FitnessBenchmark) -> Result<String> {
    let mut results: Vec<(DateTime, f64)> = benchmark
        .challenge_histories
        .iter()
        .flat_map(|history| history.benchmark_histories.iter())
        .filter_map(|history| {
            let result = history.result.as_ref()?;
            Some((history.class_time?, result.seconds().map(|seconds| -seconds).or_else(|| result.number())?))
        })
        .collect();
    results.sort_by_key(|(date, _)| *date);
    if results.len() < 2 {
        return Ok("<small>one result</small>".to_owned());
    }
    let values = || results.iter().map(|(_, value)| *value);
    let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
    let spread = (high - low).max(f64::EPSILON);
    let last = (results.len() - 1) as f64;
    let points: Vec<(f64, f64)> = values()
        .enumerate()
        .map(|(nth, value)| (6.0 + nth as f64 / last * 128.0, 26.0 - (value - low) / spread * 20.0))
        .collect();
    let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let mut svg = format!(
        "<svg class=\"chart small\" viewBox=\"0 0 140 32\" role=\"img\" aria-label=\"Results\"><polyline points=\"{}\"/>",
        line.join(" ")
    );
    for (((x, y), (date, _)), history) in points.iter().zip(&results).zip(0..) {
        let class = if f64::from(history) == last { " class=\"last\"" } else { "" };
        write!(
            svg,
            "<circle{class} cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"><title>{}</title></circle>",
            date.date()
        )?;
    }
    svg.push_str("</svg>");
    Ok(svg)
}

fn add(one: [f64; 5], other: [f64; 5]) -> [f64; 5] {
    let mut sum = one;
    sum.iter_mut().zip(other).for_each(|(sum, other)| *sum += other);
    sum
}

/// A number with thousands separators.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (digit, left) in digits.chars().zip((0..digits.len()).rev()) {
        grouped.push(digit);
        if left > 0 && left % 3 == 0 && digit != '-' {
            grouped.push('\u{202f}');
        }
    }
    grouped
}

const STYLE: &str = "
:root { color-scheme: light dark; --page: #f4f5f7; --card: #ffffff; --text: #1b1f24; --quiet: #656d76; --line: #e3e7eb;
  --gray: #8b949e; --blue: #2f7de1; --green: #1f9d61; --orange: #f5821f; --red: #dc3545 }
@media (prefers-color-scheme: dark) { :root { --page: #101316; --card: #1a1e23; --text: #eceff2; --quiet: #98a2ad; --line: #2b3138 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif }
main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 48px; display: grid; gap: 16px; grid-template-columns: 1fr 1fr }
header, .tiles, .wide { grid-column: 1 / -1 }
header { display: flex; align-items: baseline; gap: 14px; flex-wrap: wrap }
h1 { margin: 0; font-size: 28px } h2 { margin: 0 0 14px; font-size: 16px } header p { margin: 0; color: var(--quiet) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px 22px }
.tiles { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)) }
.tiles strong { display: block; font-size: 28px; line-height: 1.2 } .tiles span, small, .empty { color: var(--quiet) } small { display: block; font-size: 13px }
.classes { list-style: none; margin: 0; padding: 0 } .classes li { display: flex; gap: 16px; padding: 9px 0; border-top: 1px solid var(--line) } .classes li:first-child { border-top: 0; padding-top: 0 }
time { flex: 0 0 100px; color: var(--quiet) } time b { display: block; color: var(--text); white-space: nowrap }
em { font-style: normal; font-size: 12px; padding: 1px 8px; border-radius: 9px; background: var(--orange); color: #fff; white-space: nowrap }
.chart { display: block; width: 100%; height: auto } .chart text { fill: var(--quiet); font-size: 12px; text-anchor: middle } .chart .end { text-anchor: end } .chart .start { text-anchor: start }
.chart .gray { fill: var(--gray) } .chart .blue { fill: var(--blue) } .chart .green { fill: var(--green) } .chart .orange { fill: var(--orange) } .chart .red { fill: var(--red) } .chart .low { opacity: .45 }
.grid { stroke: var(--line) } line.goal { stroke: var(--quiet); stroke-dasharray: 4 4 }
.ring { display: flex; gap: 28px; align-items: center; flex-wrap: wrap; min-height: 240px } .ring svg { flex: 0 0 190px; width: 190px } .ring circle { fill: none; stroke-width: 22; transform: rotate(-90deg); transform-origin: center }
.ring circle.all { stroke: var(--line) } .ring circle.gray { stroke: var(--gray); fill: none } .ring circle.blue { stroke: var(--blue); fill: none } .ring circle.green { stroke: var(--green); fill: none } .ring circle.orange { stroke: var(--orange); fill: none } .ring circle.red { stroke: var(--red); fill: none }
.ring .figure { font-size: 30px; font-weight: 700; fill: var(--text) }
.legend { list-style: none; margin: 0; padding: 0; flex: 1 } .legend li { display: flex; gap: 10px; align-items: center; padding: 4px 0; text-transform: capitalize } .legend b { margin-left: auto; text-transform: none; font-weight: 600; white-space: nowrap } .legend span { width: 44px; text-align: right; color: var(--quiet); white-space: nowrap }
.legend i { width: 12px; height: 12px; border-radius: 4px } i.gray { background: var(--gray) } i.blue { background: var(--blue) } i.green { background: var(--green) } i.orange { background: var(--orange) } i.red { background: var(--red) }
table { width: 100%; border-collapse: collapse } th { text-align: left; font-size: 13px; font-weight: 600; color: var(--quiet) } th, td { padding: 9px 12px 9px 0; border-bottom: 1px solid var(--line); vertical-align: middle } tr:last-child td { border-bottom: 0 } td:last-child { width: 160px }
.small polyline { fill: none; stroke: var(--quiet); stroke-width: 1.6 } .small circle { fill: var(--quiet) } .small .last { fill: var(--orange) }
@media (max-width: 760px) { main { grid-template-columns: 1fr } }
";
