//! The one-time-password login of a CodeGrade server: its state and its routes.

mod control;
mod users;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::control::Behaviour;
pub use self::control::{Control, Pages};
use self::users::User;
pub use self::users::{ISOLATED_USER, MANY_USERS, ONE_USER};
use super::http::{Request, Response};
use super::random::Random;
use super::state::{State, lock};

/// Wrong codes that a login bears before it is locked.
const ATTEMPTS: u32 = 5;
const LOGIN_LIFETIME: SignedDuration = SignedDuration::from_mins(15);
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);
const LARGEST_PAGE: usize = 50;

/// The state behind the login's endpoints.
pub(crate) struct CodeGrade {
    behaviour: Behaviour,
    /// The challenges that have not served yet, with their difficulty.
    challenges: HashMap<String, u32>,
    logins: HashMap<String, Login>,
    /// The newest code of each e-mail address.
    mailed: HashMap<String, String>,
    /// The e-mail addresses of users who have an isolated session.
    isolated: HashSet<String>,
    random: Random,
}

/// A login between its creation and its end.
#[derive(Debug)]
struct Login {
    email: String,
    tenant_id: Option<String>,
    code: String,
    peer: IpAddr,
    expires: Timestamp,
    wrong_codes: u32,
    /// Whether the right code was shown, to which the answer was to select.
    selecting: bool,
    spent: bool,
}

/// Answers a request below `/api/v1/pow` and `/api/v1/otp_logins`; `None` where there is no such route.
pub(crate) fn handle(state: &State, request: &Request, now: Timestamp) -> Option<Response> {
    lock(&state.codegrade).handle(request, now)
}

enum Route<'a> {
    Challenge,
    Create,
    Confirm(&'a str),
    List(&'a str),
    Select(&'a str),
}

impl CodeGrade {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            behaviour: Behaviour::default(),
            challenges: HashMap::new(),
            logins: HashMap::new(),
            mailed: HashMap::new(),
            isolated: HashSet::from([ISOLATED_USER.to_owned()]),
            random,
        }
    }

    fn handle(&mut self, request: &Request, now: Timestamp) -> Option<Response> {
        let segments = request.segments();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let route: Route<'_> = match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["api", "v1", "pow", "challenge"]) => Route::Challenge,
            ("POST", ["api", "v1", "otp_logins"]) => Route::Create,
            ("POST", ["api", "v1", "otp_logins", id, "confirm"]) => Route::Confirm(id),
            ("GET", ["api", "v1", "otp_logins", id, "users", ""]) => Route::List(id),
            ("POST", ["api", "v1", "otp_logins", id, "select"]) => Route::Select(id),
            _ => return None,
        };
        let mut response = self
            .answer(route, request, now)
            .unwrap_or_else(|refusal| refusal.response(&self.random.token(9)));
        for warning in &self.behaviour.warnings {
            response.headers.push(("warning".to_owned(), warning.clone()));
        }
        Some(response)
    }

    fn answer(&mut self, route: Route<'_>, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        if let Some(left) = self.behaviour.rate_limited.checked_sub(1) {
            self.behaviour.rate_limited = left;
            let mut refusal = Refusal::new(429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded, slow down!");
            refusal.retry_after = Some(self.behaviour.retry_after.clone());
            return Err(refusal);
        }
        match route {
            Route::Challenge => Ok(self.challenge()),
            Route::Create => self.create(request, now),
            Route::Confirm(id) => self.confirm(id, request, now),
            Route::List(id) => self.list(id, request, now),
            Route::Select(id) => self.select(id, request, now),
        }
    }

    fn challenge(&mut self) -> Response {
        let nonce: String = self.random.token(24).chars().cycle().take(self.behaviour.nonce_len).collect();
        // What is no number of bits can't be met.
        let difficulty = self.behaviour.difficulty.as_u64().and_then(|bits| u32::try_from(bits).ok());
        self.challenges.insert(nonce.clone(), difficulty.unwrap_or(u32::MAX));
        Response::json(200, &json!({"nonce": nonce, "difficulty": self.behaviour.difficulty}))
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
        let difficulty = self.challenges.remove(nonce).ok_or_else(|| {
            Refusal::new(400, "INVALID_PARAM", "The nonce of the proof of work is not known, or was used.")
        })?;
        if !proves_work(nonce, solution, difficulty) {
            return Err(Refusal::new(400, "INVALID_PARAM", "The proof of work is wrong."));
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
            self.mailed.insert(login.email.clone(), login.code.clone());
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
        let page_size = match request.query("page-size") {
            None => 20,
            Some(size) => match size.parse() {
                Ok(size @ 1..=LARGEST_PAGE) => size,
                _ => return Err(Refusal::new(400, "INVALID_PARAM", "The page size is out of bounds.")),
            },
        };
        let from = match request.query("next-token") {
            None => 0,
            Some(token) => read_token(token)
                .ok_or_else(|| Refusal::new(400, "INVALID_PARAM", "The page token is not valid."))?,
        };
        let login = self.login(id, code, request.peer, now)?;
        if !login.selecting {
            return Err(not_found());
        }
        let users = login.users();
        let next = from + page_size;
        let token = match self.behaviour.pages {
            Pages::End => (next < users.len()).then(|| page_token(next, "")),
            Pages::Idempotency => Some(page_token(0, "")),
            Pages::NeverEnd => Some(page_token(0, &self.random.token(9))),
        };
        let page: Vec<Value> = users.iter().skip(from).take(page_size).map(User::to_list).collect();
        let mut response = Response::json(200, &Value::Array(page));
        response.headers.extend(token.map(|token| ("next-token".to_owned(), token)));
        Ok(response)
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
            return Err(Refusal::new(403, "INCORRECT_PERMISSION", "This user logs in by another system."));
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
        let user = user.to_session(&login.email);
        let body = json!({
            "type": "login",
            "user": user,
            "access_token": self.random.token(24),
            "restrictions": {},
            "expires_at": later(now, TOKEN_LIFETIME).strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
        });
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

/// An error answer.
struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    retry_after: Option<Value>,
}

impl Refusal {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    fn response(self, request_id: &str) -> Response {
        let mut body = json!({
            "message": self.message,
            "description": "The sandbox refused the request.",
            "code": self.code,
            "request_id": request_id,
        });
        if let (Some(retry_after), Some(body)) = (self.retry_after, body.as_object_mut()) {
            body.insert("retry_after".to_owned(), retry_after);
        }
        Response::json(self.status, &body)
    }
}

fn not_found() -> Refusal {
    Refusal::new(404, "OBJECT_NOT_FOUND", "The requested object was not found.")
}

fn missing(name: &str) -> Refusal {
    Refusal::new(400, "MISSING_REQUIRED_PARAM", format!("{name} is missing or of the wrong type."))
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

/// A token with characters that have a meaning in a query, so that a client must encode them.
fn page_token(from: usize, serial: &str) -> String {
    format!("{from}+{serial}/&=")
}

fn read_token(token: &str) -> Option<usize> {
    token.strip_suffix("/&=")?.split_once('+')?.0.parse().ok()
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
