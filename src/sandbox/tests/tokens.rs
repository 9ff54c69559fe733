//! Tokens: what they say, how they are refreshed and how they end.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::client::{CLIENT_ID, Client, with};
use super::sign_in::{sign_in, with_device};
use crate::sandbox::{NOA, PAT, Rotation, Sandbox};

/// A path with no route behind it: a good token makes it a 404, a bad one a 401.
const NOWHERE: &str = "/nowhere";

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn refresh(client: &mut Client, token: &str, device: Option<&str>) -> Result<Value, (String, String)> {
    let mut parameters = json!({"REFRESH_TOKEN": token});
    if let Some(device) = device {
        parameters["DEVICE_KEY"] = device.into();
    }
    let body = json!({"AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": CLIENT_ID, "AuthParameters": parameters});
    Ok(client.idp("InitiateAuth", &body)?["AuthenticationResult"].clone())
}

fn refresh_anew(client: &mut Client, token: &str, device: &str) -> Result<Value, (String, String)> {
    let body = json!({"ClientId": CLIENT_ID, "RefreshToken": token, "DeviceKey": device});
    Ok(client.idp("GetTokensFromRefreshToken", &body)?["AuthenticationResult"].clone())
}

#[test]
fn tokens_name_the_account_and_verify_with_the_key_set() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    for _ in 0..3 {
        let result = sign_in(&mut client, PAT.email, PAT.password, None).unwrap();
        let result = &result["AuthenticationResult"];
        let (id, access) = (claims(&result["IdToken"]), claims(&result["AccessToken"]));
        let issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_dYDxUeyL1";
        for claims in [&id, &access] {
            assert_eq!(claims["iss"], issuer);
            assert_eq!(claims["sub"], PAT.cognito_id);
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
        }
        assert_eq!((&id["token_use"], &id["aud"]), (&json!("id"), &json!(CLIENT_ID)));
        assert_eq!((&id["cognito:username"], &id["email"]), (&json!(PAT.member_uuid), &json!(PAT.email)));
        assert_eq!((&id["given_name"], &id["family_name"]), (&json!("Pat"), &json!("Example")));
        assert_eq!((&access["token_use"], &access["client_id"]), (&json!("access"), &json!(CLIENT_ID)));
        assert_eq!(access["device_key"], result["NewDeviceMetadata"]["DeviceKey"]);

        let keys =
            client.request("GET", "/us-east-1_dYDxUeyL1/.well-known/jwks.json", &[], "").unwrap().json();
        assert_eq!(keys, client.request("GET", "/.well-known/jwks.json", &[], "").unwrap().json());
        for token in [&result["IdToken"], &result["AccessToken"]] {
            assert!(verifies(token.as_str().unwrap(), &keys));
        }
        sandbox.rotate_keys();
    }
}

/// RSASSA-PKCS1-v1_5 by hand: the signature to the power of e ends with the digest.
fn verifies(token: &str, keys: &Value) -> bool {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let header = URL_SAFE_NO_PAD.decode(signed.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap();
    let number = |text: &str| BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(text).unwrap());
    let (n, e) = (number(key["n"].as_str().unwrap()), number(key["e"].as_str().unwrap()));
    number(signature).modpow(&e, &n).to_bytes_be().ends_with(&Sha256::digest(signed))
}

#[test]
fn endpoints_require_a_valid_id_token() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let tokens = sandbox.issue_tokens(PAT.email);
    let id = tokens.id_token.expose();
    assert_eq!(client.get(NOWHERE, id).status, 404);
    assert_eq!(sandbox.unknown_routes(), ["GET /nowhere"]);

    let mut forged = id.to_owned();
    forged.replace_range(40..41, if &id[40..41] == "A" { "B" } else { "A" });
    for bad in [tokens.access_token.expose(), &forged, "", "a.b.c"] {
        let response = client.get(NOWHERE, bad);
        assert_eq!((response.status, response.json()), (401, json!({"message": "Unauthorized"})));
    }
    assert_eq!(client.request("GET", NOWHERE, &[], "").unwrap().status, 401);
    assert_eq!(client.request("GET", NOWHERE, &[("Authorization", id)], "").unwrap().status, 401);
}

#[test]
fn tokens_expire_or_are_expired() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.set_token_lifetime(Duration::from_secs(120));
    let mut client = Client::new(&sandbox);
    let tokens = sandbox.issue_tokens(PAT.email);
    let id = tokens.id_token.expose();
    assert_eq!(client.get(NOWHERE, id).status, 404);
    sandbox.advance(Duration::from_secs(121));
    assert_eq!(client.get(NOWHERE, id).status, 401);

    let refresh_token = tokens.refresh_token.expose();
    let fresh = refresh(&mut client, refresh_token, Some(&tokens.device_key)).unwrap();
    assert_eq!(fresh["ExpiresIn"], 120);
    let id = fresh["IdToken"].as_str().unwrap();
    assert_eq!(client.get(NOWHERE, id).status, 404);
    sandbox.expire_tokens();
    assert_eq!(client.get(NOWHERE, id).status, 401);

    sandbox.set_token_lifetime(Duration::ZERO);
    let stale = refresh(&mut client, refresh_token, Some(&tokens.device_key)).unwrap();
    assert_eq!(client.get(NOWHERE, stale["IdToken"].as_str().unwrap()).status, 401);
}

