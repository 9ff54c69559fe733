//! What a class has its members do: the segments of a workout, drawn from a seed.

use super::ids;

/// Part of a class with one pace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) seconds: u64,
    pub(super) activity: Activity,
    /// The heart rate that this would lead to in the long run, as a share of the maximum.
    pub(super) effort: f64,
}

/// What is done in a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Activity {
    /// Speed in tenths of a mile per hour, as the machine's display has it, and the incline in percent.
    Treadmill { speed: u64, incline: u64 },
    /// Seconds per 500 m, and strokes per minute.
    Rower { split: f64, cadence: u64 },
    /// Weights and floor exercises.
    Floor,
    /// Standing, drinking, changing places.
    Rest,
}

/// Numbers drawn from a seed (SplitMix64).
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: &str) -> Self {
        Self(ids::number(seed, "draw", 0, u64::MAX))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    fn whole(&mut self, low: u64, high: u64) -> u64 {
        low.saturating_add(self.next() % high.saturating_sub(low).saturating_add(1))
    }

    /// From 0 to below 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }
}

/// The segments of a class of this type that has this many seconds.
pub(super) fn segments(kind: &str, seconds: u64, draw: &mut Draw) -> Vec<Segment> {
    let mut plan = Plan { segments: Vec::new(), base: draw.whole(45, 62), draw };
    let (warm_up, cool_down) = (240, 200);
    let main = seconds.saturating_sub(warm_up + cool_down);
    match kind {
        "STRENGTH_50" => {
            plan.push(warm_up, Activity::Floor, 0.62);
            plan.floor(main);
        }
        "TREAD_50" => {
            plan.warm_up(warm_up);
            plan.treadmill(main);
        }
        _ => {
            // Two groups that change places half-way.
            let half = main.saturating_sub(90) / 2;
            if plan.draw.next().is_multiple_of(2) {
                plan.warm_up(warm_up);
                plan.treadmill(half);
                plan.push(90, Activity::Rest, 0.58);
                plan.rower_and_floor(main.saturating_sub(half + 90));
            } else {
                plan.push(warm_up, Activity::Rower { split: 165.0, cadence: 20 }, 0.66);
                plan.rower_and_floor(half);
                plan.push(90, Activity::Rest, 0.58);
                plan.treadmill(main.saturating_sub(half + 90));
            }
        }
    }
    plan.push(cool_down, Activity::Rest, 0.52);
    plan.segments
}

struct Plan<'a> {
    segments: Vec<Segment>,
    /// The base pace of the day, in tenths of a mile per hour.
    base: u64,
    draw: &'a mut Draw,
}

impl Plan<'_> {
    fn push(&mut self, seconds: u64, activity: Activity, effort: f64) {
        if seconds > 0 {
            self.segments.push(Segment { seconds, activity, effort });
        }
    }

    fn warm_up(&mut self, seconds: u64) {
        let (half, jog) = (seconds / 2, self.base.saturating_sub(8));
        self.push(half, Activity::Treadmill { speed: 32, incline: 1 }, 0.60);
        self.push(seconds.saturating_sub(half), Activity::Treadmill { speed: jog, incline: 1 }, 0.70);
    }

    /// Base, push, sometimes all-out, then a walk, until the time is up.
    fn treadmill(&mut self, mut left: u64) {
        let mut round = 0_u64;
        while left > 0 {
            let hill = self.draw.next().is_multiple_of(3);
            let (push, push_incline) =
                if hill { (self.base, self.draw.whole(4, 8)) } else { (self.base.saturating_add(12), 1) };
            let all_out = if round % 3 == 2 { self.draw.whole(30, 60) } else { 0 };
            let steps = [
                (self.draw.whole(100, 200), self.base, 1, self.draw.between(0.74, 0.81)),
                (self.draw.whole(60, 120), push, push_incline, self.draw.between(0.85, 0.90)),
                (all_out, self.base.saturating_add(25), 1, self.draw.between(0.94, 0.98)),
                (self.draw.whole(50, 90), 30, 1, self.draw.between(0.62, 0.67)),
            ];
            for (seconds, speed, incline, effort) in steps {
                let seconds = seconds.min(left);
                self.push(seconds, Activity::Treadmill { speed, incline }, effort);
                left = left.saturating_sub(seconds);
            }
            round = round.saturating_add(1);
        }
    }

    /// A row, then exercises on the floor, until the time is up.
    fn rower_and_floor(&mut self, mut left: u64) {
        while left > 0 {
            let split = self.draw.between(112.0, 150.0);
            let cadence = self.draw.whole(22, 30);
            let row = self.draw.whole(60, 150).min(left);
            self.push(row, Activity::Rower { split, cadence }, 0.78 + (150.0 - split) / 300.0);
            left = left.saturating_sub(row);
            let floor = self.draw.whole(180, 260).min(left);
            self.floor(floor);
            left = left.saturating_sub(floor);
        }
    }

    /// Sets with a pause after each.
    fn floor(&mut self, mut left: u64) {
        while left > 0 {
            let set = self.draw.whole(35, 60).min(left);
            let effort = self.draw.between(0.70, 0.86);
            self.push(set, Activity::Floor, effort);
            left = left.saturating_sub(set);
            let pause = self.draw.whole(15, 35).min(left);
            self.push(pause, Activity::Rest, 0.62);
            left = left.saturating_sub(pause);
        }
    }
}
