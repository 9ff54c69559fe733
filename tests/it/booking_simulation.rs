//! Simulated schedules of `ensure_booked`: faults before and after the handler of each request, lists that lag, full
//! classes, waitlists, overlaps, processes that die at any request and two at once. Time is simulated.
//!
//! A few hundred schedules run by default; all of them by
//!
//! ```text
//! OTF_SCHEDULES=100000 cargo test --release --features sandbox --test it booking_simulation
//! ```

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use otf_api::auth::Session;
use otf_api::http::{Method, Request, Response};
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::models::{Booking, OtfClass};
use otf_api::{
    BookingOptions, EnsuredBooking, Error, MemoryStore, Otf, RetryPolicy, Store, StoreLock, Transport,
    TransportError, TransportErrorKind,
};
use serde_json::{Value, json};

use super::fuzz_targets::harness;

/// How long the lists lag at most, as the simulated client is told.
const LIST_LAG: u64 = 40;

/// Numbers that depend on the seed alone (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

struct Entry {
    id: u64,
    class: &'static str,
    waitlisted: bool,
    by: usize,
    made: Timestamp,
    canceled: Option<Timestamp>,
}

/// The service.
struct World {
    random: Random,
    now: Timestamp,
    start: Timestamp,
    lag: SignedDuration,
    /// The service refuses a second booking only once the first is listed.
    refusal_lags: bool,
    spots: usize,
    waitlist_open: bool,
    entries: Vec<Entry>,
    deletes: usize,
    late_deletes: usize,
    /// One request in so many fails; 0 for none.
    fault_rate: u64,
    /// Requests until the process dies.
    dies_in: Option<u64>,
}

/// The class that is to be booked, and one that overlaps it.
const CLASS: &str = "class-a";
const OTHER: &str = "class-b";

