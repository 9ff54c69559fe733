//! The doors of the integration tests, for the targets.

#[allow(dead_code)]
#[path = "../../tests/it/fuzz_targets/mod.rs"]
mod fuzz_targets;

/// Takes bytes through the door of this name.
pub fn run(name: &str, data: &[u8]) {
    let door = fuzz_targets::DOORS.iter().find(|door| door.name == name).expect("a door of this name");
    (door.run)(data);
}
