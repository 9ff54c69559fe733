//! Simulated schedules of `ensure_booked`: faults before and after the handler of each request, lists that lag, full
//! classes, waitlists, overlaps, processes that die at any request and two at once. Time is simulated.
//!
//! A few hundred schedules run by default; all of them by
//!
//! ```text
//! OTF_SCHEDULES=100000 cargo test --release --features sandbox --test it booking_simulation
//! ```

mod process;
mod turns;
mod world;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use otf_api::jiff::SignedDuration;
use otf_api::models::{Booking, OtfClass};
use otf_api::{BookingOptions, EnsuredBooking, Error, MemoryStore, Otf};

use process::{Process, lock};
use turns::{Order, Turns};
use world::{CLASS, Entry, LIST_LAG, OTHER, Random, World};

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

/// What a schedule's programs ask for.
struct Wish {
    class: OtfClass,
    options: BookingOptions,
    /// Whether the member has booked a class at the same time, and the options refuse that.
    is_overlapped: bool,
}

impl Wish {
    fn new(world: &Mutex<World>, choices: &mut Random) -> Self {
        let mut options = BookingOptions::new()
            .list_lag(Duration::from_secs(LIST_LAG))
            .timeout(Duration::from_secs(choices.below(120)));
        if choices.one_in(2) {
            options = options.waitlist();
        }
        let refuses_overlap = choices.one_in(3);
        if refuses_overlap {
            options = options.refuse_overlap();
        }
        let mut world = lock(world);
        let has_other = choices.one_in(4);
        if has_other {
            world.add(OTHER, false, usize::MAX);
            let lag = world.lag;
            world.now += lag;
        }
        let class = serde_json::from_value(world.class_json(CLASS)).unwrap();
        Self { class, options, is_overlapped: has_other && refuses_overlap }
    }
}

/// Runs a program twice at once, as two processes that take turns. The results are in the order of their numbers.
fn run_both(
    world: &Arc<Mutex<World>>,
    stores: [&MemoryStore; 2],
    numbers: [usize; 2],
    locks: bool,
    turns: &Turns,
    run: impl Fn(&Otf) -> otf_api::Result<EnsuredBooking> + Sync,
) -> [(Process, otf_api::Result<EnsuredBooking>); 2] {
    let both = [0, 1].map(|number| {
        let mut process = Process::new(world, stores[number], numbers[number]);
        process.locks = locks;
        process.turns = Some((turns.clone(), number));
        process
    });
    let run = &run;
    std::thread::scope(|scope| {
        let threads = both.map(|process| {
            scope.spawn(move || {
                let number = process.turns.as_ref().unwrap().1;
                let result = turns.run(number, || run(&process.client()));
                (process, result)
            })
        });
        threads.map(|thread| thread.join().unwrap())
    })
}

/// Runs a schedule. The error says which rule was broken.
fn run(seed: u64, program: Program) -> Result<(), String> {
    let world = Arc::new(Mutex::new(World::new(seed)));
    let store = MemoryStore::new();
    let mut choices = Random(seed ^ 0xdead_beef);
    let wish = Wish::new(&world, &mut choices);
    let book = |otf: &Otf| program(otf, &wish.class, &wish.options);
    let mut cancels = 0;
    let rounds = 2 + choices.below(3) as usize;
    for round in 0..rounds {
        let last = round + 1 == rounds;
        if last {
            // The network recovers, and the lists catch up.
            let mut world = lock(&world);
            (world.fault_rate, world.dies_in) = (0, None);
            world.now += SignedDuration::from_secs(LIST_LAG as i64 + 121);
        } else if choices.one_in(3) {
            lock(&world).dies_in = Some(1 + choices.below(6));
        }
        let before = lock(&world).live(CLASS).count();
        let results: Vec<_> = if !last && choices.one_in(3) {
            // Machines that share no store rely on the service.
            let other_store = if lock(&world).refusal_lags { store.clone() } else { MemoryStore::new() };
            let turns = Turns::new(Order::Random(Random(choices.next())));
            run_both(&world, [&store, &other_store], [round, 100 + round], true, &turns, book).into()
        } else {
            let process = Process::new(&world, &store, round);
            let result = book(&process.client());
            vec![(process, result)]
        };
        for (process, result) in &results {
            let rule = check(&lock(&world), result, process.number, before, last, cancels);
            rule.map_err(|rule| format!("schedule {seed}, round {round}: {rule}: {result:?}"))?;
            if !process.is_dead() && wish.is_overlapped && result.is_ok() && before == 0 {
                return Err(format!("schedule {seed}, round {round}: booked over another class: {result:?}"));
            }
        }
        let (mut process, result) = results.into_iter().next().unwrap();
        process.turns = None;
        if let Ok(ensured) = &result
            && !last
            && choices.one_in(4)
            && process.client().bookings().cancel_in_time(ensured.booking()).is_ok()
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

/// Of each schedule of two processes, at most so many decisions are tried both ways.
const DECISIONS: usize = 6;

/// Runs a program as two processes in all orders of their first steps, without faults. Returns how many orders there
/// were, or the rule that one of them broke.
fn run_all_orders(seed: u64, locks: bool) -> Result<usize, String> {
    let mut script = Vec::new();
    for orders in 1.. {
        let mut world = World::new(seed);
        (world.fault_rate, world.dies_in) = (0, None);
        let refusal_lags = world.refusal_lags;
        let world = Arc::new(Mutex::new(world));
        let wish = Wish::new(&world, &mut Random(seed));
        let turns = Turns::new(Order::Script(script.clone()));
        let (one, other) = (MemoryStore::new(), MemoryStore::new());
        let stores = if refusal_lags { [&one, &one] } else { [&one, &other] };
        let book = |otf: &Otf| safe(otf, &wish.class, &wish.options);
        for (process, result) in run_both(&world, stores, [0, 1], locks, &turns, book) {
            check(&lock(&world), &result, process.number, 0, false, 0)
                .map_err(|rule| format!("schedule {seed}, order {script:?}: {rule}: {result:?}"))?;
        }
        // The next script in binary order.
        script.resize(turns.decisions().min(DECISIONS), false);
        while script.pop_if(|decision| *decision).is_some() {}
        match script.last_mut() {
            Some(decision) => *decision = true,
            None => return Ok(orders),
        }
    }
    unreachable!("the orders are finite")
}

fn schedules(default: u64) -> u64 {
    std::env::var("OTF_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

#[test]
fn ensure_booked_books_once_and_reports_the_outcome() {
    let failures: Vec<String> =
        (0..schedules(400)).filter_map(|seed| run(seed, safe).err()).take(5).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn two_processes_at_once_book_once_in_every_order() {
    let worlds = schedules(12).min(1000);
    let orders: Result<Vec<usize>, String> = (0..worlds).map(|seed| run_all_orders(seed, true)).collect();
    let orders: usize = orders.unwrap().into_iter().sum();
    assert!(orders > 200, "only {orders} orders");
}

/// Whether one of these results is a double booking.
fn catches<T>(mut results: impl Iterator<Item = Result<T, String>>) -> bool {
    results.any(|result| result.is_err_and(|failure| failure.contains("booked twice")))
}

#[test]
fn simulation_catches_a_double_booking() {
    assert!(catches((0..400).map(|seed| run(seed, naive))));
}

#[test]
fn simulation_catches_two_processes_that_do_not_wait_for_each_other() {
    assert!(catches((0..12).map(|seed| run_all_orders(seed, false))));
}
