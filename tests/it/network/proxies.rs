//! Proxies.

use std::time::{Duration, Instant};

use otf_api::{Error, TransportErrorKind, UreqTransport};

use super::{BEHIND_PROXY, assert_not_sent, client, limits, list, through, transport};
use crate::servers::proxy::{How, Proxy};
use crate::servers::tls::{CA, Tls};
use crate::support::{in_parallel, sandbox};

#[test]
fn requests_go_through_the_proxy() {
    let sandbox = sandbox();
    let server = Tls::Good.start(sandbox.addr());
    for (scheme, how) in [("http", How::Tunnel(server.address())), ("socks5h", How::Socks(server.address()))]
    {
        let proxy = Proxy::start(how);
        let transport = through(format!("{scheme}://{}", proxy.address())).build().unwrap();
        let (otf, _) = client(&sandbox, BEHIND_PROXY, transport);
        assert!(list(&otf).unwrap() > 0);
        assert!(proxy.requests()[0].contains("api.otf.invalid"), "{:?}", proxy.requests());
    }
}

#[test]
fn credentials_are_decoded_and_sent_to_the_proxy() {
    let sandbox = sandbox();
    let server = Tls::Good.start(sandbox.addr());
    let proxy = Proxy::start(How::Tunnel(server.address()));
    let address = format!("http://pat:p%40ss@{}", proxy.address());
    let (otf, _) = client(&sandbox, BEHIND_PROXY, through(address).build().unwrap());
    list(&otf).unwrap();
    let expected = "Proxy-Authorization: Basic cGF0OnBAc3M=";
    assert!(proxy.requests()[0].contains(expected), "{:?}", proxy.requests());
    // No header of the request itself is for the proxy to see.
    assert!(!proxy.requests()[0].contains("Bearer"), "{:?}", proxy.requests());
}

#[test]
fn write_is_not_sent_if_the_proxy_fails() {
    in_parallel(How::FAILING, |how| {
        let sandbox = sandbox();
        let proxy = Proxy::start(how);
        let address = proxy.url().replace("//", "//pat:hunter2@");
        let expected = match how {
            How::Status(407) => TransportErrorKind::Misconfigured,
            _ => TransportErrorKind::NotSent,
        };
        let started = Instant::now();
        let transport = through(address).limits(limits(how.never_ends())).build().unwrap();
        let message = assert_not_sent(&sandbox, BEHIND_PROXY, transport, expected);
        // Eight attempts of a connection that may take 0.3 s.
        assert!(started.elapsed() < Duration::from_secs(14), "{how:?}: {:?}", started.elapsed());
        assert!(message.contains(&proxy.url()), "{how:?}: {message}");
        assert!(!message.contains("hunter2") && !message.contains("pat"), "{how:?}: {message}");
        assert!(proxy.connections() > 0);
    });
}

#[test]
fn write_is_not_sent_if_tls_behind_a_proxy_fails() {
    in_parallel([Tls::Hanging, Tls::Dripping, Tls::Closing, Tls::Garbage, Tls::Expired], |tls| {
        let sandbox = sandbox();
        let server = tls.start(sandbox.addr());
        let proxy = Proxy::start(How::Tunnel(server.address()));
        let expected = match tls.is_certificate() {
            true => TransportErrorKind::UntrustedCertificate,
            false => TransportErrorKind::NotSent,
        };
        let transport = through(proxy.url()).limits(limits(tls.never_ends())).build().unwrap();
        assert_not_sent(&sandbox, BEHIND_PROXY, transport, expected);
        assert!(server.connections() > 0, "{tls:?}");
    });
}

#[test]
fn write_succeeds_once_the_proxy_recovers() {
    let sandbox = sandbox();
    let server = Tls::Good.start(sandbox.addr());
    let target = server.address();
    let otf = client(&sandbox, &sandbox.url(), transport().build().unwrap()).0;
    let class = crate::calls::bookable(&sandbox, &otf);
    for failure in [How::Status(502), How::Resetting, How::Closing] {
        let made = sandbox.bookings_made();
        let proxy = Proxy::start_with(move |number| if number < 2 { failure } else { How::Tunnel(target) });
        let transport = through(proxy.url()).build().unwrap();
        let (otf, _) = client(&sandbox, BEHIND_PROXY, transport);
        let booking = class.book(&otf).unwrap();
        assert_eq!(sandbox.bookings_made() - made, 1, "{failure:?}");
        booking.cancel(&otf).unwrap();
    }
}

#[test]
fn unreachable_proxy_is_named() {
    let sandbox = sandbox();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [format!("http://{nobody}"), "http://proxy.otf.invalid:3128".to_owned()] {
        let transport = through(address.as_str()).build().unwrap();
        let message = assert_not_sent(&sandbox, BEHIND_PROXY, transport, TransportErrorKind::NotSent);
        let host = address.trim_start_matches("http://").split(':').next().unwrap();
        assert!(message.contains(host), "{message}");
    }
}

#[test]
fn loopback_addresses_bypass_the_proxy() {
    let sandbox = sandbox();
    let proxy = Proxy::start(How::Status(502));
    let transport = through(proxy.url()).build().unwrap();
    let (otf, _) = client(&sandbox, &sandbox.url(), transport);
    list(&otf).unwrap();
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn invalid_proxy_is_refused_without_its_password() {
    for address in ["quic://pat:hunter2@proxy", "http://pat:hunter2@proxy:port", ""] {
        let error = UreqTransport::builder().proxy(address).build().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "proxy", .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    let shown = format!("{:?}", UreqTransport::builder().proxy("http://pat:hunter2@proxy"));
    assert!(!shown.contains("hunter2"), "{shown}");
    let transport = UreqTransport::builder().proxy("http://pat:hunter2@proxy").build().unwrap();
    assert!(!format!("{transport:?}").contains("hunter2"));
}

#[test]
fn custom_agent_keeps_its_settings() {
    let sandbox = sandbox();
    let server = Tls::Good.start(sandbox.addr());
    let proxy = Proxy::start(How::Tunnel(server.address()));
    let roots: Vec<_> = ureq::tls::parse_pem(CA)
        .filter_map(|item| match item {
            Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    let config = ureq::Agent::config_builder()
        .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots.into()).build())
        .proxy(Some(ureq::Proxy::new(&proxy.url()).unwrap()));
    let transport = UreqTransport::from_agent(config.build().new_agent());
    let (otf, _) = client(&sandbox, BEHIND_PROXY, transport);
    assert!(list(&otf).unwrap() > 0);
    assert_eq!(proxy.connections(), 1);
}
