//! Errors, retries, secrets and the log.

use otf_api::codegrade::{
    ApiCode, ApiError, ConfirmOtpLoginData, CreateOtpLoginData, Error, SelectOtpLoginData, UserId,
};
use otf_api::jiff::Timestamp;
use otf_api::sandbox::codegrade::{MANY_USERS, ONE_USER};
use otf_api::sandbox::{Fault, Sandbox};
use otf_api::{Limits, TransportErrorKind};
use serde_json::{Value, json};

use super::*;
use crate::log_lines::capture;

fn api(error: &Error) -> &ApiError {
    error.api().unwrap_or_else(|| panic!("{error:?}"))
}

#[test]
fn errors_have_the_servers_message() {
    let sandbox = Sandbox::start().unwrap();
    let body = json!({
        "message": "The setting is off.", "description": "Nobody may.", "code": "DISABLED_SETTING",
        "request_id": "r-1", "disabled_setting": {"name": "X"}, "user_id": null,
    });
    sandbox.fault(Fault::status(403).body(body.to_string()).on("POST", CREATE));
    let error = client(&sandbox).otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap_err();
    let refusal = api(&error);
    assert_eq!((refusal.status, &refusal.code), (403, &Some(ApiCode::DisabledSetting)));
    assert_eq!(refusal.message.as_deref(), Some("The setting is off."));
    assert_eq!(refusal.description.as_deref(), Some("Nobody may."));
    assert_eq!(refusal.request_id.as_deref(), Some("r-1"));
    assert_eq!(
        error.to_string(),
        "POST /api/v1/otp_logins: the server responded with 403: The setting is off. (DISABLED_SETTING); this server does \
         not offer it: log in another way [request r-1]"
    );
}

#[test]
fn every_status_and_body_gives_a_typed_error() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let page = format!("<!DOCTYPE html><title>Oops</title>{}", "x".repeat(100_000));
    let bodies =
        ["", " ", &page, "[]", "\"text\"", "null", "{\"message\": 3}", "{", "{\"code\": \"NEW_CODE\"}"];
    for status in
        [300, 304, 400, 401, 402, 403, 404, 405, 409, 410, 418, 422, 451, 499, 500, 501, 502, 503, 504, 599]
    {
        for body in bodies {
            sandbox.fault(Fault::status(status).body(body).on("GET", CHALLENGE).times(4));
            let error = codegrade.pow().unwrap_err();
            sandbox.clear_faults();
            assert_eq!(api(&error).status, status, "{body:.20}");
            assert_eq!(error.is_retryable(), status >= 500);
            assert_eq!(error.is_not_found(), status == 404);
            assert_eq!(matches!(error, Error::NotLoggedIn(_)), status == 401);
            let shown = error.to_string();
            assert!(shown.len() < 300 && !shown.contains("<"), "{shown}");
            // A 304 has no body.
            if body.contains("NEW_CODE") && status != 304 {
                assert_eq!(api(&error).code, Some(ApiCode::Other("NEW_CODE".to_owned())));
            }
        }
    }
}

#[test]
fn not_found_says_what_it_can_mean() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let service = codegrade.otp_login();
    let confirm = service.confirm(&"id".into(), &ConfirmOtpLoginData::new("1")).unwrap_err();
    let list = service.list(&"id".into(), "1").next().unwrap().unwrap_err();
    let select = service.select(&"id".into(), &SelectOtpLoginData::new("1", UserId::new(1))).unwrap_err();
    for error in [confirm, list, select] {
        assert!(error.is_not_found() && api(&error).code == Some(ApiCode::ObjectNotFound));
        let shown = error.to_string();
        for meaning in ["code is wrong", "locked", "used up", "expired"] {
            assert!(shown.contains(meaning) && api(&error).hint().unwrap().contains(meaning), "{shown}");
        }
    }
    let (id, code) = selecting(&sandbox);
    let managed = service.select(&id, &SelectOtpLoginData::new(code, UserId::new(107))).unwrap_err();
    assert_eq!(api(&managed).status, 403);
    assert_eq!(api(&managed).missing_permissions, ["can_login_outside_system"]);
}

