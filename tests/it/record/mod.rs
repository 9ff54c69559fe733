//! Recordings: nothing personal in them, and they read as what was answered.

mod drift;
mod fixtures;
mod walkthrough;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use otf_api::http::{Request, Response};
use otf_api::models::*;
use otf_api::record::{Recorder, Replayer, check};
use otf_api::sandbox::{Fault, PAT};
use otf_api::{BookingQuery, ClassQuery, Error, Otf, Transport, TransportError, UreqTransport, WorkoutQuery};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::{builder, client, sandbox};

/// What a response was, before it was recorded.
#[derive(Clone, Debug, PartialEq)]
struct Original {
    request: String,
    status: u16,
    body: Vec<u8>,
}

/// Keeps what goes by; sign-ins aside.
#[derive(Clone, Default)]
struct Spy {
    transport: Arc<UreqTransport>,
    seen: Arc<Mutex<Vec<Original>>>,
}

impl Transport for Spy {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let reply = self.transport.send(request)?;
        let is_sign_in =
            request.headers().contains_key("x-amz-target") || request.uri().path().ends_with("/jwks.json");
        if !is_sign_in {
            self.seen.lock().unwrap().push(Original {
                request: format!("{} {}", request.method(), request.uri()),
                status: reply.status().as_u16(),
                body: reply.body().clone(),
            });
        }
        Ok(reply)
    }
}

impl Spy {
    /// Without responses that say what the one before to the same request said.
    fn originals(&self) -> Vec<Original> {
        let mut latest = HashMap::new();
        let is_new = |original: &Original| {
            latest.insert(original.request.clone(), original.clone()).as_ref() != Some(original)
        };
        self.seen.lock().unwrap().clone().into_iter().filter(is_new).collect()
    }
}

