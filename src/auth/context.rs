//! What signing in and calling endpoints share: HTTP, addresses, store and clock.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, Request, Response, header};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use crate::endpoints::Endpoints;
use crate::error::Result;
use crate::net::{Clock, HttpClient, Idempotency};
use crate::store::Store;

/// A clock that is off by more than this is corrected by the server's.
pub(super) const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(2);

/// Shared by the token manager and the client.
pub(crate) struct Context {
    /// Sends requests, and sleeps between retries.
    pub(crate) http: HttpClient,
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) store: Arc<dyn Store>,
    /// Where the store is, if it is known.
    pub(crate) store_path: Option<PathBuf>,
    pub(crate) clock: Clock,
    /// How far the server's clock is ahead of this machine's.
    pub(crate) clock_offset: ClockOffset,
}

impl Context {
    /// [`HttpClient::send`], which also takes the server's time from each response.
    pub(crate) fn send<T>(
        &self,
        endpoint: &str,
        request: &Request<Vec<u8>>,
        idempotency: Idempotency,
        check_response: impl Fn(Response<Vec<u8>>) -> Result<T>,
    ) -> Result<T> {
        self.http.send(endpoint, request, idempotency, |response| {
            self.clock_offset.observe(response.headers(), self.now());
            check_response(response)
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The time by the server's clock if this machine's is far off, else by this machine's.
    pub(crate) fn server_time(&self) -> Timestamp {
        let now = self.now();
        match self.clock_offset.get() {
            Some(offset) if offset.abs() > CLOCK_TOLERANCE => now.checked_add(offset).unwrap_or(now),
            _ => now,
        }
    }
}

/// The difference between the server's clock and this machine's, as the last response showed it.
#[derive(Debug, Default)]
pub(crate) struct ClockOffset(Mutex<Option<SignedDuration>>);

impl ClockOffset {
    /// How far the server's clock is ahead, if a response has shown it.
    pub(crate) fn get(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the server's time from the `Date` of a response that has just arrived.
    fn observe(&self, headers: &HeaderMap, now: Timestamp) {
        let date = headers.get(header::DATE).and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| rfc2822::parse(date).ok()) else { return };
        let offset = date.timestamp().duration_since(now);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(offset);
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn offset_comes_from_the_last_readable_date() {
        let offset = ClockOffset::default();
        let now = "2026-04-04T07:00:00Z".parse().unwrap();
        let observe = |date: &'static str| {
            offset.observe(&HeaderMap::from_iter([(header::DATE, HeaderValue::from_static(date))]), now);
            offset.get().map(|offset| offset.as_secs())
        };
        assert_eq!(observe("soon"), None);
        assert_eq!(observe("Sat, 04 Apr 2026 07:20:00 GMT"), Some(1200));
        assert_eq!(observe(""), Some(1200));
        assert_eq!(observe("Sat, 04 Apr 2026 06:59:00 GMT"), Some(-60));
    }
}
