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
use super::route;
use super::state::{State, lock};
use super::wire::{NoRequest, Wire};

/// A running server. Dropping it closes every connection and, on Unix, waits for the threads.
pub(super) struct Server {
    pub(super) addr: SocketAddr,
    pub(super) state: Arc<State>,
    connections: Arc<AtomicU64>,
    acceptor: Option<JoinHandle<()>>,
}

/// A connection's thread. Its socket belongs to the thread alone: a second owner would keep a reset from
/// being sent.
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
        // The acceptor waits for a connection: here is one.
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
            let wire = Wire::new(socket, peer.ip());
            let thread = thread::Builder::new()
                .name(format!("otf-sandbox-{number}"))
                .spawn(move || serve(wire, &state, number))?;
            Ok(Connection { socket: weak, thread })
        });
        match started {
            Ok(connection) => connections.push(connection),
            Err(error) => {
                log::warn!("sandbox: a connection failed: {error}");
                // Out of sockets or threads: some will be free again in a moment.
                state.stop.wait(Duration::from_millis(10));
            }
        }
    }
    for connection in &connections {
        if let Some(socket) = connection.socket.upgrade() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
    // Off Unix a shutdown need not wake a thread that is reading or writing: such a one ends with its client.
    if cfg!(unix) {
        for connection in connections {
            let _ = connection.thread.join();
        }
    }
}

/// Answers the requests of one connection until it ends.
fn serve(mut wire: Wire, state: &State, connection: u64) {
    while !state.stop.is_stopped() {
        let lasts = match wire.read() {
            Ok((request, keep_alive)) => exchange(&mut wire, state, &request, connection, keep_alive),
            Err(NoRequest::Closed) => return,
            Err(NoRequest::Refused(status, reason)) => {
                log::warn!("sandbox: request refused: {reason}");
                let response = Response::json(status, &json!({"message": reason}));
                let mut delivery = Delivery { wire: &mut wire, state, head_only: false, keep_alive: false };
                let _ = delivery.send(&response);
                wire.linger();
                return;
            }
        };
        if !lasts.unwrap_or(false) {
            return;
        }
    }
}

/// One request and its answer; whether the connection lasts.
fn exchange(
    wire: &mut Wire,
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
    // The sandbox's own work is part of the time that an answer takes.
    let rest = latency.saturating_add(delay).saturating_sub(arrived.elapsed());
    if !rest.is_zero() && state.stop.wait(rest) {
        return Ok(false);
    }
    let answered = match fault.as_ref().map(|fault| &fault.effect) {
        Some(Effect::Reset | Effect::Close | Effect::Garbage | Effect::Stall { head: true }) => None,
        _ => Some(response.status),
    };
    if let Some(status) = answered {
        lock(&state.records).answered(record, status);
    }
    let mut delivery = Delivery { wire, state, head_only: request.method == "HEAD", keep_alive };
    match &fault {
        Some(fault) => delivery.send_badly(&response, fault),
        None => delivery.send(&response),
    }
}

/// The answer, even where the handler panics: a test must see what happened, not a closed connection.
fn handle(state: &State, request: &Request) -> Response {
    catch_unwind(AssertUnwindSafe(|| route::answer(state, request))).unwrap_or_else(|_| {
        log::error!("the sandbox panicked at {} {}", request.method, request.path);
        Response::json(500, &json!({"message": "the sandbox panicked"}))
    })
}
