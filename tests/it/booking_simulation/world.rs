//! The simulated service and its clock.

use otf_api::http::{Method, Request, Response};
use otf_api::jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::fuzz_targets::harness;

/// How long the lists lag at most, as the simulated client is told.
pub(super) const LIST_LAG: u64 = 40;

/// Numbers that depend on the seed alone (SplitMix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) class: &'static str,
    pub(super) waitlisted: bool,
    pub(super) by: usize,
    pub(super) made: Timestamp,
    pub(super) canceled: Option<Timestamp>,
}

/// The service.
pub(super) struct World {
    pub(super) random: Random,
    pub(super) now: Timestamp,
    start: Timestamp,
    pub(super) lag: SignedDuration,
    /// The service refuses a second booking only once the first is listed.
    pub(super) refusal_lags: bool,
    spots: usize,
    waitlist_open: bool,
    pub(super) entries: Vec<Entry>,
    deletes: usize,
    pub(super) late_deletes: usize,
    /// One request in so many fails; 0 for none.
    pub(super) fault_rate: u64,
    /// Requests until the process dies.
    pub(super) dies_in: Option<u64>,
}

/// The class that is to be booked, and one that overlaps it.
pub(super) const CLASS: &str = "class-a";
pub(super) const OTHER: &str = "class-b";

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let now = harness::now();
        let hours = [1, 7, 9, 30, 200][random.below(5) as usize];
        Self {
            now,
            start: now + SignedDuration::from_hours(hours),
            lag: SignedDuration::from_secs(random.below(LIST_LAG) as i64),
            refusal_lags: random.one_in(2),
            spots: if random.one_in(3) { 0 } else { 10 },
            waitlist_open: !random.one_in(4),
            entries: Vec::new(),
            deletes: 0,
            late_deletes: 0,
            fault_rate: [0, 2, 3, 6][random.below(4) as usize],
            dies_in: None,
            random,
        }
    }

    pub(super) fn live(&self, class: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.class == class && entry.canceled.is_none())
    }

    /// What the lists show as live.
    fn listed(&self) -> impl Iterator<Item = &Entry> {
        let seen_until = self.now - self.lag;
        self.entries.iter().filter(move |entry| {
            entry.made <= seen_until && entry.canceled.is_none_or(|canceled| canceled > seen_until)
        })
    }

    fn start_of(&self, class: &str) -> Timestamp {
        if class == OTHER { self.start + SignedDuration::from_mins(30) } else { self.start }
    }

    pub(super) fn class_json(&self, class: &str) -> Value {
        let start = self.start_of(class);
        let local = |time: Timestamp| time.to_string().trim_end_matches('Z').to_owned();
        let end = start + SignedDuration::from_mins(50);
        json!({
            "id": class, "name": class, "type": "ORANGE_60",
            "starts_at": start.to_string(), "starts_at_local": local(start),
            "ends_at": end.to_string(), "ends_at_local": local(end),
            "studio": {"id": "studio", "name": "Studio", "time_zone": "UTC"},
        })
    }

    fn booking_json(&self, entry: &Entry) -> Value {
        let mut booking = json!({
            "id": format!("booking-{}", entry.id), "member_id": harness::MEMBER, "class": self.class_json(entry.class),
            "checked_in": false, "canceled": entry.canceled.is_some(), "late_canceled": false,
            "created_at": entry.made.to_string(), "updated_at": entry.made.to_string(),
        });
        if entry.waitlisted {
            booking["waitlist_position"] = 1.into();
        }
        booking
    }

    pub(super) fn add(&mut self, class: &'static str, waitlisted: bool, by: usize) -> Value {
        let id = self.entries.len() as u64;
        self.entries.push(Entry { id, class, waitlisted, by, made: self.now, canceled: None });
        self.booking_json(self.entries.last().unwrap())
    }

    pub(super) fn handle(&mut self, request: &Request<Vec<u8>>, by: usize) -> Response<Vec<u8>> {
        let refuse = |code: &str| harness::reply(409, json!({ "code": code }).to_string());
        match *request.method() {
            Method::GET => {
                let items: Vec<Value> = self.listed().map(|entry| self.booking_json(entry)).collect();
                harness::reply(200, json!({ "items": items }).to_string())
            }
            Method::POST => {
                let body: Value = serde_json::from_slice(request.body()).unwrap();
                let waitlist = body["waitlist"] == true;
                let known = match self.refusal_lags {
                    true => self.listed().any(|entry| entry.class == CLASS),
                    false => self.live(CLASS).next().is_some(),
                };
                if known {
                    return refuse("BOOKING_ALREADY_BOOKED");
                }
                if self.now >= self.start {
                    return refuse("BOOKING_CLASS_STARTED");
                }
                let full = self.live(CLASS).filter(|entry| !entry.waitlisted).count() >= self.spots;
                if full && !(waitlist && self.waitlist_open) {
                    return refuse("BOOKING_CLASS_FULL");
                }
                let booking = self.add(CLASS, full, by);
                harness::reply(201, booking.to_string())
            }
            _ => {
                let id = request.uri().path().rsplit('-').next().unwrap().parse::<u64>().unwrap();
                self.deletes += 1;
                let (now, late) = (self.now, self.start - SignedDuration::from_hours(8) <= self.now);
                let entry = self.entries.iter_mut().find(|entry| entry.id == id).unwrap();
                if entry.canceled.is_some() {
                    return refuse("BOOKING_CANCELED");
                }
                entry.canceled = Some(now);
                self.late_deletes += usize::from(late);
                harness::reply(204, "")
            }
        }
    }
}
