//! The drift report.

use std::collections::BTreeSet;
use std::fmt;

/// A difference between what the service sent and what this crate knows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// Method and path, with `{id}` for ids.
    pub endpoint: String,
    /// What differs.
    pub kind: DriftKind,
    /// Where in the body: `items[].studio.name`. Empty for a status.
    pub place: String,
    /// The types, the value or the status that came.
    pub detail: String,
    /// The field of a model that the place is read into, such as `OtfClass.class_type`; `None` if no model reads it.
    pub field: Option<String>,
    /// How often it came; for a missing field, how many objects were without it.
    pub count: u64,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DriftKind {
    /// A status that was never seen from this service.
    UnknownStatus,
    /// A successful response that is not JSON.
    NotJson,
    /// A successful response without any of the fields at its top that are known.
    OtherBody,
    /// A field of another type.
    TypeChanged,
    /// A field that was in every object, and is in none.
    MissingField,
    /// A value of an enumeration that its model does not know.
    UnknownValue,
    /// A field that is not known.
    UnknownField,
}

impl DriftKind {
    fn name(self) -> &'static str {
        match self {
            Self::UnknownStatus => "unknown status",
            Self::NotJson => "not JSON",
            Self::OtherBody => "other body",
            Self::TypeChanged => "type changed",
            Self::MissingField => "missing field",
            Self::UnknownValue => "unknown value",
            Self::UnknownField => "unknown field",
        }
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.endpoint, self.kind.name())?;
        self.write_what(f)
    }
}

impl Drift {
    /// Where, what and how often.
    fn write_what(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.place, &self.detail].into_iter().filter(|part| !part.is_empty()) {
            write!(f, " {part}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", read as {field}")?;
        }
        write!(f, ", {}", times(self.count))
    }
}

/// How responses differ from what this crate knows. `Display` is one page of text without personal data, suitable for
/// attaching to a bug report.
#[derive(Clone, Debug, Default)]
pub struct DriftReport {
    pub(super) drifts: Vec<Drift>,
    pub(super) compared: u64,
    pub(super) endpoints: BTreeSet<String>,
    /// Endpoints that nothing is known of.
    pub(super) unknown: BTreeSet<String>,
    /// Endpoints of which no response of the real service was known when this version was written.
    pub(super) uncaptured: BTreeSet<String>,
}

/// How many lines of differences a report has at most.
const MOST_LINES: usize = 45;

impl DriftReport {
    /// The differences, by endpoint and then by kind.
    #[must_use]
    pub fn drifts(&self) -> &[Drift] {
        &self.drifts
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.drifts.is_empty()
    }

    /// How many responses were compared.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.compared
    }
}

impl fmt::Display for DriftReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Drift report of otf-api {}", env!("CARGO_PKG_VERSION"))?;
        let (responses, endpoints) = (self.compared, self.endpoints.len());
        writeln!(
            f,
            "{responses} responses of {endpoints} endpoints compared, {} differences",
            self.drifts.len()
        )?;
        let mut endpoint = "";
        for drift in self.drifts.iter().take(MOST_LINES) {
            if drift.endpoint != endpoint {
                endpoint = &drift.endpoint;
                let note =
                    if self.uncaptured.contains(endpoint) { " (known from descriptions only)" } else { "" };
                writeln!(f, "\n{endpoint}{note}")?;
            }
            write!(f, "  {:<14}", drift.kind.name())?;
            drift.write_what(f)?;
            writeln!(f)?;
        }
        match self.drifts.len().saturating_sub(MOST_LINES) {
            0 => {}
            more => writeln!(f, "\nand {more} more")?,
        }
        if !self.unknown.is_empty() {
            let some: Vec<&str> = self.unknown.iter().take(5).map(String::as_str).collect();
            let more = if self.unknown.len() > some.len() { ", …" } else { "" };
            writeln!(f, "\nNot compared, since nothing is known of them: {}{more}", some.join(", "))?;
        }
        Ok(())
    }
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
