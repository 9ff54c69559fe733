//! Which proxy to use, from the environment or the program.

use std::ffi::OsString;
use std::net::IpAddr;

/// The variables that name a proxy for `https` addresses, in curl's order. `HTTP_PROXY` is meant for `http` addresses,
/// but if a proxy is set, no connection may bypass it.
const PROXY_VARIABLES: [&str; 6] =
    ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"];

/// The variables that list the hosts to reach without a proxy, in curl's order.
const NO_PROXY_VARIABLES: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// A proxy, and the hosts that are reached without it.
#[derive(Clone, Debug)]
pub(super) struct ProxySettings {
    pub(super) proxy: ureq::Proxy,
    no_proxy: NoProxy,
}

impl ProxySettings {
    /// The proxy at this address, for all hosts but these.
    pub(super) fn new(address: &str, no_proxy: &str) -> Result<Self, InvalidProxy> {
        Ok(Self { proxy: parse(address)?, no_proxy: NoProxy::parse(no_proxy) })
    }

    /// The proxy that the environment names. `variable` looks a variable up; `no_proxy` replaces `NO_PROXY`.
    ///
    /// # Errors
    ///
    /// A message that names the variable, but not its value, which can contain a password.
    pub(super) fn from_env(
        variable: impl Fn(&str) -> Option<OsString>,
        no_proxy: Option<&str>,
    ) -> Result<Option<Self>, String> {
        let no_proxy = no_proxy.map(NoProxy::parse);
        // All hosts are reached directly, so the proxy does not matter.
        if no_proxy.as_ref().is_some_and(|no_proxy| no_proxy.is_all) {
            return Ok(None);
        }
        let first = |names: &'static [&'static str]| {
            names
                .iter()
                .find_map(|name| variable(name).filter(|value| !value.is_empty()).map(|value| (*name, value)))
        };
        let Some((name, address)) = first(&PROXY_VARIABLES) else { return Ok(None) };
        let proxy = address
            .to_str()
            .ok_or(InvalidProxy)
            .and_then(parse)
            .map_err(|InvalidProxy| format!("the proxy address in {name} is invalid: {FORM}"))?;
        let from_env =
            || first(&NO_PROXY_VARIABLES).map(|(_, hosts)| NoProxy::parse(&hosts.to_string_lossy()));
        Ok(Some(Self { proxy, no_proxy: no_proxy.or_else(from_env).unwrap_or_default() }))
    }

    /// Whether requests to this host bypass the proxy.
    pub(super) fn bypasses(&self, host: &str) -> bool {
        self.no_proxy.contains(host)
    }

    /// The proxy's address without its credentials, for errors.
    pub(super) fn address(&self) -> String {
        let scheme = self.proxy.protocol().to_string().to_ascii_lowercase();
        format!("{scheme}://{}:{}", self.proxy.host(), self.proxy.port())
    }
}

/// A proxy address that can't be used.
#[derive(Debug)]
pub(super) struct InvalidProxy;

/// What a proxy address looks like, for errors.
pub(super) const FORM: &str =
    "expected e.g. http://user:password@host:port, with http, https, socks4, socks4a, socks5 or socks5h";

fn parse(address: &str) -> Result<ureq::Proxy, InvalidProxy> {
    let proxy = ureq::Proxy::new(address.trim()).map_err(|_| InvalidProxy)?;
    let authority = proxy.uri().authority().ok_or(InvalidProxy)?;
    let host_and_port = authority.as_str().rsplit('@').next().unwrap_or_default();
    // ureq replaces a port that is no number by the default port.
    let has_bad_port = host_and_port != authority.host() && authority.port_u16().is_none();
    let port_is_zero = authority.port_u16() == Some(0);
    if authority.host().is_empty() || has_bad_port || port_is_zero { Err(InvalidProxy) } else { Ok(proxy) }
}

/// The hosts that are reached without a proxy, as curl reads them: names with their subdomains, IP addresses and
/// networks (`10.0.0.0/8`), or `*` for all.
#[derive(Clone, Debug, Default)]
struct NoProxy {
    is_all: bool,
    names: Vec<String>,
    networks: Vec<(IpAddr, u8)>,
}

impl NoProxy {
    fn parse(text: &str) -> Self {
        let mut parsed = Self { is_all: text.trim() == "*", ..Self::default() };
        for entry in text.split(|char: char| char == ',' || char.is_whitespace()) {
            if let Some(network) = network(entry) {
                parsed.networks.push(network);
                continue;
            }
            let name = entry.strip_prefix('*').unwrap_or(entry);
            let name = name.strip_prefix('.').unwrap_or(name).trim_end_matches('.');
            if !name.is_empty() {
                parsed.names.push(name.to_ascii_lowercase());
            }
        }
        parsed
    }

    fn contains(&self, host: &str) -> bool {
        if self.is_all {
            return true;
        }
        if let Some((address, _)) = network(host) {
            return self.networks.iter().any(|network| is_in(address, *network));
        }
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.names.iter().any(|name| {
            host.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

/// An IP address, with the length of its prefix if it is a network.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, prefix) =
        text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address = address.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(address);
    let address: IpAddr = address.parse().ok()?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.map_or(Some(bits), |prefix| prefix.parse().ok().filter(|prefix| *prefix <= bits))?;
    Some((address, prefix))
}

fn is_in(address: IpAddr, (network, prefix): (IpAddr, u8)) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(prefix.into())).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(prefix.into())).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COGNITO: &str = "cognito-idp.us-east-1.amazonaws.com";

