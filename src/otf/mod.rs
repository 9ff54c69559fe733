//! The client as programs hold it.

mod actions;
mod builder;
mod raw;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::api::{BookingApi, MemberApi, StudioApi, TrendApi, WorkoutApi, is_usable};
use crate::auth::{OtfUser, Session};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{MemberDetail, MemberUuid, StudioDetail, StudioUuid};

pub use builder::OtfBuilder;
pub use raw::RawRequest;

/// A signed-in client: the way to every endpoint.
///
/// It is cheap to clone, and clones share the tokens, the connections and what is kept. It can be used by
/// several threads at once.
#[derive(Clone)]
pub struct Otf {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    user: OtfUser,
    known: Mutex<Known>,
}

/// What has been loaded and is held for as long as the client lives.
#[derive(Default)]
struct Known {
    member: Option<Arc<MemberDetail>>,
    home_studio_uuid: Option<StudioUuid>,
}

impl Otf {
    pub(crate) fn new(client: Client, user: OtfUser) -> Self {
        Self { inner: Arc::new(Inner { client, user, known: Mutex::default() }) }
    }

    /// Signs in with what is at hand: the stored tokens of the account named by `OTF_EMAIL`, or of the one that
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
        BookingApi::new(self)
    }

    /// The member.
    pub fn members(&self) -> MemberApi<'_> {
        MemberApi::new(self)
    }

    /// Studios.
    pub fn studios(&self) -> StudioApi<'_> {
        StudioApi::new(self)
    }

    /// Workouts, and what the service keeps besides: heart rates, statistics, challenges, scans.
    pub fn workouts(&self) -> WorkoutApi<'_> {
        WorkoutApi::new(self)
    }

    /// Trends over workouts.
    pub fn trends(&self) -> TrendApi<'_> {
        TrendApi::new(self)
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
        RawRequest::new(self, method, host, path)
    }

    /// What the time is, by the client's clock ([`OtfBuilder::clock`]): for
    /// [`has_started`](crate::models::OtfClass::has_started) and the like.
    pub fn now(&self) -> Timestamp {
        self.inner.client.now()
    }

    /// Who is signed in.
    pub fn user(&self) -> &OtfUser {
        &self.inner.user
    }

    /// The id of the member who is signed in.
    pub fn member_uuid(&self) -> &MemberUuid {
        &self.inner.user.member_uuid
    }

    /// The member who is signed in, with the home studio, loaded once.
    ///
    /// # Errors
    ///
    /// As [`MemberApi::detail`].
    pub fn member(&self) -> Result<Arc<MemberDetail>> {
        match self.known_member() {
            Some(member) => Ok(member),
            None => self.members().detail().map(|member| self.hold_member(member)),
        }
    }

    /// The member, loaded anew, whatever is known or kept.
    ///
    /// # Errors
    ///
    /// As [`MemberApi::detail`].
    pub fn refresh_member(&self) -> Result<Arc<MemberDetail>> {
        self.members().forget();
        self.members().detail().map(|member| self.hold_member(member))
    }

    /// The id of the member's home studio, loaded once.
    ///
    /// # Errors
    ///
    /// As for any call; [`Error::NotFound`] where the member has no home studio, or one whose id can't be asked for.
    pub fn home_studio_uuid(&self) -> Result<StudioUuid> {
        if let Some(id) = self.known_home_studio_uuid() {
            return Ok(id);
        }
        let id = home_studio_uuid(&self.members().record()?).ok_or_else(|| Error::NotFound {
            endpoint: "the member's home studio".to_owned(),
            message: None,
        })?;
        self.known().home_studio_uuid = Some(id.clone());
        Ok(id)
    }

    /// The member's home studio.
    ///
    /// # Errors
    ///
    /// As [`Otf::home_studio_uuid`] and [`StudioApi::detail`].
    pub fn home_studio(&self) -> Result<StudioDetail> {
        self.studios().detail(self.home_studio_uuid()?)
    }

    /// The home studio's id where it need not be asked for.
    pub(crate) fn known_home_studio_uuid(&self) -> Option<StudioUuid> {
        self.known().home_studio_uuid.clone()
    }

    /// The member where it need not be asked for.
    pub(crate) fn known_member(&self) -> Option<Arc<MemberDetail>> {
        self.known().member.clone()
    }

    /// Holds what the member is now.
    pub(crate) fn hold_member(&self, member: MemberDetail) -> Arc<MemberDetail> {
        let member = Arc::new(member);
        let mut known = self.known();
        known.home_studio_uuid = home_studio_uuid(&member).or(known.home_studio_uuid.take());
        known.member = Some(Arc::clone(&member));
        member
    }

    /// Lets go of the member, who is no longer known to be as held.
    pub(crate) fn drop_member(&self) {
        self.known().member = None;
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.inner.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sign-in as a value that another machine can start from. It is as good as the password for as long as
    /// its refresh token lives: keep it where secrets are kept.
    ///
    /// # Errors
    ///
    /// As for any call, where the tokens have to be renewed first.
    pub fn session(&self) -> Result<Session> {
        self.inner.client.session().export()
    }

    /// Forgets the answers that are kept for this account, in the store and in memory: what is asked next is asked
    /// of the service. The tokens stay.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] where something can't be removed.
    pub fn clear_response_cache(&self) -> Result<()> {
        *self.known() = Known::default();
        self.inner.client.forget_all()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.inner.client
    }
}

fn home_studio_uuid(member: &MemberDetail) -> Option<StudioUuid> {
    let studio = member.home_studio.as_ref()?;
    Some(studio.studio_uuid.clone()).filter(is_usable)
}

impl fmt::Debug for Otf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Otf").field("user", &self.inner.user).finish_non_exhaustive()
    }
}
