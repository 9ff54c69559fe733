//! A schedule as the service sends it, of any size.

use serde_json::{Value, json};

/// A body as `/v1/classes` sends it; some studios have no coordinates, some classes no coach.
pub(crate) fn schedule(classes: usize) -> Vec<u8> {
    let items: Vec<Value> = (0..classes).map(class).collect();
    serde_json::to_vec(&json!({ "items": items })).unwrap()
}

fn class(number: usize) -> Value {
    let (day, hour, studio) = (1 + number / 32 % 28, 5 + number % 16, number % 9);
    let coach = json!({
        "mbo_staff_id": format!("38524{:04}", number % 40),
        "first_name": (["Wren", "Finley", "Taylor"][number % 3]),
        "image_url": format!("https://images.example.com/profile/{}.jpg", number % 40),
    });
    json!({
        "id": format!("73fb3d10-177d-47a4-b25b-{number:012x}"),
        "ot_base_class_uuid": format!("f7b8dc40-15a6-44c4-97d6-{number:012x}"),
        "starts_at": format!("2026-05-{day:02}T{hour:02}:30:00.000Z"),
        "starts_at_local": format!("2026-05-{day:02}T{hour:02}:30:00"),
        "ends_at": format!("2026-05-{day:02}T{:02}:30:00.000Z", hour + 1),
        "ends_at_local": format!("2026-05-{day:02}T{:02}:30:00", hour + 1),
        "name": (["Orange 60 Min 2G", "Tread 50", "Strength 50 (Total)"][number % 3]),
        "type": (["ORANGE_60", "TREAD_50", "STRENGTH_50"][number % 3]),
        "studio": {
            "id": format!("452ec40a-3193-4a54-ae89-{studio:012}"),
            "name": format!("Lakeview {studio}, IL"),
            "mbo_studio_id": "29387072",
            "time_zone": "America/Chicago",
            "currency_code": "USD",
            "address": {"line1": "401 Andrea Shoals", "city": "Chicago", "state": "IL", "country": "US", "postal_code": "60613"},
            "phone_number": "5815382882",
            "latitude": 42.046_502,
            "longitude": -93.615_804,
        },
        "coach": if number % 50 == 7 { Value::Null } else { coach },
        "max_capacity": 24,
        "booking_capacity": 24,
        "waitlist_size": 0,
        "full": number.is_multiple_of(9),
        "waitlist_available": false,
        "canceled": false,
        "mbo_class_id": (37_000 + number).to_string(),
    })
}
