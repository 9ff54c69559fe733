//! ureq's errors as this crate's.

use std::io;

use super::connector::ConnectError;
use crate::error::{TransportError, TransportErrorKind, shorten};

use TransportErrorKind::{
    Broken, InvalidRequest, InvalidResponse, Misconfigured, NotSent, TimedOut, TooLarge, UntrustedCertificate,
};

/// Describes a failed call to `host`, through the proxy at this address if there is one. `is_sent` tells whether any of
/// the request was sent, if that is known.
pub(super) fn describe(
    error: ureq::Error,
    is_sent: Option<bool>,
    host: &str,
    proxy: Option<&str>,
) -> TransportError {
    let is_sent = is_sent.unwrap_or_else(|| !comes_before_sending(&error));
    let (kind, message) = if is_sent { after_sending(&error) } else { before_sending(&error, host, proxy) };
    // A certificate or a status line can contain anything.
    TransportError::new(kind, shorten(&message)).with_source(error)
}

fn before_sending(error: &ureq::Error, host: &str, proxy: Option<&str>) -> (TransportErrorKind, String) {
    let peer = proxy.map_or_else(|| host.to_owned(), |proxy| format!("the proxy {proxy}"));
    let is_proxied = proxy.is_some();
    match error {
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::RequireHttpsOnly(_) => {
            (InvalidRequest, "the request can't be sent by HTTP".to_owned())
        }
        ureq::Error::Protocol(_) if !is_proxied => {
            (InvalidRequest, "the request can't be sent by HTTP".to_owned())
        }
        ureq::Error::Protocol(_) => (NotSent, format!("the response of {peer} is not valid HTTP")),
        ureq::Error::ConnectProxyFailed(reason) if reason.contains("407") => (
            Misconfigured,
            format!("{peer} requires valid credentials (407); set them in the proxy's address"),
        ),
        ureq::Error::ConnectProxyFailed(reason) => {
            (NotSent, format!("{peer} refused to connect to {host}: {reason}"))
        }
        ureq::Error::Timeout(_) => (NotSent, format!("could not connect to {peer} within the time limit")),
        ureq::Error::Other(other) => match other.downcast_ref() {
            Some(ConnectError::Tls { host, source }) => match refused_certificate(source) {
                Some(reason) => (UntrustedCertificate, untrusted(host, &reason)),
                None => (NotSent, format!("the TLS handshake with {host} failed: {source}")),
            },
            // Of the CONNECT request to a proxy.
            Some(ConnectError::CutOff { source }) => {
                (NotSent, format!("could not connect to {peer}: {source}"))
            }
            _ => (NotSent, other.to_string()),
        },
        ureq::Error::Io(source) => match refused_certificate(error) {
            Some(reason) => (UntrustedCertificate, untrusted(host, &reason)),
            None => (NotSent, format!("could not connect to {peer}: {source}")),
        },
        ureq::Error::HostNotFound => (NotSent, format!("could not resolve {host}")),
        error => (NotSent, format!("could not connect to {peer}: {error}")),
    }
}

fn untrusted(host: &str, reason: &str) -> String {
    let clock = if reason.contains("xpired") || reason.contains("not valid yet") {
        "; this machine's clock may be wrong"
    } else {
        ""
    };
    format!(
        "the certificate of {host} is not trusted: {reason}{clock}; to trust another certificate authority, use \
         UreqTransport::builder().root_certificates() or the feature platform-roots"
    )
}

fn after_sending(error: &ureq::Error) -> (TransportErrorKind, String) {
    match error {
        ureq::Error::Timeout(_) => (TimedOut, "no complete response within the time limit".to_owned()),
        ureq::Error::Io(source) => (Broken, format!("the connection broke: {source}")),
        ureq::Error::Other(other) => (Broken, other.to_string()),
        ureq::Error::BodyExceedsLimit(limit) => {
            (TooLarge, format!("the response is larger than {limit} bytes"))
        }
        ureq::Error::LargeResponseHeader(..) => {
            (TooLarge, "the response's headers are larger than allowed".to_owned())
        }
        // Behind ureq's feature `gzip`, which other crates can enable too.
        error if error.to_string().contains("decompression failed") => {
            (InvalidResponse, "the response's compression is invalid or cut short".to_owned())
        }
        _ => (InvalidResponse, "the response is not valid HTTP".to_owned()),
    }
}

/// Whether an error can only come from before the request was sent, for agents that do not say.
fn comes_before_sending(error: &ureq::Error) -> bool {
    use io::ErrorKind::{AddrNotAvailable, ConnectionRefused};
    match error {
        ureq::Error::BadUri(_)
        | ureq::Error::Http(_)
        | ureq::Error::RequireHttpsOnly(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::Tls(_)
        | ureq::Error::Rustls(_)
        | ureq::Error::TlsRequired
        | ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => true,
        // "Unreachable" is not among them: an established connection can end with it.
        ureq::Error::Io(source) => {
            matches!(source.kind(), ConnectionRefused | AddrNotAvailable)
                || refused_certificate(error).is_some()
        }
        _ => false,
    }
}

/// Why rustls refused a certificate, if it did. It reports that as an I/O error around an error of its own, whose type
/// belongs to the version of rustls that ureq uses.
fn refused_certificate(error: &ureq::Error) -> Option<String> {
    let ureq::Error::Io(source) = error else { return None };
    let text = source.get_ref()?.to_string();
    text.strip_prefix("invalid peer certificate: ").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reset_of_the_proxy_names_it_whether_a_read_or_a_write_meets_it() {
        let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
        for error in [ureq::Error::Io(reset()), ConnectError::CutOff { source: reset() }.into()] {
            let error = describe(error, Some(false), "api.otf.invalid", Some("http://proxy:3128"));
            assert_eq!(error.kind(), NotSent);
            assert!(error.to_string().contains("the proxy http://proxy:3128"), "{error}");
        }
    }
}
