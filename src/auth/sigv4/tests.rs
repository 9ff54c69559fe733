use super::*;

fn credentials() -> AwsCredentials {
    AwsCredentials {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        session_token: None,
    }
}

const SCOPE: Scope<'_> = Scope { region: "us-east-1", service: "service" };

fn sign_get(uri: &str) -> Result<Signed, SigV4Error> {
    let request = http::Request::get(uri).body([]).unwrap();
    Signed::new(&request, &credentials(), &SCOPE, "2015-08-30T12:36:00Z".parse().unwrap())
}

fn canonical_line(uri: &str, line: usize) -> Result<String, SigV4Error> {
    let signed = sign_get(uri)?;
    Ok(signed.canonical_request.expose().lines().nth(line).unwrap().to_owned())
}

// From AWS's own test suite for this signature, case "get-vanilla".
#[test]
fn published_signature() {
    let signed = sign_get("https://example.amazonaws.com/").unwrap();
    assert_eq!(signed.signature, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

#[test]
fn paths_are_encoded_twice_and_never_guessed_at() {
    let path = |path: &str| canonical_line(&format!("https://host{path}"), 1);
    for (sent, signed) in [
        ("", "/"),
        ("/", "/"),
        ("/a", "/a"),
        ("/a/", "/a/"),
        ("/%20", "/%2520"),
        ("/a:b@c", "/a%3Ab%40c"),
        ("/...", "/..."),
    ] {
        assert_eq!(path(sent).as_deref(), Ok(signed), "{sent}");
    }
    for bad in ["//", "/a//b", "//a", "/a//", "/.", "/..", "/./a", "/a/../b", "/a/.", "/a/../"] {
        assert_eq!(path(bad), Err(SigV4Error::Path), "{bad}");
    }
}

#[test]
fn queries_are_read_before_they_are_written() {
    let query = |query: &str| canonical_line(&format!("https://host/?{query}"), 2);
    for (sent, signed) in [
        ("", ""),
        ("a", "a="),
        ("b=1&a=2&a=1", "a=1&a=2&b=1"),
        // Sorted by name first, though '=' comes after '-'.
        ("a-b=1&a=2", "a=2&a-b=1"),
        ("a=%2f%7e%41", "a=%2F~A"),
        ("a=b=c", "a=b%3Dc"),
        ("a=x:y,z", "a=x%3Ay%2Cz"),
        ("=1", "=1"),
    ] {
        assert_eq!(query(sent).as_deref(), Ok(signed), "{sent}");
    }
    for bad in ["a=b+c", "+", "a=%", "a=%2", "a=%zz", "%=1", "&", "a=1&", "a=1&&b=2", "a=%+1"] {
        assert_eq!(query(bad), Err(SigV4Error::Query), "{bad}");
    }
}

#[test]
fn the_host_is_the_one_that_is_sent() {
    let host = |uri: &str| canonical_line(uri, 3);
    for (uri, line) in [
        ("https://host:443/", "host:host"),
        ("https://host:8443/", "host:host:8443"),
        ("http://127.0.0.1:80/", "host:127.0.0.1"),
        ("http://127.0.0.1:443/", "host:127.0.0.1:443"),
        ("https://[::1]:9/", "host:[::1]:9"),
    ] {
        assert_eq!(host(uri).as_deref(), Ok(line), "{uri}");
    }
    for bad in ["/path/only", "https://Host/"] {
        assert_eq!(host(bad), Err(SigV4Error::Host), "{bad}");
    }
}

#[test]
fn headers_that_change_on_the_way_are_left_out() {
    let request = http::Request::get("https://host/")
        .header("user-agent", "okhttp/4.12.0")
        .header("authorization", "Bearer old")
        .header("x-amz-date", "20000101T000000Z")
        .header("x-amz-security-token", "old")
        .header("host", "elsewhere")
        .header("proxy-connection", "close")
        .header("x-two", "b")
        .header("x-two", "  a  c ")
        .body("")
        .unwrap();
    let signed = Signed::new(&request, &credentials(), &SCOPE, jiff::Timestamp::UNIX_EPOCH).unwrap();
    let text = signed.canonical_request.expose();
    assert!(
        text.contains("\nhost:host\nx-amz-date:19700101T000000Z\nx-two:b,a c\n\nhost;x-amz-date;x-two\n"),
        "{text}"
    );
    assert_eq!(signed.headers.len(), 2);
}

#[test]
fn nothing_can_break_out_of_its_line() {
    let request = http::Request::get("https://host/").body("").unwrap();
    let sign = |credentials: &AwsCredentials, scope: &Scope<'_>| {
        sign(&request, credentials, scope, jiff::Timestamp::UNIX_EPOCH).map(drop)
    };
    for bad in ["", "a\nb", "a/b", "a, b", "é"] {
        assert_eq!(
            sign(&AwsCredentials { access_key_id: bad.into(), ..credentials() }, &SCOPE),
            Err(SigV4Error::Credentials)
        );
        assert_eq!(sign(&credentials(), &Scope { region: bad, ..SCOPE }), Err(SigV4Error::Scope));
        assert_eq!(sign(&credentials(), &Scope { service: bad, ..SCOPE }), Err(SigV4Error::Scope));
    }
    for bad in ["a\nb", "a\r\nx: y", "\0"] {
        let credentials = AwsCredentials { session_token: Some(bad.into()), ..credentials() };
        assert_eq!(sign(&credentials, &SCOPE), Err(SigV4Error::Credentials), "{bad:?}");
    }
    let request =
        http::Request::get("https://host/").header("x", HeaderValue::from_bytes(b"\xff").unwrap()).body("");
    let refused = super::sign(&request.unwrap(), &credentials(), &SCOPE, jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(refused.unwrap_err(), SigV4Error::Header);
}

#[test]
fn debug_shows_no_secret() {
    let credentials = AwsCredentials { session_token: Some("session".into()), ..credentials() };
    let request = http::Request::get("https://host/").body("").unwrap();
    let headers = sign(&request, &credentials, &SCOPE, jiff::Timestamp::UNIX_EPOCH).unwrap();
    for debug in [format!("{credentials:?}"), format!("{headers:?}")] {
        for secret in ["wJalr", "\"session\"", "SignedHeaders"] {
            assert!(!debug.contains(secret), "{debug}");
        }
    }
}
