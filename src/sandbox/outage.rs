//! Outages of parts of the service.

use super::Sandbox;
use super::http::Request;
use super::state::lock;

/// A part of the service that can be down on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outage {
    /// Telemetry and the history of maximum heart rates: the host `api.yuzu.orangetheory.com`.
    Telemetry,
    /// Performance summaries, the list and each of them.
    Summaries,
    /// The newer booking and class endpoints.
    Bookings,
    /// Studio search and details.
    Studios,
    /// Workout trends: the host `api.gateway.orangetheory.com`.
    Trends,
    /// The older endpoints below `/member`.
    Members,
}

impl Outage {
    fn prefixes(self) -> &'static [&'static str] {
        match self {
            Self::Telemetry => &["/v1/performance/summary", "/v1/physVars"],
            Self::Summaries => &["/v1/performance-summaries"],
            Self::Bookings => &["/v1/bookings", "/v1/classes"],
            Self::Studios => &["/mobile/v1/studios"],
            Self::Trends => &["/consumer-mobile"],
            Self::Members => &["/member"],
        }
    }

    fn affects(self, request: &Request) -> bool {
        self.prefixes().iter().any(|prefix| {
            request.path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// The current outages, each with its status.
#[derive(Debug, Default)]
pub(super) struct Outages(Vec<(Outage, u16)>);

impl Outages {
    fn set(&mut self, part: Outage, status: Option<u16>) {
        self.0.retain(|(known, _)| *known != part);
        self.0.extend(status.map(|status| (part, status)));
    }

    /// The status that an outage gives this request.
    pub(super) fn status(&self, request: &Request) -> Option<u16> {
        self.0.iter().find(|(part, _)| part.affects(request)).map(|(_, status)| *status)
    }
}

/// Outages.
impl Sandbox {
    /// Makes a part of the service respond with this status, until it is set to `None`.
    ///
    /// Telemetry responding 503 and the performance host responding 403 while the rest worked were reported.
    ///
    /// ```
    /// use otf_api::sandbox::{Outage, Sandbox};
    ///
    /// let sandbox = Sandbox::start()?;
    /// sandbox.set_outage(Outage::Telemetry, 503);
    /// // …
    /// sandbox.set_outage(Outage::Telemetry, None);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn set_outage(&self, part: Outage, status: impl Into<Option<u16>>) {
        lock(&self.state.outages).set(part, status.into());
    }
}
