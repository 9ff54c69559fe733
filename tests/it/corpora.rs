//! Runs the fuzz targets on the committed seeds and on mutations of them.
//!
//! `fuzz/run` starts from the same seeds. An input that it finds is committed beside them, under a name that says what
//! was wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::fuzz_targets::{TARGETS, Target};

fn directory(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target.name)
}

/// The committed inputs, those that were found included, by name.
fn committed(target: &Target) -> BTreeMap<String, Vec<u8>> {
    let directory = directory(target);
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn replay(target: &Target) {
    for (name, input) in committed(target) {
        let _named = Named(format!("{} {name}", target.name));
        (target.run)(&input);
    }
}

/// Says on the way out of a panic which input it was.
struct Named(String);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input: {}", self.0);
        }
    }
}

/// A generator that gives the same numbers each time (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((number ^ number >> 31) % bound.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// Up to five changes of an input, or a piece of another one in it.
fn mutate(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(5) {
        let at = random.below(input.len() + 1);
        let end = (at + 1 + random.below(8)).min(input.len());
        match random.below(6) {
            0 => input.truncate(at.max(1)),
            1 => drop(input.splice(at..end.max(at), std::iter::empty())),
            2 => drop(input.splice(at..at, [random.byte(), random.byte()])),
            3 => {
                let from = random.below(other.len());
                let to = (from + random.below(24)).min(other.len());
                input.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                let byte = random.byte();
                // The first bytes decide what an input is about.
                let at = if random.below(2) == 0 { at.min(8) } else { at };
                if let Some(place) = input.get_mut(at) {
                    *place = byte;
                }
            }
        }
    }
}

fn explore(target: &Target) {
    let inputs: Vec<_> = committed(target).into_values().collect();
    let mut random =
        Random(target.name.bytes().fold(5, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))));
    // More cases, for a longer search without a fuzzer.
    let times = std::env::var("OTF_FUZZ_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    for case in 0..target.cases * times {
        let mut input = inputs[random.below(inputs.len())].clone();
        let other = inputs[random.below(inputs.len())].clone();
        mutate(&mut input, &other, &mut random);
        let _named = Named(format!("{} case {case}: {}", target.name, input.escape_ascii()));
        (target.run)(&input);
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let target = TARGETS.iter().find(|target| target.name == stringify!($name)).unwrap();
            replay(target);
            explore(target);
        })*

        #[test]
        fn every_target_has_seeds_and_a_binary() {
            let tried = [$(stringify!($name)),*];
            for target in TARGETS {
                assert!(tried.contains(&target.name), "{} is not tried", target.name);
                let binary = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/targets").join(target.name);
                assert!(binary.with_extension("rs").is_file(), "{} has no target", target.name);
            }
        }
    };
}

targets! { srp jwt cognito bookings members studios workouts errors store sigv4 scalars codegrade pow
identity_pool raw_request recorder replayer sandbox_requests http base_address proxy }

#[test]
fn committed_seeds_match_their_targets() {
    for target in TARGETS {
        let committed = committed(target);
        for (name, seed) in (target.seeds)() {
            assert_eq!(
                committed.get(&name),
                Some(&seed),
                "{} {name}: run `cargo test write_seeds -- --ignored`",
                target.name
            );
        }
    }
}

#[test]
fn seeds_are_small() {
    let sizes = TARGETS.iter().flat_map(|target| committed(target).into_values()).map(|input| input.len());
    assert!(sizes.sum::<usize>() < 600_000);
}

/// Writes the seeds anew; what was found by fuzzing stays.
#[test]
#[ignore = "it changes files of the project"]
fn write_seeds() {
    for target in TARGETS {
        fs::create_dir_all(directory(target)).unwrap();
        for (name, seed) in (target.seeds)() {
            fs::write(directory(target).join(name), seed).unwrap();
        }
    }
}
