//! Corporate networks: proxies, and the company's own certificates.
//!
//! # Proxies
//!
//! As with curl, the environment names the proxy. The first of these variables that is not empty is used:
//!
//! | variable | example |
//! |---|---|
//! | `https_proxy`, `HTTPS_PROXY` | `http://proxy.example:3128` |
//! | `all_proxy`, `ALL_PROXY` | `socks5h://user:password@proxy.example:1080` |
//! | `http_proxy`, `HTTP_PROXY` | used if no other is set, although the service is `https` |
//!
//! | scheme | proxy | who resolves the service's name |
//! |---|---|---|
//! | `http`, or none | HTTP with CONNECT | the proxy |
//! | `https` | the same over TLS | the proxy |
//! | `socks4`, `socks5` | SOCKS | this machine |
//! | `socks4a`, `socks5h` | SOCKS | the proxy |
//!
//! Percent-encode the user name and password: `p@ss` is `p%40ss`. HTTP proxies receive them by Basic authentication.
//! NTLM and Kerberos are not supported; for them, run a local proxy such as cntlm or px.
//!
//! A proxy is used or refused, but never bypassed: while a variable contains an invalid address, every request fails
//! with [`Misconfigured`](crate::TransportErrorKind::Misconfigured) and nothing is sent.
//!
//! `no_proxy` or `NO_PROXY` lists the hosts to reach directly, separated by commas or blanks. `example.com` and
//! `.example.com` mean the host and its subdomains, `10.0.0.0/8` a network, and `*` alone means all hosts. Loopback
//! addresses never use a proxy.
//!
//! In a program:
//!
//! ```
//! use otf_api::UreqTransport;
//!
//! // Overrides the environment.
//! let through = UreqTransport::builder().proxy("socks5h://proxy.example:1080").build()?;
//! let direct = UreqTransport::builder().no_proxy("*").build()?;
//! # Ok::<(), otf_api::Error>(())
//! ```
//!
//! # Certificates
//!
//! A company that inspects TLS replaces the service's certificate with one from its own authority. Requests then fail
//! with [`UntrustedCertificate`](crate::TransportErrorKind::UntrustedCertificate), which is not retried. There are two
//! ways to trust the authority:
//!
//! - The feature `platform-roots` checks certificates as the operating system does, so the certificates that the
//!   company has installed are trusted.
//! - [`root_certificates`](crate::UreqTransportBuilder::root_certificates) takes PEM text. It replaces the built-in
//!   roots, so include every certificate you need: the company's and, if some hosts bypass the inspection, the public
//!   ones:
//!
//! ```no_run
//! use otf_api::{Otf, UreqTransport};
//!
//! let pem = std::fs::read("/etc/ssl/certs/ca-certificates.crt")?;
//! let transport = UreqTransport::builder().root_certificates(pem).build()?;
//! let otf = Otf::builder().transport(transport).login()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! If the error says that a certificate has expired, check this machine's clock first.
//!
//! # Portals and firewalls
//!
//! A captive portal or a firewall may reply in place of the service, usually with HTML. The error then says "HTML
//! instead of JSON" and gives the status. Open a web page in a browser, sign in to the network, and run the program
//! again.
