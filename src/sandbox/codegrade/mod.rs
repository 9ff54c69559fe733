//! A CodeGrade server: the login with an emailed code, and the data that a student can see.

mod campus;
mod control;
mod pages;
mod refusal;
mod routes;
mod tokens;
mod users;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use self::campus::{EXAM, LAST_WEEK, PROGRAMMING, THIS_WEEK};
use self::control::Behavior;
pub use self::control::{Control, Pages};
use self::pages::PageSizes;
use self::refusal::{Refusal, forbidden, invalid, missing, not_found};
use self::tokens::Tokens;
use self::users::User;
pub use self::users::{ISOLATED_USER, MANY_USERS, ONE_USER};
use super::http::{Request, Response};
use super::random::Random;
use super::state::{State, lock};

/// The number of wrong codes after which a login is locked.
const ATTEMPTS: u32 = 5;
const LOGIN_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// The state behind the login's endpoints.
pub(crate) struct CodeGrade {
    behavior: Behavior,
    /// The challenges that have not served yet, with their difficulty.
    challenges: HashMap<String, u32>,
    logins: HashMap<String, Login>,
    tokens: Tokens,
    /// When the sandbox started: deadlines lie around it.
    start: Timestamp,
    /// The newest code of each email address.
    emailed: HashMap<String, String>,
    /// Is told of every email.
    on_email: Option<OnEmail>,
    /// The email addresses of users who have an isolated session.
    isolated: HashSet<String>,
    random: Random,
}

/// Is called with an address and a code.
type OnEmail = Box<dyn Fn(&str, &str) + Send>;

/// A login between its creation and its end.
#[derive(Debug)]
struct Login {
    email: String,
    tenant_id: Option<String>,
    code: String,
    peer: IpAddr,
    expires: Timestamp,
    wrong_codes: u32,
    /// Whether the right code was shown, to which the response was to select.
    selecting: bool,
    spent: bool,
}

/// Responds to a request below `/api/v1`; `None` if there is no such route.
pub(crate) fn handle(state: &State, request: &Request, now: Timestamp) -> Option<Response> {
    lock(&state.codegrade).handle(request, now)
}

impl CodeGrade {
    pub(crate) fn new(random: Random, start: Timestamp) -> Self {
        Self {
            behavior: Behavior::default(),
            challenges: HashMap::new(),
            logins: HashMap::new(),
            tokens: Tokens::new(),
            start,
            emailed: HashMap::new(),
            on_email: None,
            isolated: HashSet::from([ISOLATED_USER.to_owned()]),
            random,
        }
    }

