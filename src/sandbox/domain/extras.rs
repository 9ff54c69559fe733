//! Two endpoints of which no response is recorded. Their bodies are guesses.

use serde_json::json;

use super::responses::{forbidden, success};
use super::{Call, Domain, times};
use crate::sandbox::http::Response;

impl Domain {
    /// `GET /member/wearables/{member}/wearable-daily?datetime&unit`
    pub(super) fn wearable(&self, call: &Call<'_>) -> Response {
        let Some(member) = self.member(call.caller) else { return forbidden() };
        if member.is_new() || member.is_sparse() {
            return success(&json!([]));
        }
        let today = times::naive(member.home.local(call.now));
        success(&json!([{
            "memberUUId": member.account.member_uuid,
            "datetime": call.request.query("datetime").unwrap_or(&today),
            "unit": call.request.query("unit").unwrap_or("imperial"),
            "steps": 8_421,
            "calories": 2_215,
            "restingHeartRate": 58,
        }]))
    }
}

/// `GET /member/app-configurations`
pub(super) fn app_configuration() -> Response {
    success(&json!({
        "minimumVersion": { "ios": "6.0.0", "android": "6.0.0" },
        "lateCancelWindowHours": 8,
        "schedulingWindowDays": 29,
        "features": { "waitlist": true, "challenges": true, "aspire": false },
        "supportEmail": "support@example.org",
    }))
}
