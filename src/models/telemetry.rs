//! Telemetry: measurements during a workout.

use jiff::{SignedDuration, Timestamp};

use crate::decode::Listing;
use crate::ids::{MemberUuid, PerformanceSummaryId};

model! {
    /// The measurements of a workout. Without a heart rate monitor, it has only ids.
    pub struct Telemetry {
        joined {
            /// The items, in order.
            pub telemetry: Listing<TelemetryItem>,
        }
        required {
            /// The id of the workout's performance summary.
            pub performance_summary_id: PerformanceSummaryId = "classHistoryUuid" | "class_history_uuid",
        }
        /// Whose workout it is.
        pub member_uuid: Option<MemberUuid> = "memberUuid",
        /// When the class started; all items count from this time.
        pub class_start_time: Option<Timestamp> = "classStartTime",
        /// The member's maximum heart rate, in beats per minute.
        pub max_hr: Option<i64> = "maxHr",
        /// The member's heart rate zones.
        pub zones: Option<Zones>,
        /// Seconds from one item to the next.
        pub window_size: Option<i64> = "windowSize",
    }
    also TelemetryItems {
        telemetry: Listing<TelemetryItem>,
    }
}

impl Telemetry {
    /// Dates the items.
    fn join(self, TelemetryItems { mut telemetry }: TelemetryItems) -> Result<Self, &'static str> {
        if let Some(start) = self.class_start_time {
            for item in telemetry.items_mut() {
                item.timestamp = item.timestamp_from(start);
            }
        }
        Ok(Self { telemetry, ..self })
    }
}

model! {
    /// What was measured at one moment.
    pub struct TelemetryItem {
        required {
            /// Seconds since the start of the class.
            pub relative_timestamp: i64 = "relativeTimestamp",
        }
        /// Heart rate, in beats per minute.
        pub hr: Option<i64>,
        /// Splat points so far.
        pub agg_splats: Option<i64> = "aggSplats",
        /// Kilocalories so far.
        pub agg_calories: Option<i64> = "aggCalories",
        /// The instant, if the start of the class is known.
        pub timestamp: Option<Timestamp>,
        /// The treadmill, while on it.
        pub tread_data: Option<TreadData> = "treadData",
        /// The rower, while on it.
        pub row_data: Option<RowData> = "rowData",
    }
}

impl TelemetryItem {
    /// The instant, for a class that started at `class_start`; `None` if it can't be represented.
    #[must_use]
    pub fn timestamp_from(&self, class_start: Timestamp) -> Option<Timestamp> {
        class_start.checked_add(SignedDuration::from_secs(self.relative_timestamp)).ok()
    }
}

model! {
    /// What a treadmill measured at one moment.
    #[derive(Copy)]
    pub struct TreadData {
        /// Speed, in meters per second.
        pub tread_speed: Option<f64> = "treadSpeed",
        /// Incline, in percent.
        pub tread_incline: Option<f64> = "treadIncline",
        /// Distance so far, in meters.
        pub agg_tread_distance: Option<f64> = "aggTreadDistance",
    }
}

model! {
    /// What a rower measured at one moment.
    #[derive(Copy)]
    pub struct RowData {
        /// Speed, in meters per second.
        pub row_speed: Option<f64> = "rowSpeed",
        /// Power per stroke.
        pub row_pps: Option<f64> = "rowPps",
        /// Strokes per minute.
        pub row_spm: Option<f64> = "rowSpm",
        /// Distance so far, in meters.
        pub agg_row_distance: Option<f64> = "aggRowDistance",
        /// Pace, in seconds per 500 meters.
        pub row_pace: Option<f64> = "rowPace",
    }
}

model! {
    /// A member's five heart rate zones.
    #[derive(Copy, Eq)]
    pub struct Zones {
        /// Very light.
        pub gray: Option<Zone>,
        /// Light.
        pub blue: Option<Zone>,
        /// Moderate: the base pace.
        pub green: Option<Zone>,
        /// Hard: the push pace. Earns splat points.
        pub orange: Option<Zone>,
        /// All-out. Earns splat points.
        pub red: Option<Zone>,
    }
}

model! {
    /// A heart rate zone, in beats per minute.
    #[derive(Copy, Eq)]
    pub struct Zone {
        /// Where it starts.
        pub start_bpm: Option<i64> = "startBpm",
        /// Where the next one starts.
        pub end_bpm: Option<i64> = "endBpm",
    }
}

model! {
    /// A change of a member's maximum heart rate.
    pub struct TelemetryHistoryItem {
        /// The maximum from then on.
        pub max_hr: Option<MaxHr> = "maxHr",
        /// The zones from then on.
        pub zones: Option<Zones>,
        /// The difference to the one before, in beats per minute.
        pub change_from_previous: Option<i64> = "changeFromPrevious",
        /// The difference as a category, such as `LITTLE_TO_NO_CHANGE`.
        pub change_bucket: Option<String> = "changeBucket",
        /// When it changed.
        pub assigned_at: Option<Timestamp> = "assignedAt",
    }
}

impl TelemetryHistoryItem {
    /// How the maximum was found.
    #[must_use]
    pub fn max_hr_type(&self) -> Option<&str> {
        self.max_hr.as_ref()?.kind.as_deref()
    }

    /// The maximum, in beats per minute.
    #[must_use]
    pub fn max_hr_value(&self) -> Option<i64> {
        self.max_hr.as_ref()?.value
    }
}

model! {
    /// A maximum heart rate.
    pub struct MaxHr {
        /// How it was determined, such as `SESSION_ADJUSTED`.
        #[doc(alias = "type")]
        pub kind: Option<String> = "type",
        /// Beats per minute.
        pub value: Option<i64>,
    }
}
