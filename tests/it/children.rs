//! Processes of a test's own: this very binary, run again for one job.
//!
//! A job prints lines that start with `@`, so that they are told apart from the test runner's.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::ExitStatus;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use otf_api::auth::Credentials;
use otf_api::sandbox::Sandbox;
use otf_api::{Endpoints, FileStore, Otf, OtfBuilder};

const JOB: &str = "OTF_TEST_JOB";

/// Does the job that this process was started for. In an ordinary run there is none.
#[test]
fn job() {
    let Ok(job) = std::env::var(JOB) else { return };
    match job.split_once(' ').map_or(job.as_str(), |(room, _)| room) {
        "faults" => super::faults::job(&job),
        "network" => super::network::job(&job),
        "processes" => super::processes::job(&job),
        "secrets" => super::secrets::job(&job),
        #[cfg(unix)]
        "stores" => super::stores::job(),
        "time" => super::time::job(&job),
        _ => panic!("no job {job}"),
    }
}

/// A command that does a job, with nothing of this process's account in its environment.
pub(crate) fn command(job: &str) -> Command {
    command_of(&std::env::current_exe().unwrap(), job)
}

/// The same of a copy of this binary.
pub(crate) fn command_of(binary: &Path, job: &str) -> Command {
    let mut command = Command::new(binary);
    in_the_role(&mut command, job);
    command
}

/// The same behind another program, which gets this binary as its last argument.
#[cfg(unix)]
pub(crate) fn command_behind(program: &str, arguments: &[&str], job: &str) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).arg(std::env::current_exe().unwrap());
    in_the_role(&mut command, job);
    command
}

fn in_the_role(command: &mut Command, job: &str) {
    command.args(["--exact", "children::job", "--nocapture", "--test-threads=1"]).env(JOB, job);
    for name in ["OTF_EMAIL", "OTF_PASSWORD", "OTF_SESSION"] {
        command.env_remove(name);
    }
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
}

/// The sandbox and store that a job is to use.
pub(crate) fn at<'a>(command: &'a mut Command, sandbox: &Sandbox, store: &Path) -> &'a mut Command {
    command.env("OTF_TEST_URL", sandbox.url()).env("OTF_TEST_STORE", store)
}

/// In a job: a variable that it was given.
pub(crate) fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

/// In a job: the store that it was given.
pub(crate) fn store() -> FileStore {
    FileStore::at(given("OTF_TEST_STORE"))
}

/// In a job: a client of the sandbox that it was given, without a password unless `OTF_TEST_PASSWORD` is set.
pub(crate) fn builder() -> OtfBuilder {
    let builder = Otf::builder()
        .endpoints(Endpoints::at(&given("OTF_TEST_URL")).unwrap())
        .store(store())
        .sleep(|_| {})
        .prompt(false);
    match std::env::var("OTF_TEST_PASSWORD") {
        Ok(password) => builder.credentials(Credentials::new(given("OTF_TEST_EMAIL"), password)),
        Err(_) => builder,
    }
}

/// In a job: tells the test something.
pub(crate) fn say(line: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    // The runner may have left its own line unfinished.
    write!(out, "\n@{line}\n").and_then(|()| out.flush()).unwrap();
}

/// In a job: says that it is ready, and waits for the test's word.
pub(crate) fn wait_for_go() {
    say("ready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// A job under way. It is killed when it is dropped.
pub(crate) struct Job {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Job {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    #[cfg(unix)]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next thing it says; `None` where it ends without another word.
    pub(crate) fn next(&mut self) -> Option<String> {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some(said) = line.strip_prefix('@') {
                return Some(said.trim_end().to_owned());
            }
            line.clear();
        }
        None
    }

    pub(crate) fn wait_until_ready(&mut self) {
        assert_eq!(self.next().as_deref(), Some("ready"));
    }

    pub(crate) fn go(&mut self) {
        writeln!(self.input.as_ref().unwrap()).unwrap();
    }

    /// All that it will ever get on its standard input.
    #[cfg(target_os = "linux")]
    pub(crate) fn give(&mut self, bytes: &[u8]) {
        self.input.take().unwrap().write_all(bytes).unwrap();
    }

    /// Ends it as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end, good or bad, and gives what else it said.
    #[cfg(target_os = "linux")]
    pub(crate) fn end(mut self) -> (Vec<String>, ExitStatus) {
        let said = std::iter::from_fn(|| self.next()).collect();
        (said, self.child.wait().unwrap())
    }

    /// Waits for its good end, and gives what else it said.
    pub(crate) fn finish(mut self) -> Vec<String> {
        let said = std::iter::from_fn(|| self.next()).collect();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "the job failed ({status}): {said:?}");
        said
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds, which it does in a moment.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "waited too long: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
