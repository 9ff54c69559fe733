//! Many requests for one result: one after the other, or several at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::{Call, Client};
use crate::error::{Error, Result};
use crate::models::DecodeError;

/// One of many values: a request and how its response is decoded, or a value that needs no request.
pub(crate) enum Fetch<T> {
    Request(Box<Call>, fn(&[u8]) -> Result<T, DecodeError>),
    Known(T),
}

impl<T> Fetch<T> {
    pub(crate) fn new(call: Call, decode: fn(&[u8]) -> Result<T, DecodeError>) -> Self {
        Self::Request(Box::new(call), decode)
    }
}

impl Client {
    /// The value of each item, in their order. `on_error` replaces an error by a value, or returns it; see
    /// [`Client::fetch_all`].
    pub(crate) fn fetch_in_order<I: Sync, T: Send>(
        &self,
        items: &[I],
        request: impl Fn(&I) -> Result<Fetch<T>> + Sync,
        on_error: impl Fn(&I, Error) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let mut values: Vec<Option<T>> = Vec::new();
        values.resize_with(items.len(), || None);
        self.fetch_all(items, request, |index, item, result| {
            let value = result.or_else(|error| on_error(item, error))?;
            if let Some(place) = values.get_mut(index) {
                *place = Some(value);
            }
            Ok(())
        })?;
        Ok(values.into_iter().flatten().collect())
    }

    /// Sends a request for each item, several at once if the concurrency allows. `request` builds the request just
    /// before it is sent, or returns a value instead. `on_response` gets the index, the item, and the value or error,
    /// in any order but one at a time.
    ///
    /// After an error of `request` or `on_response` no further request is sent. The error of the first such item is
    /// returned, once the requests in progress have ended.
    pub(crate) fn fetch_all<I: Sync, T>(
        &self,
        items: &[I],
        request: impl Fn(&I) -> Result<Fetch<T>> + Sync,
        on_response: impl FnMut(usize, &I, Result<T>) -> Result<()> + Send,
    ) -> Result<()> {
        let threads = self.settings.concurrency.clamp(1, items.len().max(1));
        let next = AtomicUsize::new(0);
        let stopped = AtomicBool::new(false);
        let shared = Mutex::new(Shared { on_response, failed: None });
        let work = || {
            let _guard = StopOnPanic(&stopped);
            while !stopped.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index) else { return };
                let result = request(item).map(|request| match request {
                    Fetch::Request(call, decode) => self.fetch(&call, decode),
                    Fetch::Known(value) => Ok(value),
                });
                // A poisoned lock means that another thread has panicked.
                let Ok(mut shared) = shared.lock() else { return };
                if let Err(error) = result.and_then(|value| (shared.on_response)(index, item, value)) {
                    stopped.store(true, Ordering::Relaxed);
                    if shared.failed.as_ref().is_none_or(|(first, _)| index < *first) {
                        shared.failed = Some((index, error));
                    }
                }
            }
        };
        if threads == 1 {
            work();
        } else {
            thread::scope(|scope| {
                let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
                if (1..threads).map_while(start).count() == 0 {
                    log::warn!("no thread could be started, so the requests are sent one after the other");
                }
                work();
            });
        }
        let failed = shared.into_inner().map_or(None, |shared| shared.failed);
        failed.map_or(Ok(()), |(_, error)| Err(error))
    }
}

struct Shared<F> {
    on_response: F,
    failed: Option<(usize, Error)>,
}

/// Stops the other threads when this one panics.
struct StopOnPanic<'a>(&'a AtomicBool);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}
