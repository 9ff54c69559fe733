//! The responses of the user pool, the identity pool and the key set's host, during each way of signing in.

use std::sync::{Arc, Mutex};

use otf_api::auth::{ChallengeResponse, Credentials, Device, Session};
use otf_api::http::{HeaderValue, Method, Request};
use otf_api::{Error, Host, MemoryStore, Otf, Secret, Store};
use serde_json::{Value, json};

use super::harness::{
    EMAIL, MARK, MEMBER, Net, Reply, builder, check_error, failure, now, operation, refreshed, reply, secret,
    status, tokens,
};
use super::script::Script;
use super::store;
use super::tree::body;

/// How a sign-in begins: with a password, the same from a known device, and with three kinds of session.
const WAYS: usize = 5;

pub(crate) fn run(data: &[u8]) {
    let mut script = Script::new(data);
    // Passwords are less frequent, because their mathematics takes a hundred times as long as all the rest.
    let way = match script.below(17) {
        way if way < WAYS => way,
        more => 2 + more % 3,
    };
    let store = Arc::new(MemoryStore::new());
    match way {
        1 => store
            .write(
                &key("device.json"),
                json!({"key": "d0", "group_key": "g0", "password": secret("device")}).to_string().as_bytes(),
            )
            .unwrap(),
        3 => store
            .write(&key("tokens.json"), json!({"refresh_token": secret("stored")}).to_string().as_bytes())
            .unwrap(),
        _ => {}
    }
    let owned = Arc::new(Mutex::new(script.rest().to_vec()));
    let refused = Arc::new(Mutex::new(false));
    let net = Net::new({
        let (owned, refused) = (Arc::clone(&owned), Arc::clone(&refused));
        move |request| {
            let mut bytes = owned.lock().unwrap();
            let mut script = Script::new(&bytes);
            let replied = respond(request, &mut script);
            let rest = script.rest().to_vec();
            *refused.lock().unwrap() |= replied.as_ref().is_ok_and(|reply| reply.status().is_client_error());
            *bytes = rest;
            replied
        }
    });
    let builder = builder(&net)
        .store(Arc::clone(&store))
        .on_challenge(|_| Ok(ChallengeResponse::new(secret("code")).attribute("given_name", "Robin")));
    let result = match way {
        0 | 1 => builder.credentials(Credentials::new(EMAIL, secret("password"))).login(),
        way => builder.session(session(way)).login(),
    };
    let asked = net.take();
    assert!(asked.len() <= 80, "{} requests", asked.len());
    match result {
        Ok(otf) => signed_in(&otf, &net, store.as_ref()),
        Err(error) => {
            check_error(&error);
            assert!(error.to_string().len() < 2_000 || matches!(error, Error::Authentication { .. }));
        }
    }
    keeps_what_was_good(way, store.as_ref(), *refused.lock().unwrap());
}

fn session(way: usize) -> Session {
    let device = Device { key: "d0".into(), group_key: "g0".into(), password: Secret::new(secret("device")) };
    let (id_token, access_token) = tokens(now().as_second() + 3600);
    match way {
        2 => Session::from_refresh_token(secret("refresh"), Some(device)),
        3 => {
            Session { email: Some(EMAIL.to_owned()), ..Session::from_refresh_token(secret("refresh"), None) }
        }
        _ => Session {
            refresh_token: Some(secret("refresh").into()),
            ..Session::from_tokens(id_token, access_token)
        },
    }
}

/// What is true of a client that is signed in, whatever it was told on the way.
fn signed_in(otf: &Otf, net: &Net, store: &MemoryStore) {
    assert!(!format!("{otf:?} {:?}", otf.user()).contains(MARK));
    match otf.session() {
        Ok(session) => {
            let json = serde_json::to_string(&session).unwrap();
            let again: Session = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&again).unwrap(), json);
            assert!(!format!("{session:?}").contains(MARK));
            // What was received is kept.
            let keys = store.keys("accounts/").unwrap();
            let kept = keys.iter().filter_map(|key| store.read(key).unwrap());
            let id_token = session.id_token.unwrap();
            let kept = kept.filter_map(|kept| serde_json::from_slice::<Value>(&kept).ok());
            assert!(kept.into_iter().any(|kept| kept["id_token"] == id_token.expose()), "not kept");
        }
        Err(error) => check_error(&error),
    }
    net.take();
    let signed = otf.request(Method::GET, Host::Default, "/member/app-configurations").signed().send();
    if let Err(error) = signed {
        check_error(&error);
    }
    assert!(net.take().len() <= 80);
}

/// Where the account that is named by [`EMAIL`] has this file.
fn key(file: &str) -> String {
    store::FILES.iter().map(|(key, _)| key).find(|key| key.ends_with(file)).unwrap().clone()
}

/// A refresh token that nobody refused is still there, unless another has taken its place.
fn keeps_what_was_good(way: usize, store: &MemoryStore, refused: bool) {
    if way == 3 && !refused {
        let kept = store.read(&key("tokens.json")).unwrap().expect("the tokens are gone");
        let kept: Value = serde_json::from_slice(&kept).unwrap();
        assert!(
            kept["refresh_token"].as_str().is_some_and(|token| !token.is_empty()),
            "the refresh token is gone"
        );
    }
}

