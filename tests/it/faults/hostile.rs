//! A server that the crate's sandbox has no part in: it reads a request and then does as it likes.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// What is done with a connection whose request has been read. An error ends the connection.
pub(super) type Answer = fn(&mut TcpStream) -> std::io::Result<()>;

/// Listens until it is dropped.
pub(super) struct Hostile {
    address: String,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    stopped: AtomicBool,
    connections: AtomicU64,
}

impl Hostile {
    pub(super) fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::<Shared>::default();
        let state = Arc::clone(&shared);
        let acceptor = std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if state.stopped.load(Ordering::SeqCst) {
                    return;
                }
                state.connections.fetch_add(1, Ordering::SeqCst);
                // Nobody waits for these: they end when the client hangs up.
                std::thread::spawn(move || serve(socket, answer));
            }
        });
        Self { address, shared, acceptor: Some(acceptor) }
    }

    /// As the base of URLs, without a slash at the end.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let woken = TcpStream::connect(&self.address);
        if let (Ok(_), Some(acceptor)) = (woken, self.acceptor.take()) {
            let _ = acceptor.join();
        }
    }
}

fn serve(mut socket: TcpStream, answer: Answer) {
    // A client that never hangs up would otherwise keep the thread.
    let limit = Some(Duration::from_secs(20));
    let ready = socket.set_read_timeout(limit).and_then(|()| socket.set_write_timeout(limit));
    if ready.is_ok() && read_request(&mut socket).is_some() {
        let _ = answer(&mut socket);
    }
}

fn read_request(socket: &mut TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        read_some(socket, &mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    while bytes.len() < end + length.unwrap_or(0_usize) {
        read_some(socket, &mut bytes)?;
    }
    Some(())
}

fn read_some(socket: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut block = [0; 4096];
    let count = socket.read(&mut block).ok().filter(|count| *count > 0)?;
    bytes.extend_from_slice(&block[..count]);
    Some(())
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
