//! Trends over workouts.

use super::class::ClassType;
use crate::decode::Listing;
use crate::decode::WireDateTime;

model! {
    /// One trend over a range of time.
    pub struct WorkoutStatsResponse {
        /// Where the range starts.
        pub start_date_time: Option<WireDateTime> = "start",
        /// Where the range ends.
        pub end_date_time: Option<WireDateTime> = "end",
        /// Which trend it is; see [`trend()`](Self::trend).
        pub stat_key: Option<String>,
        /// The unit of the values.
        pub unit: Option<String>,
        /// What kind of values they are.
        pub value_type: Option<String>,
        /// The points, one for each workout.
        pub points: Listing<StatPoint>,
    }
}

impl WorkoutStatsResponse {
    /// Which trend it is.
    #[must_use]
    pub fn trend(&self) -> Option<TrendType> {
        self.stat_key.as_deref().map(TrendType::from)
    }
}

model! {
    /// All trends over the last workouts.
    pub struct WorkoutStatsPreviewResponse {
        /// Where the range starts.
        pub start_date_time: Option<WireDateTime> = "start",
        /// Where the range ends.
        pub end_date_time: Option<WireDateTime> = "end",
        /// The trends.
        pub stats: Listing<PreviewStat>,
        /// The requested number of workouts.
        pub requested_workout_count: Option<i64>,
    }
}

model! {
    /// One of all trends.
    pub struct PreviewStat {
        /// The points, one for each workout.
        pub points: Listing<StatPoint>,
        /// Which trend it is; see [`trend()`](Self::trend).
        pub stat_key: Option<String>,
        /// The unit of the values.
        pub unit: Option<String>,
        /// What kind of values they are.
        pub value_type: Option<String>,
    }
}

impl PreviewStat {
    /// Which trend it is.
    #[must_use]
    pub fn trend(&self) -> Option<TrendType> {
        self.stat_key.as_deref().map(TrendType::from)
    }
}

model! {
    /// A point of a trend.
    pub struct StatPoint {
        /// When the workout was.
        pub date: Option<WireDateTime>,
        /// The value, in the trend's unit.
        pub value: Option<f64>,
        /// The workout's id.
        pub workout_id: Option<String>,
        /// The class's format.
        pub class_type: Option<ClassType>,
        /// The class's name.
        pub class_name: Option<String>,
    }
}

open_enum! {
    /// A trend. The values come from one client's code and were never recorded.
    pub enum TrendType {
        /// Splat points.
        SplatPoints = "splat_points",
        /// Average heart rate.
        AverageHeartRate = "average_hr",
        /// Highest heart rate.
        PeakHeartRate = "peak_hr",
        /// Highest speed on the treadmill.
        TreadmillTopSpeed = "tread_top_speed",
        /// Best time over 500 meters on the rower.
        RowerSplitTime = "rower_500m_split_time",
        /// Highest power on the rower.
        RowerTopPower = "rower_top_power",
    }
    default Self::SplatPoints;
}

impl TrendType {
    /// What the trend is about; `None` if it is unknown.
    #[must_use]
    pub fn category(&self) -> Option<TrendCategory> {
        match self {
            Self::SplatPoints | Self::AverageHeartRate | Self::PeakHeartRate => Some(TrendCategory::Effort),
            Self::TreadmillTopSpeed => Some(TrendCategory::Treadmill),
            Self::RowerSplitTime | Self::RowerTopPower => Some(TrendCategory::Rower),
            Self::Other(_) => None,
        }
    }
}

closed_enum! {
    /// What a trend is about.
    pub enum TrendCategory {
        /// Heart rates and what follows from them.
        Effort = "effort",
        /// The treadmill.
        Treadmill = "treadmill",
        /// The rower.
        Rower = "rower",
    }
}
