//! Where studios and members are.

use super::lenient::{Field, Inside, Place, Wire, coordinate, trimmed};

model! {
    /// A postal address, of a studio or of a member.
    pub struct Address {
        /// Which of a member's addresses it is: `Bill`, `Home`.
        #[doc(alias = "type")]
        pub kind: Option<String> = "type",
        /// The id of a member's address.
        pub member_address_uuid: Option<String> = "memberAddressUUId",
        /// Street and number.
        pub address_line1: Option<String> [trimmed] = "line1" | "address1" | "address" | "physicalAddress",
        /// What does not fit the first line.
        pub address_line2: Option<String> [trimmed] = "line2" | "address2" | "physicalAddress2",
        /// The city.
        pub city: Option<String> [trimmed] = "physicalCity" | "suburb",
        /// The postal code.
        pub postal_code: Option<String> [trimmed] = "postalCode" | "physicalPostalCode",
        /// The state, as its code.
        pub state: Option<String> [trimmed] = "physicalState" | "territory",
        /// The country, as its code or its name.
        pub country: Option<String> [trimmed],
        /// The country as a record, where the service sends one.
        pub country_record: Option<Country> = "physicalCountryDetails",
        /// The service's own region.
        pub region: Option<String> = "physicalRegion",
        /// The service's number of the country.
        pub country_id: Option<i64> = "physicalCountryId" | "countryId",
    }
    either {
        either_country: TextOrCountry = "country" => TextOrCountry::settle as (country, country_record);
        physical_country: TextOrCountry = "physicalCountry" => TextOrCountry::settle as (country, country_record);
    }
}

model! {
    /// Where a studio is, and its phone.
    pub struct StudioLocation {
        /// Street and number.
        pub address_line1: Option<String> [trimmed] = "physicalAddress" | "line1" | "address1" | "address",
        /// What does not fit the first line.
        pub address_line2: Option<String> [trimmed] = "physicalAddress2" | "line2" | "address2",
        /// The city.
        pub city: Option<String> [trimmed] = "physicalCity" | "suburb",
        /// The postal code.
        pub postal_code: Option<String> [trimmed] = "physicalPostalCode" | "postalCode",
        /// The state, as its code.
        pub state: Option<String> [trimmed] = "physicalState" | "territory",
        /// The country, as its code or its name.
        pub country: Option<String> [trimmed],
        /// The country as a record, where the service sends one: its currency above all.
        pub country_record: Option<Country> = "physicalCountryDetails",
        /// The service's own region.
        #[doc(alias = "physical_region")]
        pub region: Option<String> = "physicalRegion" | "physical_region",
        /// The service's number of the country.
        #[doc(alias = "physical_country_id")]
        pub country_id: Option<i64> = "physicalCountryId" | "countryId" | "physical_country_id",
        /// The studio's phone number.
        pub phone_number: Option<String> = "phoneNumber" | "phone",
        /// Degrees north; the service's zero means none.
        pub latitude: Option<f64> [coordinate],
        /// Degrees east; the service's zero means none.
        pub longitude: Option<f64> [coordinate],
    }
    either {
        either_country: TextOrCountry = "country" => TextOrCountry::settle as (country, country_record);
        physical_country: TextOrCountry = "physicalCountry" => TextOrCountry::settle as (country, country_record);
    }
    absent default;
}

impl StudioLocation {
    /// The same as `region`.
    #[must_use]
    pub fn physical_region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The same as `country_id`.
    #[must_use]
    pub fn physical_country_id(&self) -> Option<i64> {
        self.country_id
    }
}

model! {
    /// A country as the service's own record of it.
    pub struct Country {
        /// The service's number of the country.
        pub country_id: Option<i64> = "countryId",
        /// The country's code, such as `US`.
        pub country_code: Option<String> = "countryCode",
        /// The country's name.
        pub description: Option<String>,
        /// The code of its currency, such as `USD`.
        pub currency_code: Option<String> = "countryCurrencyCode" | "currencyAlphabeticCode",
        /// The name of its currency.
        pub currency_name: Option<String> = "countryCurrencyName",
    }
}

/// `country` is a text in some answers and a record in others.
enum TextOrCountry {
    Text(String),
    Record(Country),
}

impl TextOrCountry {
    fn settle(this: Option<Self>, country: Field<'_, Option<String>>, record: Field<'_, Option<Country>>) {
        match this {
            Some(Self::Text(text)) => country.offer(Some(text)),
            Some(Self::Record(country)) => record.offer(Some(country)),
            None => {}
        }
    }
}

impl Place for TextOrCountry {
    fn expected(&self) -> &'static str {
        "a country, as a text or an object"
    }

    fn text(&mut self, text: &str) -> bool {
        *self = Self::Text(text.to_owned());
        !text.is_empty()
    }

    fn open(&mut self, read: &mut dyn FnMut(Inside<'_>)) {
        let mut country = Country::default();
        country.open(read);
        *self = Self::Record(country);
    }
}

impl Wire for TextOrCountry {
    fn blank() -> Self {
        Self::Text(String::new())
    }
}
