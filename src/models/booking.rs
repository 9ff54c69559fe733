//! Bookings of the newer endpoints.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::address::Address;
use super::booking_status::BookingStatus;
use super::class::{ClassType, Coach, NO_START, write_class};
use super::class_time::ClassTime;
use super::summary::ZoneTimeMinutes;
use crate::ids::{BookingId, ClassId, ClassUuid, MemberUuid, PerformanceSummaryId, StudioUuid};

model! {
    /// A booking.
    #[doc(alias = "BookingV2")]
    pub struct Booking {
        required {
            /// The booking's id.
            #[doc(alias = "id_value")]
            pub booking_id: BookingId = "id",
            /// The class that was booked.
            pub otf_class: BookingClass = "class",
        }
        /// Whose booking it is.
        pub member_uuid: Option<MemberUuid> = "member_id",
        /// The membership or the pack that it was booked on.
        pub service_name: Option<String>,
        /// Whether the studio is in another region than the member's.
        pub cross_regional: Option<bool>,
        /// Whether it is an introductory class.
        pub intro: Option<bool>,
        /// Whether the member has checked in.
        pub checked_in: Option<bool>,
        /// Whether it was canceled.
        pub canceled: Option<bool>,
        /// Whether it was canceled late, so that the studio may charge for it.
        pub late_canceled: Option<bool>,
        /// When it was canceled.
        #[doc(alias = "cancelled_date")]
        pub canceled_at: Option<Timestamp>,
        /// Whether the class can be rated.
        pub ratable: Option<bool>,
        /// The position on the waitlist, from 1.
        pub waitlist_position: Option<i64>,
        /// The results of the workout, once the class is over.
        pub workout: Option<BookingWorkout>,
        /// How the member rated coach and class.
        pub ratings: Option<Ratings>,
        /// The studio that is paid.
        pub paying_studio_id: Option<StudioUuid>,
        /// The booking system's id of the booking.
        pub mbo_booking_id: Option<String>,
        /// The booking system's id of the member.
        pub mbo_unique_id: Option<String>,
        /// The booking system's id of the member at the studio that is paid.
        pub mbo_paying_unique_id: Option<String>,
        /// The service's id of the person behind the member.
        pub person_id: Option<String>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }
}

impl Booking {
    /// The booking's status, read from its flags in the service's own order.
    #[must_use]
    pub fn status(&self) -> BookingStatus {
        match self {
            Self { late_canceled: Some(true), .. } => BookingStatus::LateCanceled,
            Self { checked_in: Some(true), .. } => BookingStatus::CheckedIn,
            Self { canceled: Some(true), .. } => BookingStatus::Canceled,
            Self { waitlist_position: Some(_), .. } => BookingStatus::Waitlisted,
            _ => BookingStatus::Booked,
        }
    }

    /// Whether it was canceled, late or in time.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.status().is_canceled()
    }

    /// Whether it is on the waitlist.
    #[must_use]
    pub fn is_waitlisted(&self) -> bool {
        self.status() == BookingStatus::Waitlisted
    }

    /// Whether the member has checked in.
    #[must_use]
    pub fn is_checked_in(&self) -> bool {
        self.checked_in == Some(true)
    }

    /// Whether the class can be rated.
    #[must_use]
    pub fn is_ratable(&self) -> bool {
        self.ratable == Some(true)
    }

    /// When the class starts.
    #[must_use]
    pub fn start(&self) -> &ClassTime {
        &self.otf_class.start
    }

    /// When the class ends, by its format.
    #[must_use]
    pub fn end(&self) -> &ClassTime {
        &self.otf_class.end
    }

    /// The class's id.
    #[must_use]
    pub fn class_id(&self) -> &ClassId {
        &self.otf_class.class_id
    }

    /// The class's id on the older endpoints: there while the class can be rated.
    #[must_use]
    pub fn class_uuid(&self) -> Option<&ClassUuid> {
        self.otf_class.class_uuid.as_ref()
    }

    /// The studio's id.
    #[must_use]
    pub fn studio_uuid(&self) -> Option<&StudioUuid> {
        self.otf_class.studio_uuid()
    }

    /// The coach's first name.
    #[must_use]
    pub fn coach_name(&self) -> Option<&str> {
        self.otf_class.coach_name()
    }

    /// How the member rated the coach.
    #[must_use]
    pub fn coach_rating(&self) -> Option<&Rating> {
        self.ratings.as_ref()?.coach.as_ref()
    }

    /// How the member rated the class.
    #[must_use]
    pub fn class_rating(&self) -> Option<&Rating> {
        self.ratings.as_ref()?.class.as_ref()
    }

    /// One booking per class, in the order given. A class has several if it was canceled and booked again, or if its
    /// format changed.
    ///
    /// A live booking is preferred to a canceled one, and a real one to a placeholder. Then the order is: the earliest
    /// start, the latest change, the latest creation (dated before undated), and the status with the lowest
    /// [priority](BookingStatus::priority).
    #[doc(alias = "get_sort_key")]
    #[must_use]
    pub fn one_per_class(bookings: Vec<Self>) -> Vec<Self> {
        let mut kept: Vec<Self> = Vec::with_capacity(bookings.len());
        let mut places: HashMap<ClassId, usize> = HashMap::with_capacity(bookings.len());
        for booking in bookings {
            match places.get(booking.class_id()).and_then(|place| kept.get_mut(*place)) {
                Some(other) if booking.precedence() < other.precedence() => *other = booking,
                Some(_) => {}
                None => {
                    places.insert(booking.class_id().clone(), kept.len());
                    kept.push(booking);
                }
            }
        }
        kept
    }

    fn precedence(&self) -> impl Ord + use<> {
        (
            self.is_canceled(),
            self.is_placeholder(),
            self.start().local,
            Reverse(self.updated_at),
            Reverse(self.created_at),
            self.status().priority(),
        )
    }
}

