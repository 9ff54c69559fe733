//! Responding from a recording.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{fmt, fs, io};

use http::{Request, Response};

use super::manifest::{Entry, ID, Manifest};
use super::recorder::decoded;
use crate::error::{TransportError, TransportErrorKind};
use crate::net::Transport;

/// A [`Transport`] that responds from a recording, without a network.
///
/// A request gets the recorded response of the same method and path whose ids and query match best. If several match,
/// they are returned in order, and then the last one again. Hosts are not compared, so a recording of the real service
/// can be replayed to a client of the sandbox. Requests that are not in the recording, such as sign-ins, fail or go to
/// the transport of [`or_else`](Self::or_else).
pub struct Replayer {
    directory: PathBuf,
    entries: Vec<Entry>,
    played: Mutex<BTreeSet<usize>>,
    otherwise: Option<Box<dyn Transport>>,
}

impl Replayer {
    /// Reads a recording.
    ///
    /// # Errors
    ///
    /// If the directory contains no recording, or an unreadable one.
    pub fn open(directory: impl Into<PathBuf>) -> io::Result<Self> {
        let directory = directory.into();
        let entries = Manifest::read(&directory)?.files;
        entries.iter().try_for_each(|entry| entry.place(&directory).map(drop))?;
        Ok(Self { directory, entries, played: Mutex::default(), otherwise: None })
    }

    /// Sends requests that are not in the recording with this transport. Default: they fail.
    #[must_use]
    pub fn or_else(mut self, transport: impl Transport + 'static) -> Self {
        self.otherwise = Some(Box::new(transport));
        self
    }

    /// The entry that matches a request best.
    fn find(&self, request: &Request<Vec<u8>>) -> Option<&Entry> {
        let asked = Asked::new(request);
        let agreements = self.entries.iter().enumerate();
        let agreements: Vec<_> =
            agreements.filter_map(|(place, entry)| Some((asked.agreement(entry)?, place, entry))).collect();
        let best = agreements.iter().map(|(agreement, ..)| *agreement).max()?;
        let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        let candidates = || agreements.iter().filter(|(agreement, ..)| *agreement == best);
        let chosen =
            candidates().find(|(_, place, _)| !played.contains(place)).or_else(|| candidates().next_back());
        let (_, place, entry) = chosen?;
        played.insert(*place);
        Some(entry)
    }
}

impl Transport for Replayer {
    fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let Some(entry) = self.find(request) else {
            return match &self.otherwise {
                Some(transport) => transport.send(request),
                None => Err(failure(
                    format!("the recording has no response to {} {}", request.method(), request.uri().path()),
                    None,
                )),
            };
        };
        response(entry, &self.directory)
            .map_err(|error| failure(format!("{} could not be replayed", entry.file), Some(error)))
    }
}

impl fmt::Debug for Replayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replayer").field("directory", &self.directory).finish_non_exhaustive()
    }
}

fn failure(message: String, source: Option<io::Error>) -> TransportError {
    let error = TransportError::new(TransportErrorKind::InvalidRequest, message);
    match source {
        Some(source) => error.with_source(source),
        None => error,
    }
}

fn response(entry: &Entry, directory: &Path) -> io::Result<Response<Vec<u8>>> {
    let body = fs::read(entry.place(directory)?)?;
    let mut response = Response::builder().status(entry.status);
    for (name, value) in &entry.headers {
        response = response.header(name, value);
    }
    response.body(body).map_err(io::Error::other)
}

/// What a request asks for.
struct Asked<'r> {
    method: &'r str,
    segments: Vec<String>,
    query: Vec<(String, String)>,
}

/// How many ids and query values are the same, then how many names of the query.
type Agreement = (usize, usize);

impl<'r> Asked<'r> {
    fn new(request: &'r Request<Vec<u8>>) -> Self {
        let uri = request.uri();
        Self {
            method: request.method().as_str(),
            segments: uri.path().split('/').map(decoded).collect(),
            query: pairs(uri.query().unwrap_or_default()),
        }
    }

    fn agreement(&self, entry: &Entry) -> Option<Agreement> {
        let template: Vec<&str> = entry.template.split('/').collect();
        let fits = |(asked, place): (&String, &&str)| *place == ID || asked == place;
        if self.method != entry.method
            || template.len() != self.segments.len()
            || !self.segments.iter().zip(&template).all(fits)
        {
            return None;
        }
        let query = pairs(&entry.query);
        let segments =
            entry.path.split('/').zip(&self.segments).filter(|(one, other)| decoded(one) == **other);
        let values = query.iter().filter(|pair| self.query.contains(pair));
        let names = query.iter().filter(|(name, _)| self.query.iter().any(|(asked, _)| asked == name));
        Some((segments.count().saturating_add(values.count()), names.count()))
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
