//! `otf doctor`

use std::net::ToSocketAddrs as _;

use clap::Args;
use otf_api::http::{Request, Response, Uri, header};
use otf_api::jiff::fmt::rfc2822;
use otf_api::jiff::tz::TimeZone;
use otf_api::jiff::{SignedDuration, Timestamp};
use otf_api::{FileStore, RetryPolicy, Transport as _, TransportError, TransportErrorKind, UreqTransport};
use serde_json::json;

use crate::cli::Global;
use crate::failure::{Code, Failure, Result};
use crate::output;
use crate::service::Service;
use crate::store::StoreLocation;

/// The real service.
const SERVICE: &str = "https://api.orangetheory.co/";

/// By how much clocks may differ before signatures fail and tokens look expired.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(2);

/// Check store, time zones, proxy, network, clock and sign-in, and say how to fix each problem.
///
/// It exits with 1 if there is a problem.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  otf doctor
  otf doctor --json")]
pub struct Doctor {}

/// The result of a check: what is fine, or what is wrong and how to fix it.
type Found = std::result::Result<String, String>;

struct Finding {
    check: &'static str,
    found: Found,
}

impl Doctor {
    pub fn run(&self, global: &Global) -> Result {
        // A diagnosis neither retries nor asks for a password.
        let service =
            Service::connect_with(global, |builder| builder.retry(RetryPolicy::never()).prompt(false));
        let mut findings = vec![
            Finding { check: "store", found: store(global) },
            Finding { check: "time zones", found: time_zones() },
            Finding { check: "proxy", found: Ok(proxy()) },
        ];
        findings.extend(network(global, service.as_ref().ok()));
        findings.extend(sign_in(service));
        let problems = findings.iter().filter(|finding| finding.found.is_err()).count();
        if global.json {
            let list: Vec<_> = findings
                .iter()
                .map(|Finding { check, found }| {
                    let (Ok(text) | Err(text)) = found;
                    json!({ "check": check, "ok": found.is_ok(), "text": text })
                })
                .collect();
            output::json(&json!({ "checks": list, "problems": problems }))?;
        } else {
            for Finding { check, found } in &findings {
                match found {
                    Ok(text) => println!("ok       {check}: {text}"),
                    Err(text) => println!("PROBLEM  {check}: {text}"),
                }
            }
        }
        match problems {
            0 => Ok(()),
            1 => Err(Failure::failed("1 problem found")),
            _ => Err(Failure::failed(format!("{problems} problems found"))),
        }
    }
}

fn store(global: &Global) -> Found {
    if global.sandbox {
        return Ok("memory, for this command only".to_owned());
    }
    let advice = "set XDG_CACHE_HOME or --store to a directory that you own";
    let store = global.open_store().map_err(|failure| format!("{failure}; {advice}"))?;
    // Directories of others and links are refused here.
    store.keys("accounts/").map_err(|error| format!("{error}; {advice}"))?;
    let _lock = store
        .lock("doctor", std::time::Duration::from_secs(5))
        .map_err(|error| format!("{error}; {advice}"))?;
    let directory = match &global.store {
        None => FileStore::new().map_err(|error| error.to_string())?,
        Some(StoreLocation::Directory(path)) => FileStore::at(path),
        Some(StoreLocation::Redis(_)) => return Ok("Redis, readable and writable".to_owned()),
    };
    let path = directory.path();
    let permissions = permissions(path)?;
    Ok(format!("readable and writable: {}{permissions}", path.display()))
}

#[cfg(unix)]
fn permissions(path: &std::path::Path) -> Found {
    use std::os::unix::fs::PermissionsExt as _;

    let shown = path.display();
    let mode = std::fs::metadata(path).map_err(|error| format!("{shown}: {error}"))?.permissions().mode();
    match mode & 0o777 {
        mode if mode & 0o077 == 0 => Ok(format!(", mode {mode:o}")),
        mode => Err(format!("{shown} has mode {mode:o}, so others can reach it; run: chmod 700 {shown}")),
    }
}

#[cfg(not(unix))]
fn permissions(_path: &std::path::Path) -> Found {
    Ok(String::new())
}

fn time_zones() -> Found {
    match TimeZone::get("America/Chicago") {
        Ok(_) => Ok("found".to_owned()),
        Err(error) => Err(format!("{error}; install the package tzdata")),
    }
}

/// The variables that name a proxy, as the library reads them.
const PROXIES: [&str; 6] =
    ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"];

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn proxy() -> String {
    let Some(name) = PROXIES.into_iter().find(|name| is_set(name)) else { return "none set".to_owned() };
    let exceptions =
        if is_set("no_proxy") || is_set("NO_PROXY") { ", with exceptions by NO_PROXY" } else { "" };
    format!("set by {name}{exceptions}")
}

