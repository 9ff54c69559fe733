//! The responses of a CodeGrade server.

use std::sync::{Arc, Mutex};

use otf_api::codegrade::{
    AssignmentId, CodeGrade, ConfirmOtpLoginData, CourseId, CreateOtpLoginData, Error, OtpLoginConfirmation,
    Paged, Result, SelectOtpLoginData, Session, SubmissionId, TokenRestrictions, UserId, pow,
};
use otf_api::http::{HeaderName, HeaderValue, Method, Request};
use otf_api::{MemoryStore, RetryPolicy, Secret};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::harness::{MARK, Net, Reply, check_shown, failure, reply, secret, status};
use super::script::Script;
use super::tree::body;

const ID: &str = "0b5c1f2e";

/// The calls that the first byte chooses from.
const CALLS: usize = 18;

/// One byte for the call, then a response for each request.
pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    let call = script.below(CALLS);
    let owned = Arc::new(Mutex::new(script.rest().to_vec()));
    let net = Net::new(move |request| {
        let mut bytes = owned.lock().unwrap();
        let mut script = Script::new(&bytes);
        let replied = respond(request, &mut script);
        let rest = script.rest().to_vec();
        *bytes = rest;
        replied
    });
    let codegrade = CodeGrade::builder()
        .host("codegrade.example.com")
        .store(MemoryStore::new())
        .transport(net.clone())
        .retry(RetryPolicy::default().attempts(2).initial_delay(std::time::Duration::ZERO))
        .sleep(|_| {})
        .solver(pow::Solver::new().max_difficulty(8))
        .build()
        .unwrap();
    let result = send(&codegrade, call);
    let asked = net.take();
    for write in ["POST /api/v1/otp_logins", "/select", "/restrict", "/revoke"] {
        let times = asked.iter().filter(|asked| asked.ends_with(write)).count();
        assert!(times <= 2, "{asked:?}");
    }
    assert!(asked.len() <= 1_010, "{} requests", asked.len());
    if let Err(error) = result {
        check_shown(&error);
        assert!(!(error.is_retryable() && error.is_not_found()), "{error:?}");
        let has_endpoint = !matches!(error, Error::InvalidInput { .. } | Error::ProofOfWork(_));
        assert!(!has_endpoint || error.to_string().contains("/api/v1/"), "no endpoint is named: {error}");
    }
}

fn send(codegrade: &CodeGrade, call: usize) -> Result<()> {
    let service = codegrade.otp_login();
    let code = || Secret::new(secret("code"));
    let email = format!("{MARK}@example.com");
    match call {
        0 => {
            let challenge = codegrade.pow()?;
            let solution = codegrade.solve(&challenge)?;
            assert!(pow::verify(&challenge.nonce, challenge.difficulty, &solution.solution));
            Ok(())
        }
        1 => service
            .create(&CreateOtpLoginData::new(email))
            .map(|created| assert!(!created.id.as_str().is_empty())),
        2 => match service.confirm(&ID.into(), &ConfirmOtpLoginData::new(code()))? {
            OtpLoginConfirmation::Login(login) => {
                check_login(&login);
                Ok(())
            }
            _ => Ok(()),
        },
        3 => all(service.list(&ID.into(), code()).page_size(2)),
        4 => service
            .select(&ID.into(), &SelectOtpLoginData::new(code(), UserId::new(7)))
            .map(|login| check_login(&login)),
        5 => {
            let mut prompts = 0;
            let ask = |_| {
                prompts += 1;
                (prompts < 10).then(|| ConfirmOtpLoginData::new(code()))
            };
            let login = CreateOtpLoginData::new(email);
            let session = codegrade.login(&login, ask, |users| users.first().map(|user| user.id));
            assert!(prompts <= 10);
            session.map(|session| check_login(&session))
        }
        6 => all(codegrade.tenants("")),
        call => run_signed_in(&codegrade.session(secret("access")), call),
    }
}

