//! The same client for 100,000 requests: memory, file descriptors, files and processor time stay as they were.

use std::fs;
use std::path::Path;

use otf_api::{FileStore, PerformanceSummaryId};

use crate::measure::Usage;
use crate::service::{Bodies, Service};
use crate::{Result, verdict};

const REQUESTS: u32 = 100_000;
const PARTS: u32 = 10;

/// How much more a later tenth may cost than the second one, in which the cache is already in use.
const BAR: f64 = 1.3;

/// How many MB the memory may grow by after the first tenth.
const GROWTH: f64 = 1.0;

pub(crate) fn bench() -> Result<bool> {
    let service = Service::start()?;
    let directory = tempfile::tempdir()?;
    let store = FileStore::at(directory.path());
    // Reached in the first tenth.
    let otf = service.client(Bodies::telemetry(150))?.session(service.session()).store(store);
    let otf = otf.response_cache_limit(64 << 20).login()?;
    println!("\n{REQUESTS} requests by one client, each a response of its own that is cached");
    println!("{:>10} {:>12} {:>12} {:>8} {:>8}", "requests", "CPU ms", "MB", "fds", "files");
    let mut tenths = Vec::new();
    for part in 0..PARTS {
        let before = Usage::now();
        for number in 0..REQUESTS / PARTS {
            otf.workouts()
                .telemetry(PerformanceSummaryId::new("w"), 1 + part * (REQUESTS / PARTS) + number)?;
        }
        let after = Usage::now();
        let descriptors = fs::read_dir("/proc/self/fd")?.count();
        let files = count(directory.path())?;
        let requests = (part + 1) * (REQUESTS / PARTS);
        let cpu = after.cpu - before.cpu;
        println!("{requests:>10} {cpu:>12.0} {:>12.1} {descriptors:>8} {files:>8}", after.resident);
        tenths.push((cpu, after.resident, descriptors, files));
    }
    let (second, last) = (tenths[1], tenths[tenths.len() - 1]);
    let (ratio, mut is_good) = verdict(last.0 / second.0, BAR);
    println!("processor time of the last tenth beside the second: {ratio}");
    let grown = last.1 - second.1;
    println!("memory grown since the second tenth: {grown:.2} MB (bar: {GROWTH})");
    is_good &= grown <= GROWTH && last.2 <= second.2 && last.3 <= second.3 * 3 / 2;
    Ok(is_good)
}

fn count(directory: &Path) -> Result<usize> {
    let mut files = 0;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        files += if entry.file_type()?.is_dir() { count(&entry.path())? } else { 1 };
    }
    Ok(files)
}
