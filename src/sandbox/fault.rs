//! Faults: what can go wrong with a request, and when.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::aws;
use super::compression;
use super::faults::Trigger;
use super::http::Response;

/// Something that goes wrong with a request, once or more often.
///
/// Without [`on`](Fault::on) or [`on_operation`](Fault::on_operation) it happens to the next request.
///
/// ```
/// use std::time::Duration;
/// use otf_api::sandbox::{Fault, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// sandbox.fault(Fault::status(503).header("Retry-After", "1").on("GET", "/v1/classes").times(2));
/// sandbox.fault(Fault::reset_after().on("POST", "/v1/bookings/me"));
/// sandbox.fault(Fault::cognito("TooManyRequestsException", "Rate exceeded").on_operation("InitiateAuth"));
/// sandbox.fault(Fault::delay(Duration::from_millis(20)).always());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is given to `Sandbox::fault`"]
pub struct Fault {
    pub(super) effect: Effect,
    pub(super) delay: Duration,
    pub(super) runs_handler: bool,
    pub(super) trigger: Trigger,
}

/// What happens to the response.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    Nothing,
    Respond(Response),
    Reset,
    Close,
    /// This many bytes of the body, then the connection closes.
    Truncate(usize),
    /// This many bytes at a time, with or without the head.
    Drip {
        head: bool,
        bytes: usize,
        interval: Duration,
    },
    /// No byte at all, or none after the head and half of the body.
    Stall {
        head: bool,
    },
    /// Bytes that are not HTTP.
    Garbage,
    /// A JSON string of this many bytes.
    Huge(u64),
    /// Headers of this many bytes.
    HugeHead(u64),
    /// The body compressed, with its stream cut after this many bytes or with a bit changed.
    CutGzip(usize),
    CorruptGzip,
    /// A wrong `Content-Length`.
    ContentLength(u64),
    Edit(Edit),
}

/// A change to the JSON of a response.
#[derive(Clone)]
pub(super) struct Edit(Arc<dyn Fn(&mut Value) + Send + Sync>);

/// What goes wrong. Unless stated, the handler does not run: the request changes nothing.
impl Fault {
    fn new(effect: Effect, runs_handler: bool) -> Self {
        Self { effect, delay: Duration::ZERO, runs_handler, trigger: Trigger::default() }
    }

    fn respond(response: Response) -> Self {
        Self::new(Effect::Respond(response), false)
    }

    /// A response with this status and a JSON message.
    pub fn status(status: u16) -> Self {
        Self::respond(Response::json(status, &json!({"message": format!("sandbox fault {status}")})))
    }

    /// A refusal by the user pool or the identity pool, such as `TooManyRequestsException`.
    pub fn cognito(kind: &str, message: &str) -> Self {
        Self::respond(aws::AwsError::new(kind, message).response())
    }

    /// A redirect (302) to another address.
    pub fn redirect(url: &str) -> Self {
        Self::respond(Response::empty(302)).header("Location", url)
    }

    /// A 200 with the body `null`, which the performance host sometimes sends for a summary that exists (reported by
    /// one client).
    pub fn null() -> Self {
        Self::status(200).body("null")
    }

    /// A 204 without a body. For a summary that exists, this is a guess from clients that allow for it.
    pub fn no_content() -> Self {
        Self::respond(Response::empty(204))
    }

    /// A 200 without a body, which the performance host sometimes sends for a summary that exists (reported by one
    /// client).
    pub fn empty() -> Self {
        Self::respond(Response::empty(200))
    }

    /// A 200 whose body is not JSON although its type says so.
    pub fn garbage_body() -> Self {
        Self::status(200).body(GARBAGE)
    }

    /// A 200 with JSON lists nested this deep.
    pub fn nested(depth: usize) -> Self {
        Self::status(200).body(["[".repeat(depth), "]".repeat(depth)].concat())
    }

    /// A 200 with a JSON string of this many bytes, generated while it is sent.
    pub fn huge(bytes: u64) -> Self {
        Self::new(Effect::Huge(bytes), false)
    }

    /// A 200 with this many bytes of headers.
    pub fn huge_headers(bytes: u64) -> Self {
        Self::new(Effect::HugeHead(bytes), false)
    }

    /// A 200 with a gzip body that decompresses to about this many bytes of JSON. It is up to a thousand times
    /// smaller itself.
    pub fn gzip_bomb(bytes: u64) -> Self {
        Self::status(200).body(compression::bomb(bytes)).header("Content-Encoding", "gzip")
    }

    /// The handler's response comes compressed, and the compressed stream ends after this many bytes. The
    /// response itself is complete: its `Content-Length` is correct.
    pub fn truncate_gzip(bytes: usize) -> Self {
        Self::new(Effect::CutGzip(bytes), true)
    }

    /// The handler's response comes compressed, with a wrong checksum.
    pub fn corrupt_gzip() -> Self {
        Self::new(Effect::CorruptGzip, true)
    }

    /// Bytes that are not HTTP at all, then the end of the connection.
    pub fn garbage() -> Self {
        Self::new(Effect::Garbage, false)
    }

    /// The connection is reset (RST) before the handler ran.
    pub fn reset_before() -> Self {
        Self::new(Effect::Reset, false)
    }

