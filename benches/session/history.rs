//! A history of any length, answered inside the process, to see how memory grows with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use otf_api::auth::Credentials;
use otf_api::http::{Method, Request, Response};
use otf_api::sandbox::PAT;
use otf_api::{
    Endpoints, Host, MemoryStore, Otf, OtfBuilder, Transport, TransportError, UreqTransport, WorkoutQuery,
};
use serde_json::{Value, json};

use crate::Result;
use crate::child::Report;
use crate::measure::Usage;

/// Goes through so many workouts one at a time (`iter`) or has them all (`list`).
pub(crate) fn run(otf: OtfBuilder, url: &str, how: &str, workouts: usize) -> Result<Report> {
    let sent = Arc::new(AtomicUsize::new(0));
    let history = History::like_the_sandbox_s(&Endpoints::at(url)?, workouts, Arc::clone(&sent))?;
    let otf = otf.transport(history).cache_responses(false).login()?;
    let query = WorkoutQuery::new().lifetime();
    // What is set up once, such as time zones, is no part of the growth.
    otf.workouts().iter(&query)?.next().transpose()?;
    sent.store(0, Ordering::Relaxed);

    let started = Instant::now();
    let (items, before, after) = match how {
        "list" => {
            let before = Usage::now().resident;
            let list = otf.workouts().list(&query)?;
            (list.len(), before, Usage::now().resident)
        }
        _ => {
            let mut all = otf.workouts().iter(&query)?;
            let before = Usage::now().resident;
            let mut items = 0;
            let mut most = before;
            while let Some(workout) = all.next().transpose()? {
                items += usize::from(workout.telemetry.is_some());
                if items % 50 == 0 {
                    most = most.max(Usage::now().resident);
                }
            }
            (items, before, most)
        }
    };
    let json = sent.load(Ordering::Relaxed) as f64 / 1e6;
    Ok(Report { held: after - before, json, ..Report::since(started, items) })
}

/// Answers what workouts are made of itself, and leaves the rest to the sandbox.
struct History {
    others: UreqTransport,
    bookings: Vec<u8>,
    summary: Value,
    telemetry: Value,
    sent: Arc<AtomicUsize>,
}

impl History {
    fn like_the_sandbox_s(endpoints: &Endpoints, workouts: usize, sent: Arc<AtomicUsize>) -> Result<Self> {
        let otf = Otf::builder()
            .endpoints(endpoints.clone())
            .credentials(Credentials::new(PAT.email, PAT.password))
            .store(MemoryStore::new())
            .login()?;
        let bookings = otf
            .request(Method::GET, Host::Io, "/v1/bookings/me")
            .query("starts_after", "2000-01-01T00:00:00Z")
            .query("ends_before", "2100-01-01T00:00:00Z")
            .send()?;
        let done = |booking: &&Value| booking["workout"]["id"].is_string();
        let list = bookings["items"].as_array().ok_or("no bookings")?;
        let booking = list.iter().rfind(done).ok_or("no workout")?;
        let id = booking["workout"]["id"].as_str().ok_or("no workout")?;
        let summary = otf
            .request(Method::GET, Host::Io, &format!("/v1/performance-summaries/{id}"))
            .header("koji-member-id", otf.member_uuid().as_str())
            .header("koji-member-email", PAT.email)
            .send()?;
        let telemetry = otf
            .request(Method::GET, Host::Telemetry, "/v1/performance/summary")
            .query("classHistoryUuid", id)
            .query("maxDataPoints", "150")
            .send()?;
        let many: Vec<Value> = (0..workouts).map(|number| renamed(booking, number)).collect();
        let bookings = serde_json::to_vec(&json!({ "items": many }))?;
        Ok(Self { others: UreqTransport::default(), bookings, summary, telemetry, sent })
    }
}

/// The same booking of another class and of another workout.
fn renamed(booking: &Value, number: usize) -> Value {
    let mut booking = booking.clone();
    booking["id"] = json!(format!("{number:08}-6a41-4b0c-9d3e-7f1a2b3c4d5e"));
    booking["class"]["id"] = json!(format!("{number:08}-1b7d-4e88-a1c6-9d0e1f2a3b4c"));
    booking["workout"]["id"] = json!(format!("{number:08}-2b7d-4e88-a1c6-9d0e1f2a3b4c"));
    booking
}

impl Transport for History {
    fn send(&self, request: &Request<Vec<u8>>) -> std::result::Result<Response<Vec<u8>>, TransportError> {
        let path = request.uri().path();
        let body = match path {
            "/v1/bookings/me" => self.bookings.clone(),
            "/v1/performance-summaries" => return Ok(Response::new(br#"{"items":[]}"#.to_vec())),
            "/v1/performance/summary" => self.telemetry.to_string().into_bytes(),
            _ if path.starts_with("/v1/performance-summaries/") => self.summary.to_string().into_bytes(),
            _ => return self.others.send(request),
        };
        self.sent.fetch_add(body.len(), Ordering::Relaxed);
        Ok(Response::new(body))
    }
}
