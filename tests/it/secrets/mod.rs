//! No secret gets out: not by an error, a `Debug`, the log, a panic, a recording, or another file outside the token
//! store; and what is no longer needed is wiped.

#[cfg(target_os = "linux")]
mod memory;
mod planted;
mod spy;
mod walkthrough;

use std::path::PathBuf;
use std::process::{Output, Stdio};

use crate::children;

/// What the processes of these tests do.
pub(crate) fn job(job: &str) {
    match job {
        "secrets tour" => walkthrough::take(),
        #[cfg(target_os = "linux")]
        "secrets memory" => memory::sign_in_and_look(),
        _ => panic!("no job {job}"),
    }
}

/// Signs in, works, and fails in every way, in a process of its own; then all that came out of it is searched.
#[test]
fn no_output_contains_a_secret() {
    let home = tempfile::tempdir().unwrap();
    let mut command = children::command("secrets tour");
    for name in ["HOME", "XDG_CACHE_HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, home.path());
    }
    let (store, recording) = (home.path().join("store"), home.path().join("recording"));
    command.env("OTF_TEST_STORE", &store).env("OTF_TEST_RECORDING", &recording);
    command.current_dir(home.path()).env("RUST_BACKTRACE", "0");
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{stdout}\n{stderr}");
    for line in stdout.lines().filter(|line| line.starts_with('@')) {
        println!("{line}");
    }
    assert!(stdout.contains("@nothing found"), "{stdout}");
    // The process knew its secrets; those that never change are known here as well.
    planted::constant().find_in("standard output", &stdout);
    planted::constant().find_in("standard error, panics included", &stderr);
    assert!(stderr.contains("panicked at"), "there were panics to search: {stderr}");
    let is_outside = |path: &PathBuf| !path.starts_with(&store) && !path.starts_with(&recording);
    let outside: Vec<_> = planted::files(home.path()).into_iter().filter(is_outside).collect();
    assert!(outside.is_empty(), "files outside the store and the recording: {outside:?}");
}
