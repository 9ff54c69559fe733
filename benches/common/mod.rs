//! What the benches share.

use std::time::{Duration, Instant};

/// How long two ways to do the same take, measured in turns, so that what else the machine does meets both alike.
pub(crate) struct Pairs(Vec<(f64, f64)>);

impl Pairs {
    pub(crate) fn measure(rounds: usize, one: impl Fn(), other: impl Fn()) -> Self {
        // The first round warms up.
        one();
        other();
        Self((0..rounds).map(|_| (time(&one).as_secs_f64(), time(&other).as_secs_f64())).collect())
    }

    /// The median seconds of both.
    pub(crate) fn seconds(&self) -> (f64, f64) {
        (median(self.0.iter().map(|pair| pair.0)), median(self.0.iter().map(|pair| pair.1)))
    }

    /// The median of how many times as long the one takes as the other.
    pub(crate) fn ratio(&self) -> f64 {
        median(self.0.iter().map(|(one, other)| one / other))
    }
}

fn time(work: impl Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
