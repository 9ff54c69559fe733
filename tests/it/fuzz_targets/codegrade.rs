//! The answers of a CodeGrade server.

use std::sync::{Arc, Mutex};

use otf_api::codegrade::{
    CodeGrade, ConfirmOtpLoginData, CreateOtpLoginData, OtpLoginConfirmation, SelectOtpLoginData, pow,
};
use otf_api::http::{HeaderName, HeaderValue, Request};
use otf_api::{Error, RetryPolicy, Secret};
use serde_json::{Value, json};

use super::harness::{Answer, MARK, Net, answer, check_error, failure, secret, status};
use super::script::Script;
use super::tree::body;

const ID: &str = "0b5c1f2e";

/// One byte for the call, then an answer for each request.
pub(crate) fn door(data: &[u8]) {
    let mut script = Script::new(data);
    let call = script.below(6);
    let owned = Arc::new(Mutex::new(script.rest().to_vec()));
    let net = Net::new(move |request| {
        let mut bytes = owned.lock().unwrap();
        let mut script = Script::new(&bytes);
        let answered = respond(request, &mut script);
        let rest = script.rest().to_vec();
        *bytes = rest;
        answered
    });
    let codegrade = CodeGrade::builder("https://codegrade.example.com")
        .transport(net.clone())
        .retry(RetryPolicy::default().attempts(2).initial_delay(std::time::Duration::ZERO))
        .sleep(|_| {})
        .pow_limits(pow::Limits::default().max_difficulty(8))
        .build()
        .unwrap();
    let result = run(&codegrade, call);
    let asked = net.take();
    for write in ["POST /api/v1/otp_logins", "/select"] {
        let times = asked.iter().filter(|asked| asked.ends_with(write)).count();
        assert!(times <= 2, "{asked:?}");
    }
    assert!(asked.len() <= 1_010, "{} requests", asked.len());
    if let Err(error) = result {
        check_error(&error);
        let has_endpoint = !matches!(error, Error::InvalidInput { .. } | Error::ProofOfWork(_));
        assert!(!has_endpoint || error.to_string().contains("/api/v1/"), "no endpoint is named: {error}");
    }
}

fn run(codegrade: &CodeGrade, call: usize) -> otf_api::Result<()> {
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
        1 => service.create(&CreateOtpLoginData::new(email)).map(|created| assert!(!created.id.is_empty())),
        2 => match service.confirm(ID, &ConfirmOtpLoginData::new(code()))? {
            OtpLoginConfirmation::Login(login) => {
                check_login(&login);
                let json = serde_json::to_value(OtpLoginConfirmation::Login(login)).unwrap();
                let again: OtpLoginConfirmation = serde_json::from_value(json.clone()).unwrap();
                assert_eq!(serde_json::to_value(again).unwrap(), json);
                Ok(())
            }
            _ => Ok(()),
        },
        3 => {
            let mut users = service.list(ID, &code(), 2)?;
            while let Some(page) = users.next_page() {
                for user in &page? {
                    let json = serde_json::to_vec(user).unwrap();
                    assert_eq!(
                        serde_json::from_slice::<otf_api::codegrade::OtpLoginableUser>(&json).unwrap(),
                        *user
                    );
                }
            }
            Ok(())
        }
        4 => service.select(ID, &SelectOtpLoginData::new(code(), 7)).map(|login| check_login(&login)),
        _ => {
            let mut prompts = 0;
            let ask = |_| {
                prompts += 1;
                (prompts < 10).then(|| ConfirmOtpLoginData::new(code()))
            };
            let login = service
                .login(&CreateOtpLoginData::new(email), ask, |users| users.first().map(|user| user.id));
            assert!(prompts <= 10);
            login.map(|login| check_login(&login))
        }
    }
}

fn check_login(login: &otf_api::codegrade::OtpLoginSingleResponse) {
    assert!(
        !format!("{login:?}").contains(login.access_token.expose()) || login.access_token.expose().len() < 8
    );
}

fn respond(request: &Request<Vec<u8>>, script: &mut Script<'_>) -> Answer {
    if script.byte() > 245 {
        return Err(failure(script));
    }
    let is_refusal = script.one_in(5);
    let template =
        if is_refusal { refusal(request, script.byte()) } else { template(request, script.byte()) };
    let status = status(script, if is_refusal { 404 } else { 200 });
    let mut answer = answer(status, presentable(body(&template, script)));
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
        answer.headers_mut().append(name, value);
    }
    Ok(answer)
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
    if path.ends_with("/challenge") {
        json!({"nonce": "a1b2c3", "difficulty": which % 10})
    } else if path.ends_with("/otp_logins") {
        json!({"id": ID})
    } else if path.ends_with("/confirm") && which % 2 == 1 {
        json!({"type": "select"})
    } else if path.ends_with("/users/") {
        json!([user(7), user(8)])
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
    for call in 0..6 {
        for which in [0, 1] {
            seeds.push((format!("call-{call}-{which}"), vec![call, 0, 0, which, 0, 0, 0, 0, 0, 0, 0, which]));
        }
        for refusal in [0, 1, 2, 3, 16] {
            seeds.push((format!("refused-{call}-{refusal}"), vec![call, 0, 4, refusal, 0, 0, 0]));
        }
    }
    seeds
}
