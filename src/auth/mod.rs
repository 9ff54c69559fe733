//! Signing in: Cognito's SRP, device confirmation, and the lifetime of the tokens.
//!
//! [`srp`], [`device`], [`jwt`] and [`sigv4`] are pure: bytes in, bytes out, no clock and no I/O. The rest of the
//! sign-in is behind [`Otf::builder`](crate::Otf::builder).

mod account;
mod account_files;
mod accounts;
mod attempt;
mod challenge;
mod cognito;
mod confirm;
mod context;
mod credentials;
pub mod device;
pub(crate) mod hash;
mod identity_pool;
mod jwks;
pub mod jwt;
mod prompt;
mod session;
mod session_info;
mod sign_in;
pub mod sigv4;
pub mod srp;
mod token_manager;
mod tokens;
mod user;
#[cfg(test)]
mod vectors;
mod wire;

pub use accounts::{StoredAccount, accounts};
pub use challenge::{ChallengeKind, ChallengeResponse, SignInChallenge};
pub use credentials::Credentials;
pub use session::{Device, Session};
pub use session_info::SessionInfo;
pub use user::OtfUser;

pub(crate) use account::hash;
pub(crate) use challenge::ChallengeHandler;
pub(crate) use context::{ClockOffset, Context};
pub(crate) use credentials::{CredentialSource, Environment};
pub(crate) use identity_pool::{TemporaryCredentials, temporary_credentials};
pub(crate) use sign_in::SignInSettings;
pub(crate) use token_manager::{TokenManager, TokenSettings};
pub(crate) use tokens::Tokens;
