//! AWS Signature Version 4, for the endpoint that requires it instead of the bearer token.
//!
//! The steps are those of AWS's
//! [Create a signed AWS API request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
//!
//! An ambiguous request is refused, since the server might interpret it differently: see [`SigV4Error`].

mod canonical;

use std::fmt;

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use jiff::tz::Offset;
use zeroize::Zeroizing;

use self::canonical::CanonicalRequest;
use super::hash::{hex, hmac_sha256, sha256};
use crate::Secret;

/// Signs a request. Returns the headers to add to it, replacing those of the same name: `x-amz-date`, `authorization`
/// and, if the credentials have a session token, `x-amz-security-token`. The last two are marked as sensitive.
///
/// All of the request's headers are signed except those that are replaced and those that proxies may change
/// (`user-agent`, `connection` and the like). `host` is taken from the address, without the default port.
///
/// # Errors
///
/// [`SigV4Error`] names the part of the request that can't be signed.
pub fn sign<B: AsRef<[u8]>>(
    request: &http::Request<B>,
    credentials: &AwsCredentials,
    scope: &Scope<'_>,
    time: jiff::Timestamp,
) -> Result<HeaderMap, SigV4Error> {
    Signed::new(request, credentials, scope, time).map(|signed| signed.headers)
}

/// A signature and the steps to it.
#[cfg_attr(not(test), expect(dead_code, reason = "the steps are there for the vectors"))]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Signed {
    pub(super) headers: HeaderMap,
    /// Contains the session token.
    pub(super) canonical_request: Secret,
    pub(super) string_to_sign: String,
    pub(super) signature: String,
}

impl Signed {
    pub(super) fn new<B: AsRef<[u8]>>(
        request: &http::Request<B>,
        credentials: &AwsCredentials,
        scope: &Scope<'_>,
        time: jiff::Timestamp,
    ) -> Result<Self, SigV4Error> {
        let time = Offset::UTC.to_datetime(time);
        let date = &format!("{:04}{:02}{:02}", time.year(), time.month(), time.day());
        let time = format!("{date}T{:02}{:02}{:02}Z", time.hour(), time.minute(), time.second());
        let scope_line = scope.line(date)?;
        if !is_token(&credentials.access_key_id) {
            return Err(SigV4Error::Credentials);
        }

        let mut headers = HeaderMap::new();
        headers.insert(X_AMZ_DATE, header_value(&time)?);
        if let Some(token) = &credentials.session_token {
            headers.insert(X_AMZ_SECURITY_TOKEN, secret_value(token.expose())?);
        }

        let canonical = CanonicalRequest::new(request, &headers)?;
        let hash = hex(&sha256(&[canonical.text.expose().as_bytes()]));
        let string_to_sign = format!("{ALGORITHM}\n{time}\n{scope_line}\n{hash}");
        let key = signing_key(&credentials.secret_key, date, scope);
        let signature = hex(&hmac_sha256(&key[..], &[string_to_sign.as_bytes()]));

        let authorization = format!(
            "{ALGORITHM} Credential={}/{scope_line}, SignedHeaders={}, Signature={signature}",
            credentials.access_key_id, canonical.signed_headers
        );
        headers.insert(AUTHORIZATION, secret_value(&authorization)?);
        Ok(Self { headers, canonical_request: canonical.text, string_to_sign, signature })
    }
}

/// Temporary keys from `GetCredentialsForIdentity`.
#[derive(Debug, Clone)]
pub struct AwsCredentials {
    /// `AccessKeyId`. Not a secret: it is sent in the clear.
    pub access_key_id: String,
    /// `SecretKey`.
    pub secret_key: Secret,
    /// `SessionToken`.
    pub session_token: Option<Secret>,
}

/// The region and service that a signature is valid for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Such as `us-east-1`.
    pub region: &'a str,
    /// Such as `execute-api`.
    pub service: &'a str,
}

impl Scope<'_> {
    fn line(&self, date: &str) -> Result<String, SigV4Error> {
        if !is_token(self.region) || !is_token(self.service) {
            return Err(SigV4Error::Scope);
        }
        Ok(format!("{date}/{}/{}/{TERMINATOR}", self.region, self.service))
    }
}

/// A key for this day, region and service only.
fn signing_key(secret: &Secret, date: &str, scope: &Scope<'_>) -> Zeroizing<[u8; 32]> {
    let first = Zeroizing::new(format!("AWS4{}", secret.expose()).into_bytes());
    let mut key = Zeroizing::new(hmac_sha256(&first, &[date.as_bytes()]));
    for part in [scope.region, scope.service, TERMINATOR] {
        key = Zeroizing::new(hmac_sha256(&key[..], &[part.as_bytes()]));
    }
    key
}

/// Whether text can be part of a scope.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn header_value(text: &str) -> Result<HeaderValue, SigV4Error> {
    HeaderValue::from_str(text).map_err(|_| SigV4Error::Credentials)
}

fn secret_value(text: &str) -> Result<HeaderValue, SigV4Error> {
    let mut value = header_value(text)?;
    value.set_sensitive(true);
    Ok(value)
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TERMINATOR: &str = "aws4_request";
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Why a request can't be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigV4Error {
    /// The address has no host, or one with capitals, which some clients send as they are and some don't.
    Host,
    /// The path has dot segments or empty ones, which servers may or may not resolve before they check.
    Path,
    /// The query has a bare `+` (a plus or a space?), a `%` that escapes nothing, or an empty parameter.
    Query,
    /// A header's value is not plain text.
    Header,
    /// An access key id or session token that can't be part of a header.
    Credentials,
    /// A region or service with other characters than letters, digits, `-` and `_`.
    Scope,
}

impl fmt::Display for SigV4Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self {
            Self::Host => "its host is missing or not in lower case",
            Self::Path => "its path has dot segments or empty segments",
            Self::Query => "its query is not percent-encoded throughout",
            Self::Header => "a header is not plain text",
            Self::Credentials => "the AWS credentials are malformed",
            Self::Scope => "the region or service is malformed",
        };
        write!(f, "the request can't be signed: {part}")
    }
}

impl std::error::Error for SigV4Error {}

#[cfg(test)]
mod tests;