impl World {
    fn new(seed: u64) -> Self {
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

    fn live(&self, class: &str) -> impl Iterator<Item = &Entry> {
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

    fn class_json(&self, class: &str) -> Value {
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

    fn add(&mut self, class: &'static str, waitlisted: bool, by: usize) -> Value {
        let id = self.entries.len() as u64;
        self.entries.push(Entry { id, class, waitlisted, by, made: self.now, canceled: None });
        self.booking_json(self.entries.last().unwrap())
    }

    fn handle(&mut self, request: &Request<Vec<u8>>, by: usize) -> Response<Vec<u8>> {
        let refuse = |code: &str| harness::answer(409, json!({ "code": code }).to_string());
        match *request.method() {
            Method::GET => {
                let items: Vec<Value> = self.listed().map(|entry| self.booking_json(entry)).collect();
                harness::answer(200, json!({ "items": items }).to_string())
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
                harness::answer(201, booking.to_string())
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
                harness::answer(204, "")
            }
        }
    }
}

/// A store whose process can die: what it writes then is lost.
struct ProcessStore {
    store: MemoryStore,
    dead: Arc<AtomicBool>,
}

impl Store for ProcessStore {
    fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.store.read(key)
    }

    fn write(&self, key: &str, value: &[u8]) -> io::Result<()> {
        if self.dead.load(Ordering::Relaxed) { Ok(()) } else { self.store.write(key, value) }
    }

    fn remove(&self, key: &str) -> io::Result<()> {
        if self.dead.load(Ordering::Relaxed) { Ok(()) } else { self.store.remove(key) }
    }

    fn keys(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.store.keys(prefix)
    }

    fn lock(&self, name: &str, _: Duration) -> io::Result<StoreLock> {
        // Whoever holds it waits for this very call.
        self.store.lock(name, Duration::ZERO)
    }
}

/// What another process does between two requests.
type Meanwhile = Box<dyn FnOnce() + Send>;

/// One process.
#[derive(Clone)]
struct Process {
    world: Arc<Mutex<World>>,
    number: usize,
    dead: Arc<AtomicBool>,
    /// What another process does in the middle of a request of this one.
    meanwhile: Arc<Mutex<Option<Meanwhile>>>,
}

impl Transport for Process {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let fail = |kind| Err(TransportError::new(kind, "simulated"));
        if harness::operation(request).is_some() {
            return Ok(harness::answer(200, harness::refreshed().to_string()));
        }
        if self.dead.load(Ordering::Relaxed) {
            return fail(TransportErrorKind::NotSent);
        }
        let mut world = lock(&self.world);
        let travel = SignedDuration::from_millis(world.random.below(3000) as i64);
        world.now += travel;
        let fault = match world.fault_rate {
            0 => 0,
            rate => {
                if world.random.one_in(rate) {
                    1 + world.random.below(7)
                } else {
                    0
                }
            }
        };
        let dies = world.dies_in.map(|left| left.saturating_sub(1));
        world.dies_in = dies;
        let dies_before = dies == Some(0) && world.random.one_in(2);
        if dies == Some(0) {
            self.dead.store(true, Ordering::Relaxed);
            world.dies_in = None;
        }
        if dies_before || fault == 1 {
            return fail(if fault == 1 { TransportErrorKind::NotSent } else { TransportErrorKind::Broken });
        }
        if fault == 2 {
            return fail(TransportErrorKind::TimedOut);
        }
        if fault == 3 {
            return Ok(harness::answer(503, "{}"));
        }
        drop(world);
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
        let mut world = lock(&self.world);
        let response = world.handle(request, self.number);
        world.now += travel;
        let written = response.status().is_success() && request.method() != Method::GET;
        if dies == Some(0) || fault == 4 {
            return fail(TransportErrorKind::Broken);
        }
        match fault {
            5 => Ok(harness::answer(502, "{}")),
            6 if written => Ok(harness::answer(200, "")),
            7 if written => Ok(harness::answer(303, "{}")),
            _ => Ok(response),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

/// Starts a process with a store.
fn start(world: &Arc<Mutex<World>>, store: &MemoryStore, number: usize) -> (Otf, Process) {
    let dead = Arc::new(AtomicBool::new(false));
    let process =
        Process { world: Arc::clone(world), number, dead: Arc::clone(&dead), meanwhile: Arc::default() };
    let (clock, sleeping) = (Arc::clone(world), Arc::clone(world));
    let otf = Otf::builder()
        .transport(process.clone())
        .store(ProcessStore { store: store.clone(), dead })
        .retry(RetryPolicy::default().attempts(2).initial_delay(Duration::from_millis(1)))
        .sleep(move |time| lock(&sleeping).now += SignedDuration::try_from(time).unwrap())
        // The tokens do not expire here.
        .clock(move || lock(&clock).now)
        .cache_responses(false)
        .environment(false)
        .prompt(false)
        .session(Session::from_refresh_token(harness::secret("refresh"), None))
        .login()
        .unwrap();
    (otf, process)
}

fn class(world: &World) -> OtfClass {
    serde_json::from_value(world.class_json(CLASS)).unwrap()
}

/// What a program does to book, given the class and its options.
type Program = fn(&Otf, &OtfClass, &BookingOptions) -> otf_api::Result<EnsuredBooking>;

fn safe(otf: &Otf, class: &OtfClass, options: &BookingOptions) -> otf_api::Result<EnsuredBooking> {
    otf.bookings().ensure_booked(class, options)
}

/// The planted bug: it takes a list without the booking for the truth, and books again.
fn naive(otf: &Otf, class: &OtfClass, _: &BookingOptions) -> otf_api::Result<EnsuredBooking> {
    let list = || otf.bookings().list(&otf_api::BookingQuery::new());
    let mut result = otf.bookings().book(class);
    for _ in 0..3 {
        if !matches!(result, Err(Error::OutcomeUnknown { .. })) {
            break;
        }
        let found = list()?.into_iter().find(|booking| Some(booking.class_id()) == class.class_id.as_ref());
        result = found.map_or_else(|| otf.bookings().book(class), Ok);
    }
    result.map(EnsuredBooking::Booked)
}

/// Runs a schedule. The error says which rule was broken.
fn run(seed: u64, program: Program) -> Result<(), String> {
    let world = Arc::new(Mutex::new(World::new(seed)));
    let store = MemoryStore::new();
    let mut choices = Random(seed ^ 0xdead_beef);
    let wants_waitlist = choices.one_in(2);
    let refuses_overlap = choices.one_in(3);
    let mut options = BookingOptions::new()
        .list_lag(Duration::from_secs(LIST_LAG))
        .timeout(Duration::from_secs(choices.below(120)));
    if wants_waitlist {
        options = options.waitlist();
    }
    if refuses_overlap {
        options = options.refuse_overlap();
    }
    let overlapped = choices.one_in(4);
    if overlapped {
        let mut world = lock(&world);
        world.add(OTHER, false, usize::MAX);
        let lag = world.lag;
        world.now += lag;
    }
    let class = class(&lock(&world));
    let mut cancels = 0;
    let rounds = 2 + choices.below(3) as usize;
    for round in 0..rounds {
        let last = round + 1 == rounds;
        if last {
            // The network recovers, and the lists catch up.
            let mut world = lock(&world);
            (world.fault_rate, world.dies_in) = (0, None);
            world.now += SignedDuration::from_secs(LIST_LAG as i64 + 61);
        } else if choices.one_in(3) {
            lock(&world).dies_in = Some(1 + choices.below(6));
        }
        let (otf, process) = start(&world, &store, round);
        // Machines that share no store rely on the service.
        let elsewhere = !lock(&world).refusal_lags;
        if !last && choices.one_in(3) {
            let other_store = if elsewhere { MemoryStore::new() } else { store.clone() };
            let (world, class, options) = (Arc::clone(&world), class.clone(), options.clone());
            *lock(&process.meanwhile) = Some(Box::new(move || {
                let (other, _) = start(&world, &other_store, 100 + round);
                let _ = program(&other, &class, &options);
            }));
        }
        let before = lock(&world).live(CLASS).count();
        let result = program(&otf, &class, &options);
        check(&lock(&world), &result, round, before, last, cancels)
            .map_err(|rule| format!("schedule {seed}, round {round}: {rule}: {result:?}"))?;
        if !process.dead.load(Ordering::Relaxed)
            && overlapped
            && refuses_overlap
            && result.is_ok()
            && before == 0
        {
            return Err(format!("schedule {seed}, round {round}: booked over another class: {result:?}"));
        }
        if let Ok(ensured) = &result
            && !last
            && choices.one_in(4)
            && otf.bookings().cancel_in_time(ensured.booking()).is_ok()
        {
            cancels += 1;
        }
        // A cancellation whose outcome is unknown counts as one where it took.
        cancels = cancels.max(lock(&world).entries.iter().filter(|entry| entry.canceled.is_some()).count());
        lock(&world).now += SignedDuration::from_secs(choices.below(20) as i64);
    }
    Ok(())
}

fn check(
    world: &World,
    result: &otf_api::Result<EnsuredBooking>,
    by: usize,
    before: usize,
    last: bool,
    cancels: usize,
) -> Result<(), &'static str> {
    let live: Vec<&Entry> = world.live(CLASS).collect();
    let is = |booking: &Booking, waitlisted: bool| {
        live.iter().any(|entry| {
            booking.booking_id.as_str() == format!("booking-{}", entry.id) && entry.waitlisted == waitlisted
        })
    };
    let canceled = world.entries.iter().filter(|entry| entry.canceled.is_some()).count();
    let true_result = match result {
        Ok(EnsuredBooking::Booked(booking) | EnsuredBooking::AlreadyBooked(booking)) => is(booking, false),
        Ok(EnsuredBooking::Waitlisted(booking)) => is(booking, true),
        Ok(_) => false,
        Err(Error::OutcomeUnknown { .. }) => true,
        Err(Error::AlreadyBooked { .. }) => !live.is_empty(),
        Err(_) => before > 0 || live.iter().all(|entry| entry.by != by),
    };
    match () {
        () if live.len() > 1 => Err("booked twice"),
        () if canceled > cancels => Err("a booking was lost"),
        () if world.late_deletes > 0 => Err("a late cancellation"),
        () if !true_result => Err("the result is not true"),
        () if last && matches!(result, Err(Error::OutcomeUnknown { .. })) => Err("still unknown"),
        () => Ok(()),
    }
}

fn schedules() -> u64 {
    std::env::var("OTF_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(400)
}

#[test]
fn ensure_booked_books_once_and_reports_the_outcome() {
    let failures: Vec<String> = (0..schedules()).filter_map(|seed| run(seed, safe).err()).take(5).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn simulation_catches_a_double_booking() {
    let failures: Vec<String> = (0..400).filter_map(|seed| run(seed, naive).err()).collect();
    assert!(failures.iter().any(|failure| failure.contains("booked twice")), "{failures:#?}");
}
