//! Workouts outside the studio.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::decode::date_time;
use crate::error::printable;
use crate::ids::MemberUuid;

model! {
    /// A workout outside the studio.
    pub struct OutOfStudioWorkoutHistory {
        /// Whose workout it is.
        pub member_uuid: Option<MemberUuid> = "memberUUId",
        /// The workout's id; empty if the service sends none.
        pub workout_uuid: String = "workoutUUId",
        /// When it was.
        pub workout_date: Option<Timestamp> = "workoutDate",
        /// When it started.
        pub start_time: Option<Timestamp> = "startTime",
        /// When it ended.
        pub end_time: Option<Timestamp> = "endTime",
        /// How long it took, in `duration_unit`.
        pub duration: Option<f64>,
        /// The unit of `duration`, such as `second`.
        pub duration_unit: Option<String> = "durationUnit",
        /// Kilocalories.
        pub total_calories: Option<i64> = "totalCalories",
        /// Average heart rate, in percent of the maximum.
        pub hr_percent_max: Option<i64> = "hrPercentMax",
        /// The unit of `total_distance`, such as `meters`.
        pub distance_unit: Option<String> = "distanceUnit",
        /// How far it went, in `distance_unit`.
        pub total_distance: Option<f64> = "totalDistance",
        /// Splat points.
        pub splat_points: Option<i64> = "splatPoints",
        /// The heart rate to reach, in beats per minute.
        pub target_heart_rate: Option<i64> = "targetHeartRate",
        /// Steps.
        pub total_steps: Option<i64> = "totalSteps",
        /// Whether there is more to know.
        pub has_detailed_data: Option<bool> = "hasDetailedData",
        /// Average heart rate, in beats per minute.
        pub avg_heartrate: Option<i64> = "avgHeartrate",
        /// Highest heart rate, in beats per minute.
        pub max_heartrate: Option<i64> = "maxHeartrate",
        /// What was done; see [`workout_type()`](Self::workout_type()).
        pub workout_type: Option<WorkoutType> = "workoutType",
        /// Seconds in the red zone.
        pub red_zone_seconds: Option<f64> = "redZoneSeconds",
        /// Seconds in the orange zone.
        pub orange_zone_seconds: Option<f64> = "orangeZoneSeconds",
        /// Seconds in the green zone.
        pub green_zone_seconds: Option<f64> = "greenZoneSeconds",
        /// Seconds in the blue zone.
        pub blue_zone_seconds: Option<f64> = "blueZoneSeconds",
        /// Seconds in the gray zone.
        pub grey_zone_seconds: Option<f64> = "greyZoneSeconds",
    }
}

impl OutOfStudioWorkoutHistory {
    /// What was done, such as `Outdoor Run`.
    #[must_use]
    pub fn workout_type(&self) -> Option<&str> {
        self.workout_type.as_ref()?.display_name.as_deref()
    }
}

impl fmt::Display for OutOfStudioWorkoutHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(start) = self.start_time.or(self.workout_date) {
            date_time::write_minute(f, Offset::UTC.to_datetime(start))?;
            f.write_str("Z ")?;
        }
        f.write_str(&printable(self.workout_type().unwrap_or("a workout")))?;
        if let (Some(distance), Some(unit)) = (self.total_distance, &self.distance_unit) {
            write!(f, ", {distance:.0} {}", printable(unit))?;
        }
        self.total_calories.map_or(Ok(()), |calories| write!(f, ", {calories} kcal"))
    }
}

model! {
    /// A kind of workout outside the studio.
    pub struct WorkoutType {
        /// The service's number of it.
        pub id: Option<i64>,
        /// Its name, such as `Outdoor Run`.
        pub display_name: Option<String> = "displayName",
        /// A picture for it.
        pub icon: Option<String>,
    }
}
