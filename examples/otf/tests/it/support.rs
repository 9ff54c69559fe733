//! Running the program.

use std::path::Path;
use std::process::{Command, Output};

/// The program with an environment of its own: no account, no cache and no proxy of the machine it is tested on.
pub(crate) fn otf(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_otf"));
    command.env_clear().env("HOME", directory).env("XDG_CACHE_HOME", directory.join("cache"));
    command.current_dir(directory).stdin(std::process::Stdio::null());
    command
}

/// Standard output and standard error.
pub(crate) fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// Runs a command line in the mock service and returns its exit code, standard output and standard error.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = otf(directory).args(arguments).output().unwrap();
    let (out, err) = texts(&output);
    (output.status.code().unwrap_or(-1), out, err)
}
