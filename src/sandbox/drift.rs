//! Changes that the real service might make one day, and a list of those planted.

use serde_json::Value;

use super::Sandbox;
use super::faults::path_matches;
use super::http::{Request, Response};
use super::state::lock;

/// A change of the service, planted with [`Sandbox::plant_drift`]. All of it is invented.
///
/// `path` is a path of the service, as for [`Fault::on`](super::Fault::on); `place` is a JSON pointer into the
/// response (RFC 6901) in which `*` stands for every item of a list: `/items/*/coach/first_name`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlantedDrift {
    /// What has changed.
    pub kind: PlantedDriftKind,
    /// Where responses have changed.
    pub path: String,
    /// What in them; empty for a status.
    pub place: String,
    /// What is there now; null for a field that is gone.
    pub value: Value,
    /// How many responses it has changed so far.
    pub seen: u32,
}

/// What a [`PlantedDrift`] changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlantedDriftKind {
    /// A field that was never sent before.
    UnknownField,
    /// A value that was never sent before, in a field that has a set of them.
    UnknownValue,
    /// A value of another JSON type.
    ChangedType,
    /// A field that is not sent any more.
    MissingField,
    /// A status that was never sent before. The body stays.
    UnknownStatus,
}

impl PlantedDrift {
    fn new(kind: PlantedDriftKind, path: &str, place: &str, value: Value) -> Self {
        Self { kind, path: path.to_owned(), place: place.to_owned(), value, seen: 0 }
    }

    /// Adds a field to objects that do not have it.
    #[must_use]
    pub fn unknown_field(path: &str, place: &str, value: impl Into<Value>) -> Self {
        Self::new(PlantedDriftKind::UnknownField, path, place, value.into())
    }

    /// Puts a new value into a field that is there.
    #[must_use]
    pub fn unknown_value(path: &str, place: &str, value: &str) -> Self {
        Self::new(PlantedDriftKind::UnknownValue, path, place, value.into())
    }

    /// Puts a value of another type into a field that is there.
    #[must_use]
    pub fn changed_type(path: &str, place: &str, value: impl Into<Value>) -> Self {
        Self::new(PlantedDriftKind::ChangedType, path, place, value.into())
    }

    /// Removes a field.
    #[must_use]
    pub fn missing_field(path: &str, place: &str) -> Self {
        Self::new(PlantedDriftKind::MissingField, path, place, Value::Null)
    }

    /// Sends another status with the body of a success.
    #[must_use]
    pub fn unknown_status(path: &str, status: u16) -> Self {
        Self::new(PlantedDriftKind::UnknownStatus, path, "", status.into())
    }

    /// Changes of each kind, over the endpoints that programs use most.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let (classes, bookings) = ("/v1/classes", "/v1/bookings/me");
        let (summary, telemetry) = ("/v1/performance-summaries/*", "/v1/performance/summary");
        let (studio, older) = ("/mobile/v1/studios/*", "/member/members/*/bookings");
        vec![
            Self::unknown_field(classes, "/items/*/room_temperature", 21),
            Self::unknown_field(bookings, "/items/*/class/coach/years_of_service", 7),
            Self::unknown_field(studio, "/data/studioLocation/parkingSpaces", 40),
            Self::unknown_field(summary, "/details/heart_rate/resting_hr", 58),
            Self::unknown_value(classes, "/items/0/type", "YOGA_75"),
            Self::unknown_value(older, "/data/0/status", "Teleported"),
            Self::unknown_value(studio, "/data/studioStatus", "Relocated"),
            Self::changed_type(classes, "/items/*/max_capacity", serde_json::json!({ "total": 24 })),
            Self::changed_type(telemetry, "/telemetry/0/hr", serde_json::json!([99])),
            Self::changed_type(summary, "/details/step_count", serde_json::json!({ "steps": 12 })),
            Self::missing_field(bookings, "/items/*/service_name"),
            Self::missing_field(classes, "/items/*/coach"),
            Self::missing_field(summary, "/details/zone_time_minutes"),
            Self::unknown_status("/v1/physVars/maxHr/history", 203),
        ]
    }

    /// Changes a successful response to a request of this path; counts it if there was something to change.
    fn apply(&mut self, response: &mut Response, body: &mut Value) {
        let changed = match (self.kind, u16::try_from(self.value.as_u64().unwrap_or_default())) {
            (PlantedDriftKind::UnknownStatus, Ok(status)) => {
                response.status = status;
                true
            }
            (PlantedDriftKind::UnknownStatus, Err(_)) => false,
            _ => {
                let steps: Vec<&str> = self.place.split('/').skip(1).collect();
                change(body, &steps, self)
            }
        };
        self.seen = self.seen.saturating_add(u32::from(changed));
    }
}

