//! One account's operations in a store that holds little else, and in one that holds 10,000 other accounts and 100,000
//! responses.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use otf_api::{FileStore, Otf, PerformanceSummaryId, Store};

use crate::common::Pairs;
use crate::service::{Bodies, Service};
use crate::{Result, verdict};

const ACCOUNTS: usize = 10_000;
const RESPONSES: usize = 100_000;
const ROUNDS: usize = 301;
const BAR: f64 = 1.3;

/// More than all responses of this bench need.
const LIMIT: u64 = 64 << 30;

/// A store and a client that uses it.
struct Side {
    service: Rc<Service>,
    store: FileStore,
    otf: Otf,
    account: String,
    next: Cell<u32>,
}

impl Side {
    fn new(service: &Rc<Service>, directory: &Path) -> Result<Self> {
        let store = FileStore::at(directory);
        let otf = Self::builder(service, &store)?.session(service.session()).login()?;
        let keys = store.keys("accounts/")?;
        let tokens = keys.iter().find_map(|key| key.strip_suffix("tokens.json")).ok_or("no tokens")?;
        Ok(Self { service: Rc::clone(service), account: tokens.to_owned(), store, otf, next: Cell::new(1) })
    }

    fn builder(service: &Service, store: &FileStore) -> Result<otf_api::OtfBuilder> {
        Ok(service.client(Bodies::telemetry(10))?.store(store.clone()).response_cache_limit(LIMIT))
    }

    fn start(&self) {
        Self::builder(&self.service, &self.store).unwrap().login().unwrap();
    }

    fn lock(&self) {
        self.store.lock(&format!("{}session", self.account), Duration::ZERO).unwrap();
    }

    fn list(&self) {
        assert_eq!(self.store.keys(&format!("{}tokens", self.account)).unwrap().len(), 1);
    }

    fn cached(&self) {
        self.otf.workouts().telemetry(PerformanceSummaryId::new("w"), 1).unwrap();
    }

    /// A response that is not cached yet: read, and written.
    fn new_response(&self) {
        self.next.set(self.next.get() + 1);
        self.otf.workouts().telemetry(PerformanceSummaryId::new("w"), self.next.get()).unwrap();
    }

    fn clear(&self) {
        (0..10).for_each(|_| self.new_response());
        self.otf.clear_response_cache().unwrap();
    }
}

pub(crate) fn bench() -> Result<bool> {
    let service = Rc::new(Service::start()?);
    let directory = tempfile::tempdir()?;
    let small = Side::new(&service, &directory.path().join("small"))?;
    let full = Side::new(&service, &directory.path().join("full"))?;
    fill_with_others(&full)?;
    println!(
        "one account beside {ACCOUNTS} others with {RESPONSES} responses, and alone: median times in turns"
    );
    let mut all_good = compare(&small, &full);

    let own = Side::new(&service, &directory.path().join("own"))?;
    let mut longest = Duration::ZERO;
    for _ in 0..RESPONSES {
        let started = Instant::now();
        own.new_response();
        longest = longest.max(started.elapsed());
    }
    println!("\none account with {RESPONSES} responses of its own, and with none");
    all_good &= compare(&small, &own);
    println!("the longest of {RESPONSES} new responses: {:.1} ms", longest.as_secs_f64() * 1e3);

    // At the limit each new response removes old ones.
    let limited = service.client(Bodies::telemetry(10))?.session(service.session());
    let store = FileStore::at(directory.path().join("limited"));
    let limited = limited.store(store).response_cache_limit(50_000_000).login()?;
    let mut times: Vec<Duration> = (1..=60_000)
        .map(|number| {
            let started = Instant::now();
            limited.workouts().telemetry(PerformanceSummaryId::new("w"), number).unwrap();
            started.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "60,000 new responses where a third of them have room: median {:.3} ms, 1 in 1,000 over {:.1} ms, longest {:.1} ms",
        times[times.len() / 2].as_secs_f64() * 1e3,
        times[times.len() * 999 / 1000].as_secs_f64() * 1e3,
        times[times.len() - 1].as_secs_f64() * 1e3,
    );
    Ok(all_good)
}

fn compare(small: &Side, full: &Side) -> bool {
    type Operation = (&'static str, fn(&Side));
    // Clearing comes last.
    let operations: [Operation; 6] = [
        ("start from stored tokens", Side::start),
        ("take the account's lock", Side::lock),
        ("list the account's keys", Side::list),
        ("cached response", Side::cached),
        ("new response", Side::new_response),
        ("10 new responses, and clear", Side::clear),
    ];
    let mut all_good = true;
    for (name, operation) in operations {
        // The first clearing removes what there is, so it is not among the rounds.
        let pairs = Pairs::measure(ROUNDS, || operation(small), || operation(full));
        let (alone, beside) = pairs.seconds();
        let (ratio, is_good) = verdict(1.0 / pairs.ratio(), BAR);
        all_good &= is_good;
        println!("  {name:<30} {:8.1} µs, alone {:8.1} µs, ratio {ratio}", beside * 1e6, alone * 1e6);
    }
    all_good
}

/// Other accounts with their tokens, device and responses, all of the usual size.
fn fill_with_others(side: &Side) -> Result {
    let root = side.store.path();
    let tokens = fs::read(root.join(format!("{}tokens.json", side.account)))?;
    let body =
        [&b"{\"cached\":\"2026-01-01T00:00:00Z\",\"expires\":\"2027-01-01T00:00:00Z\"}\n"[..], &[b'x'; 3000]];
    let body: Vec<u8> = body.concat();
    for number in 0..ACCOUNTS {
        let account = root.join(format!("accounts/{number:032x}"));
        let responses = root.join(format!("responses/{number:032x}/0"));
        fs::create_dir_all(&account)?;
        fs::create_dir_all(&responses)?;
        fs::write(account.join("tokens.json"), &tokens)?;
        fs::write(account.join("session.lock"), b"")?;
        for response in 0..RESPONSES / ACCOUNTS {
            fs::write(responses.join(format!("{response:032x}.json")), &body)?;
        }
    }
    Ok(())
}
