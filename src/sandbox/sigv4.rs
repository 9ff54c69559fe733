//! Checks AWS Signature Version 4, from the service's side.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::clock::ClockReading;
use super::http::{Request, percent_decode_bytes};
use super::identity::TemporaryCredentials;
use super::pool::mac;
use crate::Secret;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SCOPE: [&str; 3] = ["us-east-1", "execute-api", "aws4_request"];

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
struct Authorization<'a> {
    access_key: &'a str,
    date: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

/// Whose signature a request carries, or why it does not count.
pub(super) fn verify<'a>(
    request: &Request,
    moment: ClockReading,
    find: impl FnOnce(&str) -> Option<&'a TemporaryCredentials>,
) -> Result<&'a TemporaryCredentials, String> {
    let header = request.headers.iter().filter(|(name, _)| name == "authorization");
    let header = header.map(|(_, value)| value.as_str()).find(|value| value.starts_with(ALGORITHM));
    let header = header.ok_or("Missing Authentication Token")?;
    let authorization = Authorization::parse(header)?;
    let credentials =
        find(authorization.access_key).ok_or("The security token included in the request is invalid.")?;
    if credentials.expires <= moment.now {
        return Err("The security token included in the request is expired".to_owned());
    }
    let token = request.header("x-amz-security-token").ok_or("Missing x-amz-security-token")?;
    if token != credentials.session_token {
        return Err("The security token included in the request is invalid.".to_owned());
    }
    let date = request.header("x-amz-date").ok_or("Missing x-amz-date")?;
    let time = amz_date(date).ok_or("x-amz-date is no date")?;
    if !moment.is_near(time) || !date.starts_with(authorization.date) {
        return Err(format!("Signature not yet current or expired: {date}"));
    }
    for required in ["host", "x-amz-date", "x-amz-security-token"] {
        if !authorization.signed_headers.contains(&required) {
            return Err(format!("{required} must be a signed header"));
        }
    }
    let expected = signature(request, &authorization, date, &credentials.secret_key)?;
    if expected != authorization.signature {
        return Err(
            "The request signature we calculated does not match the signature you provided.".to_owned()
        );
    }
    Ok(credentials)
}

/// Whether the sandbox accepts the signature of a request, as a client hands it to its transport: for tests of
/// the signer.
///
/// # Errors
///
/// Why it does not.
#[doc(hidden)]
pub fn verify_signature(
    request: &::http::Request<Vec<u8>>,
    access_key_id: &str,
    secret_key: &Secret,
    session_token: Option<&Secret>,
    now: Timestamp,
) -> Result<(), String> {
    let uri = request.uri();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .filter(|(name, _)| *name != ::http::header::HOST)
        .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
        .collect();
    let own_port = if uri.scheme_str() == Some("http") { 80 } else { 443 };
    let host = uri.host().unwrap_or_default();
    let port = uri.port_u16().filter(|port| *port != own_port);
    headers.push(("host".to_owned(), port.map_or(host.to_owned(), |port| format!("{host}:{port}"))));
    let request = Request {
        method: request.method().to_string(),
        path: if uri.path().is_empty() { "/".to_owned() } else { uri.path().to_owned() },
        query: Vec::new(),
        raw_query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: request.body().clone(),
        peer: std::net::Ipv4Addr::LOCALHOST.into(),
    };
    let known = TemporaryCredentials {
        account: super::PAT,
        secret_key: secret_key.expose().to_owned(),
        session_token: session_token.map_or("", |token| token.expose()).to_owned(),
        expires: Timestamp::MAX,
    };
    let is_known = |access_key: &str| access_key == access_key_id;
    verify(&request, ClockReading::at(now), |access_key| is_known(access_key).then_some(&known)).map(drop)
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Result<Self, String> {
        let rest = header.strip_prefix(ALGORITHM).ok_or("unknown algorithm")?;
        let field = |name: &str| {
            let mut fields = rest.split(',').filter_map(|field| field.trim().split_once('='));
            let found = fields.find(|(key, _)| *key == name).map(|(_, value)| value);
            found.ok_or_else(|| format!("Authorization header requires '{name}' parameter."))
        };
        let credential: Vec<&str> = field("Credential")?.split('/').collect();
        let [access_key, date, scope @ ..] = credential.as_slice() else {
            return Err("Credential is incomplete".to_owned());
        };
        if scope != SCOPE {
            return Err(format!("Credential should be scoped to {}", SCOPE.join("/")));
        }
        let signed_headers: Vec<&str> = field("SignedHeaders")?.split(';').collect();
        if !signed_headers.is_sorted() || signed_headers.iter().any(|name| name.to_ascii_lowercase() != *name)
        {
            return Err("SignedHeaders must be sorted and in lower case".to_owned());
        }
        Ok(Self { access_key, date, signed_headers, signature: field("Signature")? })
    }
}