fn run_signed_in(session: &Session, call: usize) -> Result<()> {
    match call {
        7 => session.user().map(|user| same_again(&user)),
        8 => all(session.courses()),
        9 => all(session.assignments(CourseId::new(1))),
        10 => session.assignment(AssignmentId::new(1)).map(|assignment| same_again(&assignment)),
        11 => all(session.own_submissions(AssignmentId::new(1))),
        12 => session.submission(SubmissionId::new(1)).map(|submission| same_again(&submission)),
        13 => all(session.rubric(AssignmentId::new(1))),
        14 => all(session.rubric_result(SubmissionId::new(1))),
        15 => session.feedback(SubmissionId::new(1)).map(|feedback| same_again(&feedback)),
        16 => {
            let restricted = session.restrict_token(&TokenRestrictions::new().course(CourseId::new(1)))?;
            check_login(&restricted.session);
            restricted.old_token_revoked
        }
        _ => session.request(Method::PATCH, "/api/v1/x").json(&1).decode::<Value>().map(drop),
    }
}

/// Reads a list to its end.
fn all<T: DeserializeOwned + Serialize>(mut list: Paged<T>) -> Result<()> {
    while let Some(page) = list.next_page() {
        page?.iter().for_each(same_again);
    }
    Ok(())
}

/// What was decoded serializes to something that decodes to the same.
fn same_again<T: DeserializeOwned + Serialize>(value: &T) {
    let json = serde_json::to_value(value).unwrap();
    let again: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&again).unwrap(), json);
}

fn check_login(session: &Session) {
    let token = session.token().expose();
    assert!(!format!("{session:?}").contains(token) || token.len() < 8);
}

fn respond(request: &Request<Vec<u8>>, script: &mut Script<'_>) -> Reply {
    if script.byte() > 245 {
        return Err(failure(script));
    }
    let is_refusal = script.one_in(5);
    let template =
        if is_refusal { refusal(request, script.byte()) } else { template(request, script.byte()) };
    let status = status(script, if is_refusal { 404 } else { 200 });
    let mut reply = reply(status, presentable(body(&template, script)));
    if script.one_in(3) {
        let name = HeaderName::from_static(["next-token", "warning", "retry-after"][script.below(3)]);
        let token = script.byte();
        let value = match token {
            0..=99 => HeaderValue::from(u64::from(token)),
            100 => HeaderValue::from_static(
                r#"299 codegrade "Deprecated" "Wed, 21 Oct 2015 07:28:00 GMT", 299 - "x""#,
            ),
            _ => HeaderValue::from_bytes(script.bytes()).unwrap_or(HeaderValue::from_static("")),
        };
        reply.headers_mut().append(name, value);
    }
    Ok(reply)
}

/// The body, unless it says back what was sent with a letter changed: nobody could tell that from a word.
fn presentable(body: Vec<u8>) -> Vec<u8> {
    let read: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_altered = |text: &str| {
        text.replace(&secret("code"), "").replace(&format!("{MARK}@example.com"), "").contains(MARK)
    };
    let mut said = ["code", "message", "description"].into_iter().filter_map(|name| read.get(name)?.as_str());
    if said.any(is_altered) { Vec::new() } else { body }
}

