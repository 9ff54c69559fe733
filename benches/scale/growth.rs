//! Ten and a hundred times as much to read.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use otf_api::{ClassQuery, StudioUuid};

use crate::measure::{Spread, Usage};
use crate::schedule::schedule;
use crate::service::{Bodies, Service};
use crate::{Result, verdict};

/// Processor time for each class, of ten times as many beside once. Beyond the processor's caches memory's speed counts, so the
/// step from ten times to a hundred times is only printed.
const BAR: f64 = 1.5;

pub(crate) fn bench() -> Result<bool> {
    let service = Service::start()?;
    println!("\nclasses of one list, from bytes to a sorted listing");
    let mut each = Vec::new();
    for classes in [95, 945, 9_450] {
        let bodies = Bodies { classes: schedule(classes), ..Bodies::default() };
        let otf = service.client(bodies)?.session(service.session()).login()?;
        let query = ClassQuery::new().studio(StudioUuid::new("s0"));
        // The kernel counts in steps of some milliseconds.
        let repeats = 50_000 / classes;
        let times = (0..7).map(|_| {
            let before = Usage::now().cpu;
            for _ in 0..repeats {
                assert_eq!(otf.bookings().classes(&query).unwrap().len(), classes);
            }
            (Usage::now().cpu - before) / 1e3 / repeats as f64
        });
        let median = Spread::of(times).median;
        println!(
            "{classes:>10} classes {:>8.2} ms, {:.2} µs each",
            median * 1e3,
            median * 1e6 / classes as f64
        );
        each.push(median / classes as f64);
    }
    let (ratio, is_good) = verdict(each[1] / each[0], BAR);
    println!("a class among 945 beside one among 95: {ratio}; among 9,450: {:.2}", each[2] / each[0]);

    println!("\nstudios of one list of classes");
    for studios in [1, 10, 100, 1_000] {
        let bodies = Bodies { classes: schedule(1), ..Bodies::default() };
        let count = Arc::clone(&bodies.count);
        let otf = service.client(bodies)?.session(service.session()).login()?;
        let query = (0..studios)
            .fold(ClassQuery::new(), |query, number| query.studio(StudioUuid::new(format!("s{number}"))));
        otf.bookings().classes(&query)?;
        println!("{studios:>10} studios {:>6} requests", count.load(Ordering::Relaxed));
    }
    Ok(is_good)
}
