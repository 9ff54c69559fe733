//! A studio in the older responses: with other names, and coordinates as strings.

use serde_json::{Value, json};

use super::responses::add;
use super::studios::Studio;

impl Studio {
    /// As the class of an older booking carries it.
    pub(super) fn in_older_booking(&self) -> Value {
        let [_, _, currency, _] = self.country;
        json!({
            "studioUUId": self.uuid(),
            "studioName": self.name,
            "description": "",
            "contactEmail": self.email,
            "status": self.status,
            "logoUrl": "",
            "timeZone": self.zone,
            "mboStudioId": self.mbo_id(),
            "studioId": self.id(),
            "allowsCRWaitlist": true,
            "crWaitlistFlagLastUpdated": "2020-07-09T02:43:55.000Z",
            "studioLocation": self.location(currency_record(currency)),
        })
    }

    /// Where the studio is.
    fn location(&self, country: Value) -> Value {
        let (latitude, longitude) = self.coordinate_strings();
        let [_, name, ..] = self.country;
        json!({
            "physicalAddress": self.street,
            "physicalAddress2": null,
            "physicalCity": self.city,
            "physicalState": self.state,
            "physicalPostalCode": self.postal_code,
            "physicalRegion": "AA/BB-01",
            "physicalCountryId": 1,
            "physicalCountry": name,
            "phoneNumber": self.phone,
            "latitude": latitude,
            "longitude": longitude,
            "country": country,
        })
    }

    /// Where an older booking's class takes place.
    pub(super) fn older_location(&self) -> Value {
        let (latitude, longitude) = self.coordinate_strings();
        json!({
            "phone": self.phone,
            "latitude": latitude,
            "longitude": longitude,
            "address1": self.street,
            "address2": null,
            "city": self.city,
            "state": self.state,
            "postalCode": self.postal_code,
        })
    }

    /// As a purchase carries it.
    pub(super) fn in_purchase(&self) -> Value {
        let [code, name, currency, _] = self.country;
        let mut country = currency_record(currency);
        add(&mut country, json!({ "countryId": 1, "countryCode": code, "description": name }));
        let mut studio = json!({
            "studioId": self.id(),
            "studioUUId": self.uuid(),
            "mboStudioId": self.mbo_id(),
            "studioName": self.name,
            "areaId": 0,
            "marketId": 0,
            "stateId": 0,
            "studioPhysicalLocationId": self.location_id(),
            "studioNumber": self.number,
            "description": "",
            "studioVersion": "",
            "studioToken": "REDACTED",
            "studioStatus": self.status,
            "openDate": "2017-01-13T00:00:00.000Z",
            "studioTypeId": 2,
            "posTypeId": 0,
            "taxInclusivePricing": true,
            "taxRate": "0.000000",
            "acceptsVisaMasterCard": true,
            "acceptsAmericanExpress": true,
            "acceptsDiscover": true,
            "acceptsACH": false,
            "pricingLevel": "",
            "logoUrl": "",
            "pageColor1": "",
            "pageColor2": "",
            "pageColor3": "",
            "pageColor4": "",
            "smsPackageEnabled": false,
            "allowsDashboardAccess": false,
            "contactEmail": self.email,
        });
        let rest = json!({
            "royaltyRate": "0.00",
            "commissionPercent": "0.00",
            "marketingFundRate": "0.00",
            "timeZone": self.zone,
            "environment": "PROD",
            "allowsCRWaitlist": true,
            "crWaitlistFlagLastUpdated": "2020-07-09T02:43:55.000Z",
            "isIntegrated": true,
            "locations": [self.older_location()],
            "studioLocation": self.location(country),
        });
        add(&mut studio, rest);
        if let Some(location) = studio.get_mut("studioLocation") {
            add(location, json!({ "studioLocationId": self.location_id() }));
            add(location, self.billing_addresses());
        }
        studio
    }

    fn billing_addresses(&self) -> Value {
        let [_, name, ..] = self.country;
        json!({
            "billToAddress": self.street,
            "billToAddress2": "",
            "billToCity": self.city,
            "billToState": self.state,
            "billToPostalCode": self.postal_code,
            "billToRegion": "",
            "billToCountryId": 1,
            "billToCountry": name,
            "shipToAddress": self.street,
            "shipToAddress2": null,
            "shipToCity": self.city,
            "shipToState": self.state,
            "shipToPostalCode": self.postal_code,
            "shipToRegion": "",
            "shipToCountryId": 1,
            "shipToCountry": name,
        })
    }

    /// As a service carries it: without a UUID.
    pub(super) fn in_service(&self) -> Value {
        let [_, _, currency, _] = self.country;
        json!({
            "studioId": self.id(),
            "studioLocation": {
                "studioLocationId": self.location_id(),
                "country": currency_record(currency),
            },
        })
    }

    fn coordinate_strings(&self) -> (String, String) {
        let (latitude, longitude) = self.coordinates.unwrap_or_default();
        match self.coordinates {
            Some(_) => (latitude.to_string(), longitude.to_string()),
            None => ("0.00000000".to_owned(), "0.00000000".to_owned()),
        }
    }
}

fn currency_record(currency: &str) -> Value {
    json!({
        "countryCurrencyCode": currency,
        "defaultCurrency": { "currencyId": 4, "currency": { "currencyAlphabeticCode": currency } },
    })
}
