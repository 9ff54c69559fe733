//! Classes of the schedule.

use std::fmt;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::address::Address;
use super::class_time::ClassTime;
use super::studio::StudioDetail;
use crate::decode::same_name;
use crate::error::printable;
use crate::ids::{ClassId, ClassUuid, StudioUuid};

model! {
    /// A class of the schedule.
    ///
    /// `studio` is what the class list says about the studio. The last three fields are only set if the query requests
    /// them, since each costs further requests.
    pub struct OtfClass {
        joined {
            /// When it starts.
            pub start: ClassTime,
            /// When it ends. If the service does not say, it follows from the [format](ClassType::duration).
            pub end: ClassTime,
        }
        /// The class's id on the newer endpoints.
        pub class_id: Option<ClassId> = "id",
        /// The class's id on the older endpoints.
        pub class_uuid: Option<ClassUuid> = "ot_base_class_uuid",
        /// The class's name, such as `Orange 60 Min 2G`; empty if the service sends none.
        pub name: String,
        /// The class's format.
        pub class_type: ClassType = "type",
        /// Who coaches it. [`coach_name()`](Self::coach_name) is the name alone.
        pub coach: Option<Coach>,
        /// Where it takes place.
        pub studio: Option<ClassStudio>,
        /// How many members can book it.
        pub booking_capacity: Option<i64>,
        /// The maximum number of members.
        pub max_capacity: Option<i64>,
        /// Whether no spot is left.
        pub full: Option<bool>,
        /// Whether the waitlist is open.
        pub waitlist_available: Option<bool>,
        /// How many are on the waitlist.
        pub waitlist_size: Option<i64>,
        /// Whether the studio canceled it.
        pub is_canceled: Option<bool> = "canceled",
        /// The booking system's id of the class's description.
        pub mbo_class_description_id: Option<String>,
        /// The booking system's id of the class.
        pub mbo_class_id: Option<String>,
        /// The booking system's id of the class's entry in the schedule.
        pub mbo_class_schedule_id: Option<String>,
        /// When the class was added to the schedule.
        pub created_at: Option<Timestamp>,
        /// When it was last changed there.
        pub updated_at: Option<Timestamp>,
        /// Whether the member has booked it, if it was requested and could be loaded.
        pub is_booked: Option<bool>,
        /// Whether it takes place at the member's home studio, if that is known.
        pub is_home_studio: Option<bool>,
        with "crate::decode::boxed" {
            /// The studio in full, if it was requested and could be loaded.
            pub studio_detail: Option<Box<StudioDetail>>,
        }
    }
    also ScheduledTimes {
        start: Option<ClassTime>,
        end: Option<ClassTime>,
        starts_at_local: Option<DateTime>,
        ends_at_local: Option<DateTime>,
        starts_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
    }
}

impl OtfClass {
    fn join(mut self, also: ScheduledTimes) -> Result<Self, &'static str> {
        let time = |local, utc| ClassTime::from_parts(local, utc, self.time_zone());
        let start = also.start.or_else(|| time(also.starts_at_local, also.starts_at));
        let end = also.end.or_else(|| time(also.ends_at_local, also.ends_at));
        self.start = start.ok_or(NO_START)?;
        self.end = match end {
            Some(end) => self.start.complete_end(end),
            None => self.start.after(self.class_type.duration()),
        };
        Ok(self)
    }

    /// Whether a spot is left.
    #[must_use]
    pub fn has_availability(&self) -> bool {
        self.full != Some(true)
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

    /// The studio's name.
    #[must_use]
    pub fn studio_name(&self) -> Option<&str> {
        let in_full = || self.studio_detail.as_ref()?.name.as_deref();
        self.studio.as_ref().and_then(|studio| studio.name.as_deref()).or_else(in_full)
    }

    /// The studio's IANA time zone.
    pub(crate) fn time_zone(&self) -> Option<&str> {
        let in_full = || self.studio_detail.as_ref()?.time_zone.as_deref();
        self.studio.as_ref().and_then(|studio| studio.time_zone.as_deref()).or_else(in_full)
    }
}

/// The service sent neither the local start, nor the UTC start with a known time zone.
pub(super) const NO_START: &str = "missing field `starts_at_local`";

impl fmt::Display for OtfClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self {
            Self { is_canceled: Some(true), .. } => "canceled",
            Self { is_booked: Some(true), .. } => "booked",
            _ if self.has_availability() => "available",
            Self { waitlist_available: Some(true), .. } => "waitlist available",
            _ => "full",
        };
        write_class(f, &self.start, &self.name, self.coach_name(), self.studio_name())?;
        write!(f, " ({status})")
    }
}

/// `Tue 2026-04-28 10:00 Tread 50 with Wren at Ames`.
pub(super) fn write_class(
    f: &mut fmt::Formatter<'_>,
    start: &ClassTime,
    name: &str,
    coach: Option<&str>,
    studio: Option<&str>,
) -> fmt::Result {
    write!(f, "{start} {}", printable(name))?;
    if let Some(coach) = coach {
        write!(f, " with {}", printable(coach))?;
    }
    if let Some(studio) = studio {
        write!(f, " at {}", printable(studio))?;
    }
    Ok(())
}

