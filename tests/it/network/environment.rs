//! The proxy that the environment names.

use std::time::Duration;

use otf_api::http::Request;
use otf_api::{Limits, Transport, UreqTransport};

use crate::children::{Job, command, given, say};
use crate::servers::proxy::{How, Proxy};

/// What a request to `url` ends with, in a process with this environment.
fn outcome(variables: &[(&str, &str)], url: &str) -> String {
    let mut command = command("network environment");
    command.env("OTF_TEST_URL", url).envs(variables.iter().copied());
    Job::start(&mut command).finish().concat()
}

/// The job: one request with the default transport.
pub(super) fn look_at_it() {
    let request = Request::get(given("OTF_TEST_URL")).body(Vec::new()).unwrap();
    // Where there is no network, a resolver may wait for long.
    let limits = Limits::default().connect_timeout(Duration::from_secs(3));
    match UreqTransport::new(&limits).send(&request) {
        Ok(response) => say(response.status()),
        Err(error) => say(format!("{:?}: {error}", error.kind())),
    }
}

const URL: &str = "https://cognito-idp.us-east-1.name.invalid/";

#[test]
fn proxy_variable_is_used() {
    let proxy = Proxy::start(How::Status(502));
    let socks = Proxy::start(How::Socks("127.0.0.1:1".parse().unwrap()));
    let (http, socks_url) = (proxy.url(), format!("socks5h://{}", socks.address()));
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"] {
        let before = proxy.connections();
        let said = outcome(&[(name, &http)], URL);
        assert!(said.contains(&http) && proxy.connections() > before, "{name}: {said}");
        let before = socks.connections();
        outcome(&[(name, &socks_url)], URL);
        assert!(socks.connections() > before, "{name}");
    }
}

#[test]
fn invalid_proxy_variable_is_refused() {
    for value in ["ftp://pat:hunter2@proxy", "http://proxy:hunter2", "http://"] {
        let said = outcome(&[("ALL_PROXY", value)], URL);
        assert!(said.starts_with("Misconfigured") && said.contains("ALL_PROXY"), "{value}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn hosts_of_no_proxy_bypass_it() {
    let proxy = Proxy::start(How::Status(502));
    let url = proxy.url();
    // The first three were wrong in a bug report.
    for variables in [
        &[("NO_PROXY", "localhost,name.invalid")][..],
        &[("NO_PROXY", "localhost, cognito-idp.us-east-1.name.invalid")],
        &[("NO_PROXY", ""), ("no_proxy", ".name.invalid")],
        &[("NO_PROXY", "localhost,.name.invalid")],
    ] {
        let mut environment = variables.to_vec();
        environment.push(("HTTPS_PROXY", &url));
        let said = outcome(&environment, URL);
        assert!(said.starts_with("NotSent") && !said.contains("proxy"), "{said}");
    }
    assert_eq!(proxy.connections(), 0);
}
