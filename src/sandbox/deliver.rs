//! Sends responses, with the misbehavior of a fault if there is one.

use std::io;
use std::time::{Duration, Instant};

use super::fault::{Effect, Fault, GARBAGE};
use super::http::Response;
use super::http_stream::{HttpStream, has_no_body, head};
use super::state::{State, lock};

/// How responses are sent when nothing goes wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeliverySettings {
    pub(super) latency: Duration,
    /// Bytes per second.
    pub(super) bandwidth: Option<u64>,
    pub(super) compression: bool,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self { latency: Duration::ZERO, bandwidth: None, compression: true }
    }
}

/// Sends responses to one client.
pub(super) struct Delivery<'a> {
    pub(super) stream: &'a mut HttpStream,
    pub(super) state: &'a State,
    /// A response to `HEAD` has no body.
    pub(super) head_only: bool,
    pub(super) keep_alive: bool,
}

impl Delivery<'_> {
    /// Sends a response. Returns whether the connection stays open.
    pub(super) fn send(&mut self, response: &Response) -> io::Result<bool> {
        let mut bytes = head(response, response.body.len() as u64, self.keep_alive);
        bytes.extend_from_slice(self.body(response));
        self.throttled(&bytes)?;
        Ok(self.keep_alive)
    }

    /// Sends a response as the fault demands. Returns whether the connection stays open.
    pub(super) fn send_badly(&mut self, response: &Response, fault: &Fault) -> io::Result<bool> {
        let whole = response.body.len() as u64;
        match &fault.effect {
            Effect::Nothing
            | Effect::Respond(_)
            | Effect::Edit(_)
            | Effect::CutGzip(_)
            | Effect::CorruptGzip => return self.send(response),
            Effect::Reset => {
                // With a linger time of zero, closing sends RST instead of FIN.
                socket2::SockRef::from(&*self.stream.socket).set_linger(Some(Duration::ZERO))?;
            }
            Effect::Close => {}
            Effect::Truncate(count) => {
                self.stream.send(&head(response, whole, self.keep_alive))?;
                self.stream.send(response.body.get(..*count).unwrap_or(&response.body))?;
            }
            Effect::ContentLength(length) => {
                self.stream.send(&head(response, *length, self.keep_alive))?;
                self.stream.send(&response.body)?;
            }
            Effect::Drip { head: head_too, bytes, interval } => {
                let head = head(response, whole, self.keep_alive);
                let body = self.body(response).to_vec();
                if *head_too {
                    self.drip(&[head, body].concat(), *bytes, *interval)?;
                } else {
                    self.stream.send(&head)?;
                    self.drip(&body, *bytes, *interval)?;
                }
                return Ok(self.keep_alive);
            }
            Effect::Stall { head: head_too } => {
                if !head_too {
                    self.stream.send(&head(response, whole, self.keep_alive))?;
                    self.stream.send(response.body.get(..response.body.len() / 2).unwrap_or_default())?;
                }
                self.stream.drain();
            }
            Effect::Garbage => self.stream.send(GARBAGE)?,
            Effect::Huge(count) => {
                let (start, end) = (br#"{"data":""#.as_slice(), br#""}"#.as_slice());
                let frame = (start.len() + end.len()) as u64;
                let response = Response::json(200, &serde_json::Value::Null);
                self.stream.send(&head(&response, count.max(&frame).to_owned(), self.keep_alive))?;
                self.stream.send(start)?;
                self.repeat(count.saturating_sub(frame))?;
                self.stream.send(end)?;
                return Ok(self.keep_alive);
            }
            Effect::HugeHead(count) => {
                self.stream.send(b"HTTP/1.1 200 OK\r\nx-huge: ")?;
                self.repeat(*count)?;
                self.stream.send(b"\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")?;
            }
        }
        Ok(false)
    }

    fn body<'r>(&self, response: &'r Response) -> &'r [u8] {
        if self.head_only || has_no_body(response.status) { &[] } else { &response.body }
    }

    /// Sends at the set bandwidth, fifty pieces per second.
    fn throttled(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(rate) = lock(&self.state.delivery).bandwidth else { return self.stream.send(bytes) };
        let rate = rate.max(1);
        let piece = usize::try_from(rate / 50).unwrap_or(usize::MAX).max(1);
        let (begun, mut sent) = (Instant::now(), 0_u64);
        for piece in bytes.chunks(piece) {
            self.stream.send(piece)?;
            sent = sent.saturating_add(piece.len() as u64);
            let due = Duration::from_secs_f64(sent as f64 / rate as f64);
            if self.state.stop.wait(due.saturating_sub(begun.elapsed())) {
                return Err(io::ErrorKind::Interrupted.into());
            }
        }
        Ok(())
    }

    fn drip(&mut self, bytes: &[u8], count: usize, interval: Duration) -> io::Result<()> {
        for piece in bytes.chunks(count.max(1)) {
            self.stream.send(piece)?;
            if self.state.stop.wait(interval) {
                return Err(io::ErrorKind::Interrupted.into());
            }
        }
        Ok(())
    }

    fn repeat(&mut self, mut count: u64) -> io::Result<()> {
        let block = [b'a'; 64 * 1024];
        while count > 0 {
            let length = usize::try_from(count).unwrap_or(usize::MAX).min(block.len());
            self.stream.send(block.get(..length).unwrap_or(&block))?;
            count = count.saturating_sub(length as u64);
        }
        Ok(())
    }
}
