//! Studios as the service lists them without an account.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::studio::StudioStatus;
use crate::error::printable;
use crate::ids::StudioUuid;

model! {
    /// A studio in the list that needs no account: see [`StudioDirectory`](crate::StudioDirectory).
    pub struct PartnerStudio {
        /// The service's number of the studio.
        pub studio_id: Option<i64> = "studioId",
        /// The studio's id, without which its classes can't be listed. Whether the service sends it is not known.
        pub studio_uuid: Option<StudioUuid> = "studioUUId" | "studioUuid",
        /// The studio's name.
        pub name: Option<String> = "studioName",
        /// Whether it is open.
        pub status: Option<StudioStatus> = "studioStatus",
        /// Where it is.
        pub location: PartnerLocation = "studioLocation",
    }
}

model! {
    /// Where a [`PartnerStudio`] is.
    pub struct PartnerLocation {
        /// The country's English name, such as `United States`.
        pub country: Option<String> = "physicalCountry",
        /// The studio's phone number, sometimes with dots: `555.010.0000`.
        pub phone_number: Option<String> = "phoneNumber",
        /// Degrees north, as sent, so it may be impossible: see [`PartnerStudio::coordinates`].
        pub latitude: Option<f64>,
        /// Degrees east, as sent.
        pub longitude: Option<f64>,
        with "crate::decode::trimmed" {
            /// Street and number.
            pub address_line1: Option<String> = "physicalAddress",
            /// The city.
            pub city: Option<String> = "physicalCity",
            /// The state.
            pub state: Option<String> = "physicalState",
            /// The postal code.
            pub postal_code: Option<String> = "physicalPostalCode",
        }
    }
}

/// The southernmost point of the Americas: there is no studio beyond it.
const SOUTHERNMOST: f64 = -55.0;

impl PartnerStudio {
    /// Whether this record is not a real studio, but a virtual studio or a test record, judged by name, address or
    /// coordinates. The criteria come from one client.
    #[must_use]
    pub fn is_junk(&self) -> bool {
        let name = self.name.as_deref().unwrap_or_default();
        let address = self.location.address_line1.as_deref();
        name.is_empty()
            || name.contains(" Live")
            || name == "LatLong"
            || matches!(address, Some("*" | "a" | "A"))
            || self.location.has_impossible_coordinates()
    }

    /// Degrees north and east, if they are plausible.
    #[must_use]
    pub fn coordinates(&self) -> Option<(f64, f64)> {
        let coordinates = self.location.latitude.zip(self.location.longitude);
        coordinates.filter(|_| !self.location.has_impossible_coordinates())
    }
}

impl PartnerLocation {
    fn has_impossible_coordinates(&self) -> bool {
        let is_junk = |degrees: f64| degrees == 0.0 || degrees == 1.0;
        let latitude = self.latitude.is_some_and(|degrees| !(SOUTHERNMOST..=90.0).contains(&degrees));
        let longitude =
            self.longitude.is_some_and(|degrees| is_junk(degrees) || !(-180.0..=180.0).contains(&degrees));
        latitude || longitude
    }
}

impl fmt::Display for PartnerStudio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.name.as_deref().unwrap_or("a studio without a name")))?;
        match self.status.as_ref().filter(|status| **status != StudioStatus::Active) {
            Some(status) => write!(f, " ({status})"),
            None => Ok(()),
        }
    }
}

/// A studio, or a list with the studio in first place, as the service sends it.
pub(crate) struct PartnerEntry(pub(crate) PartnerStudio);

impl<'de> Deserialize<'de> for PartnerEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor).map(Self)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = PartnerStudio;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list with a studio")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<PartnerStudio, A::Error> {
        let first: Option<crate::decode::Item<PartnerStudio>> = seq.next_element()?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        first
            .map(|crate::decode::Item(studio)| studio)
            .ok_or_else(|| A::Error::custom("a list without a studio"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PartnerStudio, A::Error> {
        PartnerStudio::deserialize(MapAccessDeserializer::new(map))
    }
}
