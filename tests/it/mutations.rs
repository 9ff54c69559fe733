//! Whatever happens to one field of a response, through the calls that read it: the other items come out as they
//! are, and the error names the endpoint and the place.
//!
//! `models/mutations.rs` does the same to each model by itself, with every replacement at every place.

use std::sync::{Arc, Mutex};

use otf_api::{Error, Otf};
use serde_json::{Value, json};

use crate::fuzz_targets::harness::{Net, check_error, client, reply};
use crate::fuzz_targets::payloads;
use crate::fuzz_targets::through::{self, Call};
use crate::models::mutations::{mutated, path, places, replacements};

/// A call whose response at one place is in the test's hand.
struct Sweep<'c> {
    call: &'c Call,
    /// The response as it is, and where in it the list or the value is.
    template: Value,
    keys: &'static [&'static str],
    otf: Otf,
    net: Net,
    body: Arc<Mutex<Vec<u8>>>,
}

impl<'c> Sweep<'c> {
    /// The response at this path is the one that is swept over.
    fn at(call: &'c Call, path: &str) -> Self {
        let payload = payloads::at(path).unwrap();
        let body = Arc::new(Mutex::new(Vec::new()));
        let served = Arc::clone(&body);
        let net = Net::signed_in(move |request| {
            let here = payloads::at(request.uri().path()).unwrap();
            Ok(match here.file == payload.file {
                true => reply(200, served.lock().unwrap().clone()),
                false => reply(200, here.template().to_string()),
            })
        });
        let (template, keys) = (payload.template().clone(), payload.keys);
        Self { call, template, keys, otf: client(&net), net, body }
    }

