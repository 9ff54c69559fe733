//! Whether a part of a workout was loaded, and why not.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a part of a workout was loaded.
///
/// Only [`Absent`](Self::Absent) and [`Present`](Self::Present) are final. A program that stores workouts should load a
/// workout with an [incomplete](Self::is_incomplete) part again later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartStatus {
    /// The query left it out.
    #[default]
    NotRequested,
    /// It was loaded.
    Present,
    /// The service does not have it: it responded 404, or the class was over a week ago without a measurement.
    Absent,
    /// The service does not have it yet: it responded with nothing, or the class was less than a week ago.
    NotYetAvailable,
    /// The request failed, or its response could not be read.
    Failed {
        /// The error message.
        reason: String,
    },
}

impl PartStatus {
    /// Whether a later request may load it.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        matches!(self, Self::NotYetAvailable | Self::Failed { .. })
    }

    /// Whether its request failed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }
}

impl fmt::Display for PartStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRequested => f.pad("not requested"),
            Self::Present => f.pad("present"),
            Self::Absent => f.pad("absent"),
            Self::NotYetAvailable => f.pad("not yet available"),
            Self::Failed { reason } => f.pad(reason),
        }
    }
}
