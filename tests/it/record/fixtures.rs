//! Recording what the real service has answered, and the same with something broken in it.

use std::sync::Mutex;

use otf_api::http::{Request, Response};
use otf_api::record::{Recorder, Replayer};
use otf_api::{Transport, TransportError};
use serde_json::{Value, json};

use super::{READERS, assert_reads_alike, recorded};

/// Responses with what it was given.
struct Given(Mutex<Vec<u8>>);

impl Transport for &'static Given {
    fn send(&self, _: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        Ok(Response::new(self.0.lock().unwrap().clone()))
    }
}

/// Captured responses with the paths that they were asked by.
fn captured() -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captured");
    let with_path = |(entry, body): (Value, Vec<u8>)| (entry["path"].as_str().unwrap().to_owned(), body);
    recorded(&folder).into_iter().map(with_path).collect()
}

/// Records bodies as responses to these paths, and compares what was written with them.
fn record_and_compare(bodies: &[(String, Vec<u8>)]) {
    let folder = tempfile::tempdir().unwrap();
    let given: &'static Given = Box::leak(Box::new(Given(Mutex::default())));
    let recorder = Recorder::create(folder.path(), given).unwrap();
    for (path, body) in bodies {
        body.clone_into(&mut given.0.lock().unwrap());
        let request = Request::get(format!("https://api.example{path}")).body(Vec::new()).unwrap();
        let reply = recorder.send(&request).unwrap();
        assert_eq!(reply.body(), body, "the program sees what was replied");
    }
    let recorded = recorded(folder.path());
    let mut written = recorded.iter();
    let mut compared = 0;
    for (path, body) in bodies {
        // One that says the same as the one before is not written again.
        let Some((entry, masked)) = written.next() else { break };
        assert_eq!(entry["path"].as_str().unwrap().split('/').count(), path.split('/').count());
        assert_reads_alike(entry["template"].as_str().unwrap(), body, masked);
        compared += 1;
    }
    assert_eq!(compared, bodies.len());
}

#[test]
fn captured_responses_read_alike() {
    record_and_compare(&captured());
}

#[test]
fn failures_are_replayed() {
    let replacements =
        [json!(null), json!(7), json!("soon"), json!({"x": [1]}), json!([]), json!(true), json!(1e300)];
    let mut broken = Vec::new();
    for (path, body) in captured() {
        let whole: Value = serde_json::from_slice(&body).unwrap();
        let mut leaves = Vec::new();
        pointers(&whole, String::new(), &mut leaves);
        // Every place once, with one replacement after the other.
        for (place, pointer) in leaves.iter().enumerate().step_by(leaves.len() / 12 + 1) {
            let mut changed = whole.clone();
            *changed.pointer_mut(pointer).unwrap() = replacements[place % replacements.len()].clone();
            broken.push((path.clone(), changed.to_string().into_bytes()));
        }
        broken.push((path.clone(), body[..body.len() / 2].to_vec()));
        broken.push((path, [&body[..], b"}"].concat()));
    }
    broken.dedup();
    assert!(broken.len() > 400, "{}", broken.len());
    record_and_compare(&broken);
}

/// The pointers (RFC 6901) to all values.
fn pointers(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| pointers(value, format!("{here}/{key}"), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(place, value)| pointers(value, format!("{here}/{place}"), found));
        }
        _ => {}
    }
    found.push(here);
}

#[test]
fn captured_responses_are_a_recording() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captured");
    let replayer = Replayer::open(folder).unwrap();
    let get = |url: &str| replayer.send(&Request::get(url).body(Vec::new()).unwrap());
    let detail =
        get("https://api.orangetheory.io/v1/performance-summaries/95c5fb98-6980-481f-bc42-8d42fa882692");
    let detail: Value = serde_json::from_slice(detail.unwrap().body()).unwrap();
    assert_eq!(detail["id"], "95c5fb98-6980-481f-bc42-8d42fa882692", "the one that was asked for");
    assert!(get("https://api.orangetheory.io/v1/classes?studio_ids=x").is_ok());
    let error = get("https://api.orangetheory.io/v1/nothing").unwrap_err();
    assert_eq!(error.to_string(), "the recording has no response to GET /v1/nothing");
    assert!(READERS.len() > 20);
}
