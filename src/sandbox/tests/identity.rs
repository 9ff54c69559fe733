//! Temporary credentials, and the endpoint that wants to be signed with them.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::client::{Client, HttpResponse};
use crate::sandbox::pool::mac;
use crate::sandbox::{NOA, PAT, Sandbox};

const POOL: &str = "us-east-1:4943c880-fb02-4fd7-bc37-2f4c32ecb2a3";
const PROVIDER: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_dYDxUeyL1";

fn identity(client: &mut Client, operation: &str, body: Value) -> Result<Value, (String, String)> {
    client.aws(&format!("AWSCognitoIdentityService.{operation}"), &body)
}

fn credentials(client: &mut Client, token: &str) -> Value {
    let logins = json!({PROVIDER: token});
    let id = identity(client, "GetId", json!({"IdentityPoolId": POOL, "Logins": logins})).unwrap();
    let body = json!({"IdentityId": id["IdentityId"], "Logins": logins});
    identity(client, "GetCredentialsForIdentity", body).unwrap()["Credentials"].clone()
}

/// Asks for the app configuration, signed at a time; `spoil` changes the headers afterwards.
fn signed(
    client: &mut Client,
    credentials: &Value,
    time: Timestamp,
    spoil: impl FnOnce(&mut Vec<(String, String)>),
) -> HttpResponse {
    let text = |name: &str| credentials[name].as_str().unwrap();
    let date = time.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = &date[..8];
    let (names, token) = ("host;x-amz-date;x-amz-security-token", text("SessionToken"));
    let empty = hex(&Sha256::digest(b""));
    let canonical = format!(
        "GET\n/member/app-configurations\na=1%202&b=\nhost:localhost\nx-amz-date:{date}\n\
         x-amz-security-token:{token}\n\n{names}\n{empty}"
    );
    let scope = format!("{day}/us-east-1/execute-api/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let mut key = mac(format!("AWS4{}", text("SecretKey")).as_bytes(), &[day.as_bytes()]);
    for part in ["us-east-1", "execute-api", "aws4_request"] {
        key = mac(&key, &[part.as_bytes()]);
    }
    let signature = hex(&mac(&key, &[to_sign.as_bytes()]));
    let key_id = text("AccessKeyId");
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}");
    let mut headers = vec![
        ("X-Amz-Date".to_owned(), date.clone()),
        ("X-Amz-Security-Token".to_owned(), token.to_owned()),
        ("Authorization".to_owned(), authorization),
    ];
    spoil(&mut headers);
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    client.request("GET", "/member/app-configurations?b&a=1%202", &headers, "").unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn credentials_are_given_for_an_id_token_and_no_other() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let client = &mut client;
    let (pat, noa) = (sandbox.issue_tokens(PAT.email), sandbox.issue_tokens(NOA.email));
    let given = credentials(client, pat.id_token.expose());
    assert!(given["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
    let left = given["Expiration"].as_f64().unwrap() - Timestamp::now().as_second() as f64;
    assert!((3590.0..=3602.0).contains(&left), "{left}");

    let id = json!({"IdentityPoolId": POOL, "Logins": {PROVIDER: pat.id_token.expose()}});
    let id = identity(client, "GetId", id).unwrap()["IdentityId"].clone();
    let others = json!({"IdentityId": id, "Logins": {PROVIDER: noa.id_token.expose()}});
    for (body, kind) in [
        (json!({"IdentityPoolId": "us-east-1:0", "Logins": {}}), "ResourceNotFoundException"),
        (json!({"IdentityPoolId": POOL}), "NotAuthorizedException"),
        (
            json!({"IdentityPoolId": POOL, "Logins": {PROVIDER: pat.access_token.expose()}}),
            "NotAuthorizedException",
        ),
        (
            json!({"IdentityPoolId": POOL, "Logins": {"example.com": pat.id_token.expose()}}),
            "NotAuthorizedException",
        ),
    ] {
        assert_eq!(identity(client, "GetId", body).unwrap_err().0, kind);
    }
    assert_eq!(
        identity(client, "GetCredentialsForIdentity", others).unwrap_err().0,
        "NotAuthorizedException"
    );
    let (_, message) = identity(client, "GetOpenIdToken", json!({})).unwrap_err();
    assert!(message.contains("AWSCognitoIdentityService.GetOpenIdToken"), "{message}");
    assert_eq!(sandbox.unknown_routes().len(), 1);
}

#[test]
fn the_signed_endpoint_checks_everything_that_is_signed() {
    let sandbox = Sandbox::start().unwrap();
    let mut client = Client::new(&sandbox);
    let client = &mut client;
    let token = sandbox.issue_tokens(PAT.email).id_token;
    let given = credentials(client, token.expose());
    let now = Timestamp::now();
    let refused = |response: HttpResponse| {
        assert_eq!(response.status, 403);
        response.json()["message"].as_str().unwrap().to_owned()
    };
    let accepted = signed(client, &given, now, |_| ());
    assert_ne!(accepted.status, 403, "{:?}", accepted.json());
    assert_ne!(accepted.status, 401);

    assert_eq!(client.get("/member/app-configurations", token.expose()).status, 403);
    let stale = signed(client, &given, now - SignedDuration::from_mins(6), |_| ());
    assert!(refused(stale).contains("expired"));
    let replace = |name: &'static str, from: &'static str, to: &'static str| {
        move |headers: &mut Vec<(String, String)>| {
            for (_, value) in headers.iter_mut().filter(|(key, _)| key == name) {
                *value = value.replace(from, to);
            }
        }
    };
    for spoil in [
        replace("Authorization", "execute-api", "s3"),
        replace("Authorization", "us-east-1", "us-west-2"),
        replace("Authorization", "host;", ""),
        replace("Authorization", "Signature=", "Signature=0"),
        replace("Authorization", "ASIA", "ASIB"),
        replace("Authorization", "x-amz-date;", "range;x-amz-date;"),
    ] {
        refused(signed(client, &given, now, spoil));
    }
    refused(signed(client, &given, now, |headers| headers[1].1.push('x')));
    refused(signed(client, &given, now, |headers| headers.push(("X-Amz-Content-Sha256".into(), "0".into()))));

    sandbox.advance(Duration::from_secs(3601));
    let late = now + SignedDuration::from_secs(3601);
    assert!(
        refused(signed(client, &given, late, |_| ())).contains("token included in the request is expired")
    );
}
