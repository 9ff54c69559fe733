//! Lifetime statistics.

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};

#[cfg(feature = "record")]
use super::known::FieldInfo;
use crate::decode::{Lenient, object};

model! {
    /// A member's statistics over time.
    pub struct StatsResponse {
        /// In the studio and elsewhere, taken together.
        pub all_stats: TimeStats<AllStatsData> = "allStats",
        /// In the studio.
        pub in_studio: TimeStats<InStudioStatsData> = "inStudio",
        /// Elsewhere.
        pub out_studio: TimeStats<OutStudioStatsData> = "outStudio",
    }
}

/// Statistics by period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "an object", bound(deserialize = "T: DeserializeOwned + Default"))]
#[non_exhaustive]
pub struct TimeStats<T> {
    /// The year before this one.
    #[serde(alias = "lastYear", default, deserialize_with = "object_or_default")]
    pub last_year: T,
    /// This year so far.
    #[serde(alias = "thisYear", default, deserialize_with = "object_or_default")]
    pub this_year: T,
    /// The month before this one.
    #[serde(alias = "lastMonth", default, deserialize_with = "object_or_default")]
    pub last_month: T,
    /// This month so far.
    #[serde(alias = "thisMonth", default, deserialize_with = "object_or_default")]
    pub this_month: T,
    /// The week before this one.
    #[serde(alias = "lastWeek", default, deserialize_with = "object_or_default")]
    pub last_week: T,
    /// This week so far.
    #[serde(alias = "thisWeek", default, deserialize_with = "object_or_default")]
    pub this_week: T,
    /// Since the first workout.
    #[serde(alias = "allTime", default, deserialize_with = "object_or_default")]
    pub all_time: T,
}

/// The fields of [`TimeStats`] for the drift report.
#[cfg(feature = "record")]
pub(super) const TIME_STATS: &[FieldInfo] = &[
    FieldInfo { name: "last_year", wire_names: &["lastYear"], type_name: "T" },
    FieldInfo { name: "this_year", wire_names: &["thisYear"], type_name: "T" },
    FieldInfo { name: "last_month", wire_names: &["lastMonth"], type_name: "T" },
    FieldInfo { name: "this_month", wire_names: &["thisMonth"], type_name: "T" },
    FieldInfo { name: "last_week", wire_names: &["lastWeek"], type_name: "T" },
    FieldInfo { name: "this_week", wire_names: &["thisWeek"], type_name: "T" },
    FieldInfo { name: "all_time", wire_names: &["allTime"], type_name: "T" },
];

fn object_or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: DeserializeOwned + Default,
    D: Deserializer<'de>,
{
    Ok(object(deserializer, false)?.unwrap_or_default())
}

impl<T: DeserializeOwned + Default> Lenient for TimeStats<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, is_required: bool) -> Result<Option<Self>, D::Error> {
        object(deserializer, is_required)
    }
}

impl<T> TimeStats<T> {
    /// The statistics of a period.
    #[doc(alias = "get_by_time")]
    #[must_use]
    pub fn period(&self, period: StatsTime) -> &T {
        match period {
            StatsTime::LastYear => &self.last_year,
            StatsTime::ThisYear => &self.this_year,
            StatsTime::LastMonth => &self.last_month,
            StatsTime::ThisMonth => &self.this_month,
            StatsTime::LastWeek => &self.last_week,
            StatsTime::ThisWeek => &self.this_week,
            StatsTime::AllTime => &self.all_time,
        }
    }
}

