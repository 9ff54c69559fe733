//! Studios without an account: `GET /partners/studios/v2`.
//!
//! Two public clients agree on the shape, and one of them lists the records that are not studios. That the
//! parameters narrow the list down, and what a call without any gives, are guesses.

use serde_json::{Value, json};

use super::atlas::STUDIOS;
use super::responses::bad_request;
use super::studios::Studio;
use crate::sandbox::http::{Request, Response};

/// Answers a request that needs no token; `None` if it needs one.
pub(crate) fn public_route(request: &Request) -> Option<Response> {
    (request.method == "GET" && request.path == "/partners/studios/v2").then(|| studios(request))
}

fn studios(request: &Request) -> Response {
    let given = |name: &str| request.query(name).filter(|value| !value.is_empty());
    let id = given("studioId").map(str::parse::<u64>).transpose();
    let Ok(id) = id else { return bad_request("studioId must be a number") };
    let mut records: Vec<Value> = STUDIOS.into_iter().map(Studio::for_partners).collect();
    records.extend(junk());
    records.retain(|record| {
        let country = record.pointer("/studioLocation/physicalCountry").and_then(Value::as_str);
        given("country").is_none_or(|wanted| country == Some(wanted))
            && id.is_none_or(|id| record.get("studioId") == Some(&json!(id)))
    });
    // Each entry is a list of one studio.
    let data: Value = records.into_iter().map(|record| json!([record])).collect();
    Response::json(200, &json!({ "code": "SUCCESS", "data": data }))
}

impl Studio {
    fn for_partners(&self) -> Value {
        let [_, country, ..] = self.country;
        let (latitude, longitude) = self.coordinates.unwrap_or((0.0, 0.0));
        let phone = (!self.phone.is_empty()).then(|| dotted(self.phone));
        json!({
            "studioId": self.id(),
            "studioName": self.name,
            "studioStatus": self.status,
            "studioLocation": {
                "physicalAddress": format!(" {} ", self.street.replace(' ', "  ")),
                "physicalCity": self.city,
                "physicalState": self.state,
                "physicalPostalCode": self.postal_code,
                "physicalCountry": country,
                "phoneNumber": phone,
                "latitude": format!("{latitude:.8}"),
                "longitude": format!("{longitude:.8}"),
            },
        })
    }
}

/// `312.555.0100`
fn dotted(phone: &str) -> String {
    match (phone.get(..3), phone.get(3..6), phone.get(6..)) {
        (Some(area), Some(exchange), Some(line)) => format!("{area}.{exchange}.{line}"),
        _ => phone.to_owned(),
    }
}

/// Records that are not studios, one of each kind that was reported.
fn junk() -> impl Iterator<Item = Value> {
    let record = |id: u64, name: &str, address: &str, latitude: &str, longitude: &str| {
        json!({
            "studioId": id.to_string(),
            "studioName": name,
            "studioStatus": "Active",
            "studioLocation": {
                "physicalAddress": address,
                "physicalCity": "Springfield",
                "physicalState": "IL",
                "physicalPostalCode": "00000",
                "physicalCountry": "United States",
                "phoneNumber": null,
                "latitude": latitude,
                "longitude": longitude,
            },
        })
    };
    [
        record(9_001, "Orangetheory Live", "1 Sandbox Street", "39.78000000", "-89.65000000"),
        record(9_002, "LatLong", "2 Sandbox Street", "39.78000000", "-89.65000000"),
        record(9_003, "Springfield Test, IL", "*", "39.78000000", "-89.65000000"),
        record(9_004, "Springfield Demo, IL", "a", "39.78000000", "-89.65000000"),
        record(9_005, "Springfield One, IL", "5 Sandbox Street", "1.00000000", "1.00000000"),
        record(9_006, "Springfield Zero, IL", "6 Sandbox Street", "0.00000000", "0.00000000"),
        record(9_007, "Springfield South, IL", "7 Sandbox Street", "-90.00000000", "-200.00000000"),
    ]
    .into_iter()
}
