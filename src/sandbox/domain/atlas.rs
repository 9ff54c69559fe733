//! The studios. All of them are invented.

use super::ids;
use super::studios::Studio;

const USA: [&str; 4] = ["US", "United States", "USD", "US Dollar"];
const NEW_ZEALAND: [&str; 4] = ["NZ", "New Zealand", "NZD", "New Zealand Dollar"];

/// The UUID of a studio that purchases name and that does not exist otherwise.
pub(super) fn vanished_studio_uuid() -> String {
    ids::uuid("studio/vanished")
}

pub(super) fn by_uuid(uuid: &str) -> Option<&'static Studio> {
    STUDIOS.into_iter().find(|studio| studio.uuid() == uuid)
}

pub(super) static STUDIOS: [&Studio; 7] =
    [&LAKEVIEW, &WEST_LOOP, &EVANSTON, &BROAD_RIPPLE, &HIGHLANDS, &PONSONBY, &TE_ARO];

/// Pat's home studio.
pub(super) static LAKEVIEW: Studio = Studio {
    key: "lakeview",
    name: "Chicago - Lakeview, IL",
    number: "0411",
    zone: "America/Chicago",
    street: "100 Sandbox Street",
    city: "Chicago",
    state: "IL",
    postal_code: "60657",
    country: USA,
    phone: "3125550100",
    email: "lakeview@example.org",
    coordinates: Some((41.940_3, -87.653_8)),
    status: "Active",
    sparse: false,
};

pub(super) static WEST_LOOP: Studio = Studio {
    key: "west-loop",
    name: "Chicago - West Loop, IL",
    number: "0406",
    zone: "America/Chicago",
    street: "200 Sandbox Street",
    city: "Chicago",
    state: "IL",
    postal_code: "60607",
    country: USA,
    phone: "3125550101",
    email: "westloop@example.org",
    coordinates: Some((41.884_7, -87.647_2)),
    status: "Active",
    sparse: false,
};

static EVANSTON: Studio = Studio {
    key: "evanston",
    name: "Evanston, IL",
    number: "1039",
    zone: "America/Chicago",
    street: "300 Sandbox Avenue",
    city: "Evanston",
    state: "IL",
    postal_code: "60201",
    country: USA,
    phone: "8475550102",
    email: "evanston@example.org",
    coordinates: Some((42.046_502, -87.682_2)),
    status: "Active",
    sparse: true,
};

static BROAD_RIPPLE: Studio = Studio {
    key: "broad-ripple",
    name: "Indianapolis - Broad Ripple, IN",
    number: "0722",
    zone: "America/Indiana/Indianapolis",
    street: "400 Sandbox Road",
    city: "Indianapolis",
    state: "IN",
    postal_code: "46220",
    country: USA,
    phone: "3175550103",
    email: "broadripple@example.org",
    coordinates: Some((39.869_2, -86.141_7)),
    status: "Active",
    sparse: false,
};

static HIGHLANDS: Studio = Studio {
    key: "highlands",
    name: "Denver - Highlands, CO",
    number: "0815",
    zone: "America/Denver",
    street: "500 Sandbox Way",
    city: "Denver",
    state: "CO",
    postal_code: "80211",
    country: USA,
    phone: "3035550104",
    email: "highlands@example.org",
    coordinates: Some((39.762_8, -105.011_1)),
    status: "Active",
    sparse: false,
};

/// Noa's home studio.
pub(super) static PONSONBY: Studio = Studio {
    key: "ponsonby",
    name: "Auckland - Ponsonby",
    number: "2201",
    zone: "Pacific/Auckland",
    street: "6 Sandbox Lane",
    city: "Auckland",
    state: "",
    postal_code: "1011",
    country: NEW_ZEALAND,
    phone: "095550105",
    email: "ponsonby@example.org",
    coordinates: Some((-36.855_6, 174.743_7)),
    status: "Active",
    sparse: true,
};

/// Not open yet: it has no classes and no coordinates.
static TE_ARO: Studio = Studio {
    key: "te-aro",
    name: "Wellington - Te Aro",
    number: "2202",
    zone: "Pacific/Auckland",
    street: "7 Sandbox Quay",
    city: "Wellington",
    state: "",
    postal_code: "6011",
    country: NEW_ZEALAND,
    phone: "",
    email: "tearo@example.org",
    coordinates: None,
    status: "Coming Soon",
    sparse: true,
};
