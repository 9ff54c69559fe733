//! The listener and a thread for each connection.

use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::json;

use super::compression;
use super::deliver::Delivery;
use super::fault::{Effect, Fault};
use super::http::{Request, Response};
use super::http_stream::{HttpStream, NoRequest};
use super::route;
use super::state::{State, lock};

/// A running server. Dropping it closes every connection and, on Unix, waits for the threads.
pub(super) struct Server {
    pub(super) addr: SocketAddr,
    pub(super) state: Arc<State>,
    connections: Arc<AtomicU64>,
    acceptor: Option<JoinHandle<()>>,
}

/// A connection's thread. The socket belongs to the thread alone: with a second owner, closing it would not
/// send a reset.
struct Connection {
    socket: Weak<TcpStream>,
    thread: JoinHandle<()>,
}

impl Server {
    pub(super) fn start(port: u16, state: Arc<State>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let addr = listener.local_addr()?;
        let connections = Arc::new(AtomicU64::new(0));
        let (shared, count) = (Arc::clone(&state), Arc::clone(&connections));
        let acceptor = thread::Builder::new()
            .name("otf-sandbox".to_owned())
            .spawn(move || accept(&listener, &shared, &count))?;
        Ok(Self { addr, state, connections, acceptor: Some(acceptor) })
    }

    pub(super) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stop.stop();
        // Wakes the acceptor, which waits for a connection.
        let woken = TcpStream::connect_timeout(&self.addr, Duration::from_secs(1));
        if let (Ok(_), Some(acceptor)) = (woken, self.acceptor.take()) {
            let _ = acceptor.join();
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>, count: &AtomicU64) {
    let mut connections: Vec<Connection> = Vec::new();
    loop {
        let accepted = listener.accept();
        if state.stop.is_stopped() {
            break;
        }
        connections.retain(|connection| !connection.thread.is_finished());
        let started = accepted.and_then(|(socket, peer)| {
            let number = count.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            socket.set_nodelay(true)?;
            let socket = Arc::new(socket);
            let weak = Arc::downgrade(&socket);
            let state = Arc::clone(state);
            let stream = HttpStream::new(socket, peer.ip());
            let thread = thread::Builder::new()
                .name(format!("otf-sandbox-{number}"))
                .spawn(move || serve(stream, &state, number))?;
            Ok(Connection { socket: weak, thread })
        });
        match started {
            Ok(connection) => connections.push(connection),
            Err(error) => {
                log::warn!("sandbox: a connection failed: {error}");
                // Out of sockets or threads. Some may be free in a moment.
                state.stop.wait(Duration::from_millis(10));
            }
        }
    }
    for connection in &connections {
        if let Some(socket) = connection.socket.upgrade() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
    // Outside Unix, a shutdown may not wake a thread that reads or writes. It ends with its client.
    if cfg!(unix) {
        for connection in connections {
            let _ = connection.thread.join();
        }
    }
}

/// Serves the requests of one connection until it ends.
fn serve(mut stream: HttpStream, state: &State, connection: u64) {
    while !state.stop.is_stopped() {
        let lasts = match stream.read() {
            Ok((request, keep_alive)) => serve_request(&mut stream, state, &request, connection, keep_alive),
            Err(NoRequest::Closed) => return,
            Err(NoRequest::Refused(status, reason)) => {
                log::warn!("sandbox: request refused: {reason}");
                let response = Response::json(status, &json!({"message": reason}));
                let mut delivery =
                    Delivery { stream: &mut stream, state, head_only: false, keep_alive: false };
                let _ = delivery.send(&response);
                stream.linger();
                return;
            }
        };
        if !lasts.unwrap_or(false) {
            return;
        }
    }
}

/// Serves one request. Returns whether the connection stays open.
fn serve_request(
    stream: &mut HttpStream,
    state: &State,
    request: &Request,
    connection: u64,
    keep_alive: bool,
) -> io::Result<bool> {
    let arrived = Instant::now();
    let record = lock(&state.records).received(request, connection);
    let outage = || lock(&state.outages).status(request).map(Fault::status);
    let fault = lock(&state.faults).take(request).or_else(outage);
    let latency = lock(&state.delivery).latency;
    let delay = fault.as_ref().map_or(Duration::ZERO, |fault| fault.delay);
    if !delay.is_zero() && state.stop.wait(delay) {
        return Ok(false);
    }

    let mut response = match &fault {
        Some(fault) if !fault.runs_handler => Response::empty(200),
        _ => handle(state, request),
    };
    lock(&state.drifts).apply(request, &mut response);
    if let Some(fault) = &fault {
        fault.effect.change(&mut response);
    }
    let whole = fault.as_ref().is_none_or(|fault| fault.effect.allows_compression());
    if whole && lock(&state.delivery).compression {
        compression::compress(request, &mut response);
    }
    if !response.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("date")) {
        response.headers.push(("date".to_owned(), state.clock.http_date()));
    }
    // The time that the handler took is part of the latency.
    let rest = latency.saturating_add(delay).saturating_sub(arrived.elapsed());
    if !rest.is_zero() && state.stop.wait(rest) {
        return Ok(false);
    }
    let status = match fault.as_ref().map(|fault| &fault.effect) {
        Some(Effect::Reset | Effect::Close | Effect::Garbage | Effect::Stall { head: true }) => None,
        _ => Some(response.status),
    };
    if let Some(status) = status {
        lock(&state.records).responded(record, status);
    }
    let mut delivery = Delivery { stream, state, head_only: request.method == "HEAD", keep_alive };
    match &fault {
        Some(fault) => delivery.send_badly(&response, fault),
        None => delivery.send(&response),
    }
}

/// The response, a 500 if the handler panics: a test should see what happened, not a closed connection.
fn handle(state: &State, request: &Request) -> Response {
    catch_unwind(AssertUnwindSafe(|| route::respond(state, request))).unwrap_or_else(|_| {
        log::error!("the sandbox panicked at {} {}", request.method, request.path);
        Response::json(500, &json!({"message": "the sandbox panicked"}))
    })
}
