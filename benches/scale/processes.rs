//! 64 processes that share an account whose tokens have expired: one refreshes, the others use what it stored.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use otf_api::auth::Credentials;
use otf_api::sandbox::{PAT, Sandbox};
use otf_api::{BookingQuery, Endpoints, FileStore, Otf, OtfBuilder};

use crate::Result;

const PROCESSES: usize = 64;

fn builder(url: &str, store: &Path) -> Result<OtfBuilder> {
    let endpoints = Endpoints::at(url)?;
    Ok(Otf::builder().endpoints(endpoints).store(FileStore::at(store)).environment(false).prompt(false))
}

pub(crate) fn bench() -> Result<bool> {
    let sandbox = Sandbox::start()?;
    let directory = tempfile::tempdir()?;
    let run = |processes: usize| -> Result<(f64, usize, usize)> {
        let store = directory.path().join(processes.to_string());
        let with_password = Credentials::new(PAT.email, PAT.password);
        let otf = builder(&sandbox.url(), &store)?.credentials(with_password).login()?;
        // What it refreshes is expired at once, and is what the other processes find.
        sandbox.set_token_lifetime(Duration::ZERO);
        sandbox.expire_tokens();
        let _ = otf.bookings().list(&BookingQuery::new());
        sandbox.set_token_lifetime(Duration::from_secs(3600));
        sandbox.clear_requests();
        let started = Instant::now();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["child", "refresh", &sandbox.url()]).arg(&store).stdout(Stdio::null());
        let children: Vec<Child> = (0..processes).map(|_| command.spawn()).collect::<std::io::Result<_>>()?;
        let mut failed = 0;
        for mut child in children {
            failed += usize::from(!child.wait()?.success());
        }
        let seconds = started.elapsed().as_secs_f64();
        Ok((seconds / processes as f64, sandbox.count_operation("InitiateAuth"), failed))
    };
    let (one, ..) = run(1)?;
    let (many, refreshes, failed) = run(PROCESSES)?;
    println!(
        "\n{PROCESSES} processes with one expired session: {refreshes} refresh (bar: 1), {failed} failed, {:.1} ms each; \
         one alone {:.1} ms",
        many * 1e3,
        one * 1e3
    );
    Ok(refreshes == 1 && failed == 0)
}

pub(crate) fn child(url: &str, store: &str) -> Result {
    builder(url, Path::new(store))?.login()?.bookings().list(&BookingQuery::new())?;
    Ok(())
}