#[test]
fn redirects_are_not_followed() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.fault(Fault::redirect(&format!("{}/elsewhere", sandbox.url())).on("GET", CHALLENGE));
    let error = client(&sandbox).pow().unwrap_err();
    assert!(error.to_string().contains("redirect"), "{error}");
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn gets_are_retried() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    for (path, fault) in [
        (CHALLENGE, Fault::status(503)),
        (CHALLENGE, Fault::reset_before()),
        (LIST, Fault::status(500)),
        (LIST, Fault::truncate(3)),
    ] {
        sandbox.clear_requests();
        sandbox.fault(fault.on("GET", path).times(3));
        match path {
            LIST => assert_eq!(codegrade.otp_login().list(&id, code.clone()).page_size(50).count(), 45),
            _ => assert_eq!(codegrade.pow().unwrap().difficulty, 12),
        }
        assert_eq!(count(&sandbox, "GET", path), 4);
    }
    sandbox.clear_requests();
    sandbox.fault(Fault::status(400).on("GET", CHALLENGE));
    assert!(codegrade.pow().is_err());
    assert_eq!(count(&sandbox, "GET", CHALLENGE), 1);
}

#[test]
fn posts_are_never_sent_twice() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    let service = codegrade.otp_login();
    let faults = [
        (Fault::reset_before(), true),
        (Fault::reset_after(), true),
        (Fault::close_before(), true),
        (Fault::garbage(), true),
        (Fault::truncate(1), true),
        (Fault::empty(), true),
        (Fault::garbage_body(), true),
        (Fault::status(502), true),
        (Fault::status(504), true),
        (Fault::status(500), true),
        (Fault::status(503), true),
        (Fault::status(201), true),
        (Fault::status(202), true),
        (Fault::status(206), true),
        (Fault::status(303), true),
        (Fault::status(408), true),
        (Fault::status(307), false),
        (Fault::status(400), false),
        (Fault::status(429).header("Retry-After", "0"), false),
    ];
    for (fault, is_unknown) in faults {
        for path in [CREATE, CONFIRM, SELECT] {
            sandbox.clear_requests();
            sandbox.fault(fault.clone().on("POST", path));
            let error = match path {
                CREATE => service.create(&CreateOtpLoginData::new(ONE_USER)).unwrap_err(),
                // A wrong code would lock the login in the end.
                CONFIRM => service.confirm(&id, &ConfirmOtpLoginData::new(code.clone())).unwrap_err(),
                _ => {
                    service.select(&id, &SelectOtpLoginData::new(code.clone(), UserId::new(107))).unwrap_err()
                }
            };
            sandbox.clear_faults();
            assert_eq!(count(&sandbox, "POST", path), 1, "{fault:?}");
            assert_eq!(matches!(error, Error::OutcomeUnknown { .. }), is_unknown, "{fault:?}: {error}");
            assert!(!is_unknown || !error.is_retryable());
        }
    }
}

#[test]
fn post_is_retried_if_it_was_never_sent() {
    let sandbox = Sandbox::start().unwrap();
    let (codegrade, pauses) = noting(&sandbox, RetryPolicy::default());
    drop(sandbox);
    let data = ConfirmOtpLoginData::new("123456");
    let error = codegrade.otp_login().confirm(&"id".into(), &data).unwrap_err();
    assert!(
        matches!(&error, Error::Transport { source, .. } if source.kind() == TransportErrorKind::NotSent),
        "{error}"
    );
    assert_eq!(pauses.lock().unwrap().len(), 3);
    assert!(codegrade.pow().is_err());
    assert_eq!(pauses.lock().unwrap().len(), 6);
}

#[test]
fn rate_limit_is_waited_for_up_to_the_callers_bound() {
    let bound = RetryPolicy::default().max_delay(Duration::from_secs(5));
    let cases = [
        (json!(2), Some(Duration::from_secs(2))),
        (json!(0.25), Some(Duration::from_millis(250))),
        (json!("PT3S"), Some(Duration::from_secs(3))),
        (json!("4"), Some(Duration::from_secs(4))),
        (json!(5), Some(Duration::from_secs(5))),
        (json!(0), Some(Duration::ZERO)),
        // Longer than the bound: not waited for.
        (json!(5.5), None),
        (json!(u64::MAX), None),
        (json!(1e300), None),
        (json!("P2DT1H"), None),
    ];
    for (retry_after, pause) in cases {
        let sandbox = Sandbox::start().unwrap();
        let (codegrade, pauses) = noting(&sandbox, bound.clone());
        sandbox.codegrade().rate_limit(1, retry_after.clone());
        let result = codegrade.pow();
        assert_eq!(*pauses.lock().unwrap(), pause.into_iter().collect::<Vec<_>>(), "{retry_after}");
        match result {
            Ok(_) => assert!(pause.is_some()),
            Err(error) => {
                assert!(matches!(error, Error::RateLimited(_)), "{error}");
                assert!(error.retry_after().unwrap() > Duration::from_secs(5));
            }
        }
    }
}

