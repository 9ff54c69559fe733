//! Numbers of a process, and numbers of many runs.

use std::fs;

/// What a process has used so far, as the kernel counts it (Linux).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// Milliseconds of processor time, all threads together.
    pub(crate) cpu: f64,
    /// The most memory that was ever resident, in MB.
    pub(crate) peak: f64,
    /// The memory that is resident now, in MB.
    pub(crate) resident: f64,
}

impl Usage {
    pub(crate) fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
            kibibytes.unwrap_or(f64::NAN) * 1024.0 / 1e6
        };
        Self { cpu: processor_time(), peak: megabytes("VmHWM:"), resident: megabytes("VmRSS:") }
    }
}

#[cfg(unix)]
fn processor_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

#[cfg(not(unix))]
fn processor_time() -> f64 {
    f64::NAN
}

/// The median of some runs, and how far they spread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    low: f64,
    high: f64,
}

impl Spread {
    /// Of at least one value; low and high leave out the tenth at either end.
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at =
            |tenths: usize| values.get((values.len().max(1) - 1) * tenths / 10).copied().unwrap_or(f64::NAN);
        Self { median: at(5), low: at(1), high: at(9) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = if self.median < 100.0 { 1 } else { 0 };
        write!(f, "{:.digits$} ({:.digits$}-{:.digits$})", self.median, self.low, self.high)
    }
}
