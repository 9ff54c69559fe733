//! The list of what can go wrong with a request.

use std::io::Write;
use std::time::Duration;

use otf_api::sandbox::Fault;

use super::hostile::{Reply, forever, stall};
use crate::servers::proxy;
use crate::servers::tls::Tls;

/// A thing that goes wrong.
#[derive(Clone)]
pub(super) struct FaultCase {
    pub(super) name: String,
    pub(super) how: How,
}

#[derive(Clone)]
pub(super) enum How {
    /// The sandbox does it.
    Sandbox(Fault),
    /// A server does it that has never heard of the service.
    Hostile(Reply),
    /// Nobody listens.
    Refused,
    /// TLS fails.
    Tls(Tls),
    /// The proxy fails.
    Proxy(proxy::How),
    /// The name is not resolved.
    Name,
}

impl FaultCase {
    /// Whether the service itself may see the request.
    pub(super) fn reaches_the_service(&self) -> bool {
        matches!(self.how, How::Sandbox(_))
    }

    /// Whether it comes before the first byte of the request.
    pub(super) fn comes_before_the_request(&self) -> bool {
        matches!(self.how, How::Refused | How::Tls(_) | How::Proxy(_) | How::Name)
    }
}

/// All of them. `elsewhere` is where redirects lead.
pub(super) fn all(elsewhere: &str) -> Vec<FaultCase> {
    let slowly = Duration::from_millis(5);
    let sandbox = [
        ("reset before the handler", Fault::reset_before()),
        ("reset after the handler", Fault::reset_after()),
        ("closed before the handler", Fault::close_before()),
        ("closed after the handler", Fault::close_after()),
        ("only the head arrives", Fault::truncate(0)),
        ("cut short", Fault::truncate(20)),
        ("a length of a terabyte", Fault::content_length(1 << 40)),
        ("a length of one byte", Fault::content_length(1)),
        ("no byte comes", Fault::stall()),
        ("half of the body comes", Fault::stall_body()),
        ("byte by byte", Fault::drip(1, slowly)),
        ("the body byte by byte", Fault::drip_body(1, slowly)),
        ("no HTTP", Fault::garbage()),
        ("no JSON", Fault::garbage_body()),
        ("no JSON after the handler", Fault::garbage_body().after_handler()),
        ("an empty body", Fault::empty()),
        ("an empty body after the handler", Fault::empty().after_handler()),
        ("a gigabyte", Fault::huge(1 << 30)),
        ("a gigabyte of headers", Fault::huge_headers(1 << 30)),
        ("deep nesting", Fault::nested(100_000)),
        ("deep nesting of objects", Fault::status(200).body("{\"a\":".repeat(100_000))),
        ("a list", Fault::status(200).body("[]")),
        ("a text", Fault::status(200).body("\"text\"")),
        ("null", Fault::status(200).body("null")),
        ("an empty object", Fault::status(200).body("{}")),
        ("not UTF-8", Fault::status(200).body(b"{\"data\":\"\xff\xfe\"}".to_vec())),
        ("a redirect", Fault::redirect(elsewhere)),
        ("a permanent redirect", Fault::status(308).header("Location", elsewhere)),
        ("an error", Fault::status(500)),
        ("an error after the handler", Fault::status(500).after_handler()),
        ("unavailable after the handler", Fault::status(503).after_handler()),
        ("a gateway that gave up", Fault::status(504).after_handler()),
        ("busy for an hour", Fault::status(429).header("Retry-After", "3600")),
        ("forbidden", Fault::status(403).body("<html>no</html>")),
        ("not found", Fault::status(404)),
        ("no content", Fault::status(204)),
        ("not modified", Fault::status(304)),
        ("late", Fault::delay(Duration::from_millis(20))),
    ];
    let hostile: [(&str, Reply); 20] = [
        ("half a head and no more", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Ty")?;
            stall(socket)
        }),
        ("half a head and the end", |socket| socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Ty")),
        ("a head without end", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nx-long: ")?;
            forever(socket, b"a")
        }),
        ("headers without end", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\n")?;
            forever(socket, b"x-more: and more\r\n")
        }),
        ("interim replies without end", |socket| forever(socket, b"HTTP/1.1 100 Continue\r\n\r\n")),
        ("chunks without end", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            forever(socket, b"10\r\n0123456789abcdef\r\n")
        }),
        ("a chunk of 2^64 bytes", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}")
        }),
        ("a chunk without a size", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
        }),
        ("a body without end or length", |socket| {
            socket.write_all(b"HTTP/1.0 200 OK\r\n\r\n{\"data\":\"")?;
            forever(socket, b"x")
        }),
        ("a negative length", |socket| socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")),
        ("a length beyond 2^64", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}")
        }),
        ("two lengths", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 200\r\n\r\n{}")
        }),
        ("a length and chunks", |socket| {
            socket.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            )
        }),
        ("a body said to be zipped", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
        }),
        ("status 0", |socket| socket.write_all(b"HTTP/1.1 000 Nothing\r\nContent-Length: 2\r\n\r\n{}")),
        ("status 99999", |socket| socket.write_all(b"HTTP/1.1 99999 Much\r\nContent-Length: 2\r\n\r\n{}")),
        ("HTTP/0.9", |socket| socket.write_all(b"{\"data\":{}}")),
        ("HTTP/2", |socket| {
            socket.write_all(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64")
        }),
        ("a header without a colon", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}")
        }),
        ("a zero byte in a header", |socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nx: \0\r\nContent-Length: 2\r\n\r\n{}")
        }),
    ];
    let sandbox = sandbox.map(|(name, fault)| FaultCase { name: name.to_owned(), how: How::Sandbox(fault) });
    let hostile = hostile.map(|(name, reply)| FaultCase { name: name.to_owned(), how: How::Hostile(reply) });
    let refused = FaultCase { name: "nobody listens".to_owned(), how: How::Refused };
    let name = FaultCase { name: "the name is not resolved".to_owned(), how: How::Name };
    let tls = Tls::FAILING.map(|tls| FaultCase { name: format!("TLS: {tls:?}"), how: How::Tls(tls) });
    let proxies =
        proxy::How::FAILING.map(|how| FaultCase { name: format!("a proxy: {how:?}"), how: How::Proxy(how) });
    sandbox.into_iter().chain(hostile).chain([refused, name]).chain(tls).chain(proxies).collect()
}
