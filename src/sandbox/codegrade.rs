//! The one-time-password login of CodeGrade.

use jiff::Timestamp;

use super::http::{Request, Response};
use super::state::State;

/// The state behind it.
#[derive(Debug, Default)]
pub(crate) struct CodeGrade {}

/// Answers a request under `/api/v1/pow` or `/api/v1/otp_logins`; `None` where there is no such route.
pub(crate) fn handle(_state: &State, _request: &Request, _now: Timestamp) -> Option<Response> {
    None
}
