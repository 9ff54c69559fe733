//! Many calls for one answer: one after the other, or spread over threads that end before the answer is there.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use http::Request;

use super::{Call, Client};
use crate::auth::Tokens;
use crate::error::{Error, Result};
use crate::models::DecodeError;

/// A call, and how its answer becomes a value.
pub(crate) struct Ask<T> {
    pub(crate) call: Call,
    pub(crate) decode: fn(&[u8]) -> Result<T, DecodeError>,
}

impl<T> Ask<T> {
    pub(crate) fn new(call: Call, decode: fn(&[u8]) -> Result<T, DecodeError>) -> Self {
        Self { call, decode }
    }
}

/// A call, with its index among the others.
type Asked<'a> = (usize, &'a Call);

/// The same, ready to be sent.
type Ready<'a> = (usize, &'a Call, Request<Vec<u8>>);

/// What is done with the answer to the call of an index; after an error nothing more is asked.
type Take<'a> = dyn FnMut(usize, Result<Vec<u8>>) -> Result<()> + Send + 'a;

/// The same as [`Client::round`] sees it: it breaks off where nothing more is to be sent.
type Settle<'a> = dyn FnMut(usize, Result<Vec<u8>>) -> ControlFlow<()> + Send + 'a;

impl Client {
    /// The values of many calls, in their order. `otherwise` makes a value of a failure, or gives it back: then
    /// nothing more is asked, and the first such failure in the order of the calls is the error.
    ///
    /// With a fan-out the calls are spread over threads, which share nothing but the way to the network: the
    /// requests are built here, and their answers are decoded and kept one at a time.
    pub(crate) fn many<T: Send>(
        &self,
        asks: &[Ask<T>],
        otherwise: impl Fn(usize, Error) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let mut values: Vec<Option<T>> = Vec::with_capacity(asks.len());
        let mut missing = Vec::new();
        for (index, ask) in asks.iter().enumerate() {
            let value = self.kept(&ask.call).and_then(|body| (ask.decode)(&body).ok());
            if value.is_none() {
                missing.push((index, &ask.call));
            }
            values.push(value);
        }
        self.fetch_all(missing, &mut |index, answer| {
            let (Some(ask), Some(value)) = (asks.get(index), values.get_mut(index)) else { return Ok(()) };
            let settled = answer.and_then(|body| self.value(&ask.call, &body, ask.decode));
            *value = Some(settled.or_else(|error| otherwise(index, error))?);
            Ok(())
        })?;
        Ok(values.into_iter().flatten().collect())
    }

    /// Gives the answer of each call to `take`. Refused tokens are renewed once.
    ///
    /// This and what is below it knows nothing of the values, so that it is compiled once for all types of them.
    fn fetch_all(&self, mut waiting: Vec<Asked<'_>>, take: &mut Take<'_>) -> Result<()> {
        if self.settings.concurrency <= 1 || waiting.len() <= 1 {
            return waiting.into_iter().try_for_each(|(index, call)| take(index, self.bytes(call)));
        }
        let tokens = self.session.tokens()?;
        if self.round(&mut waiting, &tokens, take, true)?.is_break() {
            let tokens = self.session.tokens_after_refusal(&tokens.id_token)?;
            // Another refusal of these is a failure like any other.
            let _ = self.round(&mut waiting, &tokens, take, false)?;
        }
        Ok(())
    }

    /// Sends the calls that are `waiting`, and leaves those there that are not settled. It breaks off where the tokens
    /// are refused and may be renewed.
    fn round(
        &self,
        waiting: &mut Vec<Asked<'_>>,
        tokens: &Tokens,
        take: &mut Take<'_>,
        may_renew: bool,
    ) -> Result<ControlFlow<()>> {
        let mut ready = Vec::with_capacity(waiting.len());
        for (index, call) in waiting.iter() {
            ready.push((*index, *call, self.request(call, tokens)?));
        }
        let mut refused = ControlFlow::Continue(());
        let mut failed: Option<(usize, Error)> = None;
        self.send_all(&ready, &mut |index, answer| {
            if may_renew && matches!(answer, Err(Error::Http { status: 401, .. })) {
                refused = ControlFlow::Break(());
                return refused;
            }
            waiting.retain(|(other, _)| *other != index);
            let Err(error) = take(index, answer) else { return ControlFlow::Continue(()) };
            if failed.as_ref().is_none_or(|(first, _)| index < *first) {
                failed = Some((index, error));
            }
            ControlFlow::Break(())
        });
        failed.map_or(Ok(refused), |(_, error)| Err(error))
    }

    /// Sends requests from several threads, this one among them, and gives the answers to `take`, one at a time. Once
    /// it breaks, no further request is sent; those under way are waited for.
    fn send_all(&self, ready: &[Ready<'_>], take: &mut Settle<'_>) {
        let next = AtomicUsize::new(0);
        let enough = AtomicBool::new(false);
        let take = Mutex::new(take);
        let work = || {
            while !enough.load(Ordering::Relaxed)
                && let Some((index, call, request)) = ready.get(next.fetch_add(1, Ordering::Relaxed))
            {
                let answer = self.deliver(call, request);
                // Where another thread has panicked meanwhile, it is over.
                let Ok(mut take) = take.lock() else { return };
                if take(*index, answer).is_break() {
                    enough.store(true, Ordering::Relaxed);
                }
            }
        };
        thread::scope(|scope| {
            let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
            let threads = self.settings.concurrency.min(ready.len());
            let others = (1..threads).map_while(start).count();
            if others == 0 && threads > 1 {
                log::warn!("no thread can be started: the requests are sent one after the other");
            }
            work();
        });
    }
}
