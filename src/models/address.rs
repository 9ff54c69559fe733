//! Where studios and members are.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::decode::Lenient;

model! {
    /// A postal address, of a studio or of a member.
    pub struct Address {
        joined {
            /// The country, as its code or its name.
            pub country: Option<String>,
            /// The country as a record, if the service sends one.
            pub country_record: Option<Country>,
        }
        /// Which of a member's addresses it is: `Bill`, `Home`.
        #[doc(alias = "type")]
        pub kind: Option<String> = "type",
        /// The id of a member's address.
        pub member_address_uuid: Option<String> = "memberAddressUUId",
        /// The service's own region.
        pub region: Option<String> = "physicalRegion",
        /// The service's number of the country.
        pub country_id: Option<i64> = "physicalCountryId" | "countryId",
        with "crate::decode::trimmed" {
            /// Street and number.
            pub address_line1: Option<String> = "line1" | "address1" | "address" | "physicalAddress",
            /// What does not fit the first line.
            pub address_line2: Option<String> = "line2" | "address2" | "physicalAddress2",
            /// The city.
            pub city: Option<String> = "physicalCity" | "suburb",
            /// The postal code.
            pub postal_code: Option<String> = "postalCode" | "physicalPostalCode",
            /// The state, as its code.
            pub state: Option<String> = "physicalState" | "territory",
        }
    }
    also AddressCountries {
        country: Option<TextOrCountry>,
        physical_country: Option<TextOrCountry> = "physicalCountry",
        country_record: Option<Country> = "physicalCountryDetails",
    }
}

model! {
    /// Where a studio is, and its phone.
    pub struct StudioLocation {
        joined {
            /// The country, as its code or its name.
            pub country: Option<String>,
            /// The country as a record, if the service sends one: its currency above all.
            pub country_record: Option<Country>,
        }
        /// The service's own region.
        #[doc(alias = "physical_region")]
        pub region: Option<String> = "physicalRegion" | "physical_region",
        /// The service's number of the country.
        #[doc(alias = "physical_country_id")]
        pub country_id: Option<i64> = "physicalCountryId" | "countryId" | "physical_country_id",
        /// The studio's phone number.
        pub phone_number: Option<String> = "phoneNumber" | "phone",
        with "crate::decode::trimmed" {
            /// Street and number.
            pub address_line1: Option<String> = "physicalAddress" | "line1" | "address1" | "address",
            /// What does not fit the first line.
            pub address_line2: Option<String> = "physicalAddress2" | "line2" | "address2",
            /// The city.
            pub city: Option<String> = "physicalCity" | "suburb",
            /// The postal code.
            pub postal_code: Option<String> = "physicalPostalCode" | "postalCode",
            /// The state, as its code.
            pub state: Option<String> = "physicalState" | "territory",
        }
        with "crate::decode::latitude" {
            /// Degrees north; the service's zero means none.
            pub latitude: Option<f64>,
        }
        with "crate::decode::longitude" {
            /// Degrees east; the service's zero means none.
            pub longitude: Option<f64>,
        }
    }
    also LocationCountries {
        country: Option<TextOrCountry>,
        physical_country: Option<TextOrCountry> = "physicalCountry",
        country_record: Option<Country> = "physicalCountryDetails",
    }
}

impl Address {
    fn join(self, also: AddressCountries) -> Result<Self, &'static str> {
        let (country, country_record) =
            TextOrCountry::join([also.country, also.physical_country], also.country_record);
        Ok(Self { country, country_record, ..self })
    }
}

impl StudioLocation {
    fn join(self, also: LocationCountries) -> Result<Self, &'static str> {
        let (country, country_record) =
            TextOrCountry::join([also.country, also.physical_country], also.country_record);
        Ok(Self { country, country_record, ..self })
    }
}

model! {
    /// A country as the service's own record of it.
    pub struct Country {
        joined {
            /// The code of its currency, such as `USD`.
            pub currency_code: Option<String>,
        }
        /// The service's number of the country.
        pub country_id: Option<i64> = "countryId",
        /// The country's code, such as `US`.
        pub country_code: Option<String> = "countryCode",
        /// The country's name.
        pub description: Option<String>,
        /// The name of its currency.
        pub currency_name: Option<String> = "countryCurrencyName",
    }
    also CurrencyCodes {
        currency_code: Option<String>,
        country_currency_code: Option<String> = "countryCurrencyCode",
        alphabetic_code: Option<String> = "currencyAlphabeticCode",
    }
}

impl Country {
    fn join(self, also: CurrencyCodes) -> Result<Self, &'static str> {
        let currency_code = also.currency_code.or(also.country_currency_code).or(also.alphabetic_code);
        Ok(Self { currency_code, ..self })
    }
}

/// `country` is a text in some responses and a record in others; some have both, under different names.
enum TextOrCountry {
    Text(String),
    Record(Box<Country>),
}

impl TextOrCountry {
    /// The first text and the first record.
    fn join(countries: [Option<Self>; 2], record: Option<Country>) -> (Option<String>, Option<Country>) {
        let (mut text, mut record) = (None, record);
        for country in countries.into_iter().flatten() {
            match country {
                Self::Text(country) => text = text.or(Some(country)),
                Self::Record(country) => record = record.or(Some(*country)),
            }
        }
        (text, record)
    }
}

impl Lenient for TextOrCountry {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, _: bool) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(TextOrCountryVisitor)
    }
}

struct TextOrCountryVisitor;

impl<'de> Visitor<'de> for TextOrCountryVisitor {
    type Value = Option<TextOrCountry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a country, as a text or an object")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let text = text.trim();
        Ok(if text.is_empty() { None } else { Some(TextOrCountry::Text(text.to_owned())) })
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let country = Country::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Some(TextOrCountry::Record(Box::new(country))))
    }
}
