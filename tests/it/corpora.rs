//! The doors for bytes from outside, over the committed seeds and mutations of them.
//!
//! `fuzz/run` goes on from the same seeds for as long as one likes. What it finds is kept beside them, under a
//! name that says what was wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::fuzz_targets::{DOORS, Door};

fn directory(door: &Door) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(door.name)
}

/// The committed inputs, those that were found included, by name.
fn committed(door: &Door) -> BTreeMap<String, Vec<u8>> {
    let directory = directory(door);
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn replay(door: &Door) {
    for (name, input) in committed(door) {
        let _named = Named(format!("{} {name}", door.name));
        (door.run)(&input);
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

fn explore(door: &Door) {
    let inputs: Vec<_> = committed(door).into_values().collect();
    let mut random = Random(door.name.bytes().fold(5, |seed, byte| seed * 31 + u64::from(byte)));
    // For a longer look without a fuzzer: so many times as many.
    let times = std::env::var("OTF_DOOR_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    for case in 0..door.cases * times {
        let mut input = inputs[random.below(inputs.len())].clone();
        let other = inputs[random.below(inputs.len())].clone();
        mutate(&mut input, &other, &mut random);
        let _named = Named(format!("{} case {case}: {}", door.name, input.escape_ascii()));
        (door.run)(&input);
    }
}

macro_rules! doors {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let door = DOORS.iter().find(|door| door.name == stringify!($name)).unwrap();
            replay(door);
            explore(door);
        })*

        #[test]
        fn every_door_is_tried_and_has_a_target() {
            let tried = [$(stringify!($name)),*];
            for door in DOORS {
                assert!(tried.contains(&door.name), "{} is not tried", door.name);
                let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/targets").join(door.name);
                assert!(target.with_extension("rs").is_file(), "{} has no target", door.name);
            }
        }
    };
}

doors! { srp jwt cognito bookings members studios workouts errors store sigv4 scalars codegrade pow http base_address proxy }

#[test]
fn the_seeds_are_those_that_the_doors_make() {
    for door in DOORS {
        let committed = committed(door);
        for (name, seed) in (door.seeds)() {
            assert_eq!(
                committed.get(&name),
                Some(&seed),
                "{} {name}: run `cargo test write_seeds -- --ignored`",
                door.name
            );
        }
    }
}

#[test]
fn the_seeds_are_small() {
    let sizes = DOORS.iter().flat_map(|door| committed(door).into_values()).map(|input| input.len());
    assert!(sizes.sum::<usize>() < 600_000);
}

/// Writes the seeds anew; what was found by fuzzing stays.
#[test]
#[ignore = "it changes files of the project"]
fn write_seeds() {
    for door in DOORS {
        fs::create_dir_all(directory(door)).unwrap();
        for (name, seed) in (door.seeds)() {
            fs::write(directory(door).join(name), seed).unwrap();
        }
    }
}