fn template(request: &Request<Vec<u8>>, which: u8) -> Value {
    let user = |id: i64| {
        json!({"type": "normal", "id": id, "username": "robin", "name": "Robin", "is_test_student": false,
            "tenant_id": "t", "can_login": true, "email": "robin@example.org", "email_verified": true, "hidden": false,
            "permissions": {"can_use_snippets": true},
            "tenant": {"id": "t", "name": "School", "order_category": 2, "netloc": "school.example.com"}})
    };
    let path = request.uri().path();
    let timeframe = json!({"availability": {"tag": "timed", "available_at": "2026-04-01T10:00:00+02:00"},
        "deadline": "2026-04-08T10:00:00Z", "lock_date": null});
    let assignment = json!({"id": 5, "course_id": 1, "name": "Week 1", "kind": "normal", "timeframe": timeframe,
        "grade_availability": {"tag": "fixed", "value": true}, "max_grade": 10, "cool_off_period": "PT30S",
        "restrictions": {"password": {"tag": "set", "password": "p"}},
        "grading": {"scale": "points", "points": {"n": "100", "d": "1"}}, "max_submissions": 3});
    let submission = json!({"id": 6, "assignment_id": 5, "user": {"type": "group-user", "id": 9, "username": "g",
        "group": {"id": 1, "name": "G", "members": [user(7)]}}, "created_at": "2026-04-01T10:00:00", "grade": "8.5",
        "origin": "github", "manual_grading_status": {"tag": "finished"}, "assignee": user(8), "timeframe": timeframe});
    if path.ends_with("/challenge") {
        json!({"nonce": "a1b2c3", "difficulty": which % 10})
    } else if path.ends_with("/otp_logins") {
        json!({"id": ID})
    } else if path.ends_with("/confirm") && which % 2 == 1 {
        json!({"type": "select"})
    } else if path.ends_with("/users/") {
        json!([user(7), user(8)])
    } else if path.ends_with("/tenants/") {
        json!([{"id": "t", "name": "School", "order_category": 2, "netloc": "school.example.com"}])
    } else if path.ends_with("/login") {
        user(7)
    } else if path.ends_with("/courses/") {
        json!([{"id": 1, "name": "C", "created_at": "2026-04-01T10:00:00Z", "virtual": false, "state": "visible",
            "tier": "free", "price": {"currency": "eur", "amount": "12.50"},
            "access_restrictions": {"id": "a", "password": {"tag": "not-set"}}}])
    } else if path.ends_with("/assignments/") {
        json!([assignment])
    } else if path.ends_with("/assignments/1") {
        assignment
    } else if path.ends_with("/submissions/") {
        json!([submission])
    } else if path.ends_with("/submissions/1") {
        submission
    } else if path.ends_with("/rubrics/") {
        json!([{"id": 1, "header": "h", "description": null, "type": "normal", "locked": false,
            "items": [{"id": 2, "header": "i", "description": "d", "points": 1.5}]}])
    } else if path.ends_with("/rubricitems/") {
        json!([{"item_id": 2, "multiplier": 0.5, "achieved_points": 0.75}])
    } else if path.ends_with("/feedbacks/") {
        let reply =
            json!({"id": 1, "comment": "c", "deleted": false, "author_id": 8, "created_at": "2026-04-01"});
        let comment = json!({"id": 1, "line": 3, "file_id": "f", "replies": [reply]});
        json!({"type": "feedback-with-replies", "general": "g", "general_comment": comment, "user": [comment],
            "authors": [user(8)], "linter": {}})
    } else {
        json!({"type": "login", "user": user(7), "access_token": secret("access"), "expires_at": "2026-04-01T10:00:00",
            "restrictions": {"for_context": {"course_id": 3, "isolated": true},
                "removed_permissions": {"course": ["x"], "global": ["y"]}, "verified_course_ids": [1]}})
    }
}

/// A refusal; some say back what they were sent.
fn refusal(request: &Request<Vec<u8>>, which: u8) -> Value {
    let code = ["OBJECT_ID_NOT_FOUND", "RATE_LIMIT_EXCEEDED", "ISOLATED_SESSION_ACTIVE", "NEW_ONE"];
    let mut refusal = json!({"code": code[usize::from(which % 4)], "message": "no", "request_id": "r", "retry_after": "PT5S"});
    let headers = request.headers().values().flat_map(HeaderValue::as_bytes);
    let sent = String::from_utf8_lossy(&request.body().iter().chain(headers).copied().collect::<Vec<_>>())
        .into_owned();
    for (bit, field, text) in [
        (16, "message", secret("code")),
        (32, "description", format!("{MARK}@example.com")),
        (64, "code", secret("code")),
    ] {
        if which & bit != 0 && sent.contains(&text) {
            refusal[field] = format!("it is {text}").into();
        }
    }
    refusal
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for call in 0..u8::try_from(CALLS).unwrap() {
        for which in [0, 1] {
            seeds.push((format!("call-{call}-{which}"), vec![call, 0, 0, which, 0, 0, 0, 0, 0, 0, 0, which]));
        }
        for refusal in [0, 1, 2, 3, 16] {
            seeds.push((format!("refused-{call}-{refusal}"), vec![call, 0, 4, refusal, 0, 0, 0]));
        }
    }
    seeds
}
