//! Changes of notification settings.

use crate::error::{Error, Result};

/// A change of notification settings, for text messages or emails. Settings that are not set here stay unchanged.
///
/// ```
/// use otf_api::NotificationUpdate;
///
/// let no_advertising = NotificationUpdate::new().promotional(false);
/// # let _ = no_advertising;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotificationUpdate {
    promotional: Option<bool>,
    transactional: Option<bool>,
}

impl NotificationUpdate {
    /// An empty change.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether the member receives advertising.
    #[doc(alias = "promotional_enabled")]
    #[must_use]
    pub fn promotional(mut self, wanted: bool) -> Self {
        self.promotional = Some(wanted);
        self
    }

    /// Sets whether the member receives messages about bookings and payments.
    #[doc(alias = "transactional_enabled")]
    #[must_use]
    pub fn transactional(mut self, wanted: bool) -> Self {
        self.transactional = Some(wanted);
        self
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::new()
    }

    /// Promotional and transactional, completed by `current`.
    pub(super) fn complete(
        self,
        current: impl FnOnce() -> Result<(Option<bool>, Option<bool>)>,
    ) -> Result<(bool, bool)> {
        let (promotional, transactional) = match (self.promotional, self.transactional) {
            (Some(promotional), Some(transactional)) => return Ok((promotional, transactional)),
            (None, None) => current()?,
            (Some(promotional), None) => (Some(promotional), current()?.1),
            (None, Some(transactional)) => (current()?.0, Some(transactional)),
        };
        let known = |argument, wanted: Option<bool>| {
            wanted.ok_or_else(|| {
                Error::invalid(argument, "the service does not say how it is, so it has to be given")
            })
        };
        Ok((known("promotional", promotional)?, known("transactional", transactional)?))
    }
}
