//! Bookings of the older endpoints.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::address::StudioLocation;
use super::booking_status::BookingStatus;
use super::class::{ClassType, write_class};
use super::class_time::ClassTime;
use super::member::full_name;
use super::studio::StudioDetail;
use crate::ids::{BookingUuid, ClassUuid, StudioUuid};

model! {
    /// A booking of the older endpoints.
    #[doc(alias = "Booking")]
    pub struct LegacyBooking {
        required {
            /// The booking's id on the older endpoints.
            #[doc(alias = "id_value")]
            pub booking_uuid: BookingUuid = "classBookingUUId",
            /// The booking's status.
            pub status: BookingStatus,
            /// The class that was booked.
            pub otf_class: LegacyBookingClass = "class",
        }
        /// Whether it is an introductory class.
        pub is_intro: Option<bool> = "isIntro",
        /// When it was made.
        pub booked_date: Option<Timestamp> = "bookedDate",
        /// When the member checked in.
        pub checked_in_date: Option<Timestamp> = "checkedInDate",
        /// When it was canceled.
        pub canceled_date: Option<Timestamp> = "cancelledDate",
        /// When its record was made.
        pub created_date: Option<Timestamp> = "createdDate",
        /// When its record was last changed.
        pub updated_date: Option<Timestamp> = "updatedDate",
        /// Whether its record is deleted.
        pub is_deleted: Option<bool> = "isDeleted",
        /// The position on the waitlist, from 1.
        pub waitlist_position: Option<i64> = "waitlistPosition",
        /// Whether it takes place at the member's home studio, if the home studio is known.
        pub is_home_studio: Option<bool>,
        /// The service's number of the booking.
        pub class_booking_id: Option<i64> = "classBookingId",
        /// The service's number of the class.
        pub class_id: Option<i64> = "classId",
        /// Who made the record.
        pub created_by: Option<String> = "createdBy",
        /// The booking system's number of the class.
        pub mbo_class_id: Option<i64> = "mboClassId",
        /// The booking system's id of the member.
        pub mbo_member_id: Option<String> = "mboMemberId",
        /// What the booking system said.
        pub mbo_sync_message: Option<String> = "mboSyncMessage",
        /// The booking system's number of the visit.
        pub mbo_visit_id: Option<i64> = "mboVisitId",
        /// The booking system's number of the waitlist entry.
        pub mbo_waitlist_entry_id: Option<i64> = "mboWaitlistEntryId",
        /// The service's number of the member.
        pub member_id: Option<i64> = "memberId",
        /// The service's number of the studio.
        pub studio_id: Option<i64> = "studioId",
        /// Who last changed the record.
        pub updated_by: Option<String> = "updatedBy",
    }
}

impl LegacyBooking {
    /// Whether it was canceled, late or in time.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.status.is_canceled()
    }

    /// Whether it is on the waitlist.
    #[must_use]
    pub fn is_waitlisted(&self) -> bool {
        self.status == BookingStatus::Waitlisted
    }

    /// When the class starts.
    #[must_use]
    pub fn start(&self) -> &ClassTime {
        &self.otf_class.start
    }

    /// When the class ends.
    #[must_use]
    pub fn end(&self) -> &ClassTime {
        &self.otf_class.end
    }

    /// The class's id.
    #[must_use]
    pub fn class_uuid(&self) -> Option<&ClassUuid> {
        self.otf_class.class_uuid.as_ref()
    }

    /// The studio's id.
    #[must_use]
    pub fn studio_uuid(&self) -> Option<&StudioUuid> {
        self.otf_class.studio.as_ref().map(|studio| &studio.studio_uuid).filter(|id| !id.is_empty())
    }

    /// The coach's first name.
    #[must_use]
    pub fn coach_name(&self) -> Option<&str> {
        self.otf_class.coach_name()
    }
}

impl fmt::Display for LegacyBooking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.otf_class, self.status)
    }
}

model! {
    /// A class as a booking of the older endpoints describes it.
    #[doc(alias = "BookingClass")]
    pub struct LegacyBookingClass {
        joined {
            /// When it starts.
            pub start: ClassTime,
            /// When it ends. If the service does not say, it follows from the format that the class's name stands for.
            pub end: ClassTime,
        }
        /// The class's id on the older endpoints.
        pub class_uuid: Option<ClassUuid> = "classUUId",
        /// The class's name; empty if the service sends none.
        pub name: String,
        /// Whether a spot is left.
        pub is_available: Option<bool> = "isAvailable",
        /// Whether the studio canceled it.
        pub is_canceled: Option<bool> = "isCancelled",
        /// Where it takes place.
        pub studio: Option<StudioDetail>,
        /// Where exactly.
        pub location: Option<StudioLocation>,
        /// Who coaches it.
        pub coach: Option<LegacyCoach>,
        /// The service's number of the coach.
        pub coach_id: Option<i64> = "coachId",
        /// What the class is about.
        pub description: Option<String>,
        /// The program that the class belongs to.
        pub program_name: Option<String> = "programName",
        /// Whether it is held online.
        pub virtual_class: Option<bool> = "virtualClass",
    }
    also LegacyTimes {
        start: Option<ClassTime>,
        end: Option<ClassTime>,
        start_date_time: Option<DateTime> = "startDateTime",
        end_date_time: Option<DateTime> = "endDateTime",
    }
}

impl LegacyBookingClass {
    fn join(mut self, also: LegacyTimes) -> Result<Self, &'static str> {
        let time = |local| ClassTime::from_parts(local, None, self.time_zone());
        let start = also.start.or_else(|| time(also.start_date_time));
        let end = also.end.or_else(|| time(also.end_date_time));
        self.start = start.ok_or("missing field `startDateTime`")?;
        let duration = || ClassType::from_class_name(&self.name).unwrap_or_default().duration();
        self.end = end.unwrap_or_else(|| self.start.after(duration()));
        Ok(self)
    }

    /// The coach's first name.
    #[must_use]
    pub fn coach_name(&self) -> Option<&str> {
        self.coach.as_ref()?.first_name.as_deref()
    }

    /// The studio's IANA time zone.
    fn time_zone(&self) -> Option<&str> {
        self.studio.as_ref()?.time_zone.as_deref()
    }
}

impl fmt::Display for LegacyBookingClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let studio = self.studio.as_ref().and_then(|studio| studio.name.as_deref());
        write_class(f, &self.start, &self.name, self.coach_name(), studio)
    }
}

model! {
    /// A coach as the older endpoints describe one.
    #[doc(alias = "Coach")]
    pub struct LegacyCoach {
        /// The coach's id; empty if the service sends none.
        pub coach_uuid: String = "coachUUId",
        /// First name.
        pub first_name: Option<String> = "firstName",
        /// Last name.
        pub last_name: Option<String> = "lastName",
        /// The name to show.
        pub name: Option<String>,
        /// A picture of the coach.
        pub image_url: Option<String> = "imageUrl",
        /// A picture of the coach's profile.
        pub profile_picture_url: Option<String> = "profilePictureUrl",
    }
}

impl LegacyCoach {
    /// First and last name, if they are known.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(self.first_name.as_deref(), self.last_name.as_deref())
    }
}
