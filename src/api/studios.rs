//! Studios.

use super::has_id::{HasId, path_segment, required};
use super::members::KEEP;
use crate::client::Call;
use crate::endpoints::Host;
use crate::error::{Error, Result};
use crate::models::{StudioDetail, StudioUuid};
use crate::otf::Otf;

/// Studios: [`Otf::studios`].
#[derive(Clone, Copy, Debug)]
pub struct StudioApi<'a> {
    otf: &'a Otf,
}

impl<'a> StudioApi<'a> {
    pub(crate) fn new(otf: &'a Otf) -> Self {
        Self { otf }
    }

    /// A studio in full, kept for ten minutes. One that the service does not know is shown as a placeholder named
    /// "Studio Not Found" with the status Unknown.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an id that is none; otherwise as for any call.
    #[doc(alias = "get_studio_detail")]
    pub fn detail(&self, studio: impl HasId<StudioUuid>) -> Result<StudioDetail> {
        let id = required(&studio)?;
        let call = Call::get(Host::Default, format!("/mobile/v1/studios/{}", path_segment(id)?)).keep(KEEP);
        match self.otf.client().get_in(&call, &["data"]) {
            Err(Error::NotFound { .. }) => Ok(StudioDetail::not_found(id.clone())),
            studio => studio,
        }
    }
}
