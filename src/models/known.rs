//! What the models know of the service's responses, for the drift report.

/// A model and the fields that it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ModelInfo {
    /// The type's name, such as `Booking`.
    pub(crate) name: &'static str,
    /// Its fields.
    pub(crate) fields: &'static [FieldInfo],
}

/// A field of a model, or a name that goes into several of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldInfo {
    /// The name under which it is serialized, and read as well.
    pub(crate) name: &'static str,
    /// Further names under which it is read: the service's own.
    pub(crate) wire_names: &'static [&'static str],
    /// Its Rust type, such as `Option<BookingStudio>`; `T` stands for the parameter of `TimeStats`.
    pub(crate) type_name: &'static str,
}

impl FieldInfo {
    /// Whether it is read under this name.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.name == name || self.wire_names.contains(&name)
    }

    /// The type inside `Option`, `Box` and `Listing`: the name of a model or of an enumeration, or a scalar type.
    pub(crate) fn inner_type(&self) -> &'static str {
        let mut inner = self.type_name;
        for outer in ["Option<", "Box<", "Listing<"] {
            inner = inner.strip_prefix(outer).and_then(|inner| inner.strip_suffix('>')).unwrap_or(inner);
        }
        inner
    }
}

/// An enumeration and its known values, as the service spells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EnumInfo {
    /// The type's name, such as `ClassType`.
    pub(crate) name: &'static str,
    /// The known values, numbers as text.
    pub(crate) values: &'static [&'static str],
}

macro_rules! models {
    ($($model:ident),+ $(,)?) => {
        const MODELS: &[ModelInfo] = &[
            ModelInfo { name: "TimeStats", fields: super::stats::TIME_STATS },
            $(ModelInfo { name: stringify!($model), fields: super::$model::FIELDS },)+
        ];
    };
}

macro_rules! enumerations {
    ($($name:ident),+ $(,)?) => {
        const ENUMERATIONS: &[EnumInfo] = &[
            $(EnumInfo { name: stringify!($name), values: super::$name::WIRE_VALUES },)+
        ];
    };
}

models! {
    Address, Benchmark, BenchmarkHistory, BodyCompositionData, Booking, BookingClass, BookingStudio,
    BookingWorkout, Challenge, ChallengeHistory, ChallengeTracker, ChallengeYear, ClassCounters, ClassFilterOption,
    ClassFilterValue, ClassStudio, ClassTime, Coach, Country, EmailNotificationSettings, EquipmentData, FitnessBenchmark, Goal, HeartRate, InStudioWorkout, InStudioWorkoutType, LegacyBooking,
    LegacyBookingClass, LegacyCoach, MaxHr, MemberClassSummary, MemberDetail, MemberMembership, MemberProfile,
    MemberPurchase, MetricEntry, OtfClass, OutOfStudioWorkoutHistory, PartnerLocation, PartnerStudio, PerformanceMetric,
    PerformanceSummary,
    PreviewStat, Rating, Ratings, RowData, Rower, SmsNotificationSettings, StatPoint, StudioDetail, StudioLocation,
    StudioProfiles, StudioService, SummaryClass, SummaryDetails, SummaryStudio, Telemetry, TelemetryHistoryItem,
    TelemetryItem, TreadData, Treadmill, WorkoutStatsPreviewResponse, WorkoutStatsResponse, WorkoutType, Zone, Zones,
    ZoneTimeMinutes, StatsResponse, AllStatsData, InStudioStatsData, OutStudioStatsData, BodySegments,
}

enumerations! {
    BookingStatus, ChallengeCategory, ClassType, DriTriChallengeSubCategory, EquipmentType,
    MarathonMonthChallengeSubCategory, StudioStatus, TrendType,
}

/// The models of responses with the fields that they read.
pub(crate) fn known_fields() -> &'static [ModelInfo] {
    MODELS
}

/// The enumerations of responses with their known values.
pub(crate) fn known_values() -> &'static [EnumInfo] {
    ENUMERATIONS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_means_two_fields() {
        for model in known_fields() {
            let mut names = BTreeSet::new();
            for field in model.fields {
                for name in field.wire_names.iter().chain([&field.name]) {
                    assert!(names.insert(name), "{}: {name} is read into two fields", model.name);
                }
            }
        }
    }

    #[test]
    fn every_inner_type_is_known() {
        let scalars =
            ["String", "i64", "f64", "bool", "DateTime", "Date", "Timestamp", "WireDateTime", "Value"];
        let elsewhere = ["Measurement", "Vec<f64>", "TextOrCountry", "TimeStats<", "T"];
        for field in known_fields().iter().flat_map(|model| model.fields) {
            let inner = field.inner_type();
            let is_known = known_fields().iter().any(|model| model.name == inner)
                || known_values().iter().any(|known| known.name == inner)
                || scalars.contains(&inner)
                || inner.ends_with("Id")
                || inner.ends_with("Uuid");
            let is_elsewhere = elsewhere.iter().any(|other| inner.starts_with(other));
            assert!(is_known || is_elsewhere, "{}: {inner}", field.name);
        }
    }
}
