//! Call by call, against a server that behaves.

use otf_api::Secret;
use otf_api::codegrade::pow::{self, PowSolution, Solver};
use otf_api::codegrade::{
    CodeGrade, ConfirmOtpLoginData, CourseId, CreateOtpLoginData, Error, OtpLoginConfirmation,
    SelectOtpLoginData, TokenRestrictions, UserId,
};
use otf_api::sandbox::codegrade::{ISOLATED_USER, MANY_USERS, ONE_USER};
use otf_api::sandbox::{Fault, Sandbox};
use serde_json::json;

use super::*;

fn confirmed(confirmation: OtpLoginConfirmation) -> Session {
    match confirmation {
        OtpLoginConfirmation::Login(session) => session,
        other => panic!("no login: {other:?}"),
    }
}

#[test]
fn code_logs_in_a_single_user() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let created = codegrade.otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap();
    let data = ConfirmOtpLoginData::new(code(&sandbox, ONE_USER));
    let login = confirmed(codegrade.otp_login().confirm(&created.id, &data).unwrap());

    let user = login.user().unwrap();
    assert_eq!(user.username, "robin");
    assert_eq!(user.name.as_deref(), Some("Robin Example"));
    assert_eq!(user.email.as_deref(), Some(ONE_USER));
    assert_eq!(user.email_verified, Some(true));
    assert_eq!(user.permissions.len(), 35);
    assert!(user.permissions["can_edit_own_info"] && !user.permissions["is_admin"]);
    assert!(!login.token().is_empty());
    assert_eq!(*login.restrictions(), TokenRestrictions::new());
    assert!(login.expires_at().unwrap() > sandbox.now());

    let again = codegrade.otp_login().confirm(&created.id, &data).unwrap_err();
    assert!(again.is_not_found(), "{again}");
    sandbox.assert_no_unknown_routes();
}

#[test]
fn one_of_several_users_is_selected() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    let users: Vec<_> =
        codegrade.otp_login().list(&id, code.clone()).page_size(20).collect::<Result<_, _>>().unwrap();
    assert_eq!(users.len(), 45);
    assert_eq!(users.iter().filter(|user| !user.can_login).count(), 6);
    assert_eq!(users[1].tenant.as_ref().unwrap().name, "Example University");
    assert!(users[9].name.is_none() && users[19].tenant.is_none() && users[2].is_test_student);

    let select = SelectOtpLoginData::new(code, users[4].id);
    let login = codegrade.otp_login().select(&id, &select).unwrap();
    assert_eq!(login.user().unwrap().id, users[4].id);
    let again = codegrade.otp_login().select(&id, &select).unwrap_err();
    assert!(again.is_not_found(), "{again}");
}

#[test]
fn pages_are_fetched_on_demand() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    let mut users = codegrade.otp_login().list(&id, code.clone()).page_size(20);
    assert_eq!(count(&sandbox, "GET", LIST), 0);
    assert!(users.by_ref().take(20).all(|user| user.is_ok()));
    assert_eq!(count(&sandbox, "GET", LIST), 1);
    assert_eq!(users.next().unwrap().unwrap().id, UserId::new(121));
    assert_eq!(count(&sandbox, "GET", LIST), 2);

    // What is left of the page under way, then whole ones, then nothing.
    let lens: Vec<_> = std::iter::from_fn(|| users.next_page()).map(|page| page.unwrap().len()).collect();
    assert_eq!(lens, [19, 5]);
    assert!(users.next().is_none() && users.next_page().is_none());
    // It does not use up the login.
    assert_eq!(codegrade.otp_login().list(&id, code.clone()).page_size(50).count(), 45);

    let sizes: Vec<_> = sandbox
        .requests()
        .iter()
        .filter_map(|request| request.query("page-size").map(str::to_owned))
        .collect();
    assert_eq!(sizes, ["20", "20", "20", "50"]);
}

