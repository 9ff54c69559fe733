//! The member and the home studio, loaded once per client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::models::{ClassId, MemberDetail, StudioUuid};

/// How long lists may lag behind a booking of this client.
const RECENT: SignedDuration = SignedDuration::from_secs(30);

/// What the client has loaded about its member.
#[derive(Default)]
pub(crate) struct Profile {
    loaded: Mutex<Loaded>,
}

#[derive(Default)]
struct Loaded {
    member: Option<Arc<MemberDetail>>,
    home_studio: Option<StudioUuid>,
    /// When this client booked a class, or may have.
    booked: HashMap<ClassId, Timestamp>,
}

impl Profile {
    /// The member, if it has been loaded.
    pub(crate) fn member(&self) -> Option<Arc<MemberDetail>> {
        self.lock().member.clone()
    }

    /// The home studio's id, if it is known.
    pub(crate) fn home_studio(&self) -> Option<StudioUuid> {
        self.lock().home_studio.clone()
    }

    /// Remembers the member, and the home studio unless the record names none.
    pub(crate) fn set_member(
        &self,
        member: MemberDetail,
        home_studio: Option<StudioUuid>,
    ) -> Arc<MemberDetail> {
        let member = Arc::new(member);
        let mut loaded = self.lock();
        loaded.home_studio = home_studio.or(loaded.home_studio.take());
        loaded.member = Some(Arc::clone(&member));
        member
    }

    pub(crate) fn set_home_studio(&self, id: StudioUuid) {
        self.lock().home_studio = Some(id);
    }

    /// Remembers that a class was booked at a time, or may have been.
    pub(crate) fn set_booked(&self, class: &ClassId, now: Timestamp) {
        let booked = &mut self.lock().booked;
        booked.retain(|_, time| now.duration_since(*time) < RECENT);
        booked.insert(class.clone(), now);
    }

    /// Forgets that a class was booked.
    pub(crate) fn forget_booked(&self, class: &ClassId) {
        self.lock().booked.remove(class);
    }

    /// Whether a class was booked, or may have been, so recently that lists may not show it.
    pub(crate) fn booked_recently(&self, class: &ClassId, now: Timestamp) -> bool {
        self.lock().booked.get(class).is_some_and(|time| now.duration_since(*time) < RECENT)
    }

    /// Forgets the member after a change whose result is not known.
    pub(crate) fn forget_member(&self) {
        self.lock().member = None;
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Loaded::default();
    }

    fn lock(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