    /// The connection is reset (RST) after the handler ran, before any response.
    pub fn reset_after() -> Self {
        Self::new(Effect::Reset, true)
    }

    /// The connection is closed in an orderly way before the handler ran.
    pub fn close_before() -> Self {
        Self::new(Effect::Close, false)
    }

    /// The connection is closed in an orderly way after the handler ran, before any response.
    pub fn close_after() -> Self {
        Self::new(Effect::Close, true)
    }

    /// The handler's response ends after this many bytes of its body.
    pub fn truncate(bytes: usize) -> Self {
        Self::new(Effect::Truncate(bytes), true)
    }

    /// The handler's response comes with this `Content-Length`.
    pub fn content_length(length: u64) -> Self {
        Self::new(Effect::ContentLength(length), true)
    }

    /// The handler's response comes this many bytes at a time, from its first byte on.
    pub fn drip(bytes: usize, interval: Duration) -> Self {
        Self::new(Effect::Drip { head: true, bytes, interval }, true)
    }

    /// The handler's response comes with its head at once and its body this many bytes at a time.
    pub fn drip_body(bytes: usize, interval: Duration) -> Self {
        Self::new(Effect::Drip { head: false, bytes, interval }, true)
    }

    /// The handler runs, and no byte of its response ever comes.
    pub fn stall() -> Self {
        Self::new(Effect::Stall { head: true }, true)
    }

    /// The handler's response stops after its head and half of its body; the connection stays open.
    pub fn stall_body() -> Self {
        Self::new(Effect::Stall { head: false }, true)
    }

    /// The handler's response comes late.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Effect::Nothing, true).delayed(delay)
    }

    /// The handler's response comes with changed JSON.
    ///
    /// ```
    /// # use otf_api::sandbox::Fault;
    /// Fault::edit(|json| json["data"] = serde_json::Value::Null).on("GET", "/mobile/v1/studios/*");
    /// ```
    pub fn edit(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::new(Effect::Edit(Edit(Arc::new(change))), true)
    }
}

/// The details.
impl Fault {
    /// Sets a header, if the fault makes up the response.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Effect::Respond(response) = &mut self.effect {
            response.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            response.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Sets the body, if the fault makes up the response.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        if let Effect::Respond(response) = &mut self.effect {
            response.body = body.into();
        }
        self
    }

    /// Waits before anything else happens.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Runs the handler first and discards its response, like a gateway that fails late.
    pub fn after_handler(mut self) -> Self {
        self.runs_handler = true;
        self
    }
}

/// When it happens.
impl Fault {
    /// Only for requests with this method and path. `*` is any method; in the path it is any one segment, at
    /// its end any number of them.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.trigger.method = (method != "*").then(|| method.to_owned());
        self.trigger.path = Some(path.to_owned());
        self
    }

    /// Only for this operation of the user pool or the identity pool, such as `RespondToAuthChallenge`.
    pub fn on_operation(mut self, operation: &str) -> Self {
        self.trigger.operation = Some(operation.to_owned());
        self
    }

    /// This many times instead of once.
    pub fn times(mut self, times: u32) -> Self {
        self.trigger.left = Some(times);
        self
    }

    /// Counts each path separately: with `times(1)`, the first request for each.
    ///
    /// ```
    /// # use otf_api::sandbox::Fault;
    /// // Every performance summary is `null` at the first request.
    /// Fault::null().on("GET", "/v1/performance-summaries/*").per_path();
    /// ```
    pub fn per_path(mut self) -> Self {
        self.trigger.per_path = Some(Vec::new());
        self
    }

    /// Until [`Sandbox::clear_faults`](super::Sandbox::clear_faults).
    pub fn always(mut self) -> Self {
        self.trigger.left = None;
        self
    }

    /// Lets this many matching requests pass first.
    pub fn skip(mut self, requests: u32) -> Self {
        self.trigger.skip = requests;
        self
    }
}

impl Effect {
    /// Changes or replaces the handler's response.
    pub(super) fn change(&self, response: &mut Response) {
        match self {
            Self::Respond(made_up) => *response = made_up.clone(),
            Self::Edit(edit) => edit.apply(response),
            Self::CutGzip(count) => {
                compression::encode(response);
                response.body.truncate(*count);
            }
            Self::CorruptGzip => {
                compression::encode(response);
                // The last eight bytes are the checksum and the length (RFC 1952, section 2.3.1).
                let checksum = response.body.len().saturating_sub(8);
                if let Some(byte) = response.body.get_mut(checksum) {
                    *byte ^= 1;
                }
            }
            _ => {}
        }
    }

    /// Whether the response may be compressed: faults that count bytes count those of the JSON.
    pub(super) fn allows_compression(&self) -> bool {
        matches!(self, Self::Nothing | Self::Edit(_))
    }
}

impl Edit {
    fn apply(&self, response: &mut Response) {
        if let Ok(mut body) = serde_json::from_slice(&response.body) {
            (self.0)(&mut body);
            response.body = body.to_string().into_bytes();
        }
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Edit(…)")
    }
}

/// Bytes that no parser should accept: the beginning of a TLS handshake, and half a page of HTML.
pub(super) const GARBAGE: &[u8] =
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\xff\xfe\x00<html><body><h1>5\xc3";
