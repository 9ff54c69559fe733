//! Compressed responses.

use std::io::Write;
use std::net::TcpStream;

use flate2::Compression;
use flate2::write::GzEncoder;
use otf_api::http::{Request, Response};
use otf_api::{Limits, Transport, TransportError, TransportErrorKind};

use super::transport;
use crate::servers::{Server, hang, read_request};

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The response to a request whose body a server encodes as it says.
fn get(encoding: &'static str, body: Vec<u8>) -> Result<Response<Vec<u8>>, TransportError> {
    let server = Server::start(move |mut socket: TcpStream| {
        let (head, _) = read_request(&mut socket)?;
        assert!(head.to_ascii_lowercase().contains("accept-encoding: gzip\r\n"), "{head}");
        write!(
            socket,
            "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )?;
        socket.write_all(&body)?;
        hang(&mut socket)
    });
    let transport = transport().limits(Limits::default().max_body_size(1 << 20)).build().unwrap();
    transport.send(&Request::get(format!("http://{}/", server.address())).body(Vec::new()).unwrap())
}

#[test]
fn compressed_responses_are_decompressed() {
    let json = b"{\"items\":[]}";
    let response = get("gzip", compress(json)).unwrap();
    assert_eq!(response.body(), json);
    assert!(response.headers().get("content-encoding").is_none());
    assert_eq!(get("identity", json.to_vec()).unwrap().body(), json);
}

#[test]
fn size_limit_applies_after_decompression() {
    let at_the_limit = get("gzip", compress(&vec![0; 1 << 20])).unwrap();
    assert_eq!(at_the_limit.body().len(), 1 << 20);
    let bomb = compress(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1 << 17);
    let error = get("gzip", bomb).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge, "{error}");
}

#[test]
fn invalid_compression_is_a_typed_error() {
    let whole = compress(&b"{\"items\":[]}".repeat(100));
    let mut wrong_checksum = whole.clone();
    let checksum = wrong_checksum.len() - 8;
    wrong_checksum[checksum] ^= 1;
    let cut: Vec<_> = (1..whole.len()).map(|length| whole[..length].to_vec()).collect();
    let trailing = [whole.as_slice(), b"more"].concat();
    for body in cut.into_iter().chain([b"{}".to_vec(), wrong_checksum, trailing]) {
        let length = body.len();
        let error = get("gzip", body).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidResponse, "{length} bytes: {error}");
    }
    for encoding in ["br", "zstd", "deflate", "gzip, br"] {
        let error = get(encoding, b"{}".to_vec()).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidResponse, "{encoding}: {error}");
    }
}
