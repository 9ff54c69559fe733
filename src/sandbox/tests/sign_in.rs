//! Signing in with a password and what else is asked for.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::client::{CLIENT_ID, Client, POOL, Srp, device_config, signed_time, with};
use crate::sandbox::{MFA_CODE, NEW, NOA, PAT, Sandbox};

type Refused = (String, String);

/// The first step: the challenge.
pub(super) fn begin(client: &mut Client, email: &str, device: Option<&str>) -> Result<(Srp, Value), Refused> {
    let srp = Srp::new();
    let mut parameters = json!({"USERNAME": email, "SRP_A": srp.public()});
    if let Some(device) = device {
        parameters["DEVICE_KEY"] = device.into();
    }
    let body = json!({"AuthFlow": "USER_SRP_AUTH", "ClientId": CLIENT_ID, "AuthParameters": parameters});
    let challenge = client.idp("InitiateAuth", &body)?;
    assert_eq!(challenge["ChallengeName"], "PASSWORD_VERIFIER");
    Ok((srp, challenge))
}

pub(super) fn respond(client: &mut Client, challenge: &Value, responses: &Value) -> Result<Value, Refused> {
    let mut body = json!({
        "ChallengeName": challenge["ChallengeName"],
        "ClientId": CLIENT_ID,
        "ChallengeResponses": responses,
    });
    if challenge["Session"].is_string() {
        body["Session"] = challenge["Session"].clone();
    }
    client.idp("RespondToAuthChallenge", &body)
}

/// The response to a PASSWORD_VERIFIER with this password, now.
pub(super) fn prove(srp: &Srp, challenge: &Value, password: &str) -> Value {
    let parameters = &challenge["ChallengeParameters"];
    let name = format!("{POOL}{}", parameters["USER_ID_FOR_SRP"].as_str().unwrap());
    let response = srp.respond(parameters, &name, password, &signed_time(Timestamp::now()));
    with(response, &[("USERNAME", parameters["USERNAME"].as_str().unwrap())])
}

/// Both steps.
pub(super) fn sign_in(
    client: &mut Client,
    email: &str,
    password: &str,
    device: Option<&str>,
) -> Result<Value, Refused> {
    let (srp, challenge) = begin(client, email, device)?;
    let mut responses = prove(&srp, &challenge, password);
    if let Some(device) = device {
        responses["DEVICE_KEY"] = device.into();
    }
    respond(client, &challenge, &responses)
}

/// Signs in and confirms the device: the result, the device's key, its group key.
pub(super) fn with_device(client: &mut Client, email: &str, password: &str) -> (Value, String, String) {
    let result = sign_in(client, email, password, None).unwrap()["AuthenticationResult"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let key = text(&result["NewDeviceMetadata"]["DeviceKey"]);
    let group = text(&result["NewDeviceMetadata"]["DeviceGroupKey"]);
    let body = json!({
        "AccessToken": result["AccessToken"],
        "DeviceKey": key,
        "DeviceName": "test",
        "DeviceSecretVerifierConfig": device_config(&format!("{group}{key}"), "device password"),
    });
    assert_eq!(client.idp("ConfirmDevice", &body).unwrap(), json!({"UserConfirmationNecessary": false}));
    (result, key, group)
}

fn refused(kind: &str, message: &str) -> Result<Value, Refused> {
    Err((kind.to_owned(), message.to_owned()))
}

fn wrong_password() -> Result<Value, Refused> {
    refused("NotAuthorizedException", "Incorrect username or password.")
}

#[test]
fn the_right_password_signs_in() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    for account in [PAT, NOA, NEW] {
        let result = sign_in(&mut client, account.email, account.password, None).unwrap();
        let result = &result["AuthenticationResult"];
        assert_eq!(result["TokenType"], "Bearer");
        assert_eq!(result["ExpiresIn"], 3600);
        assert!(result["NewDeviceMetadata"]["DeviceKey"].as_str().unwrap().starts_with("us-east-1_"));
    }
    assert_eq!(sandbox.count_operation("InitiateAuth"), 3);
    assert_eq!(sandbox.count("POST", "/"), 6);
    assert_eq!(sandbox.connections(), 1);
    sandbox.assert_no_unknown_routes();
}

#[test]
fn wrong_passwords_are_refused_and_the_fifth_locks_out() {
    let sandbox = Sandbox::builder().strict_clock(false).start().unwrap();
    let mut client = Client::new(&sandbox);
    for _ in 0..4 {
        assert_eq!(sign_in(&mut client, PAT.email, "wrong", None), wrong_password());
    }
    sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
    for _ in 0..5 {
        assert_eq!(sign_in(&mut client, PAT.email, "wrong", None), wrong_password());
    }
    let locked = refused("NotAuthorizedException", "Password attempts exceeded");
    assert_eq!(sign_in(&mut client, PAT.email, PAT.password, None), locked);
    sandbox.advance(std::time::Duration::from_secs(15 * 60));
    sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
}

