//! Performance summaries: the results of a workout.

use std::fmt;

use jiff::civil::DateTime;

use super::class::{ClassType, Coach};
use super::measurement::Measurement;
use crate::error::printable;
use crate::ids::{ClassUuid, PerformanceSummaryId, StudioUuid};

model! {
    /// The results of a workout. In a list, heart rates and equipment are left out.
    pub struct PerformanceSummary {
        required {
            /// The summary's id; the telemetry calls it `classHistoryUuid`.
            pub performance_summary_id: PerformanceSummaryId = "id",
        }
        /// Whether the class can be rated. The booking's value is more accurate.
        pub ratable: Option<bool>,
        /// The figures.
        pub details: SummaryDetails,
        /// The class.
        pub otf_class: Option<SummaryClass> = "class",
    }
}

impl PerformanceSummary {
    /// Kilocalories burned.
    #[must_use]
    pub fn calories_burned(&self) -> Option<i64> {
        self.details.calories_burned
    }

    /// Minutes in the orange and the red zone.
    #[must_use]
    pub fn splat_points(&self) -> Option<i64> {
        self.details.splat_points
    }

    /// Steps.
    #[must_use]
    pub fn step_count(&self) -> Option<i64> {
        self.details.step_count
    }

    /// Minutes in each heart rate zone.
    #[must_use]
    pub fn zone_time_minutes(&self) -> Option<&ZoneTimeMinutes> {
        self.details.zone_time_minutes.as_ref()
    }

    /// Heart rates.
    #[must_use]
    pub fn heart_rate(&self) -> Option<&HeartRate> {
        self.details.heart_rate.as_ref()
    }

    /// What the rower measured.
    #[must_use]
    pub fn rower_data(&self) -> Option<&Rower> {
        self.details.equipment_data.rower.as_ref()
    }

    /// What the treadmill measured.
    #[must_use]
    pub fn treadmill_data(&self) -> Option<&Treadmill> {
        self.details.equipment_data.treadmill.as_ref()
    }

    /// The class's id for ratings.
    #[must_use]
    pub fn class_uuid(&self) -> Option<&ClassUuid> {
        self.otf_class.as_ref()?.class_uuid.as_ref()
    }
}

model! {
    /// The figures of a workout.
    pub struct SummaryDetails {
        /// Kilocalories burned.
        pub calories_burned: Option<i64>,
        /// Minutes in the orange and the red zone.
        pub splat_points: Option<i64>,
        /// Steps.
        pub step_count: Option<i64>,
        /// Seconds of activity; 0 for workouts since 2026, whose bookings have the value instead.
        pub active_time_seconds: Option<i64>,
        /// Minutes in each heart rate zone.
        pub zone_time_minutes: Option<ZoneTimeMinutes>,
        /// Heart rates.
        pub heart_rate: Option<HeartRate>,
        /// What treadmill and rower measured.
        pub equipment_data: EquipmentData,
    }
}

model! {
    /// Minutes in each heart rate zone. A zone that is left out counts none.
    #[derive(Copy, Eq)]
    pub struct ZoneTimeMinutes {
        /// Very light.
        pub gray: i64,
        /// Light.
        pub blue: i64,
        /// Moderate: the base pace.
        pub green: i64,
        /// Hard: the push pace. Earns splat points.
        pub orange: i64,
        /// All-out. Earns splat points.
        pub red: i64,
    }
}

model! {
    /// Heart rates of a workout.
    #[derive(Copy, Eq)]
    pub struct HeartRate {
        /// The member's maximum, in beats per minute. The service sends 0 here; the telemetry has it.
        pub max_hr: Option<i64>,
        /// The highest, in beats per minute.
        pub peak_hr: Option<i64>,
        /// The highest, in percent of the maximum.
        pub peak_hr_percent: Option<i64>,
        /// The average, in beats per minute.
        pub avg_hr: Option<i64>,
        /// The average, in percent of the maximum.
        pub avg_hr_percent: Option<i64>,
    }
}

