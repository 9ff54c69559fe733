use serde_json::json;

use super::*;

fn token(header: &str, payload: &str) -> String {
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.", encode(header), encode(payload))
}

fn claims(payload: &str) -> Result<Claims, JwtError> {
    decode(&token("{}", payload))
}

#[test]
fn claims_are_read() {
    let claims = claims(
        r#" {"exp": 1785924127, "iat": 1785920527.9, "iss": "i", "token_use": "access", "sub": "s", "aud": "a",
            "client_id": "c", "cognito:username": "u", "username": "v", "device_key": "d", "email": "e@example.com",
            "given_name": "Zoë", "family_name": "\u00d8", "custom:anything": [{"at": "all"}]}"#,
    )
    .unwrap();
    assert_eq!(claims.exp, 1_785_924_127);
    assert_eq!(claims.expires_at().as_second(), 1_785_924_127);
    assert_eq!(claims.iat, Some(1_785_920_527));
    assert_eq!(claims.nbf, None);
    assert_eq!(claims.token_use, Some(TokenUse::Access));
    assert_eq!(claims.aud, ["a"]);
    assert_eq!(claims.cognito_username.as_deref(), Some("u"));
    assert_eq!(claims.username.as_deref(), Some("v"));
    assert_eq!(claims.email.as_deref(), Some("e@example.com"));
    assert_eq!(claims.given_name.as_deref(), Some("Zoë"));
    assert_eq!(claims.family_name.as_deref(), Some("Ø"));
}

#[test]
fn debug_shows_nobody() {
    let claims = claims(
        r#"{"exp": 1, "sub": "secret1", "cognito:username": "secret2", "username": "secret3", "email": "secret4",
            "given_name": "secret5", "family_name": "secret6", "device_key": "secret7"}"#,
    );
    assert!(!format!("{claims:?}").contains("secret"), "{claims:?}");
}

#[test]
fn expiry_beyond_the_calendar() {
    for (exp, seconds) in
        [("1e300", i64::MAX), ("-1e300", i64::MIN), ("18446744073709551615", i64::MAX), ("1.5", 1)]
    {
        assert_eq!(claims(&format!(r#"{{"exp": {exp}}}"#)).unwrap().exp, seconds, "{exp}");
    }
    assert_eq!(claims(r#"{"exp": 1e300}"#).unwrap().expires_at(), jiff::Timestamp::MAX);
    assert_eq!(claims(r#"{"exp": -1e300}"#).unwrap().expires_at(), jiff::Timestamp::MIN);
}

#[test]
fn what_is_no_object_is_refused() {
    for bad in [
        "",
        "{",
        "{}",
        "[]",
        "null",
        "1",
        r#""x""#,
        r#"[1, 2, 3]"#,
        r#"[1785924127,null,null,null,null,null,[]]"#,
        r#"{"exp": true}"#,
        r#"{"exp": "1785924127"}"#,
        r#"{"exp": 1e400}"#,
        r#"{"exp": 1, "exp": 2}"#,
        r#"{"exp": 1, "token_use": "refresh"}"#,
        r#"{"exp": 1, "aud": 5}"#,
        r#"{"exp": 1} x"#,
    ] {
        assert_eq!(claims(bad), Err(JwtError::Malformed("claims")), "{bad}");
    }
}

#[test]
fn length_is_bounded_before_anything_else() {
    let long = "a".repeat(MAX_TOKEN + 1);
    assert_eq!(decode(&long), Err(JwtError::TooLong));
    assert_eq!(KeySet::from_json(long.as_bytes()).unwrap_err(), JwtError::KeySet);
}

fn set(n: &str, e: &str, change: impl Fn(&mut serde_json::Value)) -> KeySet {
    let mut key = json!({"kid": "k", "kty": "RSA", "alg": "RS256", "use": "sig", "n": n, "e": e, "x": 1});
    change(&mut key);
    KeySet::from_json(json!({"keys": [key], "more": {}}).to_string().as_bytes()).unwrap()
}

fn modulus(bits: usize, last: u8) -> String {
    let mut bytes = vec![0xff; bits / 8];
    *bytes.last_mut().unwrap() = last;
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn keys_that_are_unsafe_or_for_something_else_are_left_out() {
    let good = modulus(2048, 0xff);
    let usable = |n: &str, e: &str| set(n, e, |_| {}).keys.len();
    assert_eq!(usable(&good, "AQAB"), 1);
    assert_eq!(usable(&modulus(8192, 0xff), "Aw"), 1);
    for (n, e) in [
        (modulus(2040, 0xff), "AQAB"),
        (modulus(8200, 0xff), "AQAB"),
        (modulus(2048, 0xfe), "AQAB"),
        (String::new(), "AQAB"),
        (good.clone() + "=", "AQAB"),
        (good.clone(), ""),
        (good.clone(), "AQ"),
        (good.clone(), "Ag"),
        (good.clone(), "AQAA"),
        (good.clone(), "AQAAAAE"),
        (good.clone(), "A A"),
        (good.clone(), &good),
    ] {
        assert_eq!(usable(&n, e), 0, "{n:.20} {e:.20}");
    }
    for (name, value) in [
        ("kty", json!("EC")),
        ("alg", json!("RS512")),
        ("use", json!("enc")),
        ("kid", json!(1)),
        ("n", json!([])),
        ("e", json!(null)),
    ] {
        assert!(set(&good, "AQAB", |key| key[name] = value.clone()).keys.is_empty(), "{name}");
    }
    let unsaid = set(&good, "AQAB", |key| {
        key.as_object_mut().unwrap().retain(|name, _| !["alg", "use"].contains(&name.as_str()));
    });
    assert_eq!(unsaid.keys.len(), 1);
}

#[test]
fn what_is_no_key_set_is_refused() {
    for bad in ["", "{}", "[]", "[[]]", "null", r#"{"keys": {}}"#, r#"{"keys": null}"#, "<html>"] {
        assert_eq!(KeySet::from_json(bad.as_bytes()).unwrap_err(), JwtError::KeySet, "{bad}");
    }
    assert!(KeySet::from_json(br#"{"keys": [null, 1, "x", {}, []]}"#).unwrap().keys.is_empty());
}
