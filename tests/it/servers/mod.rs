//! Servers that the crate's sandbox has no part in, for what goes wrong before and below HTTP.

pub(crate) mod proxy;
pub(crate) mod tls;

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A TCP server with a thread per connection. It stops listening when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    is_stopped: AtomicBool,
    connections: AtomicU64,
}

impl Server {
    /// Serves each connection with a function. If it returns an error, the connection just ends.
    pub(crate) fn start(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (shared, serve) = (Arc::<Shared>::default(), Arc::new(serve));
        let state = Arc::clone(&shared);
        let acceptor = std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if state.is_stopped.load(Ordering::SeqCst) {
                    return;
                }
                state.connections.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                // Nobody waits for these: they end when the client hangs up, or after the time limit.
                std::thread::spawn(move || {
                    let limit = Some(Duration::from_secs(20));
                    socket.set_read_timeout(limit)?;
                    socket.set_write_timeout(limit)?;
                    serve(socket)
                });
            }
        });
        Self { address, shared, acceptor: Some(acceptor) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections it has accepted.
    pub(crate) fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        let woken = TcpStream::connect(self.address);
        if let (Ok(_), Some(acceptor)) = (woken, self.acceptor.take()) {
            let _ = acceptor.join();
        }
    }
}

/// Reads up to the end of a request's head, which it returns with what was read of the body.
pub(crate) fn read_head(socket: &mut impl Read) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), body));
        }
        read_some(socket, &mut bytes)?;
    }
}

/// Reads a whole request: its head and its body.
pub(crate) fn read_request(socket: &mut impl Read) -> io::Result<(String, Vec<u8>)> {
    let (head, mut body) = read_head(socket)?;
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    while body.len() < length.unwrap_or(0_usize) {
        read_some(socket, &mut body)?;
    }
    Ok((head, body))
}

fn read_some(socket: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut block = [0; 4096];
    let count = socket.read(&mut block)?;
    if count == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    bytes.extend_from_slice(&block[..count]);
    Ok(())
}

/// Keeps a connection open without another byte until the client hangs up.
pub(crate) fn hang(socket: &mut impl Read) -> io::Result<()> {
    let mut block = [0; 64];
    while socket.read(&mut block)? > 0 {}
    Ok(())
}

/// Sends the bytes one by one, 20 ms apart, and then the last one for ever.
pub(crate) fn drip(socket: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    for byte in bytes.iter().chain(std::iter::repeat(&bytes[bytes.len() - 1])) {
        socket.write_all(&[*byte])?;
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
