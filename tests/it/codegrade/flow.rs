//! The whole login in one call.

use otf_api::codegrade::{
    CodePrompt, ConfirmOtpLoginData, CreateOtpLoginData, Error, OtpLoginableUser, UserId,
};
use otf_api::sandbox::codegrade::{ISOLATED_USER, MANY_USERS, ONE_USER};
use otf_api::sandbox::{Fault, Sandbox};

use serde_json::json;

use super::*;

fn nobody(_: &[OtpLoginableUser]) -> Option<UserId> {
    panic!("there is nothing to choose")
}

fn read(sandbox: &Sandbox, email: &str) -> Option<ConfirmOtpLoginData> {
    sandbox.codegrade().emailed_code(email).map(ConfirmOtpLoginData::new)
}

#[test]
fn login_with_one_user() {
    let sandbox = Sandbox::start().unwrap();
    let data = CreateOtpLoginData::new(ONE_USER);
    let mut prompts = Vec::new();
    let code = |prompt| {
        prompts.push(prompt);
        read(&sandbox, ONE_USER)
    };
    let login = client(&sandbox).login(&data, code, nobody).unwrap();
    assert_eq!(prompts, [CodePrompt::Emailed]);
    assert_eq!(sandbox.requests().len(), 3);
    assert_eq!(login.user().unwrap().username, "robin");
}

#[test]
fn login_with_several_users() {
    let sandbox = Sandbox::start().unwrap();
    let data = CreateOtpLoginData::new(MANY_USERS);
    let choose = |users: &[OtpLoginableUser]| {
        assert_eq!(users.len(), 45);
        users.iter().find(|user| user.name.as_deref() == Some("Many Example 44")).map(|user| user.id)
    };
    let login = client(&sandbox).login(&data, |_| read(&sandbox, MANY_USERS), choose).unwrap();
    assert_eq!(login.user().unwrap().username, "many-44");
}

#[test]
fn unreadable_user_does_not_block_the_others() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.fault(Fault::edit(|users| users[1]["id"] = json!("seven")).on("GET", LIST));
    let data = CreateOtpLoginData::new(MANY_USERS);
    let choose = |users: &[OtpLoginableUser]| {
        assert_eq!(users.len(), 44);
        users.iter().find(|user| user.can_login).map(|user| user.id)
    };
    client(&sandbox).login(&data, |_| read(&sandbox, MANY_USERS), choose).unwrap();

    sandbox.fault(Fault::status(200).body("{}").on("GET", LIST));
    let error = client(&sandbox).login(&data, |_| read(&sandbox, MANY_USERS), nobody).unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error}");
}

#[test]
fn wrong_code_is_asked_for_again() {
    let sandbox = Sandbox::start().unwrap();
    let data = CreateOtpLoginData::new(ONE_USER);
    let mut prompts = Vec::new();
    let code = |prompt| {
        prompts.push(prompt);
        match prompt {
            CodePrompt::Refused { attempts_left: 2 } => read(&sandbox, ONE_USER),
            _ => Some(ConfirmOtpLoginData::new("wrong")),
        }
    };
    client(&sandbox).login(&data, code, nobody).unwrap();
    let refused = [4, 3, 2].map(|attempts_left| CodePrompt::Refused { attempts_left });
    assert_eq!(prompts[0], CodePrompt::Emailed);
    assert_eq!(prompts[1..], refused);
}

#[test]
fn wrong_codes_end_the_login() {
    let sandbox = Sandbox::start().unwrap();
    let data = CreateOtpLoginData::new(ONE_USER);
    let error =
        client(&sandbox).login(&data, |_| Some(ConfirmOtpLoginData::new("wrong")), nobody).unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(count(&sandbox, "POST", CONFIRM), 5);
}

#[test]
fn giving_up_is_an_error_that_names_the_step() {
    let sandbox = Sandbox::start().unwrap();
    let codegrade = client(&sandbox);
    let error = codegrade.login(&CreateOtpLoginData::new(ONE_USER), |_| None, nobody).unwrap_err();
    assert!(matches!(error, Error::InvalidInput { argument: "code", .. }), "{error}");

    let once = |prompt| (prompt == CodePrompt::Emailed).then(|| ConfirmOtpLoginData::new("wrong"));
    let error = codegrade.login(&CreateOtpLoginData::new(ONE_USER), once, nobody).unwrap_err();
    assert!(error.is_not_found(), "{error}");

    for chosen in [None, Some(UserId::new(107)), Some(UserId::new(9_999))] {
        let data = CreateOtpLoginData::new(MANY_USERS);
        let error = codegrade.login(&data, |_| read(&sandbox, MANY_USERS), |_| chosen).unwrap_err();
        assert!(matches!(error, Error::InvalidInput { argument: "user_id", .. }), "{error}");
    }
    assert_eq!(count(&sandbox, "POST", SELECT), 0);
}

#[test]
fn isolated_session_is_asked_about() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.codegrade().isolate(MANY_USERS);
    for email in [ISOLATED_USER, MANY_USERS] {
        let data = CreateOtpLoginData::new(email);
        let choose = |users: &[OtpLoginableUser]| users.first().map(|user| user.id);

        let declined = |prompt| match prompt {
            CodePrompt::IsolatedSession => None,
            _ => read(&sandbox, email),
        };
        let error = client(&sandbox).login(&data, declined, choose).unwrap_err();
        assert!(matches!(error, Error::IsolatedSessionActive(_)), "{error}");
        assert!(sandbox.codegrade().is_isolated(email));

        let accepted = |prompt| {
            let data = read(&sandbox, email)?;
            Some(data.confirm_session_termination(prompt == CodePrompt::IsolatedSession))
        };
        client(&sandbox).login(&data, accepted, choose).unwrap();
        assert!(!sandbox.codegrade().is_isolated(email));
    }
}

#[test]
fn isolation_agreed_at_the_start_holds_for_the_selection() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.codegrade().isolate(MANY_USERS);
    let sure = |prompt| {
        assert_eq!(prompt, CodePrompt::Emailed);
        Some(read(&sandbox, MANY_USERS)?.confirm_session_termination(true))
    };
    let data = CreateOtpLoginData::new(MANY_USERS);
    client(&sandbox).login(&data, sure, |users| Some(users[0].id)).unwrap();
}