impl fmt::Display for Booking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.otf_class, self.status())?;
        match self.waitlist_position {
            Some(position) if self.is_waitlisted() => write!(f, ", position {position})"),
            _ => f.write_str(")"),
        }
    }
}

model! {
    /// A class as a booking describes it.
    #[doc(alias = "BookingV2Class")]
    pub struct BookingClass {
        joined {
            /// When it starts.
            pub start: ClassTime,
            /// When it ends, by its [format](ClassType::duration): the service does not say.
            pub end: ClassTime,
        }
        required {
            /// The class's id, the same as that of the schedule.
            pub class_id: ClassId = "id",
        }
        /// The class's id on the older endpoints: there while the class can be rated.
        pub class_uuid: Option<ClassUuid> = "ot_base_class_uuid",
        /// The class's name; empty if the service sends none.
        pub name: String,
        /// The class's format.
        pub class_type: ClassType = "type",
        /// Where it takes place.
        pub studio: Option<BookingStudio>,
        /// Who coaches it.
        pub coach: Option<Coach>,
    }
    also BookedTimes {
        start: Option<ClassTime>,
        end: Option<ClassTime>,
        starts_at_local: Option<DateTime>,
        starts_at: Option<Timestamp>,
    }
}

impl BookingClass {
    fn join(mut self, also: BookedTimes) -> Result<Self, &'static str> {
        let time = || ClassTime::from_parts(also.starts_at_local, also.starts_at, self.time_zone());
        self.start = also.start.or_else(time).ok_or(NO_START)?;
        self.end = also.end.unwrap_or_else(|| self.start.after(self.class_type.duration()));
        Ok(self)
    }

    /// The coach's first name.
    #[must_use]
    pub fn coach_name(&self) -> Option<&str> {
        self.coach.as_ref()?.first_name.as_deref()
    }

    /// The studio's id.
    #[must_use]
    pub fn studio_uuid(&self) -> Option<&StudioUuid> {
        self.studio.as_ref()?.studio_uuid.as_ref()
    }

    /// The studio's IANA time zone.
    fn time_zone(&self) -> Option<&str> {
        self.studio.as_ref()?.time_zone.as_deref()
    }
}

impl fmt::Display for BookingClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let studio = self.studio.as_ref().and_then(|studio| studio.name.as_deref());
        write_class(f, &self.start, &self.name, self.coach_name(), studio)
    }
}

model! {
    /// A studio as a booking describes it.
    #[doc(alias = "BookingV2Studio")]
    pub struct BookingStudio {
        /// The studio's id.
        pub studio_uuid: Option<StudioUuid> = "id",
        /// The studio's name.
        pub name: Option<String>,
        /// The studio's IANA time zone.
        pub time_zone: Option<String> = "timeZone",
        /// The studio's email address.
        pub email: Option<String>,
        /// The studio's address.
        pub address: Option<Address>,
        /// The studio's phone number.
        pub phone_number: Option<String> = "phone" | "phoneNumber",
        /// The code of the currency that the studio charges in.
        pub currency_code: Option<String>,
        /// The booking system's id of the studio.
        pub mbo_studio_id: Option<String>,
        with "crate::decode::latitude" {
            /// Degrees north; the service's zero means none.
            pub latitude: Option<f64>,
        }
        with "crate::decode::longitude" {
            /// Degrees east; the service's zero means none.
            pub longitude: Option<f64>,
        }
    }
}

model! {
    /// The results of a workout, from its booking.
    #[doc(alias = "BookingV2Workout")]
    pub struct BookingWorkout {
        required {
            /// The id of the workout's performance summary.
            #[doc(alias = "class_history_uuid")]
            pub performance_summary_id: PerformanceSummaryId = "id",
        }
        /// Kilocalories burned.
        pub calories_burned: Option<i64>,
        /// Minutes in the orange and the red zone.
        pub splat_points: Option<i64>,
        /// Steps.
        pub step_count: Option<i64>,
        /// Seconds of activity.
        pub active_time_seconds: Option<i64>,
        /// Minutes in each heart rate zone.
        pub zone_time_minutes: Option<ZoneTimeMinutes>,
    }
}

model! {
    /// How a member rated a class.
    pub struct Ratings {
        /// The rating of the coach.
        pub coach: Option<Rating>,
        /// The rating of the class.
        pub class: Option<Rating>,
    }
}

model! {
    /// A rating.
    pub struct Rating {
        /// The rating's id; empty if the service sends none.
        pub id: String,
        /// What the rating says.
        pub description: Option<String>,
        /// The rating as a number.
        pub value: Option<i64>,
    }
}
