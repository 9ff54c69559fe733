//! Answers that are kept in the store and used again for a while.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Call, Client};

/// A kept answer.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    expires: Timestamp,
    #[serde(borrow)]
    body: &'a RawValue,
}

impl Client {
    /// The kept answer to a call, where there is one that has not expired.
    pub(super) fn kept(&self, call: &Call) -> Option<Vec<u8>> {
        call.keep.filter(|_| self.keeps_responses)?;
        let bytes = self.session.parts().store.read(&self.key(call)).ok()??;
        let kept: Kept<'_> = serde_json::from_slice(&bytes).ok()?;
        (kept.expires > self.now()).then(|| kept.body.get().as_bytes().to_vec())
    }

    /// Keeps an answer, where its call says that it may be.
    pub(super) fn keep(&self, call: &Call, body: &[u8]) {
        let Some(keep) = call.keep.filter(|_| self.keeps_responses) else { return };
        let expires = SignedDuration::try_from(keep).ok().and_then(|keep| self.now().checked_add(keep).ok());
        let (Some(expires), Ok(body)) = (expires, serde_json::from_slice(body)) else { return };
        let written = serde_json::to_vec(&Kept { expires, body })
            .map_err(std::io::Error::from)
            .and_then(|bytes| self.session.parts().store.write(&self.key(call), &bytes));
        if let Err(error) = written {
            log::warn!("{}: the answer can't be kept: {error}", call.endpoint());
        }
    }

    /// Forgets the kept answer to a call.
    pub(crate) fn forget(&self, call: &Call) {
        if let Err(error) = self.session.parts().store.remove(&self.key(call)) {
            log::warn!("{}: the kept answer can't be removed: {error}", call.endpoint());
        }
    }

    fn key(&self, call: &Call) -> String {
        let base = self.session.parts().endpoints.base(call.host);
        self.session.account().response_key(&format!("{} {base}{}?{}", call.method, call.path, call.query))
    }
}
