//! `GET /v1/classes/filters`: the class types that the app offers as filters.
//!
//! The shape comes from one client; the values are the sandbox's.

use serde_json::{Value, json};

use crate::sandbox::http::Response;

const TYPES: [(&str, &str); 5] = [
    ("ORANGE_60", "Orange 60"),
    ("ORANGE_90", "Orange 90"),
    ("STRENGTH_50", "Strength 50"),
    ("TREAD_50", "Tread 50"),
    ("OTHER", "Other"),
];

pub(super) fn class_filters() -> Response {
    let values = TYPES.into_iter().map(|(value, name)| {
        json!({
            "value": value,
            "display_name": name,
            "icon_url": format!("https://example.com/icons/{}.png", value.to_lowercase()),
        })
    });
    Response::json(
        200,
        &json!({ "items": [{
            "name": "class_type",
            "display_name": "Class Type",
            "class_field_type": "type",
            "values": values.collect::<Value>(),
        }] }),
    )
}
