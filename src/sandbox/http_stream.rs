//! HTTP/1.1 over a socket: reads requests and writes responses.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use super::http::{Request, Response, parse_query};

const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 128;
const MAX_BODY: usize = 16 * 1024 * 1024;

/// A connection, with the bytes read beyond the last request.
pub(super) struct HttpStream {
    pub(super) socket: Arc<TcpStream>,
    peer: IpAddr,
    buffer: Vec<u8>,
}

/// Why no request could be read.
pub(super) enum NoRequest {
    /// The client closed the connection, or the sandbox is stopping.
    Closed,
    /// The request is malformed or too big. This status is sent, then the connection is closed.
    Refused(u16, &'static str),
}

/// The head of a request, before its body is read.
struct Head {
    request: Request,
    length: Length,
    keep_alive: bool,
    expects_continue: bool,
}

enum Length {
    Bytes(usize),
    Chunked,
}

impl From<io::Error> for NoRequest {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

impl HttpStream {
    pub(super) fn new(socket: Arc<TcpStream>, peer: IpAddr) -> Self {
        Self { socket, peer, buffer: Vec::new() }
    }

    /// Reads the next request, and whether the connection stays open after it.
    pub(super) fn read(&mut self) -> Result<(Request, bool), NoRequest> {
        let Head { mut request, length, keep_alive, expects_continue } = self.read_head()?;
        if expects_continue {
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = match length {
            Length::Bytes(count) => self.take(count)?,
            Length::Chunked => self.read_chunks()?,
        };
        Ok((request, keep_alive))
    }

    fn read_head(&mut self) -> Result<Head, NoRequest> {
        loop {
            let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
            let mut parsed = httparse::Request::new(&mut headers);
            match parsed.parse(&self.buffer) {
                Ok(httparse::Status::Complete(end)) => {
                    let head = parse_head(&parsed, self.peer)?;
                    self.buffer.drain(..end);
                    return Ok(head);
                }
                Ok(httparse::Status::Partial) if self.buffer.len() < MAX_HEAD => self.fill()?,
                Ok(httparse::Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
                    return Err(NoRequest::Refused(431, "the head is too big"));
                }
                Err(_) => return Err(NoRequest::Refused(400, "the head is not HTTP/1.1")),
            }
        }
    }

    /// A chunked body (RFC 9112, section 7.1). Trailers are read and dropped.
    fn read_chunks(&mut self) -> Result<Vec<u8>, NoRequest> {
        let mut body = Vec::new();
        loop {
            let size = loop {
                match httparse::parse_chunk_size(&self.buffer) {
                    Ok(httparse::Status::Complete((end, size))) => {
                        self.buffer.drain(..end);
                        break usize::try_from(size).unwrap_or(usize::MAX);
                    }
                    Ok(httparse::Status::Partial) if self.buffer.len() < MAX_HEAD => self.fill()?,
                    _ => return Err(NoRequest::Refused(400, "a chunk's size is malformed")),
                }
            };
            if size == 0 {
                while !self.line()?.is_empty() {}
                return Ok(body);
            }
            if size > MAX_BODY.saturating_sub(body.len()) {
                return Err(NoRequest::Refused(413, "the body is too big"));
            }
            body.extend(self.take(size)?);
            if !self.line()?.is_empty() {
                return Err(NoRequest::Refused(400, "a chunk is longer than its size"));
            }
        }
    }

    fn line(&mut self) -> Result<Vec<u8>, NoRequest> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let mut line: Vec<u8> = self.buffer.drain(..end.saturating_add(2)).collect();
                line.truncate(end);
                return Ok(line);
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(NoRequest::Refused(400, "a line is too long"));
            }
            self.fill()?;
        }
    }

    fn take(&mut self, count: usize) -> Result<Vec<u8>, NoRequest> {
        while self.buffer.len() < count {
            self.fill()?;
        }
        Ok(self.buffer.drain(..count).collect())
    }