/// Name resolution, TLS and the clock, by a request without a token.
fn network(global: &Global, service: Option<&Service>) -> Vec<Finding> {
    let sandbox = service.and_then(|service| service.sandbox.as_ref());
    let url = match (&global.server, sandbox) {
        (Some(url), _) => url.clone(),
        (None, Some(sandbox)) => sandbox.url(),
        (None, None) => SERVICE.to_owned(),
    };
    let names = Finding { check: "name resolution", found: resolve(&url) };
    let request = match Request::get(&url).body(Vec::new()) {
        Ok(request) => request,
        Err(error) => return vec![names, Finding { check: "connection", found: Err(error.to_string()) }],
    };
    let response = UreqTransport::default().send(&request);
    let now = service.map_or_else(Timestamp::now, Service::now);
    let clock = Finding { check: "clock", found: clock(response.as_ref().ok(), now) };
    let found = match response {
        Ok(_) if url.starts_with("https:") => {
            Ok("the certificate is trusted, and the server responds".to_owned())
        }
        Ok(_) => Ok("the server responds, without TLS".to_owned()),
        Err(error) => Err(format!("{error}; {}", advice(&error))),
    };
    vec![names, Finding { check: "connection", found }, clock]
}

fn resolve(url: &str) -> Found {
    if PROXIES.into_iter().any(is_set) {
        return Ok("left to the proxy".to_owned());
    }
    let uri: Uri = url.parse().map_err(|error| format!("{url}: {error}"))?;
    let host = uri.host().unwrap_or_default();
    let port = uri.port_u16().unwrap_or(443);
    let addresses = (host, port).to_socket_addrs();
    let addresses = addresses
        .map_err(|error| format!("{host}: {error}; check the network and this machine's DNS servers"))?;
    Ok(format!("{host} has {} addresses", addresses.count()))
}

fn advice(error: &TransportError) -> &'static str {
    match error.kind() {
        TransportErrorKind::UntrustedCertificate => {
            "something inspects TLS: trust its authority, see \"Corporate networks\" in the README; \
                or this machine's clock is wrong"
        }
        TransportErrorKind::Misconfigured => "correct the variable",
        TransportErrorKind::NotSent => "check the network, the firewall and the proxy",
        _ => "try again later",
    }
}

/// Compares the clock with the `Date` of a response.
fn clock(response: Option<&Response<Vec<u8>>>, now: Timestamp) -> Found {
    let date = response.and_then(|response| response.headers().get(header::DATE)?.to_str().ok());
    let Some(server) = date.and_then(|date| rfc2822::parse(date).ok()) else {
        return Ok("not compared: no response has shown the server's time".to_owned());
    };
    let offset = now.duration_since(server.timestamp());
    let seconds = offset.as_secs();
    match offset.abs() > TOLERANCE {
        true if seconds > 0 => Err(format!("{seconds} s ahead of the server's; set this machine's clock")),
        true => Err(format!("{} s behind the server's; set this machine's clock", -seconds)),
        false => Ok(format!("within {} s of the server's", seconds.abs() + 1)),
    }
}

fn sign_in(service: Result<Service>) -> Vec<Finding> {
    let service = match service {
        Ok(service) => service,
        Err(failure) => {
            let advice = match failure.code() {
                Code::NotSignedIn => "run `otf login`, or set OTF_EMAIL and OTF_PASSWORD or OTF_SESSION",
                Code::TryLater => "see the checks above, then try again",
                _ => "see `otf help`",
            };
            return vec![Finding { check: "sign-in", found: Err(format!("{failure}; {advice}")) }];
        }
    };
    let email = service.otf.user().email.as_deref().unwrap_or("an imported session");
    let mut findings = vec![Finding { check: "sign-in", found: Ok(email.to_owned()) }];
    let request = service.otf.refresh_member().map(|member| format!("{member} was loaded"));
    let found = request.map_err(|error| format!("{}; try again later", chain(&error)));
    findings.push(Finding { check: "service", found });
    match service.otf.session_info() {
        Ok(info) => {
            let expires = info.id_token_expires_at;
            let tokens = match info.has_refresh_token {
                true => Ok(format!("valid until {expires}, then refreshed")),
                false => Err(format!("valid until {expires}, and can't be refreshed; run `otf login`")),
            };
            findings.push(Finding { check: "tokens", found: tokens });
            let device = match info.device_known {
                true => Ok("confirmed".to_owned()),
                false => {
                    Err("not known, so the tokens can't be refreshed; run `otf logout`, then `otf login`"
                        .to_owned())
                }
            };
            findings.push(Finding { check: "device", found: device });
        }
        Err(error) => findings.push(Finding { check: "tokens", found: Err(chain(&error)) }),
    }
    findings
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
