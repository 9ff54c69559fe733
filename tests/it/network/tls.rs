//! TLS, and the certificates of servers.

use std::time::{Duration, Instant};

use otf_api::http::{Request, Response};
use otf_api::{Error, Transport, TransportError, TransportErrorKind, UreqTransport};

use super::{assert_not_sent, client, limits, list, transport};
use crate::servers::tls::{CA, Tls, url};
use crate::support::{in_parallel, sandbox};

#[test]
fn client_works_over_tls() {
    let sandbox = sandbox();
    let server = Tls::Good.start(sandbox.addr());
    let (otf, _) = client(&sandbox, &url(&server), transport().build().unwrap());
    assert!(list(&otf).unwrap() > 0);
    assert!(server.connections() > 0);
}

#[test]
fn write_is_not_sent_if_tls_fails() {
    in_parallel(Tls::FAILING, |tls| {
        let sandbox = sandbox();
        let server = tls.start(sandbox.addr());
        let expected = match tls.is_certificate() {
            true => TransportErrorKind::UntrustedCertificate,
            false => TransportErrorKind::NotSent,
        };
        let started = Instant::now();
        let transport = transport().limits(limits(tls.never_ends())).build().unwrap();
        let message = assert_not_sent(&sandbox, &url(&server), transport, expected);
        assert!(started.elapsed() < Duration::from_secs(14), "{tls:?}");
        assert_eq!(message.contains("root_certificates"), tls.is_certificate(), "{tls:?}: {message}");
        assert_eq!(message.contains("clock"), tls == Tls::Expired, "{tls:?}: {message}");
        assert!(message.contains("localhost"), "{tls:?}: {message}");
        assert!(server.connections() > 0, "{tls:?}");
    });
}

#[test]
fn authority_is_trusted_only_if_given() {
    let sandbox = sandbox();
    let server = Tls::Good.start(sandbox.addr());
    let default = UreqTransport::builder().no_proxy("*").build().unwrap();
    assert_not_sent(&sandbox, &url(&server), default, TransportErrorKind::UntrustedCertificate);
}

#[test]
fn pem_without_certificates_is_refused() {
    let key_only = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let cut = &CA[..CA.len() / 2];
    for pem in [&b""[..], b"no PEM", key_only.as_bytes(), cut, b"-----BEGIN CERTIFICATE-----\n!\n"] {
        let error = UreqTransport::builder().root_certificates(pem).build().unwrap_err();
        assert!(
            matches!(error, Error::InvalidInput { argument: "root_certificates", .. }),
            "{:?}: {error:?}",
            String::from_utf8_lossy(pem)
        );
    }
}

fn get(transport: &UreqTransport, url: &str) -> Result<Response<Vec<u8>>, TransportError> {
    transport.send(&Request::get(format!("{url}/")).body(Vec::new()).unwrap())
}

#[test]
fn body_without_length_needs_a_tls_close() {
    let transport = transport().build().unwrap();
    for is_confirmed in [true, false] {
        let server = Tls::WithoutLength { is_confirmed }.start("127.0.0.1:1".parse().unwrap());
        let result = get(&transport, &url(&server));
        match result {
            Ok(response) => {
                assert!(is_confirmed, "accepted a body that was cut off");
                assert_eq!(response.body(), b"{\"items\":[]}");
            }
            Err(error) => {
                assert!(!is_confirmed, "{error:?}");
                assert_eq!(error.kind(), TransportErrorKind::Broken);
            }
        }
    }
}
