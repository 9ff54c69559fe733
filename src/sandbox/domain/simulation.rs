//! A workout second by second: what the heart does, and how far the machines count.

use super::heart::{self, MAX_HR};
use super::program::{Activity, Draw, Segment};
use super::workouts::{Rower, Totals, Treadmill};

/// One second of a workout. The sums include it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Second {
    pub(super) heart_rate: u64,
    pub(super) activity: Activity,
    /// Metres.
    pub(super) treadmill: f64,
    pub(super) rower: f64,
    pub(super) calories: f64,
    /// Seconds in the orange and the red zone.
    pub(super) in_upper_zones: u64,
}

/// Metres per second of a treadmill that shows this many tenths of a mile per hour.
fn treadmill_speed(tenths: u64) -> f64 {
    tenths as f64 * 0.044_704
}

/// All seconds of the segments.
///
/// The heart rate follows the effort with a delay, faster up than down, drifts up with tiredness and is never
/// quite steady.
pub(super) fn simulate(segments: &[Segment], draw: &mut Draw) -> Vec<Second> {
    let length = segments.iter().map(|segment| segment.seconds).sum::<u64>();
    let mut seconds = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    let max = MAX_HR as f64;
    let (mut heart, mut flutter) = (max * 0.48, 0.0);
    let (mut treadmill, mut rower, mut calories, mut in_upper_zones) = (0.0, 0.0, 0.0, 0_u64);
    for segment in segments {
        for _ in 0..segment.seconds {
            let tired = seconds.len() as f64 / length.max(1) as f64 * 4.0;
            let target = segment.effort * max + tired;
            heart += (target - heart) / if target > heart { 22.0 } else { 38.0 };
            flutter = flutter * 0.92 + (draw.share() - 0.5) * 1.6;
            let heart_rate = (heart + flutter).round().clamp(40.0, max) as u64;
            match segment.activity {
                Activity::Treadmill { speed, .. } => treadmill += treadmill_speed(speed),
                Activity::Rower { split, .. } => rower += 500.0 / split,
                Activity::Floor | Activity::Rest => {}
            }
            calories += calories_per_second(heart_rate);
            in_upper_zones = in_upper_zones.saturating_add(u64::from(heart::zone_of(heart_rate) >= 3));
            let activity = segment.activity;
            seconds.push(Second { heart_rate, activity, treadmill, rower, calories, in_upper_zones });
        }
    }
    seconds
}

/// Keytel et al., "Prediction of energy expenditure from heart rate monitoring" (2005), for a woman of 42 years
/// and 72.6 kg, who are all of the sandbox's members.
fn calories_per_second(heart_rate: u64) -> f64 {
    let joules = -20.402_2 + 0.447_2 * heart_rate as f64 - 0.126_3 * 72.6 + 0.074 * 42.0;
    (joules / 4.184 / 60.0).max(0.015)
}

/// Steps per second: a walk, a run, and the little that is walked between exercises.
fn steps_per_second(activity: Activity) -> f64 {
    match activity {
        Activity::Treadmill { speed, .. } if speed < 42 => 1.9,
        Activity::Treadmill { .. } => 2.7,
        Activity::Floor | Activity::Rest => 0.15,
        Activity::Rower { .. } => 0.0,
    }
}

/// Watts at a pace (Concept2's formula: 2.80 / (seconds per metre)³).
pub(super) fn watts(split: f64) -> f64 {
    2.8 / (split / 500.0).powi(3)
}

/// What a summary says of these seconds.
pub(super) fn totals(seconds: &[Second]) -> Totals {
    let mut zones = [0_u64; 5];
    let (mut steps, mut beats, mut peak) = (0.0, 0_u64, 0);
    let (mut climb, mut incline_sum, mut top_incline, mut top_speed, mut running) = (0.0, 0_u64, 0, 0, 0_u64);
    let (mut power, mut strokes, mut fastest, mut top_cadence, mut rowing) = (0.0, 0_u64, f64::MAX, 0, 0_u64);
    for second in seconds {
        if let Some(zone) = zones.get_mut(heart::zone_of(second.heart_rate)) {
            *zone = zone.saturating_add(1);
        }
        beats = beats.saturating_add(second.heart_rate);
        peak = second.heart_rate.max(peak);
        steps += steps_per_second(second.activity);
        match second.activity {
            Activity::Treadmill { speed, incline } => {
                running = running.saturating_add(1);
                climb += treadmill_speed(speed) * incline as f64 / 100.0;
                incline_sum = incline_sum.saturating_add(incline);
                top_incline = incline.max(top_incline);
                top_speed = speed.max(top_speed);
            }
            Activity::Rower { split, cadence } => {
                rowing = rowing.saturating_add(1);
                power += watts(split);
                strokes = strokes.saturating_add(cadence);
                fastest = split.min(fastest);
                top_cadence = cadence.max(top_cadence);
            }
            Activity::Floor | Activity::Rest => {}
        }
    }
    let last = seconds.last();
    let metres = |of: fn(&Second) -> f64| last.map_or(0, |last| of(last) as u64);
    Totals {
        zones,
        calories: metres(|last| last.calories),
        steps: steps as u64,
        average_hr: beats.checked_div(seconds.len() as u64).unwrap_or_default(),
        peak_hr: peak,
        treadmill: (running > 0).then(|| Treadmill {
            distance: metres(|last| last.treadmill),
            moving: running,
            top_speed,
            climb,
            average_incline: incline_sum as f64 / running as f64,
            top_incline,
        }),
        rower: (rowing > 0).then(|| Rower {
            distance: metres(|last| last.rower),
            moving: rowing,
            power: (power / rowing as f64).round() as u64,
            top_power: watts(fastest).round() as u64,
            cadence: strokes / rowing,
            top_cadence,
            fastest_split: fastest.round() as u64,
        }),
    }
}
