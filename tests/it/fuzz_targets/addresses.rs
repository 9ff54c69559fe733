//! Addresses that a program or an environment gives: of the service, and of a proxy.

use otf_api::http::{Method, Uri};
use otf_api::{Endpoints, Error, Host, UreqTransport};

use super::harness::{MARK, Net, client_at, reply, secret};
use super::script::Script;
use super::seeds::text;

/// A base address is refused, or it is where requests go: by `https`, or to this machine.
pub(crate) fn base(data: &[u8]) {
    let base = String::from_utf8_lossy(data);
    let endpoints = match Endpoints::default().host(Host::Io, &base) {
        Ok(endpoints) => endpoints,
        Err(error) => {
            assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
            assert!(!error.to_string().contains(char::is_control), "{error}");
            return;
        }
    };
    let (sender, sent) = std::sync::mpsc::channel();
    let net = Net::signed_in(move |request| {
        sender.send(request.uri().clone()).unwrap();
        Ok(reply(200, "{}"))
    });
    let otf = client_at(&net, endpoints);
    if otf.request(Method::GET, Host::Io, "/v1/x").query("a", "b").send().is_err() {
        return;
    }
    let (sent, given) = (sent.recv().unwrap(), base.parse::<Uri>().unwrap());
    assert_eq!(sent.authority(), given.authority());
    assert_eq!(sent.scheme(), given.scheme());
    let host = sent.host().unwrap().trim_matches(['[', ']']);
    let is_local = host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    assert!(sent.scheme_str() == Some("https") || is_local, "{sent}");
    assert!(!sent.authority().unwrap().as_str().contains('@'), "{sent}");
    assert_eq!(sent.path(), format!("{}/v1/x", given.path().trim_end_matches('/')));
    assert_eq!(sent.query(), Some("a=b"));
}

pub(crate) fn base_seeds() -> Vec<(String, Vec<u8>)> {
    [
        ("https", "https://api.example.com"),
        ("path", "https://api.example.com:8443/base/path//"),
        ("loopback", "http://127.0.0.1:8080"),
        ("ipv6", "http://[::1]:8080/"),
        ("localhost", "http://LOCALHOST/"),
        ("plain", "http://api.example.com"),
        ("user", "https://user:password@api.example.com"),
        ("query", "https://api.example.com/?a=b"),
        ("fragment", "https://api.example.com/#a"),
        ("port", "https://api.example.com:99999"),
        ("no-scheme", "api.example.com"),
        ("empty", ""),
    ]
    .map(|(name, base)| (name.to_owned(), base.as_bytes().to_vec()))
    .into()
}

/// A proxy is refused or accepted; its password is shown in neither case.
pub(crate) fn proxy(data: &[u8]) {
    let mut script = Script::new(data);
    let (scheme, host, no_proxy) = (script.text(), script.text(), script.text());
    let address = format!("{scheme}user:{}@{host}", secret("password"));
    let is_marked = |text: &str| text.contains(MARK);
    let (shown, line) = match UreqTransport::builder().proxy(address).no_proxy(no_proxy.as_str()).build() {
        Ok(transport) => (format!("{transport:?}"), String::new()),
        Err(error) => {
            assert!(matches!(error, Error::InvalidInput { argument: "proxy", .. }), "{error:?}");
            (format!("{error:?}"), error.to_string())
        }
    };
    if ![&scheme, &host, &no_proxy].into_iter().any(|text| is_marked(text)) {
        assert!(!is_marked(&shown), "{shown}");
    }
    assert!(!line.contains(char::is_control), "{line}");
}

pub(crate) fn proxy_seeds() -> Vec<(String, Vec<u8>)> {
    [
        ("http", "http://", "proxy.example:3128", ""),
        ("no-scheme", "", "proxy.example", "localhost, .example.com"),
        ("https", "https://", "proxy.example", "*"),
        ("socks4", "socks4://", "127.0.0.1:1080", "10.0.0.0/8,fd00::/8,[::1]"),
        ("socks4a", "socks4a://", "proxy", "10.0.0.0/33 1.2.3.4/x"),
        ("socks5", "socks5://", "[::1]:1080", "*.example.com,,."),
        ("socks5h", "socks5h://", "proxy:0", ""),
        ("unknown", "quic://", "proxy:port", ""),
        ("path", "http://", "proxy/path?query#fragment", ""),
        ("two-ats", "http://", "a@b@c", ""),
    ]
    .map(|(name, scheme, host, no_proxy)| {
        (name.to_owned(), [text(scheme), text(host), text(no_proxy)].concat())
    })
    .into()
}
