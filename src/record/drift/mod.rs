//! Detecting changes of the service.
//!
//! A [`DriftMonitor`] sees each response and remembers its shape, without values. Its [`report`](DriftMonitor::report)
//! compares the shapes with the fields and values that the models know, and with the shapes of the responses known when
//! this version was written: only those tell of fields that no model reads, of types, and of fields that disappear.

mod baseline;
mod known;
mod report;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, fs, io};

use http::{Request, Response};
use serde_json::Value;

use self::baseline::{Known, baseline};
pub use self::report::{Drift, DriftKind, DriftReport};
use self::shape::{ANY_KEY, ITEM, Kinds, Shape, spelled};
use super::manifest::{Manifest, masked_template};
use super::mask::Masker;
use super::recorder::{bearer, is_sign_in};
use crate::error::TransportError;
use crate::net::Transport;

/// Compares responses with what this crate knows, while a program runs.
///
/// Clones share what they have seen: give one to [`OtfBuilder::drift`](crate::OtfBuilder::drift), and ask another for
/// the report. Responses that come from the cache are not seen again. No values are remembered, except those of
/// enumerations that the models do not know.
///
/// ```
/// # #[cfg(feature = "sandbox")] {
/// use otf_api::record::DriftMonitor;
/// use otf_api::{ClassQuery, Otf};
///
/// # let sandbox = otf_api::sandbox::Sandbox::start()?;
/// let monitor = DriftMonitor::new();
/// let otf = Otf::builder().drift(&monitor)
/// #   .sandbox(&sandbox)
///     .login()?;
/// otf.bookings().classes(&ClassQuery::new())?;
///
/// let report = monitor.report();
/// if !report.is_empty() {
///     println!("{report}");
/// }
/// # assert_eq!(report.drifts(), []);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct DriftMonitor {
    state: Arc<Mutex<Observed>>,
}

impl DriftMonitor {
    /// A monitor that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A transport that sends by another one and shows each response to this monitor. Sign-ins are left out.
    pub fn watch(&self, transport: impl Transport + 'static) -> impl Transport + 'static {
        self.watch_shared(Arc::new(transport))
    }

    pub(crate) fn watch_shared(&self, transport: Arc<dyn Transport>) -> impl Transport + use<> {
        Watched { transport, monitor: self.clone() }
    }

    /// Hides the words of a text wherever the report would show them. The names of the member who is signed in are
    /// hidden already.
    pub fn hide(&self, text: &str) {
        self.hold().masker().learn(text);
    }

    /// What differs so far.
    #[must_use]
    pub fn report(&self) -> DriftReport {
        self.hold().report()
    }

    fn hold(&self) -> MutexGuard<'_, Observed> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for DriftMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriftMonitor").finish_non_exhaustive()
    }
}

impl DriftReport {
    /// Compares what a [`Recorder`](super::Recorder) has recorded with what this crate knows.
    ///
    /// # Errors
    ///
    /// If the directory holds no recording, or a file of it cannot be read.
    pub fn of_recording(directory: impl AsRef<Path>) -> io::Result<Self> {
        let directory = directory.as_ref();
        let mut observed = Observed::default();
        for entry in Manifest::read(directory)?.files {
            let body = fs::read(entry.place(directory)?)?;
            observed.response(&endpoint(&entry.method, &entry.template), entry.status, &body);
        }
        Ok(observed.report())
    }
}

struct Watched {
    transport: Arc<dyn Transport>,
    monitor: DriftMonitor,
}

impl Transport for Watched {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.transport.send(request)?;
        if !is_sign_in(request) {
            let mut observed = self.monitor.hold();
            if let Some(token) = bearer(request) {
                observed.masker().learn_from_token(token);
            }
            let template = masked_template(request.uri().path(), observed.masker());
            let endpoint = endpoint(request.method().as_str(), &template);
            observed.response(&endpoint, response.status().as_u16(), response.body());
        }
        Ok(response)
    }
}

/// An endpoint by its method and path. The last part of some paths is one of many names.
fn endpoint(method: &str, template: &str) -> String {
    const BEFORE_NAME: [&str; 2] = ["over-time", "workout-stats"];
    let path = match template.rsplit_once('/') {
        Some((before, name))
            if name != "preview" && BEFORE_NAME.iter().any(|part| before.ends_with(part)) =>
        {
            format!("{before}/{{name}}")
        }
        _ => template.to_owned(),
    };
    format!("{method} {path}")
}

/// What was received.
#[derive(Default)]
struct Observed {
    endpoints: BTreeMap<String, Responses>,
    masker: Option<Masker>,
}

/// The responses of one endpoint.
#[derive(Default)]
struct Responses {
    shape: Shape,
    statuses: BTreeMap<u16, u64>,
    /// How many successful ones were not JSON.
    not_json: u64,
}

/// How many endpoints are remembered.
const MOST_ENDPOINTS: usize = 500;

/// What the service is known to say, besides the redirects of its gateways.
const STATUSES: [u16; 16] = [200, 201, 204, 400, 401, 403, 404, 405, 409, 422, 429, 500, 502, 503, 504, 408];

impl Observed {
    /// Nothing that it replaces is ever shown, so its key may be known.
    fn masker(&mut self) -> &mut Masker {
        self.masker.get_or_insert_with(|| Masker::new([0; 32]))
    }

