//! Memberships.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::error::printable;

model! {
    /// A member's membership.
    pub struct MemberMembership {
        /// When it was paid: a day, at midnight.
        pub payment_date: Option<DateTime> = "paymentDate",
        /// From when it counts: a day, at midnight.
        pub active_date: Option<DateTime> = "activeDate",
        /// Until when it counts: a day, at midnight.
        pub expiration_date: Option<DateTime> = "expirationDate",
        /// Whether it is in force.
        pub current: Option<bool>,
        /// How many classes it holds; 10000 where [there is no limit](Self::is_unlimited).
        pub count: Option<i64>,
        /// How many of them are left.
        pub remaining: Option<i64>,
        /// Its name.
        pub name: Option<String>,
        /// When the record was last changed.
        pub updated_date: Option<Timestamp> = "updatedDate",
        /// When the record was made.
        pub created_date: Option<Timestamp> = "createdDate",
        /// Whether the record is deleted.
        pub is_deleted: Option<bool> = "isDeleted",
        /// The service's number of it.
        pub member_membership_id: Option<i64> = "memberMembershipId",
        /// Its id.
        pub member_membership_uuid: Option<String> = "memberMembershipUUId",
        /// The service's number of the kind of membership.
        pub membership_id: Option<i64> = "membershipId",
        /// The service's number of the member.
        pub member_id: Option<i64> = "memberId",
        /// The booking system's id of the kind of membership.
        pub mbo_description_id: Option<String> = "mboDescriptionId",
        /// Who made the record.
        pub created_by: Option<String> = "createdBy",
        /// Who last changed it.
        pub updated_by: Option<String> = "updatedBy",
    }
}

/// A membership that holds so many classes has no limit.
const UNLIMITED: i64 = 10_000;

impl MemberMembership {
    /// Whether it holds classes without limit; `None` if the service does not say how many.
    #[must_use]
    pub fn is_unlimited(&self) -> Option<bool> {
        self.count.map(|count| count >= UNLIMITED)
    }

    /// How many classes are left; `None` if there is no limit, or the service does not say.
    #[must_use]
    pub fn classes_left(&self) -> Option<i64> {
        self.remaining.filter(|_| self.is_unlimited() != Some(true))
    }
}

impl fmt::Display for MemberMembership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.name.as_deref().unwrap_or("a membership without a name")))?;
        if let Some(expiration) = self.expiration_date {
            write!(f, " until {}", expiration.date())?;
        }
        match self.classes_left() {
            Some(left) => write!(f, ", {left} classes left"),
            None if self.is_unlimited() == Some(true) => f.write_str(", unlimited"),
            None => Ok(()),
        }
    }
}