#[test]
fn unknown_users_are_named_or_hidden() {
    let sandbox = Sandbox::start().unwrap();
    let unknown = sign_in(&mut Client::new(&sandbox), "nobody@example.com", "x", None);
    assert_eq!(unknown, refused("UserNotFoundException", "User does not exist."));

    let sandbox = Sandbox::builder().hide_unknown_users(true).start().unwrap();
    assert_eq!(sign_in(&mut Client::new(&sandbox), "nobody@example.com", "x", None), wrong_password());
}

#[test]
fn a_proof_counts_once_unchanged_and_for_its_user() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let client = &mut client;

    let (srp, challenge) = begin(client, PAT.email, None).unwrap();
    let proof = prove(&srp, &challenge, PAT.password);
    let tampered = with(proof.clone(), &[("PASSWORD_CLAIM_SECRET_BLOCK", "AAAA")]);
    assert_eq!(respond(client, &challenge, &tampered), wrong_password());
    respond(client, &challenge, &proof).unwrap();
    assert_eq!(respond(client, &challenge, &proof), wrong_password());

    let (srp, challenge) = begin(client, PAT.email, None).unwrap();
    let proof = prove(&srp, &challenge, PAT.password);
    let stolen = with(proof, &[("USERNAME", NOA.email)]);
    assert_eq!(respond(client, &challenge, &stolen), wrong_password());
}

#[test]
fn the_email_is_not_the_user_id() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let (srp, challenge) = begin(&mut client, PAT.email, None).unwrap();
    assert_eq!(challenge["ChallengeParameters"]["USER_ID_FOR_SRP"], PAT.member_uuid);
    let name = format!("{POOL}{}", PAT.email);
    let now = signed_time(Timestamp::now());
    let proof = srp.respond(&challenge["ChallengeParameters"], &name, PAT.password, &now);
    assert_eq!(respond(&mut client, &challenge, &with(proof, &[("USERNAME", PAT.email)])), wrong_password());
}

#[test]
fn the_time_must_be_well_formed_and_near() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let mut at = |time: &str| {
        let (srp, challenge) = begin(&mut client, PAT.email, None).unwrap();
        let name = format!("{POOL}{}", PAT.member_uuid);
        let proof = srp.respond(&challenge["ChallengeParameters"], &name, PAT.password, time);
        respond(&mut client, &challenge, &with(proof, &[("USERNAME", PAT.email)]))
    };
    let now = Timestamp::now();
    at(&signed_time(now - SignedDuration::from_mins(4))).unwrap();
    assert_eq!(at(&signed_time(now - SignedDuration::from_mins(6))), wrong_password());
    assert_eq!(at(&signed_time(now + SignedDuration::from_mins(6))), wrong_password());
    let (kind, message) = at("Sat Apr 04 07:05:09 UTC 2026").unwrap_err();
    assert_eq!(kind, "InvalidParameterException");
    assert!(message.starts_with("TIMESTAMP format"), "{message}");
}

#[test]
fn multiples_of_the_prime_are_refused_as_a() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    for a in ["0", crate::sandbox::pool::PRIME, "not hex", ""] {
        let parameters = json!({"USERNAME": PAT.email, "SRP_A": a});
        let body = json!({"AuthFlow": "USER_SRP_AUTH", "ClientId": CLIENT_ID, "AuthParameters": parameters});
        assert_eq!(client.idp("InitiateAuth", &body).unwrap_err().0, "InvalidParameterException", "{a}");
    }
}

#[test]
fn codes_are_asked_for_in_order() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.require_challenge(PAT.email, "SMS_MFA");
    sandbox.require_challenge(PAT.email, "SOFTWARE_TOKEN_MFA");
    let mut client = Client::new(&sandbox);
    let client = &mut client;
    for sessions in [None, Some(true), Some(false)] {
        sandbox.session_tokens(sessions);
        let sms = sign_in(client, PAT.email, PAT.password, None).unwrap();
        assert_eq!(sms["ChallengeName"], "SMS_MFA");
        assert_eq!(sms["Session"].is_string(), sessions != Some(false));
        let wrong = respond(client, &sms, &json!({"USERNAME": PAT.email, "SMS_MFA_CODE": "000000"}));
        assert_eq!(wrong.unwrap_err().0, "CodeMismatchException");
        let totp = respond(client, &sms, &json!({"USERNAME": PAT.email, "SMS_MFA_CODE": MFA_CODE})).unwrap();
        assert_eq!(totp["ChallengeName"], "SOFTWARE_TOKEN_MFA");
        let responses = json!({"USERNAME": PAT.email, "SOFTWARE_TOKEN_MFA_CODE": MFA_CODE});
        assert!(respond(client, &totp, &responses).unwrap()["AuthenticationResult"].is_object());
    }
}

#[test]
fn a_session_must_be_sent_back() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.session_tokens(true);
    let mut client = Client::new(&sandbox);
    let (srp, mut challenge) = begin(&mut client, PAT.email, None).unwrap();
    let proof = prove(&srp, &challenge, PAT.password);
    challenge["Session"] = Value::Null;
    assert_eq!(respond(&mut client, &challenge, &proof).unwrap_err().0, "InvalidParameterException");
    sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
}

