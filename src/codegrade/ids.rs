//! Ids as types, so that a course's id is not taken for an assignment's.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

macro_rules! integer_id {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(#[serde(deserialize_with = "integer")] i64);

        impl $name {
            /// The id with this number.
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

    )* };
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id with this text.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
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

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )* };
}

integer_id! {
    /// A user of the server.
    UserId
    /// A course.
    CourseId
    /// An assignment of a course.
    AssignmentId
    /// A submission to an assignment.
    SubmissionId
    /// A row of a rubric.
    RubricRowId
    /// An item of a rubric's row.
    RubricItemId
}

text_id! {
    /// A tenant: a school or company on the server.
    TenantId
    /// A login that waits for its code.
    OtpLoginId
}

/// A number, or a text of one.
fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Wire {
        Number(i64),
        Text(String),
    }

    let id = match Wire::deserialize(deserializer) {
        Ok(Wire::Number(id)) => Some(id),
        Ok(Wire::Text(text)) => text.trim().parse().ok(),
        Err(_) => None,
    };
    id.ok_or_else(|| D::Error::custom("invalid id, expected an integer"))
}
