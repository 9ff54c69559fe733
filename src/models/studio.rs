//! Studios and what they sell.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::address::StudioLocation;
use crate::error::printable;
use crate::ids::StudioUuid;

model! {
    /// A studio in full.
    pub struct StudioDetail {
        /// The studio's id; empty if a record inside another one leaves it out.
        pub studio_uuid: StudioUuid = "studioUUId",
        /// The studio's email address.
        pub contact_email: Option<String> = "contactEmail",
        /// Miles from the center of a search; only searches fill it.
        pub distance: Option<f64>,
        /// Where it is.
        pub location: StudioLocation = "studioLocation",
        /// The studio's name.
        pub name: Option<String> = "studioName",
        /// Whether it is open.
        pub status: Option<StudioStatus> = "studioStatus",
        /// The studio's IANA time zone.
        pub time_zone: Option<String> = "timeZone",
        /// Whether it takes payments by bank transfer (ACH).
        pub accepts_ach: Option<bool> = "acceptsAch" | "acceptsACH",
        /// Whether it takes American Express.
        pub accepts_american_express: Option<bool> = "acceptsAmericanExpress",
        /// Whether it takes Discover.
        pub accepts_discover: Option<bool> = "acceptsDiscover",
        /// Whether it takes Visa and Mastercard.
        pub accepts_visa_master_card: Option<bool> = "acceptsVisaMasterCard",
        /// Whether members of other regions can join the waitlist.
        pub allows_cr_waitlist: Option<bool> = "allowsCrWaitlist" | "allowsCRWaitlist",
        /// Whether its dashboard is open to members.
        pub allows_dashboard_access: Option<bool> = "allowsDashboardAccess",
        /// Whether it is tied into the booking system.
        pub is_integrated: Option<bool> = "isIntegrated",
        /// Whether it can be booked by phone app.
        pub is_mobile: Option<bool> = "isMobile",
        /// Whether it measures heart rates with OTbeat.
        pub is_otbeat: Option<bool> = "isOtbeat",
        /// Where else it appears.
        pub profiles: Option<StudioProfiles> = "studioProfiles",
        /// Whether it sends text messages.
        pub sms_package_enabled: Option<bool> = "smsPackageEnabled",
        /// The service's number of the studio.
        pub studio_id: Option<i64> = "studioId",
        /// The booking system's id of the studio.
        pub mbo_studio_id: Option<i64> = "mboStudioId",
        /// When it opened, on its own clock.
        pub open_date: Option<DateTime> = "openDate",
        /// When it last opened again, on its own clock.
        pub re_open_date: Option<DateTime> = "reOpenDate",
        /// How its prices are set: `Pro`, `Legacy`, `Accelerate` or nothing.
        pub pricing_level: Option<String> = "pricingLevel",
        /// The studio's number, with leading zeros.
        pub studio_number: Option<String> = "studioNumber",
        /// The service's number of the location.
        pub studio_physical_location_id: Option<i64> = "studioPhysicalLocationId",
        /// A token of the studio, as every member's app receives it.
        pub studio_token: Option<String> = "studioToken",
        /// The service's number of the kind of studio.
        pub studio_type_id: Option<i64> = "studioTypeId",
    }
}

impl StudioDetail {
    /// Whether it appears in the studios' own customer system.
    #[must_use]
    pub fn is_crm(&self) -> Option<bool> {
        self.profiles.as_ref()?.is_crm
    }

    /// Whether it appears on the web.
    #[must_use]
    pub fn is_web(&self) -> Option<bool> {
        self.profiles.as_ref()?.is_web
    }

    /// Degrees north.
    #[must_use]
    pub fn latitude(&self) -> Option<f64> {
        self.location.latitude
    }

    /// Degrees east.
    #[must_use]
    pub fn longitude(&self) -> Option<f64> {
        self.location.longitude
    }

