//! Workouts, combined from a booking, its performance summary and its telemetry.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::booking::{Booking, BookingClass, BookingStudio, BookingWorkout, Rating};
use super::class_time::ClassTime;
use super::part_status::PartStatus;
use super::summary::{HeartRate, PerformanceSummary, Rower, Treadmill, ZoneTimeMinutes};
use super::telemetry::Telemetry;
use crate::ids::{BookingId, ClassUuid, PerformanceSummaryId};

/// A workout: the booking of a class, and the results.
///
/// The getters return the most accurate value: if both booking and summary have a figure, the summary's, except where
/// the booking's is known to be more accurate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Workout {
    /// The booking.
    pub booking: Booking,
    /// The performance summary; `summary_status` says why it is missing.
    pub summary: Option<PerformanceSummary>,
    /// Whether the performance summary was loaded.
    #[serde(default)]
    pub summary_status: PartStatus,
    /// The telemetry, which may have no points; `telemetry_status` says why it is missing.
    pub telemetry: Option<Telemetry>,
    /// Whether the telemetry was loaded, with points.
    #[serde(default)]
    pub telemetry_status: PartStatus,
    /// The class's id for ratings, if the list of summaries has it; see [`class_uuid()`](Self::class_uuid()).
    #[serde(default)]
    pub class_uuid: Option<ClassUuid>,
}

impl Workout {
    /// A workout with nothing but its booking.
    #[must_use]
    pub fn new(booking: Booking) -> Self {
        Self { booking, ..Self::default() }
    }

    /// Whether a part that was requested is not yet available or failed, so that loading the workout again may
    /// complete it.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.parts().into_iter().any(|(_, status)| status.is_incomplete())
    }

    /// Whether the request for a part failed.
    #[must_use]
    pub fn has_failed_part(&self) -> bool {
        self.parts().into_iter().any(|(_, status)| status.is_failed())
    }

    /// Each part that is not yet available or failed, with the reason: `telemetry: not yet available`.
    #[must_use]
    pub fn incomplete_reasons(&self) -> Vec<String> {
        let incomplete = self.parts().into_iter().filter(|(_, status)| status.is_incomplete());
        incomplete.map(|(part, status)| format!("{part}: {status}")).collect()
    }

    fn parts(&self) -> [(&'static str, &PartStatus); 2] {
        [("performance summary", &self.summary_status), ("telemetry", &self.telemetry_status)]
    }

    /// The id of the performance summary.
    #[doc(alias = "class_history_uuid")]
    #[must_use]
    pub fn performance_summary_id(&self) -> Option<&PerformanceSummaryId> {
        let of_booking = || Some(&self.in_booking()?.performance_summary_id);
        self.summary.as_ref().map(|summary| &summary.performance_summary_id).or_else(of_booking)
    }

    /// The booking's id.
    #[must_use]
    pub fn booking_id(&self) -> &BookingId {
        &self.booking.booking_id
    }

    /// The class's id for ratings; no longer sent some months after the class.
    #[must_use]
    pub fn class_uuid(&self) -> Option<&ClassUuid> {
        let of_summary = || self.summary.as_ref()?.class_uuid();
        self.class_uuid.as_ref().or_else(of_summary).or_else(|| self.booking.class_uuid())
    }

    /// The coach's first name.
    #[doc(alias = "coach")]
    #[must_use]
    pub fn coach_name(&self) -> Option<&str> {
        self.booking.coach_name()
    }

    /// Whether the class can be rated. The booking's value is more accurate than the summary's.
    #[must_use]
    pub fn ratable(&self) -> Option<bool> {
        self.booking.ratable
    }

    /// Kilocalories burned.
    #[must_use]
    pub fn calories_burned(&self) -> Option<i64> {
        self.best(PerformanceSummary::calories_burned, |workout| workout.calories_burned)
    }

    /// Minutes in the orange and the red zone.
    #[must_use]
    pub fn splat_points(&self) -> Option<i64> {
        self.best(PerformanceSummary::splat_points, |workout| workout.splat_points)
    }

    /// Steps.
    #[must_use]
    pub fn step_count(&self) -> Option<i64> {
        self.best(PerformanceSummary::step_count, |workout| workout.step_count)
    }

    /// Minutes in each heart rate zone.
    #[must_use]
    pub fn zone_time_minutes(&self) -> Option<ZoneTimeMinutes> {
        self.best(|summary| summary.zone_time_minutes().copied(), |workout| workout.zone_time_minutes)
    }

    /// Seconds of activity. The booking's value is more accurate than the summary's.
    #[must_use]
    pub fn active_time_seconds(&self) -> Option<i64> {
        let of_summary = || self.summary.as_ref()?.details.active_time_seconds;
        self.in_booking().and_then(|workout| workout.active_time_seconds).or_else(of_summary)
    }

    /// Heart rates, with the maximum from the telemetry.
    #[must_use]
    pub fn heart_rate(&self) -> Option<HeartRate> {
        let heart_rate = *self.summary.as_ref()?.heart_rate()?;
        Some(HeartRate { max_hr: self.max_hr().or(heart_rate.max_hr), ..heart_rate })
    }

    /// The member's maximum heart rate, in beats per minute: from the telemetry, since the summary says 0.
    #[must_use]
    pub fn max_hr(&self) -> Option<i64> {
        let of_telemetry = self.telemetry.as_ref().and_then(|telemetry| telemetry.max_hr);
        let of_summary = || self.summary.as_ref()?.heart_rate()?.max_hr;
        of_telemetry.or_else(of_summary).filter(|max_hr| *max_hr != 0)
    }

    /// What the rower measured.
    #[must_use]
    pub fn rower_data(&self) -> Option<&Rower> {
        self.summary.as_ref()?.rower_data()
    }

    /// What the treadmill measured.
    #[must_use]
    pub fn treadmill_data(&self) -> Option<&Treadmill> {
        self.summary.as_ref()?.treadmill_data()
    }

    /// How the member rated the class.
    #[must_use]
    pub fn class_rating(&self) -> Option<&Rating> {
        self.booking.class_rating()
    }

    /// How the member rated the coach.
    #[must_use]
    pub fn coach_rating(&self) -> Option<&Rating> {
        self.booking.coach_rating()
    }

    /// The class.
    #[must_use]
    pub fn otf_class(&self) -> &BookingClass {
        &self.booking.otf_class
    }

    /// The studio.
    #[must_use]
    pub fn studio(&self) -> Option<&BookingStudio> {
        self.booking.otf_class.studio.as_ref()
    }

    /// When the class started.
    #[must_use]
    pub fn start(&self) -> &ClassTime {
        self.booking.start()
    }

    fn in_booking(&self) -> Option<&BookingWorkout> {
        self.booking.workout.as_ref()
    }

    fn best<T>(
        &self,
        summary: impl Fn(&PerformanceSummary) -> Option<T>,
        booking: impl Fn(&BookingWorkout) -> Option<T>,
    ) -> Option<T> {
        self.summary.as_ref().and_then(summary).or_else(|| self.in_booking().and_then(booking))
    }
}

impl fmt::Display for Workout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figures = [
            self.calories_burned().map(|calories| format!("{calories} kcal")),
            self.splat_points().map(|points| format!("{points} splat points")),
            self.active_time_seconds().map(|seconds| format!("{} min", seconds / 60)),
        ];
        let figures: Vec<_> = figures.into_iter().flatten().collect();
        write!(f, "{}", self.otf_class())?;
        if figures.is_empty() { Ok(()) } else { write!(f, ": {}", figures.join(", ")) }
    }
}