model! {
    /// A studio as a class of the schedule describes it.
    pub struct ClassStudio {
        /// The studio's id.
        pub studio_uuid: Option<StudioUuid> = "id",
        /// The studio's name.
        pub name: Option<String>,
        /// The studio's IANA time zone.
        pub time_zone: Option<String> = "timeZone",
        /// The studio's address.
        pub address: Option<Address>,
        /// The studio's phone number.
        pub phone_number: Option<String> = "phone" | "phoneNumber",
        /// The country's code.
        pub country_code: Option<String>,
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
    /// A coach, as the newer endpoints describe one.
    pub struct Coach {
        /// The coach's first name.
        pub first_name: Option<String>,
        /// A picture of the coach.
        pub image_url: Option<String>,
        /// The booking system's id of the coach.
        pub mbo_staff_id: Option<String>,
    }
}

open_enum! {
    /// A class's format.
    ///
    /// The service's own `OTHER` is `ClassType::Other("OTHER")`, see [`ClassType::other`]; it also stands for a class
    /// whose format is left out.
    pub enum ClassType {
        /// 60 minutes of treadmill, rower and floor.
        #[doc(alias = "ORANGE_60")]
        Orange60 = "ORANGE_60",
        /// 90 minutes of treadmill, rower and floor.
        #[doc(alias = "ORANGE_90")]
        Orange90 = "ORANGE_90",
        /// 50 minutes of strength.
        #[doc(alias = "STRENGTH_50")]
        Strength50 = "STRENGTH_50",
        /// 50 minutes of treadmill.
        #[doc(alias = "TREAD_50")]
        Tread50 = "TREAD_50",
        /// 45 minutes of strength.
        #[doc(alias = "LIFT_45")]
        Lift45 = "LIFT_45",
    }
    default Self::other();
}

/// Names of classes of a format.
const ORANGE_60_NAMES: &[&str] = &[
    "Enterprise 60",
    "Explicit Orange 60",
    "Open Studio 60 3G",
    "Orange 3G",
    "Orange 3 Group",
    "Orange 60",
    "Orange 60 Min 2G",
    "Orange 60 Min 2G Mask Optional",
    "Orange 60 Min 3G",
    "Orange 60 - Tornado",
    "Tornado 60 Minute",
];
const ORANGE_90_NAMES: &[&str] = &["Orange 90 Min 3G", "Orange 90 Min 2G", "Life is Why We Give 90"];
const STRENGTH_50_NAMES: &[&str] = &["Strength 50 (Lower)", "Strength 50 (Total)", "Strength 50 (Upper)"];
const TREAD_50_NAMES: &[&str] = &["Tread 50"];
const LIFT_45_NAMES: &[&str] = &["Lift 45"];
const OTHER_NAMES: &[&str] = &[
    "Interpreting Inbody",
    "Open Studio 60",
    "Orangetheory 101 Workshop",
    "Orange Tornado",
    "OTF Pop-Up",
    "Private Class",
    "Rowing Clinic",
    "Tornado",
    "VIP Class",
];

impl ClassType {
    /// The service's own type `OTHER`: workshops, clinics, events.
    #[doc(alias = "OTHER")]
    #[must_use]
    pub fn other() -> Self {
        Self::Other("OTHER".to_owned())
    }

    /// The format that a class's name stands for, such as `Strength 50 (Total)`; `None` for unknown
    /// names. Case and blanks do not matter.
    #[doc(alias = "Orange60ClassType")]
    #[doc(alias = "Orange90ClassType")]
    #[doc(alias = "Strength50ClassType")]
    #[doc(alias = "Tread50ClassType")]
    #[doc(alias = "OtherClassType")]
    #[must_use]
    pub fn from_class_name(name: &str) -> Option<Self> {
        [
            (ORANGE_60_NAMES, Self::Orange60),
            (ORANGE_90_NAMES, Self::Orange90),
            (STRENGTH_50_NAMES, Self::Strength50),
            (TREAD_50_NAMES, Self::Tread50),
            (LIFT_45_NAMES, Self::Lift45),
            (OTHER_NAMES, Self::other()),
        ]
        .into_iter()
        .find(|(names, _)| names.iter().any(|known| same_name(known, name)))
        .map(|(_, class_type)| class_type)
    }

    /// Known names of classes of this format.
    #[must_use]
    pub fn class_names(&self) -> &'static [&'static str] {
        match self {
            Self::Orange60 => ORANGE_60_NAMES,
            Self::Orange90 => ORANGE_90_NAMES,
            Self::Strength50 => STRENGTH_50_NAMES,
            Self::Tread50 => TREAD_50_NAMES,
            Self::Lift45 => LIFT_45_NAMES,
            Self::Other(_) => OTHER_NAMES,
        }
    }

    /// The formats of 60 and 90 minutes with treadmill, rower and floor.
    #[doc(alias = "get_standard_class_types")]
    #[must_use]
    pub fn standard() -> [Self; 2] {
        [Self::Orange60, Self::Orange90]
    }

    /// The formats of 50 minutes.
    #[doc(alias = "get_tread_strength_class_types")]
    #[must_use]
    pub fn tread_and_strength() -> [Self; 2] {
        [Self::Tread50, Self::Strength50]
    }

    /// How long such a class takes; 60 minutes for unknown formats.
    #[must_use]
    pub fn duration(&self) -> SignedDuration {
        SignedDuration::from_mins(match self {
            Self::Orange60 | Self::Other(_) => 60,
            Self::Orange90 => 90,
            Self::Strength50 | Self::Tread50 => 50,
            Self::Lift45 => 45,
        })
    }
}
