//! What a program or a test can ask of the server, and do to it.

use serde_json::{Value, json};

use super::users;
use crate::sandbox::Sandbox;
use crate::sandbox::state::lock;

/// How the server behaves, the ways of hostile servers included.
#[derive(Clone, Debug)]
pub(super) struct Behavior {
    pub(super) difficulty: Value,
    pub(super) nonce_len: usize,
    /// How many of the next requests get a 429, and with which `retry_after`.
    pub(super) rate_limited: u32,
    pub(super) retry_after: Value,
    /// `Warning` headers of every response.
    pub(super) warnings: Vec<String>,
    pub(super) pages: Pages,
}

impl Default for Behavior {
    fn default() -> Self {
        Self {
            difficulty: json!(12),
            nonce_len: 32,
            rate_limited: 0,
            retry_after: json!(1),
            warnings: Vec::new(),
            pages: Pages::End,
        }
    }
}

/// What a list's `Next-Token` leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pages {
    /// The next page, up to the last one.
    End,
    /// The first page again, by another token each time.
    NeverEnd,
    /// The first page again, by the same token each time.
    Repeat,
}

/// A sandbox's CodeGrade server, from [`Sandbox::codegrade`].
#[derive(Clone, Copy, Debug)]
pub struct Control<'a> {
    sandbox: &'a Sandbox,
}

impl<'a> Control<'a> {
    fn new(sandbox: &'a Sandbox) -> Self {
        Self { sandbox }
    }

    /// The code in the newest email to an address; `None` if there was none.
    #[must_use]
    pub fn emailed_code(&self, email: &str) -> Option<String> {
        lock(&self.sandbox.state.codegrade).emailed.get(email).cloned()
    }

    /// Calls `on_email` with the address and the code of every email to come.
    pub fn on_email(&self, on_email: impl Fn(&str, &str) + Send + 'static) {
        lock(&self.sandbox.state.codegrade).on_email = Some(Box::new(on_email));
    }

    /// A new token of an address with one user, without a login; `None` for any other address.
    #[must_use]
    pub fn issue_token(&self, email: &str) -> Option<String> {
        let now = self.sandbox.now();
        let mut state = lock(&self.sandbox.state.codegrade);
        let [user] = users::of(email).try_into().ok()?;
        let body = state.issue(&user, email, json!({}), now);
        body.get("access_token")?.as_str().map(str::to_owned)
    }

    /// Begins an isolated session for the users of an address.
    pub fn isolate(&self, email: &str) {
        lock(&self.sandbox.state.codegrade).isolated.insert(email.to_owned());
    }

    /// Whether the users of an address have an isolated session.
    #[must_use]
    pub fn is_isolated(&self, email: &str) -> bool {
        lock(&self.sandbox.state.codegrade).isolated.contains(email)
    }

    /// The difficulty of the challenges to come, which need not be a valid one. Default: 12.
    pub fn set_difficulty(&self, difficulty: impl Into<Value>) {
        self.change(|behavior| behavior.difficulty = difficulty.into());
    }

    /// The length of the nonces to come. Default: 32.
    pub fn set_nonce_len(&self, len: usize) {
        self.change(|behavior| behavior.nonce_len = len);
    }

    /// Responds to so many requests with 429 and this `retry_after`, which need not be valid.
    pub fn rate_limit(&self, requests: u32, retry_after: impl Into<Value>) {
        self.change(|behavior| {
            behavior.rate_limited = requests;
            behavior.retry_after = retry_after.into();
        });
    }

    /// The `Warning` headers of every response to come.
    pub fn set_warnings(&self, warnings: &[&str]) {
        self.change(|behavior| behavior.warnings = warnings.iter().map(|text| (*text).to_owned()).collect());
    }

    /// What the lists' `Next-Token` leads to. Default: [`Pages::End`].
    pub fn set_pages(&self, pages: Pages) {
        self.change(|behavior| behavior.pages = pages);
    }

    fn change(&self, change: impl FnOnce(&mut Behavior)) {
        change(&mut lock(&self.sandbox.state.codegrade).behavior);
    }
}

/// CodeGrade.
impl Sandbox {
    /// Its CodeGrade server: what it emailed, and how it behaves.
    #[must_use]
    pub fn codegrade(&self) -> Control<'_> {
        Control::new(self)
    }
}
