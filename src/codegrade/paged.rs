//! Lists that are fetched page by page.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use serde::de::DeserializeOwned;

use super::CodeGrade;
use super::call::Call;
use super::client::explain;
use super::error::{Error, Result};
use crate::decode::{self, DecodeError, Listing, Rejected};

/// A list with more pages than this is taken for endless.
const MOST_PAGES: usize = 500;

/// A page's token is a few dozen characters; the next request has to carry it.
const LONGEST_TOKEN: usize = 4_096;

const DEFAULT_PAGE_SIZE: u32 = 20;

/// A list that is fetched page by page, on demand: an iterator over items, and [`next_page`](Self::next_page) for whole
/// pages.
///
/// The list ends after a failed request. An item that does not have the expected form is an
/// [`Error::Decode`] at the end of its page and does not affect the others.
#[doc(alias = "paginated")]
#[must_use = "nothing is fetched before it is iterated"]
pub struct Paged<T> {
    server: CodeGrade,
    /// Names the request in errors.
    endpoint: String,
    page_size: u32,
    largest_page: u32,
    next: Next,
    /// The tokens so far: one that comes twice would never end.
    seen: HashSet<String>,
    /// The rest of the page that the iterator is in.
    items: VecDeque<T>,
    rejected: VecDeque<Rejected>,
}

enum Next {
    First(Box<dyn FnOnce() -> Result<Call> + Send + Sync>),
    Page(Box<Call>, String),
    Failed(Error),
    End,
}

impl<T> Paged<T> {
    /// The list of a call. The first request is sent when the first page is needed.
    pub(super) fn new(
        server: &CodeGrade,
        call: impl FnOnce() -> Result<Call> + Send + Sync + 'static,
        largest_page: u32,
    ) -> Self {
        Self {
            server: server.clone(),
            endpoint: String::new(),
            page_size: DEFAULT_PAGE_SIZE,
            largest_page,
            next: Next::First(Box::new(call)),
            seen: HashSet::new(),
            items: VecDeque::new(),
            rejected: VecDeque::new(),
        }
    }

    /// The number of items per request. Default: 20. The server allows 1 to 50 for most lists, and 1 to 100 for tenants
    /// and rubrics; with any other number, requesting the next page returns [`Error::InvalidInput`].
    pub fn page_size(mut self, page_size: u32) -> Self {
        self.page_size = page_size;
        self
    }
}

impl<T: DeserializeOwned> Paged<T> {
    /// The next whole page, or what is left of the one that the iterator is in; `None` after the last.
    ///
    /// # Errors
    ///
    /// As for any [call](super#errors), and [`Error::Decode`] for a list that never ends.
    pub fn next_page(&mut self) -> Option<Result<Listing<T>>> {
        if !self.items.is_empty() || !self.rejected.is_empty() {
            let items = self.items.drain(..).collect();
            return Some(Ok(Listing::from_parts(items, self.rejected.drain(..).collect())));
        }
        match std::mem::replace(&mut self.next, Next::End) {
            Next::First(call) => Some(self.check_page_size().and_then(|()| self.fetch(call()?, None))),
            Next::Page(call, token) => Some(self.fetch(*call, Some(token))),
            Next::Failed(error) => Some(Err(error)),
            Next::End => None,
        }
    }

    fn check_page_size(&self) -> Result<()> {
        if (1..=self.largest_page).contains(&self.page_size) {
            return Ok(());
        }
        Err(Error::invalid("page_size", format!("it must be from 1 to {}", self.largest_page)))
    }

    fn fetch(&mut self, call: Call, token: Option<String>) -> Result<Listing<T>> {
        call.name.clone_into(&mut self.endpoint);
        let mut request = call.clone().query("page-size", &self.page_size.to_string());
        if let Some(token) = token {
            request = request.query("next-token", &token);
        }
        let (page, token) = self.server.send(&request, |response| {
            let token = response.headers().get("next-token").map(|token| token.as_bytes().to_vec());
            let page = decode::list(response.body(), &[]).map_err(|error| explain(response.body(), error))?;
            Ok((page, token))
        })?;
        // Only the header tells whether there is more: an empty page may have one.
        self.next = match token.filter(|token| !token.is_empty()) {
            Some(token) => {
                self.check(token).map_or_else(Next::Failed, |token| Next::Page(Box::new(call), token))
            }
            None => Next::End,
        };
        Ok(page)
    }

    /// The token as text, if it leads on.
    fn check(&mut self, token: Vec<u8>) -> Result<String> {
        let bad = |reason: &str| {
            let source = DecodeError { path: "Next-Token".to_owned(), reason: reason.to_owned() };
            Error::decode(&self.endpoint, source)
        };
        let token = String::from_utf8(token).map_err(|_| bad("it is not text"))?;
        if token.len() > LONGEST_TOKEN {
            return Err(bad("it is too long"));
        }
        if self.seen.len() >= MOST_PAGES {
            return Err(bad("the list does not end"));
        }
        if self.seen.contains(&token) {
            return Err(bad("it was sent before, so the list would never end"));
        }
        self.seen.insert(token.clone());
        Ok(token)
    }
}

impl<T: DeserializeOwned> Iterator for Paged<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some(Ok(item));
            }
            if let Some(rejected) = self.rejected.pop_front() {
                if rejected.item_kept {
                    log::warn!("{}: left out of {rejected}", self.endpoint);
                    continue;
                }
                let path = match rejected.path.as_str() {
                    "" => format!("[{}]", rejected.index),
                    path => format!("[{}].{path}", rejected.index),
                };
                let source = DecodeError { path, reason: rejected.reason };
                return Some(Err(Error::decode(&self.endpoint, source)));
            }
            match self.next_page()? {
                Ok(page) => {
                    let (items, rejected) = page.into_parts();
                    self.items = items.into();
                    self.rejected = rejected.into();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<T> fmt::Debug for Paged<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paged").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
