//! Records besides single workouts: heart rates, statistics, scans.

use serde_json::Value;

use super::WorkoutApi;
use crate::client::{Call, segment};
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{
    BodyCompositionData, InStudioStatsData, InStudioWorkout, Listing, OutOfStudioWorkoutHistory,
    OutStudioStatsData, StatsResponse, StatsTime, TelemetryHistoryItem,
};

impl WorkoutApi<'_> {
    /// How the member's maximum heart rate and zones have changed.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_hr_history")]
    pub fn heart_rate_history(&self) -> Result<Listing<TelemetryHistoryItem>> {
        let call = Call::get(Host::Telemetry, "/v1/physVars/maxHr/history")
            .query("memberUuid", self.client.member_uuid().as_str());
        self.client.list(&call, &["history"])
    }

    /// The statistics of workouts in studios in a period.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_member_lifetime_stats_in_studio")]
    pub fn lifetime_stats_in_studio(&self, period: StatsTime) -> Result<InStudioStatsData> {
        Ok(self.stats(period)?.in_studio.period(period).clone())
    }

    /// The statistics of workouts outside studios in a period.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_member_lifetime_stats_out_of_studio")]
    pub fn lifetime_stats_out_of_studio(&self, period: StatsTime) -> Result<OutStudioStatsData> {
        Ok(self.stats(period)?.out_studio.period(period).clone())
    }

    /// The workouts outside studios, in the service's order.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_out_of_studio_workout_history")]
    pub fn out_of_studio_history(&self) -> Result<Listing<OutOfStudioWorkoutHistory>> {
        let call =
            Call::get(Host::Default, format!("/member/members/{}/out-of-studio-workout", self.member()?));
        self.client.list(&call, &["data"])
    }

    /// The workouts in studios that the former web site for home workouts listed, the newest first: the whole history in
    /// one response, back to about 2019. It is an independent check of completeness, see
    /// [`WorkoutHistory::check`](crate::WorkoutHistory::check).
    ///
    /// The endpoint may be gone. Two clients agree on it, the last use known is of 2024, and it was never recorded.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the service no longer has it; and those of [any call](Error#any-call).
    #[doc(alias = "in_studio_workouts")]
    pub fn in_studio_history(&self) -> Result<Listing<InStudioWorkout>> {
        self.client.list(&Call::get(Host::Default, "/virtual-class/in-studio-workouts"), &["data"])
    }

    /// The body composition scans, in the service's order.
    ///
    /// # Errors
    ///
    /// Those of [any call](Error#any-call).
    #[doc(alias = "get_body_composition_list")]
    pub fn body_composition(&self) -> Result<Listing<BodyCompositionData>> {
        let cognito_id = segment("cognito_id", &self.client.user().cognito_id)?;
        let call = Call::get(Host::Default, format!("/member/members/{cognito_id}/body-composition"));
        self.client.list(&call, &["data"])
    }

    /// What an Aspire wearable reports for a day, as the service sends it. Which forms of date and unit it accepts is not
    /// known; the endpoint comes from one client.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a blank argument or control characters; and those of [any call](Error#any-call).
    #[doc(alias = "_get_aspire_data")]
    #[doc(alias = "get_aspire_data")]
    pub fn aspire(&self, datetime: Option<&str>, unit: Option<&str>) -> Result<Value> {
        let mut call =
            Call::get(Host::Default, format!("/member/wearables/{}/wearable-daily", self.member()?));
        for (name, value) in [("datetime", datetime), ("unit", unit)] {
            match value {
                Some(value) if value.trim().is_empty() || value.chars().any(char::is_control) => {
                    return Err(Error::invalid(name, "blank, or with control characters"));
                }
                Some(value) => call = call.query(name, value),
                None => {}
            }
        }
        self.client.json(&call)
    }

    fn stats(&self, period: StatsTime) -> Result<StatsResponse> {
        let call = Call::get(Host::Default, format!("/performance/v2/{}/over-time/{period}", self.member()?));
        self.client.get_in(&call, &["data"])
    }

    /// The member's id as a path segment.
    pub(super) fn member(&self) -> Result<String> {
        segment("member_uuid", self.client.member_uuid().as_str())
    }
}
