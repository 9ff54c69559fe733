//! The recorder and the replayer.

use std::fs;
use std::sync::{Arc, Mutex};

use otf_api::http::{Request, Response};
use otf_api::record::{DriftReport, Recorder, Replayer};
use otf_api::{Transport, TransportError};
use serde_json::json;

use super::harness::{reply, status};
use super::script::Script;
use super::seeds::text;
use super::tree::body;

/// Replies with what it was given.
struct Given(Arc<Mutex<Response<Vec<u8>>>>);

impl Transport for Given {
    fn send(&self, _: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        Ok(self.0.lock().unwrap().clone())
    }
}

const UUID: &str = "0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e";
const PHONE: &str = "3125550199";
const EMAIL: &str = "quentin.quimby@club.example";

/// Whatever the response is, the program gets it unchanged, and what is personal is not in the recording, which can be
/// replayed.
pub(crate) fn recorder(data: &[u8]) {
    let mut script = Script::new(data);
    let folder = tempfile::tempdir().unwrap();
    let given = Arc::new(Mutex::new(reply(200, "")));
    let recorder = Recorder::create(folder.path(), Given(Arc::clone(&given))).unwrap();
    recorder.hide("Quimby");
    let template = json!({"items": [{
        "id": UUID, "phone": PHONE, "email": EMAIL, "lastName": "Quimby", "name": "Orange 60 Min 2G",
        "note": format!("call {PHONE} or {EMAIL}, member {UUID}"), "starts_at": "2026-04-28T10:00:00Z",
    }]});
    let mut sent = Vec::new();
    for _ in 0..=script.below(3) {
        let path: String =
            script.text().chars().filter(|c| c.is_ascii_alphanumeric() || "/_-.%".contains(*c)).collect();
        let uri = format!("https://api.example/v1/{path}?memberUuid={UUID}&{}=1", script.below(9));
        let Ok(request) = Request::get(uri).body(Vec::new()) else { continue };
        let mut response = reply(status(&mut script, 200), "");
        *response.body_mut() = body(&template, &mut script);
        response.clone_into(&mut given.lock().unwrap());
        let received = recorder.send(&request).unwrap();
        assert_eq!((received.status(), received.body()), (response.status(), response.body()));
        sent.push((request, response));
    }
    for file in files(folder.path()) {
        let written = String::from_utf8_lossy(&fs::read(&file).unwrap()).to_lowercase();
        for personal in [UUID, PHONE, EMAIL, "quimby"] {
            assert!(!written.contains(personal), "{personal} in {written}");
        }
    }
    let replayer = Replayer::open(folder.path()).unwrap();
    drop(DriftReport::of_recording(folder.path()).unwrap().to_string());
    for (request, _) in &sent {
        drop(replayer.send(request));
    }
}

fn files(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

pub(crate) fn recorder_seeds() -> Vec<(String, Vec<u8>)> {
    let one = |path: &str, rest: &[u8]| [&[0], text(path).as_slice(), rest].concat();
    vec![
        ("whole".to_owned(), one("bookings/me", &[0, 0, 0, 0])),
        ("cut".to_owned(), one("bookings/me", &[0, 0, 5, 0, 0, 0, 90])),
        ("glued-name".to_owned(), one("xQuimby", &[0, 0, 0, 0])),
        ("mutated".to_owned(), one(&format!("members/{UUID}"), &[0, 0, 0, 3, 4, 5, 6, 7, 8])),
        (
            "plain".to_owned(),
            one("x", &[[0, 0, 7].as_slice(), format!("Quimby {PHONE} {PHONE}").as_bytes()].concat()),
        ),
        (
            "glued".to_owned(),
            one("x", &[[0, 0, 7].as_slice(), format!("{{\"m{UUID}\": \"tel{PHONE}\"}}").as_bytes()].concat()),
        ),
    ]
}

/// Whatever a manifest says, nothing outside the recording is read, and opening and replaying end with a value or an
/// error.
pub(crate) fn replayer(data: &[u8]) {
    let mut script = Script::new(data);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("outside.json"), "\"outside\"").unwrap();
    let directory = folder.path().join("recording");
    fs::create_dir_all(directory.join("api.example")).unwrap();
    // The blank tells it from what is outside.
    let inside = [b" ".as_slice(), script.bytes()].concat();
    fs::write(directory.join("api.example/v1_classes.json"), inside).unwrap();
    let entry = |file: &str| {
        json!({"file": file, "method": "GET", "host": "api.example", "template": "/v1/classes", "path": "/v1/classes",
            "query": "a=b", "status": 200, "headers": {"content-type": "application/json"}})
    };
    let file = if script.one_in(2) { script.text() } else { "api.example/v1_classes.json".to_owned() };
    let template = json!({"source": "x", "files": [entry(&file), entry("api.example/v1_classes.json")]});
    fs::write(directory.join("manifest.json"), body(&template, &mut script)).unwrap();
    let is_outside = |body: &[u8]| body == b"\"outside\"" || body.starts_with(b"root:");
    if let Ok(replayer) = Replayer::open(&directory) {
        for uri in ["https://api.example/v1/classes?a=b", "https://api.example/v1/classes", "http://x/"] {
            if let Ok(response) = replayer.send(&Request::get(uri).body(Vec::new()).unwrap()) {
                assert!(!is_outside(response.body()));
            }
        }
    }
    if let Ok(report) = DriftReport::of_recording(&directory) {
        assert!(report.to_string().lines().count() < 70);
    }
}

pub(crate) fn replayer_seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = vec![("whole".to_owned(), [text("{\"items\": []}"), vec![0, 0, 0]].concat())];
    for (index, file) in
        ["../outside.json", "/etc/passwd", "api.example/../../outside.json", "", ".", "api.example"]
            .iter()
            .enumerate()
    {
        seeds.push((format!("file-{index}"), [text("{}"), vec![1], text(file), vec![0, 0]].concat()));
    }
    seeds
}
