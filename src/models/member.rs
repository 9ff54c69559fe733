//! Members.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::address::Address;
use super::studio::StudioDetail;
use crate::decode::Listing;
use crate::error::printable;
use crate::ids::MemberUuid;

model! {
    /// A member in full.
    pub struct MemberDetail {
        required {
            /// The member's id.
            pub member_uuid: MemberUuid = "memberUUId",
        }
        /// The member's id in the user pool.
        pub cognito_id: Option<String> = "cognitoId",
        /// The member's home studio: in full if it could be loaded, else as the member's record describes it.
        pub home_studio: Option<StudioDetail> = "homeStudio",
        /// The member's units and heart rates.
        pub profile: MemberProfile = "memberProfile",
        /// The member's classes so far.
        pub class_summary: Option<MemberClassSummary> = "memberClassSummary",
        /// The member's addresses.
        pub addresses: Listing<Address>,
        /// The name that the screens of the studio show.
        pub studio_display_name: Option<String> = "userName",
        /// First name.
        pub first_name: Option<String> = "firstName",
        /// Last name.
        pub last_name: Option<String> = "lastName",
        /// Email address.
        pub email: Option<String>,
        /// Phone number.
        pub phone_number: Option<String> = "phoneNumber",
        /// A picture of the member.
        pub profile_picture_url: Option<String> = "profilePictureUrl",
        /// Date of birth.
        pub birth_day: Option<Date> = "birthDay",
        /// `M` or `F`.
        pub gender: Option<String>,
        /// Language, such as `en`.
        pub locale: Option<String>,
        /// Weight, in `weight_units`.
        pub weight: Option<f64>,
        /// The unit of `weight`, such as `LB`.
        pub weight_units: Option<String> = "weightMeasure",
        /// Height, in `height_units`.
        pub height: Option<f64>,
        /// The unit of `height`, such as `IN`.
        pub height_units: Option<String> = "heightMeasure",
        /// The booking system's id of the member.
        pub mbo_id: Option<String> = "mboId",
        /// The booking system's status of the member.
        pub mbo_status: Option<String> = "mboStatus",
        /// The booking system's id of the home studio.
        pub mbo_studio_id: Option<i64> = "mboStudioId",
        /// The booking system's number of the member.
        pub mbo_unique_id: Option<i64> = "mboUniqueId",
        /// Who made the record.
        pub created_by: Option<String> = "createdBy",
        /// The service's number of the home studio.
        pub home_studio_id: Option<i64> = "homeStudioId",
        /// The service's number of the member.
        pub member_id: Option<i64> = "memberId",
        /// The service's other id of the member.
        pub otf_acs_id: Option<String> = "otfAcsId",
        /// Who last changed the record.
        pub updated_by: Option<String> = "updatedBy",
        /// When the record was made.
        pub created_date: Option<Timestamp> = "createdDate",
        /// When it was last changed.
        pub updated_date: Option<Timestamp> = "updatedDate",
        /// Street and number; as a rule found in `addresses` instead.
        pub address_line1: Option<String> = "addressLine1",
        /// What does not fit the first line.
        pub address_line2: Option<String> = "addressLine2",
        /// More email addresses; never seen filled.
        pub alternate_emails: Option<Value> = "alternateEmails",
        /// The last digits of the credit card.
        pub cc_last4: Option<String> = "ccLast4",
        /// The kind of credit card.
        pub cc_type: Option<String> = "ccType",
        /// City.
        pub city: Option<String>,
        /// Phone number at home.
        pub home_phone: Option<String> = "homePhone",
        /// Whether an introduction is due.
        pub intro_neccessary: Option<bool> = "introNeccessary",
        /// Whether the record is deleted.
        pub is_deleted: Option<bool> = "isDeleted",
        /// Whether the member is verified.
        pub is_member_verified: Option<bool> = "isMemberVerified",
        /// Whether it is a prospect rather than a member.
        pub lead_prospect: Option<bool> = "leadProspect",
        /// Maximum heart rate, in beats per minute.
        pub max_hr: Option<i64> = "maxHr",
        /// Never seen filled.
        pub online_signup: Option<Value> = "onlineSignup",
        /// Never seen filled.
        pub phone_type: Option<Value> = "phoneType",
        /// Postal code.
        pub postal_code: Option<String> = "postalCode",
        /// State.
        pub state: Option<String>,
        /// Phone number at work.
        pub work_phone: Option<String> = "workPhone",
        /// The year of the import.
        pub year_imported: Option<i64> = "yearImported",
    }
}

impl MemberDetail {
    /// First and last name, if they are known.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(self.first_name.as_deref(), self.last_name.as_deref())
    }
}

/// First and last name, if they are known.
pub(super) fn full_name(first: Option<&str>, last: Option<&str>) -> String {
    [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for MemberDetail {
    /// Shows the name, but no other personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.full_name();
        f.pad(&printable(if name.is_empty() { "a member without a name" } else { &name }))
    }
}

model! {
    /// A member's units, and heart rates in beats per minute.
    pub struct MemberProfile {
        /// `Imperial` or `Metric`.
        pub unit_of_measure: Option<String> = "unitOfMeasure",
        /// Which of the maximum heart rates counts, such as `AutomatedHr`.
        pub max_hr_type: Option<String> = "maxHrType",
        /// The maximum that the member set.
        pub manual_max_hr: Option<i64> = "manualMaxHr",
        /// The maximum by formula.
        pub formula_max_hr: Option<i64> = "formulaMaxHr",
        /// The maximum that the service calculated.
        pub automated_hr: Option<i64> = "automatedHr",
        /// The profile's id.
        pub member_profile_uuid: Option<String> = "memberProfileUUId",
        /// The service's number of how the member opted in.
        pub member_optin_flow_type_id: Option<i64> = "memberOptinFlowTypeId",
    }
}

model! {
    /// A member's classes so far.
    pub struct MemberClassSummary {
        /// Classes booked.
        pub total_classes_booked: Option<i64> = "totalClassesBooked",
        /// Classes attended.
        pub total_classes_attended: Option<i64> = "totalClassesAttended",
        /// Introductory classes.
        pub total_intro_classes: Option<i64> = "totalIntro",
        /// Live classes booked.
        pub total_ot_live_classes_booked: Option<i64> = "totalOTLiveClassesBooked",
        /// Live classes attended.
        pub total_ot_live_classes_attended: Option<i64> = "totalOTLiveClassesAttended",
        /// Classes with a heart rate monitor.
        pub total_classes_used_hrm: Option<i64> = "totalClassesUsedHRM",
        /// Studios visited.
        pub total_studios_visited: Option<i64> = "totalStudiosVisited",
        /// The day of the first visit.
        pub first_visit_date: Option<Date> = "firstVisitDate",
        /// The day of the last visit.
        pub last_class_visited_date: Option<Date> = "lastClassVisitedDate",
        /// The day of the last booking.
        pub last_class_booked_date: Option<Date> = "lastClassBookedDate",
        /// The service's number of the studio last visited.
        pub last_class_studio_visited: Option<i64> = "lastClassStudioVisited",
    }
}
