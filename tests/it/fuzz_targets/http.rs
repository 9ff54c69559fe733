//! Raw bytes where an HTTP response is expected, through the default transport.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use otf_api::http::Request;
use otf_api::{Limits, Transport, TransportErrorKind, UreqTransport};

use super::harness::{MARK, secret};

/// The largest body that is accepted.
const MAX_BODY: usize = 4096;

pub(crate) fn run(data: &[u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let result = std::thread::scope(|scope| {
        scope.spawn(|| serve(&listener, data));
        let limits = Limits::default().timeout(Duration::from_secs(20)).max_body_size(MAX_BODY as u64);
        let transport = UreqTransport::builder().no_proxy("*").limits(limits).build().unwrap();
        let request = Request::post(format!("http://{address}/x?q={}", secret("query")))
            .header("authorization", secret("token"))
            .body(secret("body").into_bytes())
            .unwrap();
        transport.send(&request)
    });
    match result {
        Ok(response) => assert!(response.body().len() <= MAX_BODY),
        Err(error) => {
            use TransportErrorKind::{Broken, InvalidResponse, TooLarge};
            // The server has read the request, so it was sent; and it does not wait.
            assert!(matches!(error.kind(), Broken | InvalidResponse | TooLarge), "{error:?}");
            assert!(!error.is_never_sent());
            let line = error.to_string();
            assert!(!line.is_empty() && line.len() < 2_000 && !line.contains(char::is_control), "{line:?}");
            // A server may well send that word back, but then it is the server's.
            if !data.windows(MARK.len()).any(|window| window == MARK.as_bytes()) {
                assert!(!format!("{error:?}").contains(MARK), "{error:?}");
            }
        }
    }
}

/// Reads a request and sends these bytes.
fn serve(listener: &TcpListener, response: &[u8]) {
    let Ok((mut socket, _)) = listener.accept() else { return };
    let _ = read_request(&mut socket).and_then(|()| socket.write_all(response));
    let _ = socket.shutdown(Shutdown::Write);
    // What is not read would reset the connection before the client has read everything.
    let _ = std::io::copy(&mut socket, &mut std::io::sink());
}

fn read_request(socket: &mut TcpStream) -> std::io::Result<()> {
    let (mut bytes, mut block) = (Vec::new(), [0; 1024]);
    let end = secret("body");
    while !bytes.ends_with(end.as_bytes()) {
        match socket.read(&mut block)? {
            0 => break,
            count => bytes.extend_from_slice(&block[..count]),
        }
    }
    Ok(())
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    // `{}` in gzip.
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xab, 0xae, 5, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0];
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", gzip.len());
    let compressed = [head.as_bytes(), &gzip].concat();
    let long = format!("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{}", "x".repeat(5000));
    [
        ("length", &b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"[..]),
        (
            "chunks",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;a=b\r\n}\r\n0\r\nx: y\r\n\r\n",
        ),
        ("until-the-end", b"HTTP/1.0 200 OK\r\n\r\n{}"),
        ("no-content", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("interim", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
        ("redirect", b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"),
        (
            "two-responses",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
        ),
        ("gzip", &compressed),
        ("unknown-encoding", b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}"),
        ("too-large", long.as_bytes()),
        ("folded-header", b"HTTP/1.1 200 OK\r\nx: a\r\n b\r\nContent-Length: 2\r\n\r\n{}"),
        ("empty", b""),
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
    .collect()
}
