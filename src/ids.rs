//! Ids as types, so that e.g. the two ids of a class cannot be mixed up.

use std::fmt;

use serde::Serialize;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// An id from its text, unchecked: a call with an invalid id fails with
            /// [`Error::InvalidInput`](crate::Error::InvalidInput) before anything is sent.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// Whether it is empty, as when the service left the id out.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// The id's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self::new(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }
    };
}

id! {
    /// A class, for the newer endpoints (`id` of a class).
    ClassId
}
id! {
    /// A class, for the older endpoints and for ratings (`ot_base_class_uuid`, `classUUId`).
    ClassUuid
}
id! {
    /// A booking of the newer endpoints (`id` of a booking).
    BookingId
}
id! {
    /// A booking of the older endpoints (`classBookingUUId`).
    BookingUuid
}
id! {
    /// A studio. A studio's record that comes without its id, as inside a service's, holds an empty one.
    StudioUuid
}
id! {
    /// A member: `cognito:username` of the ID token.
    MemberUuid
}
id! {
    /// A performance summary, and so a workout; the telemetry calls it `classHistoryUuid`.
    PerformanceSummaryId
}
