//! Proxies, good and bad.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Server, drip, hang, read_head};

/// What a proxy does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Connects to this server, whatever it is asked for.
    Tunnel(SocketAddr),
    /// The same as a SOCKS5 proxy.
    Socks(SocketAddr),
    /// Responds with this status.
    Status(u16),
    Garbage,
    Hanging,
    /// Sends a response head without end, byte by byte.
    Dripping,
    Resetting,
    /// Closes the connection when it is asked to connect.
    Closing,
}

impl How {
    /// All that fail before a request can be sent.
    pub(crate) const FAILING: [Self; 8] = [
        Self::Status(407),
        Self::Status(502),
        Self::Status(403),
        Self::Garbage,
        Self::Hanging,
        Self::Dripping,
        Self::Resetting,
        Self::Closing,
    ];

    /// Whether a client has to end the negotiation by a limit of its own.
    pub(crate) fn never_ends(self) -> bool {
        matches!(self, Self::Hanging | Self::Dripping)
    }
}

/// A proxy on this machine.
pub(crate) struct Proxy {
    server: Server,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Handles each connection in the same way.
    pub(crate) fn start(how: How) -> Self {
        Self::start_with(move |_| how)
    }

    /// Handles the connections, counted from 0, in different ways.
    pub(crate) fn start_with(how: impl Fn(usize) -> How + Send + Sync + 'static) -> Self {
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (seen, count) = (Arc::clone(&requests), Mutex::new(0));
        let server = Server::start(move |socket| {
            let number = {
                let mut count = count.lock().unwrap();
                *count += 1;
                *count - 1
            };
            serve(socket, how(number), &seen)
        });
        Self { server, requests }
    }

    /// Its address as `HTTPS_PROXY` has it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The heads of the CONNECT requests, or the targets of SOCKS requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> u64 {
        self.server.connections()
    }
}

fn serve(mut socket: TcpStream, how: How, seen: &Mutex<Vec<String>>) -> io::Result<()> {
    match how {
        How::Socks(target) => {
            let asked = socks(&mut socket)?;
            seen.lock().unwrap().push(asked);
            return tunnel(socket, target);
        }
        How::Resetting => {
            // A socket that is closed with bytes unread sends a reset.
            socket.peek(&mut [0])?;
            return Ok(());
        }
        _ => {}
    }
    let (head, _) = read_head(&mut socket)?;
    seen.lock().unwrap().push(head);
    match how {
        How::Tunnel(target) => {
            socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            tunnel(socket, target)
        }
        How::Status(status) => {
            write!(socket, "HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n")?;
            hang(&mut socket)
        }
        How::Garbage => {
            socket.write_all(b"\x00\x01SSH-2.0-OpenSSH\r\n\r\n")?;
            hang(&mut socket)
        }
        How::Hanging => hang(&mut socket),
        How::Dripping => drip(&mut socket, b"HTTP/1.1 200 OK\r\nx: a"),
        How::Closing | How::Resetting | How::Socks(_) => Ok(()),
    }
}

fn tunnel(client: TcpStream, target: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(target)?;
    server.set_read_timeout(Some(Duration::from_secs(20)))?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    let _ = io::copy(&mut from_server, &mut to_client);
    to_client.shutdown(Shutdown::Both)
}

/// The proxy's side of RFC 1928, without authentication. Returns the target.
fn socks(socket: &mut TcpStream) -> io::Result<String> {
    let mut greeting = [0; 2];
    socket.read_exact(&mut greeting)?;
    socket.read_exact(&mut vec![0; usize::from(greeting[1])])?;
    socket.write_all(&[5, 0])?;
    let mut request = [0; 4];
    socket.read_exact(&mut request)?;
    let length = match request[3] {
        1 => 4,
        4 => 16,
        _ => {
            let mut length = [0];
            socket.read_exact(&mut length)?;
            usize::from(length[0])
        }
    };
    let mut target = vec![0; length];
    socket.read_exact(&mut target)?;
    socket.read_exact(&mut [0; 2])?;
    socket.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok(String::from_utf8_lossy(&target).into_owned())
}
