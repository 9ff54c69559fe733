//! The service's hosts and its user pool.

use http::Uri;

use crate::error::{Error, Result};

/// The hosts of the OrangeTheory service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// `api.orangetheory.co`: members, studios, older bookings, challenges.
    Default,
    /// `api.orangetheory.io`: classes, newer bookings, performance summaries.
    Io,
    /// `api.yuzu.orangetheory.com`: telemetry.
    Telemetry,
    /// `api.gateway.orangetheory.com`: trends.
    Gateway,
}

/// The addresses that a client talks to. The default is the real service.
///
/// Each is `https`, or plain `http` on a loopback address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    default: String,
    io: String,
    telemetry: String,
    gateway: String,
    user_pool: String,
    identity_pool: String,
    key_set: Option<String>,
    pool: UserPool,
}

/// The Cognito user pool and its app client. The default is OrangeTheory's, as used by the official app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPool {
    id: String,
    client_id: String,
    identity_pool_id: String,
}

impl Default for UserPool {
    fn default() -> Self {
        Self {
            id: "us-east-1_dYDxUeyL1".to_owned(),
            client_id: "1457d19r0pcjgmp5agooi0rb1b".to_owned(),
            identity_pool_id: "us-east-1:4943c880-fb02-4fd7-bc37-2f4c32ecb2a3".to_owned(),
        }
    }
}

impl UserPool {
    /// Another pool, for a Cognito emulator: its id (`region_name`) and the id of an app client without secret.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the id is not of the form `region_name`.
    pub fn new(id: impl Into<String>, client_id: impl Into<String>) -> Result<Self> {
        let id = id.into();
        match id.split_once('_') {
            Some((region, name)) if is_plain(region) && is_plain(name) => {}
            _ => return Err(Error::invalid("id", "must have the form region_name")),
        }
        Ok(Self { id, client_id: client_id.into(), ..Self::default() })
    }

    /// The pool's id, e.g. `us-east-1_dYDxUeyL1`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The app client's id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The pool's region, e.g. `us-east-1`.
    pub fn region(&self) -> &str {
        self.id.split_once('_').map_or("", |(region, _)| region)
    }

    /// Who issues the pool's tokens (`iss`).
    pub fn issuer(&self) -> String {
        format!("https://{}", self.login_provider())
    }

    pub(crate) fn identity_pool_id(&self) -> &str {
        &self.identity_pool_id
    }

    /// The key under which the identity pool expects the ID token.
    pub(crate) fn login_provider(&self) -> String {
        format!("cognito-idp.{}.amazonaws.com/{}", self.region(), self.id)
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            default: "https://api.orangetheory.co".to_owned(),
            io: "https://api.orangetheory.io".to_owned(),
            telemetry: "https://api.yuzu.orangetheory.com".to_owned(),
            gateway: "https://api.gateway.orangetheory.com".to_owned(),
            user_pool: "https://cognito-idp.us-east-1.amazonaws.com".to_owned(),
            identity_pool: "https://cognito-identity.us-east-1.amazonaws.com".to_owned(),
            key_set: None,
            pool: UserPool::default(),
        }
    }
}

impl Endpoints {
    /// Everything at one base address, told apart by path and header only: the sandbox, or another fake.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the address is neither `https` nor on the loopback.
    pub fn at(base: &str) -> Result<Self> {
        let base = check_base_url("base", base)?;
        Ok(Self {
            default: base.clone(),
            io: base.clone(),
            telemetry: base.clone(),
            gateway: base.clone(),
            user_pool: base.clone(),
            identity_pool: base,
            key_set: None,
            pool: UserPool::default(),
        })
    }

    /// Another address for one host.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the address is neither `https` nor on the loopback.
    pub fn host(mut self, host: Host, base: &str) -> Result<Self> {
        let base = check_base_url("base", base)?;
        match host {
            Host::Default => self.default = base,
            Host::Io => self.io = base,
            Host::Telemetry => self.telemetry = base,
            Host::Gateway => self.gateway = base,
        }
        Ok(self)
    }

    /// Another address for the user pool's calls and its key set.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the address is neither `https` nor on the loopback.
    pub fn user_pool(mut self, base: &str) -> Result<Self> {
        self.user_pool = check_base_url("base", base)?;
        Ok(self)
    }

    /// Another address for the identity pool's calls.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the address is neither `https` nor on the loopback.
    pub fn identity_pool(mut self, base: &str) -> Result<Self> {
        self.identity_pool = check_base_url("base", base)?;
        Ok(self)
    }

    /// Another address for the key set. Default: the user pool's address, `/`, the pool's id,
    /// `/.well-known/jwks.json`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the address is neither `https` nor on the loopback.
    pub fn key_set(mut self, url: &str) -> Result<Self> {
        self.key_set = Some(check_base_url("url", url)?);
        Ok(self)
    }

    /// Another user pool, for a Cognito emulator.
    #[must_use]
    pub fn pool(mut self, pool: UserPool) -> Self {
        self.pool = pool;
        self
    }

    pub(crate) fn base(&self, host: Host) -> &str {
        match host {
            Host::Default => &self.default,
            Host::Io => &self.io,
            Host::Telemetry => &self.telemetry,
            Host::Gateway => &self.gateway,
        }
    }

    pub(crate) fn user_pool_base(&self) -> &str {
        &self.user_pool
    }

    pub(crate) fn identity_pool_base(&self) -> &str {
        &self.identity_pool
    }

    pub(crate) fn key_set_url(&self) -> String {
        self.key_set
            .clone()
            .unwrap_or_else(|| format!("{}/{}/.well-known/jwks.json", self.user_pool, self.pool.id))
    }

    pub(crate) fn user_pool_settings(&self) -> &UserPool {
        &self.pool
    }
}

/// Checks a base address: `https`, or `http` on a loopback address; without user, query or fragment.
///
/// Returns it without trailing slashes.
pub(crate) fn check_base_url(argument: &'static str, url: &str) -> Result<String> {
    let uri: Uri = url.parse().map_err(|_| Error::invalid(argument, "not a URL"))?;
    let authority = uri.authority().ok_or_else(|| Error::invalid(argument, "the host is missing"))?;
    if uri.query().is_some() || url.contains('#') || authority.as_str().contains('@') {
        return Err(Error::invalid(argument, "a base address has no user, query or fragment"));
    }
    if authority.as_str() != authority.host() && authority.port_u16().is_none() {
        return Err(Error::invalid(argument, "invalid port"));
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(authority.host()) => {}
        _ => {
            return Err(Error::invalid(
                argument,
                "must be https (plain http is allowed for loopback addresses only)",
            ));
        }
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// Whether a host is this machine, where plain `http` is allowed and no proxy is used.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
