//! The fuzz targets of the integration tests, for the binaries here.

#[allow(dead_code)]
#[path = "../../tests/it/fuzz_targets/mod.rs"]
mod fuzz_targets;

/// Runs the target of this name on these bytes.
pub fn run(name: &str, data: &[u8]) {
    let target = fuzz_targets::TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.run)(data);
}
