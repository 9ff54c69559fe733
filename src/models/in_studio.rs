//! The older history of workouts in studios, which the former web site for home workouts used.

use std::fmt;

use jiff::Timestamp;

use crate::error::printable;
use crate::ids::PerformanceSummaryId;

model! {
    /// A workout in the older history: see
    /// [`WorkoutApi::in_studio_history`](crate::WorkoutApi::in_studio_history).
    pub struct InStudioWorkout {
        /// The workout's id, which telemetry takes; so it should be that of the performance summary.
        #[doc(alias = "class_history_uuid")]
        pub performance_summary_id: Option<PerformanceSummaryId> = "classHistoryUuId" | "classHistoryUuid",
        /// When the class started.
        pub class_date: Option<Timestamp> = "classDate",
        /// When the record was made.
        pub created_date: Option<Timestamp> = "dateCreated",
        /// When it was last changed.
        pub updated_date: Option<Timestamp> = "dateUpdated",
        /// The name of the class, such as `Orange 60 Min 2G`.
        pub class_name: Option<String> = "classType",
        /// The service's number of the class.
        pub class_number: Option<String> = "classId",
        /// Whether it was an introductory class.
        pub is_intro: Option<bool> = "isIntro",
        /// Whether the member led the class.
        pub is_leader: Option<bool> = "isLeader",
        /// What measured it, such as `OTBEAT`.
        pub source: Option<String>,
        /// The version of the record.
        pub version: Option<String>,
        /// What kind of workout it was.
        pub workout_type: Option<InStudioWorkoutType> = "workoutType",
        /// How long the member was active, in seconds.
        pub active_time_seconds: Option<i64> = "activeTime",
        /// Steps.
        pub step_count: Option<i64> = "stepCount",
        /// Kilocalories.
        pub calories_burned: Option<i64> = "totalCalories",
        /// Splat points.
        pub splat_points: Option<i64> = "totalSplatPoints",
        /// Average heart rate, in beats per minute.
        pub avg_hr: Option<i64> = "avgHr",
        /// Highest heart rate, in beats per minute.
        pub max_hr: Option<i64> = "maxHr",
        /// Average heart rate, in percent of the maximum.
        pub avg_hr_percent: Option<i64> = "avgPercentHr",
        /// Highest heart rate, in percent of the maximum.
        pub max_hr_percent: Option<i64> = "maxPercentHr",
        /// Seconds in the red zone.
        pub red_zone_seconds: Option<i64> = "redZoneTimeSecond",
        /// Seconds in the orange zone.
        pub orange_zone_seconds: Option<i64> = "orangeZoneTimeSecond",
        /// Seconds in the green zone.
        pub green_zone_seconds: Option<i64> = "greenZoneTimeSecond",
        /// Seconds in the blue zone.
        pub blue_zone_seconds: Option<i64> = "blueZoneTimeSecond",
        /// Seconds in the gray zone, which the service calls black.
        pub black_zone_seconds: Option<i64> = "blackZoneTimeSecond",
        /// The coach's name.
        pub coach: Option<String>,
        /// The studio's name.
        pub studio_name: Option<String> = "studioName",
        /// The studio's number, with leading zeros.
        pub studio_number: Option<String> = "studioNumber",
        /// The studio's account; whether it is the studio's id is not known.
        pub studio_account_uuid: Option<String> = "studioAccountUuId",
        /// The member's id.
        pub member_uuid: Option<String> = "memberUuId",
        /// The member's name.
        pub member_name: Option<String> = "memberName",
        /// The record's id.
        pub member_performance_id: Option<String> = "memberPerformanceId",
        with "crate::decode::numbers_in_text" {
            /// Heart rate of each minute, in beats per minute; empty if the service sends no list.
            pub minute_by_minute_hr: Vec<f64> = "minuteByMinuteHr",
        }
    }
}

model! {
    /// The kind of an [`InStudioWorkout`].
    pub struct InStudioWorkoutType {
        /// Its number.
        pub id: Option<i64>,
        /// Its name.
        pub display_name: Option<String> = "displayName",
        /// The name of an icon.
        pub icon: Option<String>,
    }
}

impl fmt::Display for InStudioWorkout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class_date {
            Some(date) => write!(f, "{date:.0}")?,
            None => f.write_str("at an unknown time")?,
        }
        write!(f, " {}", printable(self.class_name.as_deref().unwrap_or("a class without a name")))?;
        self.calories_burned.map_or(Ok(()), |calories| write!(f, ": {calories} kcal"))
    }
}
