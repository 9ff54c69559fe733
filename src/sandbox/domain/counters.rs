//! Counts of a member's classes: the summary inside the member record, and the mobile endpoint's.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::bookings::Booking;
use super::responses::{forbidden, success};
use super::schedule::Class;
use super::{Call, Domain};
use crate::sandbox::http::Response;

impl Domain {
    /// `GET /mobile/v1/members/classes/summary`
    pub(super) fn class_counters(&self, call: &Call<'_>) -> Response {
        if self.member(call.caller).is_none() {
            return forbidden();
        }
        let attended = self.counted(call).filter(|(booking, _)| booking.checked_in).count();
        success(&json!({ "totalInStudioClassesAttended": attended, "totalOtliveClassesAttended": 0 }))
    }

    /// `memberClassSummary` of the member record.
    pub(super) fn class_summary(&self, call: &Call<'_>) -> Value {
        let mine = || self.counted(call);
        let attended = || mine().filter(|(booking, _)| booking.checked_in).map(|(_, class)| class);
        let mut studios: Vec<&str> = attended().map(|class| class.studio.key).collect();
        studios.sort_unstable();
        studios.dedup();
        let date = |at: Option<Timestamp>| at.map(|at| at.strftime("%Y-%m-%dT00:00:00.000Z").to_string());
        let last = attended().max_by_key(|class| class.start);
        json!({
            "totalClassesBooked": mine().count(),
            "totalClassesAttended": attended().count(),
            "totalIntro": mine().filter(|(booking, _)| booking.intro).count(),
            "totalOTLiveClassesBooked": 0,
            "totalOTLiveClassesAttended": 0,
            "totalClassesUsedHRM": mine().filter(|(booking, _)| booking.workout.is_some()).count(),
            "totalStudiosVisited": studios.len(),
            "firstVisitDate": date(attended().map(|class| class.start).min()),
            "lastClassVisitedDate": date(last.map(|class| class.start)),
            "lastClassBookedDate": date(mine().map(|(_, class)| class.start).max()),
            "lastClassStudioVisited": last.map(|class| class.studio.id()),
        })
    }

    /// The bookings that the counters count; frozen ones stopped counting classes at some time.
    fn counted(&self, call: &Call<'_>) -> impl Iterator<Item = (&Booking, &Class)> {
        let until = self.behaviors.counters_until.unwrap_or(Timestamp::MAX);
        self.mine(call).filter(move |(_, class)| class.start <= until)
    }
}