#[test]
fn a_new_password_replaces_the_old_one() {
    let sandbox = Sandbox::start().unwrap();
    let account = sandbox.add_account("more@example.com", "Temporary-1");
    sandbox.require_challenge(account.email, "NEW_PASSWORD_REQUIRED");
    let mut client = Client::new(&sandbox);
    let challenge = sign_in(&mut client, account.email, account.password, None).unwrap();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let new = |password| json!({"USERNAME": account.email, "NEW_PASSWORD": password});
    assert_eq!(respond(&mut client, &challenge, &new("short")).unwrap_err().0, "InvalidPasswordException");
    respond(&mut client, &challenge, &new("Lasting-22")).unwrap();
    assert_eq!(sign_in(&mut client, account.email, account.password, None), wrong_password());
    let result = sign_in(&mut client, account.email, "Lasting-22", None).unwrap();
    assert!(result["AuthenticationResult"].is_object());
}

#[test]
fn an_unknown_challenge_accepts_no_response() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.require_challenge(PAT.email, "RETINA_SCAN");
    let mut client = Client::new(&sandbox);
    let challenge = sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
    assert_eq!(challenge["ChallengeName"], "RETINA_SCAN");
    assert!(respond(&mut client, &challenge, &json!({"USERNAME": PAT.email})).is_err());
}

#[test]
fn a_remembered_device_proves_itself() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let client = &mut client;
    let (_, key, group) = with_device(client, PAT.email, PAT.password);
    let again = sign_in(client, PAT.email, PAT.password, Some(&key)).unwrap();
    assert!(again["AuthenticationResult"]["NewDeviceMetadata"].is_null());

    sandbox.remember_devices(PAT.email);
    sandbox.require_challenge(PAT.email, "SMS_MFA");
    let mut device_sign_in = |password: &str, sessions: bool| {
        sandbox.session_tokens(sessions);
        let srp_auth = sign_in(client, PAT.email, PAT.password, Some(&key)).unwrap();
        assert_eq!(srp_auth["ChallengeName"], "DEVICE_SRP_AUTH");
        let srp = Srp::new();
        let names = [("USERNAME", PAT.email), ("DEVICE_KEY", key.as_str())];
        let responses = with(json!({"SRP_A": srp.public()}), &names);
        let verifier = respond(client, &srp_auth, &responses).unwrap();
        assert_eq!(verifier["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
        let now = signed_time(Timestamp::now());
        let proof = srp.respond(&verifier["ChallengeParameters"], &format!("{group}{key}"), password, &now);
        respond(client, &verifier, &with(proof, &names))
    };
    for sessions in [false, true] {
        assert!(device_sign_in("device password", sessions).unwrap()["AuthenticationResult"].is_object());
        assert_eq!(device_sign_in("wrong", sessions), wrong_password());
    }
}

#[test]
fn a_forgotten_device_does_not_exist() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let (_, key, _) = with_device(&mut client, PAT.email, PAT.password);
    sandbox.forget_devices(PAT.email);
    let gone = refused("ResourceNotFoundException", "Device does not exist.");
    assert_eq!(sign_in(&mut client, PAT.email, PAT.password, Some(&key)), gone);
    sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
}

#[test]
fn a_device_is_confirmed_by_its_own_session_and_well_formed() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let result = sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
    let result = &result["AuthenticationResult"];
    let mut confirm = |token: &Value, key: &Value, config: Value| {
        let body = json!({"AccessToken": token, "DeviceKey": key, "DeviceSecretVerifierConfig": config});
        client.idp("ConfirmDevice", &body).map_err(|(kind, _)| kind)
    };
    let (token, key) = (&result["AccessToken"], &result["NewDeviceMetadata"]["DeviceKey"]);
    let good = device_config("name", "password");
    let not_authorized = Err("NotAuthorizedException".to_owned());
    assert_eq!(confirm(&result["IdToken"], key, good.clone()), not_authorized);
    assert_eq!(confirm(token, &json!("us-east-1_other"), good.clone()), not_authorized);
    for (field, bad) in [("Salt", "gICAgA=="), ("Salt", "AAE="), ("Salt", "!"), ("PasswordVerifier", "")] {
        let config = with(good.clone(), &[(field, bad)]);
        assert_eq!(confirm(token, key, config), Err("InvalidParameterException".to_owned()), "{field} {bad}");
    }
    confirm(token, key, good).unwrap();
}

#[test]
fn email_addresses_are_case_sensitive_unless_switched() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let upper = PAT.email.to_uppercase();
    assert_eq!(sign_in(&mut client, &upper, PAT.password, None).unwrap_err().0, "UserNotFoundException");
    sandbox.ignore_email_case(true);
    sign_in(&mut client, &upper, PAT.password, None).unwrap();
}
