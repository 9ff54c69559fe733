//! A server that the crate's sandbox has no part in: it reads a request and then does as it likes.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::servers::{Server, read_request};

/// What is done with a connection whose request has been read. An error ends the connection.
pub(super) type Reply = fn(&mut TcpStream) -> std::io::Result<()>;

/// Listens until it is dropped.
pub(super) struct Hostile(Server);

impl Hostile {
    pub(super) fn start(reply: Reply) -> Self {
        Self(Server::start(move |mut socket| {
            read_request(&mut socket)?;
            reply(&mut socket)
        }))
    }

    /// The base of its URLs, without a slash at the end.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.0.address())
    }

    pub(super) fn connections(&self) -> u64 {
        self.0.connections()
    }
}

/// Keeps the connection open without a byte more, until the client hangs up.
pub(super) fn stall(socket: &mut TcpStream) -> std::io::Result<()> {
    let mut block = [0; 64];
    while socket.read(&mut block)? > 0 {}
    Ok(())
}

/// The same bytes, for as long as the client takes them.
pub(super) fn forever(socket: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    let block = bytes.repeat(16_384_usize.div_ceil(bytes.len()));
    loop {
        socket.write_all(&block)?;
    }
}