/// Follows the steps of a place, and makes the change at their end; whether there was one to make.
fn change(value: &mut Value, steps: &[&str], drift: &PlantedDrift) -> bool {
    match (value, steps) {
        (Value::Object(fields), [name]) => match drift.kind {
            PlantedDriftKind::MissingField => fields.remove(*name).is_some(),
            PlantedDriftKind::UnknownField => {
                fields.insert((*name).to_owned(), drift.value.clone()).is_none()
            }
            _ => fields.get_mut(*name).is_some_and(|field| replace(field, &drift.value)),
        },
        (Value::Array(items), ["*", rest @ ..]) => {
            let changed = items.iter_mut().map(|item| change(item, rest, drift));
            // Every item, not only up to the first that changes.
            changed.fold(false, |before, one| before | one)
        }
        (Value::Array(items), [index, rest @ ..]) => {
            let item = index.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            item.is_some_and(|item| change(item, rest, drift))
        }
        (Value::Object(fields), [name, rest @ ..]) => {
            fields.get_mut(*name).is_some_and(|field| change(field, rest, drift))
        }
        _ => false,
    }
}

fn replace(field: &mut Value, value: &Value) -> bool {
    let different = field != value;
    *field = value.clone();
    different
}

/// The changes planted so far.
#[derive(Debug, Default)]
pub(super) struct Drifts(Vec<PlantedDrift>);

impl Drifts {
    /// Changes the response to a request as planted.
    pub(super) fn apply(&mut self, request: &Request, response: &mut Response) {
        let mut matching =
            self.0.iter_mut().filter(|drift| path_matches(&drift.path, &request.path)).peekable();
        if matching.peek().is_none() || !(200..300).contains(&response.status) {
            return;
        }
        let Ok(mut body) = serde_json::from_slice(&response.body) else { return };
        matching.for_each(|drift| drift.apply(response, &mut body));
        response.body = body.to_string().into_bytes();
    }
}

/// PlantedDrift.
impl Sandbox {
    /// Changes the responses of the service from now on, so that a report of such changes can be compared with
    /// the list of them.
    ///
    /// ```
    /// use otf_api::sandbox::{PlantedDrift, Sandbox};
    ///
    /// let sandbox = Sandbox::start()?;
    /// for drift in PlantedDrift::samples() {
    ///     sandbox.plant_drift(drift);
    /// }
    /// sandbox.plant_drift(PlantedDrift::missing_field("/v1/bookings/me", "/items/*/ratable"));
    /// assert!(sandbox.planted_drift().iter().all(|drift| drift.seen == 0));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn plant_drift(&self, drift: PlantedDrift) {
        lock(&self.state.drifts).0.push(drift);
    }

    /// The changes planted so far, each with the number of responses that it has changed.
    #[must_use]
    pub fn planted_drift(&self) -> Vec<PlantedDrift> {
        lock(&self.state.drifts).0.clone()
    }

    /// Removes all planted changes.
    pub fn clear_drift(&self) {
        lock(&self.state.drifts).0.clear();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_changes_what_is_there() {
        let original =
            json!({"items": [{"type": "A", "coach": {"name": "x"}}, {"type": "B", "coach": null}]});
        let case = |drift: PlantedDrift, place: &str| {
            let (mut response, mut body) = (Response::json(200, &original), original.clone());
            let mut drift = drift;
            drift.apply(&mut response, &mut body);
            (drift.seen, response.status, body.pointer(place).cloned())
        };
        let all = "/v1/classes";
        assert_eq!(
            case(PlantedDrift::unknown_field(all, "/items/*/coach/age", 40), "/items/0/coach/age"),
            (1, 200, Some(json!(40)))
        );
        assert_eq!(
            case(PlantedDrift::unknown_value(all, "/items/*/type", "C"), "/items/1/type"),
            (1, 200, Some(json!("C")))
        );
        assert_eq!(
            case(PlantedDrift::changed_type(all, "/items/0/type", 7), "/items/0/type"),
            (1, 200, Some(json!(7)))
        );
        assert_eq!(case(PlantedDrift::missing_field(all, "/items/1/type"), "/items/1/type"), (1, 200, None));
        assert_eq!(case(PlantedDrift::unknown_status(all, 203), "").1, 203);
        for nothing in ["/items/*/name/first", "/items/9/type", "/data/x", "/items/*/coach/name/first", ""] {
            assert_eq!(case(PlantedDrift::missing_field(all, nothing), "").0, 0, "{nothing}");
        }
    }
}
