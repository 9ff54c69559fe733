//! Misbehaviour on order.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::aws;
use super::compression;
use super::faults::DateRange;
use super::http::Response;

/// Something that goes wrong with a request, once or more often.
///
/// Without a matcher it takes the next request, whatever that is.
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
    pub(super) when: DateRange,
}

/// What is done to the answer.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    Nothing,
    Answer(Response),
    Reset,
    Close,
    /// So many bytes of the body, then the end.
    Truncate(usize),
    /// So many bytes at a time, the head included or not.
    Drip {
        head: bool,
        bytes: usize,
        interval: Duration,
    },
    /// Nothing at all, or nothing after the head and half of the body.
    Stall {
        head: bool,
    },
    /// Bytes that are no HTTP.
    Garbage,
    /// A JSON string of so many bytes.
    Huge(u64),
    /// Headers of so many bytes.
    HugeHead(u64),
    /// The body compressed, with its stream cut after this many bytes or with a bit changed.
    CutGzip(usize),
    CorruptGzip,
    /// Another `Content-Length` than the body's.
    ContentLength(u64),
    Edit(Edit),
}

/// A change to the JSON of an answer.
#[derive(Clone)]
pub(super) struct Edit(Arc<dyn Fn(&mut Value) + Send + Sync>);

/// What goes wrong. Where nothing else is said, the handler is not run: the service does not notice the
/// request.
impl Fault {
    fn new(effect: Effect, runs_handler: bool) -> Self {
        Self { effect, delay: Duration::ZERO, runs_handler, when: DateRange::default() }
    }

    fn answer(response: Response) -> Self {
        Self::new(Effect::Answer(response), false)
    }

    /// An answer with this status, and a JSON message that says so.
    pub fn status(status: u16) -> Self {
        Self::answer(Response::json(status, &json!({"message": format!("sandbox fault {status}")})))
    }

    /// A refusal by the user pool or the identity pool, such as `TooManyRequestsException`.
    pub fn cognito(kind: &str, message: &str) -> Self {
        Self::answer(aws::AwsError::new(kind, message).response())
    }

    /// A redirect (302) to another address.
    pub fn redirect(url: &str) -> Self {
        Self::answer(Response::empty(302)).header("Location", url)
    }

    /// A 200 with the body `null`, which the performance host gives at times for a summary that exists
    /// (reported by one client).
    pub fn null() -> Self {
        Self::status(200).body("null")
    }

    /// A 204 without a body. For a summary that exists, this is a guess from clients that allow for it.
    pub fn no_content() -> Self {
        Self::answer(Response::empty(204))
    }

    /// A 200 without a body, which the performance host gives at times for a summary that exists (reported by
    /// one client).
    pub fn empty() -> Self {
        Self::answer(Response::empty(200))
    }

    /// A 200 whose body claims to be JSON and is not.
    pub fn garbage_body() -> Self {
        Self::status(200).body(GARBAGE)
    }

    /// A 200 with JSON lists nested so deep.
    pub fn nested(depth: usize) -> Self {
        Self::status(200).body(["[".repeat(depth), "]".repeat(depth)].concat())
    }

    /// A 200 with a JSON string of so many bytes, made while it is sent.
    pub fn huge(bytes: u64) -> Self {
        Self::new(Effect::Huge(bytes), false)
    }

    /// A 200 with so many bytes of headers.
    pub fn huge_headers(bytes: u64) -> Self {
        Self::new(Effect::HugeHead(bytes), false)
    }

    /// A 200 with valid gzip that becomes about this many bytes of JSON, made of a thousandth of that.
    pub fn gzip_bomb(bytes: u64) -> Self {
        Self::status(200).body(compression::bomb(bytes)).header("Content-Encoding", "gzip")
    }

    /// The handler's response comes compressed, and the compressed stream ends after this many bytes. The
    /// response itself is complete: its `Content-Length` fits.
    pub fn truncate_gzip(bytes: usize) -> Self {
        Self::new(Effect::CutGzip(bytes), true)
    }