#[test]
fn page_size_is_1_to_50() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    for page_size in [0, 51, u32::MAX] {
        let mut list = codegrade.otp_login().list(&"id".into(), "1").page_size(page_size);
        let error = list.next().unwrap().unwrap_err();
        assert!(list.next().is_none());
        assert!(matches!(error, Error::InvalidInput { argument: "page_size", .. }), "{error}");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn create_solves_a_challenge_unless_given_a_solution() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    codegrade.otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap();
    assert_eq!((count(&sandbox, "GET", CHALLENGE), count(&sandbox, "POST", CREATE)), (1, 1));

    let challenge = codegrade.pow().unwrap();
    let solution = codegrade.solve(&challenge).unwrap();
    assert!(pow::verify(&challenge.nonce, challenge.difficulty, &solution.solution));
    sandbox.clear_requests();
    let data = CreateOtpLoginData::new(ONE_USER).pow(solution);
    codegrade.otp_login().create(&data).unwrap();
    assert_eq!((count(&sandbox, "GET", CHALLENGE), count(&sandbox, "POST", CREATE)), (0, 1));

    // A nonce serves once, and only for what solves it.
    let nonce = codegrade.pow().unwrap().nonce;
    for data in [data, CreateOtpLoginData::new(ONE_USER).pow(PowSolution::new(nonce, "no number"))] {
        let error = codegrade.otp_login().create(&data).unwrap_err();
        assert!(matches!(&error, Error::Api(api) if api.status == 400), "{error}");
    }
}

#[test]
fn tenant_filters_the_users() {
    let sandbox = Sandbox::start().unwrap();
    let (id, many) = selecting(&sandbox);
    let codegrade = client(&sandbox);
    let alone = codegrade.otp_login().list(&id, many.clone()).page_size(50).last().unwrap().unwrap();

    let data = CreateOtpLoginData::new(MANY_USERS).tenant_id(&alone.tenant_id);
    let created = codegrade.otp_login().create(&data).unwrap();
    let data = ConfirmOtpLoginData::new(code(&sandbox, MANY_USERS));
    let login = confirmed(codegrade.otp_login().confirm(&created.id, &data).unwrap());
    assert_eq!(login.user().unwrap().id, alone.id);
}

#[test]
fn unknown_address_is_a_404() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let created = codegrade.otp_login().create(&CreateOtpLoginData::new("nobody@example.com")).unwrap();
    assert_eq!(sandbox.codegrade().emailed_code("nobody@example.com"), None);
    let error = codegrade.otp_login().confirm(&created.id, &ConfirmOtpLoginData::new("123456")).unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[test]
fn five_wrong_codes_lock_the_login() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = created(&sandbox, ONE_USER);
    let codegrade = client(&sandbox);
    for _ in 0..5 {
        let error = codegrade.otp_login().confirm(&id, &ConfirmOtpLoginData::new("wrong")).unwrap_err();
        assert!(error.is_not_found());
    }
    let error = codegrade.otp_login().confirm(&id, &ConfirmOtpLoginData::new(code)).unwrap_err();
    assert!(error.is_not_found());
}

#[test]
fn login_expires() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = created(&sandbox, ONE_USER);
    sandbox.advance(Duration::from_secs(60 * 60));
    let error = client(&sandbox).otp_login().confirm(&id, &ConfirmOtpLoginData::new(code)).unwrap_err();
    assert!(error.is_not_found());
}

#[test]
fn isolated_session_error_says_how_to_continue() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = created(&sandbox, ISOLATED_USER);
    let codegrade = client(&sandbox);
    let data = ConfirmOtpLoginData::new(code);
    let error = codegrade.otp_login().confirm(&id, &data).unwrap_err();
    assert!(matches!(&error, Error::IsolatedSessionActive(api) if api.status == 409), "{error}");
    assert!(error.to_string().contains("confirm_session_termination"), "{error}");
    assert!(!error.is_retryable() && sandbox.codegrade().is_isolated(ISOLATED_USER));

    let sure = data.confirm_session_termination(true);
    confirmed(codegrade.otp_login().confirm(&id, &sure).unwrap());
    assert!(!sandbox.codegrade().is_isolated(ISOLATED_USER));
}

#[test]
fn spaces_around_a_code_are_ignored() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = created(&sandbox, MANY_USERS);
    let codegrade = client(&sandbox);
    let spaced = Secret::from(format!(" {}\r\n", code.expose()));
    codegrade.otp_login().confirm(&id, &ConfirmOtpLoginData::new(spaced.clone())).unwrap();
    let user = codegrade.otp_login().list(&id, spaced.clone()).page_size(1).next().unwrap().unwrap();
    codegrade.otp_login().select(&id, &SelectOtpLoginData::new(spaced, user.id)).unwrap();
}

