//! The client that programs use.

mod actions;
mod builder;
mod raw;
mod session;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::api::{BookingApi, MemberApi, StudioApi, TrendApi, WorkoutApi};
use crate::auth::{OtfUser, Session};
use crate::client::Client;
use crate::error::Result;
use crate::models::{MemberDetail, MemberUuid, StudioDetail, StudioUuid};

pub use builder::OtfBuilder;
pub use raw::RawRequest;

/// A signed-in client.
///
/// Cloning it is cheap: clones share tokens, connections and cached responses. Several threads can use it at once.
#[derive(Clone)]
pub struct Otf {
    client: Arc<Client>,
}

impl Otf {
    fn new(client: Client) -> Self {
        Self { client: Arc::new(client) }
    }

    /// Signs in with the first of these that is available: the cached tokens of the account in `OTF_EMAIL`, or of the
    /// most recently used account; `OTF_EMAIL` and `OTF_PASSWORD`; a prompt, if there is a terminal.
    ///
    /// # Errors
    ///
    /// As [`OtfBuilder::login`].
    pub fn login() -> Result<Self> {
        Self::builder().login()
    }

    /// Configures a client.
    pub fn builder() -> OtfBuilder {
        OtfBuilder::default()
    }

    /// Classes and bookings.
    pub fn bookings(&self) -> BookingApi<'_> {
        BookingApi::new(&self.client)
    }

    /// The member: profile, memberships, purchases, settings.
    pub fn members(&self) -> MemberApi<'_> {
        MemberApi::new(&self.client)
    }

    /// Studios.
    pub fn studios(&self) -> StudioApi<'_> {
        StudioApi::new(&self.client)
    }

    /// Workouts, heart rates, statistics, challenges and body scans.
    pub fn workouts(&self) -> WorkoutApi<'_> {
        WorkoutApi::new(&self.client)
    }

    /// Trends over workouts.
    pub fn trends(&self) -> TrendApi<'_> {
        TrendApi::new(&self.client)
    }

    /// A request to any endpoint, e.g. one that has no method here. Returns JSON; sign-in, retries and errors are
    /// handled.
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// use otf_api::{Host, Otf, http::Method};
    ///
    /// # let sandbox = otf_api::sandbox::Sandbox::start()?;
    /// # let otf = Otf::builder().sandbox(&sandbox).login()?;
    /// let path = format!("/member/members/{}/memberships", otf.member_uuid());
    /// let membership = otf.request(Method::GET, Host::Default, &path).send()?;
    /// assert!(membership["data"].is_object());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request(&self, method: http::Method, host: crate::Host, path: &str) -> RawRequest<'_> {
        RawRequest::new(&self.client, method, host, path)
    }

    /// The current time by the client's clock ([`OtfBuilder::clock`]), e.g. for
    /// [`ClassTime::has_passed`](crate::models::ClassTime::has_passed).
    pub fn now(&self) -> Timestamp {
        self.client.now()
    }

    /// The current user, from the ID token.
    pub fn user(&self) -> &OtfUser {
        self.client.user()
    }

    /// The current member's id.
    pub fn member_uuid(&self) -> &MemberUuid {
        self.client.member_uuid()
    }

    /// The current member, including the home studio. Loaded once per client.
    ///
    /// # Errors
    ///
    /// As [`MemberApi::detail`].
    pub fn member(&self) -> Result<Arc<MemberDetail>> {
        self.members().current()
    }

    /// Loads the current member again, replacing the cached one.
    ///
    /// # Errors
    ///
    /// As [`MemberApi::detail`].
    pub fn refresh_member(&self) -> Result<Arc<MemberDetail>> {
        self.members().refresh()
    }

    /// The id of the member's home studio. Loaded once per client.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if the member has no home studio or its id is invalid; and those of
    /// [any call](crate::Error#any-call).
    pub fn home_studio_uuid(&self) -> Result<StudioUuid> {
        self.members().home_studio_uuid()
    }

    /// The member's home studio.
    ///
    /// # Errors
    ///
    /// As [`Otf::home_studio_uuid`] and [`StudioApi::detail`].
    pub fn home_studio(&self) -> Result<StudioDetail> {
        self.members().home_studio()
    }

    /// Exports the session, e.g. for another machine. Until its refresh token expires, it is as powerful as the
    /// password: store it as a secret.
    ///
    /// # Errors
    ///
    /// Those of [any call](crate::Error#any-call), if the tokens have to be renewed first.
    pub fn session(&self) -> Result<Session> {
        self.client.session().export()
    }

    /// Removes this account's cached responses from the store and from memory. Tokens and other accounts are not
    /// affected.
    ///
    /// # Errors
    ///
    /// [`Error::Store`](crate::Error::Store) if something cannot be removed.
    pub fn clear_response_cache(&self) -> Result<()> {
        self.client.clear_response_cache()
    }
}

impl fmt::Debug for Otf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Otf").field("user", self.client.user()).finish_non_exhaustive()
    }
}
