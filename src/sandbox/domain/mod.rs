//! The OrangeTheory endpoints: their state and their routes.

use jiff::Timestamp;

use super::Account;
use super::http::{Request, Response};

/// The state behind the domain endpoints.
#[derive(Debug)]
pub(crate) struct Domain {}

impl Domain {
    /// The state at the start, with a schedule and a history around `now`.
    pub(crate) fn new(_now: Timestamp) -> Self {
        Self {}
    }

    /// Answers a request of a signed-in account; `None` where there is no such route.
    pub(crate) fn handle(
        &mut self,
        _caller: &Account,
        _request: &Request,
        _now: Timestamp,
    ) -> Option<Response> {
        None
    }
}
