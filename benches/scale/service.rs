//! A transport that answers inside the process what the benches ask for, and leaves the sign-in to the sandbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use otf_api::auth::{Credentials, Session};
use otf_api::http::{Request, Response};
use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{MemoryStore, Otf, OtfBuilder, Transport, TransportError, UreqTransport};
use serde_json::{Value, json};

use crate::Result;

/// Signs in once; every client after that starts from the same session.
pub(crate) struct Service {
    _sandbox: Sandbox,
    session: Session,
    url: String,
}

impl Service {
    pub(crate) fn start() -> Result<Self> {
        let sandbox = Sandbox::start()?;
        let url = sandbox.url();
        let otf = Otf::builder().sandbox(&sandbox).environment(false).prompt(false).login()?;
        Ok(Self { session: otf.session()?, url, _sandbox: sandbox })
    }

    /// A client whose endpoints are answered by `bodies`.
    pub(crate) fn client(&self, bodies: Bodies) -> Result<OtfBuilder> {
        let transport = InProcess { bodies: Arc::new(bodies), others: UreqTransport::default() };
        Ok(Otf::builder()
            .endpoints(otf_api::Endpoints::at(&self.url)?)
            .credentials(Credentials::new(PAT.email, PAT.password))
            .store(MemoryStore::new())
            .transport(transport)
            .environment(false)
            .prompt(false))
    }

    /// The session of all clients.
    pub(crate) fn session(&self) -> Session {
        self.session.clone()
    }
}

/// What the endpoints reply.
#[derive(Clone, Default)]
pub(crate) struct Bodies {
    pub(crate) bookings: Vec<u8>,
    pub(crate) classes: Vec<u8>,
    pub(crate) summary: Vec<u8>,
    pub(crate) telemetry: Vec<u8>,
    /// How many requests were answered.
    pub(crate) count: Arc<AtomicUsize>,
}

impl Bodies {
    /// Telemetry; the app asks for 150 points, which are about 30 KB.
    pub(crate) fn telemetry(points: usize) -> Self {
        Self { telemetry: telemetry(points), ..Self::default() }
    }

    /// Bookings with workouts, and a summary and telemetry that are small.
    pub(crate) fn workouts(count: usize) -> Self {
        let items: Vec<Value> = (0..count).map(booking).collect();
        let summary = json!({"id": "s", "details": {"calories_burned": 512, "splat_points": 17}});
        Self {
            bookings: json!({ "items": items }).to_string().into_bytes(),
            summary: summary.to_string().into_bytes(),
            telemetry: telemetry(1),
            ..Self::default()
        }
    }
}

fn telemetry(points: usize) -> Vec<u8> {
    let point = |number: usize| {
        json!({
            "relativeTimestamp": number * 20, "hr": 90 + number % 80, "aggCalories": number * 4, "aggSplats": number / 9,
            "treadData": {"treadSpeed": 5.5, "treadIncline": 1.0, "aggTreadDistance": number * 30},
            "rowData": {"rowSpeed": 0.0, "rowPps": 0.0, "aggRowDistance": 0, "rowPace": 0},
        })
    };
    json!({
        "memberUuid": PAT.member_uuid, "classHistoryUuid": "s", "windowSize": 20, "maxHr": 190,
        "classStartTime": "2026-04-04T07:05:09.000Z", "telemetry": (0..points).map(point).collect::<Vec<_>>(),
    })
    .to_string()
    .into_bytes()
}

fn booking(number: usize) -> Value {
    let (day, hour) = (1 + number / 16 % 28, 5 + number % 16);
    json!({
        "id": format!("b{number:08}"), "member_id": PAT.member_uuid, "checked_in": true, "canceled": false,
        "class": {
            "id": format!("c{number:08}"), "name": "Orange 60 Min 2G", "type": "ORANGE_60",
            "starts_at": format!("20{:02}-05-{day:02}T{hour:02}:30:00.000Z", 10 + number / 448 % 16),
            "starts_at_local": format!("20{:02}-05-{day:02}T{hour:02}:30:00", 10 + number / 448 % 16),
            "studio": {"id": "s0", "name": "Lakeview, IL", "time_zone": "America/Chicago"},
        },
        "workout": {"id": format!("w{number:08}"), "calories_burned": 512, "splat_points": 17},
    })
}

struct InProcess {
    bodies: Arc<Bodies>,
    others: UreqTransport,
}

impl Transport for InProcess {
    fn send(&self, request: &Request<Vec<u8>>) -> std::result::Result<Response<Vec<u8>>, TransportError> {
        let path = request.uri().path();
        let body = match path {
            "/v1/bookings/me" => &self.bodies.bookings,
            "/v1/classes" => &self.bodies.classes,
            "/v1/performance/summary" => &self.bodies.telemetry,
            "/v1/performance-summaries" => return Ok(Response::new(br#"{"items":[]}"#.to_vec())),
            _ if path.starts_with("/v1/performance-summaries/") => &self.bodies.summary,
            _ => return self.others.send(request),
        };
        self.bodies.count.fetch_add(1, Ordering::Relaxed);
        Ok(Response::new(body.clone()))
    }
}