    fn fill(&mut self) -> Result<(), NoRequest> {
        let mut bytes = [0; 16 * 1024];
        let count = (&*self.socket).read(&mut bytes)?;
        match bytes.get(..count) {
            Some(read) if !read.is_empty() => self.buffer.extend_from_slice(read),
            _ => return Err(NoRequest::Closed),
        }
        Ok(())
    }

    pub(super) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        (&*self.socket).write_all(bytes)
    }

    /// Lets the client read the last response while it is still sending. Closing a socket with unread bytes
    /// would reset the connection.
    pub(super) fn linger(&mut self) {
        let _ = self.socket.set_read_timeout(Some(Duration::from_millis(500)));
        let _ = self.socket.shutdown(Shutdown::Write);
        self.drain();
    }

    /// Discards input until the client or the sandbox closes the connection.
    pub(super) fn drain(&mut self) {
        self.buffer.clear();
        while self.fill().is_ok() {
            self.buffer.clear();
        }
    }
}

fn parse_head(parsed: &httparse::Request<'_, '_>, peer: IpAddr) -> Result<Head, NoRequest> {
    let refused = |reason| NoRequest::Refused(400, reason);
    let (Some(method), Some(target), Some(minor)) = (parsed.method, parsed.path, parsed.version) else {
        return Err(refused("the request line is incomplete"));
    };
    let target = origin_form(target);
    let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
    let headers = parsed.headers.iter();
    let headers =
        headers.map(|h| (h.name.to_ascii_lowercase(), String::from_utf8_lossy(h.value).trim().to_owned()));
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: parse_query(raw_query),
        raw_query: raw_query.to_owned(),
        headers: headers.collect(),
        body: Vec::new(),
        peer,
    };
    let has =
        |name: &str, value: &str| request.header(name).is_some_and(|got| got.eq_ignore_ascii_case(value));
    let length = match (request.header("transfer-encoding"), request.header("content-length")) {
        (Some(_), None) if has("transfer-encoding", "chunked") => Length::Chunked,
        (None, Some(length)) => {
            let mut lengths = request.headers.iter().filter(|(name, _)| name == "content-length");
            if lengths.any(|(_, other)| other != length) || !length.bytes().all(|byte| byte.is_ascii_digit())
            {
                return Err(refused("Content-Length is malformed"));
            }
            Length::Bytes(length.parse().unwrap_or(usize::MAX))
        }
        (None, None) => Length::Bytes(0),
        (Some(_), _) => return Err(refused("unknown Transfer-Encoding")),
    };
    if matches!(length, Length::Bytes(count) if count > MAX_BODY) {
        return Err(NoRequest::Refused(413, "the body is too big"));
    }
    let keep_alive = if minor == 0 { has("connection", "keep-alive") } else { !has("connection", "close") };
    let expects_continue = has("expect", "100-continue");
    Ok(Head { request, length, keep_alive, expects_continue })
}

/// The path and query of a target, which may be an absolute URL (RFC 9112, section 3.2).
fn origin_form(target: &str) -> &str {
    match target.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/")
        }
        _ => target,
    }
}

/// The head of a response, with this `Content-Length`.
pub(super) fn head(response: &Response, length: u64, keep_alive: bool) -> Vec<u8> {
    let reason =
        http::StatusCode::from_u16(response.status).ok().and_then(|status| status.canonical_reason());
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, reason.unwrap_or("Unknown"));
    for (name, value) in &response.headers {
        // A line break in a value would start another header.
        let value: String = value.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !has_no_body(response.status) {
        head.push_str(&format!("content-length: {length}\r\n"));
    }
    head.push_str(if keep_alive { "connection: keep-alive\r\n\r\n" } else { "connection: close\r\n\r\n" });
    head.into_bytes()
}

/// Whether responses with this status have no body (RFC 9110, section 6.4.1).
pub(super) fn has_no_body(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
}