    fn from_env(variables: &[(&str, &str)]) -> Result<Option<ProxySettings>, String> {
        ProxySettings::from_env(
            |name| {
                let (_, value) = variables.iter().find(|(other, _)| *other == name)?;
                Some(OsString::from(value))
            },
            None,
        )
    }

    #[test]
    fn no_proxy_is_read_as_curl_does() {
        // Cases 1 to 4 are those of a bug report.
        for (no_proxy, lower, bypasses) in [
            ("localhost,amazonaws.com", "", true),
            ("localhost, cognito-idp.us-east-1.amazonaws.com", "", true),
            ("", ".amazonaws.com", true),
            ("localhost,.amazonaws.com", "", true),
            ("*", "", true),
            (" * ", "", true),
            ("*.amazonaws.com", "", true),
            ("AmazonAWS.com.", "", true),
            ("localhost amazonaws.com", "", true),
            ("localhost\t,\namazonaws.com,", "", true),
            ("", "", false),
            ("aws.com", "", false),
            ("amazonaws.com.example", "", false),
            ("a.cognito-idp.us-east-1.amazonaws.com", "", false),
            (",, ,.", "", false),
            ("localhost,*", "", false),
        ] {
            let settings = from_env(&[
                ("HTTPS_PROXY", "http://127.0.0.1:3129"),
                ("NO_PROXY", no_proxy),
                ("no_proxy", lower),
            ]);
            assert_eq!(settings.unwrap().unwrap().bypasses(COGNITO), bypasses, "{no_proxy:?} {lower:?}");
        }
    }

    #[test]
    fn no_proxy_knows_addresses_and_networks() {
        for (no_proxy, host, bypasses) in [
            ("192.168.1.7", "192.168.1.7", true),
            ("192.168.0.0/16", "192.168.1.7", true),
            ("10.0.0.0/8,192.168.1.0/29", "192.168.1.7", true),
            ("0.0.0.0/0", "192.168.1.7", true),
            ("192.168.1.0/30", "192.168.1.7", false),
            ("192.168.1.0/33", "192.168.1.0", false),
            ("168.1.7", "192.168.1.7", false),
            ("fd00::/8", "[fd00::1]", true),
            ("[fd00::1]", "[fd00::1]", true),
            ("::/0", "192.168.1.7", false),
        ] {
            assert_eq!(NoProxy::parse(no_proxy).contains(host), bypasses, "{no_proxy} {host}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_names_the_proxy() {
        let address = |variables: &[(&str, &str)]| from_env(variables).unwrap().map(|proxy| proxy.address());
        assert_eq!(address(&[]), None);
        assert_eq!(address(&[("HTTPS_PROXY", "")]), None);
        assert_eq!(address(&[("ALL_PROXY", "socks5h://a"), ("https_proxy", "b:1")]).unwrap(), "http://b:1");
        assert_eq!(address(&[("HTTPS_PROXY", ""), ("ALL_PROXY", "socks5://a")]).unwrap(), "socks5://a:1080");
        assert_eq!(address(&[("HTTP_PROXY", "https://a")]).unwrap(), "https://a:443");
    }

    #[test]
    fn credentials_are_in_no_text() {
        let settings = ProxySettings::new("http://pat:hunter2@proxy.example:3128", "").unwrap();
        assert_eq!(settings.address(), "http://proxy.example:3128");
        assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
        for invalid in ["ftp://pat:hunter2@proxy", "http://pat:hunter2@", "pat:hunter2@proxy:port"] {
            let error = from_env(&[("HTTPS_PROXY", invalid)]).unwrap_err();
            assert!(!error.contains("hunter2") && error.contains("HTTPS_PROXY"), "{error}");
        }
    }

    #[test]
    fn invalid_addresses_are_refused() {
        for invalid in [
            "http://",
            "http://:3128",
            "proxy:99999",
            "proxy:0",
            "proxy:",
            "http://proxy:port",
            "quic://proxy",
            "http://a b",
            "/path",
            "?",
        ] {
            assert!(ProxySettings::new(invalid, "").is_err(), "{invalid}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_address_that_is_not_unicode_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let result = ProxySettings::from_env(|_| Some(OsString::from_vec(b"http://\xff".to_vec())), None);
        assert!(result.unwrap_err().contains("https_proxy"));
    }

    #[test]
    fn the_program_can_replace_the_list_of_the_environment() {
        let environment =
            |name: &str| (name == "HTTPS_PROXY").then(|| OsString::from("http://pat:hunter2@proxy:port"));
        assert!(ProxySettings::from_env(environment, Some("*")).unwrap().is_none());
        assert!(ProxySettings::from_env(environment, Some("localhost")).is_err());
        let environment = |name: &str| {
            Some(OsString::from(if name.eq_ignore_ascii_case("no_proxy") { "*" } else { "http://proxy" }))
        };
        let settings = ProxySettings::from_env(environment, Some("example.com")).unwrap().unwrap();
        assert!(settings.bypasses("www.example.com") && !settings.bypasses(COGNITO));
        assert!(ProxySettings::from_env(environment, None).unwrap().unwrap().bypasses(COGNITO));
    }
}