model! {
    /// Statistics of workouts in the studio and elsewhere, taken together.
    #[doc(alias = "BaseStatsData")]
    pub struct AllStatsData {
        /// Kilocalories.
        pub calories: Option<f64>,
        /// Splat points.
        pub splat_point: Option<f64> = "splatPoint",
        /// Seconds in the gray zone.
        pub total_black_zone: Option<f64> = "totalBlackZone",
        /// Seconds in the blue zone.
        pub total_blue_zone: Option<f64> = "totalBlueZone",
        /// Seconds in the green zone.
        pub total_green_zone: Option<f64> = "totalGreenZone",
        /// Seconds in the orange zone.
        pub total_orange_zone: Option<f64> = "totalOrangeZone",
        /// Seconds in the red zone.
        pub total_red_zone: Option<f64> = "totalRedZone",
        /// Seconds of workouts outside the studio.
        pub workout_duration: Option<f64> = "workoutDuration",
        /// Steps.
        pub step_count: Option<f64> = "stepCount",
        /// Meters on treadmills.
        pub treadmill_distance: Option<f64> = "treadmillDistance",
        /// Meters climbed on treadmills.
        pub treadmill_elevation_gained: Option<f64> = "treadmillElevationGained",
        /// Meters on rowers.
        pub rower_distance: Option<f64> = "rowerDistance",
        /// Watts on rowers, summed up over the workouts.
        pub rower_watt: Option<f64> = "rowerWatt",
        /// Meters walked outside the studio.
        pub walking_distance: Option<f64> = "walkingDistance",
        /// Meters run outside the studio.
        pub running_distance: Option<f64> = "runningDistance",
        /// Meters cycled outside the studio.
        pub cycling_distance: Option<f64> = "cyclingDistance",
    }
}

model! {
    /// Statistics of workouts in the studio.
    pub struct InStudioStatsData {
        /// Kilocalories.
        pub calories: Option<f64>,
        /// Splat points.
        pub splat_point: Option<f64> = "splatPoint",
        /// Seconds in the gray zone.
        pub total_black_zone: Option<f64> = "totalBlackZone",
        /// Seconds in the blue zone.
        pub total_blue_zone: Option<f64> = "totalBlueZone",
        /// Seconds in the green zone.
        pub total_green_zone: Option<f64> = "totalGreenZone",
        /// Seconds in the orange zone.
        pub total_orange_zone: Option<f64> = "totalOrangeZone",
        /// Seconds in the red zone.
        pub total_red_zone: Option<f64> = "totalRedZone",
        /// The service sends 0.
        pub workout_duration: Option<f64> = "workoutDuration",
        /// Steps.
        pub step_count: Option<f64> = "stepCount",
        /// Meters on treadmills.
        pub treadmill_distance: Option<f64> = "treadmillDistance",
        /// Meters climbed on treadmills.
        pub treadmill_elevation_gained: Option<f64> = "treadmillElevationGained",
        /// Meters on rowers.
        pub rower_distance: Option<f64> = "rowerDistance",
        /// Watts on rowers, summed up over the workouts.
        pub rower_watt: Option<f64> = "rowerWatt",
    }
}

model! {
    /// Statistics of workouts outside the studio.
    pub struct OutStudioStatsData {
        /// Kilocalories.
        pub calories: Option<f64>,
        /// Splat points.
        pub splat_point: Option<f64> = "splatPoint",
        /// Seconds in the gray zone.
        pub total_black_zone: Option<f64> = "totalBlackZone",
        /// Seconds in the blue zone.
        pub total_blue_zone: Option<f64> = "totalBlueZone",
        /// Seconds in the green zone.
        pub total_green_zone: Option<f64> = "totalGreenZone",
        /// Seconds in the orange zone.
        pub total_orange_zone: Option<f64> = "totalOrangeZone",
        /// Seconds in the red zone.
        pub total_red_zone: Option<f64> = "totalRedZone",
        /// Seconds of workouts.
        pub workout_duration: Option<f64> = "workoutDuration",
        /// Steps.
        pub step_count: Option<f64> = "stepCount",
        /// Meters walked.
        pub walking_distance: Option<f64> = "walkingDistance",
        /// Meters run.
        pub running_distance: Option<f64> = "runningDistance",
        /// Meters cycled.
        pub cycling_distance: Option<f64> = "cyclingDistance",
    }
}

closed_enum! {
    /// A period of the lifetime statistics.
    pub enum StatsTime {
        /// The year before this one.
        LastYear = "lastYear",
        /// This year so far.
        ThisYear = "thisYear",
        /// The month before this one.
        LastMonth = "lastMonth",
        /// This month so far.
        ThisMonth = "thisMonth",
        /// The week before this one.
        LastWeek = "lastWeek",
        /// This week so far.
        ThisWeek = "thisWeek",
        /// Since the first workout.
        AllTime = "allTime",
    }
}
