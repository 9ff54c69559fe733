//! What was measured in a class.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::ids;
use super::program::{self, Draw};
use super::schedule::Class;
use super::simulation::{self, Second};

/// A workout. Its id is that of its performance summary.
#[derive(Clone, Debug)]
pub(super) struct Workout {
    pub(super) id: String,
    seed: String,
    kind: &'static str,
    minutes: u64,
    totals: OnceLock<Totals>,
    /// The service responds 404 for the summaries of some workouts,
    pub(super) has_summary: bool,
    /// and with nothing but ids for the telemetry of some.
    pub(super) has_telemetry: bool,
}

/// What a workout adds up to.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    /// Seconds in the zones gray, blue, green, orange and red.
    pub(super) zones: [u64; 5],
    pub(super) calories: u64,
    pub(super) steps: u64,
    pub(super) average_hr: u64,
    pub(super) peak_hr: u64,
    pub(super) treadmill: Option<Treadmill>,
    pub(super) rower: Option<Rower>,
}

#[derive(Clone, Debug)]
pub(super) struct Treadmill {
    /// Metres.
    pub(super) distance: u64,
    /// Seconds.
    pub(super) moving: u64,
    /// Tenths of a mile per hour.
    pub(super) top_speed: u64,
    /// Metres.
    pub(super) climb: f64,
    /// Percent.
    pub(super) average_incline: f64,
    pub(super) top_incline: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Rower {
    /// Metres.
    pub(super) distance: u64,
    /// Seconds.
    pub(super) moving: u64,
    /// Watts.
    pub(super) power: u64,
    pub(super) top_power: u64,
    /// Strokes per minute.
    pub(super) cadence: u64,
    pub(super) top_cadence: u64,
    /// Seconds per 500 m.
    pub(super) fastest_split: u64,
}

impl Workout {
    /// The workout of a member in a class.
    pub(super) fn in_class(class: &Class, member: &str) -> Self {
        let seed = format!("workout/{member}/{}", class.id);
        // A summary of a strength class shares the class's id.
        let strength = class.kind == "STRENGTH_50";
        Self {
            id: if strength { class.id.clone() } else { ids::uuid(&seed) },
            seed,
            kind: class.kind,
            minutes: class.minutes.unsigned_abs(),
            totals: OnceLock::new(),
            has_summary: true,
            has_telemetry: true,
        }
    }

    /// The workout second by second. It ends some minutes before the class does.
    pub(super) fn seconds(&self) -> Vec<Second> {
        let length =
            self.minutes.saturating_mul(60).saturating_sub(ids::number(&self.seed, "short", 240, 360));
        let mut draw = Draw::new(&self.seed);
        let segments = program::segments(self.kind, length, &mut draw);
        simulation::simulate(&segments, &mut draw)
    }

    pub(super) fn totals(&self) -> &Totals {
        self.totals.get_or_init(|| simulation::totals(&self.seconds()))
    }

    /// The mean heart rate of each minute.
    pub(super) fn minute_rates(&self) -> Vec<u64> {
        let mean = |minute: &[Second]| {
            let sum = minute.iter().map(|second| second.heart_rate).sum::<u64>();
            sum.checked_div(minute.len() as u64).unwrap_or_default()
        };
        self.seconds().chunks(60).map(mean).collect()
    }

    /// As a newer booking carries it.
    pub(super) fn in_booking(&self) -> Value {
        let totals = self.totals();
        json!({
            "id": self.id,
            "calories_burned": totals.calories,
            "splat_points": totals.splats(),
            "step_count": 0,
            "active_time_seconds": totals.active_seconds(),
            "zone_time_minutes": totals.zone_minutes(),
        })
    }
}

impl Totals {
    /// A point for each minute in the two upper zones.
    pub(super) fn splats(&self) -> u64 {
        let [.., orange, red] = self.zones;
        orange.saturating_add(red) / 60
    }

    pub(super) fn active_seconds(&self) -> u64 {
        self.zones.iter().sum()
    }

    /// Whole minutes in each zone. Those of the two upper zones add up to the splat points.
    pub(super) fn zone_minutes(&self) -> Value {
        let [gray, blue, green, _, red] = self.zones.map(|seconds| seconds / 60);
        let orange = self.splats().saturating_sub(red);
        json!({ "gray": gray, "blue": blue, "green": green, "orange": orange, "red": red })
    }
}
