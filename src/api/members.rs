//! The member.

use std::time::Duration;

use crate::client::{Call, segment};
use crate::endpoints::Host;
use crate::error::Result;
use crate::models::MemberDetail;
use crate::otf::Otf;

/// How long member and studio are kept.
pub(super) const KEEP: Duration = Duration::from_secs(600);

/// The member who is signed in: [`Otf::members`].
#[derive(Clone, Copy, Debug)]
pub struct MemberApi<'a> {
    otf: &'a Otf,
}

impl<'a> MemberApi<'a> {
    pub(crate) fn new(otf: &'a Otf) -> Self {
        Self { otf }
    }

    /// The member in full, with the home studio in full: two requests, whose answers are kept for ten minutes.
    ///
    /// # Errors
    ///
    /// As for any call.
    #[doc(alias = "get_member_detail")]
    pub fn detail(&self) -> Result<MemberDetail> {
        let mut member = self.record()?;
        if let Some(studio) = &member.home_studio {
            member.home_studio = Some(self.otf.studios().detail(&studio.studio_uuid)?);
        }
        Ok(member)
    }

    /// The member's record alone; of the home studio it holds id, name, zone and status.
    pub(crate) fn record(&self) -> Result<MemberDetail> {
        let member = segment("member uuid", self.otf.member_uuid().as_str())?;
        let call = Call::get(Host::Default, format!("/member/members/{member}"))
            .query("include", "memberAddresses,memberClassSummary")
            .keep(KEEP);
        self.otf.client().get_in(&call, &["data"])
    }
}