/// One response, by the next bytes of the script.
fn respond(request: &Request<Vec<u8>>, script: &mut Script<'_>) -> Reply {
    if script.byte() > 250 {
        return Err(failure(script));
    }
    let usual = [template(request), refusal(script.byte())];
    let is_refusal = script.one_in(6);
    let template = &usual[usize::from(is_refusal)];
    let status = status(script, if is_refusal { 400 } else { 200 });
    let mut reply = reply(status, presentable(body(template, script)));
    if script.one_in(4) {
        let dates = [
            "Sat, 25 Apr 2026 07:05:09 GMT",
            "Mon, 01 Jan 0001 00:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ];
        let date = match script.below(4) {
            3 => HeaderValue::from_bytes(script.bytes()),
            known => HeaderValue::from_str(dates[known]),
        };
        reply.headers_mut().extend(date.ok().map(|date| (otf_api::http::header::DATE, date)));
    }
    if script.one_in(8)
        && let Ok(kind) = HeaderValue::from_bytes(script.bytes())
    {
        reply.headers_mut().insert("x-amzn-errortype", kind);
    }
    Ok(reply)
}

/// The body, unless it has a secret where a name or a message is to be: nobody could tell it from one.
fn presentable(body: Vec<u8>) -> Vec<u8> {
    let read: Value = serde_json::from_slice(&body).unwrap_or_default();
    let shown = ["ChallengeName", "__type", "message", "Message"]
        .into_iter()
        .filter_map(|name| read.get(name)?.as_str());
    if shown.into_iter().any(|text| text.contains(MARK)) { Vec::new() } else { body }
}

/// What an honest service replies.
fn template(request: &Request<Vec<u8>>) -> Value {
    let asked: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let challenge = |name: &str| {
        json!({"ChallengeName": name, "Session": secret("session"), "ChallengeParameters": {
            "SALT": "c587896c25446619a80a49c598c4bb1c", "SRP_B": "9349cb7dba8fde11de5192be4304d78c95e7afd5",
            "SECRET_BLOCK": "l7YjfOHguupEcto8F7VmnGFO5UEJAMSG", "USERNAME": MEMBER, "USER_ID_FOR_SRP": MEMBER,
            "CODE_DELIVERY_DESTINATION": "+*******1234", "DEVICE_KEY": "d0",
        }})
    };
    match operation(request) {
        Some("InitiateAuth") if asked["AuthFlow"] == "USER_SRP_AUTH" => challenge("PASSWORD_VERIFIER"),
        Some("InitiateAuth" | "GetTokensFromRefreshToken") => refreshed(),
        Some("RespondToAuthChallenge") => match asked["ChallengeName"].as_str() {
            // The next challenge is in the hand of the fuzzer: it changes the name.
            Some("PASSWORD_VERIFIER") if asked["ChallengeResponses"]["DEVICE_KEY"].is_string() => {
                challenge("DEVICE_SRP_AUTH")
            }
            Some("DEVICE_SRP_AUTH") => challenge("DEVICE_PASSWORD_VERIFIER"),
            Some("SMS_MFA") => challenge("NEW_PASSWORD_REQUIRED"),
            _ => {
                let mut tokens = refreshed();
                tokens["AuthenticationResult"]["RefreshToken"] = secret("refresh").into();
                tokens["AuthenticationResult"]["NewDeviceMetadata"] =
                    json!({"DeviceKey": "d1", "DeviceGroupKey": "g1"});
                tokens
            }
        },
        Some("ConfirmDevice") => json!({"UserConfirmationNecessary": false}),
        Some("GetId") => json!({"IdentityId": "us-east-1:0000"}),
        Some("GetCredentialsForIdentity") => json!({"IdentityId": "us-east-1:0000", "Credentials": {
            "AccessKeyId": "AKIDEXAMPLE", "SecretKey": secret("aws"), "SessionToken": secret("aws-session"),
            "Expiration": 1_777_003_600.5,
        }}),
        _ if request.uri().path().ends_with("jwks.json") => {
            json!({"keys": [{"kid": "k", "kty": "RSA", "alg": "RS256", "use": "sig", "e": "AQAB", "n": "1w"}]})
        }
        _ => json!({"data": {}}),
    }
}

/// What it says where it refuses.
fn refusal(which: u8) -> Value {
    let (name, message) = match which % 8 {
        0 => ("NotAuthorizedException", "Incorrect username or password."),
        1 => ("UserLambdaValidationException", "PostAuthentication failed."),
        2 => ("ResourceNotFoundException", "Device does not exist."),
        3 => ("TooManyRequestsException", "Rate exceeded"),
        4 => ("NotAuthorizedException", "Password attempts exceeded"),
        5 => ("InvalidParameterException", "use GetTokensFromRefreshToken: rotation is on"),
        6 => ("PasswordResetRequiredException", "Password reset required for the user"),
        _ => ("com.amazonaws#InternalErrorException:http://x", ""),
    };
    json!({"__type": name, "message": message})
}

pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for way in 0..u8::try_from(WAYS).unwrap() {
        // Nothing goes wrong.
        seeds.push((format!("way-{way}"), vec![way]));
        // The first response is each of the refusals, and then all is well.
        for refusal in 0..8 {
            seeds.push((format!("way-{way}-refused-{refusal}"), vec![way, 0, refusal, 5, 0, 0, 0]));
        }
    }
    // Other challenges than the usual one: its name is replaced.
    for name in
        ["DEVICE_SRP_AUTH", "SMS_MFA", "SOFTWARE_TOKEN_MFA", "NEW_PASSWORD_REQUIRED", "CUSTOM_CHALLENGE"]
    {
        let name = super::seeds::text(name);
        seeds.push((
            format!("asked-{}", seeds.len()),
            [&[0, 0, 0, 0, 0, 0, 1, 1, 4], name.as_slice()].concat(),
        ));
    }
    seeds
}