#[test]
fn invalid_rate_limit_is_ignored() {
    for retry_after in
        [json!(-3), json!(-1e300), json!(null), json!("soon"), json!([1]), json!(true), json!("-PT3S")]
    {
        let sandbox = Sandbox::start().unwrap();
        let (codegrade, pauses) = noting(&sandbox, RetryPolicy::default());
        sandbox.codegrade().rate_limit(2, retry_after.clone());
        codegrade.pow().unwrap();
        assert_eq!(pauses.lock().unwrap().len(), 2, "{retry_after}");
        assert!(pauses.lock().unwrap().iter().all(|pause| *pause <= Duration::from_secs(1)));
    }
}

#[test]
fn rate_limit_error_says_how_long_to_wait() {
    let sandbox = Sandbox::start().unwrap();
    let (codegrade, pauses) = noting(&sandbox, RetryPolicy::default());
    sandbox.codegrade().rate_limit(4, 7);
    let error = codegrade.pow().unwrap_err();
    assert!(matches!(error, Error::RateLimited(_) if error.retry_after().unwrap().as_secs() == 7), "{error}");
    assert_eq!(pauses.lock().unwrap().len(), 3);

    // A POST fails at once, and the `Retry-After` header of a proxy does as well.
    let confirm = ConfirmOtpLoginData::new("1");
    sandbox.codegrade().rate_limit(1, 7);
    let error = codegrade.otp_login().confirm(&"id".into(), &confirm).unwrap_err();
    assert!(matches!(error, Error::RateLimited(_) if error.retry_after().unwrap().as_secs() == 7), "{error}");
    sandbox.fault(Fault::status(429).header("Retry-After", "9").on("POST", CONFIRM));
    let error = codegrade.otp_login().confirm(&"id".into(), &confirm).unwrap_err();
    assert!(matches!(error, Error::RateLimited(_) if error.retry_after().unwrap().as_secs() == 9), "{error}");
    assert_eq!(pauses.lock().unwrap().len(), 3);
}

#[test]
fn unavailable_server_says_how_long_to_wait() {
    let sandbox = Sandbox::start().unwrap();
    let now: Timestamp = "2026-04-04T07:05:09Z".parse().unwrap();
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let slept = Arc::clone(&pauses);
    let sleep = move |pause| slept.lock().unwrap().push(pause);
    let codegrade = builder(&sandbox).sleep(sleep).clock(move || now).build().unwrap();
    let down = |until| Fault::status(503).header("Retry-After", until).on("GET", CHALLENGE);
    sandbox.fault(down("Sat, 04 Apr 2026 07:05:19 GMT"));
    codegrade.pow().unwrap();
    assert_eq!(*pauses.lock().unwrap(), [Duration::from_secs(10)]);
    sandbox.fault(down("Sat, 04 Apr 2026 08:05:09 GMT"));
    let error = codegrade.pow().unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)), "{error:?}");
    assert_eq!(pauses.lock().unwrap().len(), 1);
}

#[test]
fn time_limits_are_enforced() {
    let sandbox = Sandbox::start().unwrap();
    let limits = Limits::default().timeout(Duration::from_millis(150));
    let codegrade = builder(&sandbox).limits(limits).retry(RetryPolicy::never()).build().unwrap();
    sandbox.fault(Fault::stall().on("GET", CHALLENGE));
    let error = codegrade.pow().unwrap_err();
    assert!(
        matches!(&error, Error::Transport { source, .. } if source.kind() == TransportErrorKind::TimedOut),
        "{error}"
    );
}

