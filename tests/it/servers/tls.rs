//! TLS servers, good and bad.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{Server, drip, hang, read_request};

/// The authority that has signed the good certificate.
pub(crate) const CA: &[u8] = include_bytes!("../../fixtures/tls/ca.pem");

const GOOD: &[u8] = include_bytes!("../../fixtures/tls/good.pem");
const EXPIRED: &[u8] = include_bytes!("../../fixtures/tls/expired.pem");
const WRONG_NAME: &[u8] = include_bytes!("../../fixtures/tls/wrong-name.pem");
const UNKNOWN_CA: &[u8] = include_bytes!("../../fixtures/tls/unknown-ca.pem");

/// What a server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    /// Forwards each request to an HTTP server.
    Good,
    Expired,
    WrongName,
    UnknownCa,
    /// Speaks TLS 1.1 only.
    Old,
    Hanging,
    /// Sends a record of the handshake byte by byte.
    Dripping,
    /// Closes the connection within the handshake.
    Closing,
    /// Responds to the handshake with something else.
    Garbage,
    /// After a good handshake, sends a body without length and ends the connection.
    WithoutLength {
        /// Whether the end of the body is confirmed, as TLS wants.
        is_confirmed: bool,
    },
}

impl Tls {
    /// All that fail before a request can be sent.
    pub(crate) const FAILING: [Self; 8] = [
        Self::Expired,
        Self::WrongName,
        Self::UnknownCa,
        Self::Old,
        Self::Hanging,
        Self::Dripping,
        Self::Closing,
        Self::Garbage,
    ];

    pub(crate) fn is_certificate(self) -> bool {
        matches!(self, Self::Expired | Self::WrongName | Self::UnknownCa)
    }

    /// Whether a client has to end the handshake by a limit of its own.
    pub(crate) fn never_ends(self) -> bool {
        matches!(self, Self::Hanging | Self::Dripping)
    }

    /// Starts a server that forwards to another one, if it comes to that.
    pub(crate) fn start(self, upstream: SocketAddr) -> Server {
        let config = config(match self {
            Self::Expired => EXPIRED,
            Self::WrongName => WRONG_NAME,
            Self::UnknownCa => UNKNOWN_CA,
            _ => GOOD,
        });
        Server::start(move |mut socket| match self {
            Self::Good | Self::Expired | Self::WrongName | Self::UnknownCa => {
                forward(&mut accept(&config, socket)?, upstream)
            }
            Self::WithoutLength { is_confirmed } => {
                without_length(&mut accept(&config, socket)?, is_confirmed)
            }
            Self::Old => {
                read_hello(&mut socket)?;
                socket.write_all(&server_hello_of_tls_1_1())?;
                hang(&mut socket)
            }
            Self::Hanging => hang(&mut socket),
            Self::Dripping => {
                read_hello(&mut socket)?;
                // The head of a handshake record of 16,383 bytes.
                drip(&mut socket, &[0x16, 3, 3, 0x3f, 0xff, 2])
            }
            Self::Closing => read_hello(&mut socket),
            Self::Garbage => {
                read_hello(&mut socket)?;
                socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            }
        })
    }
}

/// The base URL of a TLS server.
pub(crate) fn url(server: &Server) -> String {
    format!("https://localhost:{}", server.address().port())
}

type Stream = StreamOwned<ServerConnection, TcpStream>;

fn config(pem: &[u8]) -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    Arc::new(config)
}

fn accept(config: &Arc<ServerConfig>, socket: TcpStream) -> io::Result<Stream> {
    let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    Ok(StreamOwned::new(connection, socket))
}

/// Passes one request on, and the response back.
fn forward(stream: &mut Stream, upstream: SocketAddr) -> io::Result<()> {
    let (head, body) = read_request(stream)?;
    let mut upstream = TcpStream::connect(upstream)?;
    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    upstream.write_all(head.as_bytes())?;
    upstream.write_all(&body)?;
    let mut response = Vec::new();
    upstream.read_to_end(&mut response)?;
    stream.write_all(&response)?;
    close(stream)
}

fn without_length(stream: &mut Stream, is_confirmed: bool) -> io::Result<()> {
    read_request(stream)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"items\":[]}")?;
    stream.flush()?;
    if is_confirmed { close(stream) } else { stream.sock.shutdown(Shutdown::Both) }
}

fn close(stream: &mut Stream) -> io::Result<()> {
    stream.conn.send_close_notify();
    stream.flush()?;
    hang(stream)
}

fn read_hello(socket: &mut TcpStream) -> io::Result<()> {
    let mut head = [0; 5];
    socket.read_exact(&mut head)?;
    let mut rest = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    socket.read_exact(&mut rest)
}

/// RFC 4346: version 3.2, a random number, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
fn server_hello_of_tls_1_1() -> Vec<u8> {
    let mut hello = vec![3, 2];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let mut handshake = vec![2, 0, 0, hello.len() as u8];
    handshake.extend(hello);
    let mut record = vec![0x16, 3, 2, 0, handshake.len() as u8];
    record.extend(handshake);
    record
}