/// The manifest's entries, each with its file's content.
fn recorded(directory: &Path) -> Vec<(Value, Vec<u8>)> {
    let manifest = std::fs::read(directory.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let read = |entry: &Value| {
        let body = std::fs::read(directory.join(entry["file"].as_str().unwrap())).unwrap();
        (entry.clone(), body)
    };
    manifest["files"].as_array().unwrap().iter().map(read).collect()
}

/// All files below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

/// What a reader makes of a body: how many items, and which were rejected or what was wrong, and where.
type Outcome = Result<(usize, Vec<(usize, String)>), String>;

fn outcome<T: DeserializeOwned>(body: &[u8], keys: &[&str]) -> Outcome {
    // What is wrong without the value that is wrong.
    let kind = |reason: &str| reason.split([':', '"', '`']).next().unwrap().to_owned();
    match decode::<T>(body, keys) {
        Ok(listing) => Ok((
            listing.len(),
            listing.rejected().iter().map(|item| (item.index, kind(&item.reason))).collect(),
        )),
        Err(error) => Err(format!("{} {}", error.path, kind(&error.reason))),
    }
}

type Reader = fn(&[u8], &[&str]) -> Outcome;

/// The reader of each path of the manifest, and where the value is.
const READERS: &[(&str, &[&str], Reader)] = &[
    ("/v1/classes", &["items"], outcome::<OtfClass>),
    ("/v1/bookings/me", &["items"], outcome::<Booking>),
    ("/v1/performance-summaries", &["items"], outcome::<PerformanceSummary>),
    ("/v1/performance-summaries/{id}", &[], outcome::<PerformanceSummary>),
    ("/v1/performance/summary", &[], outcome::<Telemetry>),
    ("/v1/physVars/maxHr/history", &["history"], outcome::<TelemetryHistoryItem>),
    ("/member/members/{id}", &["data"], outcome::<MemberDetail>),
    ("/member/members/{id}/memberships", &["data"], outcome::<MemberMembership>),
    ("/member/members/{id}/purchases", &["data"], outcome::<MemberPurchase>),
    ("/member/members/{id}/bookings", &["data"], outcome::<LegacyBooking>),
    ("/member/members/{id}/bookings/{id}", &["data"], outcome::<LegacyBooking>),
    ("/member/members/{id}/favorite-studios", &["data"], outcome::<StudioDetail>),
    ("/member/members/{id}/out-of-studio-workout", &["data"], outcome::<OutOfStudioWorkoutHistory>),
    ("/member/members/{id}/body-composition", &["data"], outcome::<BodyCompositionData>),
    ("/member/studios/{id}/services", &["data"], outcome::<StudioService>),
    ("/v1/classes/filters", &["items"], outcome::<ClassFilterOption>),
    ("/mobile/v1/members/classes/summary", &["data"], outcome::<ClassCounters>),
    ("/virtual-class/in-studio-workouts", &["data"], outcome::<InStudioWorkout>),
    ("/mobile/v1/studios", &["data", "studios"], outcome::<StudioDetail>),
    ("/mobile/v1/studios/{id}", &["data"], outcome::<StudioDetail>),
    ("/sms/v1/preferences", &["data"], outcome::<SmsNotificationSettings>),
    ("/otfmailing/v2/preferences", &["data"], outcome::<EmailNotificationSettings>),
    ("/challenges/v3.1/member/{id}", &["Dto"], outcome::<ChallengeTracker>),
    ("/challenges/v3/member/{id}/benchmarks", &["Dto"], outcome::<FitnessBenchmark>),
    ("/challenges/v1/member/{id}/participation", &["Dto"], outcome::<FitnessBenchmark>),
    ("/consumer-mobile/v1/users/me/workout-stats/preview", &[], outcome::<WorkoutStatsPreviewResponse>),
];

/// A recording reads as the responses did: the same structure, the same items, the same failures.
fn assert_reads_alike(template: &str, original: &[u8], masked: &[u8]) {
    let is_stats = template.contains("/over-time/");
    let reader = match template {
        _ if is_stats => Some((&["data"][..], outcome::<StatsResponse> as Reader)),
        _ => READERS.iter().find(|(path, ..)| *path == template).map(|(_, keys, reader)| (*keys, *reader)),
    };
    if let Some((keys, reader)) = reader {
        assert_eq!(reader(masked, keys), reader(original, keys), "{template}");
    }
    match (serde_json::from_slice(original), serde_json::from_slice(masked)) {
        (Ok(original), Ok(masked)) => assert_same_form(&original, &masked, template),
        (Err(_), Err(_)) => {}
        (original, masked) => panic!("{template}: {original:?} {masked:?}"),
    }
}

fn assert_same_form(one: &Value, other: &Value, place: &str) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            assert_eq!(one.len(), other.len(), "{place}");
            for (key, value) in one {
                match other.get(key) {
                    Some(other) => assert_same_form(value, other, &format!("{place}.{key}")),
                    None => assert!(key.contains('@'), "{place}: {key}"),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            assert_eq!(one.len(), other.len(), "{place}");
            one.iter().zip(other).for_each(|(one, other)| assert_same_form(one, other, place));
        }
        (Value::String(one), Value::String(other)) => {
            let is_number = |text: &str| text.parse::<f64>().is_ok();
            assert_eq!(is_number(one), is_number(other), "{place}: {one} {other}");
            assert_eq!(one.is_empty(), other.is_empty(), "{place}");
        }
        (Value::Number(one), Value::Number(other)) => {
            let kind = |number: &serde_json::Number| (number.is_i64(), number.is_u64(), number.is_f64());
            assert_eq!(kind(one), kind(other), "{place}: {one} {other}");
            if one.is_f64() {
                let is_whole = |number: &serde_json::Number| number.as_f64().unwrap().fract() == 0.0;
                assert_eq!(is_whole(one), is_whole(other), "{place}: {one} {other}");
            } else {
                assert_eq!(one.to_string().len(), other.to_string().len(), "{place}: {one} {other}");
            }
        }
        (one, other) => assert_eq!(one, other, "{place}"),
    }
}

#[test]
fn recording_is_replayed_without_the_service() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    let recorder = Recorder::create(folder.path(), UreqTransport::default()).unwrap();
    let otf = builder(&sandbox).transport(recorder.clone()).login().unwrap();
    let look = |otf: &Otf| {
        let classes = otf.bookings().classes(&ClassQuery::new()).unwrap();
        let member = otf.member().unwrap();
        let workouts = otf.workouts().list(&WorkoutQuery::new()).unwrap();
        (classes, member, workouts)
    };
    let (classes, member, workouts) = look(&otf);
    assert_eq!(recorder.check().unwrap(), []);
    assert_eq!(recorder.directory(), folder.path());

    sandbox.clear_requests();
    let replayer = Replayer::open(folder.path()).unwrap().or_else(UreqTransport::default());
    let again = builder(&sandbox).transport(replayer).login().unwrap();
    let (classes_again, member_again, workouts_again) = look(&again);
    assert!(sandbox.requests().iter().all(|request| request.operation.is_some()), "the sign-in only");

    assert_eq!(classes_again.len(), classes.len());
    assert_eq!(classes_again[0].start.local, classes[0].start.local);
    assert_eq!(classes_again[0].class_type, classes[0].class_type);
    assert_ne!(classes_again[0].class_id, classes[0].class_id);
    assert_ne!((&member_again.first_name, &member_again.email), (&member.first_name, &member.email));
    // Each workout finds its own summary and telemetry again, since ids are replaced alike.
    assert_eq!(workouts_again.len(), workouts.len());
    for (again, workout) in workouts_again.iter().zip(workouts.iter()) {
        assert!(!again.is_incomplete());
        assert_eq!(again.calories_burned(), workout.calories_burned());
        let points = |workout: &Workout| workout.telemetry.as_ref().unwrap().telemetry.clone();
        assert_eq!(points(again), points(workout));
        assert_eq!(
            again.summary.as_ref().unwrap().performance_summary_id,
            again.booking.workout.as_ref().unwrap().performance_summary_id
        );
    }
}