#[test]
fn errors_and_log_contain_no_secrets() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let service = codegrade.otp_login();
    let mut shown = String::new();
    let mut secrets = Vec::new();
    let ((), lines) = capture(|| {
        let id = service.create(&CreateOtpLoginData::new(MANY_USERS)).unwrap().id;
        let code = code(&sandbox, MANY_USERS);
        secrets.push(code.expose().to_owned());
        let echo = json!({
            "message": format!("{} is not the code of {MANY_USERS}", code.expose()),
            "description": code.expose(), "code": code.expose(), "request_id": MANY_USERS,
        });
        let confirm = ConfirmOtpLoginData::new(code.clone());
        let select = SelectOtpLoginData::new(code.clone(), UserId::new(101));
        for path in [CREATE, CONFIRM, LIST, SELECT] {
            let method = if path == LIST { "GET" } else { "POST" };
            sandbox.fault(Fault::status(400).body(echo.to_string()).on(method, path));
        }
        let own = CreateOtpLoginData::new(MANY_USERS);
        shown += &format!("{:?}", service.confirm(&id, &confirm).unwrap_err());
        shown += &format!("{:?}", service.list(&id, code.clone()).page_size(20).next().unwrap().unwrap_err());
        shown += &format!("{:?}", service.select(&id, &select).unwrap_err());
        assert!(!shown.contains(code.expose()), "{shown}");
        let error = service.create(&own).unwrap_err();
        assert!(!format!("{error:?} {error}").contains(MANY_USERS), "{error:?}");

        service.confirm(&id, &confirm).unwrap();
        let users = service.list(&id, code.clone()).page_size(20);
        shown += &format!("{users:?} {confirm:?} {select:?} {codegrade:?}");
        // The token is cut off, or is no text: either way it was on its way.
        sandbox.fault(Fault::edit(|json| json["access_token"] = json!(987_654_321)).on("POST", SELECT));
        shown += &format!("{:?}", service.select(&id, &select).unwrap_err());
        secrets.push("987654321".to_owned());
        let id = service.create(&CreateOtpLoginData::new(ONE_USER)).unwrap().id;
        let code = sandbox.codegrade().emailed_code(ONE_USER).unwrap();
        let login = service.confirm(&id, &ConfirmOtpLoginData::new(code)).unwrap();
        shown += &format!("{login:?}");
        let otf_api::codegrade::OtpLoginConfirmation::Login(login) = login else { panic!() };
        secrets.push(login.token().expose().to_owned());
    });
    assert!(!lines.is_empty());
    let lines = lines.join("\n");
    for secret in &secrets {
        assert!(!secret.is_empty() && !shown.contains(secret) && !lines.contains(secret), "{shown}\n{lines}");
    }
    assert!(!lines.contains("@"), "{lines}");
}

#[test]
fn warnings_of_the_server_are_logged() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let malformed = ["", "nonsense", "299 agent text", "299 agent \"open", "x agent \"text\""];
    sandbox.codegrade().set_warnings(&[r#"299 codegrade "Use \"v2\"""#, r#"214 - "one", 199 - "two""#]);
    let (_, lines) = capture(|| codegrade.pow().unwrap());
    let warnings: Vec<_> = lines.iter().filter(|line| line.starts_with("WARN")).collect();
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings[0].contains(r#"Use "v2""#) && warnings[0].contains("codegrade"), "{warnings:?}");

    sandbox.codegrade().set_warnings(&malformed);
    let (challenge, lines) = capture(|| codegrade.pow());
    assert!(challenge.is_ok() && !lines.iter().any(|line| line.starts_with("WARN")), "{lines:?}");

    // They come with refusals too.
    sandbox.codegrade().set_warnings(&[r#"299 - "careful""#]);
    let (_, lines) = capture(|| codegrade.otp_login().confirm(&"id".into(), &ConfirmOtpLoginData::new("1")));
    assert!(lines.iter().any(|line| line.starts_with("WARN") && line.contains("careful")), "{lines:?}");
}

#[test]
fn invalid_response_names_the_json_path() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let confirm = |change: fn(&mut Value)| {
        let (id, code) = created(&sandbox, ONE_USER);
        sandbox.fault(Fault::edit(change).on("POST", CONFIRM));
        match codegrade.otp_login().confirm(&id, &ConfirmOtpLoginData::new(code)).unwrap_err() {
            Error::OutcomeUnknown { source, .. } => source.to_string(),
            error => panic!("{error}"),
        }
    };
    assert!(confirm(|json| json["user"]["id"] = json!("seven")).contains("user.id"));
    assert!(confirm(|json| json["type"] = json!("other")).contains("type"));
    assert!(confirm(|json| *json = json!([])).contains("unexpected response"));
    assert!(confirm(|json| json["access_token"] = json!(null)).contains("access_token"));

    sandbox.fault(Fault::edit(|json| json["id"] = json!("")).on("POST", CREATE));
    let error = codegrade.otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error}");
}
