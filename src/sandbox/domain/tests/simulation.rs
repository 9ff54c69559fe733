//! Telemetry, summaries, bookings and lifetime stats of one workout agree, and look like a workout.

use serde_json::{Value, json};

use super::Bench;
use crate::sandbox::accounts::PAT;
use crate::sandbox::domain::heart::{MAX_HR, zone_of};
use crate::sandbox::domain::program::Activity;
use crate::sandbox::domain::schedule::Class;
use crate::sandbox::domain::simulation::watts;
use crate::sandbox::domain::workouts::Workout;
use crate::sandbox::domain::{atlas, times};

/// Workouts of many days and of each type of class.
fn many() -> Vec<(Class, Workout)> {
    let types = [("ORANGE_60", 60), ("ORANGE_90", 90), ("TREAD_50", 50), ("STRENGTH_50", 50), ("OTHER", 30)];
    (0..40)
        .flat_map(|day| types.map(|(kind, minutes)| (day, kind, minutes)))
        .map(|(day, kind, minutes)| {
            let date = times::plus_days("2026-01-05".parse().unwrap(), day);
            let class = Class::new(&atlas::LAKEVIEW, date.at(9, 45, 0, 0), kind, kind, minutes, 24);
            let workout = Workout::in_class(&class, PAT.member_uuid);
            (class, workout)
        })
        .collect()
}

#[test]
fn heart_rates_rise_and_fall_like_a_workout() {
    for (class, workout) in many() {
        let rates: Vec<u64> = workout.seconds().iter().map(|second| second.heart_rate).collect();
        let name = format!("{} {}", class.kind, class.start);
        for pair in rates.windows(2) {
            assert!(pair[0].abs_diff(pair[1]) <= 4, "{name}: a jump from {} to {}", pair[0], pair[1]);
        }
        assert!(rates.iter().all(|rate| (80..=MAX_HR).contains(rate)), "{name}");
        let mean = |part: &[u64]| part.iter().sum::<u64>() / part.len() as u64;
        let thirds = rates.len() / 3;
        let (first, middle, last) =
            (mean(&rates[..60]), mean(&rates[thirds..2 * thirds]), mean(&rates[rates.len() - 30..]));
        assert!(first + 20 < middle && last + 12 < middle, "{name}: {first} {middle} {last}");
        let totals = workout.totals();
        assert!(
            (115..=165).contains(&totals.average_hr) && totals.peak_hr >= totals.average_hr + 12,
            "{name}: {totals:?}"
        );
        // No rate repeats with a fixed period, as it would in a triangle.
        for period in (60..600).step_by(30) {
            let same = rates.iter().zip(&rates[period..]).filter(|(now, later)| now == later).count();
            assert!(same * 2 < rates.len(), "{name}: repeats every {period} s");
        }
    }
}

#[test]
fn classes_differ_and_have_all_the_zones_of_interval_training() {
    let mut calories = Vec::new();
    for (class, workout) in many().into_iter().filter(|(class, _)| class.kind.starts_with("ORANGE")) {
        let totals = workout.totals();
        let [_, blue, green, orange, _] = totals.zones;
        assert!(blue > 60 && green > 600 && orange > 120, "{}: {:?}", class.start, totals.zones);
        assert!((4..=45).contains(&totals.splats()), "{}", totals.splats());
        calories.push(totals.calories);
    }
    calories.sort_unstable();
    assert!(calories[0] >= 250 && calories[calories.len() - 1] <= 1_000, "{calories:?}");
    calories.dedup();
    assert!(calories.len() > 40, "{calories:?}");
}

#[test]
fn totals_follow_from_the_seconds() {
    for (_, workout) in many() {
        let (seconds, totals) = (workout.seconds(), workout.totals());
        let in_zone =
            |zone| seconds.iter().filter(|second| zone_of(second.heart_rate) == zone).count() as u64;
        assert_eq!(totals.zones, [0, 1, 2, 3, 4].map(in_zone));
        assert_eq!(totals.active_seconds(), seconds.len() as u64);
        assert_eq!(totals.splats(), seconds.last().unwrap().in_upper_zones / 60);
        let minutes = totals.zone_minutes();
        let minutes = |zone: &str| minutes[zone].as_u64().unwrap();
        assert_eq!(minutes("orange") + minutes("red"), totals.splats());
        assert_eq!(totals.peak_hr, seconds.iter().map(|second| second.heart_rate).max().unwrap());
        let rowing: Vec<f64> = seconds
            .iter()
            .filter_map(|second| match second.activity {
                Activity::Rower { split, .. } => Some(split),
                _ => None,
            })
            .collect();
        match &totals.rower {
            Some(rower) => {
                let metres: f64 = rowing.iter().map(|split| 500.0 / split).sum();
                assert!((rower.distance as f64 - metres).abs() <= 1.0);
                let power = rowing.iter().map(|split| watts(*split)).sum::<f64>() / rowing.len() as f64;
                assert!((rower.power as f64 - power).abs() <= 0.5 && rower.power <= rower.top_power);
                assert!((70..320).contains(&rower.power), "{rower:?}");
            }
            None => assert!(rowing.is_empty()),
        }
        if let Some(treadmill) = &totals.treadmill {
            let speed = treadmill.distance as f64 / treadmill.moving as f64;
            assert!((1.4..4.0).contains(&speed), "{treadmill:?}");
        }
    }
}

