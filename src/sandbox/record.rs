//! The requests that the sandbox has received.

use std::collections::VecDeque;
use std::fmt;

use serde_json::Value;

use super::http::Request;

/// How many requests are recorded. The oldest are dropped first.
const MAX_RECORDS: usize = 10_000;
const MAX_UNKNOWN_ROUTES: usize = 1_000;

/// A request that the sandbox has received.
///
/// Its `Debug` shows neither headers nor query nor body, because tokens and passwords are in them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path as received, without the query.
    pub path: String,
    /// The query's pairs in order, decoded.
    pub query: Vec<(String, String)>,
    /// The operation of the user pool or the identity pool: the last part of `X-Amz-Target`, such as
    /// `InitiateAuth`.
    pub operation: Option<String>,
    /// The headers in order, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as received.
    pub body: Vec<u8>,
    /// The status of the response; `None` before there is one, and if a fault prevented it.
    pub status: Option<u16>,
    /// The number of its connection, from 1.
    pub connection: u64,
}

impl RecordedRequest {
    /// The first value of a header, whose name is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `Null` if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The requests so far.
#[derive(Debug, Default)]
pub(super) struct Records {
    requests: VecDeque<(u64, RecordedRequest)>,
    unknown_routes: Vec<String>,
    next_id: u64,
}

impl Records {
    /// Records a request. The number is for [`Records::responded`].
    pub(super) fn received(&mut self, request: &Request, connection: u64) -> u64 {
        let id = self.next_id;
        self.next_id = id.wrapping_add(1);
        let recorded = RecordedRequest {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            operation: request.operation().map(str::to_owned),
            headers: request.headers.clone(),
            body: request.body.clone(),
            status: None,
            connection,
        };
        self.requests.push_back((id, recorded));
        if self.requests.len() > MAX_RECORDS {
            self.requests.pop_front();
        }
        id
    }

    pub(super) fn responded(&mut self, id: u64, status: u16) {
        // Few requests are under way at once, so this one is near the end.
        if let Some((_, request)) = self.requests.iter_mut().rev().find(|(known, _)| *known == id) {
            request.status = Some(status);
        }
    }

    pub(super) fn unknown_route(&mut self, route: &str) {
        if self.unknown_routes.len() < MAX_UNKNOWN_ROUTES {
            self.unknown_routes.push(route.to_owned());
        }
    }

    pub(super) fn requests(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.requests.iter().map(|(_, request)| request)
    }

    pub(super) fn unknown_routes(&self) -> &[String] {
        &self.unknown_routes
    }

    pub(super) fn clear(&mut self) {
        self.requests.clear();
    }
}
