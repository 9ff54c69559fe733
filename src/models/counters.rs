//! Counts of a member's classes.

use std::fmt;

model! {
    /// How many classes a member attended. The counters can be more than a year out of date: see
    /// [`MemberApi::class_counters`](crate::MemberApi::class_counters).
    pub struct ClassCounters {
        /// Classes in studios.
        #[doc(alias = "total_in_person_classes_attended")]
        pub in_studio_classes_attended: Option<i64> = "totalInStudioClassesAttended",
        /// Live classes, attended from home.
        #[doc(alias = "total_ot_live_classes_attended")]
        pub ot_live_classes_attended: Option<i64> = "totalOtliveClassesAttended",
    }
}

impl fmt::Display for ClassCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.in_studio_classes_attended {
            Some(attended) => write!(f, "{attended} classes in studios"),
            None => f.pad("an unknown number of classes"),
        }
    }
}
