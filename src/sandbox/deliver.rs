//! Sends an answer, well or badly.

use std::io;
use std::time::{Duration, Instant};

use super::fault::{Effect, Fault, GARBAGE};
use super::http::Response;
use super::state::{State, lock};
use super::wire::{Wire, has_no_body, head};

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

/// What is sent to a client, once faults are taken into account.
pub(super) struct Delivery<'a> {
    pub(super) wire: &'a mut Wire,
    pub(super) state: &'a State,
    /// To a `HEAD`, the body is left out.
    pub(super) head_only: bool,
    pub(super) keep_alive: bool,
}

impl Delivery<'_> {
    /// Sends an answer; whether the connection lasts.
    pub(super) fn send(&mut self, response: &Response) -> io::Result<bool> {
        let mut bytes = head(response, response.body.len() as u64, self.keep_alive);
        bytes.extend_from_slice(self.body(response));
        self.throttled(&bytes)?;
        Ok(self.keep_alive)
    }

    /// Does to the answer what the fault wants; whether the connection lasts.
    pub(super) fn send_badly(&mut self, response: &Response, fault: &Fault) -> io::Result<bool> {
        let whole = response.body.len() as u64;
        match &fault.effect {
            Effect::Nothing
            | Effect::Answer(_)
            | Effect::Edit(_)
            | Effect::CutGzip(_)
            | Effect::CorruptGzip => return self.send(response),
            Effect::Reset => {
                // Closing with nothing to linger for is what makes the kernel send RST instead of FIN.
                socket2::SockRef::from(&*self.wire.socket).set_linger(Some(Duration::ZERO))?;
            }
            Effect::Close => {}
            Effect::Truncate(count) => {
                self.wire.send(&head(response, whole, self.keep_alive))?;
                self.wire.send(response.body.get(..*count).unwrap_or(&response.body))?;
            }
            Effect::ContentLength(length) => {
                self.wire.send(&head(response, *length, self.keep_alive))?;
                self.wire.send(&response.body)?;
            }
            Effect::Drip { head: head_too, bytes, interval } => {
                let head = head(response, whole, self.keep_alive);
                let body = self.body(response).to_vec();
                if *head_too {
                    self.drip(&[head, body].concat(), *bytes, *interval)?;
                } else {
                    self.wire.send(&head)?;
                    self.drip(&body, *bytes, *interval)?;
                }
                return Ok(self.keep_alive);
            }
            Effect::Stall { head: head_too } => {
                if !head_too {
                    self.wire.send(&head(response, whole, self.keep_alive))?;
                    self.wire.send(response.body.get(..response.body.len() / 2).unwrap_or_default())?;
                }
                self.wire.drain();
            }
            Effect::Garbage => self.wire.send(GARBAGE)?,
            Effect::Huge(count) => {
                let (start, end) = (br#"{"data":""#.as_slice(), br#""}"#.as_slice());
                let frame = (start.len() + end.len()) as u64;
                let answer = Response::json(200, &serde_json::Value::Null);
                self.wire.send(&head(&answer, count.max(&frame).to_owned(), self.keep_alive))?;
                self.wire.send(start)?;
                self.repeat(count.saturating_sub(frame))?;
                self.wire.send(end)?;
                return Ok(self.keep_alive);
            }
            Effect::HugeHead(count) => {
                self.wire.send(b"HTTP/1.1 200 OK\r\nx-huge: ")?;
                self.repeat(*count)?;
                self.wire.send(b"\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")?;
            }
        }
        Ok(false)
    }

    fn body<'r>(&self, response: &'r Response) -> &'r [u8] {
        if self.head_only || has_no_body(response.status) { &[] } else { &response.body }
    }

    /// Sends at the bandwidth that is set, fifty pieces per second.
    fn throttled(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(rate) = lock(&self.state.delivery).bandwidth else { return self.wire.send(bytes) };
        let rate = rate.max(1);
        let piece = usize::try_from(rate / 50).unwrap_or(usize::MAX).max(1);
        let (begun, mut sent) = (Instant::now(), 0_u64);
        for piece in bytes.chunks(piece) {
            self.wire.send(piece)?;
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
            self.wire.send(piece)?;
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
            self.wire.send(block.get(..length).unwrap_or(&block))?;
            count = count.saturating_sub(length as u64);
        }
        Ok(())
    }
}