#[test]
fn responses_replay_in_order_and_the_last_repeats() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    let recorder = Recorder::create(folder.path(), UreqTransport::default()).unwrap();
    // The query of a list of bookings names the second.
    let now = sandbox.now();
    let otf = builder(&sandbox).transport(recorder).clock(move || now).login().unwrap();
    sandbox.fault(Fault::status(429).header("Retry-After", "7").on("GET", "/v1/classes").always());
    assert!(otf.bookings().classes(&ClassQuery::new()).is_err());
    sandbox.clear_faults();
    let count = otf.bookings().classes(&ClassQuery::new()).unwrap().len();
    sandbox.fault(Fault::garbage_body().on("GET", "/v1/classes"));
    otf.bookings().classes(&ClassQuery::new()).unwrap_err();
    // Asked twice, recorded once.
    otf.bookings().list(&BookingQuery::new()).unwrap();
    otf.bookings().list(&BookingQuery::new()).unwrap();
    let names: Vec<_> = recorded(folder.path()).iter().map(|(entry, _)| entry["file"].clone()).collect();
    let names: Vec<_> = names.iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(
        names.iter().filter(|name| name.contains("v1_")).collect::<Vec<_>>(),
        [
            &"127.0.0.1/v1_classes.429.json",
            &"127.0.0.1/v1_classes.json",
            &"127.0.0.1/v1_classes.txt",
            &"127.0.0.1/v1_bookings_me.json"
        ]
    );

    let replayer = Replayer::open(folder.path()).unwrap().or_else(UreqTransport::default());
    let again = builder(&sandbox).retry(otf_api::RetryPolicy::never()).transport(replayer).login().unwrap();
    let classes = || again.bookings().classes(&ClassQuery::new());
    match classes() {
        Err(Error::RateLimited { retry_after, .. }) => assert_eq!(retry_after.unwrap().as_secs(), 7),
        other => panic!("{other:?}"),
    }
    assert_eq!(classes().unwrap().len(), count);
    assert!(matches!(classes(), Err(Error::Decode { .. })));
    assert!(matches!(classes(), Err(Error::Decode { .. })), "the last again");
}

#[test]
fn unrecorded_request_is_an_error() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    Recorder::create(folder.path(), UreqTransport::default()).unwrap();
    let replayer = Replayer::open(folder.path()).unwrap();
    let error = builder(&sandbox).transport(replayer).login().unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && !error.is_retryable(), "{error}");
    assert!(Replayer::open(folder.path().join("nowhere")).is_err());
}

#[test]
fn directory_holds_one_recording() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("a/b");
    let _recorder = Recorder::create(&directory, UreqTransport::default()).unwrap();
    assert!(Recorder::create(&directory, UreqTransport::default()).is_err());
}

#[test]
fn unwritable_directory_fails_no_call() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    let directory = folder.path().join("full");
    let recorder = Recorder::create(&directory, UreqTransport::default()).unwrap();
    std::fs::write(directory.join("127.0.0.1"), "a file in the place of the folder").unwrap();
    let otf = builder(&sandbox).transport(recorder).login().unwrap();
    assert!(!otf.bookings().classes(&ClassQuery::new()).unwrap().is_empty());
    assert!(recorded(&directory).is_empty());
}

#[cfg(unix)]
#[test]
fn recording_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    let directory = folder.path().join("recording");
    let recorder = Recorder::create(&directory, UreqTransport::default()).unwrap();
    let otf = builder(&sandbox).transport(recorder).login().unwrap();
    otf.bookings().classes(&ClassQuery::new()).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&directory), mode(&directory.join("127.0.0.1"))), (0o700, 0o700));
    assert!(files(&directory).iter().all(|file| mode(file) == 0o600));
}

