//! Bookings of the newer endpoints.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

use jiff::civil::{DateTime, Weekday};
use jiff::{Timestamp, ZonedDateTime};

use super::address::Address;
use super::booking_status::BookingStatus;
use super::class::{ClassType, Coach, write_class};
use super::date_time::{self, local_or_utc};
use super::lenient::coordinate;
use super::summary::ZoneTimeMinutes;
use crate::ids::{BookingId, ClassId, ClassUuid, MemberUuid, PerformanceSummaryId, StudioUuid};

model! {
    /// A booking.
    #[doc(alias = "BookingV2")]
    pub struct Booking {
        /// The booking's id.
        #[doc(alias = "id_value")]
        pub booking_id: BookingId = "id",
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
        /// Whether it was cancelled.
        pub canceled: Option<bool>,
        /// Whether it was cancelled so late that it costs.
        pub late_canceled: Option<bool>,
        /// When it was cancelled.
        #[doc(alias = "cancelled_date")]
        pub canceled_at: Option<Timestamp>,
        /// Whether the class can be rated.
        pub ratable: Option<bool>,
        /// The place on the waitlist, from 1.
        pub waitlist_position: Option<i64>,
        /// The class that was booked.
        pub otf_class: BookingClass = "class",
        /// What the workout came to, once the class is over.
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
    /// Where the booking stands, read from its flags in the service's own order.
    #[must_use]
    pub fn status(&self) -> BookingStatus {
        match self {
            Self { late_canceled: Some(true), .. } => BookingStatus::LateCancelled,
            Self { checked_in: Some(true), .. } => BookingStatus::CheckedIn,
            Self { canceled: Some(true), .. } => BookingStatus::Cancelled,
            Self { waitlist_position: Some(_), .. } => BookingStatus::Waitlisted,
            _ => BookingStatus::Booked,
        }
    }

    /// Whether it was cancelled, late or in time.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.status().is_cancelled()
    }

    /// Whether it waits for a place.
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

    /// When the class starts, on the studio's clock.
    #[must_use]
    pub fn starts_at(&self) -> DateTime {
        self.otf_class.starts_at
    }

    /// When the class ends, on the studio's clock, by its format.
    #[must_use]
    pub fn ends_at(&self) -> DateTime {
        self.otf_class.ends_at()
    }

    /// When the class starts, in the studio's zone; `None` where that zone is not known.
    #[must_use]
    pub fn starts_at_zoned(&self) -> Option<ZonedDateTime> {
        self.otf_class.starts_at_zoned()
    }

    /// When the class ends, in the studio's zone, by its format; `None` where that zone is not known.
    #[must_use]
    pub fn ends_at_zoned(&self) -> Option<ZonedDateTime> {
        self.otf_class.ends_at_zoned()
    }

    /// The instant when the class starts; `None` where neither the studio's zone nor the UTC time is known.
    #[must_use]
    pub fn starts_at_instant(&self) -> Option<Timestamp> {
        self.otf_class.starts_at_instant()
    }

    /// The instant when the class ends, by its format; `None` where neither the studio's zone nor the UTC time is
    /// known.
    #[must_use]
    pub fn ends_at_instant(&self) -> Option<Timestamp> {
        self.otf_class.ends_at_instant()
    }

    /// Whether the class has started, by the clock of its studio.
    #[must_use]
    pub fn has_started(&self, now: Timestamp) -> bool {
        self.otf_class.has_started(now)
    }

    /// The day of the class, at the studio.
    #[must_use]
    pub fn day_of_week(&self) -> Weekday {
        self.otf_class.day_of_week()
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

    /// One booking per class, in the order given: several are left behind where a class was cancelled and booked
    /// again, or changed its format.
    ///
    /// A live booking counts before a cancelled one; then what starts first, was changed last, was made last
    /// (dated before undated), and the status with the lowest [priority](BookingStatus::priority).
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
            self.is_cancelled(),
            self.starts_at(),
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
        /// The class's id, the same as that of the schedule.
        pub class_id: ClassId = "id",
        /// The class's id on the older endpoints: there while the class can be rated.
        pub class_uuid: Option<ClassUuid> = "ot_base_class_uuid",
        /// The class's name; empty where the service gives none.
        pub name: String,
        /// The class's format.
        pub class_type: ClassType = "type",
        /// When it starts, on the studio's clock.
        pub starts_at: DateTime = "starts_at_local",
        /// When it starts.
        pub starts_at_utc: Option<Timestamp>,
        /// Where it takes place.
        pub studio: Option<BookingStudio>,
        /// Who coaches it.
        pub coach: Option<Coach>,
    }
    either {
        either_start: date_time::WireDateTime = "starts_at" => local_or_utc as (starts_at, starts_at_utc);
    }
}

