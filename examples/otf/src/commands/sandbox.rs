//! `otf sandbox`

use std::io::{self, Read as _, Write as _};
use std::time::Duration;

use clap::Args;
use otf_api::jiff::Timestamp;
use otf_api::sandbox::{ACCOUNTS, Sandbox as Server};

use crate::cli::Global;
use crate::failure::{Failure, Result};

/// Serve the mock service until standard input ends.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf sandbox --port 8080
  otf sandbox --time 2026-04-10T14:55:00Z --latency-ms 50

Any client can use it. This program does with `--server URL`; the Python client by replacing its base URLs; Cognito
clients of AWS with AWS_ENDPOINT_URL.")]
pub struct Sandbox {
    /// The port on 127.0.0.1 [default: any free one]
    #[arg(long)]
    port: Option<u16>,
    /// Milliseconds that each response takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency_ms: u64,
    /// Seconds that tokens are valid
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    token_lifetime_s: Option<u64>,
    /// The time at the start; the schedule lies around it [default: now]
    #[arg(long, value_name = "TIME")]
    time: Option<Timestamp>,
}

impl Sandbox {
    pub fn run(&self, _global: &Global) -> Result {
        let mut builder = Server::builder().latency(Duration::from_millis(self.latency_ms));
        if let Some(port) = self.port {
            builder = builder.port(port);
        }
        if let Some(seconds) = self.token_lifetime_s {
            builder = builder.token_lifetime(Duration::from_secs(seconds));
        }
        if let Some(time) = self.time {
            builder = builder.clock_offset(time.duration_since(Timestamp::now()));
        }
        let server = builder.start().map_err(|error| Failure::from(error).about("the mock service"))?;
        let mut out = io::stdout().lock();
        writeln!(out, "{}", server.url())?;
        for account in &ACCOUNTS {
            writeln!(out, "  {}  {}", account.email, account.password)?;
        }
        writeln!(out, "Serving until standard input ends (Ctrl-D).")?;
        out.flush()?;
        io::stdin().read_to_end(&mut Vec::new())?;
        Ok(())
    }
}