    fn response(&mut self, endpoint: &str, status: u16, body: &[u8]) {
        if self.endpoints.len() >= MOST_ENDPOINTS && !self.endpoints.contains_key(endpoint) {
            return;
        }
        let responses = self.endpoints.entry(endpoint.to_owned()).or_default();
        let count = responses.statuses.entry(status).or_default();
        *count = count.saturating_add(1);
        if !(200..300).contains(&status) || body.is_empty() {
            return;
        }
        match serde_json::from_slice::<Value>(body) {
            Ok(body) => responses.shape.learn(endpoint, &body),
            Err(_) => responses.not_json = responses.not_json.saturating_add(1),
        }
    }

    fn report(&mut self) -> DriftReport {
        let mut report = DriftReport::default();
        let masker = self.masker.get_or_insert_with(|| Masker::new([0; 32]));
        for (endpoint, responses) in &self.endpoints {
            let Some(known) = baseline().get(endpoint) else {
                report.unknown.insert(redacted(masker, endpoint));
                continue;
            };
            report.compared =
                responses.statuses.values().fold(report.compared, |sum, count| sum.saturating_add(*count));
            report.endpoints.insert(endpoint.clone());
            if !known.is_captured {
                report.uncaptured.insert(endpoint.clone());
            }
            compare(endpoint, responses, known, masker, &mut report.drifts);
        }
        report.drifts.sort_by(|one, other| (&one.endpoint, one.kind).cmp(&(&other.endpoint, other.kind)));
        report
    }
}

fn compare(
    endpoint: &str,
    responses: &Responses,
    known: &Known,
    masker: &mut Masker,
    drifts: &mut Vec<Drift>,
) {
    let mut push = |kind, path: &[String], place: String, detail: String, count| {
        let field = known::field_at(endpoint, path).map(|(model, field)| format!("{model}.{}", field.name));
        drifts.push(Drift { endpoint: endpoint.to_owned(), kind, place, detail, field, count });
    };
    for (status, count) in responses.statuses.iter().filter(|(status, _)| !STATUSES.contains(status)) {
        push(DriftKind::UnknownStatus, &[], String::new(), status.to_string(), *count);
    }
    if responses.not_json > 0 {
        push(DriftKind::NotJson, &[], String::new(), String::new(), responses.not_json);
    }
    let (came, known) = (&responses.shape, &known.shape);
    let top = |shape: &Shape| -> BTreeSet<String> {
        shape.places.keys().filter(|path| path.len() == 1).map(|path| path.concat()).collect()
    };
    if !top(known).is_empty() && !top(came).is_empty() && top(known).is_disjoint(&top(came)) {
        let names: Vec<String> = top(came).iter().take(5).map(|key| shown_key(masker, key)).collect();
        let count = came.get(&[]).map_or(1, |seen| seen.count);
        push(DriftKind::OtherBody, &[], String::new(), format!("with {}", names.join(", ")), count);
        return;
    }
    for (path, seen) in &came.places {
        let place = || spelled(path);
        match known.get(path) {
            Some(before) => {
                for (value, count) in
                    seen.values.iter().filter(|(value, _)| !before.values.contains_key(*value))
                {
                    push(DriftKind::UnknownValue, path, place(), shown_value(masker, value), *count);
                }
                if let Some(new) = changed(before.kinds, seen.kinds) {
                    let detail = format!("was {}, is {}", before.kinds.solid().names(), new.names());
                    push(DriftKind::TypeChanged, path, place(), detail, seen.count);
                }
            }
            None => {
                let Some((key, parent)) = path.split_last() else { continue };
                let is_topmost = known.get(parent).is_some_and(|before| !before.kinds.solid().is_empty());
                let is_known = key == ITEM || key == ANY_KEY || known::field_at(endpoint, path).is_some();
                if is_topmost && known.has_inside(parent) && !is_known {
                    let shown: Vec<String> = path.iter().map(|key| shown_key(masker, key)).collect();
                    push(
                        DriftKind::UnknownField,
                        path,
                        spelled(&shown),
                        format!("({})", seen.kinds.names()),
                        seen.count,
                    );
                }
            }
        }
    }
    for (path, before) in &known.places {
        let Some((key, parent)) = path.split_last() else { continue };
        let always =
            known.get(parent).is_some_and(|parent| before.count >= parent.objects && parent.objects > 0);
        let objects = came.get(parent).map_or(0, |parent| parent.objects);
        if always && objects > 0 && key != ITEM && key != ANY_KEY && came.get(path).is_none() {
            push(DriftKind::MissingField, path, spelled(path), String::new(), objects);
        }
    }
}

/// The types that a field did not have before, if they matter: null says nothing, and what was any text may look like a
/// date.
fn changed(before: Kinds, now: Kinds) -> Option<Kinds> {
    let before = before.solid();
    let mut new = now.solid().minus(before);
    if before.has(Kinds::TEXT) {
        new = new.minus(Kinds::DATE);
    }
    (!before.is_empty() && !new.is_empty()).then_some(new)
}

/// A key, unless it could be somebody's.
fn shown_key(masker: &mut Masker, key: &str) -> String {
    if key == ITEM || key == ANY_KEY || masker.query_name(key) == key {
        key.to_owned()
    } else {
        "REDACTED".to_owned()
    }
}

/// A value of an enumeration, unless it could be somebody's.
fn shown_value(masker: &mut Masker, value: &str) -> String {
    if masker.keeps_enumeration(value) { format!("{value:?}") } else { "REDACTED".to_owned() }
}

fn redacted(masker: &mut Masker, endpoint: &str) -> String {
    let parts: Vec<String> = endpoint.split('/').map(|part| shown_key_of_path(masker, part)).collect();
    parts.join("/")
}

fn shown_key_of_path(masker: &mut Masker, part: &str) -> String {
    let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.{} ".contains(&byte));
    if is_plain && !masker.has_own(part) { part.to_owned() } else { "{id}".to_owned() }
}
