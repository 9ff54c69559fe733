//! The users to select from, page by page.

use std::collections::{HashSet, VecDeque};

use super::client::{Call, CodeGrade};
use super::endpoint;
use super::models::OtpLoginableUser;
use crate::Secret;
use crate::client::segment;
use crate::error::{Error, Result};
use crate::models::{DecodeError, Listing, Rejected, decode_listing};

/// A list that goes on for more pages than this is not believed.
const MOST_PAGES: usize = 500;

/// A page's token is a few dozen characters; the next request has to carry it.
const LONGEST_TOKEN: usize = 4_096;

/// The users that a login can be for, fetched page by page as they are asked for: an iterator over users, and
/// [`next_page`](Self::next_page) for whole pages.
///
/// After an error of a request there is nothing more. A user that does not have the expected form is an
/// [`Error::Decode`] at the end of its page, and the others are still there.
#[doc(alias = "paginated")]
#[derive(Debug)]
pub struct OtpLoginUsers<'a> {
    codegrade: &'a CodeGrade,
    otp_id: String,
    code: Secret,
    page_size: u32,
    next: Next,
    /// The tokens so far: one that comes again would go round in circles.
    seen: HashSet<String>,
    /// What is left of the page that the iterator is in.
    users: VecDeque<OtpLoginableUser>,
    rejected: VecDeque<Rejected>,
}

#[derive(Debug)]
enum Next {
    First,
    Token(String),
    /// The page before was read, and leads nowhere.
    Failed(Error),
    Nothing,
}

impl<'a> OtpLoginUsers<'a> {
    pub(super) fn new(codegrade: &'a CodeGrade, otp_id: &str, code: Secret, page_size: u32) -> Result<Self> {
        segment("otp_id", otp_id)?;
        if !(1..=50).contains(&page_size) {
            return Err(Error::invalid("page_size", "it is not from 1 to 50"));
        }
        Ok(Self {
            codegrade,
            otp_id: otp_id.to_owned(),
            code,
            page_size,
            next: Next::First,
            seen: HashSet::new(),
            users: VecDeque::new(),
            rejected: VecDeque::new(),
        })
    }

    /// The next whole page, or what is left of the one that the iterator is in; `None` after the last.
    ///
    /// # Errors
    ///
    /// As [`confirm`](super::OtpLoginService::confirm); [`Error::Decode`] where the list does not end, or goes
    /// round in circles.
    pub fn next_page(&mut self) -> Option<Result<Listing<OtpLoginableUser>>> {
        if !self.users.is_empty() || !self.rejected.is_empty() {
            let users = self.users.drain(..).collect();
            return Some(Ok(Listing::from_parts(users, self.rejected.drain(..).collect())));
        }
        let token = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::First => None,
            Next::Token(token) => Some(token),
            Next::Failed(error) => return Some(Err(error)),
            Next::Nothing => return None,
        };
        Some(self.fetch(token))
    }

    fn fetch(&mut self, token: Option<String>) -> Result<Listing<OtpLoginableUser>> {
        let mut call = Call::new(&endpoint::LIST)
            .otp_id(&self.otp_id)
            .query("page-size", self.page_size.to_string())
            .code_header(&self.code)?
            .private(self.code.expose());
        if let Some(token) = token {
            call = call.query("next-token", token);
        }
        let (page, token) = self.codegrade.send_checked(&call, |answer| {
            let token = answer.headers().get("next-token").map(|token| token.as_bytes().to_vec());
            Ok((decode_listing(answer.body(), &[])?, token))
        })?;
        self.next = match token.filter(|token| !token.is_empty()) {
            Some(token) => self.check(token).map_or_else(Next::Failed, Next::Token),
            None => Next::Nothing,
        };
        Ok(page)
    }

    /// The token as text, if it leads on.
    fn check(&mut self, token: Vec<u8>) -> Result<String> {
        let bad = |reason: &str| Error::Decode {
            endpoint: endpoint::LIST.name.to_owned(),
            path: "Next-Token".to_owned(),
            reason: reason.to_owned(),
        };
        let token = String::from_utf8(token).map_err(|_| bad("it is not text"))?;
        if token.len() > LONGEST_TOKEN {
            return Err(bad("it is too long"));
        }
        if self.seen.len() >= MOST_PAGES {
            return Err(bad("the list does not end"));
        }
        if !self.seen.insert(token.clone()) {
            return Err(bad("it has been there before, so the list would go round in circles"));
        }
        Ok(token)
    }
}

impl Iterator for OtpLoginUsers<'_> {
    type Item = Result<OtpLoginableUser>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(user) = self.users.pop_front() {
                return Some(Ok(user));
            }
            if let Some(rejected) = self.rejected.pop_front() {
                let error = DecodeError { path: format!("[{}]", rejected.index), reason: rejected.reason };
                return Some(Err(error.at(endpoint::LIST.name)));
            }
            match self.next_page()? {
                Ok(page) => {
                    let (users, rejected) = page.into_parts();
                    self.users = users.into();
                    self.rejected = rejected.into();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
