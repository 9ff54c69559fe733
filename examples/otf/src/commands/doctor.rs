//! `otf doctor`

use clap::Args;
use otf_api::Error;
use otf_api::jiff::tz::TimeZone;
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Code, Failure, Result};
use crate::output;
use crate::service::Service;

/// Check store, time zones, proxy, network, clock and sign-in, and say what to do about each problem.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf doctor
  otf doctor --json")]
pub struct Doctor {}

/// What a check found.
struct Finding {
    check: &'static str,
    ok: bool,
    text: String,
}

impl Finding {
    fn new(check: &'static str, result: std::result::Result<String, String>) -> Self {
        let ok = result.is_ok();
        Self { check, ok, text: result.unwrap_or_else(|problem| problem) }
    }
}

impl Doctor {
    pub fn run(&self, global: &Global) -> Result {
        let mut findings = vec![
            Finding::new("store", store(global)),
            Finding::new("time zones", time_zones()),
            Finding::new("proxy", Ok(proxy())),
        ];
        findings.extend(sign_in(global));
        let problems = findings.iter().filter(|finding| !finding.ok).count();
        if global.json {
            let list: Vec<_> = findings
                .iter()
                .map(|finding| json!({ "check": finding.check, "ok": finding.ok, "text": finding.text }))
                .collect();
            output::json(&json!({ "checks": list, "problems": problems }))?;
        } else {
            for finding in &findings {
                println!(
                    "{} {}: {}",
                    if finding.ok { "ok     " } else { "PROBLEM" },
                    finding.check,
                    finding.text
                );
            }
        }
        if problems > 0 {
            return Err(Failure::new(Code::Failed, format!("{problems} problems found")));
        }
        Ok(())
    }
}

fn store(global: &Global) -> std::result::Result<String, String> {
    if global.sandbox {
        return Ok("memory, for this command only".to_owned());
    }
    let advice = "set XDG_CACHE_HOME or --store to a directory that you own";
    let store = global.open_store().map_err(|failure| format!("{failure}; {advice}"))?;
    store.keys("accounts/").map_err(|error| format!("{error}; {advice}"))?;
    let _lock = store
        .lock("doctor", std::time::Duration::from_secs(5))
        .map_err(|error| format!("{error}; {advice}"))?;
    Ok("readable and writable".to_owned())
}

fn time_zones() -> std::result::Result<String, String> {
    match TimeZone::get("America/Chicago") {
        Ok(_) => Ok("found".to_owned()),
        Err(error) => Err(format!("{error}; install the package tzdata")),
    }
}

fn proxy() -> String {
    let names = ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];
    let set: Vec<&str> = names.into_iter().filter(|name| std::env::var_os(name).is_some()).collect();
    if set.is_empty() { "none set".to_owned() } else { format!("set by {}", set.join(", ")) }
}

fn sign_in(global: &Global) -> Vec<Finding> {
    let service = match Service::connect(global) {
        Ok(service) => service,
        Err(failure) => {
            let advice = match failure.code() {
                Code::NotSignedIn => "run `otf login`, or set OTF_EMAIL and OTF_PASSWORD or OTF_SESSION",
                Code::TryLater => "check the network and the proxy, then try again",
                _ => "see `otf help`",
            };
            return vec![Finding::new("sign-in", Err(format!("{failure}; {advice}")))];
        }
    };
    let mut findings = vec![Finding::new("sign-in", Ok("signed in".to_owned()))];
    let request = service.otf.refresh_member().map(|member| format!("{member} was loaded"));
    findings.push(Finding::new("service", request.map_err(|error| explain(&error))));
    match service.otf.session_info() {
        Ok(info) => {
            findings.push(Finding::new("tokens", Ok(format!("valid until {}", info.id_token_expires_at))));
            let device = if info.device_known {
                Ok("confirmed".to_owned())
            } else {
                Err("not known: the session can't be refreshed; run `otf login` with the password".to_owned())
            };
            findings.push(Finding::new("device", device));
            let clock = match info.clock_offset.map(|offset| offset.as_secs()) {
                Some(seconds) if seconds.abs() > 120 => {
                    Err(format!("{seconds} s behind the server's: set this machine's clock"))
                }
                Some(seconds) => Ok(format!("{seconds} s from the server's")),
                None => Ok("not compared: no response has shown the server's time".to_owned()),
            };
            findings.push(Finding::new("clock", clock));
        }
        Err(error) => findings.push(Finding::new("tokens", Err(error.to_string()))),
    }
    findings
}

fn explain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
