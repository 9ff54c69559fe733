//! Serves the sandbox until its standard input ends or it is killed.
//!
//! ```text
//! cargo run --example sandbox -- --port 8080 --latency-ms 50 --token-lifetime-s 120 --time 2026-04-10T14:55:00Z
//! ```
//!
//! `--time` sets the sandbox's clock, and its schedule is generated around that time.
//!
//! It prints the codes that its CodeGrade server emails, so that you can finish a login by hand.
//!
//! To look around: `curl` the key set at `/.well-known/jwks.json`, or point any Cognito client at the URL
//! (`AWS_ENDPOINT_URL` for Amazon's own).

use std::error::Error;
use std::io::Read as _;
use std::time::Duration;

use otf_api::jiff::Timestamp;
use otf_api::sandbox::{ACCOUNTS, Sandbox, codegrade};

fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Sandbox::builder();
    let (mut latency, mut token_lifetime) = (Duration::ZERO, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
        match argument.as_str() {
            "--port" => builder = builder.port(value.parse()?),
            "--latency-ms" => latency = Duration::from_millis(value.parse()?),
            "--time" => {
                builder = builder.clock_offset(value.parse::<Timestamp>()?.duration_since(Timestamp::now()));
            }
            "--token-lifetime-s" => token_lifetime = Some(Duration::from_secs(value.parse()?)),
            _ => return Err(format!("unknown argument {argument}").into()),
        }
    }
    let sandbox = builder.start()?;
    sandbox.set_latency(latency);
    if let Some(lifetime) = token_lifetime {
        sandbox.set_token_lifetime(lifetime);
    }

    println!("{}", sandbox.url());
    for account in &ACCOUNTS {
        println!("  {}  {}", account.email, account.password);
    }
    println!("CodeGrade:");
    for email in [codegrade::ONE_USER, codegrade::MANY_USERS, codegrade::ISOLATED_USER] {
        println!("  {email}");
    }
    sandbox.codegrade().on_email(|email, code| println!("emailed code for {email}: {code}"));
    println!("Serving until standard input ends (Ctrl-D).");
    std::io::stdin().read_to_end(&mut Vec::new())?;

    for request in sandbox.requests() {
        println!("{request:?}");
    }
    Ok(())
}