#[test]
fn invalid_input_is_not_sent() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let service = codegrade.otp_login();
    let data = ConfirmOtpLoginData::new("123456");
    let argument = |error: Error| match error {
        Error::InvalidInput { argument, .. } => argument,
        other => panic!("{other}"),
    };
    assert_eq!(argument(service.create(&CreateOtpLoginData::new(" ")).unwrap_err()), "email");
    for id in ["", ".", "..", "a\nb", &"x".repeat(1_000)] {
        let id = &id.into();
        assert_eq!(argument(service.confirm(id, &data).unwrap_err()), "otp_id", "{id:?}");
        assert_eq!(argument(service.list(id, "1").next().unwrap().unwrap_err()), "otp_id");
        assert_eq!(
            argument(service.select(id, &SelectOtpLoginData::new("1", UserId::new(1))).unwrap_err()),
            "otp_id"
        );
    }
    assert_eq!(argument(service.confirm(&"id".into(), &ConfirmOtpLoginData::new(" ")).unwrap_err()), "code");
    assert_eq!(
        argument(service.select(&"id".into(), &SelectOtpLoginData::new("", UserId::new(1))).unwrap_err()),
        "code"
    );
    let mut users = service.list(&"id".into(), "1\n2");
    assert_eq!(argument(users.next().unwrap().unwrap_err()), "code");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn ids_and_tokens_are_percent_encoded() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let id = &"a/../b?c=d#é%2F".into();
    assert!(codegrade.otp_login().confirm(id, &ConfirmOtpLoginData::new("1")).unwrap_err().is_not_found());
    assert!(codegrade.otp_login().list(id, "1").page_size(20).next().unwrap().is_err());
    let select = SelectOtpLoginData::new("1", UserId::new(1));
    assert!(codegrade.otp_login().select(id, &select).unwrap_err().is_not_found());
    let encoded = "/api/v1/otp_logins/a%2F..%2Fb%3Fc%3Dd%23%C3%A9%252F";
    let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["confirm", "users/", "select"].map(|end| format!("{encoded}/{end}")));

    // The sandbox's page tokens are full of characters that mean something in a query.
    let (id, code) = selecting(&sandbox);
    assert_eq!(codegrade.otp_login().list(&id, code.clone()).page_size(7).count(), 45);
}

#[test]
fn unknown_fields_and_permissions_are_ignored() {
    let sandbox = Sandbox::start().unwrap();
    let (id, code) = created(&sandbox, ONE_USER);
    sandbox.fault(
        Fault::edit(|json| {
            json["new"] = json!({"a": [1]});
            json["user"]["new"] = json!(null);
            json["restrictions"] = json!({
                "for_context": {"course_id": 3, "new": 1},
                "removed_permissions": {"course": ["can_fly"]},
            });
            json["expires_at"] = json!("some day");
        })
        .on("POST", CONFIRM),
    );
    let login =
        confirmed(client(&sandbox).otp_login().confirm(&id, &ConfirmOtpLoginData::new(code)).unwrap());
    let restrictions = login.restrictions();
    assert_eq!(restrictions.for_context.as_ref().unwrap().course_id, CourseId::new(3));
    assert_eq!(restrictions.removed_permissions.as_ref().unwrap().course, ["can_fly"]);
    assert_eq!(login.expires_at(), None);
}

#[test]
fn address_must_be_https_or_loopback() {
    for url in ["http://example.com", "ftp://example.com", "", "https://u:p@example.com"] {
        assert!(matches!(CodeGrade::new(url), Err(Error::InvalidInput { argument: "host", .. })), "{url}");
    }
    CodeGrade::new(CodeGrade::PUBLIC).unwrap();
    CodeGrade::new("http://[::1]:1/").unwrap();
}

#[test]
fn client_is_shared_between_threads() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = builder(&sandbox).solver(Solver::new().max_difficulty(12)).build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let codegrade = codegrade.clone();
            scope.spawn(move || codegrade.otp_login().create(&CreateOtpLoginData::new(ONE_USER)).unwrap());
        }
    });
    assert_eq!(count(&sandbox, "POST", CREATE), 3);
}