impl BookingClass {
    /// When it ends, on the studio's clock: by its format, since the service does not say.
    #[must_use]
    pub fn ends_at(&self) -> DateTime {
        let by_format = || self.class_type.end(self.starts_at);
        self.ends_at_zoned().map_or_else(by_format, |end| end.datetime())
    }

    /// When it starts, in the studio's zone; `None` where that zone is not known.
    #[must_use]
    pub fn starts_at_zoned(&self) -> Option<ZonedDateTime> {
        date_time::zoned(self.starts_at, self.starts_at_utc, self.time_zone()?)
    }

    /// When it ends, in the studio's zone, by its format; `None` where that zone is not known.
    #[must_use]
    pub fn ends_at_zoned(&self) -> Option<ZonedDateTime> {
        self.class_type.end_zoned(self.starts_at_zoned())
    }

    /// The instant when it starts; `None` where neither the studio's zone nor the UTC time is known.
    #[must_use]
    pub fn starts_at_instant(&self) -> Option<Timestamp> {
        date_time::instant(self.starts_at, self.starts_at_utc, self.time_zone())
    }

    /// The instant when it ends, by its format; `None` where neither the studio's zone nor the UTC time is known.
    #[must_use]
    pub fn ends_at_instant(&self) -> Option<Timestamp> {
        self.starts_at_instant()?.checked_add(self.class_type.duration()).ok()
    }

    /// Whether it has started, by the clock of its studio.
    #[must_use]
    pub fn has_started(&self, now: Timestamp) -> bool {
        date_time::has_come(now, self.starts_at, self.starts_at_utc, self.time_zone())
    }

    /// The day on which it starts, at the studio.
    #[must_use]
    pub fn day_of_week(&self) -> Weekday {
        self.starts_at.weekday()
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
    #[must_use]
    pub fn time_zone(&self) -> Option<&str> {
        self.studio.as_ref()?.time_zone.as_deref()
    }
}

impl fmt::Display for BookingClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let studio = self.studio.as_ref().and_then(|studio| studio.name.as_deref());
        write_class(f, self.starts_at, &self.name, self.coach_name(), studio)
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
        /// The studio's e-mail address.
        pub email: Option<String>,
        /// The studio's address.
        pub address: Option<Address>,
        /// The studio's phone number.
        pub phone_number: Option<String> = "phone" | "phoneNumber",
        /// Degrees north; the service's zero means none.
        pub latitude: Option<f64> [coordinate],
        /// Degrees east; the service's zero means none.
        pub longitude: Option<f64> [coordinate],
        /// The code of the currency that the studio charges in.
        pub currency_code: Option<String>,
        /// The booking system's id of the studio.
        pub mbo_studio_id: Option<String>,
    }
}

model! {
    /// What a workout came to, as its booking tells.
    #[doc(alias = "BookingV2Workout")]
    pub struct BookingWorkout {
        /// The id of the workout's performance summary.
        #[doc(alias = "class_history_uuid")]
        pub performance_summary_id: PerformanceSummaryId = "id",
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
        /// The rating's id; empty where the service gives none.
        pub id: String,
        /// What the rating says.
        pub description: Option<String>,
        /// The rating as a number.
        pub value: Option<i64>,
    }
}
