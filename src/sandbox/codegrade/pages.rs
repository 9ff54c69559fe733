//! Lists, page by page.

use serde_json::Value;

use super::CodeGrade;
use super::control::Pages;
use super::refusal::{Refusal, invalid};
use crate::sandbox::http::{Request, Response};

/// How large the pages of a list are, if the request does not say, and at most.
#[derive(Clone, Copy)]
pub(super) struct PageSizes(pub(super) usize, pub(super) usize);

impl PageSizes {
    pub(super) const MOST_LISTS: Self = Self(20, 50);
    pub(super) const TENANTS: Self = Self(10, 100);
    pub(super) const RUBRICS: Self = Self(50, 100);
}

impl CodeGrade {
    /// The page of a list that a request asks for.
    pub(super) fn page(
        &mut self,
        items: Vec<Value>,
        request: &Request,
        sizes: PageSizes,
    ) -> Result<Response, Refusal> {
        let page_size = match request.query("page-size") {
            None => sizes.0,
            Some(size) => match size.parse() {
                Ok(size) if (1..=sizes.1).contains(&size) => size,
                _ => return Err(invalid("The page size is out of bounds.")),
            },
        };
        let from = match request.query("next-token") {
            None => 0,
            Some(token) => read_token(token).ok_or_else(|| invalid("The page token is not valid."))?,
        };
        let next = from + page_size;
        let token = match self.behavior.pages {
            Pages::End => (next < items.len()).then(|| page_token(next, "")),
            Pages::Repeat => Some(page_token(0, "")),
            Pages::NeverEnd => Some(page_token(0, &self.random.token(9))),
        };
        let page = items.into_iter().skip(from).take(page_size).collect();
        let mut response = Response::json(200, &Value::Array(page));
        response.headers.extend(token.map(|token| ("next-token".to_owned(), token)));
        Ok(response)
    }
}

/// A token with characters that have a meaning in a query, so that a client must encode them.
fn page_token(from: usize, serial: &str) -> String {
    format!("{from}+{serial}/&=")
}

fn read_token(token: &str) -> Option<usize> {
    token.strip_suffix("/&=")?.split_once('+')?.0.parse().ok()
}
