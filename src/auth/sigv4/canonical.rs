//! A request in the canonical form that client and server each compute.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::{Scheme, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

use super::SigV4Error;
use crate::Secret;
use crate::auth::hash::{hex, sha256};

/// Everything but RFC 3986's unreserved characters (section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) struct CanonicalRequest {
    pub(super) text: Secret,
    pub(super) signed_headers: String,
}

impl CanonicalRequest {
    /// `added` are the headers that the request gets by being signed.
    pub(super) fn new<B: AsRef<[u8]>>(
        request: &http::Request<B>,
        added: &HeaderMap,
    ) -> Result<Self, SigV4Error> {
        let uri = request.uri();
        let lines = header_lines(request.headers(), added, host(uri)?)?;
        let signed_headers = lines.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
        let headers: String = lines.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let text = format!(
            "{}\n{}\n{}\n{headers}\n{signed_headers}\n{}",
            request.method().as_str().to_ascii_uppercase(),
            path(uri.path())?,
            query(uri.query().unwrap_or_default())?,
            hex(&sha256(&[request.body().as_ref()])),
        );
        Ok(Self { text: text.into(), signed_headers })
    }
}

/// The `Host` header that goes out for this address.
fn host(uri: &Uri) -> Result<String, SigV4Error> {
    let host = uri.host().filter(|host| !host.is_empty()).ok_or(SigV4Error::Host)?;
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(SigV4Error::Host);
    }
    let own_port = if uri.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 };
    Ok(match uri.port_u16() {
        Some(port) if port != own_port => format!("{host}:{port}"),
        _ => host.to_owned(),
    })
}

/// The path as sent, percent-encoded once more (S3 alone does without that).
fn path(path: &str) -> Result<String, SigV4Error> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let without_last_slash = inner.strip_suffix('/').unwrap_or(inner);
    if !inner.is_empty() && without_last_slash.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(SigV4Error::Path);
    }
    let segments = inner.split('/').map(|segment| percent_encode(segment.as_bytes()));
    Ok(segments.fold(String::new(), |path, segment| path + "/" + &segment))
}

/// Parameters decoded, encoded as AWS does, and sorted by name, then value. One without `=` has an empty value.
fn query(query: &str) -> Result<String, SigV4Error> {
    if query.is_empty() {
        return Ok(String::new());
    }
    let mut pairs = query
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if pair.is_empty() {
                return Err(SigV4Error::Query);
            }
            Ok((percent_encode(&percent_decode(name)?), percent_encode(&percent_decode(value)?)))
        })
        .collect::<Result<Vec<_>, _>>()?;
    pairs.sort_unstable();
    Ok(pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"))
}

/// The headers to sign, sorted by name, each with its values.
fn header_lines(
    own: &HeaderMap,
    added: &HeaderMap,
    host: String,
) -> Result<Vec<(String, String)>, SigV4Error> {
    let mut lines = vec![(header::HOST.to_string(), host)];
    for name in added.keys().chain(own.keys().filter(|name| is_signed(name) && !added.contains_key(*name))) {
        let values = if added.contains_key(name) { added } else { own }.get_all(name);
        let values = values.iter().map(header_text).collect::<Result<Vec<_>, _>>()?;
        lines.push((name.to_string(), values.join(",")));
    }
    lines.sort_unstable();
    Ok(lines)
}

/// Not signed: what the signature replaces, and what the transport or a proxy may change.
fn is_signed(name: &HeaderName) -> bool {
    const LEFT_OUT: &[&str] = &[
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "x-amz-date",
        "x-amz-security-token",
        "x-amzn-trace-id",
        "x-forwarded-for",
    ];
    !LEFT_OUT.contains(&name.as_str()) && !name.as_str().starts_with("proxy-")
}

/// A value without surrounding spaces, and with single spaces inside.
fn header_text(value: &HeaderValue) -> Result<String, SigV4Error> {
    let text = value.to_str().map_err(|_| SigV4Error::Header)?;
    Ok(text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

fn percent_encode(bytes: &[u8]) -> String {
    percent_encoding::percent_encode(bytes, RESERVED).to_string()
}

fn percent_decode(text: &str) -> Result<Vec<u8>, SigV4Error> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => return Err(SigV4Error::Query),
            b'%' => {
                let high = hex_digit(bytes.next())?;
                high * 16 + hex_digit(bytes.next())?
            }
            byte => byte,
        });
    }
    Ok(decoded)
}

fn hex_digit(byte: Option<u8>) -> Result<u8, SigV4Error> {
    let digit = byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or(SigV4Error::Query)?;
    u8::try_from(digit).map_err(|_| SigV4Error::Query)
}
