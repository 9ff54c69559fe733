//! What was measured in a class.

use serde_json::{Value, json};

use super::ids;
use super::schedule::Class;

/// A workout. Its id is that of its performance summary.
#[derive(Clone, Debug)]
pub(super) struct Workout {
    pub(super) id: String,
    /// Minutes in the zones gray, blue, green, orange and red.
    pub(super) zones: [u64; 5],
    pub(super) calories: u64,
    pub(super) steps: u64,
    pub(super) average_hr: u64,
    pub(super) peak_hr: u64,
    pub(super) treadmill: Option<Treadmill>,
    pub(super) rower: Option<Rower>,
    /// The service answers 404 for the summaries of some workouts,
    pub(super) has_summary: bool,
    /// and nothing but ids for the telemetry of some.
    pub(super) has_telemetry: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Treadmill {
    /// Metres.
    pub(super) distance: u64,
    /// Seconds.
    pub(super) moving: u64,
    /// Tenths of a mile an hour.
    pub(super) top_speed: u64,
    /// Feet.
    pub(super) climb: u64,
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
    /// Strokes a minute.
    pub(super) cadence: u64,
}

impl Workout {
    /// Invents what a class may have measured.
    pub(super) fn in_class(class: &Class, member: &str) -> Self {
        let seed = format!("workout/{member}/{}", class.id);
        let number = |what: &str, low: u64, high: u64| ids::number(&seed, what, low, high);
        let (orange, red, blue) = (number("orange", 0, 18), number("red", 0, 4), number("blue", 3, 12));
        let gray = number("gray", 0, 4);
        let green = class.minutes.unsigned_abs().saturating_sub(orange + red + blue + gray + 4);
        let average_hr = number("average", 130, 152);
        // Strength classes use neither machine; a summary shares the class's id there.
        let strength = class.kind == "STRENGTH_50";
        Self {
            id: if strength { class.id.clone() } else { ids::uuid(&seed) },
            zones: [gray, blue, green, orange, red],
            calories: number("calories", 290, 620),
            steps: number("steps", 150, 7_000),
            average_hr,
            peak_hr: average_hr.saturating_add(number("peak", 18, 38)),
            treadmill: (!strength).then(|| Treadmill {
                distance: number("tread", 2_400, 6_200),
                moving: number("tread moving", 1_300, 2_600),
                top_speed: number("speed", 55, 105),
                climb: number("climb", 20, 260),
            }),
            rower: class.kind.starts_with("ORANGE").then(|| Rower {
                distance: number("row", 800, 2_400),
                moving: number("row moving", 300, 640),
                power: number("power", 90, 160),
                top_power: number("top power", 170, 340),
                cadence: number("cadence", 22, 29),
            }),
            has_summary: true,
            has_telemetry: true,
        }
    }

    /// A point for each minute in the two upper zones.
    pub(super) fn splats(&self) -> u64 {
        self.zones.iter().skip(3).sum()
    }

    pub(super) fn active_seconds(&self) -> u64 {
        self.zones.iter().sum::<u64>().saturating_mul(60).saturating_sub(17)
    }

    pub(super) fn zone_minutes(&self) -> Value {
        let [gray, blue, green, orange, red] = self.zones;
        json!({ "gray": gray, "blue": blue, "green": green, "orange": orange, "red": red })
    }

    /// As a newer booking carries it.
    pub(super) fn in_booking(&self) -> Value {
        json!({
            "id": self.id,
            "calories_burned": self.calories,
            "splat_points": self.splats(),
            "step_count": 0,
            "active_time_seconds": self.active_seconds(),
            "zone_time_minutes": self.zone_minutes(),
        })
    }
}
