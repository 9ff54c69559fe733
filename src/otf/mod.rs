//! The client as programs hold it.

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

/// A signed-in client: the way to every endpoint.
///
/// It is cheap to clone, and clones share the tokens, the connections and what is kept. It can be used by
/// several threads at once.
#[derive(Clone)]
pub struct Otf {
    client: Arc<Client>,
}

impl Otf {
    fn new(client: Client) -> Self {
        Self { client: Arc::new(client) }
    }

    /// Signs in with the available credentials: the cached tokens of the account named by `OTF_EMAIL`, or of the one that
    /// was used last; else `OTF_EMAIL` and `OTF_PASSWORD`; else, at a terminal, by asking.
    ///
    /// # Errors
    ///
    /// As [`OtfBuilder::login`].
    pub fn login() -> Result<Self> {
        Self::builder().login()
    }

    /// A client set up step by step.
    pub fn builder() -> OtfBuilder {
        OtfBuilder::default()
    }

    /// Classes and bookings.
    pub fn bookings(&self) -> BookingApi<'_> {
        BookingApi::new(&self.client)
    }

    /// The member.
    pub fn members(&self) -> MemberApi<'_> {
        MemberApi::new(&self.client)
    }

    /// Studios.
    pub fn studios(&self) -> StudioApi<'_> {
        StudioApi::new(&self.client)
    }

    /// Workouts, and what the service keeps besides: heart rates, statistics, challenges, scans.
    pub fn workouts(&self) -> WorkoutApi<'_> {
        WorkoutApi::new(&self.client)
    }

    /// Trends over workouts.
    pub fn trends(&self) -> TrendApi<'_> {
        TrendApi::new(&self.client)
    }

    /// Any endpoint's JSON, with sign-in, retries and errors handled: the way past the models.
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

    /// What the time is, by the client's clock ([`OtfBuilder::clock`]): for
    /// [`ClassTime::has_passed`](crate::models::ClassTime::has_passed).
    pub fn now(&self) -> Timestamp {
        self.client.now()
    }

    /// Who is signed in.
    pub fn user(&self) -> &OtfUser {
        self.client.user()
    }

    /// The id of the member who is signed in.
    pub fn member_uuid(&self) -> &MemberUuid {
        self.client.member_uuid()
    }

    /// The member who is signed in, with the home studio, loaded once.
    ///
    /// # Errors
    ///
    /// As [`MemberApi::detail`].
    pub fn member(&self) -> Result<Arc<MemberDetail>> {
        self.members().current()
    }

    /// The member, loaded anew, whatever is known or kept.
    ///
    /// # Errors
    ///
    /// As [`MemberApi::detail`].
    pub fn refresh_member(&self) -> Result<Arc<MemberDetail>> {
        self.members().refresh()
    }

    /// The id of the member's home studio, loaded once.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if the member has no home studio, or one with an invalid id; and
    /// those of [any call](crate::Error#any-call).
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

    /// The sign-in as a value that another machine can start from. It is as good as the password for as long as
    /// its refresh token lives: keep it where secrets are kept.
    ///
    /// # Errors
    ///
    /// Those of [any call](crate::Error#any-call), if the tokens have to be renewed first.
    pub fn session(&self) -> Result<Session> {
        self.client.session().export()
    }

    /// Removes this account's cached responses from the store and from memory, so that the next calls ask the
    /// service. The tokens stay, and so does everything of other accounts.
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