    /// The handler's response comes compressed, with a checksum that does not fit.
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

    /// The connection is reset (RST) after the handler ran and before it answered.
    pub fn reset_after() -> Self {
        Self::new(Effect::Reset, true)
    }

    /// The connection is closed in an orderly way before the handler ran.
    pub fn close_before() -> Self {
        Self::new(Effect::Close, false)
    }

    /// The connection is closed in an orderly way after the handler ran and before it answered.
    pub fn close_after() -> Self {
        Self::new(Effect::Close, true)
    }

    /// The handler's answer ends after so many bytes of its body.
    pub fn truncate(bytes: usize) -> Self {
        Self::new(Effect::Truncate(bytes), true)
    }

    /// The handler's answer comes, with another `Content-Length` than it should have.
    pub fn content_length(length: u64) -> Self {
        Self::new(Effect::ContentLength(length), true)
    }

    /// The handler's answer comes so many bytes at a time, from its first byte on.
    pub fn drip(bytes: usize, interval: Duration) -> Self {
        Self::new(Effect::Drip { head: true, bytes, interval }, true)
    }

    /// The handler's answer comes with its head at once and its body so many bytes at a time.
    pub fn drip_body(bytes: usize, interval: Duration) -> Self {
        Self::new(Effect::Drip { head: false, bytes, interval }, true)
    }

    /// The handler runs; no byte of its answer ever comes.
    pub fn stall() -> Self {
        Self::new(Effect::Stall { head: true }, true)
    }

    /// The handler's answer stops after its head and half of its body.
    pub fn stall_body() -> Self {
        Self::new(Effect::Stall { head: false }, true)
    }

    /// The handler's answer comes, but late.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Effect::Nothing, true).delayed(delay)
    }

    /// The handler's answer comes, its JSON changed.
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
    /// Adds a header to an answer that this fault makes up, in the place of one of the same name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Effect::Answer(response) = &mut self.effect {
            response.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            response.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Sets the body of an answer that this fault makes up.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        if let Effect::Answer(response) = &mut self.effect {
            response.body = body.into();
        }
        self
    }

    /// Waits before anything else happens.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Runs the handler first, although its answer is thrown away: a gateway that fails too late.
    pub fn after_handler(mut self) -> Self {
        self.runs_handler = true;
        self
    }
}

/// When it happens.
impl Fault {
    /// Only with this method and path. `*` stands for any method; in the path, for any one segment, or at its
    /// end for all the rest.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.when.method = (method != "*").then(|| method.to_owned());
        self.when.path = Some(path.to_owned());
        self
    }

    /// Only with this operation of the user pool or the identity pool, such as `RespondToAuthChallenge`.
    pub fn on_operation(mut self, operation: &str) -> Self {
        self.when.operation = Some(operation.to_owned());
        self
    }

    /// So many times instead of once.
    pub fn times(mut self, times: u32) -> Self {
        self.when.left = Some(times);
        self
    }

    /// Counts each path by itself: with `times(1)`, the first request for each.
    ///
    /// ```
    /// # use otf_api::sandbox::Fault;
    /// // Every performance summary is `null` at the first request.
    /// Fault::null().on("GET", "/v1/performance-summaries/*").per_path();
    /// ```
    pub fn per_path(mut self) -> Self {
        self.when.per_path = Some(Vec::new());
        self
    }

    /// Until [`Sandbox::clear_faults`](super::Sandbox::clear_faults).
    pub fn always(mut self) -> Self {
        self.when.left = None;
        self
    }

    /// Lets so many matching requests pass first.
    pub fn skip(mut self, requests: u32) -> Self {
        self.when.skip = requests;
        self
    }
}

impl Effect {
    /// Changes the handler's response, or takes its place.
    pub(super) fn change(&self, response: &mut Response) {
        match self {
            Self::Answer(made_up) => *response = made_up.clone(),
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

/// What no parser should accept: the beginning of a TLS handshake, and half a page of HTML.
pub(super) const GARBAGE: &[u8] =
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\xff\xfe\x00<html><body><h1>5\xc3";