    /// The studio's phone number.
    #[must_use]
    pub fn phone_number(&self) -> Option<&str> {
        self.location.phone_number.as_deref()
    }
}

impl fmt::Display for StudioDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.name.as_deref().unwrap_or("a studio without a name")))?;
        for part in [&self.location.city, &self.location.state].into_iter().flatten() {
            write!(f, ", {}", printable(part))?;
        }
        if let Some(status) = self.status.as_ref().filter(|status| **status != StudioStatus::Active) {
            write!(f, " ({status})")?;
        }
        if let Some(miles) = self.distance {
            write!(f, ", {miles:.1} mi")?;
        }
        Ok(())
    }
}

model! {
    /// Where a studio appears.
    pub struct StudioProfiles {
        /// On the web.
        pub is_web: Option<bool> = "isWeb",
        /// In the studios' own customer system.
        pub is_crm: Option<bool> = "isCrm",
        /// How many people can try a class at the same time.
        pub intro_capacity: Option<i64> = "introCapacity",
    }
}

open_enum! {
    /// Whether a studio is open.
    pub enum StudioStatus {
        /// Open.
        #[doc(alias = "ACTIVE")]
        Active = "Active",
        /// Not in use.
        #[doc(alias = "INACTIVE")]
        Inactive = "Inactive",
        /// About to open.
        #[doc(alias = "COMING_SOON")]
        ComingSoon = "Coming Soon",
        /// Closed for a while.
        #[doc(alias = "TEMP_CLOSED")]
        TemporarilyClosed = "Temporarily Closed",
        /// Closed for good.
        #[doc(alias = "PERM_CLOSED")]
        PermanentlyClosed = "Permanently Closed",
        /// Not known.
        #[doc(alias = "UNKNOWN")]
        Unknown = "Unknown",
    }
    default Self::Unknown;
}

model! {
    /// Something that a studio sells.
    pub struct StudioService {
        /// The service's id; empty if the service sends none.
        pub service_uuid: String = "serviceUUId",
        /// Its name.
        pub name: Option<String>,
        /// Its price, in the studio's currency.
        pub price: Option<String>,
        /// How many classes it holds.
        pub qty: Option<i64>,
        /// Its price online, in the studio's currency.
        pub online_price: Option<String> = "onlinePrice",
        /// The tax on it, as a fraction.
        pub tax_rate: Option<String> = "taxRate",
        /// Whether it is on sale.
        pub current: Option<bool>,
        /// Whether it was withdrawn.
        pub is_deleted: Option<bool> = "isDeleted",
        /// When it was made.
        pub created_date: Option<Timestamp> = "createdDate",
        /// When it was last changed.
        pub updated_date: Option<Timestamp> = "updatedDate",
        /// The booking system's id of its program.
        pub mbo_program_id: Option<i64> = "mboProgramId",
        /// The booking system's id of its description.
        pub mbo_description_id: Option<String> = "mboDescriptionId",
        /// The booking system's id of the product.
        pub mbo_product_id: Option<i64> = "mboProductId",
        /// The service's number of it.
        pub service_id: Option<i64> = "serviceId",
        /// The service's number of the studio.
        pub studio_id: Option<i64> = "studioId",
        /// Who made it.
        pub created_by: Option<String> = "createdBy",
        /// Who last changed it.
        pub updated_by: Option<String> = "updatedBy",
        /// Whether it is sold on the web.
        pub is_web: Option<bool> = "isWeb",
        /// Whether it is sold at the studio.
        pub is_crm: Option<bool> = "isCrm",
        /// Whether it is sold in the app.
        pub is_mobile: Option<bool> = "isMobile",
        /// The studio: in full if it could be loaded, else as the service describes it, usually without a name.
        pub studio: Option<StudioDetail>,
    }
}

impl fmt::Display for StudioService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.name.as_deref().unwrap_or("a service without a name")))?;
        self.price.as_ref().map_or(Ok(()), |price| write!(f, ": {}", printable(price)))
    }
}