    /// A call that makes no request but the one that gets this reply.
    fn of(call: &'c Call, template: Value, keys: &'static [&'static str]) -> Self {
        let body = Arc::new(Mutex::new(Vec::new()));
        let served = Arc::clone(&body);
        let net = Net::signed_in(move |_| Ok(reply(200, served.lock().unwrap().clone())));
        Self { call, template, keys, otf: client(&net), net, body }
    }

    /// Makes the call with this in the place of the list, or of the value.
    fn ask(&self, inner: Value) -> otf_api::Result<through::Seen> {
        let mut whole = self.template.clone();
        *self.keys.iter().fold(&mut whole, |value, key| &mut value[*key]) = inner;
        *self.body.lock().unwrap() = whole.to_string().into_bytes();
        self.net.take();
        (self.call.call)(&self.otf)
    }

    fn inner(&self) -> &Value {
        self.keys.iter().fold(&self.template, |value, key| &value[*key])
    }

    /// All places, each with some of the replacements; returns how many cases there were.
    fn run(&self) -> usize {
        let replacements = replacements();
        let item = match self.inner() {
            Value::Array(items) => &items[0],
            value => value,
        };
        let places = places(item);
        let each = (60 / places.len()).clamp(1, replacements.len());
        let mut count = 0;
        for (index, place) in places.iter().enumerate() {
            for turn in 0..each {
                // Not a multiple of their number: so every replacement meets every kind of place.
                let replacement = &replacements[(index * 5 + turn * 7) % replacements.len()];
                let Some(mutated) = mutated(item, place, replacement.as_ref()) else { continue };
                count += 1;
                let case = format!("{} {} {replacement:?}", self.call.endpoint, path(place));
                match self.inner() {
                    Value::Array(items) => self.check_list(&case, items, mutated, &path(place)),
                    _ => self.check_value(&case, mutated, &path(place)),
                }
            }
        }
        count
    }

    /// The mutated item stands between its neighbors.
    fn check_list(&self, case: &str, items: &[Value], mutated: Value, place: &str) {
        let (first, last) = (&items[0], items.last().unwrap());
        let unharmed = self.ask(json!([first, last])).unwrap();
        assert_eq!(unharmed.rejected, [], "{case}");
        let seen = self.ask(json!([first, mutated, last])).unwrap_or_else(|error| panic!("{case}: {error}"));
        for item in &unharmed.items {
            let times = |items: &[Value]| items.iter().filter(|seen| *seen == item).count();
            assert!(times(&seen.items) >= times(&unharmed.items), "{case}: a neighbor is lost");
        }
        for rejected in &seen.rejected {
            assert_eq!(rejected.index, 1, "{case}");
            assert!(names(&format!("{}: {}", rejected.path, rejected.reason), place), "{case}: {rejected}");
        }
        match seen.rejected.iter().find(|rejected| !rejected.item_kept) {
            None if self.call.whole.is_some() => assert_eq!(seen.items.len(), 3, "{case}"),
            None => {}
            Some(lost) => assert_eq!((seen.rejected.len(), &lost.raw), (1, &mutated), "{case}"),
        }
    }

    fn check_value(&self, case: &str, mutated: Value, place: &str) {
        let Err(error) = self.ask(mutated) else { return };
        check_error(&error);
        match &error {
            Error::Decode { endpoint, path, reason } => {
                assert!(self.net.take().contains(endpoint), "{case}: {endpoint} was not asked for");
                let keys = self.keys.join(".");
                let inner = path.strip_prefix(&keys).unwrap_or(path).trim_start_matches('.');
                assert!(names(&format!("{inner}: {reason}"), place), "{case}: {error}");
            }
            other => panic!("{case}: {other:?}"),
        }
    }
}

/// Whether a reason begins with the place, or with one above it in which something is missing.
fn names(reason: &str, place: &str) -> bool {
    let above = place.rsplit_once('.').map_or("", |(above, _)| above);
    reason.starts_with(place)
        || (reason.contains("missing field") && reason.trim_start_matches(": ").starts_with(above))
}

macro_rules! sweeps {
    ($($test:ident: $call:ident at $at:literal;)*) => {
        $(#[test]
        fn $test() {
            let count = Sweep::at(&through::$call, $at).run();
            assert!(count > 5, "{count}");
        })*
    };
}

sweeps! {
    classes: CLASSES at "/v1/classes";
    bookings: LIST at "/v1/bookings/me";
    older_bookings: OLDER_LIST at "/bookings";
    members: DETAIL at "/member/members/0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e";
    memberships: MEMBERSHIP at "/memberships";
    purchases: PURCHASES at "/purchases";
    messages: SMS at "/sms/v1/preferences";
    emails: EMAIL at "/otfmailing/v2/preferences";
    studios: STUDIO at "/mobile/v1/studios/s0";
    searches: SEARCH at "/mobile/v1/studios";
    services: SERVICES at "/member/studios/s0/services";
    summaries: SUMMARIES at "/v1/performance-summaries";
    summary: SUMMARY at "/v1/performance-summaries/p0";
    telemetry: TELEMETRY at "/v1/performance/summary";
    heart_rates: HEART_RATES at "/v1/physVars/maxHr/history";
    scans: SCANS at "/body-composition";
    out_of_studio: OUT_OF_STUDIO at "/out-of-studio-workout";
    trackers: TRACKER at "/challenges/v3.1/member/m";
    benchmarks: BENCHMARKS at "/challenges/v3/member/m/benchmarks";
    statistics: STATS at "/performance/v2/m/over-time/allTime";
}

#[test]
fn an_older_booking() {
    let bookings = payloads::at("/bookings").unwrap().template();
    let one = json!({ "data": bookings["data"][0] });
    let count = Sweep::of(&through::OLDER, one, &["data"]).run();
    assert!(count > 20, "{count}");
}

#[test]
fn trends() {
    let point = json!({
        "date": "2026-03-01T10:00:00Z", "value": 1.5, "workout_id": "w", "class_type": "ORANGE_60", "class_name": "x",
    });
    let range = json!({"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"});
    let mut trend = json!({
        "stat_key": "peak_hr", "unit": "bpm", "value_type": "integer", "points": [point, point],
    });
    let mut preview = json!({ "stats": [trend, trend], "requested_workout_count": 3 });
    for reply in [&mut trend, &mut preview] {
        reply.as_object_mut().unwrap().extend(range.as_object().unwrap().clone());
    }
    for (call, template) in [(&through::TREND, trend), (&through::PREVIEW, preview)] {
        let count = Sweep::of(call, template, &[]).run();
        assert!(count > 20, "{count}");
    }
}