    fn handle(&mut self, request: &Request, now: Timestamp) -> Option<Response> {
        let result = match self.behavior.rate_limited.checked_sub(1) {
            Some(left) => {
                self.behavior.rate_limited = left;
                let mut refusal = Refusal::new(429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded, slow down!");
                refusal.more = Some(("retry_after", self.behavior.retry_after.clone()));
                Err(refusal)
            }
            None => self.route(request, now)?,
        };
        let mut response = result.unwrap_or_else(|refusal| refusal.response(&self.random.token(9)));
        for warning in &self.behavior.warnings {
            response.headers.push(("warning".to_owned(), warning.clone()));
        }
        Some(response)
    }

    fn route(&mut self, request: &Request, now: Timestamp) -> Option<Result<Response, Refusal>> {
        let segments = request.segments();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let ["api", "v1", segments @ ..] = segments.as_slice() else { return None };
        Some(match (request.method.as_str(), segments) {
            ("GET", ["pow", "challenge"]) => Ok(self.challenge()),
            ("POST", ["otp_logins"]) => self.create(request, now),
            ("POST", ["otp_logins", id, "confirm"]) => self.confirm(id, request, now),
            ("GET", ["otp_logins", id, "users", ""]) => self.list(id, request, now),
            ("POST", ["otp_logins", id, "select"]) => self.select(id, request, now),
            ("GET", ["tenants", ""]) => self.tenants(request),
            ("GET", ["tenants", id]) => users::tenant(id).ok_or_else(not_found),
            ("POST", ["token", "restrict"]) => self.restrict(request, now),
            ("POST", ["token", "revoke"]) => self.revoke(request),
            ("GET", segments) => return self.signed_in(segments, request, now),
            _ => return None,
        })
    }

    fn challenge(&mut self) -> Response {
        let nonce: String = self.random.token(24).chars().cycle().take(self.behavior.nonce_len).collect();
        // What is no number of bits can't be met.
        let difficulty = self.behavior.difficulty.as_u64().and_then(|bits| u32::try_from(bits).ok());
        self.challenges.insert(nonce.clone(), difficulty.unwrap_or(u32::MAX));
        Response::json(200, &json!({"nonce": nonce, "difficulty": self.behavior.difficulty}))
    }

    fn create(&mut self, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        let body = request.json();
        let email = text(&body, "/email")?.to_owned();
        let nonce = text(&body, "/pow/nonce")?;
        let solution = text(&body, "/pow/solution")?;
        let tenant_id = match body.get("tenant_id") {
            None => None,
            Some(tenant_id) => Some(tenant_id.as_str().ok_or_else(|| missing("tenant_id"))?.to_owned()),
        };
        let difficulty = self
            .challenges
            .remove(nonce)
            .ok_or_else(|| invalid("The nonce of the proof of work is unknown or was used before."))?;
        if !proves_work(nonce, solution, difficulty) {
            return Err(invalid("The proof of work is wrong."));
        }

        let id = self.random.uuid();
        let code = self.random.letters(b"0123456789", 6);
        let login = Login {
            email,
            tenant_id,
            code,
            peer: request.peer,
            expires: later(now, LOGIN_LIFETIME),
            wrong_codes: 0,
            selecting: false,
            spent: false,
        };
        if !login.users().is_empty() {
            self.emailed.insert(login.email.clone(), login.code.clone());
            if let Some(on_email) = &self.on_email {
                on_email(&login.email, &login.code);
            }
        }
        self.logins.insert(id.clone(), login);
        Ok(Response::json(200, &json!({"id": id})))
    }

    fn confirm(&mut self, id: &str, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        let body = request.json();
        let code = text(&body, "/code")?;
        let login = self.login(id, code, request.peer, now)?;
        match login.users().as_slice() {
            [] => Err(not_found()),
            [user] => self.log_in(id, user.clone(), &body, now),
            _ => {
                login.selecting = true;
                Ok(Response::json(200, &json!({"type": "select"})))
            }
        }
    }

    fn list(&mut self, id: &str, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        let code = request.header("cg-otp-login-code").ok_or_else(|| missing("Cg-Otp-Login-Code"))?;
        let login = self.login(id, code, request.peer, now)?;
        if !login.selecting {
            return Err(not_found());
        }
        let users = login.users().iter().map(User::to_list).collect();
        self.page(users, request, PageSizes::MOST_LISTS)
    }

    fn select(&mut self, id: &str, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        let body = request.json();
        let code = text(&body, "/code")?;
        let user_id = body.get("user_id").and_then(Value::as_i64).ok_or_else(|| missing("user_id"))?;
        let login = self.login(id, code, request.peer, now)?;
        if !login.selecting {
            return Err(not_found());
        }
        let user = login.users().into_iter().find(|user| user.id == user_id).ok_or_else(not_found)?;
        if !user.can_login {
            return Err(forbidden("can_login_outside_system"));
        }
        self.log_in(id, user, &body, now)
    }

    /// The login, if this caller may go on with it; a wrong code counts against it.
    fn login(&mut self, id: &str, code: &str, peer: IpAddr, now: Timestamp) -> Result<&mut Login, Refusal> {
        let login = self.logins.get_mut(id).ok_or_else(not_found)?;
        let open = !login.spent && login.wrong_codes < ATTEMPTS && now < login.expires && login.peer == peer;
        if !open {
            return Err(not_found());
        }
        if login.code != code {
            login.wrong_codes += 1;
            return Err(not_found());
        }
        Ok(login)
    }

    fn log_in(&mut self, id: &str, user: User, body: &Value, now: Timestamp) -> Result<Response, Refusal> {
        let login = self.logins.get_mut(id).ok_or_else(not_found)?;
        if self.isolated.contains(&login.email) {
            if body.get("confirm_session_termination") != Some(&Value::Bool(true)) {
                let message = "An isolated session is active for this user.";
                return Err(Refusal::new(409, "ISOLATED_SESSION_ACTIVE", message));
            }
            self.isolated.remove(&login.email);
        }
        login.spent = true;
        let email = login.email.clone();
        let mut body = self.issue(&user, &email, json!({}), now);
        if let Some(body) = body.as_object_mut() {
            body.insert("type".to_owned(), json!("login"));
        }
        Ok(Response::json(200, &body))
    }
}

impl Login {
    fn users(&self) -> Vec<User> {
        let mut users = users::of(&self.email);
        users.retain(|user| self.tenant_id.as_ref().is_none_or(|tenant_id| user.tenant_id() == tenant_id));
        users
    }
}

fn text<'a>(body: &'a Value, pointer: &str) -> Result<&'a str, Refusal> {
    body.pointer(pointer).and_then(Value::as_str).ok_or_else(|| missing(pointer.trim_start_matches('/')))
}

/// Written from the definition alone: the hash's bits, one by one.
fn proves_work(nonce: &str, solution: &str, difficulty: u32) -> bool {
    let is_integer = !solution.is_empty() && solution.bytes().all(|byte| byte.is_ascii_digit());
    let hash = Sha256::digest([nonce.as_bytes(), b":", solution.as_bytes()].concat());
    let bits = hash.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let zeros = bits.take_while(|bit| *bit == 0).count();
    is_integer && u32::try_from(zeros).is_ok_and(|zeros| zeros >= difficulty)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