#[test]
fn a_refresh_requires_the_confirmed_device_of_its_session() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let client = &mut client;
    let invalid = Err(("NotAuthorizedException".to_owned(), "Invalid Refresh Token.".to_owned()));
    let text = |value: &Value| value.as_str().unwrap().to_owned();

    let unconfirmed = sign_in(client, PAT.email, PAT.password, None).unwrap()["AuthenticationResult"].clone();
    let device = text(&unconfirmed["NewDeviceMetadata"]["DeviceKey"]);
    assert_eq!(refresh(client, &text(&unconfirmed["RefreshToken"]), Some(&device)), invalid);

    let (result, device, _) = with_device(client, PAT.email, PAT.password);
    let (_, other, _) = with_device(client, PAT.email, PAT.password);
    let token = text(&result["RefreshToken"]);
    assert_eq!(refresh(client, &token, None), invalid);
    assert_eq!(refresh(client, &token, Some(&other)), invalid);
    assert_eq!(refresh(client, "unknown", Some(&device)), invalid);
    let fresh = refresh(client, &token, Some(&device)).unwrap();
    assert!(fresh["RefreshToken"].is_null());
    assert_ne!(fresh["AccessToken"], result["AccessToken"]);
    assert_eq!(claims(&fresh["AccessToken"])["auth_time"], claims(&result["AccessToken"])["auth_time"]);
    refresh_anew(client, &token, &device).unwrap();

    sandbox.revoke_refresh_tokens(NOA.email);
    refresh(client, &token, Some(&device)).unwrap();
    sandbox.revoke_refresh_tokens(PAT.email);
    assert_eq!(refresh(client, &token, Some(&device)).unwrap_err().1, "Refresh Token has been revoked");
}

#[test]
fn a_refresh_token_expires() {
    let sandbox = Sandbox::builder().refresh_token_lifetime(Duration::from_secs(60)).start().unwrap();
    let tokens = sandbox.issue_tokens(PAT.email);
    sandbox.advance(Duration::from_secs(61));
    let expired =
        refresh(&mut Client::new(&sandbox), tokens.refresh_token.expose(), Some(&tokens.device_key));
    assert_eq!(expired.unwrap_err().1, "Refresh Token has expired");
}

#[test]
fn rotation_replaces_a_used_refresh_token() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.rotate_refresh_tokens(Rotation::On);
    let mut client = Client::new(&sandbox);
    let client = &mut client;
    let tokens = sandbox.issue_tokens(PAT.email);
    let (first, device) = (tokens.refresh_token.expose(), tokens.device_key.as_str());
    let second = refresh(client, first, Some(device)).unwrap();
    let second = second["RefreshToken"].as_str().unwrap();
    assert_eq!(refresh(client, first, Some(device)).unwrap_err().0, "NotAuthorizedException");
    assert_eq!(refresh_anew(client, first, device).unwrap_err().0, "RefreshTokenReuseException");

    sandbox.rotate_refresh_tokens(Rotation::NewOperationOnly);
    let (kind, message) = refresh(client, second, Some(device)).unwrap_err();
    assert_eq!(kind, "InvalidParameterException");
    assert!(message.contains("GetTokensFromRefreshToken"), "{message}");
    let third = refresh_anew(client, second, device).unwrap();
    refresh_anew(client, third["RefreshToken"].as_str().unwrap(), device).unwrap();
}

#[test]
fn signing_out_revokes_all_tokens() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let client = &mut client;
    let (one, two) = (sandbox.issue_tokens(PAT.email), sandbox.issue_tokens(PAT.email));
    let body = json!({"Token": one.refresh_token.expose(), "ClientId": CLIENT_ID});
    client.idp("RevokeToken", &body).unwrap();
    assert_eq!(client.get(NOWHERE, one.id_token.expose()).status, 401);
    assert_eq!(client.get(NOWHERE, two.id_token.expose()).status, 404);
    let access = json!({"AccessToken": two.access_token.expose()});
    assert_eq!(client.idp("GetUser", &access).unwrap()["Username"], PAT.member_uuid);
    let device = with(access.clone(), &[("DeviceKey", &two.device_key)]);
    assert_eq!(client.idp("GetDevice", &device).unwrap()["Device"]["DeviceKey"], two.device_key.as_str());
    assert_eq!(client.idp("ListDevices", &access).unwrap()["Devices"].as_array().unwrap().len(), 2);
    client.idp("GlobalSignOut", &access).unwrap();
    assert_eq!(client.get(NOWHERE, two.id_token.expose()).status, 401);
    assert!(client.idp("GetUser", &access).is_err());
}