#[test]
fn check_finds_the_given_words() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("a.json", r#"{"x": "Call \u0050at at 312-555-0100", "green_zone": 1}"#);
    write("b.json", r#"{"x": "pat@club.example, https://club.example/, qzkbtrwxvf@example.com"}"#);
    write("c.json", "{\"t\": \"eyJhbGciOiJSUzI1NiJ9.e30.c2ln\"}");
    write("d.json", r#"{"name": "Orange 60", "url": "https://example.com/qzk.png"}"#);
    let found = |values: &[&str]| -> Vec<String> {
        check(folder.path(), values).unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        found(&[]),
        [
            "b.json: what looks like a web address",
            "b.json: what looks like an email address",
            "c.json: what looks like a token"
        ]
    );
    let a = found(&["Pat", "3125550100", "Green", "nobody"]);
    let a: Vec<_> = a.iter().filter(|leak| leak.starts_with("a.json")).collect();
    assert_eq!(a, ["a.json: value 1 of those given", "a.json: value 2 of those given"]);
    assert!(check(folder.path().join("nowhere"), &["x"]).is_err());
}

#[test]
fn name_equal_to_a_path_word_is_not_reported_there() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("manifest.json", r#"{"path": "/member/members/x1", "template": "/member/members/{id}"}"#);
    assert_eq!(check(folder.path(), &["Member", "members"]).unwrap(), []);
    write("key.json", r#"{"member": {"id": 7}, "Member" :1}"#);
    assert_eq!(check(folder.path(), &["Member"]).unwrap().len(), 1, "a key is directly before its colon");
    write("key.json", r#"{"member": {"id": 7}, "members": [{"x":"memberless"}]}"#);
    assert_eq!(check(folder.path(), &["Member", "members"]).unwrap(), []);
    write("a.json", r#"{"by": "Pat Member", "path": "/x/member-quimby"}"#);
    write("b.json", r#"{"path": "/v1/member.jones"}"#);
    let found = check(folder.path(), &["Member"]).unwrap();
    assert_eq!(found.iter().map(|leak| leak.file.to_str().unwrap()).collect::<Vec<_>>(), ["a.json"]);
    write("c.json", r#"{"path": "/Member/x"}"#);
    assert_eq!(check(folder.path(), &["Member"]).unwrap().len(), 2);
}

#[test]
fn name_that_looks_like_a_key_is_masked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.json"), r#"{"David": 3, "friends": {"shelby": 1}}"#).unwrap();
    for name in ["David", "Shelby"] {
        assert_eq!(check(folder.path(), &[name]).unwrap().len(), 1, "{name}");
    }
}

#[test]
fn names_are_masked_and_paths_are_not() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    let recorder = Recorder::create(folder.path(), UreqTransport::default()).unwrap();
    let otf = builder(&sandbox).transport(recorder.clone()).login().unwrap();
    otf.members().membership().unwrap();
    recorder.hide("Member");
    otf.members().purchases().unwrap();
    assert_eq!(recorder.check().unwrap(), []);
    let templates: Vec<_> =
        recorded(folder.path()).iter().map(|(entry, _)| entry["template"].clone()).collect();
    assert_eq!(templates, ["/member/members/{id}/memberships", "/member/members/{id}/purchases"]);
}

#[test]
fn given_words_are_masked() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    let recorder = Recorder::create(folder.path(), UreqTransport::default()).unwrap();
    recorder.hide("Strength");
    let otf = builder(&sandbox).transport(recorder.clone()).login().unwrap();
    otf.bookings().classes(&ClassQuery::new()).unwrap();
    assert_eq!(recorder.check().unwrap(), []);
    assert!(files(folder.path()).iter().all(|file| {
        let text = std::fs::read_to_string(file).unwrap();
        !text.contains("Strength") && !text.contains("STRENGTH")
    }));
    assert!(!format!("{recorder:?}").contains(PAT.email));
    drop(client(&sandbox));
}

#[test]
fn check_finds_ids_and_numbers_that_the_recorder_did_not_write() {
    let (sandbox, folder) = (sandbox(), tempfile::tempdir().unwrap());
    let recorder = Recorder::create(folder.path(), UreqTransport::default()).unwrap();
    let otf = builder(&sandbox).transport(recorder.clone()).login().unwrap();
    otf.bookings().classes(&ClassQuery::new()).unwrap();
    assert_eq!(recorder.check().unwrap(), []);
    // A word that the recorder replaced, as it stands in a file.
    otf.member().unwrap();
    let recorded = recorded(folder.path());
    let (_, body) = recorded.iter().find(|(entry, _)| entry["template"] == "/member/members/{id}").unwrap();
    let body: Value = serde_json::from_slice(body).unwrap();
    let name = body["data"]["lastName"].as_str().unwrap();
    assert!(name.len() >= 4, "{name}");
    let house = format!(r#"{{"x": "471103 {name}"}}"#);
    for (content, what) in [
        (r#"{"member0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e": 1}"#, "a UUID"),
        (r#"{"x": "tel312-555-0100"}"#, "what looks like a phone number"),
        (r#"{"x": "m3125550100"}"#, "what looks like a phone number"),
        ("call (312) 555-0100", "what looks like a phone number"),
        (&house, "what looks like the number of a house"),
    ] {
        std::fs::write(folder.path().join("planted.json"), content).unwrap();
        let found: Vec<_> = recorder.check().unwrap().into_iter().map(|leak| leak.what).collect();
        assert!(found.iter().any(|found| found == what), "{content}: {found:?}");
    }
}
