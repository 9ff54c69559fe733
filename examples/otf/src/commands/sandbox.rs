//! `otf sandbox`

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use otf_api::jiff::Timestamp;
use otf_api::sandbox::{ACCOUNTS, Sandbox as Server, codegrade};
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Failure, Result};
use crate::output;
use crate::scenario::Scenario;

/// Serve the mock service until standard input ends.
///
/// The first line of output is its URL. The codes that it emails are printed too.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf sandbox --port 8080
  otf sandbox --time 2026-04-10T14:55:00Z --latency-ms 50
  otf sandbox --scenario examples/otf/scenario.json

Any client can use it. This program does with `--server URL`; the Python client by replacing its base URLs; Cognito
clients of AWS with AWS_ENDPOINT_URL. With --scenario it behaves as the file says, and fails at the end if a client has
not sent the requests that the file expects: see examples/otf/CONFORMANCE.md.")]
pub struct Sandbox {
    /// The port on 127.0.0.1 [default: any free one]
    #[arg(long)]
    port: Option<u16>,
    /// How many milliseconds each response takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency_ms: u64,
    /// How many seconds tokens are valid
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    token_lifetime_s: Option<u64>,
    /// The time at the start; the schedule is generated around it [default: now]
    #[arg(long, value_name = "TIME")]
    time: Option<Timestamp>,
    /// Behave as this scenario file says
    #[arg(long, value_name = "FILE", conflicts_with = "time")]
    scenario: Option<PathBuf>,
}

impl Sandbox {
    pub fn run(&self, global: &Global) -> Result {
        let scenario = self.scenario.as_deref().map(Scenario::read).transpose()?;
        let mut builder = Server::builder();
        if let Some(port) = self.port {
            builder = builder.port(port);
        }
        if let Some(time) = self.time.or(scenario.as_ref().and_then(|scenario| scenario.time)) {
            builder = builder.clock_offset(time.duration_since(Timestamp::now()));
        }
        let server = builder.start().map_err(|error| Failure::from(error).about("the mock service"))?;
        server.set_latency(Duration::from_millis(self.latency_ms));
        if let Some(seconds) = self.token_lifetime_s {
            server.set_token_lifetime(Duration::from_secs(seconds));
        }
        for fault in scenario.iter().flat_map(|scenario| &scenario.faults) {
            server.fault(fault.plant());
        }
        announce(&server, global)?;
        io::stdin().read_to_end(&mut Vec::new())?;
        match scenario {
            Some(scenario) => scenario.verify(&server),
            None => Ok(()),
        }
    }
}

fn announce(server: &Server, global: &Global) -> Result {
    let emails = [codegrade::ONE_USER, codegrade::MANY_USERS, codegrade::ISOLATED_USER];
    let json_lines = global.json;
    server.codegrade().on_email(move |email, code| {
        if json_lines {
            println!("{}", json!({ "email": email, "code": code }));
        } else {
            println!("emailed code for {email}: {code}");
        }
        let _ = io::stdout().flush();
    });
    if global.json {
        let accounts: Vec<_> = ACCOUNTS
            .iter()
            .map(|account| json!({ "email": account.email, "password": account.password }))
            .collect();
        return output::json(
            &json!({ "url": server.url(), "accounts": accounts, "codegrade_emails": emails }),
        );
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", server.url())?;
    for account in &ACCOUNTS {
        writeln!(out, "  {}  {}", account.email, account.password)?;
    }
    writeln!(out, "CodeGrade:")?;
    for email in emails {
        writeln!(out, "  {email}")?;
    }
    let (url, robin) = (server.url(), codegrade::ONE_USER);
    writeln!(out, "Clients:")?;
    writeln!(out, "  otf bookings --server {url}")?;
    writeln!(out, "  otf codegrade due {robin} --host {url}")?;
    writeln!(out, "  AWS_ENDPOINT_URL={url} for AWS clients; examples/otf/CONFORMANCE.md for others")?;
    writeln!(out, "Serving until standard input ends (Ctrl-D).")?;
    Ok(out.flush()?)
}
