//! The sandbox, and the processes that are sent to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use otf_api::sandbox::Sandbox;

use crate::Result;
use crate::child::Report;
use crate::peer::Python;

/// What a process is started for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Job {
    /// Stored tokens, and the member cached.
    Start,
    /// Nothing stored.
    SignIn,
    FirstWorkout,
    /// With so many requests at once; nothing cached.
    Workouts(usize),
    /// The same right after a run that has cached its responses.
    WorkoutsCached,
    /// So many workouts by `list` or `iter`.
    History(&'static str, usize),
}

/// One run of a job.
pub(crate) struct Run {
    pub(crate) report: Report,
    pub(crate) requests: usize,
}

pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        Ok(Self { sandbox: Sandbox::start()?, folder: tempfile::tempdir()? })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a job of this crate's client.
    pub(crate) fn run(&self, job: Job) -> Result<Run> {
        let store = self.store("rust", job)?;
        let url = self.sandbox.url();
        let classes = ["classes", &url, &store].map(str::to_owned).to_vec();
        let workouts = |concurrency: usize| {
            ["workouts", &url, &store, &concurrency.to_string()].map(str::to_owned).to_vec()
        };
        let arguments = match job {
            Job::Start | Job::SignIn => classes.clone(),
            Job::FirstWorkout => ["first-workout", &url, &store].map(str::to_owned).to_vec(),
            Job::Workouts(concurrency) => workouts(concurrency),
            Job::WorkoutsCached => workouts(8),
            Job::History(how, many) => {
                ["history", &url, &store, how, &many.to_string()].map(str::to_owned).to_vec()
            }
        };
        let child = |arguments: &[String]| -> Result<Report> {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("child").args(arguments);
            report(&mut command)
        };
        let _before = match job {
            Job::SignIn => None,
            Job::WorkoutsCached => Some(child(&workouts(8))?),
            // Tokens, and the member, who knows the home studio.
            _ => Some(child(&classes)?),
        };
        self.sandbox.clear_requests();
        Ok(Run { report: child(&arguments)?, requests: self.sandbox.requests().len() })
    }

    /// How many system calls a start makes, if `strace` is installed.
    pub(crate) fn system_calls(&self) -> Result<Option<usize>> {
        let store = self.store("rust", Job::Start)?;
        let url = self.sandbox.url();
        let job = ["child", "classes", &url, &store];
        report(Command::new(std::env::current_exe()?).args(job))?;
        let counts = self.folder.path().join("system-calls");
        let mut command = Command::new("strace");
        command.args(["-f", "-c", "-o"]).arg(&counts).arg(std::env::current_exe()?).args(job);
        if command.output().is_err() {
            return Ok(None);
        }
        // The last line: time, seconds, a mean, calls, errors, "total".
        let table = fs::read_to_string(counts)?;
        let total = table.lines().find(|line| line.trim_end().ends_with("total"));
        Ok(total.and_then(|line| line.split_whitespace().nth(3)?.parse().ok()))
    }

    /// Runs the same job of the Python client.
    pub(crate) fn run_python(&self, python: &Python, job: Job) -> Result<Run> {
        let store = self.store("python", job)?;
        let name = match job {
            Job::SignIn => "sign-in",
            Job::Start => "classes",
            _ => "workouts",
        };
        let url = self.sandbox.url();
        if !matches!(job, Job::SignIn) {
            report(&mut python.command(&["sign-in", &url, &store]))?;
        }
        self.sandbox.clear_requests();
        let report = report(&mut python.command(&[name, &url, &store]))?;
        Ok(Run { report, requests: self.sandbox.requests().len() })
    }

    /// An empty directory.
    fn store(&self, client: &str, job: Job) -> Result<String> {
        let directory: PathBuf = self.folder.path().join(client);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir(&directory)?;
        let text =
            directory.to_str().ok_or_else(|| format!("{job:?}: the temporary directory is not UTF-8"))?;
        Ok(text.to_owned())
    }
}

/// Runs a command to its end; the last line of its standard error is its report.
pub(crate) fn report(command: &mut Command) -> Result<Report> {
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    serde_json::from_str(last).map_err(|_| format!("{command:?} failed: {said}").into())
}