model! {
    /// What the equipment measured.
    pub struct EquipmentData {
        /// The treadmill.
        pub treadmill: Option<Treadmill>,
        /// The rower.
        pub rower: Option<Rower>,
    }
}

model! {
    /// What a treadmill measured. Each figure includes its unit; the units named here are those for members with
    /// imperial units.
    #[doc(alias = "BaseEquipment")]
    pub struct Treadmill {
        /// Average pace, in seconds per mile.
        pub avg_pace: Option<PerformanceMetric>,
        /// Average speed, in miles per hour.
        pub avg_speed: Option<PerformanceMetric>,
        /// Best pace, in seconds per mile.
        pub max_pace: Option<PerformanceMetric>,
        /// Highest speed, in miles per hour.
        pub max_speed: Option<PerformanceMetric>,
        /// Time in motion, in seconds.
        pub moving_time: Option<PerformanceMetric>,
        /// Distance, in miles.
        pub total_distance: Option<PerformanceMetric>,
        /// Average incline, in percent.
        pub avg_incline: Option<PerformanceMetric>,
        /// Height gained, in feet.
        pub elevation_gained: Option<PerformanceMetric>,
        /// Highest incline, in percent.
        pub max_incline: Option<PerformanceMetric>,
    }
}

model! {
    /// What a rower measured.
    pub struct Rower {
        /// Average pace, in seconds per 500 meters.
        pub avg_pace: Option<PerformanceMetric>,
        /// Average speed, in kilometers per hour.
        pub avg_speed: Option<PerformanceMetric>,
        /// Best pace, in seconds per 500 meters.
        pub max_pace: Option<PerformanceMetric>,
        /// Highest speed, in kilometers per hour.
        pub max_speed: Option<PerformanceMetric>,
        /// Time in motion, in seconds.
        pub moving_time: Option<PerformanceMetric>,
        /// Distance, in meters.
        pub total_distance: Option<PerformanceMetric>,
        /// Average cadence, in strokes per minute.
        pub avg_cadence: Option<PerformanceMetric>,
        /// Average power, in watts.
        pub avg_power: Option<PerformanceMetric>,
        /// Highest cadence, in strokes per minute.
        pub max_cadence: Option<PerformanceMetric>,
        /// Highest power, in watts.
        pub max_power: Option<PerformanceMetric>,
    }
}

model! {
    /// A figure, for display and as a number.
    pub struct PerformanceMetric {
        /// The figure to show: a number, or a time such as `16:13`.
        pub display_value: Option<Measurement>,
        /// The unit to show, such as `min/mile`.
        pub display_unit: Option<String>,
        /// The figure as a number; times and paces in seconds.
        pub metric_value: Option<f64>,
    }
}

impl fmt::Display for PerformanceMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.display_value, self.metric_value) {
            (Some(value), _) => write!(f, "{value}")?,
            (None, Some(value)) => write!(f, "{value}")?,
            (None, None) => f.write_str("–")?,
        }
        self.display_unit.as_ref().map_or(Ok(()), |unit| write!(f, " {}", printable(unit)))
    }
}

model! {
    /// A class as a performance summary describes it.
    pub struct SummaryClass {
        /// The class's id for ratings; no longer sent after some months.
        pub class_uuid: Option<ClassUuid> = "ot_base_class_uuid",
        /// The class's name; empty if the service sends none. For recent workouts it is the name of a format.
        pub name: String,
        /// The class's format.
        pub class_type: Option<ClassType> = "type",
        /// When it started, on the studio's clock.
        pub starts_at_local: Option<DateTime>,
        /// Who coached it.
        pub coach: Option<Coach>,
        /// Where it took place.
        pub studio: Option<SummaryStudio>,
    }
}

model! {
    /// A studio as a performance summary describes it.
    pub struct SummaryStudio {
        /// The studio's id.
        pub studio_uuid: Option<StudioUuid> = "id",
        /// The studio's name.
        pub name: Option<String>,
        /// The number of the studio's license, with leading zeros.
        pub license_number: Option<String>,
    }
}