fn signature(
    request: &Request,
    authorization: &Authorization<'_>,
    date: &str,
    secret_key: &str,
) -> Result<String, String> {
    let canonical = canonical_request(request, &authorization.signed_headers)?;
    let scope = format!("{}/{}", authorization.date, SCOPE.join("/"));
    let to_sign = format!("{ALGORITHM}\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let start = mac(format!("AWS4{secret_key}").as_bytes(), &[authorization.date.as_bytes()]);
    let key = SCOPE.iter().fold(start, |key, part| mac(&key, &[part.as_bytes()]));
    Ok(hex(&mac(&key, &[to_sign.as_bytes()])))
}

fn canonical_request(request: &Request, signed_headers: &[&str]) -> Result<String, String> {
    // Every service but S3 encodes the path, as it is on the wire, once more.
    let path =
        request.path.split('/').map(|segment| encode(segment.as_bytes())).collect::<Vec<_>>().join("/");
    let mut pairs: Vec<(String, String)> = request
        .raw_query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(&percent_decode_bytes(name)), encode(&percent_decode_bytes(value))))
        .collect();
    pairs.sort();
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut headers = String::new();
    for name in signed_headers {
        let values: Vec<String> = request
            .headers
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        if values.is_empty() {
            return Err(format!("the signed header {name} is missing"));
        }
        headers.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    let payload = hex(&Sha256::digest(&request.body));
    if request.header("x-amz-content-sha256").is_some_and(|claimed| claimed != payload) {
        return Err("x-amz-content-sha256 does not match the body".to_owned());
    }
    Ok([
        request.method.as_str(),
        path.as_str(),
        query.join("&").as_str(),
        headers.as_str(),
        signed_headers.join(";").as_str(),
        payload.as_str(),
    ]
    .join("\n"))
}

/// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn amz_date(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    time.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use serde_json::Value;

    use super::*;
    use crate::sandbox::http::parse_query;

    /// What botocore signs otherwise than it sends it, or before it changes it on the way.
    const QUIRKS: [&str; 3] = ["plus literal on the wire", "dot segments", "lower-case method"];

    /// Signatures made by botocore, as they would arrive here.
    #[test]
    fn signatures_of_botocore_are_accepted() {
        let file = include_str!("../../tests/fixtures/vectors/sigv4.json");
        let file: Value = serde_json::from_str(file).unwrap();
        let mut checked = 0;
        for vector in file["vectors"].as_array().unwrap() {
            let text = |name: &str| vector[name].as_str().unwrap_or_default();
            if vector["tags"].as_array().unwrap().iter().any(|tag| QUIRKS.iter().any(|quirk| tag == quirk)) {
                continue;
            }
            let authorization = Authorization::parse(text("authorization")).unwrap();
            let url: ::http::Uri = text("url").parse().unwrap();
            let raw_query = url.query().unwrap_or_default();
            let mut headers = vec![
                ("host".to_owned(), url.host().unwrap().to_lowercase()),
                ("x-amz-date".to_owned(), text("amz_date").to_owned()),
                ("x-amz-security-token".to_owned(), text("token").to_owned()),
            ];
            for (name, value) in vector["headers"].as_object().unwrap() {
                headers.push((name.to_lowercase(), value.as_str().unwrap().to_owned()));
            }
            let request = Request {
                method: text("method").to_owned(),
                path: url.path().to_owned(),
                query: parse_query(raw_query),
                raw_query: raw_query.to_owned(),
                headers,
                body: text("body").as_bytes().to_vec(),
                peer: Ipv4Addr::LOCALHOST.into(),
            };
            let signature = signature(&request, &authorization, text("amz_date"), text("secret_key"));
            assert_eq!(signature.as_deref(), Ok(authorization.signature), "{} {}", vector["id"], text("url"));
            checked += 1;
        }
        assert!(checked >= 29, "{checked}");
    }
}