/// One machine of a telemetry item: metres so far, metres per second.
fn machine(item: &Value, machine: &str, metres: &str, speed: &str) -> Option<(f64, f64)> {
    let data = item.get(machine)?;
    Some((data[metres].as_f64().unwrap(), data[speed].as_f64().unwrap()))
}

#[test]
fn telemetry_distance_integrates_from_speed() {
    let mut bench = Bench::new(PAT);
    for summary in bench.get("/v1/performance-summaries")["items"].as_array().unwrap().iter().step_by(3) {
        let id = summary["id"].as_str().unwrap();
        let detail = bench.get(&format!("/v1/performance-summaries/{id}"))["details"].clone();
        for points in [20, 150, 4_000] {
            let query = format!("classHistoryUuid={id}&maxDataPoints={points}");
            let telemetry = bench.get(&format!("/v1/performance/summary?{query}"));
            let items = telemetry["telemetry"].as_array().unwrap();
            let Some(last) = items.last() else { continue };
            assert_eq!(last["aggCalories"], detail["calories_burned"]);
            assert_eq!(last["aggSplats"], detail["splat_points"]);
            let window = telemetry["windowSize"].as_f64().unwrap();
            let mut ends = [0.0; 2];
            for (which, (name, metres, speed)) in
                [("treadData", "aggTreadDistance", "treadSpeed"), ("rowData", "aggRowDistance", "rowSpeed")]
                    .into_iter()
                    .enumerate()
            {
                let mut before = 0.0;
                for item in items.iter().take(items.len() - 1) {
                    let Some((metres, speed)) = machine(item, name, metres, speed) else { continue };
                    assert!(
                        (metres - before - speed * window).abs() <= 1.0 + 0.006 * window,
                        "{id}: {before} + {speed} * {window} is not {metres}"
                    );
                    before = metres;
                }
                ends[which] = items
                    .iter()
                    .filter_map(|item| machine(item, name, metres, speed))
                    .map(|it| it.0)
                    .fold(before, f64::max);
            }
            let machines = &detail["equipment_data"];
            let miles = machines["treadmill"]["total_distance"]["metric_value"].as_f64().unwrap();
            assert!((ends[0] / 1_609.344 - miles).abs() <= 0.006, "{id}: {} m, {miles} miles", ends[0]);
            assert_eq!(machines["rower"]["total_distance"]["metric_value"], ends[1]);
            for item in items.iter().filter(|item| item.get("rowData").is_some()) {
                let (pace, speed) = (
                    item["rowData"]["rowPace"].as_f64().unwrap(),
                    item["rowData"]["rowSpeed"].as_f64().unwrap(),
                );
                assert!((500.0 / pace - speed).abs() < 0.02 * speed + 0.01, "{item}");
            }
        }
    }
}

#[test]
fn the_older_history_agrees_with_the_summaries() {
    let mut bench = Bench::new(PAT);
    let older = bench.get("/virtual-class/in-studio-workouts")["data"].as_array().unwrap().clone();
    let listed = bench.get("/v1/performance-summaries")["items"].as_array().unwrap().clone();
    assert_eq!(older.len(), listed.len());
    for (item, listed) in older.iter().zip(&listed) {
        assert_eq!(item["classHistoryUuId"], listed["id"]);
        assert_eq!(item["totalCalories"], listed["details"]["calories_burned"]);
        assert_eq!(item["totalSplatPoints"], listed["details"]["splat_points"]);
        let rates = item["minuteByMinuteHr"].as_str().unwrap();
        let Ok(rates) = serde_json::from_str::<Vec<u64>>(rates) else {
            assert_eq!(rates, "none");
            continue;
        };
        let minutes = item["activeTime"].as_u64().unwrap().div_ceil(60);
        assert_eq!(rates.len() as u64, minutes);
        assert!(rates.iter().all(|rate| *rate <= item["maxHr"].as_u64().unwrap()));
    }
    assert_eq!(older.iter().filter(|item| item["minuteByMinuteHr"] == json!("none")).count(), 1);
}
