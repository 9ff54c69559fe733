//! Writing a recording.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, str};

use http::{Request, Response, header};

use super::check::{Leak, search};
use super::manifest::{Entry, Growing, ID, masked_template};
use super::mask::Masker;
use crate::client::percent_encode;
use crate::error::TransportError;
use crate::net::Transport;
use crate::random;
use crate::store::platform::{private_directory, private_file};

/// A [`Transport`] that wraps another one and writes each response to a directory, with personal data redacted.
///
/// Clones write to the same recording: give one to the builder, and use another for [`check`](Self::check). A
/// response that cannot be written is logged as a warning; the call succeeds.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Box<dyn Transport>,
    directory: PathBuf,
    recording: Mutex<Recording>,
}

struct Recording {
    masker: Masker,
    manifest: Growing,
    /// How many files of a name there are.
    numbers: HashMap<String, u32>,
}

impl Recorder {
    /// Starts a recording of everything that goes through `transport`, in a directory that is created if needed. Its
    /// files are readable by their owner only.
    ///
    /// # Errors
    ///
    /// If the directory already contains a recording, since the two would replace the same value differently; if it
    /// can't be written to; or if there are no random bytes.
    pub fn create(directory: impl Into<PathBuf>, transport: impl Transport + 'static) -> io::Result<Self> {
        let directory = directory.into();
        let masker = Masker::new(random::bytes().map_err(io::Error::other)?);
        private_directory(DirBuilder::new().recursive(true)).create(&directory)?;
        let manifest = Growing::create(&directory)?;
        let recording = Mutex::new(Recording { masker, manifest, numbers: HashMap::new() });
        Ok(Self { inner: Arc::new(Inner { transport: Box::new(transport), directory, recording }) })
    }

    /// Where the recording is.
    pub fn directory(&self) -> &Path {
        &self.inner.directory
    }

    /// Hides the words of a text wherever they occur from now on. The names of the member who is signed in are
    /// known from the sign-in.
    pub fn hide(&self, text: &str) {
        self.inner.hold().masker.learn(text);
    }

    /// Searches the files for what was replaced elsewhere, and for what looks personal: as
    /// [`check`](super::check()), and for ids, phone numbers and house numbers that the recorder did not write itself.
    ///
    /// # Errors
    ///
    /// If the files cannot be read.
    pub fn check(&self) -> io::Result<Vec<Leak>> {
        let recording = self.inner.hold();
        let masker = &recording.masker;
        search(&self.inner.directory, &masker.personal(), Some(masker))
    }
}

impl Transport for Recorder {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.inner.transport.send(request)?;
        if !is_sign_in(request)
            && let Err(error) = self.inner.hold().write(&self.inner.directory, request, &response)
        {
            log::warn!("could not record a response in {}: {error}", self.inner.directory.display());
        }
        Ok(response)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("directory", &self.inner.directory).finish_non_exhaustive()
    }
}

impl Inner {
    fn hold(&self) -> std::sync::MutexGuard<'_, Recording> {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recording {
    fn write(
        &mut self,
        directory: &Path,
        request: &Request<Vec<u8>>,
        response: &Response<Vec<u8>>,
    ) -> io::Result<()> {
        if let Some(token) = bearer(request) {
            self.masker.learn_from_token(token);
        }
        let body = self.masker.body(request.uri().path(), response.body());
        let mut entry = self.entry(request, response);
        let same = self.manifest.entries().iter().rev().find(|known| known.asks_the_same(&entry));
        // A response that repeats the one before is not written again.
        if let Some(same) = same
            && (same.status, &same.headers) == (entry.status, &entry.headers)
            && fs::read(same.place(directory)?).is_ok_and(|known| known == body)
        {
            return Ok(());
        }
        entry.file = self.unused_name(&entry, &body, directory);
        let place = entry.place(directory)?;
        if let Some(folder) = place.parent() {
            private_directory(DirBuilder::new().recursive(true)).create(folder)?;
        }
        write_new(&place, &body)?;
        self.manifest.push(entry)
    }

    /// The manifest's entry for a response, without its file.
    fn entry(&mut self, request: &Request<Vec<u8>>, response: &Response<Vec<u8>>) -> Entry {
        let uri = request.uri();
        let path = uri.path();
        let template = masked_template(path, &self.masker);
        let mut masked = Vec::new();
        for (segment, place) in path.split('/').zip(template.split('/')) {
            masked.push(if place == ID {
                encoded(&self.masker.segment(&decoded(segment)))
            } else {
                segment.to_owned()
            });
        }
        let mut query = Vec::new();
        for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = encoded(&self.masker.query(name, &decoded(value)));
            query.push(format!("{}={value}", encoded(&self.masker.query_name(&decoded(name)))));
        }
        Entry {
            file: String::new(),
            method: request.method().to_string(),
            host: uri.host().unwrap_or_default().to_owned(),
            template,
            path: masked.join("/"),
            query: query.join("&"),
            status: response.status().as_u16(),
            headers: relevant_headers(response),
        }
    }

    fn unused_name(&mut self, entry: &Entry, body: &[u8], directory: &Path) -> String {
        let is_json = body.is_empty() || serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
        let (stem, ending) = (entry.stem(), if is_json { "json" } else { "txt" });
        let number = self.numbers.entry(format!("{stem}.{ending}")).or_default();
        loop {
            *number = number.saturating_add(1);
            let name = match *number {
                1 => format!("{stem}.{ending}"),
                number => format!("{stem}.{number}.{ending}"),
            };
            if *number == u32::MAX || !directory.join(&name).exists() {
                return name;
            }
        }
    }
}

/// Whether a request is part of signing in: nothing of it is written.
pub(super) fn is_sign_in(request: &Request<Vec<u8>>) -> bool {
    const STEPS: [&str; 8] =
        ["oauth2", "token", "tokens", "login", "logins", "otp_logins", "pow", "jwks.json"];
    let uri = request.uri();
    request.headers().contains_key("x-amz-target")
        || uri.host().is_some_and(|host| host.contains("cognito"))
        || uri.path() == "/"
        || uri.path().split('/').any(|segment| STEPS.contains(&segment))
}

pub(super) fn bearer(request: &Request<Vec<u8>>) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The headers that decoding depends on, if they hold nothing else.
fn relevant_headers(response: &Response<Vec<u8>>) -> BTreeMap<String, String> {
    let value = |name: header::HeaderName| {
        let value = response.headers().get(&name)?.to_str().ok()?;
        let is_plain = value.len() <= 64
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b" ,:;/=-+.".contains(&b));
        is_plain.then(|| (name.to_string(), value.to_owned()))
    };
    [header::CONTENT_TYPE, header::RETRY_AFTER].into_iter().filter_map(value).collect()
}

/// Writes a file that only its owner can read and that was not there before.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    private_file(OpenOptions::new().write(true).create_new(true)).open(path)?.write_all(bytes)
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    percent_encode(text, &mut encoded);
    encoded
}

/// A segment or value without its percent-encoding (RFC 3986, section 2.1).
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
