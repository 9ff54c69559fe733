//! A studio, and how the newer endpoints carry it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::ids;
use super::responses::{add, thin};

/// A studio. Its ids derive from its key.
#[derive(Debug)]
pub(super) struct Studio {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) number: &'static str,
    pub(super) zone: &'static str,
    pub(super) street: &'static str,
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) postal_code: &'static str,
    /// ISO code, country name, currency code and currency name.
    pub(super) country: [&'static str; 4],
    pub(super) phone: &'static str,
    pub(super) email: &'static str,
    /// `None` is sent as `"0.00000000"`.
    pub(super) coordinates: Option<(f64, f64)>,
    pub(super) status: &'static str,
    /// Most of its descriptive fields are null.
    pub(super) sparse: bool,
}

impl Studio {
    pub(super) fn uuid(&self) -> String {
        ids::uuid(&self.seed())
    }

    pub(super) fn id(&self) -> u64 {
        ids::number(&self.seed(), "studio id", 30_000_000, 900_000_000)
    }

    pub(super) fn mbo_id(&self) -> u64 {
        ids::number(&self.seed(), "mbo id", 10_000_000, 500_000_000)
    }

    pub(super) fn location_id(&self) -> u64 {
        ids::number(&self.seed(), "location id", 400, 60_000)
    }

    fn seed(&self) -> String {
        format!("studio/{}", self.key)
    }

    pub(super) fn time_zone(&self) -> TimeZone {
        TimeZone::get(self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The local time of the studio.
    pub(super) fn local(&self, at: Timestamp) -> DateTime {
        at.to_zoned_datetime(self.time_zone()).datetime()
    }

    pub(super) fn is_open(&self) -> bool {
        self.status == "Active"
    }

    /// As the studio endpoints and the studio search carry it.
    pub(super) fn detail(&self) -> Value {
        let text = |value: &str| if self.sparse { Value::Null } else { json!(value) };
        let number = |value: u64| if self.sparse { Value::Null } else { json!(value) };
        let mut detail = json!({
            "studioId": self.id(),
            "studioUUId": self.uuid(),
            "mboStudioId": self.mbo_id(),
            "studioNumber": self.number,
            "studioName": self.name,
            "studioPhysicalLocationId": self.location_id(),
            "timeZone": self.zone,
            "contactEmail": self.email,
            "studioToken": "REDACTED",
            "environment": "PROD",
            "pricingLevel": text(""),
            "taxRate": "0.000000",
            "acceptsVisaMasterCard": true,
            "acceptsAmericanExpress": true,
            "acceptsDiscover": true,
            "acceptsAch": false,
            "isIntegrated": true,
        });
        let rest = json!({
            "description": text(""),
            "studioVersion": text(""),
            "studioStatus": self.status,
            "openDate": "2017-01-13 00:00:00",
            "reOpenDate": "2020-05-26 00:00:00",
            "studioTypeId": 2,
            "posTypeId": number(0),
            "marketId": number(0),
            "areaId": number(0),
            "stateId": number(0),
            "logoUrl": text(""),
            "pageColor1": text(""),
            "pageColor2": text(""),
            "pageColor3": text(""),
            "pageColor4": text(""),
            "smsPackageEnabled": if self.sparse { Value::Null } else { json!(false) },
            "allowsDashboardAccess": if self.sparse { Value::Null } else { json!(false) },
            "allowsCrWaitlist": true,
            "crWaitlistFlagLastUpdated": "2020-07-09T02:43:55.000Z",
            "royaltyRate": number(0),
            "marketingFundRate": number(0),
            "commissionPercent": number(0),
            "isMobile": null,
            "isOtbeat": null,
            "studioLocation": self.detail_location(),
            "studioLocationLocalized": {
                "language": { "languageId": null, "languageCode": null, "languageName": null },
                "studioName": null,
                "studioAddress": null,
            },
            "studioProfiles": { "isWeb": true, "introCapacity": 1, "isCrm": true },
            "socialMediaLinks": self.links(),
        });
        add(&mut detail, rest);
        detail
    }

    fn detail_location(&self) -> Value {
        let [_, name, currency, currency_name] = self.country;
        let (latitude, longitude) = match self.coordinates {
            Some((latitude, longitude)) => (json!(latitude), json!(longitude)),
            None => (json!("0.00000000"), json!("0.00000000")),
        };
        json!({
            "physicalAddress": self.street,
            "physicalAddress2": if self.sparse { json!(" ") } else { Value::Null },
            "physicalCity": self.city,
            "physicalState": self.state,
            "physicalPostalCode": self.postal_code,
            "physicalRegion": "AA/BB-01",
            "physicalCountry": name,
            "country": {
                "countryId": 1,
                "countryCurrencyCode": currency,
                "countryCurrencyName": currency_name,
                "currencyAlphabeticCode": currency,
            },
            "phoneNumber": self.phone,
            "latitude": latitude,
            "longitude": longitude,
        })
    }

    fn links(&self) -> Value {
        if self.sparse {
            return json!([]);
        }
        let link = |name: &str| {
            json!({
                "id": ids::uuid(&format!("link/{}/{name}", self.key)),
                "languageId": "16",
                "name": name,
                "value": format!("https://example.com/{}/{}", self.key, name.to_lowercase()),
            })
        };
        ["Web", "Facebook", "Instagram"].map(link).into_iter().collect()
    }

    /// As the class of a newer booking carries it.
    pub(super) fn in_booking(&self) -> Value {
        let [code, _, currency, _] = self.country;
        let mut studio = json!({
            "id": self.uuid(),
            "name": self.name,
            "mbo_studio_id": self.mbo_id().to_string(),
            "time_zone": self.zone,
            "email": self.email,
            "address": {
                "line1": self.street,
                "city": self.city,
                "state": self.state,
                "country": code,
                "postal_code": self.postal_code,
            },
            "currency_code": currency,
            "phone_number": self.phone,
        });
        if let (Some((latitude, longitude)), Some(fields)) = (self.coordinates, studio.as_object_mut()) {
            fields.insert("latitude".to_owned(), json!(latitude));
            fields.insert("longitude".to_owned(), json!(longitude));
        }
        if self.sparse {
            thin(&mut studio, &["email", "currency_code"], &["latitude", "longitude", "mbo_studio_id"]);
            if let Some(address) = studio.get_mut("address") {
                thin(address, &["state"], &["line1"]);
            }
        }
        studio
    }

    /// As the class list carries it.
    pub(super) fn in_class(&self) -> Value {
        let mut studio = self.in_booking();
        if let Some(fields) = studio.as_object_mut() {
            fields.remove("email");
            fields.insert("country_code".to_owned(), json!(self.country.first()));
        }
        studio
    }
}
